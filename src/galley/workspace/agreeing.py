"""What a workspace knows about how far its annotators agree."""

from typing import TYPE_CHECKING, Any

from galley.workspace.base import Base

if TYPE_CHECKING:
    from galley.annotations.agreement.report import AgreementReport


class Agreeing(Base):
    """From what several people said to figures."""

    def agreement(
        self, *, seed: int = 0, gamma: bool = False, head: dict[str, Any] | None = None
    ) -> "AgreementReport":
        """Measure how far the people who annotated the same texts agree.

        Args:
            seed: Of the intervals.
            gamma: Whether gamma is wanted too: it takes a while for each text.
            head: A state of the ledger; None for the present one.

        Raises:
            WorkspaceError: Nothing is built yet.
            LedgerError: The ledger does not hold `head`.
        """
        from galley.annotations.agreement.rating import collect_items  # noqa: PLC0415 - lazily
        from galley.annotations.agreement.report import Question, measure_agreement  # noqa: PLC0415
        from galley.annotations.blind import is_blind  # noqa: PLC0415

        settings = self.config.annotations
        events, aliases = self._events(head), self._aliases()
        said = {aliases.get(event.record_id, event.record_id) for event in events}
        lengths = {
            (record["id"], record["text_sha256"]): len(record["text"])
            for record in (self.records() if said else ())
            if record["id"] in said
        }
        question = Question(
            lambda name: is_blind(name, settings.blind, seed=settings.seed), seed, gamma
        )
        return measure_agreement(collect_items(events, lengths, aliases), question)

    def _public_agreement(self, head: dict[str, Any] | None) -> dict[str, Any] | None:
        """Return what a release says of agreement; None where nothing can be said."""
        people: dict[str, set[str]] = {}
        for event in self.ledger.events(head):
            people.setdefault(event.record_id, set()).add(event.annotator)
        if all(len(names) == 1 for names in people.values()):
            return None
        report = self.agreement(head=head)
        return None if report.refusal else report.to_public()
