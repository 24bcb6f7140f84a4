"""Results, Label Studio's form of tags and entities: written for predictions, read back.

Nothing that comes back is believed: a span must lie in the task's own text and show the
surface that the annotator saw, a label and a tag must be in the vocabularies.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from galley.hashing import sha256_json
from galley.record import Entity, Span, make_entity
from galley.schema.issue import Issue
from galley.schema.labeling import ENTITIES, TAGS, TEXT
from galley.schema.vocabulary import Labels, Taxonomy

Result = dict[str, Any]
# What Label Studio makes of a line end in `value.text`, beside collapsing spaces.
_BREAK = re.compile(r"\\n|\s+")


def write_results(
    tags: Iterable[str], entities: Iterable[Entity], *, taxonomy: Taxonomy
) -> list[Result]:
    """Return the results of a prediction; their ids follow from their content."""
    results = [_result(ENTITIES, "labels", _region(entity)) for entity in entities]
    paths = [taxonomy.path(tag) for tag in tags]
    if paths:
        results.append(_result(TAGS, "taxonomy", {"taxonomy": paths}))
    return results


def _result(name: str, kind: str, value: dict[str, Any]) -> Result:
    result = {"from_name": name, "to_name": TEXT, "type": kind, "value": value}
    return {"id": sha256_json(result)[:10], **result}


def _region(entity: Entity) -> dict[str, Any]:
    span = {name: entity[name] for name in ("start", "end", "text")}
    return {**span, "labels": [entity["label"]]}


@dataclass(frozen=True)
class Reader:
    """Reads results back under the vocabularies.

    Attributes:
        taxonomy: The tags that may come back.
        labels: The labels that may come back.
    """

    taxonomy: Taxonomy
    labels: Labels

    def read(self, results: list[Result], text: str) -> tuple[dict[str, Any], list[Issue]]:
        """Return `{"tags", "entities"}`, and what does not fit.

        Args:
            results: Of one annotation, as the server has them.
            text: The text of its task; offsets are code points into it.

        Returns:
            Entities sorted by position and tags in the order chosen, each once. Where there
            are issues, the first value lacks what they are about.
        """
        entities: dict[tuple[int, int, str], Entity] = {}
        tags: dict[str, None] = {}
        issues: list[Issue] = []
        for number, result in enumerate(results):
            found = self._issues(result, text)
            issues += [Issue(f"$[{number}]", *finding) for finding in found]
            if found:
                continue
            if result["type"] == "taxonomy":
                tags.update((path[-1], None) for path in result["value"]["taxonomy"])
            else:
                entity = _entity(result["value"], text)
                entities[entity["start"], entity["end"], entity["label"]] = entity
        return {"tags": list(tags), "entities": [entities[key] for key in sorted(entities)]}, issues

    def _issues(self, result: Result, text: str) -> list[tuple[str, str, str]]:
        """Return `(code, expected, got)` for all that is wrong with `result`."""
        kind = (result.get("from_name"), result.get("type"))
        value = result.get("value") or {}
        if kind == (TAGS, "taxonomy"):
            return self._tag_issues(value)
        if kind == (ENTITIES, "labels"):
            return [*self._label_issues(value), *_span_issues(value, text)]
        return [("result_type", "labels or taxonomy", f"{kind[0]}: {kind[1]}")]

    def _tag_issues(self, value: dict[str, Any]) -> list[tuple[str, str, str]]:
        paths = value.get("taxonomy") or []
        last = [path[-1] if isinstance(path, list) and path else str(path) for path in paths]
        known = self.taxonomy.names
        return [("tag_unknown", "a slug of tags.yaml", tag) for tag in last if tag not in known]

    def _label_issues(self, value: dict[str, Any]) -> list[tuple[str, str, str]]:
        labels = value.get("labels") or []
        if len(labels) != 1:
            return [("label_count", "one label", ", ".join(labels) or "none")]
        if labels[0] not in self.labels.names:
            return [("label_unknown", "a name of entities.yaml", str(labels[0]))]
        return []


def _span_issues(value: dict[str, Any], text: str) -> list[tuple[str, str, str]]:
    start, end = value.get("start"), value.get("end")
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
        return [("span_range", f"inside 0..{len(text)}", f"{start}..{end}")]
    seen, surface = value.get("text"), text[start:end]
    if seen is not None and _flat(seen) != _flat(surface):
        return [("span_surface", repr(seen), repr(surface))]
    return []


def _entity(value: dict[str, Any], text: str) -> Entity:
    return make_entity(text, Span(value["start"], value["end"]), label=value["labels"][0])


def _flat(surface: str) -> str:
    """Return `surface` without what Label Studio's `value.text` gets wrong: white space."""
    return _BREAK.sub("", surface)
