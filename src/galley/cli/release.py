"""`galley release`: cut a release, or make the data of an old one again."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from galley.cli.output import Output, with_output, with_workspace
from galley.desk import Workspace

if TYPE_CHECKING:
    from galley.releases.stage import Outcome


@click.command()
@click.option("--version", metavar="V", help="A version above the one computed from the changes.")
@click.option(
    "--rebuild",
    "rebuilt",
    metavar="V",
    is_flag=False,
    flag_value="",
    help="Make the data files of release V again, of the newest without V.",
)
@click.option(
    "--allow-move",
    is_flag=True,
    help="Let near-duplicates that were released in different splits move into one.",
)
@click.option(
    "--standoff",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write the release without its texts into DIR too: ids, hashes, offsets and labels.",
)
@click.option(
    "--sign",
    "key",
    metavar="PEM",
    type=click.Path(path_type=Path),
    help="Sign the release with this private Ed25519 key, into VERSION.intoto.json beside it.",
)
@click.option("--dry-run", is_flag=True, help="Say what it would be, and write nothing.")
@with_workspace
@with_output
def command(  # noqa: PLR0913 - one argument an option
    folder: Path,
    *,
    version: str | None,
    rebuilt: str | None,
    allow_move: bool,
    standoff: Path | None,
    key: Path | None,
    dry_run: bool,
    output: Output,
) -> None:
    """Cut a release of the dataset.

    The version is computed from what changed since the newest release: corrections raise the
    third number, records, fields or labels added or records removed the second, fields or labels
    taken away the first (below 1.0.0 the second). If nothing changed, nothing happens.

    A record stays in its split for good. --allow-move is the only way around that: records that
    turned out to be near-duplicates go into one split, into train if one of them was there. This
    raises the first number (below 1.0.0 the second).

    The data files of a release are not committed; --rebuild makes them again, bit for bit.

    --sign needs the extra `sign` (pip install 'galley-data[sign]') and no network. A key is made
    with `openssl genpkey -algorithm ed25519 -out key.pem`, what others check the release with by
    `openssl pkey -in key.pem -pubout -out key.pub`, then `galley verify PATH --key key.pub`.
    """
    if dry_run and (rebuilt is not None or standoff is not None or key is not None):
        raise click.UsageError("--dry-run writes nothing: leave out --rebuild, --standoff, --sign")
    if rebuilt is not None and (version is not None or allow_move):
        raise click.UsageError("--rebuild V makes what there was: leave out the other options")
    with output.progress("records") as advance:
        workspace = Workspace.open(folder, advance)
        if rebuilt is not None:
            outcome = workspace.rebuild(rebuilt or None)
        else:
            outcome = workspace.release(version, allow_move=allow_move, dry_run=dry_run)
        if standoff is not None:
            workspace.standoff(standoff, str(outcome.release.version))
        if key is not None:
            workspace.sign(key, str(outcome.release.version))
    for warning in outcome.warnings:
        output.warning(warning)
    output.result(outcome.to_json() | {"dry_run": dry_run}, *_lines(outcome, dry_run=dry_run))


def _lines(outcome: "Outcome", *, dry_run: bool) -> Iterator[str]:
    from galley.releases.changelog import describe  # noqa: PLC0415 - only where it is printed

    release = outcome.release
    new = "would be new" if dry_run else "new"
    state = new if outcome.created else "nothing changed since"
    yield f"{release.version}: {'data made again' if outcome.rebuilt else state}"
    for config, splits in outcome.configs.items():
        yield f"  {config}: " + ", ".join(f"{split} {rows}" for split, rows in splits.items())
    if outcome.change is not None:
        for title, items in describe(outcome.change).items():
            yield from (f"  {title.lower()}: {item}" for item in items)
    for code, number in sorted(Counter(issue.code for issue in outcome.withheld).items()):
        yield f"  withheld: {number} ({code})"
    yield "next: galley release" if dry_run else f"next: galley verify {release.path}"
