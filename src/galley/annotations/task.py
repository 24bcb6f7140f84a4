"""A task as push sends it: what the annotator sees of a record, and what is suggested."""

import html
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from galley.annotations.correction import Correction, TextKey
from galley.annotations.result import Reader, write_results
from galley.annotations.suggestion import Suggestion
from galley.hashing import canonical_json, sha256_bytes, sha256_text
from galley.record import Record, unfit_character
from galley.schema.issue import Issue
from galley.schema.vocabulary import Taxonomy

# A project shows the predictions of one model version only, so all of ours carry this one;
# which model made them stands in `meta.model`.
MODEL_VERSION = "galley"


class Queue(StrEnum):
    """Why a task waits for somebody."""

    NEW = "new"  # nobody has annotated the record
    REANCHOR = "reanchor"  # its text has changed, and a part of what was marked has no place
    ADJUDICATE = "adjudicate"  # people said different things, and no policy settles it
    SPLIT = "split"  # a name that people chose was split by a migration
    SUSPECTS = "suspects"  # people may have made a mistake


@dataclass(frozen=True)
class Task:
    """One text of one record, with what is suggested for it.

    Attributes:
        record: The record as built.
        shown: What the annotator starts from; None for an empty screen.
        taxonomy: The tag vocabulary.
        found: What people said about the record, if they did.
        score: How sure suggesters are of the record, 0 to 1; None where they do not say.
    """

    record: Record
    shown: Suggestion | None
    taxonomy: Taxonomy
    found: Correction | None = None
    score: float | None = field(default=None, kw_only=True)

    @property
    def key(self) -> TextKey:
        """Which text of which record it holds."""
        return self.record["id"], self.record["text_sha256"]

    @cached_property
    def data(self) -> dict[str, Any]:
        """The task's `data`; `archived` is true for one that nobody needs to look at."""
        names = ("text_sha256", "text", "title", "language", "url")
        fields = {name: self.record[name] for name in names}
        own = {"record_id": self.record["id"], "archived": False}
        if self.queue not in {None, Queue.NEW}:
            own["queue"] = str(self.queue)
        return {**own, "link": self._link, **fields}

    @property
    def queue(self) -> Queue | None:
        """Why somebody should look at it; None where somebody has."""
        if self.found is None:
            return Queue.NEW
        return Queue.REANCHOR if self.found.lost else None

    @cached_property
    def results(self) -> list[dict[str, Any]]:
        """The results of its prediction."""
        if self.shown is None:
            return []
        return write_results(self.shown.tags, self.shown.entities, taxonomy=self.taxonomy)

    @property
    def prediction(self) -> dict[str, Any] | None:
        """Its prediction; None where nothing is suggested."""
        if self.shown is None:
            return None
        return {
            "model_version": MODEL_VERSION,
            "result": self.results,
            "score": self.shown.score,
        }

    @cached_property
    def _data(self) -> bytes:
        return canonical_json(self.data).encode()

    @cached_property
    def _results(self) -> bytes:
        return canonical_json(self.results).encode()

    @cached_property
    def meta(self) -> dict[str, Any]:
        """The task's `meta`: what a listing needs to tell whether anything changed."""
        return {
            "record_id": self.record["id"],
            "text_sha256": self.record["text_sha256"],
            "archived": False,
            "data": sha256_bytes(self._data)[:16],
            "shown": sha256_bytes(self._results)[:16],
            "model": self.model,
        }

    @property
    def model(self) -> str | None:
        """What made the prediction."""
        return None if self.shown is None else self.shown.model

    def to_json(self) -> dict[str, Any]:
        """Return what an import takes."""
        predictions = [] if self.prediction is None else [self.prediction]
        return {"data": self.data, "meta": self.meta, "predictions": predictions}

    def encode(self) -> bytes:
        """Return `to_json()` as JSON; what was encoded for a hash is not encoded again."""
        rest = canonical_json({"meta": self.meta, "predictions": []}).encode()
        whole = b'{"data":%b,%b' % (self._data, rest[1:])
        if self.shown is None:
            return whole
        said = canonical_json({"model_version": MODEL_VERSION, "score": self.shown.score}).encode()
        return b'%b{"result":%b,%b]}' % (whole.removesuffix(b"]}"), self._results, said[1:])

    def unfit(self) -> list[Issue]:
        """Return which of its strings hold a character that breaks the server."""
        strings = {name: value for name, value in self.data.items() if isinstance(value, str)}
        return [
            Issue(
                f"{self.record['id']} $.{name}",
                "text_character",
                "no NUL and no lone surrogate",
                found,
            )
            for name, value in strings.items()
            if (found := unfit_character(value)) is not None
        ]

    def issues(self, reader: Reader) -> list[Issue]:
        """Return why the task must not be sent: the server itself checks nothing."""
        where = self.record["id"]
        unfit = self.unfit()
        if unfit or self.shown is None:
            return unfit
        text = self.record["text"]
        if {sha256_text(text)} != {self.record["text_sha256"], self.shown.text_sha256}:
            return [Issue(where, "text_hash", self.record["text_sha256"], sha256_text(text))]
        reading = reader.read(self.results, text)
        found_issues = reading.issues + _repaired(reading.repairs) + _doubles(self.results)
        return [Issue(f"{where} {i.path}", i.code, i.expected, i.got) for i in found_issues]

    @property
    def _link(self) -> str:
        """One line of markup: where the text comes from. All of it is escaped here."""
        record = self.record
        parts = [html.escape(part) for part in _origin(record) if part]
        if (record["url"] or "").startswith(("http://", "https://")):
            url = html.escape(record["url"])
            parts.append(f'<a href="{url}" target="_blank" rel="noopener noreferrer">{url}</a>')
        return " · ".join(parts) + self._lost

    @property
    def _lost(self) -> str:
        """What was marked in an earlier text and has no place in this one."""
        lost = self.found.lost if self.found else []
        if not lost:
            return ""
        names = "; ".join(f"{item['label']} “{html.escape(item['text'])}”" for item in lost)
        return f"<br><b>The text has changed. Marked before, and to be marked again: {names}</b>"


def _origin(record: Record) -> list[str | None]:
    return [record["publisher"], record["published"], record["language"]]


def _repaired(repairs: list[dict[str, Any]]) -> list[Issue]:
    """Return an issue for each span that only a repair would make fit: ours need none."""
    return [Issue("$.result", "span_unit", "code points", item["rule"]) for item in repairs]


def _doubles(results: list[dict[str, Any]]) -> list[Issue]:
    ids = [result["id"] for result in results]
    double = sorted({name for name in ids if ids.count(name) > 1})
    return [Issue("$.result", "result_double", "each once", name) for name in double]
