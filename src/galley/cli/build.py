"""`galley build`."""

from pathlib import Path

import click

from galley.cli.output import Output, with_output, with_workspace
from galley.errors import GalleyError


@click.command("build")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Where to write the records."
)
@click.option("--force", is_flag=True, help="Build although nothing changed.")
@with_workspace
@with_output
def command(
    paths: tuple[Path, ...], out: Path | None, force: bool, folder: Path, output: Output
) -> int:
    """Read raw files and write records.

    Without a PATH, reads what build/sources.toml of the workspace names and writes build/out/.
    With one or more PATHs (files or folders) no workspace is needed, and --out says where to
    write. Exit code 1 means that more files were quarantined than `max_quarantine` allows.
    """
    from galley.desk import Workspace  # noqa: PLC0415 - after --help
    from galley.workspace.building import build_paths  # noqa: PLC0415

    if paths and out is None:
        raise GalleyError(
            "a build of a PATH needs --out", code="usage", hint="add `--out DIR` for the records"
        )
    with output.progress("reading") as advance:
        if paths and out is not None:
            summary, allowed = build_paths(paths, out=out, force=force, advance=advance)
        else:
            workspace = Workspace.open(folder)
            summary = workspace.build(out=out, force=force, advance=advance)
            allowed = workspace.config.build.max_quarantine
    too_many = summary.rejected > allowed * max(summary.files, 1)
    done = "built" if summary.fresh else "up to date:"
    output.result(
        summary.to_json(),
        f"{done} {summary.records} records from {summary.files} files in {summary.out}",
    )
    if summary.quarantined:
        listing = summary.out / "quarantine.jsonl"
        output.warning(f"{summary.quarantined} quarantined, with their reasons in {listing}")
    return int(too_many)
