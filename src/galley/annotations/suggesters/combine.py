"""One suggestion of what several suggesters propose.

They are asked in the order of the settings. What an earlier one proposes stands: a later one
adds the entities that overlap none of those, and the tags that are not there yet.
"""

from collections.abc import Sequence

from galley.annotations.suggesters.memory import overlap
from galley.annotations.suggesters.proposal import Mark, Proposal, Suggester
from galley.annotations.suggestion import Suggestion
from galley.record import Record, Span, make_entity


def combine(records: Sequence[Record], suggesters: Sequence[Suggester]) -> list[Suggestion | None]:
    """Return what `suggesters` propose together for each record; None for nothing at all."""
    every = [suggester.propose_all(records) for suggester in suggesters]
    return [
        merge(record, [(one, said[at]) for one, said in zip(suggesters, every, strict=True)])
        for at, record in enumerate(records)
    ]


def merge(record: Record, proposed: Sequence[tuple[Suggester, Proposal]]) -> Suggestion | None:
    """Return one suggestion of proposals for a record, in their order."""
    tags: dict[str, tuple[str, float]] = {}
    marks: list[tuple[Mark, str]] = []
    for suggester, proposal in proposed:
        for tag, score in proposal.tags.items():
            tags.setdefault(tag, (suggester.name, score))
        taken = [mark for mark, _ in marks]
        marks += [
            (mark, suggester.name)
            for mark in proposal.marks
            if not any(overlap(mark, other) for other in taken)
        ]
    marks.sort()
    doubts = [proposal.doubt for _, proposal in proposed if proposal.doubt is not None]
    if not tags and not marks and not doubts:
        return None
    text = record["text"]
    return Suggestion(
        record_id=record["id"],
        text_sha256=record["text_sha256"],
        model="+".join(f"{suggester.name}-{suggester.version}" for suggester, _ in proposed),
        tags=list(tags),
        entities=[make_entity(text, Span(m.start, m.end), label=m.label) for m, _ in marks],
        score=round(1 - max(doubts), 4) if doubts else None,
        by={
            "tags": [list(by) for by in tags.values()],
            "entities": [[name, mark.score] for mark, name in marks],
        },
    )
