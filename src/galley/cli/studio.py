"""`galley studio`: the embedded Label Studio."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from galley.cli.output import Output, with_output, with_workspace
from galley.desk import Workspace
from galley.errors import StudioError

if TYPE_CHECKING:
    from galley.annotations.studio.server import StudioStatus


@click.group()
def command() -> None:
    """Run a Label Studio on this machine.

    It keeps its data in the workspace, under `.galley/studio/`, and nobody else can reach it.
    To work with another server instead, set LABEL_STUDIO_URL and LABEL_STUDIO_API_KEY.
    """


@command.command()
@with_workspace
@with_output
def up(folder: Path, *, output: Output) -> None:
    """Start the server, unless it runs."""
    workspace = Workspace.open(folder)
    other = os.environ.get("LABEL_STUDIO_URL") or workspace.config.studio.url
    if other:
        raise StudioError(
            f"another Label Studio is configured: {other}",
            code="studio_other_server",
            hint="unset LABEL_STUDIO_URL and studio.url to use the embedded one",
        )
    status = workspace.studio.up(output.note)
    output.result(
        {"url": status.url, "token_file": str(status.token_file), "pid": status.pid},
        *_describe(status),
    )


@command.command()
@with_workspace
@with_output
def down(folder: Path, *, output: Output) -> None:
    """Stop the server that `up` started."""
    stopped = Workspace.open(folder).studio.down()
    output.result({"stopped": stopped}, "stopped" if stopped else "it did not run")


@command.command()
@with_workspace
@with_output
def status(folder: Path, *, output: Output) -> None:
    """Say whether the server runs, and how to log in."""
    studio = Workspace.open(folder).studio
    found = studio.status()
    if found is None:
        idle = "it does not run: `galley studio up` starts it"
        output.result({"running": False}, idle)
        return
    output.result(_to_json(found), *_describe(found), f"  log       {studio.log}")


@command.command()
@click.option("--dry-run", is_flag=True, help="Say where to, and whether it is there already.")
@with_output
def install(*, dry_run: bool, output: Output) -> None:
    """Install the server: about 1 GB, once for all workspaces."""
    from galley.annotations.studio.environment import Environment  # noqa: PLC0415 - as needed

    environment = Environment.default()
    if dry_run:
        value = {"installed": not environment.installed, "folder": str(environment.folder)}
        would = "already installed in" if environment.installed else "would be installed in"
        output.result(value, f"{would} {environment.folder}")
        return
    done = environment.install(output.note)
    said = "installed in" if done else "already installed in"
    output.result(
        {"installed": done, "folder": str(environment.folder)}, f"{said} {environment.folder}"
    )


def _to_json(status: "StudioStatus") -> dict[str, Any]:
    return {
        "running": True,
        "health": str(status.health),
        "url": status.url,
        "pid": status.pid,
        "token_file": str(status.token_file),
        "username": status.username,
        "password_file": str(status.password_file),
    }


def _describe(status: "StudioStatus") -> list[str]:
    return [
        f"Label Studio at {status.url} ({status.health})",
        f"  e-mail    {status.username}",
        f"  password  in {status.password_file}",
        f"  API token in {status.token_file}",
    ]
