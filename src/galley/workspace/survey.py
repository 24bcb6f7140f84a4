"""What `galley status` looks at, each thing once, and only if somebody asks."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from galley.manifest import Manifest, hash_records
from galley.workspace.base import Base

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from galley.annotations.progress import Progress
    from galley.annotations.standing import Standing
    from galley.build.freshness import RawFiles
    from galley.build.source import Source
    from galley.record import Record
    from galley.releases.history import Release
    from galley.releases.lag import Lag

_COLUMNS = ["id", "text_sha256", "source_tags", "listing_tags"]
_ROWS = 1000  # of which the texts are in memory at a time
# Facts that answers of the datasheet rest on, and the columns that show them.
_FACTS = {"publishers": "publisher", "languages": "language", "licenses": "license"}


@dataclass(frozen=True)
class Survey:
    """A look at a workspace, column by column: as quick with any number of records.

    Attributes:
        of: The workspace.
    """

    of: Base

    @cached_property
    def build(self) -> Manifest | None:
        """The manifest of the last build."""
        return Manifest.load(self.of.layout.out)

    @cached_property
    def sources(self) -> "list[Source]":
        """The sources of the raw files; none where nobody has named any."""
        from galley.build.source import load_sources, with_profiles  # noqa: PLC0415 - lazily

        layout = self.of.layout
        if not layout.sources.exists():
            return []
        return with_profiles(load_sources(layout.sources, self.of.contract), layout.profiles)

    @cached_property
    def raw(self) -> "RawFiles | None":
        """The raw files, beside those of the last build."""
        from galley.build.freshness import look_at  # noqa: PLC0415 - stages load lazily

        return (
            look_at(self.sources, self.of.layout.build, self.of.layout.out)
            if self.sources
            else None
        )

    @cached_property
    def source_files(self) -> int | None:
        """How many raw files there are: where they lie elsewhere, how many were read."""
        if self.raw is not None and self.raw.number is not None:
            return self.raw.number
        return None if self.build is None else int(self.build.facts["files"])

    @cached_property
    def changed_inputs(self) -> list[str]:
        """What of the build's inputs is not as it was, the raw files aside."""
        from galley.build.plan import BuildPlan  # noqa: PLC0415 - stages load lazily
        from galley.build.source import SourceFile  # noqa: PLC0415

        if self.build is None or not self.sources:
            return []
        files = [SourceFile(self.of.layout.build, source.name, source) for source in self.sources]
        layout, config = self.of.layout, self.of.config.build
        plan = BuildPlan(files, layout.out, self.of.contract, config, layout.identity)
        return plan.changed(self.build)

    @cached_property
    def records(self) -> "pa.Table":
        """Some columns of the records as built, the retracted ones left out."""
        import pyarrow as pa  # noqa: PLC0415 - slow to import

        from galley.parquet import read_table  # noqa: PLC0415
        from galley.schema.arrow import arrow_schema  # noqa: PLC0415

        if self.build is None:
            schema = arrow_schema(self.of.contract)
            return pa.schema([schema.field(name) for name in _COLUMNS]).empty_table()
        columns = [*_COLUMNS, *_FACTS.values()]
        table = read_table(self.of.layout.out / "records", columns)
        gone = self.of._retracted()  # noqa: SLF001 - of the same package
        return pick(table, gone, others=True) if gone else table

    def texts(self, ids: frozenset[str]) -> "Iterator[Record]":
        """Yield `id`, `text` and `text_sha256` of some records."""
        from galley.parquet import read_batches  # noqa: PLC0415 - slow to import

        columns = ["id", "text", "text_sha256"]
        for batch in read_batches(self.of.layout.out / "records", _ROWS, columns):
            yield from pick(batch, ids).to_pylist()

    @cached_property
    def progress(self) -> "Progress":
        """How far people are."""
        from galley.annotations.progress import measure_progress  # noqa: PLC0415 - lazily

        aliases = self.of._aliases()  # noqa: SLF001 - of the same package
        return measure_progress(self.of.layout.ledger, self.records, aliases)

    @cached_property
    def standing(self) -> "Standing | None":
        """What the last push from this machine left."""
        from galley.annotations.standing import Standing  # noqa: PLC0415 - stages load lazily

        return Standing.read(self.of.layout)

    @cached_property
    def standing_now(self) -> "Standing":
        """What a push would leave now."""
        from galley.annotations.standing import Standing  # noqa: PLC0415 - stages load lazily

        return Standing.now(self.of.layout, len(self.records))

    @cached_property
    def release(self) -> "Release | None":
        """The newest release."""
        from galley.releases.history import list_releases  # noqa: PLC0415 - stages load lazily

        return max(list_releases(self.of.layout.releases), key=lambda it: it.version, default=None)

    def rows_of(self, version: str) -> int:
        """Return how many records a release holds; 0 for one that is not here."""
        manifest = Manifest.load(self.of.layout.releases / version)
        return sum(manifest.facts["configs"]["all"].values()) if manifest else 0

    @cached_property
    def grounds(self) -> dict[str, Any]:
        """What the newest release stands for: as found out here, else as its manifest says."""
        from galley.releases.grounds import Grounds  # noqa: PLC0415 - stages load lazily

        if self.release is None:
            return {}
        known = Grounds.read(self.of.layout)
        if known is not None and known.version == str(self.release.version):
            return known.inputs
        return self.release.manifest.inputs

    @cached_property
    def unreleased_events(self) -> int:
        """How many events the ledger has that the newest release does not know of."""
        head = self.grounds["ledger"]["files"] if self.grounds else {}
        return sum(max(0, n - head.get(name, 0)) for name, n in self.progress.events.items())

    @cached_property
    def changed_since_release(self) -> list[str]:
        """What goes into a release and is not as it was, events aside."""
        from galley.releases import grounds  # noqa: PLC0415 - as above

        if self.release is None:
            return []
        of, then = self.of, self.grounds
        now: dict[str, Any] = {
            **grounds.hash_sources(of.layout),
            "migrations": grounds.hash_migrations(of.layout) or None,
            "schema": of.contract.sha256,
            "settings": grounds.list_settings(of.config, of._policies.to_json()),  # noqa: SLF001
        }
        if grounds.BUILT in then and self.build is not None and not self.lag.changes:
            now[grounds.BUILT] = hash_records(of.layout.out)
        return [name for name in now if then.get(name) != now[name]]

    @cached_property
    def lag(self) -> "Lag":
        """How the records as built differ from those of the newest release."""
        from galley.releases.lag import Lag, measure_lag  # noqa: PLC0415 - stages load lazily

        return Lag(0, 0, 0) if self.release is None else measure_lag(self.release, self.records)

    @cached_property
    def blank_answers(self) -> list[str]:
        """The questions of the datasheet that nobody has answered."""
        from galley.releases.datasheet import check_blank  # noqa: PLC0415 - stages load lazily

        return [issue.path.split(": ")[1].split()[0] for issue in check_blank(self._datasheet)]

    @cached_property
    def stale_answers(self) -> list[str]:
        """The questions whose answers were given for other data, as far as columns tell."""
        import pyarrow.compute as pc  # noqa: PLC0415 - slow to import

        from galley.releases.datasheet import check_names, read_lock  # noqa: PLC0415
        from galley.releases.facts import UNKNOWN  # noqa: PLC0415

        lock = read_lock(self.of.layout.datasheet_lock)
        if self.build is None or not lock:
            return []
        names = {
            fact: [name or UNKNOWN for name in pc.unique(self.records[column]).to_pylist()]
            for fact, column in _FACTS.items()
        }
        return list(check_names(self._datasheet, names, lock))

    @property
    def _datasheet(self) -> str:
        path = self.of.layout.datasheet
        return path.read_text(encoding="utf-8") if path.exists() else ""


def pick(table: Any, ids: frozenset[str], *, others: bool = False) -> Any:
    """Return the rows with these ids, or the others."""
    import pyarrow as pa  # noqa: PLC0415 - slow to import
    import pyarrow.compute as pc  # noqa: PLC0415

    found = pc.is_in(table["id"], pa.array(ids, pa.string()))
    return pc.filter(table, pc.invert(found) if others else found)
