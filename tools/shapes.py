"""What commands print with `--json`, as `shapes.yaml` says: as JSON Schema and as a page."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_PLAIN = ("string", "integer", "number", "boolean", "null")
_FIELD = re.compile(r"(?P<kind>.+?)(?: — (?P<meaning>.+))?", re.DOTALL)


@cache
def load() -> dict[str, Any]:
    """Return the document."""
    # not safe_load itself: `{Step} — …` and `[Stale] — …` are plain words here
    path = Path(__file__).with_name("shapes.yaml")
    text = re.sub(r"^( +\S+): (.*)$", _quoted, path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(yaml.safe_load(text))


def _quoted(line: re.Match[str]) -> str:
    value = line[2].replace("'", "''")
    return f"{line[1]}: '{value}'"


@cache
def schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of a command's object, or of the type `name`."""
    kinds = load()["commands"].get(name, name)
    types = {kind: _object(kind) for kind in load()["types"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"galley {name} --json",
        "$defs": types,
        **_kind(kinds),
    }


def fields(name: str) -> Iterator[tuple[str, str, str]]:
    """Yield name, type and meaning of each field of a type, with those that it takes over."""
    for key, value in load()["types"][name].items():
        if key == "+":
            yield from fields(value)
            continue
        found = _FIELD.fullmatch(value)
        assert found is not None  # noqa: S101 - it fits anything
        yield key, found["kind"], found["meaning"] or ""


def _object(name: str) -> dict[str, Any]:
    known = list(fields(name))
    return {
        "type": "object",
        "properties": {key.rstrip("?"): _kind(kind) for key, kind, _ in known},
        "required": [key for key, _, _ in known if not key.endswith("?")],
        "additionalProperties": False,
    }


def _kind(kind: str) -> dict[str, Any]:
    parts = [part.strip() for part in kind.split("|")]
    if len(parts) > 1:
        return {"anyOf": [_kind(part) for part in parts]}
    if kind == "any":
        return {}
    if kind in _PLAIN:
        return {"type": kind}
    if kind.startswith("["):
        return {"type": "array", "items": _kind(kind[1:-1])}
    if kind.startswith("{"):
        return {"type": "object", "additionalProperties": _kind(kind[1:-1])}
    if kind not in load()["types"]:
        raise ValueError(f"shapes.yaml has no type {kind}")
    return {"$ref": f"#/$defs/{kind}"}


def page() -> str:
    """Return the page of the reference."""
    lines = [
        "# What `--json` prints",
        "",
        "Every command takes `--json` and prints one object on stdout, and nothing else there;",
        "with `--watch` one on each line. Exit codes 0 and 1 print what is below; 2 prints the",
        "object `Error`. `[x]` is a list, `{x}` an object whose keys are names, such as tags.",
        "Fields may be added in later versions; none changes its meaning. As JSON Schema:",
        "`output.schema.json` beside this page.",
        "",
        "| command | prints |",
        "| --- | --- |",
    ]
    for command, kinds in {**load()["commands"], "any command that fails": "Error"}.items():
        links = " or ".join(f"[{k}](#{k.lower()})" for k in (p.strip() for p in kinds.split("|")))
        shown = f"`galley {command}`" if command in load()["commands"] else command
        lines.append(f"| {shown} | {links} |")
    for name in load()["types"]:
        lines += ["", f"## {name}", "", "| field | type | meaning |", "| --- | --- | --- |"]
        for key, kind, meaning in fields(name):
            there = " (not always)" if key.endswith("?") else ""
            shown = kind.replace("|", " or ")
            lines.append(f"| `{key.rstrip('?')}` | {shown} | {meaning}{there} |")
    return "\n".join(lines) + "\n"
