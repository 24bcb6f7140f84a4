"""`galley build`."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from galley.cli.output import Output, safe, with_output, with_workspace
from galley.config import ENGINES
from galley.errors import GalleyError
from galley.files import locate
from galley.lean import collect_seldom, give_back, without_pandas

if TYPE_CHECKING:
    from galley.build.plan import Rehearsal
    from galley.build.stage import BuildSummary
    from galley.workspace.building import Building

_QUOTE = 100  # characters of a line that was learned
_NAMED = 3  # files of no source that are named
_PARTS = 6  # shares that are said


@click.command("build")
@click.argument("paths", nargs=-1, type=locate, metavar="[PATH]...")
@click.option("--out", type=locate, metavar="DIR", help="Where to write the records.")
@click.option("--engine", type=click.Choice(ENGINES), help="What runs the build.")
@click.option("--force", is_flag=True, help="Build although nothing changed.")
@click.option("--learn", is_flag=True, help="Learn what pages repeat; builds nothing.")
@click.option("--profile", is_flag=True, help="Say what each step took.")
@click.option("--dry-run", is_flag=True, help="Say what would be read and written, and do nothing.")
@with_workspace
@with_output
def command(  # noqa: PLR0913 - one argument an option
    paths: tuple[Path, ...],
    *,
    out: Path | None,
    learn: bool,
    profile: bool,
    dry_run: bool,
    folder: Path,
    output: Output,
    **how: Any,
) -> int:
    """Read raw files and write records.

    Without a PATH, reads what build/sources.toml of the workspace names and writes build/out/.
    With one or more PATHs (files or folders) no workspace is needed, and --out says where to
    write. A PATH and DIR may also lie elsewhere: s3://bucket/folder. Exit code 1 means that
    more files were quarantined than `max_quarantine` allows.

    With --learn, nothing is built: what the text dumps of a source repeat from article to
    article (notices, plugs, menus) is written to build/profiles/, which builds then read.
    """
    give_back()
    collect_seldom()
    # After --help; a whole `Workspace` knows of annotations and releases, too.
    from galley.workspace.building import (  # noqa: PLC0415
        Building,
        build_paths,
        rehearse_paths,
    )

    if learn:
        if paths or out or how["force"] or dry_run:
            raise click.UsageError("--learn goes with no PATH, --out, --force or --dry-run")
        return _learn(Building.open(folder), output)
    if paths and out is None:
        raise GalleyError(
            "a build of a PATH needs --out", code="usage", hint="add `--out DIR` for the records"
        )
    workspace = None if paths and out else Building.open(folder)
    if dry_run:
        at = {"out": out, **how}
        return _rehearse(
            workspace.rehearse_build(**at) if workspace else rehearse_paths(paths, **at), output
        )
    with without_pandas(), output.progress("reading") as advance:
        if workspace is None:
            summary, allowed = build_paths(paths, out=cast("Path", out), advance=advance, **how)
            asides = _Asides()
        else:
            summary = workspace.build(out=out, advance=advance, **how)
            allowed = workspace.config.build.max_quarantine
            asides = _Asides(workspace.stale_profiles(), workspace.unnamed_files(), own=out is None)
    _tell(summary, asides, output=output, profile=profile)
    if not summary.files:
        output.warning(f"there is no file in {', '.join(map(str, paths))}")
    return int(summary.rejected > allowed * max(summary.files, 1))


@dataclass(frozen=True)
class _Asides:
    """What a workspace knows beside what was built.

    Attributes:
        stale: Sources whose profiles are out of date, with the share of their files that is new.
        unnamed: Raw files of no source.
        own: Whether the records went where the other commands look for them.
    """

    stale: dict[str, float] = field(default_factory=dict)
    unnamed: list[str] = field(default_factory=list)
    own: bool = False


def _rehearse(found: "Rehearsal", output: Output) -> int:
    """Say what would be read and written."""
    would = f"would read {found.unread} of {found.files} files and write to {found.out}"
    why = ", ".join(found.why)
    said = f"{would}: {why}" if why else f"up to date: nothing would be written to {found.out}"
    output.result(found.to_json(), said)
    return 0


def _tell(summary: "BuildSummary", asides: _Asides, *, output: Output, profile: bool) -> None:
    """Say what was built, what was refused or passed over, and what is to be learned again."""
    done = "built" if summary.fresh else "up to date:"
    output.result(
        {
            **summary.to_json(),
            "stale_profiles": sorted(asides.stale),
            "unnamed_files": asides.unnamed,
            **({"profile": summary.profile()} if profile else {}),
        },
        f"{done} {summary.records} records from {summary.files} files in {summary.out}",
        *_versions(summary.outdated),
        *_shares(summary.parts),
        *(_table(summary.profile()) if profile else ()),
    )
    if summary.quarantined:
        listing = summary.out / "quarantine.jsonl"
        see = (
            "`galley quarantine list` says why"
            if asides.own
            else f"with their reasons in {listing}"
        )
        output.warning(f"{summary.quarantined} quarantined: {see}")
    if unnamed := asides.unnamed:
        some = ", ".join(safe(name) for name in unnamed[:_NAMED])
        more = ", …" if len(unnamed) > _NAMED else ""
        said = "raw file is" if len(unnamed) == 1 else "raw files are"
        hint = "build/sources.toml names what is read"
        output.warning(f"{len(unnamed)} {said} of no source: {some}{more}; {hint}")
    for name, share in asides.stale.items():
        again = "`galley build --learn` learns it again"
        output.warning(f"the profile of {name} is old, {share:.0%} of its files are new: {again}")


def _versions(outdated: int) -> Iterator[str]:
    """Yield that articles are no records of their own: an address is that of one article."""
    if outdated:
        are = "article is another version" if outdated == 1 else "articles are other versions"
        yield f"{outdated} more {are} of these records, with the same address or title: one is kept"


def _shares(parts: dict[str, int]) -> Iterator[str]:
    """Yield what became of the bytes, the largest parts first."""
    every = sum(parts.values())
    if every:
        largest = sorted(parts.items(), key=lambda item: (-item[1], item[0]))[:_PARTS]
        shares = ", ".join(f"{part.replace('_', ' ')} {size / every:.1%}" for part, size in largest)
        yield f"every byte has its part: {shares}{', …' if len(parts) > _PARTS else ''}"


def _table(profile: dict[str, dict[str, float]]) -> Iterator[str]:
    """Yield the lines of a table: what each step took, in seconds of a processor."""
    yield f"{'step':9} {'seconds':>9} {'MB':>9} {'MB/s':>9}"
    for name, step in profile.items():
        seconds, size = step["seconds"], step["bytes"] / 1e6
        rate = f"{size / seconds:9,.1f}" if seconds and size else ""
        yield f"{name:9} {seconds:9.2f} {size or '':{'9,.1f' if size else '9'}} {rate}".rstrip()


def _learn(workspace: "Building", output: Output) -> int:
    from galley.report.visible import escape  # noqa: PLC0415 - after --help

    with output.progress("reading") as advance:
        learned = workspace.learn(advance=advance)
    lines: list[str] = []
    for item in learned:
        profile = item.profile
        lines.append(
            f"{profile.source}: {len(profile.lines)} lines stand with {profile.least} or more of"
            f" {profile.articles} articles ({profile.files} files) → {item.path}"
        )
        lines += [f"  {escape(quote)[:_QUOTE]}" for quote in item.quotes]
    if not learned:
        lines.append("no source has text dumps to learn from")
    output.result({"sources": [item.to_json() for item in learned]}, *lines)
    return 0
