"""The library's front door: a workspace, with the stages wired together.

Example:
    ```python
    from pathlib import Path
    from galley.desk import Workspace

    workspace = Workspace.open(Path())
    print(workspace.build())
    ```
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from galley.config import Config, load_config
from galley.errors import WorkspaceError
from galley.hashing import sha256_file
from galley.layout import Layout
from galley.ledger import Ledger
from galley.record import Record
from galley.schema.contract import Contract
from galley.schema.vocabulary import Labels, Taxonomy, load_labels, load_taxonomy

if TYPE_CHECKING:
    from galley.annotations.access import Access
    from galley.annotations.adopting import AdoptReport
    from galley.annotations.pull import PullReport
    from galley.annotations.push import PushReport
    from galley.annotations.selection import Selection
    from galley.annotations.stage import Stage
    from galley.annotations.studio.server import Studio
    from galley.annotations.suggestion import Suggestion
    from galley.build.inspect import Inspection
    from galley.build.quarantine import Quarantine
    from galley.build.source import SourceFile
    from galley.build.stage import BuildSummary
    from galley.releases.comparison import Comparison
    from galley.releases.compatibility import Compatibility
    from galley.releases.export import Export
    from galley.releases.gates import Gate
    from galley.releases.material import Material
    from galley.releases.snapshot import Snapshot
    from galley.releases.stage import Outcome
    from galley.releases.standoff import Rejoined
    from galley.releases.target import Confirm, Plan
    from galley.report.dossier import Dossier
    from galley.report.retraction import Retraction
    from galley.schema.issue import Issue

Advance = Callable[[int, int], None]


def _silent(done: int, total: int) -> None:
    """Take no notice of progress."""
    del done, total


@dataclass(frozen=True)
class Workspace:
    """A dataset workspace: a folder with raw files, schema, annotations and releases.

    Attributes:
        layout: Where things are.
        config: The settings.
    """

    layout: Layout
    config: Config

    @classmethod
    def open(cls, folder: Path) -> "Workspace":
        """Open the workspace at `folder`.

        Raises:
            WorkspaceError: `folder` is no workspace.
            ConfigError: Its settings are wrong.
        """
        layout = Layout.find(folder)
        return cls(layout, load_config(layout.pyproject))

    @cached_property
    def contract(self) -> Contract:
        """The schema of a record."""
        return Contract.load(self.layout.schema)

    @cached_property
    def taxonomy(self) -> Taxonomy:
        """The tag vocabulary."""
        return load_taxonomy(self.layout.tags)

    @cached_property
    def labels(self) -> Labels:
        """The entity labels."""
        return load_labels(self.layout.entities)

    @cached_property
    def ledger(self) -> Ledger:
        """All human work."""
        return Ledger(
            self.layout.ledger, writer=self.layout.private / "writer", retracted=self._retracted
        )

    @cached_property
    def studio(self) -> "Studio":
        """The embedded Label Studio of this workspace."""
        from galley.annotations.studio.server import Studio  # noqa: PLC0415 - stages load lazily

        return Studio(self.layout.private / "studio", self.config.studio.port)

    def records(self) -> Iterator[Record]:
        """Yield the records as built, sorted by id.

        Raises:
            WorkspaceError: Nothing is built yet.
        """
        from galley.parquet import read_table  # noqa: PLC0415 - pyarrow is slow to import

        gone = self._retracted()  # the last build may be older than that
        for batch in read_table(self.layout.out / "records").to_batches(max_chunksize=1000):
            yield from (record for record in batch.to_pylist() if record["id"] not in gone)

    def _retracted(self) -> frozenset[str]:
        from galley.build.identity import read_retracted  # noqa: PLC0415 - stages load lazily

        return read_retracted(self.layout.identity)

    def merged(self, head: dict[str, Any] | None = None) -> Iterator[Record]:
        """Yield the records with what people corrected and machines suggest, sorted by id.

        Args:
            head: A state of the ledger, as in a release's manifest; None for the present one.

        Raises:
            LedgerError: The ledger does not hold `head`.
        """
        from galley.annotations.merge import merge  # noqa: PLC0415 - stages load lazily
        from galley.annotations.suggestion import read_suggestions  # noqa: PLC0415

        suggestions = read_suggestions(self.layout.suggestions)
        return merge(self.records(), self.ledger.events(head), suggestions)

    def suggest(self) -> int:
        """Propose tags and entities for all records, into `annotations/suggestions.jsonl`.

        Returns:
            For how many records there is a suggestion.
        """
        from galley.annotations.suggestion import write_suggestions  # noqa: PLC0415 - as above

        found = self._suggestions()
        write_suggestions(self.layout.suggestions, found)
        return len(found)

    def _suggestions(self) -> "list[Suggestion]":
        from galley.annotations.suggest import suggest  # noqa: PLC0415 - stages load lazily

        return list(suggest(self.records(), self.taxonomy, labels=self.labels))

    def push(
        self,
        advance: Advance = _silent,
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
        from galley.annotations.suggestion import read_suggestions  # noqa: PLC0415
        from galley.parquet import read_table  # noqa: PLC0415

        selection, records = selection or EVERYTHING, self.records
        if dry_run:
            found = {item.record_id: item for item in self._suggestions()}
            return self._annotations.preview(records(), found, selection=selection)
        self.suggest()
        total, done = read_table(self.layout.out / "records").num_rows, count(1)
        return self._annotations.push(
            records(),
            read_suggestions(self.layout.suggestions),
            selection=selection,
            advance=lambda: advance(next(done), total),
        )

    def pull(self) -> "PullReport":
        """Bring what people did in Label Studio into the ledger.

        Raises:
            ServerError: Label Studio cannot be reached or refuses.
            LedgerError: The annotators' key is missing or another.
        """
        return self._annotations.pull()

    def watch(self, note: Callable[[str], None] = lambda _: None) -> "Iterator[PullReport]":
        """Yield a report at once, and one whenever a pull brought something; it never ends.

        Args:
            note: Is told what goes wrong and will be tried again.

        Raises:
            ServerError: Label Studio refuses.
            LedgerError: The annotators' key is missing or another.
        """
        return self._annotations.watch(note)

    def adopt(self, source: int | Path, *, field: str = "text") -> "AdoptReport":
        """Bring annotations made before Galley into the ledger.

        Args:
            source: The number of a project on the server, or an export in the format JSON.
            field: The name of the text in the tasks' data.

        Raises:
            SourceError: The export cannot be read or is none, or no task has such a text.
            ServerError: Label Studio cannot be reached or refuses.
        """
        built = (self.layout.out / "records").exists()
        return self._annotations.adopt(source, self.records() if built else iter(()), field=field)

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
        )

    def _embedded(self) -> "Access | None":
        from galley.annotations.access import Access  # noqa: PLC0415 - stages load lazily

        status = self.studio.status()
        return None if status is None else Access(status.url, status.token)

    def release(self, version: str | None = None) -> "Outcome":
        """Cut the next release; nothing happens if the newest one holds just this.

        Args:
            version: A version above the computed one.

        Raises:
            ReleaseError: There is nothing to release, or `version` is too low or taken.
        """
        from galley.releases import datasheet  # noqa: PLC0415 - stages load lazily
        from galley.releases.stage import cut  # noqa: PLC0415

        outcome = cut(self.layout.releases, self._material(), version, gates=self._gates())
        if outcome.facts is not None:
            lock = datasheet.read_lock(self.layout.datasheet_lock)
            lock = datasheet.renew(self._datasheet(), outcome.facts, lock)
            datasheet.write_lock(self.layout.datasheet_lock, lock)
        return outcome

    def _gates(self) -> "list[Gate]":
        from galley.annotations.pseudonym import find_annotators  # noqa: PLC0415 - as above
        from galley.releases import gates  # noqa: PLC0415
        from galley.releases.datasheet import read_lock  # noqa: PLC0415

        layout = self.layout
        people = frozenset(event.annotator for event in self.ledger.events())
        key = layout.private / "annotator.key"
        return [
            gates.DatasheetGate(read_lock(layout.datasheet_lock)),
            gates.LeakageGate(self.config.build.near_duplicate),
            gates.AddressGate(find_annotators(key, layout.annotator_fingerprint, people)),
        ]

    def datasheet(self, confirmed: Sequence[str] = ()) -> "list[Issue]":
        """Return which questions of the datasheet wait for an answer, or for another one.

        Args:
            confirmed: Numbers of questions whose answers hold for the present data.

        Raises:
            WorkspaceError: Nothing is built yet.
            ReleaseError: A number is no question that rests on facts.
        """
        from galley.releases import datasheet  # noqa: PLC0415 - stages load lazily
        from galley.releases.stage import make_draft  # noqa: PLC0415

        template, path = self._datasheet(), self.layout.datasheet_lock
        draft = make_draft(self.layout.releases, self._material())
        facts = draft.rows.measure(draft.entries("0.0.0"))
        lock = datasheet.read_lock(path)
        if confirmed:
            lock = datasheet.confirm(template, facts, lock, confirmed)
            datasheet.write_lock(path, lock)
        return [*datasheet.check_blank(template), *datasheet.check_stale(template, facts, lock)]

    def rebuild(self, version: str | None = None) -> "Outcome":
        """Make the data files of a committed release again, bit for bit.

        Args:
            version: The release; None for the newest.

        Raises:
            ReleaseError: There is no such release, or what is here gives other files.
            LedgerError: The ledger does not hold the events that the release was made from.
        """
        from galley.releases.history import find_release  # noqa: PLC0415 - stages load lazily
        from galley.releases.rebuild import rebuild  # noqa: PLC0415

        release = find_release(self.layout.releases, version)
        return rebuild(release, self._material(release.manifest.inputs["ledger"]))

    def retract(self, record_id: str, reason: str, *, dry_run: bool = False) -> "Retraction":
        """Take a record out of the workspace for good, and say what still holds it.

        Args:
            record_id: The record, all 32 digits; or an alias of it.
            reason: Why, in words that may be published.
            dry_run: Only say what would be done.

        Raises:
            WorkspaceError: There is no such record.
        """
        from galley.report.retraction import Retractor  # noqa: PLC0415 - stages load lazily

        retractor = Retractor(self.layout, self.ledger, lambda: self.build().records)
        return retractor.run(record_id, reason, dry_run=dry_run)

    def export(self, out: Path, form: str, version: str | None = None) -> "Export":
        """Write a release in the format of another program, one file for each split.

        Args:
            out: The folder to write to.
            form: `jsonl`, `conll`, `spacy` or `csv`.
            version: The release; None for the newest.

        Raises:
            ReleaseError: There is no such release, or its data files are not there.
        """
        from galley.releases.export import export  # noqa: PLC0415 - stages load lazily
        from galley.releases.history import find_release  # noqa: PLC0415

        return export(find_release(self.layout.releases, version), out, form=form)

    def standoff(self, out: Path, version: str | None = None) -> int:
        """Write a release without its texts into the folder `out`; return its records' number.

        Raises:
            ReleaseError: There is no such release, its data files are not there, or `out` holds
                something else.
        """
        from galley.releases.history import find_release  # noqa: PLC0415 - stages load lazily
        from galley.releases.standoff import write_standoff  # noqa: PLC0415

        return write_standoff(find_release(self.layout.releases, version), out)

    def rejoin(self, standoff: Path, out: Path) -> "Rejoined":
        """Put the labels of a standoff release onto the records as built here.

        Raises:
            ReleaseError: `standoff` holds no standoff release, or a damaged one.
        """
        from galley.releases.standoff import rejoin  # noqa: PLC0415 - stages load lazily

        return rejoin(standoff, self.records(), out)

    def diff(self, old: str | None = None, new: str = ".") -> "Comparison":
        """Return how two releases differ.

        Args:
            old: A version; `.` for what would be released now; None for the newest release.
            new: As `old`.

        Raises:
            ReleaseError: There is no such release.
        """
        from galley.releases.comparison import compare_snapshots  # noqa: PLC0415 - as above

        return compare_snapshots(self._snapshot(old), self._snapshot(new))

    def _snapshot(self, name: str | None) -> "Snapshot":
        from galley.releases.history import find_release  # noqa: PLC0415 - stages load lazily
        from galley.releases.snapshot import WORKING, of_draft, of_release  # noqa: PLC0415
        from galley.releases.stage import make_draft  # noqa: PLC0415

        if name == WORKING:
            return of_draft(make_draft(self.layout.releases, self._material()))
        return of_release(find_release(self.layout.releases, name))

    @staticmethod
    def verify(place: Path | str) -> "list[Issue]":
        """Return what is wrong with a release; it needs no workspace.

        Args:
            place: The folder of one version, or `hf://datasets/ORG/NAME@vVERSION`.

        Raises:
            ReleaseError: There is no release at `place`, or the Hub cannot be read.
        """
        if str(place).startswith("hf:"):
            from galley.releases.verify_hub import HubRevision, verify_hub  # noqa: PLC0415 - as above

            return verify_hub(HubRevision.parse(str(place)))
        from galley.releases.verify import verify  # noqa: PLC0415 - stages load lazily

        return verify(Path(place))

    def publish(self, version: str | None = None, *, to: str, confirm: "Confirm") -> "Plan":
        """Publish a release on the Hub or into a folder.

        Args:
            version: The release; None for the newest.
            to: `ORG/NAME` on the Hub, or `file://DIR`.
            confirm: Is shown what would happen; nothing does if it returns False.

        Raises:
            ReleaseError: The release is not sound, is published with other content, or the Hub
                fails for too long.
        """
        from galley.releases.history import find_release  # noqa: PLC0415 - stages load lazily
        from galley.releases.staging import stage  # noqa: PLC0415
        from galley.releases.target import open_target  # noqa: PLC0415

        target = open_target(to)
        release = find_release(self.layout.releases, version)
        with stage(release, licenses=self.config.release.publishable) as staged:
            return target.publish(staged, confirm)

    @staticmethod
    def yank(version: str, *, to: str, confirm: "Confirm") -> "Plan":
        """Take a published version away; see `publish` for `to` and `confirm`.

        Raises:
            ReleaseError: There is no such version, or the Hub fails for too long.
        """
        from galley.releases.target import open_target  # noqa: PLC0415 - stages load lazily

        return open_target(to).yank(version, confirm)

    @staticmethod
    def rollback(version: str, *, to: str, confirm: "Confirm") -> "Plan":
        """Make a published version current again; see `publish` for `to` and `confirm`.

        Raises:
            ReleaseError: There is no such version, or the Hub fails for too long.
        """
        from galley.releases.target import open_target  # noqa: PLC0415 - stages load lazily

        return open_target(to).rollback(version, confirm)

    def compatibility(self, against: str | None = None) -> "list[Compatibility]":
        """Return whether releases can be read by the present schema, by version.

        Args:
            against: A version, the folder of a release, or a schema file; None for all releases.

        Raises:
            ReleaseError: There is no such release, or its data files are damaged.
        """
        from galley.releases.compatibility import Reader, compare_releases  # noqa: PLC0415 - as above

        labels, tags = tuple(self.labels.names), self.taxonomy.names
        reader = Reader(self.contract, labels, tags, sha256_file(self.layout.tags))
        return compare_releases(self.layout.releases, reader, against)

    def _material(self, head: dict[str, Any] | None = None) -> "Material":
        """Return what a release is made from, with the ledger at `head` or as it is."""
        from galley.releases.material import Material, find_date  # noqa: PLC0415 - as above

        layout = self.layout
        files = {
            "taxonomy": layout.tags,
            "labels": layout.entities,
            "suggestions": layout.suggestions,
            "datasheet": layout.datasheet,
        }
        return Material(
            records=self.merged(head=head),
            contract=self.contract,
            labels=self.labels,
            config=self.config,
            datasheet=self._datasheet(),
            ledger=self.ledger.head() if head is None else head,
            date=find_date(event.at for event in self.ledger.events()),
            hashes={
                name: sha256_file(file) if file.exists() else None for name, file in files.items()
            },
        )

    def _datasheet(self) -> str:
        try:
            return self.layout.datasheet.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise WorkspaceError(
                f"cannot read {self.layout.datasheet}: {error}",
                code="no_datasheet",
                hint="`galley init DIR` lays one out: copy it and answer its questions",
            ) from error

    def build(
        self, *, out: Path | None = None, force: bool = False, advance: Advance = _silent
    ) -> "BuildSummary":
        """Read the raw files that `build/sources.toml` names and write their records.

        Args:
            out: Where to write; None for `build/out`.
            force: Whether to build although nothing changed.
            advance: Is told how many of how many files are done.

        Raises:
            SchemaError: The schema cannot be used.
            ConfigError: `build/sources.toml` cannot be read.
            SourceError: A raw file is missing or cannot be read.
        """
        from galley.build.stage import BuildPlan, run_build  # noqa: PLC0415 - stages load lazily

        plan = BuildPlan(
            files=self._files(),
            out=out or self.layout.out,
            contract=self.contract,
            config=self.config.build,
            identity=self.layout.identity,
            force=force,
        )
        return run_build(plan, advance)

    def inspect(self, path: Path) -> "Inspection":
        """Read one raw file as the build does, and say why; nothing is written.

        Raises:
            ConfigError: `build/sources.toml` cannot be read.
            SourceError: There is no such file.
        """
        from galley.build.inspect import locate  # noqa: PLC0415 - stages load lazily
        from galley.build.source import load_sources  # noqa: PLC0415
        from galley.report.lookup import name_known  # noqa: PLC0415

        file = locate(path, load_sources(self.layout.sources, self.contract), self.layout.build)
        found = _inspect(file, self.contract)
        name_known(found.records, self.layout.out, file=file.name, sha256=found.sha256)
        return found

    def dossier(self, word: str) -> "Dossier":
        """Return all that is known of the record whose id begins with `word`.

        Raises:
            WorkspaceError: There is no such record, or more than one; or nothing is built yet.
        """
        from galley.annotations.merge import merge  # noqa: PLC0415 - stages load lazily
        from galley.annotations.suggestion import read_suggestions  # noqa: PLC0415
        from galley.report.dossier import compile_dossier  # noqa: PLC0415

        suggestions = read_suggestions(self.layout.suggestions)
        return compile_dossier(
            self.layout.out,
            word,
            identity=self.layout.identity,
            merge=lambda records: merge(records, self.ledger.events(), suggestions),
        )

    @cached_property
    def quarantine(self) -> "Quarantine":
        """What the last build refused, and whether it still would be."""
        from galley.build.quarantine import Quarantine  # noqa: PLC0415 - stages load lazily
        from galley.schema.check import Checker  # noqa: PLC0415

        return Quarantine(self.layout.out, self._files, Checker(self.contract))

    def _files(self) -> "list[SourceFile]":
        from galley.build.source import find_files, load_sources  # noqa: PLC0415 - as above

        return find_files(load_sources(self.layout.sources, self.contract), self.layout.build)


def inspect_path(path: Path) -> "Inspection":
    """Read one raw file without a workspace, by the default schema, and say why.

    Raises:
        SourceError: There is no such file.
    """
    from galley.build.inspect import locate  # noqa: PLC0415 - stages load lazily

    return _inspect(locate(path, (), path.parent), Contract.default())


def _inspect(file: "SourceFile", contract: Contract) -> "Inspection":
    from galley.build.inspect import inspect  # noqa: PLC0415 - stages load lazily
    from galley.schema.check import Checker  # noqa: PLC0415

    return inspect(file, file.path.read_bytes(), checker=Checker(contract))


def build_paths(
    paths: Sequence[Path], *, out: Path, force: bool = False, advance: Advance = _silent
) -> tuple["BuildSummary", float]:
    """Build the raw files at `paths` without a workspace, by the default schema.

    Args:
        paths: Files, and folders with all below them.
        out: Where to write.
        force: Whether to build although nothing changed.
        advance: Is told how many of how many files are done.

    Returns:
        What was built, and the share of files that may be quarantined.

    Raises:
        SourceError: A path does not exist or cannot be read.
    """
    from galley.build.source import expand_paths  # noqa: PLC0415 - stages load lazily
    from galley.build.stage import BuildPlan, run_build  # noqa: PLC0415

    config = load_config(None).build
    plan = BuildPlan(expand_paths(paths, out=out), out, Contract.default(), config, force=force)
    return run_build(plan, advance), config.max_quarantine
