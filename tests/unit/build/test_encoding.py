"""Which encoding a file is in: said, or proved, or nobody knows."""

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from galley.build.extract import extract
from galley.build.page import Page, Rejection, decode
from galley.build.source import Source
from galley.schema.check import Checker
from galley.schema.contract import Contract
from tests.unit.build.languages import LANGUAGES, passage

LEGACY = [(language, codec) for language, (codecs, _) in LANGUAGES.items() for codec in codecs]
CHECKER = Checker(Contract.default())
GERMAN = passage("de", 600)


def encoded(text: str, codec: str) -> tuple[str, bytes]:
    """Return `text` without what `codec` has no bytes for, and its bytes."""
    kept = "".join(char for char in text if char.encode(codec, "ignore"))
    return kept, kept.encode(codec)


@pytest.mark.parametrize(("language", "codec"), LEGACY)
@pytest.mark.parametrize("length", [400, 1600])
def test_undeclared(language: str, codec: str, length: int) -> None:
    """The text of an article is read in the encoding that it was once set in."""
    for start in range(3):
        text, data = encoded(passage(language, length, start=start), codec)
        page = decode("page.txt", data)
        assert isinstance(page, Page)
        assert page.text == text


@pytest.mark.parametrize(("language", "codec"), LEGACY)
def test_short_text_is_never_guessed_wrong(language: str, codec: str) -> None:
    """Too little to tell is quarantined; what is told is right."""
    for length in (20, 60, 100, 150, 200, 250):
        text, data = encoded(passage(language, length), codec)
        page = decode("page.txt", data)
        assert page.reason == "not_utf8" if isinstance(page, Rejection) else page.text == text


@pytest.mark.parametrize(
    "codec", ["utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-8"]
)
def test_unicode(codec: str) -> None:
    """Unicode in any form, with a byte order mark or without, is read."""
    page = decode("page.txt", GERMAN.encode(codec))
    assert isinstance(page, Page)
    assert page.text.lstrip("\ufeff") == GERMAN


def test_big_endian_mark() -> None:
    """A byte order mark stands over everything."""
    data = codecs.BOM_UTF16_BE + GERMAN.encode("utf-16-be")
    page = decode("page.txt", data, declared=["utf-8"])
    assert isinstance(page, Page)
    assert page.encoding == "utf-16-be"


@pytest.mark.parametrize(
    ("codec", "declared", "found"),
    [
        ("cp1252", "ISO-8859-1", "cp1252"),
        ("iso8859-15", "l9", "iso8859-15"),
        ("cp1254", "windows-1254", "cp1254"),
        ("mac-roman", " macintosh ", "mac-roman"),
    ],
)
def test_declared(codec: str, declared: str, found: str) -> None:
    """A short text is read as what it was said to be, names as browsers take them."""
    page = decode("page.txt", "Ein Café in Köln".encode(codec), declared=[None, declared])
    assert isinstance(page, Page)
    assert (page.text, page.encoding) == ("Ein Café in Köln", found)


@pytest.mark.parametrize("declared", ["ascii", "utf-8", "no such thing", "base64", "", "idna"])
def test_false_declaration(declared: str) -> None:
    """What was declared is not believed against the bytes, nor is what is no text encoding."""
    page = decode("page.txt", "Ein Café in Köln".encode("cp1252"), declared=[declared])
    assert isinstance(page, Rejection)
    assert page.reason == "not_utf8"
    assert isinstance(decode("page.txt", "Café".encode(), declared=["latin-1"]), Page)


@pytest.mark.parametrize("codec", ["iso2022_jp", "iso2022_kr"])
def test_stateful(codec: str) -> None:
    """Where a byte means what an earlier one says, no byte range can be told."""
    text = passage("ja" if codec.endswith("jp") else "ko", 300)
    page = decode("page.txt", text.encode(codec))
    assert isinstance(page, Rejection)
    assert page.reason == "encoding_ambiguous"


@pytest.mark.parametrize(
    ("language", "codec"), [("zh", "gb18030"), ("ja", "euc_jp"), ("ko", "cp949")]
)
def test_byte_offsets_of_several_bytes(language: str, codec: str) -> None:
    """Every character begins where its bytes begin."""
    text, data = encoded(passage(language, 400), codec)
    page = decode("page.txt", data, declared=[codec])
    assert isinstance(page, Page)
    offsets = page.byte_offsets(range(len(text) + 1))
    pieces = [data[offsets[at] : offsets[at + 1]].decode(codec) for at in range(len(text))]
    assert "".join(pieces) == text


@given(st.binary(max_size=600), st.sampled_from([None, "cp1252", "gb18030", "utf-16", "shift_jis"]))
@settings(max_examples=200)
def test_rubbish(data: bytes, declared: str | None) -> None:
    """Whatever is accepted gives its bytes back, all of them, piece by piece."""
    page = decode("page.txt", data, declared=[declared])
    if isinstance(page, Page):
        assert page.text.encode(page.encoding) == data
        assert page.byte_offsets([len(page.text)])[len(page.text)] == len(data)
        assert sum(len(char.encode(page.encoding)) for char in page.text) == len(data)


@pytest.mark.parametrize(("language", "codec"), [*LEGACY, ("de", "utf-16"), ("ja", "utf-32")])
def test_every_byte_of_a_page_has_its_place(language: str, codec: str) -> None:
    """A text dump is covered exactly, and its text is made of its bytes, in every encoding."""
    page = f"{passage(language, 40)}\n\n{passage(language, 700)}\n\n{passage(language, 700, start=2)}\n"
    text, data = encoded(page, codec)
    source = Source("test", languages=(language,), encoding=codec)
    found = extract("page.txt", data, source=source, checker=CHECKER)
    position = 0
    for row in found.account:
        assert row["byte_start"] == position < row["byte_end"]
        position = row["byte_end"]
    assert position == len(data)
    for record in found.records:
        own = record["sources"][0]
        assert record["text"].split("\n\n")[0] in text
        rows = [row for row in found.account if row["text_end"]]
        pieces = [data[row["byte_start"] : row["byte_end"]] for row in rows]
        assert "\n\n".join(piece.decode(own["encoding"]) for piece in pieces) == record["text"]
    assert found.records
