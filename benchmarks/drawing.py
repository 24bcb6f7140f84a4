"""The learning curve as an SVG for the documentation, in the reader's light or dark scheme."""

from typing import Any

import vl_convert

# From what measured it to its name, its colour and its dashes.
_LINES = {
    "learned": ("learned", "var(--own)", [1, 0]),
    "spacy": ("spaCy, blank", "var(--other)", [6, 3]),
    "gazetteer": ("gazetteer", "var(--soft)", [2, 2]),
}
_STYLE = """<style>
svg { --own: #0b65c2; --other: #b4540a; --soft: #59626e; --text: #1f2328; --rule: #d0d7de }
@media (prefers-color-scheme: dark) {
svg { --own: #6cb6ff; --other: #f0a35e; --soft: #9aa4b0; --text: #e6edf3; --rule: #3d444d }
}
</style>"""
_ACROSS = 5


def draw(rows: list[dict[str, Any]]) -> str:
    """Return the drawing: a small chart for each corpus, F1 over corrected sentences."""
    values = [
        {"corpus": row["corpus"], "n": row["n"], "who": name, "f1": row["scores"][key]["f1"]}
        for row in rows
        for key, (name, _, _) in _LINES.items()
    ]
    names, colors, dashes = zip(*_LINES.values(), strict=True)
    spec = {
        "data": {"values": values},
        "facet": {"field": "corpus", "type": "nominal", "sort": None, "title": None},
        "columns": _ACROSS,
        "spec": {
            "width": 122,
            "height": 110,
            "mark": {"type": "line", "point": {"size": 16}, "strokeWidth": 2},
            "encoding": {
                "x": {
                    "field": "n",
                    "type": "quantitative",
                    "title": None,
                    "scale": {"type": "log", "domain": [45, 1100], "nice": False},
                    "axis": {"values": [50, 200, 1000], "grid": False, "format": ",d"},
                },
                "y": {
                    "field": "f1",
                    "type": "quantitative",
                    "title": None,
                    "scale": {"domain": [0, 0.8]},
                    "axis": {"values": [0, 0.2, 0.4, 0.6, 0.8], "format": ".1f", "domain": False},
                },
                "color": _scale(names, colors) | {"legend": _LEGEND},
                "strokeDash": _scale(names, dashes) | {"legend": _LEGEND},
            },
        },
        "config": _CONFIG,
    }
    svg = str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))
    head, end, rest = svg.partition(">")
    return f"{head}{end}{_STYLE}{rest}\n"


def _scale(names: tuple[Any, ...], values: tuple[Any, ...]) -> dict[str, Any]:
    return {"field": "who", "type": "nominal", "scale": {"domain": names, "range": values}}


_LEGEND = {"orient": "top", "title": None, "symbolType": "stroke", "symbolStrokeWidth": 2}
_FONT = {"labelFont": "sans-serif", "labelFontSize": 11, "labelColor": "var(--text)"}
_CONFIG = {
    "background": None,
    "view": {"stroke": None},
    "axis": {**_FONT, "labelColor": "var(--soft)", "gridColor": "var(--rule)"}
    | {"tickColor": "var(--rule)", "domainColor": "var(--rule)"},
    "header": _FONT | {"labelFontSize": 10},
    "legend": _FONT,
}
