"""What a workspace does with raw files: build them, show them, show what was refused."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from galley.config import BuildConfig
from galley.errors import WorkspaceError
from galley.schema.contract import Contract
from galley.settings import load_config
from galley.workspace.advance import Advance, silent
from galley.workspace.base import Base

if TYPE_CHECKING:
    from galley.build.dump.learning import Learned
    from galley.build.inspect import Inspection
    from galley.build.plan import BuildPlan, Rehearsal
    from galley.build.quarantine import Quarantine
    from galley.build.source import Source, SourceFile
    from galley.build.stage import BuildSummary
    from galley.report.dossier import Dossier


class Building(Base):
    """From raw files to records."""

    def build(
        self,
        *,
        out: Path | None = None,
        engine: str | None = None,
        force: bool = False,
        advance: Advance = silent,
    ) -> "BuildSummary":
        """Read the raw files that `build/sources.toml` names and write their records.

        Args:
            out: Where to write; None for `build/out`.
            engine: `local` or `ray`; None for what the settings say.
            force: Whether to build although nothing changed.
            advance: Is told how many of how many files are done.

        Raises:
            SchemaError: The schema cannot be used.
            ConfigError: `build/sources.toml` cannot be read.
            SourceError: A raw file is missing or cannot be read.
            WorkspaceError: The registry of ids is gone, and the ledger is not.
        """
        from galley.build.stage import run_build  # noqa: PLC0415 - stages load lazily

        return run_build(self._plan(out, engine, force=force), advance)

    def rehearse_build(
        self, *, out: Path | None = None, engine: str | None = None, force: bool = False
    ) -> "Rehearsal":
        """Return what `build` would do; nothing is written.

        Raises:
            ConfigError: `build/sources.toml` cannot be read.
            SourceError: A raw file is missing or cannot be read.
        """
        from galley.build.plan import rehearse  # noqa: PLC0415 - stages load lazily

        return rehearse(self._plan(out, engine, force=force))

    def unnamed_files(self) -> list[str]:
        """Return the files below `build/raw` that no source names: no build reads them.

        Returns:
            Their paths below `build/`, in order; hidden files, and those called README or
            LICENSE, are meant for people.
        """
        from galley.build.freshness import find_unnamed  # noqa: PLC0415 - stages load lazily

        return find_unnamed(self._sources(), self.layout.build)

    def learn(self, *, advance: Advance = silent) -> "list[Learned]":
        """Learn what the text dumps of each source repeat, and write `build/profiles`.

        Args:
            advance: Is told how many of how many files are done.

        Returns:
            What was learned, by the source's name; nothing of a source without text dumps.

        Raises:
            ConfigError: `build/sources.toml` cannot be read.
            SourceError: A raw file is missing or cannot be read.
        """
        from galley.build.dump.learning import learn  # noqa: PLC0415 - stages load lazily
        from galley.build.source import find_files, load_sources  # noqa: PLC0415

        files = find_files(load_sources(self.layout.sources, self.contract), self.layout.build)
        return learn(files, self.layout.profiles, config=self.config.build, advance=advance)

    def stale_profiles(self) -> "dict[str, float]":
        """Return the sources that have changed since their profiles were learned.

        Returns:
            For each of them, by name, about which share of its files is new.
        """
        from galley.build.source import find_stale  # noqa: PLC0415 - stages load lazily

        learned = any(source.profile for source in self._sources())
        return find_stale(self._files()) if learned else {}

    def inspect(self, path: Path) -> "Inspection":
        """Read one raw file as the build does, and say why; nothing is written.

        Raises:
            ConfigError: `build/sources.toml` cannot be read.
            SourceError: There is no such file.
        """
        from galley.build.inspect import locate  # noqa: PLC0415 - stages load lazily
        from galley.report.lookup import name_known  # noqa: PLC0415

        file = locate(path, self._sources(), self.layout.build)
        found = _inspect(file, self.contract, self.config.build.max_bytes)
        name_known(found.records, self.layout.out, file=file.name, sha256=found.sha256)
        return found

    def dossier(self, word: str) -> "Dossier":
        """Return all that is known of the record whose id begins with `word`.

        Raises:
            WorkspaceError: There is no such record, or more than one; or nothing is built yet.
        """
        from galley.report.dossier import compile_dossier  # noqa: PLC0415 - stages load lazily

        return compile_dossier(
            self.layout.out,
            word,
            identity=self.layout.identity,
            merge=self._merge,
        )

    @cached_property
    def quarantine(self) -> "Quarantine":
        """What the last build refused, and whether it still would be."""
        from galley.build.quarantine import Quarantine  # noqa: PLC0415 - stages load lazily
        from galley.schema.check import Checker  # noqa: PLC0415

        limit = self.config.build.max_bytes
        return Quarantine(self.layout.out, self._files, Checker(self.contract), limit)

    def _plan(self, out: Path | None, engine: str | None, *, force: bool) -> "BuildPlan":
        from galley.build.plan import BuildPlan  # noqa: PLC0415 - stages load lazily

        self._refuse_lost_registry()
        return BuildPlan(
            files=self._files(),
            out=out or self.layout.out,
            contract=self.contract,
            config=_on(engine, self.config.build),
            identity=self.layout.identity,
            force=force,
        )

    def _refuse_lost_registry(self) -> None:
        """Refuse to give ids anew where people's work stands under the old ones."""
        registry = self.layout.identity
        if not registry.exists() and any(self.layout.ledger.glob("*.jsonl")):
            raise WorkspaceError(
                f"{registry} is gone: which id is whose, and what was retracted, stood there, "
                "and annotations/ledger has people's work under these ids",
                code="registry_lost",
                hint="restore it from git; without one, only a workspace without a ledger is new",
            )

    def _files(self) -> "list[SourceFile]":
        from galley.build.source import find_files  # noqa: PLC0415 - stages load lazily

        return find_files(self._sources(), self.layout.build)

    def _sources(self) -> "list[Source]":
        from galley.build.source import load_sources, with_profiles  # noqa: PLC0415 - as above

        sources = load_sources(self.layout.sources, self.contract)
        return with_profiles(sources, self.layout.profiles)


