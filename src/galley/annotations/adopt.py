"""Read annotations that were made before Galley, in any project: events, or why there are none.

Nothing is known of such a project: its text is brought to the form that records have, its
offsets are checked like all others, and its choices are resolved as publishers' tags are.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from galley.annotations.anchor import context_of
from galley.annotations.offsets import normalised
from galley.annotations.reading import Unfit, shown_to
from galley.annotations.result import Reader, Reading, Result
from galley.annotations.shape import (
    is_time,
    lead_time,
    name_of,
    number_of,
    shape_issues,
    stamp,
)
from galley.hashing import sha256_json, sha256_text
from galley.ledger import Event, Kind
from galley.record import Record, Span, make_entity, mint_id, normalise, unfit_character
from galley.schema.issue import Issue

# The version of guidelines that nobody told us, and the project that stands for all others.
GUIDELINE = PROJECT = "adopted"


@dataclass(frozen=True)
class Match:
    """Which record a task is about.

    Attributes:
        ids: All ids of records.
        texts: From the text without white space to the record.
        urls: From the address to the record.
    """

    ids: frozenset[str]
    texts: Mapping[str, str]
    urls: Mapping[str, str]

    @classmethod
    def collect(cls, records: Iterator[Record]) -> "Match":
        """Return what leads to each of `records`."""
        ids, texts, urls = set(), {}, {}
        for record in records:
            ids.add(record["id"])
            texts[_fold(record["text"])] = record["id"]
            if record["url"]:
                urls[record["url"]] = record["id"]
        return cls(frozenset(ids), texts, urls)

    def find(self, data: Mapping[str, Any], text: str) -> str:
        """Return the record of a task; where there is none, the id that the text will have."""
        record_id = data.get("record_id")
        if isinstance(record_id, str) and record_id in self.ids:
            return record_id
        known = self.texts.get(_fold(text)) or self.urls.get(str(data.get("url")))
        return known or mint_id(sha256_text(text))


@dataclass(frozen=True)
class Adoption:
    """What all events of one adoption share.

    Attributes:
        reader: Reads results of any screen.
        match: Finds records.
        person: Gives the pseudonym of who is behind a number and, where known, an address.
        server: Short name of where the annotations come from.
        field: The name of the text in the tasks' data.
    """

    reader: Reader
    match: Match
    person: Callable[[Any, str | None], str]
    server: str
    field: str

    def read(self, task: dict[str, Any], last: Mapping[str, Event]) -> Iterator[Event | Unfit]:
        """Yield what each annotation of `task` says, the oldest first.

        Args:
            task: With `data` and `annotations`, as an export has it.
            last: The last event of each adopted annotation that the ledger knows.
        """
        done = sorted(task["annotations"], key=lambda item: (_at(item, task), str(item.get("id"))))
        latest = {_who(item): item for item in done if not item.get("was_cancelled")}
        for item in done:
            double = not item.get("was_cancelled") and latest[_who(item)] is not item
            yield self._read(item, task, last, double=double)

    def _read(
        self,
        annotation: dict[str, Any],
        task: dict[str, Any],
        last: Mapping[str, Event],
        *,
        double: bool,
    ) -> Event | Unfit:
        origin, at = self._origin(annotation, task), _at(annotation, task)
        raw, skipped = task["data"].get(self.field), bool(annotation.get("was_cancelled"))
        results: list[Result] = annotation.get("result") or []
        issues = shape_issues(annotation) or _issues(raw, at, double=double)
        reading = None
        if not issues and not skipped:
            reading = read_normalised(self.reader, results, raw)
            issues = reading.issues
        if issues:
            return Unfit(origin, None, at, issues, results)
        text, known = normalise(raw), last.get(origin["annotation"])
        return Event(
            kind=Kind.SKIPPED.value if skipped else Kind.ANNOTATED.value,
            record_id=self.match.find(task["data"], text),
            text_sha256=sha256_text(text),
            annotator=self.person(_who(annotation), _address(annotation)),
            at=at,
            lead_time=lead_time(annotation),
            origin=origin,
            suggestion=self._suggestion(annotation, task, raw),
            before=None if known is None else known.after,
            after=None if reading is None else reading.after,
            guideline=GUIDELINE,
            taxonomy=self.reader.taxonomy.version,
            context=None if reading is None else context_of(text, reading.entities),
            repairs=None if reading is None else reading.repairs or None,
        )

    def _origin(self, annotation: dict[str, Any], task: dict[str, Any]) -> dict[str, Any]:
        """Name an annotation: exports of one project, and its server, call it the same."""
        number, raw = annotation.get("id"), task["data"].get(self.field)
        made = [task.get("id"), number, annotation.get("created_at"), raw]
        name = _plain(annotation.get("unique_id")) or _digest(made)
        task_number = _plain(task.get("id"))
        return {"server": self.server, "project": PROJECT, "task": task_number, "annotation": name}

    def _suggestion(
        self, annotation: dict[str, Any], task: dict[str, Any], raw: str
    ) -> dict[str, Any] | None:
        """Return what the annotator started from, if the export still has it."""
        stated = task.get("predictions")
        items = [*(stated if isinstance(stated, list) else ()), annotation.get("prediction")]
        results = shown_to(annotation, items)
        if results is None:
            return None
        model = next((i.get("model_version") for i in items if _results(i) is results), None)
        return {"model": name_of(model), **read_normalised(self.reader, results, raw).after}


def _results(prediction: Any) -> Any:
    return prediction.get("result") if isinstance(prediction, dict) else None


def read_normalised(reader: Reader, results: list[Result], raw: str) -> Reading:
    """Read results on `raw`, and put their spans where they are in a record's text."""
    reading, text = reader.read(results, raw), normalise(raw)
    if text == raw:
        return reading
    moved = Reading(reading.tags, [], list(reading.issues), list(reading.repairs))
    for entity in reading.entities:
        old = Span(entity["start"], entity["end"])
        new = normalised(old, raw)
        if new is None:
            moved.issues.append(Issue("$", "span_normalised", "whole characters", entity["text"]))
            continue
        moved.entities.append(make_entity(text, new, label=entity["label"]))
        if new != old:
            moved.repairs.append({"rule": "normalised", "from": list(old), "to": list(new)})
    return moved


