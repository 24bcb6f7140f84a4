"""Names found in a text: the longest of those that stand there as words of their own."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from galley.annotations.suggesters.tokens import SPACELESS
from galley.record import Span

_WORD = re.compile(rf"[^\W{SPACELESS}]")


class Names:
    """A set of names, found by Aho-Corasick, letter case counting.

    Args:
        names: Without doubles; their order decides nothing.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.names = sorted(name for name in names if name)

    def __getstate__(self) -> list[str]:
        """Return what another process makes the same of."""
        return self.names

    def __setstate__(self, names: list[str]) -> None:
        """Take that."""
        self.names = names

    @cached_property
    def _automaton(self) -> Any:
        from ahocorasick_rs import AhoCorasick, Implementation  # noqa: PLC0415 - only to suggest

        return AhoCorasick(self.names, implementation=Implementation.ContiguousNFA)

    def find(self, text: str) -> Iterator[Span]:
        """Yield where names stand in `text`, in order, without overlaps."""
        if not self.names:
            return
        hits = self._automaton.find_matches_as_indexes(text, overlapping=True)
        spans = [Span(start, end) for _, start, end in hits if _stands_alone(text, start, end)]
        last = 0
        for span in sorted(spans, key=lambda span: (span.start, -span.end)):
            if span.start >= last:
                last = span.end
                yield span


def _stands_alone(text: str, start: int, end: int) -> bool:
    return not (_joined(text, start) or _joined(text, end))


def _joined(text: str, at: int) -> bool:
    """Tell whether a word goes on across `at`; where none are told apart, none does."""
    return 0 < at < len(text) and bool(_WORD.match(text[at - 1]) and _WORD.match(text[at]))
