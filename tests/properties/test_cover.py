"""Invariants 1 and 2 on pages that nobody wrote."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from galley.build.extract import extract
from galley.build.extraction import Extraction
from galley.build.source import Source
from galley.schema.check import Checker
from galley.schema.contract import Contract

CHECKER = Checker(Contract.default())
_SENTENCE = st.sampled_from(
    [
        "The council met on Monday.", "“We wait,” she said.", "Il pleut à Lyon depuis mardi !",
        "OSLO —", "A BRIDGE TOO FAR", "The quay. | Ann Lee/AFP via Norfoto", "Read moreAnother title",
        "😀 Tag - Energy", "e\u0301te\u0301", "\xa0\xa0", "会议在周一举行。", "Leave a comment *", "|", "By ANN LEE",
        "Ann Lee contributed to this report.", "Home » The council met on Monday.", "…", "\u2028", "\x85",
    ]
)  # fmt: skip
_LINE = st.lists(_SENTENCE | st.text(max_size=30), max_size=12).map(" ".join)
_PAGE = st.lists(_LINE, max_size=25).flatmap(
    lambda lines: st.sampled_from(["\n", "\r\n", "\r", "\n\n"]).map(lambda end: end.join(lines))
)


def run(data: bytes) -> Extraction:
    """Extract `data` and check that its rows cover it exactly once."""
    found = extract("page.txt", data, source=Source("test", languages=("en",)), checker=CHECKER)
    position = 0
    for row in found.account:
        assert row["byte_start"] == position < row["byte_end"]
        position = row["byte_end"]
    assert position == len(data)
    return found


@given(_PAGE)
@settings(max_examples=300)
def test_every_byte_of_a_page_is_accounted_for(page: str) -> None:
    """The rows cover the page once, and every text is made of slices of it."""
    data = page.encode("utf-8", "surrogatepass")
    found = run(data)
    for number, record in enumerate(found.records):
        rows = [row for row in found.account if row["record"] == number and row["text_end"]]
        slices = [data[row["byte_start"] : row["byte_end"]].decode() for row in rows]
        lines = [piece.replace("\r\n", "\n").replace("\r", "\n") for piece in slices]
        normal = [unicodedata.normalize("NFC", piece) for piece in lines]
        assert record["text"] == "\n\n".join(normal)
        for row, piece in zip(rows, normal, strict=True):
            assert record["text"][row["text_start"] : row["text_end"]] == piece
        assert list(CHECKER.issues({"id": "0" * 32, "cluster": "0" * 32} | record)) == []


@given(st.binary(max_size=400))
@settings(max_examples=300)
def test_every_byte_of_rubbish_is_accounted_for(data: bytes) -> None:
    """Random bytes are quarantined or read, and covered either way."""
    found = run(data)
    assert bool(found.quarantine) or bool(found.records)
