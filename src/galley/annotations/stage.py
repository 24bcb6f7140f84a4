"""The stage wired together: what the server, the ledger and the files of a workspace do."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from galley.annotations.access import Access, find_access
from galley.annotations.adopt import Adoption, Match
from galley.annotations.adopting import AdoptReport, adopt, fetch_all, people_of, place_of
from galley.annotations.correction import Corrections
from galley.annotations.export import check_tasks, read_export
from galley.annotations.importing import Importer
from galley.annotations.listing import list_tasks
from galley.annotations.plan import plan
from galley.annotations.project import Project, Screen, find_project, make_project, update_project
from galley.annotations.pseudonym import Pseudonyms
from galley.annotations.pull import Pull, PullReport, list_people
from galley.annotations.push import Push, PushReport, preview
from galley.annotations.result import Reader
from galley.annotations.screen import check_config, guidelines_html, refuse_loss
from galley.annotations.selection import Selection
from galley.annotations.server import Server
from galley.annotations.suggestion import Suggestion
from galley.annotations.tab import ensure_tab
from galley.annotations.task import Task
from galley.annotations.turn import turn
from galley.annotations.watch import watch
from galley.config import Config
from galley.errors import ServerError
from galley.files import write_text
from galley.hashing import sha256_text
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
        selection: Selection,
        advance: Callable[[], None],
    ) -> PushReport:
        """Bring the project on the server up to date with `records`; made where there is none.

        Args:
            records: As built.
            suggestions: By record.
            selection: What the push is limited to.
            advance: Called for each record that is done.
        """
        screen, name = self._screen(), self.config.name
        tasks = self._tasks(records, suggestions)
        with self._wire() as server:
            self._write_screen(screen)
            project = find_project(server, name)
            if project is None:
                project = make_project(server, name, screen=screen)
            refuse_loss(server, project, labeling_config=screen.labeling_config)
            update_project(server, project, name, screen=screen)
            ensure_tab(server, project)
            importer = Importer(server, project, self._private("push.jsonl"))
            batch = self.config.studio.batch
            return Push(importer, self._reader, batch, advance, selection).run(tasks)

    def preview(
        self,
        records: Iterable[Record],
        suggestions: Mapping[str, Suggestion],
        *,
        selection: Selection,
    ) -> PushReport:
        """Return what a push would do; neither the server nor a file is touched."""
        tasks = self._tasks(records, suggestions)
        with self._wire() as server:
            project = find_project(server, self.config.name)
            listed = [] if project is None else list_tasks(server, project)
            steps = plan(tasks, listed, reader=self._reader, selection=selection)
            return preview(steps, 0 if project is None else project.id)

    def pull(self) -> PullReport:
        """Bring the ledger up to date with the project on the server."""
        with self._wire() as server:
            return self._pull(server, self._project(server))

    def watch(self, note: Callable[[str], None]) -> Iterator[PullReport]:
        """Yield a report of each pull that brought something, as it happens; it never ends.

        Args:
            note: Is told what goes wrong and will be tried again.
        """
        with Server(self._access()) as server:
            project = self._project(server)

            def pull(*, quick: bool) -> PullReport:
                with turn(self._private("server.lock")):
                    return self._pull(server, project, quick=quick)

            yield from watch(server, project, pull=pull, note=note)

    def _pull(self, server: Server, project: Project, *, quick: bool = False) -> PullReport:
        files = (self.layout.annotations_quarantine, self._private("pull.json"))
        guideline = self.config.annotations.guideline
        return Pull(server, project, self.ledger, *files).run(
            self._reader, people=self._pseudonyms, guideline=guideline, quick=quick
        )

    def _project(self, server: Server) -> Project:
        project = find_project(server, self.config.name)
        if project is None:
            raise ServerError(
                f"Label Studio at {server.url} has no project of {self.config.name}",
                code="no_project",
                hint="`galley push` makes it",
            )
        return project

    def adopt(self, source: Path | int, records: Iterator[Record], *, field: str) -> AdoptReport:
        """Bring annotations made before Galley into the ledger.

        Args:
            source: An export, or the number of a project on the server.
            records: As built.
            field: The name of the text in the tasks' data.
        """
        users: dict[int, str] = {}
        if isinstance(source, Path):
            tasks, server = read_export(source, field=field), "export"
            where = place_of(tasks)
        else:
            with Server(self._access()) as wire:
                tasks, users = fetch_all(wire, source), list_people(wire)
                server = where = sha256_text(wire.url)[:12]
            check_tasks(tasks, f"project {source}", field=field)
        reader = Reader(self.taxonomy, self.labels, foreign=True)
        person = people_of(self._pseudonyms, users, where=where)
        adoption = Adoption(reader, Match.collect(records), person, server, field)
        with turn(self._private("server.lock")):
            put_aside = self.layout.annotations_quarantine
            return adopt(tasks, adoption, ledger=self.ledger, quarantine=put_aside)

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

    @contextmanager
    def _wire(self) -> Iterator[Server]:
        """Yield the server, with no other Galley of this workspace speaking to it."""
        with turn(self._private("server.lock")), Server(self._access()) as server:
            yield server

    def _screen(self) -> Screen:
        config = labeling_config(self.taxonomy, self.labels)
        path = self.layout.guidelines
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        return Screen(config, guidelines_html(text), self.config.annotations.overlap)

    def _write_screen(self, screen: Screen) -> None:
        """Write the labeling config beside the guidelines, for review."""
        path = self.layout.labeling_config
        if not path.exists() or path.read_text(encoding="utf-8") != screen.labeling_config:
            check_config(screen.labeling_config)
            write_text(path, screen.labeling_config)

    def _tasks(
        self, records: Iterable[Record], suggestions: Mapping[str, Suggestion]
    ) -> Iterator[Task]:
        corrected = Corrections.collect(self.ledger.events())
        for record in records:
            key = (record["id"], record["text_sha256"])
            shown, found = suggestions.get(record["id"]), corrected.of(record)
            if found is not None:
                shown = Suggestion(*key, "ledger", found.tags, found.entities)
            elif shown is not None and shown.text_sha256 != record["text_sha256"]:
                shown = None
            yield Task(record, shown, self.taxonomy, found)
