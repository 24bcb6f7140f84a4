"""`galley datasheet`: which answers are missing, and which are out of date."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from galley.cli.output import Output, with_output, with_workspace
from galley.desk import Workspace

if TYPE_CHECKING:
    from galley.schema.issue import Issue

_WHY = {
    "answer_missing": "not in DATASHEET.md any more",
    "answer_blank": "without an answer in DATASHEET.md",
    "answer_reason": "said not to apply, without the reason",
    "answer_stale": "answered for other data: edit the answer, or --confirm NUMBER",
}


@click.command()
@click.option("--check", is_flag=True, help="End with exit code 1 if anything waits.")
@click.option(
    "--confirm",
    "confirmed",
    metavar="NUMBER",
    multiple=True,
    help="Say that the answer to this question holds for the present data; may be repeated.",
)
@with_workspace
@with_output
def command(folder: Path, *, check: bool, confirmed: tuple[str, ...], output: Output) -> int:
    """See which questions of the datasheet wait for an answer.

    A question waits if nothing stands under it, or if its answer was given for other data: a
    new publisher, licence, language or extractor. Edit the answer then, or confirm it as it is.
    No release with corrected records passes while a question waits.
    """
    with output.progress("records") as advance:
        issues = Workspace.open(folder, advance).datasheet(confirmed)
    value = {"ok": not issues, "issues": [issue.to_json() for issue in issues]}
    output.result(value, *(_lines(issues) or ["every question has its answer"]))
    return 1 if check and issues else 0


def _lines(issues: "list[Issue]") -> list[str]:
    """Return the questions that wait, by what they wait for."""
    said = []
    for code, why in _WHY.items():
        found = [issue for issue in issues if issue.code == code]
        if found:
            said.append(f"{why} ({len(found)}):")
        for issue in found:
            facts = f" [{issue.got}]" if code == "answer_stale" else ""
            said.append(f"  {issue.path.removeprefix('DATASHEET.md: ')}{facts}")
    if any(issue.code == "answer_blank" for issue in issues):
        said.append("an answer takes the place of “Not answered yet”, or “Not applicable: …” does")
    return said
