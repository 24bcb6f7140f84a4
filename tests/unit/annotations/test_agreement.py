"""What is said of several people's annotations, and what is refused."""

import random
from dataclasses import replace

import pytest

from galley.annotations.agreement.rating import Item, Rating, collect_items
from galley.annotations.agreement.report import AgreementReport, Question, measure_agreement
from galley.annotations.agreement.spans import count_exact, count_partial
from galley.annotations.blind import is_blind
from galley.ledger import Event

PEOPLE = ("ada", "ben", "cyd")


def campaign(
    texts: int = 120, *, errors: float = 0.1, people: int = 3, shown: bool = False
) -> list[Item]:
    """Return texts in which each person misses spans and tags at a known rate."""
    chance = random.Random(7)
    items = []
    for number in range(texts):
        truth = [(start, start + 5, chance.choice(["PER", "ORG"])) for start in range(0, 200, 20)]
        tags = {tag for tag in ("water", "trade", "sport") if chance.random() < 0.5}
        seen = (frozenset(tags), frozenset(truth)) if shown else None
        ratings = [
            Rating(
                name,
                f"2026-0{1 + number % 2}-03T10:00:00.000000Z",
                frozenset(tag for tag in tags if chance.random() >= errors),
                frozenset(span for span in truth if chance.random() >= errors),
                10.0 + chance.random(),
                seen,
            )
            for name in PEOPLE[:people]
        ]
        items.append(Item((f"{number:032x}", "x"), 200, tuple(ratings)))
    return items


def measured(items: list[Item]) -> AgreementReport:
    return measure_agreement(items, Question(lambda name: is_blind(name, 0.5)))


def test_known_rates() -> None:
    """Two who each miss a tenth share nine tenths of what they mark; the interval holds it."""
    report = measured(campaign())
    f1 = report.overall["f1_exact"]
    assert f1.low is not None
    assert f1.high is not None
    assert f1.low < 0.9 < f1.high
    assert f1.high - f1.low < 0.03
    assert set(report.labels) == {"PER", "ORG"}
    assert set(report.tags) == {"water", "trade", "sport"}
    assert set(report.months) == {"2026-01", "2026-02"}
    assert set(report.annotators) == set(PEOPLE)
    assert not any(name in str(report.to_public()) for name in PEOPLE)


def test_seeded() -> None:
    """The same seed gives the same intervals, whatever the order; another does not."""
    items = campaign(40)
    assert measured(items).to_json() == measured(items).to_json()
    other = measure_agreement(items, Question(lambda _: False, seed=1))
    assert other.overall["f1_exact"] != measured(items).overall["f1_exact"]
    assert other.overall["f1_exact"].value == measured(items).overall["f1_exact"].value


def test_who_is_careless() -> None:
    """The one who marks at random agrees least with the others."""
    items = [
        replace(item, ratings=(*item.ratings[:2], replace(item.ratings[2], spans=frozenset())))
        for item in campaign()
    ]
    found = {name: each["f1_exact"].value for name, each in measured(items).annotators.items()}
    assert min(found, key=lambda name: found[name] or 0) == "cyd"


def test_refusals() -> None:
    """Work of one person, a copy, and suggestions left as they were say nothing, each by name."""
    alone = measured(campaign(people=1))
    copies = [
        replace(item, ratings=(item.ratings[0], replace(item.ratings[0], annotator="ben")))
        for item in campaign(5)
    ]
    waved = measured(campaign(errors=0.0, shown=True))
    for report, code in ((alone, "single"), (measured(copies), "copied"), (waved, "unchanged")):
        assert report.refusal is not None
        assert report.refusal.code == code
        assert not report.overall
    assert waved.influence.unchanged.value == 1


def test_one_copy_among_three() -> None:
    """A copy of a colleague's work is counted once; the rest is measured."""
    items = [
        replace(item, ratings=(*item.ratings[:2], replace(item.ratings[0], annotator="cyd")))
        for item in campaign()
    ]
    report = measured(items)
    assert report.copied == [("ada", "cyd")]
    assert report.people == 2
    assert report.overall["f1_exact"].value == pytest.approx(0.9, abs=0.02)


def test_too_small() -> None:
    """A few texts without suggestions are shown, and said to be too few."""
    few = measured(campaign(20))
    assert few.influence.blind.texts < 30
    assert "20" not in few.influence.too_small
    assert few.influence.too_small
    assert few.influence.blind.lead_time.value == pytest.approx(10.5, abs=0.3)


def test_partial() -> None:
    """Each span is matched once, with one of its own label that it overlaps."""
    one = [(0, 5, "PER"), (10, 20, "ORG")]
    two = [(0, 4, "PER"), (3, 6, "PER"), (10, 20, "LOC")]
    assert (count_exact(one, two), count_partial(one, two)) == (0, 1)
    assert count_partial(one, one) == 2


def test_collected() -> None:
    """Of a person the last annotation counts; what is deleted or of another text does not."""

    def event(annotation: int, person: str, at: int, **changes: object) -> Event:
        values: dict[str, object] = {
            "kind": "annotated",
            "record_id": "r",
            "text_sha256": "t",
            "annotator": person,
            "at": f"2026-01-01T00:00:0{at}.000000Z",
            "lead_time": 1.0,
            "origin": {"project": "p", "annotation": annotation},
            "suggestion": None,
            "before": None,
            "after": {"tags": [str(at)], "entities": []},
            "guideline": "1",
            "taxonomy": "1",
        }
        return Event(**(values | changes))  # type: ignore[arg-type]

    events = [
        event(1, "ada", 1),
        event(2, "ada", 2),
        event(3, "ben", 3),
        event(3, "ben", 4, kind="deleted", after=None),
        event(4, "cyd", 5, text_sha256="other"),
    ]
    (item,) = collect_items(events, {("r", "t"): 10})
    assert [(r.annotator, r.tags) for r in item.ratings] == [("ada", frozenset("2"))]


def test_gamma_is_wanted() -> None:
    """Gamma is told if it is asked for, and only then."""
    items = campaign(6)
    asked = measure_agreement(items, Question(lambda _: False, gamma=True))
    found = asked.overall["gamma"]
    assert found.records == 6
    assert 0.5 < (found.value or 0) < 1
    assert "gamma" not in measured(items).overall


def test_blind() -> None:
    """The draw takes its share, the same every time, and a larger share takes more."""
    names = [f"{number:032x}" for number in range(2000)]
    tenth = {name for name in names if is_blind(name, 0.1)}
    assert 150 < len(tenth) < 250
    assert tenth < {name for name in names if is_blind(name, 0.3)}
    assert tenth != {name for name in names if is_blind(name, 0.1, seed="x")}
    assert not any(is_blind(name, 0.0) for name in names)
    assert all(is_blind(name, 1.0) for name in names)
