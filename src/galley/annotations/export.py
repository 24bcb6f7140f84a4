"""Exports of Label Studio: tasks with their annotations, or why a file is none."""

import json
from pathlib import Path
from typing import Any

from galley.errors import SourceError

_HINT = "in Label Studio, export the project as JSON (not JSON-MIN, CSV or another format)"


def read_export(path: Path, *, field: str) -> list[dict[str, Any]]:
    """Return the tasks of an export in the format JSON, in its order.

    Args:
        path: The file.
        field: The name of the text in the tasks' data.

    Raises:
        SourceError: The file cannot be read, or is no such export.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise SourceError(
            f"cannot read {path}: {error.strerror}",
            code="export_unreadable",
            hint="name the number of a project, or a file",
        ) from error
    except (ValueError, RecursionError) as error:
        raise _refusal(path, f"it is no JSON: {error}") from error
    return check_tasks(document, path, field=field)


def check_tasks(document: Any, path: Path | str, *, field: str) -> list[dict[str, Any]]:
    """Return `document` if it is a list of tasks with texts.

    Args:
        document: What an export holds.
        path: Where it came from, for the message.
        field: The name of the text in the tasks' data.

    Raises:
        SourceError: It is something else.
    """
    reason = _why_not(document)
    if reason:
        raise _refusal(path, reason)
    tasks: list[dict[str, Any]] = document
    if tasks and not any(isinstance(task["data"].get(field), str) for task in tasks):
        fields = ", ".join(sorted({name for task in tasks for name in task["data"]})[:8])
        raise _refusal(
            path,
            f"no task has a text in `{field}`; its data has {fields or 'no fields'}",
            hint="--text-field names another one; images, audio and chats cannot be adopted",
        )
    return tasks


def _why_not(document: Any) -> str:
    """Return why `document` is no list of tasks; empty if it is one."""
    if isinstance(document, dict) and "projects" in document:
        return "it holds several projects; export each by itself"
    if not isinstance(document, list) or not all(isinstance(item, dict) for item in document):
        return "it is no list of tasks"
    return next(filter(None, map(_why_no_task, document)), "")


def _why_no_task(item: dict[str, Any]) -> str:
    if isinstance(item.get("project"), dict):
        return "it holds several projects; export each by itself"
    if "completions" in item:
        return "it was written by a Label Studio older than 1.0: annotations are `completions`"
    if "annotation_id" in item and "annotations" not in item:
        return "it is JSON-MIN, which drops who said what and where it came from"
    if not isinstance(item.get("data"), dict) or not _are_dicts(item.get("annotations")):
        return f"task {item.get('id', '?')} lacks `data` or `annotations`"
    return ""


def _are_dicts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _refusal(path: Path | str, reason: str, *, hint: str = _HINT) -> SourceError:
    return SourceError(f"{path} is no export to adopt: {reason}", code="export_format", hint=hint)
