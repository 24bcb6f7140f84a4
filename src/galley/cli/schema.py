"""`galley schema`: what the contract does to data that is out already."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from galley.cli.output import Output, with_output, with_workspace

if TYPE_CHECKING:
    from galley.releases.compatibility import Compatibility


@click.group("schema")
def command() -> None:
    """See what a changed schema does to releases."""


@command.command()
@click.option(
    "--against",
    metavar="VERSION|PATH",
    help="A version, the folder of a release, or a schema file.",
    show_default="every release",
)
@with_workspace
@with_output
def check(against: str | None, folder: Path, output: Output) -> int:
    """Say whether older releases can be read by the present schema.

    Lists what changed in article.schema.json and entities.yaml since, and what each change means
    for the rows of that release, for those who read the data, and for the next version. Where
    the data files are here, every row is checked as well, null standing for a field that it
    lacks. Exit code 1 means that rows of a release are not valid any more, or may not be.
    """
    from galley.desk import Workspace  # noqa: PLC0415 - after --help

    with output.progress("releases"):
        found = Workspace.open(folder).compatibility(against)
    readable = all(item.readable for item in found)
    lines = [line for item in found for line in _lines(item)] or ["there is no release yet"]
    output.result({"ok": readable, "releases": [item.to_json() for item in found]}, *lines)
    return 0 if readable else 1


def _lines(found: "Compatibility") -> Iterator[str]:
    yield f"{found.name}: {_verdict(found)}"
    for change in found.changes:
        value = change.to_json()
        was = " → ".join(filter(None, (change.old, change.new)))
        yield f"  {change.path}: {change.kind}: {was}"
        yield f"    rows: {value['rows']}; readers {value['readers']}; {change.level}"
    for issue in found.issues:
        yield f"  {issue.path}: {issue.code}: {issue.expected}"
    if found.readable is False:
        yield "  its rows need a migration, and schema/migrations/ has none"
    if found.changes:
        yield f"  the next version is at least {found.level.name} above it"


def _verdict(found: "Compatibility") -> str:
    if found.rows is None:
        words = {True: "can be read", False: "cannot be read", None: "cannot tell"}
        return f"{words[found.readable]}, by the schemas alone: its data files are not here"
    if found.invalid:
        return f"cannot be read: {found.invalid} of {found.rows} rows are not valid"
    return f"can be read: all {found.rows} rows are valid"
