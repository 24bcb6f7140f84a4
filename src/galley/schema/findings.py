"""What was found in a piece of a file."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from galley.schema.check import Checker
from galley.schema.issue import Issue


@dataclass
class Findings:
    """What was found in a piece of a file: some of its lines, or rows.

    Attributes:
        limit: How many issues are worded, the others are only counted; None for all.
        lines: How many lines the piece has.
        rows: How many rows were checked.
        total: How many issues there are.
        issues: The first of them, each with its line, from 1.
    """

    limit: int | None = None
    lines: int = 0
    rows: int = 0
    total: int = 0
    issues: list[tuple[int, Issue]] = field(default_factory=list)

    def check(self, rows: Iterable[tuple[int, Any]], checker: Checker) -> None:
        """Check each of some `(line, row)`; a row may be the Issue that says why it is none."""
        for line, row in rows:
            if isinstance(row, Issue):
                self._add(line, [row])
            elif self.limit is not None and len(self.issues) >= self.limit:
                self.total += checker.count(row)
            else:
                self._add(line, checker.issues(row))

    def _add(self, line: int, found: Iterable[Issue]) -> None:
        for issue in found:
            self.total += 1
            if self.limit is None or len(self.issues) < self.limit:
                self.issues.append((line, issue))
