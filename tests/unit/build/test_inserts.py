"""What pages set between and below the paragraphs of an article, and what goes on behind it."""

import pytest

from galley.build.dump.layouts import choose
from galley.build.page import Page, Rejection
from galley.build.source import Source
from galley.record import normalise
from tests.unit.build.pages import PROSE as _PAGES

_HEADS = {
    "en": ("Ferry rests until spring", "By Mona Reddick", "3 May 2024"),
    "de": ("Fähre ruht bis zum Frühling", "Von Mona Reddick", "3. Mai 2024"),
    "fr": ("Le bac au repos jusqu’au printemps", "Par Mona Reddick", "3 mai 2024"),
    "ru": ("Паром отдыхает до весны", "Автор: Мона Реддик", "3 мая 2024"),
    "ja": ("渡し船は春まで休み", "文・森 里子", "2024年5月3日"),
    "ar": ("العبّارة تستريح حتى الربيع", "بقلم: منى ريدك", "3 مايو 2024"),
}
_OFFERS = {
    "en": ("Letters from the quay", "Every Sunday the harbour in one letter.", "Your email"),
    "de": ("Post vom Kai", "Jeden Sonntag der Hafen in einem Brief.", "Ihre E-Mail-Adresse"),
    "fr": ("Le billet du quai", "Chaque dimanche, le port en une page.", "Votre adresse e-mail"),
    "ru": ("Письма с причала", "Каждое воскресенье порт в одном письме.", "Ваш email"),
    "ja": ("港のたより", "毎週日曜日に港の一週間をまとめてお届けします。", "メールアドレス"),
    "ar": ("رسائل الرصيف", "كل أحد حكاية المرفأ في رسالة واحدة.", "بريدك الإلكتروني"),
}
_BIOS = {
    "en": "Mona Reddick keeps bees and writes about ports.",
    "de": "Mona Reddick hält Bienen und schreibt über Häfen.",
    "fr": "Mona Reddick élève des abeilles et écrit sur les ports.",
    "ru": "Мона Реддик держит пчёл и пишет о портах и маяках.",
    "ja": "森 里子は港の町に暮らし、蜂を飼いながら文章を書いている。",
    "ar": "منى ريدك تربي النحل وتكتب عن المرافئ والمنارات.",
}
_LICENCES = {
    "en": "The words of this site may be used under Creative Commons Attribution 4.0.",
    "de": "Die Texte hier stehen unter Creative Commons Namensnennung 4.0 bereit.",
    "fr": "Les textes du site sont proposés sous Creative Commons Attribution 4.0.",
    "ru": "Тексты сайта доступны на условиях Creative Commons Attribution 4.0.",
    "ja": "このサイトの文章はクリエイティブ・コモンズ表示4.0のもとで利用できます。",
    "ar": "نصوص هذا الموقع متاحة بموجب رخصة المشاع الإبداعي النسخة الرابعة.",
}
_LISTS = {
    "en": ("For the winter", "Flour and salt", "Two boilers", "Lamp oil"),
    "de": ("Für den Winter", "Mehl und Salz", "Zwei Kessel", "Öl für die Lampe"),
    "fr": ("Pour l’hiver", "Farine et sel", "Deux chaudières", "Huile de lampe"),
    "ru": ("На зиму", "Мука и соль", "Два котла", "Масло для лампы"),
    "ja": ("冬の備え", "小麦粉と塩", "ボイラー二台", "ランプの油"),
    "ar": ("زاد الشتاء", "الدقيق والملح", "مرجلان", "زيت المصباح"),
}
_LAST = {
    "en": "Until April the letters travel by helicopter, and the post office closes two hours early.",
    "de": "Bis April reisen die Briefe im Hubschrauber, und die Post schließt zwei Stunden früher.",
    "fr": "Jusqu’en avril, le courrier voyage en hélicoptère, et la poste ferme deux heures plus tôt.",
    "ru": "До апреля письма летают на вертолёте, а почта закрывается на два часа раньше обычного.",
    "ja": "四月までは手紙もヘリコプターで運ばれ、郵便局はふだんより二時間早く窓口を閉めることになる。",
    "ar": "وحتى نيسان تسافر الرسائل بالطائرة المروحية، ويغلق مكتب البريد أبوابه قبل ساعتين من موعده.",
}
_OTHERS = (*_PAGES["ar"][:2], "وقال حارس المنارة إنه يحصي السفن كل مساء، ولم ير شتاء بهذا الطول.")
PROSE = {**_PAGES, "ar": _OTHERS}
_LANGUAGES = pytest.mark.parametrize("language", list(_HEADS))


