"""Pages for a browser: one file each, nothing to load, nothing of a raw page that runs.

Whatever a raw page holds goes through Jinja's escaping. The policy in each page's head allows
its own style and script, by their hashes, and nothing else: no other script, picture, font,
frame, form or request.
"""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import jinja2
from markupsafe import Markup

from galley.build.inspect import Inspection, Piece
from galley.record import Part, Record
from galley.report.dossier import Dossier
from galley.report.marked import mark_blocks
from galley.report.palette import INKS, Family
from galley.report.visible import escape, runs
from galley.schema.vocabulary import Labels

_CLIPPED = 20_000  # characters of a quarantined stretch that are shown: it may be a film
_FIELDS = (
    *("id", "language", "published", "publisher", "authors", "contributors", "dateline", "deck"),
    *("url", "license", "source_tags", "listing_tags", "captions", "credits"),
)
_LEAST = 0.0005  # share from which one shows a digit
_TEXT = {Part.TEXT, Part.SUBHEAD}


def file_page(found: Inspection) -> str:
    """Return the page that shows a raw file with every byte in the colour of its part."""
    sizes = [(INKS[Part(part)], size) for part, size in found.parts.items()]
    order = list(INKS)
    legend = sorted(sizes, key=lambda pair: order.index(pair[0].part))
    left_out = [ink.part for ink in INKS.values() if ink.family in {Family.PAGE, Family.REST}]
    return render(
        "file.html.jinja",
        [],
        found=found,
        whole=bool(found.candidates) or not found.records,
        verdicts=found.candidates[:2],
        legend=legend,
        around=" ".join(left_out),
        strip=list(_strip(found)),
        jumps=[list(_jumps(found, number)) for number in range(len(found.records))],
    )


def record_page(dossier: Dossier, labels: Labels) -> str:
    """Return the page that shows a record with its entities and where it came from."""
    record = dossier.record
    counts = Counter(entity["label"] for entity in record["entities"])
    used = [label for label in labels.labels if counts[label.name]]
    return render(
        "record.html.jinja",
        [label.color for label in used],
        dossier=dossier,
        record=record,
        blocks=list(mark_blocks(record, [label.name for label in used])),
        legend=[(label, counts[label.name]) for label in used],
    )


class Bar(NamedTuple):
    """One stretch of the strip, in ten-thousandths of the file."""

    part: Part
    at: str
    x: float
    width: float


def _strip(found: Inspection) -> Iterator[Bar]:
    for piece in found.pieces:
        if piece.part is not Part.WHITESPACE and piece.byte_start is not None:
            x, width = (round(10_000 * n / found.size, 2) for n in (piece.byte_start, piece.size))
            yield Bar(piece.part, _anchor(piece), x, width)


def _anchor(piece: Piece) -> str:
    """Return what links call a stretch."""
    return f"r{piece.record}" if piece.byte_start is None else f"b{piece.byte_start}"


def _jumps(found: Inspection, number: int) -> Iterator[tuple[Part, int, str]]:
    """Yield the parts of a record: how many stretches are one, and where the first is."""
    own = [piece for piece in found.pieces if piece.record == number]
    counts = Counter(piece.part for piece in own)
    for part in counts:
        yield part, counts[part], next(_anchor(piece) for piece in own if piece.part is part)


def _fields(record: Record) -> Iterator[tuple[str, Any, str, str]]:
    """Yield name, value, colour and origin of each field that is not empty."""
    configured = {name for source in record["sources"] for name in source["configured"]}
    for name in _FIELDS:
        if value := record.get(name):
            tint = "p-tag" if name.endswith("tags") else ""
            yield name, value, tint, "sources.toml" if name in configured else ""
    words = len(record["text"].split())
    yield "text", f"{len(record['text']):,} characters, {words:,} words", "", ""


def _info(piece: Piece, found: Inspection) -> str:
    """Return what the status line says of a stretch."""
    said = f"{piece.place} ({piece.size:,})" if piece.size else piece.place
    if piece.record is not None:
        title = escape(found.records[piece.record]["title"])
        said += f" · record {piece.record + 1}: {title[:80]}"
    said += " · other pages of its source say it too" if piece.repeated else ""
    return said + (f" · {piece.reason}" if piece.reason else "")


def _clip(piece: Piece) -> str:
    if piece.part is not Part.QUARANTINED or len(piece.text) <= _CLIPPED:
        return piece.text
    return piece.text[:_CLIPPED] + f"\n… {len(piece.text) - _CLIPPED:,} more characters"


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("galley.report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "runs": runs,
        "visible": escape,
        "words": lambda name: name.replace("_", " "),
        "grouped": lambda number: f"{number:,}",
        "share": _share,
        "fields": _fields,
        "info": _info,
        "anchor": _anchor,
        "clip": _clip,
        "blocks": lambda record: mark_blocks(record, []),
    }
    return environment


def _share(size: int, total: int) -> str:
    """Return a percentage; of what is there it is never nothing."""
    share = size / max(total, 1)
    return "<0.1%" if 0 < share < _LEAST else f"{share:.1%}"


@dataclass(frozen=True)
class _Trusted:
    """Our own style or script: it goes into the page as it stands, and the policy names it."""

    text: str

    @property
    def source(self) -> str:
        digest = hashlib.sha256(self.text.encode("utf-8")).digest()
        return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"

    @property
    def markup(self) -> Markup:
        return Markup(self.text)  # noqa: S704 - written by us; the colours in it are checked


def render(template: str, hues: list[str], *, own: str = "page", **values: Any) -> str:
    """Return the page that `template` makes of `values`.

    Args:
        template: Its name.
        hues: Colours of entity labels, `#rrggbb`.
        own: The name of its script, and of its style if that is more than the common one.
        values: What it may name.
    """
    environment = _environment()
    toggles = [*(ink.part for ink in INKS.values()), *(f"h{n}" for n in range(len(hues)))]
    sheets = ["style.css", *({f"{own}.css"} & {*environment.list_templates()})]
    told = {"inks": INKS.values(), "hues": [_checked(hue) for hue in hues], "toggles": toggles}
    style = _Trusted("".join(environment.get_template(name).render(told) for name in sheets))
    assert environment.loader is not None  # noqa: S101 - set above
    script = _Trusted(environment.loader.get_source(environment, f"{own}.js")[0])
    policy = (
        f"default-src 'none'; style-src {style.source}; script-src {script.source}; "
        "base-uri 'none'; form-action 'none'"
    )
    return environment.get_template(template).render(
        values | {"style": style.markup, "script": script.markup, "policy": policy}
    )


def _checked(color: str) -> str:
    """Return `color` if it is one, else grey: nothing else may get into the style."""
    digits = color.removeprefix("#")
    ok = len(digits) == 6 and all(digit in "0123456789abcdefABCDEF" for digit in digits)
    return f"#{digits}" if ok else "#666666"
