"""Versions: three numbers, and how far a change raises them."""

import re
from enum import IntEnum
from typing import NamedTuple

from galley.errors import ReleaseError

_PATTERN = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)", re.ASCII)


class Level(IntEnum):
    """How much a change asks of those who use the data.

    MAJOR: a field removed or of another type, a label removed, renamed or renumbered, a record
    in another split. MINOR: records, fields or labels added, records removed. PATCH: corrections,
    texts, metadata, the card, the same rows in new bytes.
    """

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3


class Version(NamedTuple):
    """A semantic version without suffixes; versions compare by their numbers."""

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> "Version":
        """Read `1.2.3`.

        Raises:
            ReleaseError: `text` is not of that form.
        """
        match = _PATTERN.fullmatch(text)
        if match is None:
            raise ReleaseError(
                f"{text!r} is no version",
                code="version_invalid",
                hint="a version is three numbers: 0.1.0, 1.2.3",
            )
        return cls(*(int(number) for number in match.groups()))

    def __str__(self) -> str:
        """Return `1.2.3`."""
        return ".".join(str(number) for number in self)

    def raised(self, level: Level) -> "Version":
        """Return the next version for a change of `level`; below 1.0.0 MAJOR counts as MINOR.

        Example:
            >>> str(Version(0, 1, 4).raised(Level.MAJOR))
            '0.2.0'
        """
        if level is Level.MAJOR and self.major > 0:
            return Version(self.major + 1, 0, 0)
        if level >= Level.MINOR:
            return Version(self.major, self.minor + 1, 0)
        return self if level is Level.NONE else Version(self.major, self.minor, self.patch + 1)


FIRST = Version(0, 1, 0)