def _read(*lines: str, blank: str = "\n\n") -> list[str]:
    text = blank.join(lines) + "\n"
    found = choose(Page("page.txt", "0" * 64, text, "utf-8"), Source("quay"))
    assert not isinstance(found, Rejection)
    assert len(found.drafts) == 1
    return [normalise(text[start:end]) for start, end in sorted(found.drafts[0].text)]


@_LANGUAGES
def test_a_text_goes_on_behind_an_offer(language: str) -> None:
    """Who asks for an address sets a box between paragraphs, which is neither end nor text."""
    prose, offer = PROSE[language], _OFFERS[language]
    found = _read(*_HEADS[language], *prose[:2], *offer, "OK", prose[2], _LAST[language])
    assert found == [*prose, _LAST[language]]


@_LANGUAGES
def test_a_text_goes_on_below_a_list(language: str) -> None:
    """Short lines without any sign, as ingredients are, do not end an article."""
    prose = PROSE[language]
    found = _read(*_HEADS[language], *prose[:2], *_LISTS[language], prose[2], _LAST[language])
    assert found[:2] == list(prose[:2])
    assert found[-2:] == [prose[2], _LAST[language]]


@_LANGUAGES
def test_a_text_begins_above_a_box_of_links(language: str) -> None:
    """Two paragraphs right below the date are the beginning, though more follows a box."""
    prose, head = PROSE[language], _HEADS[language]
    pointer = {"en": "Read also", "de": "Lesen Sie auch", "fr": "À lire aussi"}
    pointer |= {"ru": "Читайте также", "ja": "関連記事", "ar": "اقرأ أيضا"}
    found = _read(*head, *prose[:2], pointer[language], "Nets", "Boats", prose[2], _LAST[language])
    assert found[:2] == list(prose[:2])
    assert found[-2:] == [prose[2], _LAST[language]]


@_LANGUAGES
def test_what_is_said_of_the_author_is_none_of_the_text(language: str) -> None:
    """A last paragraph that begins with the byline's name tells of who wrote the article."""
    prose = PROSE[language]
    assert _read(*_HEADS[language], *prose, _BIOS[language]) == list(prose)


def test_who_the_text_speaks_of_is_no_author() -> None:
    """A last paragraph about somebody whom the article names before is the article's."""
    prose = PROSE["en"]
    named = "The harbour office said that Mona Reddick had asked for one more boat."
    found = _read(*_HEADS["en"], *prose, named, _BIOS["en"])
    assert found == [*prose, named, _BIOS["en"]]


