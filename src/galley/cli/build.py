"""`galley build`."""

from collections.abc import Iterator
from pathlib import Path

import click

from galley.cli.output import Output, with_output, with_workspace
from galley.config import ENGINES
from galley.errors import GalleyError
from galley.files import locate


@click.command("build")
@click.argument("paths", nargs=-1, type=locate, metavar="[PATH]...")
@click.option("--out", type=locate, metavar="DIR", help="Where to write the records.")
@click.option("--engine", type=click.Choice(ENGINES), help="What runs the build.")
@click.option("--force", is_flag=True, help="Build although nothing changed.")
@click.option("--profile", is_flag=True, help="Say what each step took.")
@with_workspace
@with_output
def command(  # noqa: PLR0913 - one argument an option
    paths: tuple[Path, ...],
    out: Path | None,
    *,
    engine: str | None,
    force: bool,
    profile: bool,
    folder: Path,
    output: Output,
) -> int:
    """Read raw files and write records.

    Without a PATH, reads what build/sources.toml of the workspace names and writes build/out/.
    With one or more PATHs (files or folders) no workspace is needed, and --out says where to
    write. A PATH and DIR may also lie elsewhere: s3://bucket/folder. Exit code 1 means that
    more files were quarantined than `max_quarantine` allows.
    """
    from galley.desk import Workspace  # noqa: PLC0415 - after --help
    from galley.workspace.building import build_paths  # noqa: PLC0415

    if paths and out is None:
        raise GalleyError(
            "a build of a PATH needs --out", code="usage", hint="add `--out DIR` for the records"
        )
    with output.progress("reading") as advance:
        if paths and out is not None:
            summary, allowed = build_paths(
                paths, out=out, engine=engine, force=force, advance=advance
            )
        else:
            workspace = Workspace.open(folder)
            summary = workspace.build(out=out, engine=engine, force=force, advance=advance)
            allowed = workspace.config.build.max_quarantine
    too_many = summary.rejected > allowed * max(summary.files, 1)
    done = "built" if summary.fresh else "up to date:"
    output.result(
        summary.to_json() | ({"profile": summary.profile()} if profile else {}),
        f"{done} {summary.records} records from {summary.files} files in {summary.out}",
        *(_table(summary.profile()) if profile else ()),
    )
    if summary.quarantined:
        listing = summary.out / "quarantine.jsonl"
        output.warning(f"{summary.quarantined} quarantined, with their reasons in {listing}")
    return int(too_many)


def _table(profile: dict[str, dict[str, float]]) -> Iterator[str]:
    """Yield the lines of a table: what each step took, in seconds of a processor."""
    yield f"{'step':9} {'seconds':>9} {'MB':>9} {'MB/s':>9}"
    for name, step in profile.items():
        seconds, size = step["seconds"], step["bytes"] / 1e6
        rate = f"{size / seconds:9,.1f}" if seconds and size else ""
        yield f"{name:9} {seconds:9.2f} {size or '':{'9,.1f' if size else '9'}} {rate}".rstrip()
