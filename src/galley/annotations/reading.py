"""Read one task with its annotations as the server has it: events, or why there are none."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from galley.annotations.anchor import context_of
from galley.annotations.result import Reader
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
    results: list[dict[str, Any]]

    def to_json(self) -> dict[str, Any]:
        """Return the line of the quarantine."""
        issues = [issue.to_json() for issue in self.issues]
        return {
            "origin": self.origin,
            "record_id": self.record_id,
            "at": self.at,
            "issues": issues,
            "results": self.results,
        }


def read_task(
    task: dict[str, Any], setting: Setting, *, last: dict[int, Event]
) -> Iterator[Event | Unfit]:
    """Yield what each annotation of `task` says, by number.

    Args:
        task: The task with its text, annotations and predictions.
        setting: What the pull's events share.
        last: The last event of each annotation that the ledger knows.
    """
    issues = _task_issues(task)
    for annotation in sorted(task["annotations"], key=lambda item: int(item["id"])):
        known = last.get(annotation["id"])
        yield _read(annotation, task, setting, known=known, issues=issues)


def _task_issues(task: dict[str, Any]) -> list[Issue]:
    """Return why no offset into this task's text can be trusted."""
    data, meta = task["data"], task["meta"] or {}
    text, digest = str(data.get("text", "")), data.get("text_sha256")
    if unfit_character(text) is not None or sha256_text(text) != digest:
        return [Issue("$.data.text", "task_text", str(digest), "another text")]
    if (data.get("record_id"), digest) != (meta.get("record_id"), meta.get("text_sha256")):
        return [Issue("$.data", "task_key", str(meta.get("record_id")), str(data.get("record_id")))]
    return []


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
    data, skipped = task["data"], bool(annotation["was_cancelled"])
    results, reading = annotation["result"] or [], None
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
        lead_time=annotation["lead_time"],
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
    who = annotation.get("updated_by") or annotation["completed_by"]
    return int(who["id"] if isinstance(who, dict) else who)


def stamp(at: str) -> str:
    """Return the server's time in the ledger's one form, which sorts as text."""
    return datetime.fromisoformat(at).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _suggestion(
    annotation: dict[str, Any], task: dict[str, Any], reader: Reader
) -> dict[str, Any] | None:
    """Return what the annotator started from, if its prediction is still there."""
    by_id = {item["id"]: item for item in task["predictions"] if isinstance(item, dict)}
    prediction = by_id.get(annotation["parent_prediction"])
    if prediction is None:
        return None
    shown = reader.read(prediction["result"], task["data"]["text"])
    return {"model": (task["meta"] or {}).get("model"), **shown.after}