@_LANGUAGES
@pytest.mark.parametrize("below", [False, True])
def test_a_licence_is_none_of_the_text(language: str, below: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """A licence stands above or below what is said of the author, without a label."""
    prose, foot = PROSE[language], [_BIOS[language], _LICENCES[language]]
    assert _read(*_HEADS[language], *prose, *foot[:: 1 if below else -1]) == list(prose)


def test_an_article_on_licences_keeps_its_end() -> None:
    """A word that the text says before is what it is about."""
    said = "The harbour office put its charts under Creative Commons licences in the autumn."
    found = _read(*_HEADS["en"], *PROSE["en"], said, _LICENCES["en"])
    assert found == [*PROSE["en"], said, _LICENCES["en"]]


@pytest.mark.parametrize(
    ("language", "pitch"),
    [
        (
            "en",
            ("You have used all of your free articles.", "Keep the presses warm for one pound."),
        ),
        ("de", ("Dieser Text ist für Abonnenten gedacht.", "Einen Monat lang für nur einen Euro.")),
        ("fr", ("Ce texte attend nos abonnés du quai.", "Un mois de lecture pour un seul euro.")),
        ("ja", ("この記事は会員だけがお読みいただけます。", "月百円で港の新聞を支えてください。")),
    ],
)
def test_an_offer_to_pay_is_none_of_the_text(language: str, pitch: tuple[str, str]) -> None:
    """One or two short last sentences that sell a subscription are the page's."""
    prose = PROSE[language]
    assert _read(*_HEADS[language], *prose, *pitch) == list(prose)


@pytest.mark.parametrize(
    "credit", ["Mona Reddick", "M. R.", "Photo Jan Ode", "Foto: Jan Ode"], ids=lambda text: text
)
def test_a_caption_is_known_by_the_name_below_it(credit: str) -> None:
    """Two short lines between paragraphs, the second a name, belong to a picture."""
    prose = PROSE["en"]
    found = _read(
        *_HEADS["en"], *prose[:2], "The lighthouse at dusk", credit, prose[2], _LAST["en"]
    )
    assert found == [*prose, _LAST["en"]]


def test_a_caption_is_known_by_the_name_at_its_end() -> None:
    """A short line between paragraphs that ends in a dash and a name belongs to a picture."""
    prose = PROSE["fr"]
    caption = "Le phare au crépuscule — Mona Reddick"
    assert _read(*_HEADS["fr"], *prose[:2], caption, prose[2]) == list(prose)


def test_a_subhead_is_no_caption() -> None:
    """A short line between paragraphs that names nobody stays in the text."""
    prose = PROSE["en"]
    found = _read(*_HEADS["en"], *prose[:2], "A long winter", prose[2], _LAST["en"])
    assert found == [*prose[:2], "A long winter", prose[2], _LAST["en"]]


@pytest.mark.parametrize(
    ("language", "short"),
    [("en", "Nobody left early."), ("de", "Keiner ging heim."), ("ru", "И всё стихло."), ("ja", "船は残った。")],
)  # fmt: skip
def test_a_sentence_of_a_few_words_is_text(language: str, short: str) -> None:
    """However short it is, a sentence between two paragraphs does not end the article."""
    prose = PROSE[language]
    found = _read(*_HEADS[language], *prose[:2], short, prose[2])
    assert found == [*prose[:2], short, prose[2]]


def test_a_box_that_the_page_has_twice_is_none_of_the_text() -> None:
    """A head, a sentence and a button that stand among the paragraphs and below them again."""
    prose = PROSE["de"]
    box = ("Unser Kalender", "Alle Termine am Kai finden Sie hier auf einen Blick.", "Zum Kalender")
    found = _read(*_HEADS["de"], *prose[:2], *box, prose[2], _LAST["de"], "Teilen", *box)
    assert found == [*prose, _LAST["de"]]


def test_teasers_do_not_go_on_with_the_text() -> None:
    """Headlines with a sentence each below an article are others, without any label."""
    prose = PROSE["en"]
    teasers = ["Nets dry faster in June", "A fisherman has measured it for years."]
    teasers += ["The school buys a boat", "It is blue and has room for nine children."]
    assert _read(*_HEADS["en"], *prose, *teasers) == list(prose)


def test_few_broken_lines_are_joined_where_all_paragraphs_are_apart() -> None:
    """Where blank lines are between all paragraphs, one that has none before it goes on."""
    broken = (
        "The ferry to the island will stop for the winter, the harbour office\nsaid on Tuesday."
    )
    others = ["Bakers on the quay have begun to store flour in the old sail loft."]
    others.append("The keeper of the lighthouse has seen winters that lasted longer.")
    found = _read(*_HEADS["en"], broken, *others)
    assert [" ".join(text.split()) for text in found] == [" ".join(broken.split()), *others]
