"""`galley report`: one page to look at."""

from pathlib import Path

import click

from galley.cli.output import Output, with_output, with_workspace
from galley.desk import Workspace


@click.command()
@click.argument("version", metavar="[VERSION]", required=False)
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Where to write it; report.html in the workspace without this.",
)
@with_workspace
@with_output
def command(version: str | None, *, out: Path | None, folder: Path, output: Output) -> None:
    """Write one HTML file to look at.

    It shows the corpus, its tags and entities, what people did, the splits, what changed since
    the last release, and the records themselves with search and filters. Nothing is loaded from
    anywhere: it works from disk.

    With VERSION it is about that release, as the report.html in the release's own folder is.
    Without, it is about what would be released now, and it says what each annotator did: keep
    that page to yourself.
    """
    with output.progress("records") as advance:
        workspace = Workspace.open(folder, advance)
        path = workspace.report(out or workspace.layout.root / "report.html", version)
    output.result({"report": str(path), "bytes": path.stat().st_size}, str(path))
