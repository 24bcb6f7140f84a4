"""The suggester `source_tags`: what publishers print, through the aliases of the vocabulary."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from galley.annotations.suggesters.proposal import Lesson, Proposal
from galley.hashing import sha256_json
from galley.record import Record
from galley.schema.vocabulary import Taxonomy


@dataclass(frozen=True)
class SourceTags:
    """Proposes the tags that the publisher's tags, then the listings' tags stand for."""

    taxonomy: Taxonomy
    name: str = "source_tags"

    @cached_property
    def version(self) -> str:
        """Changes with the aliases."""
        aliases = [[tag.name, tag.label, tag.aliases] for tag in self.taxonomy.tags]
        return f"1.{sha256_json(aliases)[:8]}"

    def propose(self, record: Record) -> Proposal:
        """Return the tags of a record, in the order in which they are printed."""
        printed = [*record["source_tags"], *record["listing_tags"]]
        found = (self.taxonomy.resolve(tag) for tag in printed)
        return Proposal(tags=dict.fromkeys((tag for tag in found if tag is not None), 1.0))

    def propose_all(self, records: Sequence[Record]) -> list[Proposal]:
        """Return the same for several records."""
        return [self.propose(record) for record in records]


def teach(lesson: Lesson) -> SourceTags:
    """Return the suggester; people's corrections teach it nothing."""
    return SourceTags(lesson.taxonomy)
