"""`galley verify`: check a release."""

from pathlib import Path

import click

from galley.cli.output import Output, with_output
from galley.desk import Workspace


@click.command()
@click.argument("place", metavar="PATH")
@click.option(
    "--key",
    metavar="PEM",
    type=click.Path(path_type=Path),
    help="The public Ed25519 key that the release must be signed with.",
)
@click.option(
    "--signature",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The signature, where it is not beside the folder.",
)
@with_output
def command(place: str, *, key: Path | None, signature: Path | None, output: Output) -> int:
    """Check a release against its hashes.

    PATH is the folder of one version, or hf://datasets/ORG/NAME@vVERSION on the Hub, which is
    downloaded anew. Every file is hashed and compared with the manifest, the manifest with the
    changelog beside the folder; then the rows are checked against the index, the schema and the
    dataset card. Exit code 1 if anything differs.

    With --key it must be signed too: VERSION.intoto.json beside the folder, see `galley release
    --sign`, must be over this manifest, and by this key.
    """
    if signature is not None and key is None:
        raise click.UsageError("--signature needs the --key that it must be by")
    with output.progress("rows") as advance:
        issues = Workspace.verify(place, key, signature, advance=advance)
    value = {"ok": not issues, "issues": [issue.to_json() for issue in issues]}
    lines = [f"{i.path}: {i.code}: expected {i.expected}, got {i.got}" for i in issues]
    output.result(value, *(lines or [f"{place}: everything is as it should be"]))
    return 1 if issues else 0