def _issues(raw: Any, at: str, *, double: bool) -> list[Issue]:
    """Return why an annotation cannot be read at all."""
    if not isinstance(raw, str) or unfit_character(raw) is not None:
        return [Issue("$.data", "task_text", "a text without NUL and lone surrogates", "none")]
    if not at:
        return [Issue("$.updated_at", "annotation_time", "a time", "none")]
    if double:
        return [Issue("$", "annotation_double", "one of each person", "a later one of the same")]
    return []


def _at(annotation: dict[str, Any], task: dict[str, Any]) -> str:
    """Return when an annotation was last changed; empty where nothing says so."""
    times = (annotation.get("updated_at"), annotation.get("created_at"), task.get("updated_at"))
    return next((stamp(str(at)) for at in times if is_time(at)), "")


def _who(annotation: dict[str, Any]) -> Any:
    """Return the number of who annotated; of what is none, words."""
    number = number_of(annotation.get("completed_by"))
    return number if isinstance(number, int | str | None) else repr(number)


def _address(annotation: dict[str, Any]) -> str | None:
    who = annotation.get("completed_by")
    return who.get("email") if isinstance(who, dict) else None


def _fold(text: str) -> str:
    return sha256_text("".join(text.split()))


def _plain(value: Any) -> int | str | None:
    """Return a number or a name that the ledger can hold, or None."""
    return value if isinstance(value, int) else name_of(value)


def _digest(value: Any) -> str:
    """Return a short hash, lone surrogates or not."""
    return sha256_json(ascii(value))[:32]
