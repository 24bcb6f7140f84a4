"""A comparison in words: sections of lines, for a terminal or in Markdown."""

from collections.abc import Iterator

from galley.record import Entity
from galley.releases.changelog import count, describe
from galley.releases.comparison import Comparison, Detail, RecordChange
from galley.releases.spans import Fate, SpanChange
from galley.releases.version import Level

_SHOWN = 20

Section = tuple[str, list[str]]


def tell(comparison: Comparison) -> Iterator[str]:
    """Yield the lines of a terminal."""
    for title, lines in _sections(comparison):
        yield title
        yield from (f"  {line}" for line in lines)


def tell_markdown(comparison: Comparison) -> Iterator[str]:
    """Yield the lines of a Markdown document, for a pull request."""
    for number, (title, lines) in enumerate(_sections(comparison)):
        yield from (("",) if number else ())
        yield f"{'###' if number else '##'} {title}"
        if lines:
            yield ""
        yield from (f"- {line}" for line in lines)


def _sections(comparison: Comparison) -> Iterator[Section]:
    level = comparison.change.level
    verdict = "nothing changed" if level is Level.NONE else f"a {level.name.lower()} change"
    new = f"{comparison.next}, not released yet" if comparison.next else comparison.new
    yield f"{comparison.old} → {new}: {verdict}", []
    if level is Level.NONE:
        return
    for title, lines in describe(comparison.change).items():
        if lines:
            yield title, lines
    if comparison.detail is not None:
        yield from _detail(comparison.detail)
        return
    names = " and ".join(comparison.without_data)
    hints = ", ".join(f"`galley release --rebuild {name}`" for name in comparison.without_data)
    yield "Not compared: fields, spans, tags, labels", [f"no Parquet of {names} here: {hints}"]


def _detail(detail: Detail) -> Iterator[Section]:
    if detail.fields:
        yield "Fields", [f"`{name}`: {count(n, 'record')}" for name, n in detail.fields.items()]
    if detail.spans:
        found = [f"{fate} {detail.spans[fate]}" for fate in Fate if detail.spans[fate]]
        yield "Spans", [", ".join(found)]
    if detail.tags:
        yield "Tags", [f"{_code(tag)}: +{new} −{old}" for tag, (old, new) in detail.tags.items()]
    if other := {key: pair for key, pair in detail.labels.items() if pair[0] != pair[1]}:
        yield (
            "Labels",
            [f"`{label}`: {old} → {new} ({new - old:+})" for label, (old, new) in other.items()],
        )
    if detail.records:
        left = len(detail.records) - _SHOWN
        more = [f"and {count(left, 'record')} more: `--json` has all"] if left > 0 else []
        yield "Records", [*(_record(item) for item in detail.records[:_SHOWN]), *more]


def _record(change: RecordChange) -> str:
    parts = [f"`{change.id}`: {', '.join(change.fields)}"]
    parts += [f"{sign}{_code(tag)}" for sign, tag in _tags(change)]
    parts += [_span(span) for span in change.spans]
    return "; ".join(parts)


def _tags(change: RecordChange) -> Iterator[tuple[str, str]]:
    yield from (("+", tag) for tag in change.tags_added)
    yield from (("−", tag) for tag in change.tags_removed)


def _span(change: SpanChange) -> str:
    sides = [_entity(side) for side in (change.before, change.after) if side is not None]
    return f"{change.fate} {' → '.join(sides)}"


def _entity(entity: Entity) -> str:
    where = f"{entity['start']}–{entity['end']}"
    return f"{entity['label']} {where} {_code(repr(entity['text']))}"


def _code(text: str) -> str:
    """Return `text` as Markdown code that nothing in it can end; a terminal shows it as well."""
    shown = "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)
    fence = "``" if "`" in shown else "`"
    return f"{fence} {shown} {fence}" if "`" in shown else f"{fence}{shown}{fence}"
