"""What a workspace does with people: push, pull, and bring earlier work in."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from galley.ledger import Ledger
from galley.record import REVIEWED, Status
from galley.workspace.advance import Advance, silent
from galley.workspace.rehearsal import rehearsed
from galley.workspace.suggesting import Suggesting

if TYPE_CHECKING:
    from galley.annotations.access import Access
    from galley.annotations.adopting import AdoptReport
    from galley.annotations.pull import PullReport
    from galley.annotations.push import PushReport
    from galley.annotations.selection import Selection
    from galley.annotations.stage import Stage
    from galley.annotations.studio.server import Studio
    from galley.annotations.suspects.ranking import Suspect
    from galley.report.forgetting import Forgetting


class Annotating(Suggesting):
    """From records to corrections."""

    @cached_property
    def studio(self) -> "Studio":
        """The embedded Label Studio of this workspace."""
        from galley.annotations.studio.server import Studio  # noqa: PLC0415 - stages load lazily

        return Studio(self.layout.private / "studio", self.config.studio.port)

    def push(
        self,
        advance: Advance = silent,
        *,
        selection: "Selection | None" = None,
        dry_run: bool = False,
    ) -> "PushReport":
        """Send to Label Studio what it lacks of the records, with suggestions.

        Args:
            advance: Is told how many of how many records are done.
            selection: What the push is limited to; None for all records.
            dry_run: Whether to find out what would be done, and do nothing.

        Raises:
            ServerError: Label Studio cannot be reached or refuses.
            ConfigError: The query of the selection cannot be read.
        """
        from galley.annotations.selection import EVERYTHING  # noqa: PLC0415 - as above
        from galley.parquet import count_rows  # noqa: PLC0415

        selection = selection or EVERYTHING
        if dry_run:
            return self._annotations.preview(self._suggested(keep=False), selection=selection)
        total, done = count_rows(self.layout.out / "records"), count(1)
        return self._annotations.push(
            self._suggested(),
            selection=selection,
            advance=lambda: advance(next(done), total),
        )

    def suspects(self) -> "list[Suspect]":
        """Return the corrected records that may hold a mistake, the likeliest first.

        Those that somebody decided on are not suspected again.
        """
        from galley.annotations.suggesters.pool import workers_of  # noqa: PLC0415 - lazily
        from galley.annotations.suspects.ranking import rank  # noqa: PLC0415 - stages load lazily

        reviewed = [r for r in self.merged() if r["annotation"]["status"] in REVIEWED]
        workers = workers_of(self.config.suggest.workers)
        ranked = rank(reviewed, self.taxonomy, labels=self.labels, workers=workers)
        decided = Status.ADJUDICATED
        return [item for item in ranked if item.record["annotation"]["status"] != decided]

    def pull(self, *, dry_run: bool = False) -> "PullReport":
        """Bring what people did in Label Studio into the ledger.

        Args:
            dry_run: Whether to find out what would come, and write nothing.

        Raises:
            ServerError: Label Studio cannot be reached or refuses.
            LedgerError: The annotators' key is missing or another.
        """
        with self._stage(dry_run=dry_run) as stage:
            return stage.pull()

    def watch(self, note: Callable[[str], None] = lambda _: None) -> "Iterator[PullReport]":
        """Yield a report at once, and one whenever a pull brought something; it never ends.

        Args:
            note: Is told what goes wrong and will be tried again.

        Raises:
            ServerError: Label Studio refuses.
            LedgerError: The annotators' key is missing or another.
        """
        return self._annotations.watch(note)

    def adopt(
        self, source: int | Path, *, field: str = "text", dry_run: bool = False
    ) -> "AdoptReport":
        """Bring annotations made before Galley into the ledger.

        Args:
            source: The number of a project on the server, or an export in the format JSON.
            field: The name of the text in the tasks' data.
            dry_run: Whether to find out what would come, and write nothing.

        Raises:
            SourceError: The export cannot be read or is none, or no task has such a text.
            ServerError: Label Studio cannot be reached or refuses.
        """
        built = (self.layout.out / "records").exists()
        records = self.records() if built else iter(())
        with self._stage(dry_run=dry_run) as stage:
            return stage.adopt(source, records, field=field)

    @contextmanager
    def _stage(self, *, dry_run: bool) -> "Iterator[Stage]":
        """Yield the stage; for a dry run one whose files are copies that nobody keeps."""
        if not dry_run:
            yield self._annotations
            return
        with rehearsed(self.layout) as layout:
            ledger = Ledger(
                layout.ledger, writer=layout.private / "writer", retracted=self._retracted
            )
            yield replace(self._annotations, layout=layout, ledger=ledger)

    def forget(
        self, annotator: str, *, keep: Iterable[str] = (), dry_run: bool = False
    ) -> "Forgetting":
        """Forget who an annotator was, and say what still holds the old pseudonym.

        Args:
            annotator: An e-mail address, or a pseudonym.
            keep: Addresses of those who keep their pseudonyms, beside the users of Label Studio
                if that can be reached.
            dry_run: Only say what would be done.

        Raises:
            LedgerError: The annotators' key is missing, another, or cannot be replaced.
        """
        from galley.annotations.turn import turn  # noqa: PLC0415 - stages load lazily
        from galley.report.forgetting import Forgetter  # noqa: PLC0415

        forgetter = Forgetter(self.layout, self.ledger, [*keep, *self._annotations.addresses()])
        if dry_run:
            return forgetter.run(annotator, dry_run=True)
        with turn(self.layout.private / "server.lock"):  # it rewrites what pulls append to
            return forgetter.run(annotator, dry_run=False)

    @cached_property
    def _annotations(self) -> "Stage":
        from galley.annotations.stage import Stage  # noqa: PLC0415 - stages load lazily

        return Stage(
            layout=self.layout,
            config=self.config,
            taxonomy=self.taxonomy,
            labels=self.labels,
            ledger=self.ledger,
            embedded=self._embedded,
            aliases=self._aliases,
            policies=lambda: self._policies,
            events=self._events,
            migrations=self._migrations,
            suspects=self.suspects,
            advance=self.advance,
        )

    @property
    def named_server(self) -> str:
        """The address of another Label Studio than the embedded one; empty if none is named."""
        from galley.annotations.access import named_url  # noqa: PLC0415 - stages load lazily

        return named_url(self.config.studio.url)

    def _embedded(self) -> "Access | None":
        from galley.annotations.access import Access  # noqa: PLC0415 - stages load lazily

        status = self.studio.status()
        return None if status is None else Access(status.url, status.token)
