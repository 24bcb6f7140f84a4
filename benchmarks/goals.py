"""What Galley should reach, held against what was measured."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.contest import ratio

Results = dict[str, dict[str, Any]]
_MEMORY = 400e6
_TAUGHT = 200  # sentences after which names that were seen are not enough


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal.

    Attributes:
        what: In words.
        bound: What the figure must not pass.
        figure: What was measured.
        least: Whether the bound is the least, not the most.
    """

    what: str
    bound: float
    figure: float
    least: bool = False

    @property
    def met(self) -> bool:
        """Whether it is reached."""
        return self.figure >= self.bound if self.least else self.figure <= self.bound


def goals(results: Results) -> Iterator[Goal]:
    """Yield the goals of the parts that were measured."""
    for part, reach in _PARTS.items():
        if part in results:
            yield from reach(results)


def _build(results: Results) -> Iterator[Goal]:
    scores = by_name(results["build"])
    own = scores["galley"]
    for name, bound in (("datatrove", 0.5), ("plain script", 0.33), ("limit", 1.6)):
        if (figure := ratio(own, scores[name])) is not None:
            yield Goal(f"build without near-duplicates, wall time to {name}", bound, figure)
    for score in (score for name, score in scores.items() if name.startswith("galley")):
        if score["pss"]:
            yield Goal(f"peak memory, {score['name']}, MB", _MEMORY / 1e6, score["pss"] / 1e6)
    if own["size"] and scores["plain script"]["size"]:
        share = own["size"] / scores["plain script"]["size"]
        yield Goal("bytes of records to `Dataset.to_parquet`", 0.6, share)


def _near(results: Results) -> Iterator[Goal]:
    build, near = results.get("build"), results["near"]
    builds = by_name(build) if build and build["size"] == near["size"] else {}
    gaoya = by_name(near)["gaoya"]
    both = [builds.get(name, {}).get("walls") for name in ("galley", "galley, near-duplicates")]
    if all(both) and gaoya["walls"]:
        without, alongside = map(median, both)  # type: ignore[arg-type]
        share = alongside / (without + median(gaoya["walls"]))
        yield Goal("build with near-duplicates to build without plus gaoya alone", 1.0, share)


def _validation(results: Results) -> Iterator[Goal]:
    rates = validation_rates(results["validation"])
    if slow := rates.get("jsonschema"):
        for kind, bound in (("JSON Lines", 100.0), ("Parquet", 250.0)):
            for name, rate in rates.items():
                if kind in name:
                    yield Goal(f"{name}, a second to jsonschema", bound, rate / slow, least=True)


def _rebuild(results: Results) -> Iterator[Goal]:
    for row in results["rebuild"]["rows"]:
        files, size = row["facts"]["files"], row["facts"]["bytes"] / 1e6
        name = f"one file more among {files:,} of {size:.0f} MB, seconds"
        yield Goal(name, max(0.1 * row["first"], 0.6), median(row["more"]))


def _growth(results: Results) -> Iterator[Goal]:
    rows = results["growth"]["rows"]
    for name in dict.fromkeys(row["name"] for row in rows):
        own = [row for row in rows if row["name"] == name and row["walls"]]
        if len(own) > 1:
            first, last = own[0], own[-1]
            times = last["bytes"] / first["bytes"]
            figure = last["walls"][0] / first["walls"][0] / times
            yield Goal(f"time of {times:.1f} times the files, {name}, to linear", 1.05, figure)
            yield Goal(f"memory of the same, {name}", 1.1, last["pss"] / first["pss"])


def _ray(results: Results) -> Iterator[Goal]:
    scores = by_name(results["ray"])
    if (figure := ratio(scores["galley, Ray"], scores["galley"])) is not None:
        yield Goal("build on Ray, wall time to the same without", 1.25, figure)


def _steps(results: Results) -> Iterator[Goal]:
    costs = results["steps"]["seconds"]
    share = costs["of it validation"] / whole(costs)
    yield Goal("share of validation in a build, by processor", 0.1, share)


def _suggest(results: Results) -> Iterator[Goal]:
    cost = results["suggest"]["cost"]
    yield Goal("teaching on 1,000 corrected records of 5 KB, seconds", 20.0, cost["teach"])
    yield Goal("suggesting for 10,000 more, seconds", 60.0, cost["suggest"])


def _tags(results: Results) -> Iterator[Goal]:
    for row in results["tags"]["rows"]:
        best = max(value for name, value in row["scores"].items() if name != "learned")
        what = f"micro-F1 of tags to the best single method, {row['corpus']}, {row['n']:,} records"
        yield Goal(what, 1.0, row["scores"]["learned"] / best, least=True)


def _names(results: Results) -> Iterator[Goal]:
    rows = results["names"]["rows"]
    taught = [row for row in rows if row["n"] >= _TAUGHT]
    for rival, counted in (("gazetteer", taught), ("spacy", rows)):
        margins = [(_of(row, "learned") - _of(row, rival), _where(row)) for row in counted]
        least, where = min(margins)
        what = f"F1 of names above {rival}'s, the least of {len(margins)} ({where})"
        yield Goal(what, 0.0, least, least=True)
    shares = [
        (_of(row, "learned", "seconds") / _of(row, "spacy", "seconds"), _where(row)) for row in rows
    ]
    most, where = max(shares)
    yield Goal(f"time of learning names to spacy's, the most of {len(rows)} ({where})", 1.0, most)


def _of(row: dict[str, Any], name: str, what: str = "f1") -> float:
    return float(row["scores"][name][what])


def _where(row: dict[str, Any]) -> str:
    return f"{row['corpus']}, {row['n']:,} sentences"


def whole(costs: dict[str, float]) -> float:
    """Return what all steps cost: those that are part of another are counted in it."""
    return sum(cost for name, cost in costs.items() if not name.startswith("of it"))


_PARTS = {
    "build": _build,
    "near": _near,
    "validation": _validation,
    "rebuild": _rebuild,
    "growth": _growth,
    "ray": _ray,
    "steps": _steps,
    "suggest": _suggest,
    "tags": _tags,
    "names": _names,
}


def by_name(part: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the scores of a part by contender."""
    return {score["name"]: score for score in part["scores"]}


def validation_rates(part: dict[str, Any]) -> dict[str, float]:
    """Return records a second: Galley's as whole processes, the libraries' without their start."""
    rates: dict[str, float] = {}
    for name, score in by_name(part).items():
        if not score["walls"]:
            continue
        said = json.loads(score["said"])
        if name.startswith("galley"):
            rates[name] = said["rows"] / median(score["walls"])
        else:
            rates[name] = said["records"] / said["seconds"]
    return rates
