"""What the commands share that change what is published: where to, the question, the answer."""

import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import click

from galley.cli.output import Output, safe

if TYPE_CHECKING:
    from galley.releases.plan import Plan


def with_target(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--to`, `--dry-run` and `--yes`."""
    options = [
        click.option(
            "--to",
            "target",
            metavar="ORG/NAME|file://DIR",
            required=True,
            help="A dataset on the Hub, or a folder.",
        ),
        click.option("--dry-run", is_flag=True, help="Check everything, change nothing."),
        click.option("--yes", is_flag=True, help="Do not ask."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def ask(*, dry_run: bool, yes: bool) -> Callable[["Plan"], bool]:
    """Return what shows a plan and asks whether to go on."""

    def confirm(plan: "Plan") -> bool:
        if dry_run:
            return False
        if yes:
            return True
        if not sys.stdin.isatty():
            raise click.UsageError("this changes what is published: --yes says that it may")
        for line in _describe(plan):
            click.echo(safe(line), err=True)
        return click.confirm("Go on?", err=True)

    return confirm


def show(output: Output, plan: "Plan", *lines: str, dry_run: bool) -> None:
    """Print what happened, or would; below it, to people, `lines` if it happened."""
    value = {**plan.to_json(), "dry_run": dry_run, "changed": not (dry_run or plan.empty)}
    output.result(value, *_describe(plan, would=dry_run), *(() if dry_run else lines))


def _describe(plan: "Plan", *, would: bool = False) -> Iterator[str]:
    state = "nothing to do" if plan.empty else "would change" if would else "done"
    yield f"{plan.action} {plan.version} at {plan.target}: {state}"
    if plan.creates:
        yield "  a new dataset"
    yield from (f"  writes {name}" for name in plan.written)
    yield from (f"  deletes {name}" for name in plan.deleted)
    if plan.tag != "kept":
        yield f"  tag: {plan.tag}"
    yield from (f"  note: {note}" for note in plan.notes)
