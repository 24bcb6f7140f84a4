"""`galley suggest`: what machines propose, and how good that is."""

from pathlib import Path
from typing import Any

import click

from galley.cli.output import Output, with_output, with_workspace
from galley.desk import Workspace


@click.command()
@click.option(
    "--evaluate",
    is_flag=True,
    help="Propose nothing; score every suggester on the corrected records, each asked about "
    "records that it was not taught with.",
)
@with_workspace
@with_output
def command(folder: Path, *, output: Output, evaluate: bool) -> int:
    """Propose tags and entities for all records.

    Teaches the suggesters that [tool.galley.suggest] names with what people corrected, asks them
    about all records, and writes annotations/suggestions.jsonl. A second run does nothing.
    """
    workspace = Workspace.open(folder)
    return _evaluate(workspace, output) if evaluate else _suggest(workspace, output)


def _suggest(workspace: Workspace, output: Output) -> int:
    with output.progress("records") as advance:
        report = workspace.suggest(advance)
    names = workspace.config.suggest.suggesters
    output.result(
        {
            "records": report.records,
            "suggested": report.suggested,
            "corrected": report.corrected,
            "changed": report.changed,
            "suggesters": names,
        },
        f"suggestions for {report.suggested} of {report.records} records by {', '.join(names)}, "
        f"taught with {report.corrected} corrected ones"
        + ("" if report.changed else ": nothing new"),
    )
    return 0


def _evaluate(workspace: Workspace, output: Output) -> int:
    with output.progress("parts") as advance:
        found = workspace.evaluate_suggesters(advance)
    if found.too_few:
        output.warning(f"{found.records} corrected records are too few for figures to be trusted")
    value = found.to_json()
    output.result(value, *_table(value))
    if found.few:
        output.note(f"too few for a figure of their own: {', '.join(found.few)}")
    return int(found.too_few)


def _table(value: dict[str, Any]) -> list[str]:
    lines = [
        f"{value['records']} corrected records in {value['folds']} parts",
        f"{'':14}{'entities':>20}{'':10}{'tags':>10}",
        f"{'suggester':14}{'exact F1':>10}{'partial':>10}{'':10}{'micro F1':>10}{'macro':>10}",
    ]
    for name, score in value["suggesters"].items():
        entities, tags = score["entities"], score["tags"]
        lines.append(
            f"{name:14}{entities['exact']['f1']:10.3f}{entities['partial']['f1']:10.3f}{'':10}"
            f"{tags['micro_f1']:10.3f}{tags['macro_f1']:10.3f}"
        )
        lines += [
            f"  {label:12}{one['exact']['f1']:10.3f}{one['partial']['f1']:10.3f}"
            f"   of {one['exact']['wanted']}"
            for label, one in entities["labels"].items()
            if one["exact"]["wanted"]
        ]
        lines += [
            f"  {tag:32}{'':10}{one['f1']:10.3f}   of {one['wanted']}"
            for tag, one in tags["each"].items()
            if one["wanted"]
        ]
    return lines
