"""The interface of suggesters: what each is taught with, and what each proposes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from galley.record import Record
from galley.schema.vocabulary import Labels, Taxonomy


class Mark(NamedTuple):
    """A span that a suggester proposes: Unicode code points, end-exclusive.

    Attributes:
        score: How sure the suggester is, 0 to 1.
    """

    start: int
    end: int
    label: str
    score: float


@dataclass(frozen=True)
class Proposal:
    """What one suggester proposes for one record.

    Attributes:
        tags: The tags, in order, each with how sure the suggester is, 0 to 1.
        marks: The spans, sorted, without overlaps.
        doubt: How unsure the suggester is of the record as a whole, 0 to 1, what it does not
            propose included; None where it cannot say.
    """

    tags: Mapping[str, float] = field(default_factory=dict)
    marks: Sequence[Mark] = ()
    doubt: float | None = None


class Suggester(Protocol):
    """Proposes tags and entities for records."""

    @property
    def name(self) -> str:
        """As in the settings."""

    @property
    def version(self) -> str:
        """Another one when the same record may get another proposal."""

    def propose(self, record: Record) -> Proposal:
        """Return what it proposes for a record: what people said of that is not looked at."""

    def propose_all(self, records: Sequence[Record]) -> list[Proposal]:
        """Return the same for each of several records, in their order."""


@dataclass(frozen=True)
class Lesson:
    """What a suggester is taught with.

    Attributes:
        corrected: Records with the tags and entities that people left, sorted by id.
        taxonomy: The tag vocabulary.
        labels: The entity labels.
        texts: Texts of the corpus, of corrected records and others, in a fixed order.
        lists: Names that a maintainer supplies, by label.
        workers: Processes that teaching may use.
    """

    corrected: Sequence[Record]
    taxonomy: Taxonomy
    labels: Labels
    texts: tuple[str, ...] = ()
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)
    workers: int = 1


# Teaches a suggester.
Teach = Callable[[Lesson], Suggester]
