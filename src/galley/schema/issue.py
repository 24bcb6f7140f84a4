"""Findings: what is wrong with data, as values."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class Issue:
    """One thing that is not as it should be.

    Attributes:
        path: Where: a file, with a row and a JSON path if it is inside one.
        code: A stable word for the rule that was broken.
        expected: What the rule asks for.
        got: What is there instead.
    """

    path: str
    code: str
    expected: str = ""
    got: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the issue as a JSON object."""
        return asdict(self)
