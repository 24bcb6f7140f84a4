"""Results, Label Studio's form of tags and entities: written for predictions, read back.

Nothing that comes back is believed: a span must lie in the task's own text and show the
surface that the annotator saw, a label and a tag must be in the vocabularies. A region with
two labels is two entities.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from galley.annotations.offsets import Seen, repair
from galley.annotations.shape import kept, shown
from galley.hashing import canonical_json, sha256_json, sha256_text
from galley.nearest import find_nearest
from galley.record import Entity, Span, make_entity
from galley.schema.issue import Issue
from galley.schema.labeling import ENTITIES, TAGS, TEXT
from galley.schema.migration import Migrations
from galley.schema.vocabulary import Labels, Taxonomy

Result = dict[str, Any]
# Characters on either side that are shown of a span that does not fit.
_AROUND = 20


def write_results(
    tags: Iterable[str], entities: Iterable[Entity], *, taxonomy: Taxonomy
) -> list[Result]:
    """Return the results of a prediction; their ids follow from their content."""
    results = [_region(entity) for entity in entities]
    paths = [taxonomy.path(tag) for tag in tags]
    if paths:
        value = {"taxonomy": paths}
        results.append(_result(TAGS, "taxonomy", value, canonical_json(value)))
    return results


def _result(name: str, kind: str, value: dict[str, Any], written: str) -> Result:
    """Return a result; its id is the hash of its canonical JSON, in which `written` is `value`."""
    whole = f'{{"from_name":"{name}","to_name":"{TEXT}","type":"{kind}","value":{written}}}'
    base = {"from_name": name, "to_name": TEXT, "type": kind, "value": value}
    return {"id": sha256_text(whole)[:10], **base}


def _region(entity: Entity) -> Result:
    start, end, text, label = (entity[name] for name in ("start", "end", "text", "label"))
    # by hand: a push writes tens of thousands, and to encode an object costs ten times this
    label_, text_ = canonical_json(label), canonical_json(text)
    written = f'{{"end":{end},"labels":[{label_}],"start":{start},"text":{text_}}}'
    value = {"start": start, "end": end, "text": text, "labels": [label]}
    return _result(ENTITIES, "labels", value, written)


@dataclass(frozen=True)
class Reading:
    """What the results of one annotation say.

    Attributes:
        tags: Slugs in the order chosen, each once.
        entities: Sorted by position, each once.
        issues: What does not fit; then tags and entities lack what the issues are about.
        repairs: What was read otherwise than it stands there, each with its `rule`.
    """

    tags: list[str]
    entities: list[Entity]
    issues: list[Issue] = field(default_factory=list)
    repairs: list[dict[str, Any]] = field(default_factory=list)

    @property
    def after(self) -> dict[str, Any]:
        """The annotation as an event has it."""
        return {"tags": self.tags, "entities": self.entities}


@dataclass(frozen=True)
class Reader:
    """Reads results back under the vocabularies.

    Attributes:
        taxonomy: The tags that may come back.
        labels: The labels that may come back.
        foreign: Whether the screen was another than ours: then results may have any names, tags
            may be choices, and are resolved as publishers' tags are.
        migrations: What became of names: those that are no more may come back too, from work
            that was begun before.
    """

    taxonomy: Taxonomy
    labels: Labels
    foreign: bool = False
    migrations: Migrations = field(default_factory=Migrations)

    @cached_property
    def _tag_names(self) -> frozenset[str]:
        return self.taxonomy.names | self.migrations.tags.former.keys()

    @cached_property
    def _label_names(self) -> frozenset[str]:
        return frozenset(self.labels.names) | self.migrations.entities.former.keys()

    @property
    def vocabulary(self) -> str:
        """The hash of the names that may come back."""
        return sha256_json([sorted(self._tag_names), sorted(self._label_names)])

    def version_of(self, after: dict[str, Any] | None) -> str:
        """Return the taxonomy under which an annotation was made: today's, if it may be."""
        said = after or {"tags": [], "entities": []}
        former = self.migrations
        found = [former.tags.former.get(tag) for tag in said["tags"]]
        found += [former.entities.former.get(item["label"]) for item in said["entities"]]
        return next((version for version in found if version), self.taxonomy.version)

    def read(self, results: list[Any], text: str) -> Reading:
        """Return what the results say.

        Args:
            results: Of one annotation, as the server has them.
            text: The text of its task; offsets are code points into it, or are repaired.
        """
        misshapen = [(number, item) for number, item in enumerate(results) if not _is_result(item)]
        numbered = [(number, item) for number, item in enumerate(results) if _is_result(item)]
        regions = [(number, item) for number, item in numbered if self._is_region(item)]
        reading = self._read_regions(regions, text)
        reading.issues.extend(
            Issue(f"$[{number}]", "result_shape", "an object with an object `value`", shown(item))
            for number, item in misshapen
        )
        tags: dict[str, None] = {}
        for number, result in numbered:
            if self._is_region(result):
                continue
            if result.get("type") == "relation":  # no part of a record: kept, not followed
                reading.repairs.append({"rule": "left_out", "result": kept(result)})
            elif self._is_choice(result):
                found = self._tags(result)
                tags.update((tag, None) for tag in found if tag in self._tag_names)
                known = self._tag_names
                reading.issues.extend(
                    Issue(f"$[{number}]", "tag_unknown", _meant("a slug of tags.yaml", t, known), t)
                    for t in (shown(tag) for tag in found if tag not in known)
                )
            else:
                got = shown(f"{result.get('from_name')}: {result.get('type')}")
                issue = Issue(f"$[{number}]", "result_type", "labels or taxonomy", got)
                reading.issues.append(issue)
        reading.tags.extend(tags)
        reading.issues.sort(key=_number)
        return reading

    def _is_region(self, result: Result) -> bool:
        ours = self.foreign or result.get("from_name") == ENTITIES
        return ours and result.get("type") == "labels"

    def _is_choice(self, result: Result) -> bool:
        if self.foreign:
            return result.get("type") in ("taxonomy", "choices")  # of any type: no set
        return (result.get("from_name"), result.get("type")) == (TAGS, "taxonomy")

    def _tags(self, result: Result) -> list[str]:
        """Return the tags of a result; of a path into the tree, its end."""
        value = result.get("value") or {}
        stated = value.get("taxonomy") or value.get("choices") or []
        paths = stated if isinstance(stated, list) else [stated]
        names = [str(path[-1]) if isinstance(path, list) and path else str(path) for path in paths]
        if not self.foreign:
            return names
        return [self.taxonomy.resolve(name) or name for name in names]

    def _read_regions(self, regions: list[tuple[int, Result]], text: str) -> Reading:
        values = [(number, result.get("value") or {}) for number, result in regions]
        faults = [self._label_issues(value) for _, value in values]
        issues = [
            Issue(f"$[{number}]", *fault)
            for (number, _), own in zip(values, faults, strict=True)
            for fault in own
        ]
        spans, repairs, misfits = _place(values, text)
        issues += misfits
        entities = {
            (*span, label): make_entity(text, span, label=label)
            for (_, value), span, own in zip(values, spans, faults, strict=True)
            if span is not None and not own
            for label in value["labels"]
        }
        return Reading([], [entities[key] for key in sorted(entities)], issues, repairs)

    def _label_issues(self, value: dict[str, Any]) -> list[tuple[str, str, str]]:
        labels = value.get("labels") or []
        if not labels or not isinstance(labels, list):
            return [("label_count", "a label", "none")]
        wanted, known = "a name of entities.yaml", self._label_names
        unknown = [shown(one) for one in labels if not isinstance(one, str) or one not in known]
        return [("label_unknown", _meant(wanted, label, known), label) for label in unknown]


