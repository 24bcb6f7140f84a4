"""Bytes to text, and why not."""

import pytest

from galley.build.page import Page, Rejection, decode


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "binary"),
        (b"plain text with \x07 a bell in it", "binary"),
        (bytes(range(1, 256)), "binary"),
        ("Ein Café in Köln, das jeder kennt.".encode("latin-1"), "not_utf8"),
    ],
)
def test_undecodable(data: bytes, reason: str) -> None:
    """What is no UTF-8 text is told apart by stable codes."""
    rejection = decode("file.txt", data)
    assert isinstance(rejection, Rejection)
    assert rejection.reason == reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_byte_offsets_survive_encodings(encoding: str) -> None:
    """A byte offset is where the character's bytes begin, byte order mark included."""
    data = "a😀é\r\nz".encode(encoding)
    page = decode("file.txt", data)
    assert isinstance(page, Page)
    position = page.text.index("z")
    start = page.byte_offsets([position])[position]
    assert data[start:].decode(page.encoding) == "z"


def test_byte_order_mark_is_kept() -> None:
    """The mark stays in the text, so that no offset shifts."""
    page = decode("file.txt", b"\xef\xbb\xbfTitle")
    assert isinstance(page, Page)
    assert page.text == "\ufeffTitle"
