"""Charts as SVG, drawn by Vega-Lite without a browser.

Their colours are those of the page, so that they follow its light or dark scheme. Every place
is given here and nothing depends on the width of a letter: the same figures give the same bytes
on each machine, whatever fonts it has.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from unicodedata import east_asian_width

from markupsafe import Markup

from galley.record import Status
from galley.releases.text import interval
from galley.report.visible import escape

_WIDTH = 360  # of a drawing, in CSS pixels: that of a phone, where its letters are as they are here
_LEFT = 132  # room for the names at the left
_NAME = 19  # half-width characters of a name that fit there
_STEP = 19  # of a bar
_LETTER = 6.5  # what half-width characters take at most, in the mean
_TALL = 170
_TICKS = 5
STATUSES = tuple(str(status) for status in reversed(Status))

Counted = Sequence[tuple[str, int]]
Spec = dict[str, Any]


@dataclass(frozen=True)
class Chart:
    """A chart, and the same figures as a table.

    Attributes:
        title: What it shows.
        head: The names of the table's columns.
        rows: The figures, more than are drawn.
        svg: The drawing.
        legend: What its colours stand for.
        left_out: How many names the drawing has no room for.
    """

    title: str
    head: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    svg: Markup
    legend: tuple[str, ...] = ()
    left_out: int = 0


def bars(title: str, noun: str, counts: Counted, most: int = 20) -> Chart:
    """Return a bar for each of the first `most` of `counts`, from top to bottom."""
    left_out = max(0, len(counts) - most)
    short = _shorten(name for name, _ in counts[:most])
    values = [{"name": short[name], "count": count} for name, count in counts[:most]]
    most = max((count for _, count in counts), default=0)
    drawn = {"type": "bar", "color": "var(--bar)"}
    figure = {"type": "text", "align": "left", "dx": 4, "color": "var(--soft)"}
    spec = {
        "width": _WIDTH - _LEFT - 40,  # room for the figure of the longest bar
        "height": {"step": _STEP},
        "encoding": {"y": _names(short.values()), "x": _amount(most) | {"axis": None}},
        "layer": [
            {"mark": drawn},
            {"mark": figure, "encoding": {"text": {"field": "count", "format": ",d"}}},
        ],
    }
    drawing = _draw(spec, values, right=58, bottom=4)
    return Chart(title, (noun, "count"), list(counts), drawing, left_out=left_out)


def columns(title: str, noun: str, counts: Mapping[str, Mapping[str, int]]) -> Chart:
    """Return a column for each of `counts`, in their order, divided by status."""
    names = list(counts)
    used = tuple(name for name in STATUSES if any(count.get(name) for count in counts.values()))
    values = [
        {"name": name, "status": status, "count": counts[name][status], "order": order}
        for name in names
        for order, status in enumerate(used)
        if counts[name].get(status)
    ]
    axis = {"values": names[:: -(-len(names) // _TICKS) or 1], "labelAngle": 0, "domain": False}
    scale = {"domain": names, "paddingInner": 0.12, "paddingOuter": 0.06}
    colors = {"domain": used, "range": [f"var(--s-{status})" for status in used]}
    spec = {
        "width": _WIDTH - 50,
        "height": _TALL,
        "mark": "bar",
        "encoding": {
            "x": _field("name", "nominal") | {"sort": names, "scale": scale, "axis": axis},
            "y": _amount(max((sum(count.values()) for count in counts.values()), default=0)),
            "color": _field("status", "nominal") | {"scale": colors, "legend": None},
            "order": {"field": "order", "type": "quantitative"},
        },
    }
    rows = [(name, *(counts[name].get(status, 0) for status in used)) for name in names]
    return Chart(title, (noun, *used), rows, _draw(spec, values, left=50), legend=used)


def matrix(
    title: str, every: list[str], counts: Mapping[tuple[str, str], int], most: int = 15
) -> Chart:
    """Return a square for each two names, the stronger the more often they come together.

    Args:
        title: What it shows.
        every: The names, those first that come most often.
        counts: How often two come together.
        most: How many names are drawn.
    """
    names = every[:most]
    short = _shorten(names)
    both = {**counts, **{(two, one): count for (one, two), count in counts.items()}}
    values = [
        {"name": short[one], "other": short[two], "count": both[one, two]}
        for one in names
        for two in names
        if (one, two) in both
    ]
    across = {"labelAngle": -90, "orient": "top", "domain": False, "ticks": False}
    strength = {"domain": [0, max(both.values(), default=1)], "range": [0.08, 1]}
    spec = {
        "width": {"step": _STEP},
        "height": {"step": _STEP},
        "mark": {"type": "rect", "color": "var(--bar)"},
        "encoding": {
            "y": _names(short.values()),
            "x": _names(short.values()) | {"field": "other", "axis": across},
            "opacity": _field("count", "quantitative") | {"scale": strength, "legend": None},
        },
    }
    kept = [(*pair, count) for pair, count in counts.items() if {*pair} <= {*names}]
    kept.sort(key=lambda row: (-row[2], row))
    top = 12 + round(_LETTER * max(map(_width, short.values()), default=0))
    free = max(18, _WIDTH - _LEFT - _STEP * len(names))  # drawn as large as the others
    drawing, head = _draw(spec, values, top=top, right=free), ("tag", "and", "records")
    return Chart(title, head, kept, drawing, left_out=max(0, len(every) - most))


def growth(title: str, noun: str, counts: Counted) -> Chart:
    """Return how the sum of `counts`, which are by day, grows."""
    total, rows = 0, []
    for day, count in counts:
        total += count
        rows.append((day, total))
    axis = {"format": "%Y-%m-%d", "tickCount": 3, "domain": False}
    spec = {
        "width": _WIDTH - 50,
        "height": _TALL,
        "mark": {"type": "area", "interpolate": "step-after", "color": "var(--bar)"},
        "encoding": {
            "x": _field("name", "temporal") | {"scale": {"type": "utc"}, "axis": axis},
            "y": _amount(total),
        },
    }
    values = [{"name": day, "count": count} for day, count in rows]
    if rows:  # the last step has a width too
        after = date.fromisoformat(rows[-1][0]) + timedelta(days=1)
        values.append({"name": after.isoformat(), "count": total})
    return Chart(title, ("day", noun), rows, _draw(spec, values, left=50))


def course(title: str, noun: str, estimates: Mapping[str, dict[str, Any]]) -> Chart:
    """Return how a measure between 0 and 1 goes, each value with its interval.

    Args:
        title: What it shows.
        noun: What the names are, such as `month`.
        estimates: By name, in order: `value`, `low` and `high`, None where nothing can be said,
            and the number of `records`.
    """
    known = {name: found for name, found in estimates.items() if found["value"] is not None}
    values = [
        {"name": name, "count": found["value"], "low": found["low"], "high": found["high"]}
        for name, found in known.items()
    ]
    names = list(known)
    axis = {"values": names[:: -(-len(names) // _TICKS) or 1], "labelAngle": 0, "domain": False}
    least = min([0.0, *(value["low"] for value in values if value["low"] is not None)])
    marks = [0, 0.25, 0.5, 0.75, 1]
    height = _field("count", "quantitative") | {
        "scale": {"domain": [least, 1], "nice": False},
        "axis": {"values": marks, "format": ".2f", "domain": False, "ticks": False, "grid": True},
    }
    ends = {"y": height | {"field": "low"}, "y2": {"field": "high"}}
    spec = {
        "width": _WIDTH - 68,
        "height": _TALL,
        "encoding": {
            "x": _field("name", "nominal")
            | {"sort": names, "scale": {"domain": names}, "axis": axis}
        },
        "layer": [
            {"mark": {"type": "rule", "color": "var(--bar)", "strokeWidth": 2}, "encoding": ends},
            {
                "mark": {"type": "point", "filled": True, "size": 70, "color": "var(--bar)"},
                "encoding": {"y": height},
            },
        ],
    }
    rows = [(name, interval(found), found["records"]) for name, found in estimates.items()]
    drawing = _draw(spec, values, left=50)
    return Chart(title, (noun, "value, interval of 95 %", "records"), rows, drawing)


def _field(name: str, kind: str) -> Spec:
    return {"field": name, "type": kind, "title": None}


def _names(names: Iterable[str]) -> Spec:
    """Return the axis of names, in their order."""
    axis = {"ticks": False, "domain": False, "minExtent": _LEFT, "maxExtent": _LEFT}
    scale = {"domain": [*names], "paddingInner": 0.16, "paddingOuter": 0.08}
    return _field("name", "nominal") | {"sort": None, "scale": scale, "axis": axis}


def _amount(most: int) -> Spec:
    axis = {"values": _ticks(most), "format": ",d", "domain": False, "ticks": False, "grid": True}
    scale = {"domain": [0, max(most, 1)], "nice": False}
    return _field("count", "quantitative") | {"scale": scale, "axis": axis}


def _ticks(most: int) -> list[int]:
    """Return few round numbers from 0 to `most`.

    Example:
        >>> _ticks(113)
        [0, 50, 100]
    """
    step = 1
    while most // step > _TICKS:
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return list(range(0, most + 1, step))


def _shorten(names: Iterable[str]) -> dict[str, str]:
    """Return each name as it is drawn: cut to fit, visible throughout, no two alike."""
    found: dict[str, str] = {}
    for name in names:
        short = whole = escape(name)
        while _width(short) > _NAME:
            short = short.removesuffix("…")[:-1] + "…"
        number = 1
        while short in found.values():
            number += 1
            short = f"{whole[: _NAME // 2]}… ({number})"
        found[name] = short
    return found


def _width(name: str) -> int:
    """Return how many half-width characters a name is wide."""
    return sum(1 + (east_asian_width(char) in "WF") for char in name)


def _draw(  # noqa: PLR0913 - the room at each side
    spec: Spec,
    values: list[Spec],
    *,
    left: int = _LEFT,
    top: int = 8,
    right: int = 18,
    bottom: int = 24,
) -> Markup:
    """Return the SVG of `spec` with room around it."""
    from vl_convert import vegalite_to_svg  # noqa: PLC0415 - starts an engine of its own

    around = {"left": left, "top": top, "right": right, "bottom": bottom}
    whole = spec | {
        "data": {"values": values},
        "padding": around,
        "autosize": {"type": "none"},
        "config": _CONFIG,
    }
    return Markup(vegalite_to_svg(whole, allowed_base_urls=[]))  # noqa: S704 - Vega escapes text


_AXIS = {
    "labelColor": "var(--soft)",
    "gridColor": "var(--rule)",
    "tickColor": "var(--rule)",
    "labelFont": "var(--sans)",
    "labelFontSize": 11,
    "labelLimit": 0,
    "labelOverlap": False,
    "labelPadding": 5,
    "grid": False,
}
_CONFIG = {
    "background": None,
    "view": {"stroke": None},
    "axis": _AXIS,
    "text": {"font": "var(--sans)", "fontSize": 11},
}
