"""The bar that shows how far a step is; imported only where one is drawn."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TextColumn,
)
from rich.text import Text

from galley.workspace.advance import Advance


class _Rate(ProgressColumn):
    """How many a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.{0 if speed >= 10 else 1}f}/s" if speed else "", style="cyan")


class _Time(ProgressColumn):
    """How long it will take; where nobody knows, how long it has taken."""

    def render(self, task: Task) -> Text:
        left = None if task.total is None else task.time_remaining
        if left is not None:
            return Text(f"{timedelta(seconds=int(left))} left", style="cyan")
        return Text(f"{timedelta(seconds=int(task.elapsed or 0))}", style="cyan")


@contextmanager
def draw(what: str) -> Iterator[Advance]:
    """Draw a bar on stderr; it is gone when the block ends."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        _Time(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)
