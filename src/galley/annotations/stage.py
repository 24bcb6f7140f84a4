"""The stage wired together: what the server, the ledger and the files of a workspace do."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from galley.annotations.access import Access, find_access
from galley.annotations.adopt import Adoption, Match
from galley.annotations.adopting import AdoptReport, adopt, fetch_all, people_of, place_of
from galley.annotations.begun import begun
from galley.annotations.blind import is_blind
from galley.annotations.correction import (
    Aliases,
    Correction,
    Corrections,
    TextKey,
    corrections,
)
from galley.annotations.export import check_tasks, read_export
from galley.annotations.importing import Importer
from galley.annotations.listing import list_tasks
from galley.annotations.people import list_people
from galley.annotations.plan import plan
from galley.annotations.policy import Policies
from galley.annotations.project import (
    Project,
    Screen,
    find_project,
    find_projects,
    make_project,
    update_project,
)
from galley.annotations.pseudonym import Pseudonyms
from galley.annotations.pull import Pull, PullReport
from galley.annotations.push import Push, PushReport, preview
from galley.annotations.receipt import Receipt, digest_inputs, draw_receipt
from galley.annotations.result import Reader
from galley.annotations.review import REVIEWS, open_reviews, project_name, suspect_reviews
from galley.annotations.screen import check_config, guidelines_html, judged, refuse_loss
from galley.annotations.selection import Selection
from galley.annotations.server import Server
from galley.annotations.standing import Standing
from galley.annotations.suggestion import Suggestion
from galley.annotations.tab import ensure_tab
from galley.annotations.task import Queue, Task
from galley.annotations.turn import turn
from galley.annotations.watch import watch
from galley.config import Config
from galley.errors import GalleyError, ServerError
from galley.files import write_text
from galley.hashing import sha256_file, sha256_json, sha256_text
from galley.layout import Layout
from galley.ledger import Event, Kind, Ledger
from galley.record import Record
from galley.schema.labeling import labeling_config
from galley.schema.migration import Migrations
from galley.schema.vocabulary import Labels, Taxonomy

if TYPE_CHECKING:
    from galley.annotations.suspects.ranking import Suspect  # it takes scipy along

# A record as built, and what is suggested for it.
Suggested = tuple[Record, Suggestion | None]


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
        policies: Returns who is right where people differ.
        events: Returns the ledger under today's names.
        migrations: What became of names.
        suspects: Returns the records that may hold a mistake, the likeliest first.
        aliases: Returns for each record that was merged into another one the one it became.
        advance: Is told how many tasks a pull has read.
    """

    layout: Layout
    config: Config
    taxonomy: Taxonomy
    labels: Labels
    ledger: Ledger
    embedded: Callable[[], Access | None]
    aliases: Callable[[], Aliases]
    policies: Callable[[], Policies]
    events: Callable[[], list[Event]]
    migrations: Migrations
    suspects: "Callable[[], Sequence[Suspect]]"
    advance: Callable[[int, int], object] = lambda *_: None

    def push(
        self,
        suggested: Iterable[Suggested],
        *,
        selection: Selection,
        advance: Callable[[], None],
    ) -> PushReport:
        """Bring the project on the server up to date with the records; made where there is none.

        Args:
            suggested: The records as built, each with its suggestion, which are written down at
                the end; not asked for if nothing has changed.
            selection: What the push is limited to.
            advance: Called for each record that is done.
        """
        if selection.queue in REVIEWS:
            return self._review(suggested, selection=selection, advance=advance)
        screen, inputs = self._screen(), digest_inputs(self.layout, self.config)
        last = Receipt.read(self._private("pushed.json")) if selection.is_all else None
        made_of = self._made_of(inputs)
        same = last if last and last.made_of == made_of else None
        ready = self.config.studio.batch if same is None else 0
        with self._wire() as server, begun(self._tasks(suggested), ready) as tasks:
            project = self._ready(server, screen, self.config.name)
            self._write_screen(screen)
            importer = Importer(server, project, self._private("push.jsonl"))
            if same and importer.is_clear and same.holds(server, project, made_of=made_of):
                Standing.keep(self.layout, same.unchanged, whole=True)
                return PushReport(project.id, Counter(unchanged=same.unchanged))
            ensure_tab(server, project)
            push = Push(importer, self._reader, self.config.studio.batch, advance, selection)
            report = push.run(tasks)
            Standing.keep(self.layout, report.records, whole=selection.is_all)
            if selection.is_all:
                self._keep_receipt(server, project, report, made_of=self._made_of(inputs))
            return report

    def _review(
        self, suggested: Iterable[Suggested], *, selection: Selection, advance: Callable[[], None]
    ) -> PushReport:
        """Bring the project of a queue up to date: what waits for nobody any more is put aside."""
        reviews = list(self._reviews(suggested, selection))
        screen, name = replace(self._screen(), overlap=1), self._project_of(selection.queue)
        with self._wire() as server:
            if not reviews and not find_projects(server, [name]):
                return PushReport(0)
            project = self._ready(server, screen, name)
            self._write_screen(screen)
            ensure_tab(server, project)
            importer = Importer(server, project, self._private(f"push-{selection.queue}.jsonl"))
            within = replace(selection, queue=None)
            push = Push(importer, self._reader, self.config.studio.batch, advance, within)
            return push.run(reviews)

    def _reviews(self, suggested: Iterable[Suggested], selection: Selection) -> Iterator[Task]:
        """Yield what waits for a decision."""
        queue = selection.queue or Queue.ADJUDICATE
        if queue == Queue.SUSPECTS:
            return suspect_reviews(self._tasks(suggested), self.suspects())
        return open_reviews(self._tasks(suggested), queue)

    def _project_of(self, queue: Queue | None) -> str:
        name = self.config.name
        return project_name(name, queue) if queue in REVIEWS else name

    def _ready(self, server: Server, screen: Screen, name: str) -> Project:
        """Return the project `name` with the `screen`, made where there is none."""
        project = find_project(server, name)
        names = self.migrations
        covered = frozenset(names.tags.former.keys() | names.entities.former.keys())
        with judged(screen.labeling_config):
            if project is None:
                return make_project(server, name, screen=screen)
            refuse_loss(server, project, labeling_config=screen.labeling_config, covered=covered)
            update_project(server, project, name, screen=screen)
        return project

    def _keep_receipt(
        self, server: Server, project: Project, report: PushReport, *, made_of: str
    ) -> None:
        """Note what there is now, so that the next push need not look at all of it."""
        path = self._private("pushed.json")
        path.unlink(missing_ok=True)
        if report.is_clean:
            created, kept = report.counts["created"], report.counts["unchanged"]
            receipt = draw_receipt(
                server,
                project,
                made_of=made_of,
                tasks=report.found + created,
                unchanged=kept + created,
            )
            if receipt is not None:
                receipt.save(path)

    def _made_of(self, inputs: str) -> str:
        """Return the hash of what a push is made of, what it wrote down itself included."""
        path = self.layout.suggestions
        return sha256_json([inputs, sha256_file(path) if path.exists() else None])

    def preview(self, suggested: Iterable[Suggested], *, selection: Selection) -> PushReport:
        """Return what a push would do; neither the server nor a file is touched."""
        screen, review = self._screen(), selection.queue in REVIEWS
        tasks = self._reviews(suggested, selection) if review else self._tasks(suggested)
        name = self._project_of(selection.queue)
        selection = replace(selection, queue=None) if review else selection
        if self._is_new(screen):
            check_config(screen.labeling_config)
        with self._wire() as server:
            project = find_project(server, name)
            listed = [] if project is None else list_tasks(server, project)
            steps = plan(tasks, listed, reader=self._reader, selection=selection)
            return preview(steps, 0 if project is None else project.id)

    def pull(self) -> PullReport:
        """Bring the ledger up to date with what is on the server, decisions included."""
        with self._wire() as server:
            return self._pull_all(server, self._project(server))

    def _pull_all(self, server: Server, project: Project, *, quick: bool = False) -> PullReport:
        report = self._pull(server, project, quick=quick)
        names = {self._project_of(queue): queue for queue in REVIEWS}
        for name, review in find_projects(server, names).items():
            report += self._pull(server, review, quick=quick, queue=names[name])
        return report

    def watch(self, note: Callable[[str], None]) -> Iterator[PullReport]:
        """Yield a report of each pull that brought something, as it happens; it never ends.

        Args:
            note: Is told what goes wrong and will be tried again.
        """
        with self._server() as server:
            project = self._project(server)

            def pull(*, quick: bool) -> PullReport:
                with turn(self._private("server.lock"), wait=0):  # it is tried again anyway
                    return self._pull_all(server, project, quick=quick)

            def reviews() -> list[Project]:
                names = [self._project_of(queue) for queue in REVIEWS]
                return list(find_projects(server, names).values())

            yield from watch(server, project, reviews=reviews, pull=pull, note=note)

    def _pull(
        self, server: Server, project: Project, *, quick: bool = False, queue: Queue | None = None
    ) -> PullReport:
        seen = "pull.json" if queue is None else f"pull-{queue}.json"
        files = (self.layout.annotations_quarantine, self._private(seen))
        guideline = self.config.annotations.guideline
        kind = Kind.ANNOTATED if queue is None else Kind.ADJUDICATED
        found = Pull(server, project, self.ledger, *files, self._correct, kind, self.advance)
        return found.run(self._lenient, people=self._pseudonyms, guideline=guideline, quick=quick)

    def _correct(self, records: Collection[str]) -> dict[TextKey, Correction]:
        """Return what the ledger says about records, and about those that share their work."""
        if not records:
            return {}
        aliases = self.aliases()
        kept = {aliases.get(name, name) for name in records}
        about = kept | {old for old, name in aliases.items() if name in kept}
        return corrections(self.ledger.events(about=about), aliases, policies=self.policies())

    def _project(self, server: Server) -> Project:
        project = find_project(server, self.config.name)
        if project is None:
            raise ServerError(
                f"Label Studio at {server.url} has no project of {self.config.name}",
                code="no_project",
                hint="`galley push` makes it; or may the token's account not see it?",
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
            with self._server() as wire:
                tasks, users = fetch_all(wire, source), list_people(wire)
                server = where = sha256_text(wire.url)[:12]
            check_tasks(tasks, f"project {source}", field=field)
        reader = Reader(self.taxonomy, self.labels, foreign=True)
        person = people_of(self._pseudonyms, users, where=where)
        adoption = Adoption(reader, Match.collect(records), person, server, field)
        with turn(self._private("server.lock")):
            put_aside = self.layout.annotations_quarantine
            return adopt(tasks, adoption, ledger=self.ledger, quarantine=put_aside)

    def addresses(self) -> list[str]:
        """Return the addresses of all users of the server; none where it cannot be reached."""
        try:
            with self._server() as server:
                return [address for address in list_people(server).values() if address]
        except GalleyError:
            return []

    @property
    def _reader(self) -> Reader:
        return Reader(self.taxonomy, self.labels)

    @property
    def _lenient(self) -> Reader:
        """A reader for work that was begun before a migration."""
        return replace(self._reader, migrations=self.migrations)

    def _pseudonyms(self) -> Pseudonyms:
        key = self._private("annotator.key")
        return Pseudonyms.open(key, self.layout.annotator_fingerprint)

    def _private(self, name: str) -> Path:
        return self.layout.private / name

    def _server(self) -> Server:
        access = find_access(self.embedded, self.config.studio.url)
        return Server(access, self.config.network)

    @contextmanager
    def _wire(self) -> Iterator[Server]:
        """Yield the server, with no other Galley of this workspace speaking to it."""
        with turn(self._private("server.lock")), self._server() as server:
            yield server

    def _screen(self) -> Screen:
        config = labeling_config(
            self.taxonomy,
            self.labels,
            deprecated=self.migrations.tags.deprecated | self.migrations.entities.deprecated,
        )
        path = self.layout.guidelines
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        return Screen(config, guidelines_html(text), self.config.annotations.overlap)

    def _write_screen(self, screen: Screen) -> None:
        """Write the labeling config beside the guidelines, for review."""
        if self._is_new(screen):
            write_text(self.layout.labeling_config, screen.labeling_config)

    def _is_new(self, screen: Screen) -> bool:
        path = self.layout.labeling_config
        return not path.exists() or path.read_text(encoding="utf-8") != screen.labeling_config

    def _tasks(self, suggested: Iterable[Suggested]) -> Iterator[Task]:
        events = self.events()
        corrected = Corrections.collect(events, self.aliases(), policies=self.policies())
        for record, suggestion in suggested:
            found, key = corrected.of(record), (record["id"], record["text_sha256"])
            said = found and Suggestion(*key, "ledger", found.tags, found.entities)
            machine = suggestion if suggestion and suggestion.fits(record) else None
            shown = None if self._is_blind(record["id"]) else machine
            score = _score(record, suggestion)
            yield Task(record, said or shown, self.taxonomy, found, score=score)

    def _is_blind(self, record_id: str) -> bool:
        settings = self.config.annotations
        return is_blind(record_id, settings.blind, seed=settings.seed)


def _score(record: Record, suggestion: Suggestion | None) -> float | None:
    """Return how sure suggesters are of a record's text, if they say so."""
    same = suggestion is not None and suggestion.text_sha256 == record["text_sha256"]
    return suggestion.score if suggestion is not None and same else None
