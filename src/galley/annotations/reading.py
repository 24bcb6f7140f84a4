"""Read one task with its annotations as the server has it: events, or why there are none."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from galley.annotations.anchor import context_of
from galley.annotations.result import Reader
from galley.annotations.shape import (
    MOST_RESULTS,
    is_id,
    is_time,
    keepable,
    lead_time,
    name_of,
    number_of,
    shape_issues,
    shown,
    stamp,
)
from galley.errors import ServerError
from galley.hashing import sha256_text
from galley.ledger import Event, Kind
from galley.record import unfit_character
from galley.schema.issue import Issue


@dataclass(frozen=True)
class Setting:
    """What all events of one pull share.

    Attributes:
        reader: Reads results under the vocabularies.
        server: Short hash of the server's address.
        project: The uuid of its project.
        people: Gives the pseudonym for a person's number on the server.
        guideline: Version of the guidelines.
        kind: What an annotation there is: one among others, or a decision.
    """

    reader: Reader
    server: str
    project: str
    people: Callable[[int], str]
    guideline: str
    kind: Kind = Kind.ANNOTATED


@dataclass(frozen=True)
class Unfit:
    """An annotation that cannot be a correction: it waits in quarantine for a person.

    Attributes:
        origin: Which annotation it is.
        record_id: What its task says it is about.
        at: The server's time of its last change.
        issues: What does not fit.
        results: The annotation as it came, so that nothing of it is lost.
    """

    origin: dict[str, Any]
    record_id: str | None
    at: str
    issues: list[Issue]
    results: Any

    def to_json(self) -> dict[str, Any]:
        """Return the line of the quarantine."""
        issues = [issue.to_json() for issue in self.issues]
        return {
            "origin": keepable(self.origin),
            "record_id": keepable(self.record_id),
            "at": self.at,
            "issues": keepable(issues),
            "results": keepable(self.results),
        }


def read_task(
    task: dict[str, Any], setting: Setting, *, last: Mapping[int, Event]
) -> Iterator[Event | Unfit]:
    """Yield what each annotation of `task` says, by number.

    Args:
        task: The task with its text, annotations and predictions.
        setting: What the pull's events share.
        last: The last event of each annotation that the ledger knows.

    Raises:
        ServerError: It is no task: what answers is no Label Studio.
    """
    _check_task(task)
    issues = _task_issues(task)
    for annotation in sorted(task["annotations"], key=lambda item: int(item["id"])):
        known = last.get(annotation["id"])
        yield _read(annotation, task, setting, known=known, issues=issues)


def _check_task(task: Any) -> None:
    """Raise unless all that the server itself says of a task is there."""
    done = task.get("annotations") if isinstance(task, dict) else None
    whole = isinstance(done, list) and all(
        isinstance(item, dict) and type(item.get("id")) is int and is_time(item.get("updated_at"))
        for item in done
    )
    if not whole or type(task.get("id")) is not int:
        raise ServerError(
            f"what answers as Label Studio sent no task: {shown(task)}",
            code="server_answer",
            hint="is it the address of a Label Studio, 1.23 or later?",
        )


def _task_issues(task: dict[str, Any]) -> list[Issue]:
    """Return why no offset into this task's text can be trusted."""
    data, meta = _table(task, "data"), _table(task, "meta")
    text, digest = data.get("text"), data.get("text_sha256")
    if (
        not isinstance(text, str)
        or unfit_character(text) is not None
        or sha256_text(text) != digest
    ):
        return [Issue("$.data.text", "task_text", shown(digest), "another text")]
    record_id = data.get("record_id")
    if (record_id, digest) != (meta.get("record_id"), meta.get("text_sha256")):
        return [Issue("$.data", "task_key", shown(meta.get("record_id")), shown(record_id))]
    if not is_id(record_id):
        return [Issue("$.data.record_id", "task_key", "32 hex digits", shown(record_id))]
    return []


def _table(task: dict[str, Any], name: str) -> dict[str, Any]:
    """Return an object of a task; whoever may write to a project may put anything there."""
    value = task.get(name)
    return value if isinstance(value, dict) else {}


def _read(
    annotation: dict[str, Any],
    task: dict[str, Any],
    setting: Setting,
    *,
    known: Event | None,
    issues: list[Issue],
) -> Event | Unfit:
    origin = {
        "server": setting.server,
        "project": setting.project,
        "task": task["id"],
        "annotation": annotation["id"],
    }
    data, skipped = _table(task, "data"), bool(annotation.get("was_cancelled"))
    results, reading = annotation.get("result") or [], None
    issues = issues or shape_issues(annotation)
    if not issues and not skipped:
        reading = setting.reader.read(results, data["text"])
        issues = reading.issues
    if issues:
        at = stamp(annotation["updated_at"])
        return Unfit(origin, data.get("record_id"), at, issues, results)
    after = None if reading is None else reading.after
    return Event(
        kind=(Kind.SKIPPED if skipped else setting.kind).value,
        record_id=data["record_id"],
        text_sha256=data["text_sha256"],
        annotator=setting.people(person(annotation)),
        at=stamp(annotation["updated_at"]),
        lead_time=lead_time(annotation),
        origin=origin,
        suggestion=_suggestion(annotation, task, setting.reader),
        before=None if known is None else known.after,
        after=after,
        guideline=setting.guideline,
        taxonomy=setting.reader.version_of(after),
        context=None if reading is None else context_of(data["text"], reading.entities),
        repairs=None if reading is None else reading.repairs or None,
    )


def person(annotation: dict[str, Any]) -> int:
    """Return the number of who left the annotation as it is: its last editor."""
    number = number_of(annotation.get("updated_by") or annotation.get("completed_by"))
    return number if isinstance(number, int) else 0  # nobody has this number


def shown_to(annotation: dict[str, Any], predictions: Any) -> list[Any] | None:
    """Return the results of the prediction that an annotation began with, if it is still there."""
    stated = predictions if isinstance(predictions, list) else ()
    known = [item for item in stated if isinstance(item, dict)]
    parent = annotation.get("parent_prediction")
    found = next((item for item in reversed(known) if item.get("id") == parent), None)
    results = None if found is None or parent is None else found.get("result")
    return results if isinstance(results, list) and len(results) <= MOST_RESULTS else None


def _suggestion(
    annotation: dict[str, Any], task: dict[str, Any], reader: Reader
) -> dict[str, Any] | None:
    """Return what the annotator started from, if its prediction is still there."""
    results = shown_to(annotation, task.get("predictions"))
    if results is None:
        return None
    model = name_of(_table(task, "meta").get("model"))
    return {"model": model, **reader.read(results, task["data"]["text"]).after}
