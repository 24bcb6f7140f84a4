"""Gamma: alignments that can be counted by hand, and what is published of it."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from galley.annotations.agreement.gamma import Costs, align, gamma

EVEN = Costs(place=1.0, category=1.0)


def continuum(path: Path) -> list[list[Any]]:
    people: dict[str, list[Any]] = {}
    with path.open(encoding="utf-8") as file:
        for person, category, start, end in csv.reader(file):
            people.setdefault(person, []).append((float(start), float(end), category))
    return list(people.values())


def test_shifted() -> None:
    """Units of four that lie one apart cost ((1 + 1) / (4 + 4))² each."""
    one = [(1, 5, "a"), (6, 10, "b"), (11, 15, "a")]
    two = [(start + 1, end + 1, name) for start, end, name in one]
    found = align([one, two], EVEN)
    assert found.groups == [(0, 0), (1, 1), (2, 2)]
    assert found.disorder == pytest.approx(0.0625)


def test_alone() -> None:
    """What has no partner near costs its price, by the mean number of units."""
    one = [(0, 4, "a"), (100, 104, "a")]
    found = align([one, [(0, 4, "a")]], EVEN)
    assert sorted(found.groups) == [(0, 0), (1, 1)]
    assert found.disorder == pytest.approx(1 / 1.5)


def test_ends_of_the_scale() -> None:
    """Equal work has gamma 1; work that has nothing to do with the other's has about none."""
    one = [(start, start + 5.0, "ab"[start % 2]) for start in range(0, 300, 17)]
    assert gamma([one, one]).value == 1
    assert gamma([one, one]).categories() == 1
    other = [(start, start + 5.0, "ab"[start % 3 % 2]) for start in range(7, 300, 29)]
    assert gamma([one, other]).value < 0.3
    assert gamma([one, other]).value == gamma([one, other]).value


def test_three_people() -> None:
    """Of three, two may be aligned and the third be elsewhere."""
    three = [[(0, 5, "a")], [(0, 5, "a")], [(50, 55, "a")]]
    found = align(three, Costs())
    assert sorted(found.groups) == [(0, 0, 1), (1, 1, 0)]
    assert found.disorder == pytest.approx(2 / 3 + 1)


@pytest.mark.parametrize("number", range(1, 7))
def test_fixtures(SHARED: Path, number: int) -> None:
    """Each alignment of a collection, of samples too, costs what is published."""
    (path,) = (SHARED / "samples/agreement/dkpro_pygamma").glob(f"fixture_0{number}*")
    fixture = json.loads(path.read_text(encoding="utf-8"))
    costs = Costs(*(fixture["params"][name] for name in ("alpha", "beta", "deltaEmpty")))
    cases = [(fixture["continuum"], fixture["tier1"]["bestAlignmentDisorder"])]
    samples = fixture["tier2"]["sampledContinua"]
    cases += [(sample["units"], sample["bestAlignmentDisorder"]) for sample in samples]
    for units, expected in cases:
        people: dict[str, list[Any]] = {}
        for unit in units:
            marked = (unit["start"], unit["end"], unit["category"])
            people.setdefault(unit["annotator"], []).append(marked)
        assert align(list(people.values()), costs).disorder == pytest.approx(expected, abs=1e-4)


def test_published(SHARED: Path) -> None:
    """Gamma, gamma-cat and gamma-k of two continua are within their published ranges."""
    folder = SHARED / "samples/agreement/pygamma_csv"
    small = gamma(continuum(folder / "AlexPaulSuzan.csv"), precision=0.01)
    assert len(small.observed.groups) == 6
    assert small.observed.disorder == pytest.approx(0.96, rel=0.01)
    assert 0.44 <= small.value <= 0.47
    assert 0.38 <= small.categories() <= 0.42
    assert small.categories("6") == pytest.approx(0.37, abs=0.01)
    assert small.categories("1") == small.categories("5") == 1
    assert max(small.categories(name) for name in "2347") <= 0
    large = gamma(continuum(folder / "3by100.csv"))
    assert len(large.observed.groups) == 127
    assert 0.79 <= large.value <= 0.81
    assert 0.89 <= large.categories() <= 0.91
    ranges = {"Adj": (0.81, 0.83), "Noun": (0.88, 0.90), "Verb": (0.69, 0.71), "Prep": (0.96, 1)}
    for name, (low, high) in ranges.items():
        assert low <= round(large.categories(name), 2) <= high


def test_two_thousand_units(SHARED: Path) -> None:
    """A continuum of a thousand units each is aligned as published."""
    marked = continuum(SHARED / "samples/agreement/pygamma_csv/2by1000.csv")
    assert len(align(marked, Costs()).groups) == 1085
    found = gamma(marked)
    assert 0.39 <= found.value <= 0.42
    assert 0.38 <= found.categories() <= 0.42
