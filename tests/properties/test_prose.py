"""Invariants 1, 2 and 3 on pages that hold an article, in any encoding and with anything between."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from galley.build.extract import extract
from galley.build.sentences import Sentences, last_start
from galley.build.source import Source
from galley.schema.check import Checker
from galley.schema.contract import Contract

CHECKER = Checker(Contract.default())
_PROSE = [
    "The council of Marlow Sound met on Monday and spoke about the bridge for three hours, “but nobody” said why.",
    "Neun Boote lagen im Hafen, als der Sturm über die Küste zog, und zwei gingen in der Nacht verloren.",
    "Le conseil municipal s’est réuni mardi pour parler du pont, « sans rien décider », a dit la mairie.",
    "市议会周一开会讨论了新桥的费用和开工时间，会议开了三个小时，没有人知道为什么。" * 2,
]
_WORDS = [
    "By Ada Quill", "Ada Quill/Norfoto", "AAA ‒ | @", "TIMES", "Read more", "Tag - Energy", "Share",
    "3 May 2024, 14:05", "© 2024", "OSLO —", "The quay. | Ann Lee/AFP", "Related", "Home » News",
    "Leave a comment *", "\xa0\xa0", "\u2028", "\x85", "…", "|", "e\u0301te\u0301", "😀",
]  # fmt: skip
_TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=40)
_ODD = st.sampled_from(_WORDS) | _TEXT
_PARAGRAPH = st.lists(st.sampled_from(_PROSE), min_size=2, max_size=5).map(" ".join)
_TITLE = st.sampled_from(
    ["A bridge too late for Marlow Sound", "Zwei Boote gehen im Sturm verloren"]
)
_LINES = st.builds(
    lambda above, title, below: [*above, title, *below],
    st.lists(_ODD, max_size=3),
    _TITLE,
    st.lists(_PARAGRAPH | _PARAGRAPH | _ODD, min_size=3, max_size=14),
)
_ENDS = st.sampled_from(["\n", "\r\n", "\r", "\n\n", "\r\n\r\n"])
_ENCODINGS = [
    "utf-8",
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-be",
    "cp1252",
    "gb18030",
    "big5hkscs",
]


@settings(max_examples=150)
@given(lines=_LINES, end=_ENDS, encoding=st.sampled_from(_ENCODINGS))
def test_a_page_is_covered_and_its_text_is_verbatim(
    *, lines: list[str], end: str, encoding: str
) -> None:
    """Whatever stands between the paragraphs, and however they are encoded."""
    data = end.join(lines).encode(encoding, "ignore")
    source = Source("test", languages=("en",), encoding=encoding)
    found = extract("page.txt", data, source=source, checker=CHECKER)
    edges = [(row["byte_start"], row["byte_end"]) for row in found.account]
    assert [0, *(stop for _, stop in edges)] == [*(start for start, _ in edges), len(data)]
    for number, record in enumerate(found.records):
        codec = record["sources"][0]["encoding"]
        rows = [row for row in found.account if row["record"] == number and row["text_end"]]
        decoded = [data[row["byte_start"] : row["byte_end"]].decode(codec) for row in rows]
        pieces = [piece.replace("\r\n", "\n").replace("\r", "\n") for piece in decoded]
        normal = [unicodedata.normalize("NFC", piece) for piece in pieces]
        assert record["text"] == "\n\n".join(normal)
        spans = [record["text"][row["text_start"] : row["text_end"]] for row in rows]
        assert spans == normal
        assert list(CHECKER.issues({"id": "0" * 32, "cluster": "0" * 32} | record)) == []


def test_no_text_has_no_sentences() -> None:
    """Before a credit's bar there may be nothing that could be its caption."""
    assert last_start("", "en") == 0
    assert Sentences("", "en").spans() == []


def test_most_such_pages_are_read() -> None:
    """The property above is not about quarantined files."""
    page = "\n\n".join(["Share", "A bridge too late for Marlow Sound", *_PROSE[:3], *_PROSE[:3]])
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        source = Source("test", encoding=encoding)
        found = extract("p.txt", page.encode(encoding), source=source, checker=CHECKER)
        assert len(found.records) == 1, encoding
