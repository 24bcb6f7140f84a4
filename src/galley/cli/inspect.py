"""`galley inspect`: a raw file through the build's eyes, or one record."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from galley.cli.output import Output, with_output, with_workspace
from galley.cli.paint import Brush
from galley.cli.tell import tell_file, tell_record
from galley.desk import Workspace
from galley.errors import GalleyError
from galley.files import write_text
from galley.report.lookup import looks_like_id
from galley.workspace.building import inspect_path

if TYPE_CHECKING:
    from galley.build.inspect import Inspection


@click.command("inspect")
@click.argument("target", metavar="FILE|ID")
@click.option(
    "--html",
    "page",
    metavar="OUT",
    is_flag=False,
    flag_value="",
    help="Write one HTML file that shows it; without OUT, one named after FILE or ID.",
)
@with_workspace
@with_output
def command(target: str, *, page: str | None, folder: Path, output: Output) -> None:
    """Show how a raw file was read, or what is known of a record.

    For a FILE: every byte coloured by the part that it is, the layout chosen with its score and
    why, the runner-up, and the records found. The file need not be of a workspace; in one, what
    build/sources.toml says of it counts. Nothing is built.

    For the ID of a record, or its first digits, six at least: its fields and where each came
    from, the bytes it was made of, its cluster, and what people and machines said about it.
    """
    if not Path(target).exists() and looks_like_id(target):
        _show_record(target, Workspace.open(folder), page, output)
    else:
        _show_file(Path(target), folder, page, output)


def _show_file(path: Path, folder: Path, page: str | None, output: Output) -> None:
    if page is None:
        found = _inspect(path, folder)
        output.result(found.to_json(), *tell_file(found, Brush.for_stdout()))
        return
    from galley.report.page import file_page  # noqa: PLC0415 - Jinja, only for a page

    target = Path(page or f"{path.stem}.inspect.html")
    if target.resolve() == path.resolve():
        raise click.UsageError("--html OUT would write over the file itself")
    write_text(target, file_page(_inspect(path, folder)))
    output.result({"html": str(target)}, str(target))


def _inspect(path: Path, folder: Path) -> "Inspection":
    """Inspect a file, in the workspace at `folder` if there is one."""
    try:
        workspace = Workspace.open(folder)
    except GalleyError as error:
        if error.code != "no_workspace" or folder != Path():
            raise
        return inspect_path(path)
    return workspace.inspect(path)


def _show_record(word: str, workspace: Workspace, page: str | None, output: Output) -> None:
    dossier = workspace.dossier(word)
    if page is None:
        output.result(dossier.to_json(), *tell_record(dossier, Brush.for_stdout()))
        return
    from galley.report.page import record_page  # noqa: PLC0415 - as above

    target = Path(page or f"{dossier.record['id']}.inspect.html")
    write_text(target, record_page(dossier, workspace.labels))
    output.result({"html": str(target)}, str(target))
