"""`galley verify`: check a release."""

from pathlib import Path

import click

from galley.cli.output import Output, with_output
from galley.desk import Workspace


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@with_output
def command(path: Path, *, output: Output) -> int:
    """Check a release against its hashes.

    PATH is the folder of one version. Every file is hashed and compared with the manifest, the
    manifest with the changelog beside the folder; then the rows are checked against the index,
    the schema and the dataset card. Exit code 1 if anything differs.
    """
    issues = Workspace.verify(path)
    value = {"ok": not issues, "issues": [issue.to_json() for issue in issues]}
    lines = [f"{i.path}: {i.code}: expected {i.expected}, got {i.got}" for i in issues]
    output.result(value, *(lines or [f"{path}: everything is as it should be"]))
    return 1 if issues else 0
