"""Web pages for tests: self-written, CC0."""

from typing import Any

from galley.build.extract import extract
from galley.build.extraction import Extraction
from galley.build.source import Source
from galley.record import Record
from galley.schema.check import Checker
from galley.schema.contract import Contract

CHECKER = Checker(Contract.default())
PROSE = {
    "en": (
        "The ferry to the island will stop for the winter, the harbour office said on Tuesday.",
        "Bakers on the quay have begun to store flour, and the school has bought a second boiler.",
        "“We have seen longer winters,” said the keeper of the lighthouse, who counts the ships.",
    ),
    "de": (
        "Die Fähre zur Insel stellt im Winter den Betrieb ein, teilte das Hafenamt am Dienstag mit.",
        "Die Bäcker am Kai legen Vorräte an Mehl an, und die Schule hat einen zweiten Kessel gekauft.",
        "„Wir haben schon längere Winter gesehen“, sagte der Wärter, der die Schiffe zählt.",
    ),
    "fr": (
        "Le bac vers l’île s’arrêtera cet hiver, a annoncé mardi la capitainerie du port.",
        "Les boulangers du quai font des réserves de farine, et l’école a acheté une seconde chaudière.",
        "« Nous avons vu des hivers plus longs », dit le gardien du phare, qui compte les navires.",
    ),
    "ru": (
        "Паром на остров зимой ходить не будет, сообщило во вторник управление порта.",
        "Пекари на набережной запасают муку, а школа купила второй котёл для отопления классов.",
        "«Бывали зимы и длиннее», — сказал смотритель маяка, который считает корабли.",
    ),
    "ja": (
        "島へ渡る船は冬の間運休すると、港湾事務所が火曜日に発表した。住民は早めの買い物を求められている。",
        "岸壁のパン屋は小麦粉を蓄え始め、学校は二台目のボイラーを購入した。子どもたちは雪を楽しみにしている。",
        "「もっと長い冬もあった」と、船を数える灯台守は話した。春になれば船はまた毎日やって来るという。",
    ),
    "ar": (
        "ستتوقف العبّارة إلى الجزيرة خلال فصل الشتاء، كما أعلن مكتب الميناء يوم الثلاثاء الماضي.",
        "بدأ الخبازون على الرصيف في تخزين الدقيق، واشترت المدرسة مرجلا ثانيا لتدفئة الصفوف.",
        "وقال حارس المنارة الذي يحصي السفن كل مساء إنه رأى من قبل مواسم شتاء أطول من هذا الشتاء.",
    ),
}  # fmt: skip


def page(title: str, *, head: str = "", body: str = "", language: str = "en") -> str:
    """Return a page with an article under the headline `title`.

    Args:
        title: Shown in its heading; the browser's title has the site's name as well.
        head: More elements for the head.
        body: More elements, after the article's paragraphs.
        language: Which prose the article has.
    """
    prose = "".join(f"<p>{paragraph}</p>" for paragraph in PROSE[language])
    return (
        f"<!DOCTYPE html><html><head><title>{title} | The Quay</title>{head}</head><body>"
        '<nav><a href="/">The Quay</a> <a href="/news">News</a></nav>'
        f"<main><article><h1>{title}</h1>{prose}{body}</article></main>"
        "<footer>All rights reserved.</footer></body></html>"
    )


def read(data: str | bytes, name: str = "page.html", **source: Any) -> Extraction:
    """Extract a page; its rows cover it exactly once."""
    raw = data.encode() if isinstance(data, str) else data
    found = extract(name, raw, source=Source("test", **source), checker=CHECKER)
    position = 0
    for row in found.account:
        assert row["byte_start"] == position < row["byte_end"]
        position = row["byte_end"]
    assert position == found.size
    return found


def record(data: str | bytes, name: str = "page.html", **source: Any) -> Record:
    """Return the one record of a page."""
    found = read(data, name, **source)
    assert [entry["reason"] for entry in found.quarantine] == []
    (only,) = found.records
    return only
