"""`galley run`: the whole way with one command."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from galley.cli.output import Output, with_output, with_workspace
from galley.desk import Workspace

Counts = dict[str, Any]


@click.command()
@click.option("--release", is_flag=True, help="Cut a release of what people have done so far.")
@click.option("--dry-run", is_flag=True, help="Say which steps it would take, and take none.")
@with_workspace
@with_output
def command(folder: Path, release: bool, *, dry_run: bool, output: Output) -> int:
    """Go the whole way, as far as it goes without people.

    Builds, starts the Label Studio of this machine unless another is named, pushes, pulls, and
    with --release cuts one; then it says what waits for people. What is done already costs
    little: killed anywhere, it goes on where it stopped. Exit code 1 means that a step found
    something that a person has to look at.
    """
    workspace = Workspace.open(folder)
    if dry_run:
        return _rehearse(workspace, output, release=release)
    steps: dict[str, Counts] = {}
    with output.progress("run") as advance:
        for name, counts in workspace.run(release=release, advance=advance):
            steps[name] = counts
            output.note(f"{name:8} {_SAID[name](counts)}")
    status = workspace.status()
    waiting = [f"waiting: {item.waiting:,} {item.what} ({item.command})" for item in status.queues]
    following = f"next: {status.next} ({status.because})" if status.next else "nothing to do"
    value = {"steps": steps, "status": status.to_json(), "dry_run": False}
    output.result(value, *waiting, following)
    push, pull = steps["push"], steps["pull"]
    found = (push["withheld"], push["failed"], pull["quarantined"], pull["unread"])
    return int(any(found))


def _rehearse(workspace: Workspace, output: Output, *, release: bool) -> int:
    """Say which steps there would be, without asking over a network."""
    status = workspace.status()
    why = {item.what: item.why for item in status.stale}
    if status.funnel.records is None:
        why["build"] = "nothing is built yet"
    server = workspace.named_server
    steps = {
        "build": why.get("build", "nothing changed"),
        **({} if server else {"studio": "starts, unless it runs"}),
        "push": why.get("push", "looks what the project lacks"),
        "pull": "looks what people did",
        **({"release": why.get("release", "cuts one if anything changed")} if release else {}),
    }
    value = {"steps": {name: {"why": said} for name, said in steps.items()}}
    lines = [f"{name:8} {said}" for name, said in steps.items()]
    output.result({**value, "status": status.to_json(), "dry_run": True}, *lines)
    return 0


def _build(counts: Counts) -> str:
    return f"{counts['records']} records from {counts['files']} files"


def _push(counts: Counts) -> str:
    done = [f"{counts[name]} {name}" for name in list(counts)[1:] if counts[name]]
    return ", ".join(done) or "nothing to send"


def _pull(counts: Counts) -> str:
    return f"{counts['events']} new events, {counts['annotations']} annotations in all"


def _release(counts: Counts) -> str:
    return f"{counts['version']}{'' if counts['created'] else ', nothing changed since'}"


_SAID: dict[str, Callable[[Counts], str]] = {
    "build": _build,
    "studio": lambda counts: str(counts["url"]),
    "push": _push,
    "pull": _pull,
    "release": _release,
}
