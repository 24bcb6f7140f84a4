"""Patterns for folded texts find what the patterns of the lexicon find."""

import pytest

from galley.build.dump import lexicon

TEXTS = [
    "READ MORE: a bridge", "ΔΙΑΒΑΣΤΕ ΕΠΙΣΗΣ", "Διαβάστε επίσης", "İLGİLİ HABERLER", "ilgili haberler",
    "ıssız", "CITEŞTE ŞI", "Lire la ſuite", "ПОДПИШИТЕСЬ НА КАНАЛ", "Foto: Bo Ek / AFP", "© 2024 THE QUAY",
    "in je MAILBOX", "無断転載を禁じます", "Straße", "STRASSE", "Z\u0307urnal",
]  # fmt: skip


@pytest.mark.parametrize(
    "key", ["read_more", "related", "label", "notice", "appeal", "legal", "picture", "comment_form"]
)
def test_folded_finds_the_same(key: str) -> None:
    """Letter case, dotted and final letters make no difference, nor do places move."""
    for text in TEXTS:
        wanted, found = (
            lexicon.pattern(key).search(text),
            lexicon.folded(key).search(lexicon.fold(text)),
        )
        assert (wanted and wanted.span()) == (found and found.span())


def test_fold_moves_nothing() -> None:
    """Every letter stays where it is."""
    assert all(len(lexicon.fold(chr(code))) == 1 for code in range(0x110000))