def inspect_path(path: Path) -> "Inspection":
    """Read one raw file without a workspace, by the default schema, and say why.

    Raises:
        SourceError: There is no such file.
    """
    from galley.build.inspect import locate  # noqa: PLC0415 - stages load lazily

    limit = load_config(None).build.max_bytes
    return _inspect(locate(path, (), path.parent), Contract.default(), limit)


def _inspect(file: "SourceFile", contract: Contract, max_bytes: int) -> "Inspection":
    from galley.build.inspect import inspect  # noqa: PLC0415 - stages load lazily
    from galley.schema.check import Checker  # noqa: PLC0415

    data = file.path.read_bytes()
    return inspect(file, data, checker=Checker(contract), max_bytes=max_bytes)


def build_paths(
    paths: Sequence[Path],
    *,
    out: Path,
    engine: str | None = None,
    force: bool = False,
    advance: Advance = silent,
) -> tuple["BuildSummary", float]:
    """Build the raw files at `paths` without a workspace, by the default schema.

    Args:
        paths: Files, and folders with all below them.
        out: Where to write.
        engine: `local` or `ray`; None for what the environment says.
        force: Whether to build although nothing changed.
        advance: Is told how many of how many files are done.

    Returns:
        What was built, and the share of files that may be quarantined.

    Raises:
        SourceError: A path does not exist or cannot be read.
    """
    from galley.build.stage import run_build  # noqa: PLC0415 - stages load lazily

    config = _on(engine, load_config(None).build)
    # The plan is handed over, not kept: a build lets go of its files.
    return run_build(_plan_paths(paths, out, config, force=force), advance), config.max_quarantine


def rehearse_paths(
    paths: Sequence[Path], *, out: Path, engine: str | None = None, force: bool = False
) -> "Rehearsal":
    """Return what `build_paths` would do; nothing is written.

    Raises:
        SourceError: A path does not exist or cannot be read.
    """
    from galley.build.plan import rehearse  # noqa: PLC0415 - stages load lazily

    config = _on(engine, load_config(None).build)
    return rehearse(_plan_paths(paths, out, config, force=force))


def _plan_paths(
    paths: Sequence[Path], out: Path, config: BuildConfig, *, force: bool
) -> "BuildPlan":
    from galley.build.plan import BuildPlan  # noqa: PLC0415 - stages load lazily
    from galley.build.source import expand_paths  # noqa: PLC0415

    return BuildPlan(expand_paths(paths, out=out), out, Contract.default(), config, force=force)


def _on(engine: str | None, config: BuildConfig) -> BuildConfig:
    """Return `config` with the engine that was asked for."""
    return replace(config, engine=engine) if engine else config
