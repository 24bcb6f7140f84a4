"""`galley build`."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from galley.cli.output import Output, with_output, with_workspace
from galley.config import ENGINES
from galley.errors import GalleyError
from galley.files import locate
from galley.lean import give_back, without_pandas

if TYPE_CHECKING:
    from galley.build.stage import BuildSummary
    from galley.desk import Workspace

_QUOTE = 100  # characters of a line that was learned


@click.command("build")
@click.argument("paths", nargs=-1, type=locate, metavar="[PATH]...")
@click.option("--out", type=locate, metavar="DIR", help="Where to write the records.")
@click.option("--engine", type=click.Choice(ENGINES), help="What runs the build.")
@click.option("--force", is_flag=True, help="Build although nothing changed.")
@click.option("--learn", is_flag=True, help="Learn what pages repeat; builds nothing.")
@click.option("--profile", is_flag=True, help="Say what each step took.")
@with_workspace
@with_output
def command(  # noqa: PLR0913 - one argument an option
    paths: tuple[Path, ...],
    *,
    out: Path | None,
    engine: str | None,
    force: bool,
    learn: bool,
    profile: bool,
    folder: Path,
    output: Output,
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
    from galley.desk import Workspace  # noqa: PLC0415 - after --help
    from galley.workspace.building import build_paths  # noqa: PLC0415

    if learn:
        if paths or out or force:
            raise click.UsageError("--learn goes with no PATH, --out or --force")
        return _learn(Workspace.open(folder), output)
    if paths and out is None:
        raise GalleyError(
            "a build of a PATH needs --out", code="usage", hint="add `--out DIR` for the records"
        )
    stale: dict[str, float] = {}
    with without_pandas(), output.progress("reading") as advance:
        if paths and out is not None:
            summary, allowed = build_paths(
                paths, out=out, engine=engine, force=force, advance=advance
            )
        else:
            workspace = Workspace.open(folder)
            summary = workspace.build(out=out, engine=engine, force=force, advance=advance)
            allowed = workspace.config.build.max_quarantine
            stale = workspace.stale_profiles()
    _tell(summary, stale, output=output, profile=profile)
    if not summary.files:
        output.warning(f"there is no file in {', '.join(map(str, paths))}")
    return int(summary.rejected > allowed * max(summary.files, 1))


def _tell(
    summary: "BuildSummary", stale: dict[str, float], *, output: Output, profile: bool
) -> None:
    """Say what was built, what was refused, and what is to be learned again."""
    done = "built" if summary.fresh else "up to date:"
    output.result(
        {
            **summary.to_json(),
            "stale_profiles": sorted(stale),
            **({"profile": summary.profile()} if profile else {}),
        },
        f"{done} {summary.records} records from {summary.files} files in {summary.out}",
        *(_table(summary.profile()) if profile else ()),
    )
    if summary.quarantined:
        listing = summary.out / "quarantine.jsonl"
        output.warning(f"{summary.quarantined} quarantined, with their reasons in {listing}")
    for name, share in stale.items():
        again = "`galley build --learn` learns it again"
        output.warning(f"the profile of {name} is old, {share:.0%} of its files are new: {again}")


def _table(profile: dict[str, dict[str, float]]) -> Iterator[str]:
    """Yield the lines of a table: what each step took, in seconds of a processor."""
    yield f"{'step':9} {'seconds':>9} {'MB':>9} {'MB/s':>9}"
    for name, step in profile.items():
        seconds, size = step["seconds"], step["bytes"] / 1e6
        rate = f"{size / seconds:9,.1f}" if seconds and size else ""
        yield f"{name:9} {seconds:9.2f} {size or '':{'9,.1f' if size else '9'}} {rate}".rstrip()


def _learn(workspace: "Workspace", output: Output) -> int:
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