def _is_result(item: Any) -> bool:
    """Tell whether an item has the shape that all results have; a relation has no value."""
    return isinstance(item, dict) and isinstance(item.get("value"), dict | None)


def _meant(wanted: str, word: str, known: Iterable[str]) -> str:
    """Return what is expected, and which of `known` is nearest to `word`."""
    near = find_nearest(word, known)
    return f"{wanted}, such as `{near}`" if near else wanted


def _place(
    values: list[tuple[int, dict[str, Any]]], text: str
) -> tuple[list[Span | None], list[dict[str, Any]], list[Issue]]:
    """Return where each region is, how that was found out, and what has no place."""
    seen = [_seen(value) for _, value in values]
    placed = [_as_it_is(item, text) for item in seen]
    issues = [
        Issue(f"$[{number}]", *_misfit(value, text))
        for (number, value), span in zip(values, placed, strict=True)
        if span is None
    ]
    whole = [item for item in seen if item is not None]
    mended = repair(whole, text) if issues and len(whole) == len(seen) else None
    if mended is None:
        return placed, [], issues
    repairs = [
        {"rule": mended.rule, "from": [item.start, item.end], "to": list(span)}
        for item, span in zip(whole, mended.spans, strict=True)
        if (item.start, item.end) != span
    ]
    return list(mended.spans), repairs, []


def _as_it_is(item: Seen | None, text: str) -> Span | None:
    """Return the span in code points, if it fits."""
    span = None if item is None else Span(item.start, item.end)
    return span if item and span and item.fits(span, text) else None


def _seen(value: dict[str, Any]) -> Seen | None:
    """Return the span that a region claims, or None where its offsets are no numbers."""
    start, end, surface = value.get("start"), value.get("end"), value.get("text")
    if type(start) is not int or type(end) is not int:
        return None
    return Seen(start, end, surface if isinstance(surface, str) else None)


def _misfit(value: dict[str, Any], text: str) -> tuple[str, str, str]:
    """Return `(code, expected, got)` for a region that does not fit, with what stands around."""
    start, end = value.get("start"), value.get("end")
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
        got = f"{shown(start)}..{shown(end)}, shown as {shown(value.get('text'))!r}"
        return "span_range", f"inside 0..{len(text)}", got
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    got = f"{shown(text[start:end])!r} at {start}..{end}, between {before!r} and {after!r}"
    return "span_surface", repr(shown(value.get("text"))), got


def _number(issue: Issue) -> int:
    return int(issue.path[2:-1])
