"""`galley init`: a new workspace."""

from pathlib import Path

import click

from galley.cli.output import Output, with_output
from galley.scaffold import lay_out, name_of


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--name", help="The dataset's name.", show_default="the folder's name")
@click.option("--force", is_flag=True, help="Accept a folder that is not empty; keep its files.")
@click.option(
    "--ci",
    is_flag=True,
    help="Add workflows for GitHub Actions and a hook for pre-commit; with --force to a "
    "workspace that is there.",
)
@with_output
def command(folder: Path, *, name: str | None, force: bool, ci: bool, output: Output) -> None:
    """Lay out a new dataset workspace.

    DIR then holds a tiny example: two raw files that `galley build` reads and `galley release`
    releases. Put your own files in their place and name them in build/sources.toml.
    """
    files = lay_out(folder, name_of(folder) if name is None else name, force=force, ci=ci)
    output.result(
        {"workspace": str(folder), "files": len(files)},
        f"{folder}: {len(files)} files",
        f"next: cd {folder} && galley build && galley release",
    )
