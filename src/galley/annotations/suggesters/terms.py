"""What a tag model sees of a record: weighted terms of its title and text."""

import re
from collections.abc import Iterable
from typing import Any

from galley.annotations.suggesters.tokens import SPACELESS
from galley.record import Record

_WORD = re.compile(rf"[^\W\d_{SPACELESS}]{{2,}}")
_RUN = re.compile(rf"[{SPACELESS}]{{2,}}")


def terms_of(record: Record) -> list[str]:
    """Return the terms of a record.

    They are its words, pairs of characters where no spaces show words, and printed tags.
    """
    title, text = (record["title"] or "").lower(), record["text"].lower()
    words = _WORD.findall(text)
    words += [f"t={word}" for word in _WORD.findall(title)]
    for run in _RUN.findall(f"{title}\n{text}"):
        words += [run[at : at + 2] for at in range(len(run) - 1)]
    printed = (*record["source_tags"], *record["listing_tags"])
    return words + [f"tag={tag.casefold().strip()}" for tag in printed]


class Terms:
    """Weighs terms by how rare they are in the records that it was taught with.

    Args:
        records: At least one.
    """

    def __init__(self, records: Iterable[Record]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - slow

        documents = [terms_of(record) for record in records]
        self._vectorizer: Any = TfidfVectorizer(
            analyzer=_same, sublinear_tf=True, max_df=_MOST if len(documents) > 20 else 1.0
        )
        self._vectorizer.fit(documents)

    def rows(self, records: Iterable[Record]) -> Any:
        """Return a sparse matrix with a row of length 1 for each of `records`."""
        return self._vectorizer.transform([terms_of(record) for record in records])


_MOST = 0.5  # of the records: a term of more of them says nothing


def _same(terms: list[str]) -> list[str]:
    return terms
