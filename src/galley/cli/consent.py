"""Ask a person before something is done that does not come back."""

import sys
from collections.abc import Callable, Iterable

import click

from galley.cli.output import Output


def ask(question: str, output: Output, *, refusal: str, lines: Callable[[], Iterable[str]]) -> None:
    """Show `lines` and ask the question; go on only after a yes.

    Raises:
        click.UsageError: Nobody can be asked, `refusal` says why that is needed.
        click.Abort: The answer is no.
    """
    if output.json or not sys.stdin.isatty():
        raise click.UsageError(refusal)
    for line in lines():
        output.note(line)
    click.confirm(question, abort=True, err=True)
