"""`galley export`: a release in the formats of other programs."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from galley.cli.output import Output, with_output, with_workspace
from galley.desk import Workspace

if TYPE_CHECKING:
    from galley.releases.export import Export


@click.command()
@click.argument("version", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "conll", "spacy", "csv"]),
    required=True,
    help="What to write.",
)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Where to."
)
@with_workspace
@with_output
def command(version: str | None, *, form: str, out: Path, folder: Path, output: Output) -> None:
    """Write a release for other programs.

    VERSION is the newest one if it is left out. One file for each split of the config that loads
    by default. Offsets count code points, and each is checked on the way.

    conll and spacy can say one thing about a word: of entities that overlap the longest is
    written. Tokens of conll are runs of letters, marks and digits, every other character alone;
    they are cut where an entity begins or ends. In csv a value that a spreadsheet would run
    begins with an apostrophe.
    """
    with output.progress("records") as advance:
        found = Workspace.open(folder, advance).export(out, form, version)
    output.result(found.to_json(), *_lines(found))


def _lines(found: "Export") -> Iterator[str]:
    yield from (f"{name}: {records}" for name, records in found.files.items())
    yield f"entities: {found.entities}"
    if found.overlapping:
        yield f"left out because a longer one overlaps: {found.overlapping}"
