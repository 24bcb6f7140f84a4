"""Published answers of agreement coefficients, and all of a collection where it is at hand."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from galley.annotations.agreement import coefficients as two
from galley.annotations.agreement import distances
from galley.annotations.agreement.alpha import alpha, count_values
from galley.annotations.agreement.unitizing import Continuum, disagreements, divide, unitizing_alpha

METRICS = {
    "nominal": lambda units: distances.nominal(len(units.values)),
    "ordinal": lambda units: distances.ordinal(units.totals),
    "interval": lambda units: distances.interval(units.values),
    "ratio": lambda units: distances.ratio(units.values),
}
SETS = {
    "set_0_1/3_2/3_1(Passonneau2004)": distances.overlap,
    "masi_product_of_distances(dkpro)": distances.masi_dkpro,
    "masi_2/3_1/3(Passonneau2006)": distances.masi,
    "masi_0.67_0.33(nltk)": distances.masi_nltk,
    "jaccard": distances.jaccard,
}
# Krippendorff 2011, sections C to E: four observers, of whom not all saw all units.
FOUR = [
    *([1, 1, None, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4]),
    *([4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [None, 5, 5, 5], [None, None, 1, 1]),
    [None, 3, None, None],
]


def alpha_of(units: list[list[Any]], metric: str) -> float:
    values = {value for unit in units for value in unit if value is not None}
    counted = count_values(units, sorted(values))
    return float(alpha(counted.counts, METRICS[metric](counted))[0])


def alpha_of_sets(units: list[list[list[str]]], distance: str) -> float:
    counted = count_values([frozenset(value) for value in unit] for unit in units)
    return float(alpha(counted.counts, SETS[distance](counted.values))[0])


def table_of(cells: list[list[Any]]) -> np.ndarray:
    names = list(dict.fromkeys(name for cell in cells for name in cell[:2]))
    table = np.zeros((len(names), len(names)))
    for one, other, number in cells:
        table[names.index(one), names.index(other)] += number
    return table


def coefficients_of(table: np.ndarray) -> dict[str, float]:
    return {
        "po": two.observed(table),
        "S": two.s_coefficient(table),
        "scott_pi": two.scott_pi(table),
        "kappa": two.cohen_kappa(table),
        "AC1": two.gwet_ac(table),
    }


@pytest.mark.parametrize(
    ("metric", "published"),
    [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)],
)
def test_krippendorff_2011(metric: str, published: float) -> None:
    """Alpha with missing values is as Krippendorff computed it by hand, for each metric."""
    assert alpha_of(FOUR, metric) == pytest.approx(published, abs=5e-4)


def test_artstein_poesio_2008() -> None:
    """Two people's table of page 558 gives the published S, pi and kappa; AC1 as irrCAC."""
    found = coefficients_of(np.array([[20.0, 10], [20, 50]]))
    expected = {"po": 0.7, "S": 0.4, "scott_pi": 0.341, "kappa": 0.348, "AC1": 0.4495}
    assert found == pytest.approx(expected, abs=5e-4)
    paradox = np.array([[80.0, 7], [8, 5]])
    assert two.gwet_ac(paradox) == pytest.approx(0.808, abs=5e-6)


def test_weighted() -> None:
    """Kappa with half a distance to one category is as Artstein and Poesio print it (p. 568)."""
    table = np.array([[46.0, 0, 0], [6, 32, 6], [0, 0, 10]])
    far = np.array([[0, 1, 0.5], [1, 0, 0.5], [0.5, 0.5, 0]])
    assert two.cohen_kappa(table, far) == pytest.approx(0.8163, abs=5e-5)


def test_fleiss_1971() -> None:
    """Fourteen people on ten subjects: kappa 0.210."""
    counts = [
        *([0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1]),
        *([7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7]),
    ]
    assert two.fleiss_kappa(counts) == pytest.approx(0.209931, abs=5e-7)


def test_unitizing_2004() -> None:
    """The continuum of Krippendorff 2004, p. 254: 0.7286 and 1 for its two categories.

    The book's 0.8591 for both together is `1 - .0144 / (.0532 + .0490)`, from rounded numbers.
    """
    c = [[(75, 145), (220, 250)], [(70, 150), (205, 225), (250, 270)]]
    k = [[(30, 90), (150, 200)]] * 2
    both = [divide([Continuum(300, units)]) for units in (c, k)]
    (do_c, de_c), (do_k, de_k) = [
        tuple(float(value[0]) / 300 for value in disagreements(sections)) for sections in both
    ]
    assert (round(do_c, 4), round(de_c, 4), do_k, round(de_k, 4)) == (0.0144, 0.0532, 0, 0.049)
    assert unitizing_alpha(both[:1])[0] == pytest.approx(0.7286, abs=5e-5)
    assert unitizing_alpha(both[1:])[0] == 1
    assert round(1 - round(do_c, 4) / (round(de_c, 4) + round(de_k, 4)), 4) == 0.8591
    assert unitizing_alpha(both)[0] == pytest.approx(1 - do_c / (de_c + de_k))


def test_nothing_to_disagree_about() -> None:
    """One value for everything has no alpha: it is neither 1 nor an error."""
    assert np.isnan(alpha_of([[1, 1], [1, 1]], "nominal"))
    assert np.isnan(unitizing_alpha([divide([Continuum(10, [[], []])])])[0])


def test_collection(SHARED: Path) -> None:
    """Every answer of the collection comes out to its published digits."""
    cases = json.loads(
        (SHARED / "samples/agreement/known_answers.json").read_text(encoding="utf-8")
    )
    seen = 0
    for case in cases:
        for expected, found in _answers(case):
            digits = max(3, len(str(expected).partition(".")[2]))
            assert found == pytest.approx(expected, abs=0.6 * 10**-digits), case["name"]
            seen += 1
    assert seen > 60


def _answers(case: dict[str, Any]) -> Any:
    if case["measure"] == "krippendorff_alpha":
        for metric, expected in case["expected"].items():
            yield expected, alpha_of(case["units"], metric)
            yield case["computed"][metric], alpha_of(case["units"], metric)
    elif case["measure"] == "krippendorff_alpha_sets":
        yield case["computed"], alpha_of_sets(case["units"], case["distance"])
    elif case["measure"] == "two_raters_table":
        found = coefficients_of(table_of(case["table"]))
        for name, expected in [*case["expected"].items(), *case["computed"].items()]:
            yield expected, found[name]
    elif case["measure"] == "fleiss_kappa":
        yield case["computed"], two.fleiss_kappa(case["counts"])


@pytest.mark.parametrize("number", range(1, 6))
def test_gwet(SHARED: Path, number: int) -> None:
    """AC1, and AC2 with squared distances, are those of irrCAC."""
    (path,) = (SHARED / "samples/agreement/dkpro_gwet").glob(f"fixture_0{number}*")
    fixture = json.loads(path.read_text(encoding="utf-8"))
    table, size = np.array(fixture["table"], float), len(fixture["categories"])
    for case in fixture["cases"]:
        squares = distances.interval(fixture["categories"]) / (size - 1) ** 2
        weights = squares if case["distanceFunction"] == "interval" else None
        assert two.gwet_ac(table, weights) == pytest.approx(case["coefficient"], abs=6e-6)
