"""The stage wired together: what the server, the ledger and the files of a workspace do."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from galley.annotations.access import Access, find_access
from galley.annotations.correction import corrections
from galley.annotations.importing import Importer
from galley.annotations.project import find_project, make_project
from galley.annotations.pseudonym import Pseudonyms
from galley.annotations.pull import Pull, PullReport
from galley.annotations.push import Push, PushReport
from galley.annotations.result import Reader
from galley.annotations.screen import check_config, update_config
from galley.annotations.server import Server
from galley.annotations.suggestion import Suggestion
from galley.annotations.task import Task
from galley.annotations.turn import turn
from galley.config import Config
from galley.errors import ServerError
from galley.files import write_text
from galley.layout import Layout
from galley.ledger import Ledger
from galley.record import Record
from galley.schema.labeling import labeling_config
from galley.schema.vocabulary import Labels, Taxonomy


@dataclass(frozen=True)
class Stage:
    """The annotations of one workspace.

    Attributes:
        layout: Where things are.
        config: The settings.
        taxonomy: The tag vocabulary.
        labels: The entity labels.
        ledger: All human work.
        embedded: Finds the embedded server, if it runs.
    """

    layout: Layout
    config: Config
    taxonomy: Taxonomy
    labels: Labels
    ledger: Ledger
    embedded: Callable[[], Access | None]

    def push(
        self,
        records: Iterable[Record],
        suggestions: Mapping[str, Suggestion],
        *,
        advance: Callable[[], None],
    ) -> PushReport:
        """Bring the project on the server up to date with `records`; made where there is none.

        Args:
            records: As built.
            suggestions: By record.
            advance: Called for each record that is done.
        """
        screen = self._write_screen()
        tasks = self._tasks(records, suggestions)
        with turn(self._private("server.lock")), Server(self._access()) as server:
            project = find_project(server, self.config.name)
            if project is None:
                project = make_project(server, self.config.name, labeling_config=screen)
            update_config(server, project, labeling_config=screen)
            importer = Importer(server, project, self._private("push.jsonl"))
            return Push(importer, self._reader, self.config.studio.batch, advance).run(tasks)

    def pull(self) -> PullReport:
        """Bring the ledger up to date with the project on the server."""
        layout = self.layout
        with turn(self._private("server.lock")), Server(self._access()) as server:
            project = find_project(server, self.config.name)
            if project is None:
                raise ServerError(
                    f"Label Studio at {server.url} has no project of {self.config.name}",
                    code="no_project",
                    hint="`galley push` makes it",
                )
            files = (layout.annotations_quarantine, self._private("pull.json"))
            pull = Pull(server, project, self.ledger, *files)
            guideline = self.config.annotations.guideline
            return pull.run(self._reader, people=self._pseudonyms, guideline=guideline)

    @property
    def _reader(self) -> Reader:
        return Reader(self.taxonomy, self.labels)

    def _pseudonyms(self) -> Pseudonyms:
        key = self._private("annotator.key")
        return Pseudonyms.open(key, self.layout.annotator_fingerprint)

    def _private(self, name: str) -> Path:
        return self.layout.private / name

    def _access(self) -> Access:
        return find_access(self.embedded, self.config.studio.url)

    def _write_screen(self) -> str:
        """Write the labeling config beside the guidelines, for review, and return it."""
        screen = labeling_config(self.taxonomy, self.labels)
        path = self.layout.labeling_config
        if not path.exists() or path.read_text(encoding="utf-8") != screen:
            check_config(screen)
            write_text(path, screen)
        return screen

    def _tasks(
        self, records: Iterable[Record], suggestions: Mapping[str, Suggestion]
    ) -> Iterator[Task]:
        corrected = corrections(self.ledger.events())
        for record in records:
            key = (record["id"], record["text_sha256"])
            shown = suggestions.get(record["id"])
            if key in corrected:
                found = corrected[key]
                shown = Suggestion(*key, "ledger", found.tags, found.entities)
            elif shown is not None and shown.text_sha256 != record["text_sha256"]:
                shown = None
            yield Task(record, shown, self.taxonomy)
