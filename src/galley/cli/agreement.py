"""`galley agreement`: how far annotators agree, and what suggestions do to them."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from galley.cli.output import Output, with_output, with_workspace
from galley.desk import Workspace

if TYPE_CHECKING:
    from galley.annotations.agreement.influence import Influence
    from galley.annotations.agreement.report import AgreementReport, Estimates


@click.command()
@click.option("--seed", type=int, default=0, show_default=True, help="Of the intervals' draws.")
@click.option("--gamma", is_flag=True, help="Gamma of entities too: a while for each text.")
@with_workspace
@with_output
def command(folder: Path, *, seed: int, gamma: bool, output: Output) -> int:
    """Measure how far annotators agree.

    Counts texts that several people annotated: Krippendorff's alpha of tags, F1 and unitizing
    alpha of entities, by label, by annotator and by month, each with its interval of 95 %.
    Compares tasks with suggestions to those that were drawn to have none. Ends with exit code 1
    and says why where no figure would mean anything: nobody shared a text, or people's work is
    a copy or a suggestion that was left as it was.
    """
    with output.progress("records") as advance:
        report = Workspace.open(folder, advance).agreement(seed=seed, gamma=gamma)
    output.result(report.to_json(), *_tell(report))
    for one, two in report.copied:
        output.warning(f"{one} and {two} left the same in every text: counted once")
    return 0 if report.refusal is None else 1


def _tell(report: "AgreementReport") -> Iterator[str]:
    yield f"{report.texts} annotated texts, {report.shared} of them by two people or more"
    if report.refusal is not None:
        yield f"no agreement is stated: {report.refusal.why}"
    else:
        yield from _lines("", report.overall)
    for title, group in (
        ("label", report.labels),
        ("tag", report.tags),
        ("month", report.months),
        ("annotator", report.annotators),
    ):
        for name, found in group.items():
            yield from _lines(f"{title} {name}: ", found)
    yield from _influence(report.influence)


def _lines(head: str, found: "Estimates") -> Iterator[str]:
    if head:
        yield head + ", ".join(f"{name} {value}" for name, value in found.items())
        return
    yield from (f"{name} {value}" for name, value in found.items())


def _influence(found: "Influence") -> Iterator[str]:
    yield f"suggestions left unchanged: {found.unchanged}"
    for name, group in (("with", found.shown), ("without", found.blind)):
        yield (
            f"{name} suggestions: {group.texts} texts, {group.lead_time} s, "
            f"f1_exact {group.f1_exact}, alpha_masi {group.alpha_masi}"
        )
    if found.too_small:
        yield f"nothing can be said of what suggestions do: {found.too_small}"
