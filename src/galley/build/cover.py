"""What the bytes of one file are: its rows of the account, by column."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from galley.record import Part

Row = tuple[int | None, int | None, Part, int | None, int | None, int | None, str | None]

# The columns of a row but for the file's name; `record` is an index into the file's records.
COLUMNS = ("byte_start", "byte_end", "part", "record", "text_start", "text_end", "reason")


@dataclass(slots=True)
class Cover:
    """The rows of the account of one file, in order.

    Attributes:
        name: What records call the file.
        rows: The values of each row, in the order of `COLUMNS`.
    """

    name: str = ""
    rows: list[Row] = field(default_factory=list)

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.rows)

    def __getitem__(self, index: int) -> dict[str, Any]:
        """Return the row at `index`, by the names of its columns."""
        return {"source_file": self.name, **dict(zip(COLUMNS, self.rows[index], strict=True))}

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield the rows in order, by the names of their columns."""
        return map(self.__getitem__, range(len(self)))

    def add(
        self,
        part: Part,
        extent: tuple[int | None, int | None],
        *,
        record: int | None = None,
        size: int | None = None,
        reason: str | None = None,
    ) -> None:
        """Add a row.

        Args:
            part: What the bytes are.
            extent: The first of them, and the one after the last; None where they are unknown.
            record: The index of the record that they belong to.
            size: Of its text in code points, if they are all of it.
            reason: Why they were quarantined.
        """
        start = None if size is None else 0
        self.rows.append((*extent, part, record, start, size, reason))
