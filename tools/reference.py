"""Write the pages of the reference that are made from the code and the schema.

    .venv/bin/python tools/reference.py

A test holds them against what this would write, so that they cannot drift.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from galley.cli.main import main
from galley.schema.contract import Contract
from galley.schema.fields import list_fields

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a script
from tools import shapes

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"


def write_pages() -> dict[str, str]:
    """Return each page by its file name."""
    return {
        "commands.md": _commands(),
        "record.md": _record(),
        "json.md": shapes.page(),
        "output.schema.json": _schema(),
    }


def _schema() -> str:
    """Return one JSON Schema with the objects of all commands, by the command."""
    commands = {name: shapes.schema(name) for name in shapes.load()["commands"]}
    types = next(iter(commands.values()))["$defs"]
    kept = ("$ref", "anyOf")
    by_command = {
        name: {key: value for key, value in found.items() if key in kept}
        for name, found in commands.items()
    }
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What `galley COMMAND --json` prints, by the command",
        "type": "object",
        "properties": by_command,
        "$defs": types,
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _commands() -> str:
    """Return the help of every command, as `--help` prints it."""
    lines = [
        "# Commands",
        "",
        "As `galley COMMAND --help` says. Exit codes: 0 ok, 1 findings, 2 usage, configuration or",
        "failure, 130 interrupted. Data go to stdout, everything else to stderr.",
    ]
    context = click.Context(main, info_name="galley")
    for path, command in _walk(main, context):
        text = command.get_help(click.Context(command, info_name=path, max_content_width=88))
        lines += ["", f"## {path}", "", "```text", *text.rstrip().splitlines(), "```"]
    return "\n".join(lines) + "\n"


def _walk(group: click.Group, context: click.Context) -> Iterator[tuple[str, click.Command]]:
    """Yield the commands of a group and of the groups in it, each with what one types."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        path = f"{context.info_name} {name}"
        if command is None:
            continue
        yield path, command
        if isinstance(command, click.Group):
            yield from _walk(command, click.Context(command, info_name=path))


def _record() -> str:
    """Return the table of a record's fields."""
    lines = [
        "# The record",
        "",
        "What `schema/article.schema.json` says; a workspace may say more. Offsets are code",
        "points, `end` is the one after the last, and `text[start:end]` is the surface. Lists",
        "are never null.",
        "",
        "| field | type | meaning |",
        "| --- | --- | --- |",
    ]
    for field in list_fields(Contract.default()):
        meaning = field.description.replace("|", "\\|")
        lines.append(f"| `{field.name}` | {field.type} | {meaning} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    for name, text in write_pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
