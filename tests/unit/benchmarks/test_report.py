"""The page says where Galley wins and where it loses."""

from typing import Any

from benchmarks.goals import goals
from benchmarks.report import render


def _score(name: str, *walls: float, pss: int = 10**8, size: int = 10**6) -> dict[str, Any]:
    score = {"name": name, "walls": list(walls), "cpus": list(walls), "pss": pss, "size": size}
    return score | {"said": "", "failed": False}


def _results(own: float) -> dict[str, dict[str, Any]]:
    scores = [
        _score("galley", own, own, size=5 * 10**5),
        _score("galley, near-duplicates", own + 1, own + 1, pss=5 * 10**8),
        _score("plain script", 10, 20),
        _score("datatrove", 4, 8),
        _score("limit", 1, 1),
    ]
    facts = dict.fromkeys(("articles", "files", "quarantined", "bytes"), 1)
    facts |= {"records": 9, "clusters": 8}
    found = {"galley": {"records": 9, "clusters": 9, "account": 0}}
    part = {"machine": {"Galley": "x"}, "load": 0.0, "facts": facts, "found": found}
    return {"build": {**part, "scores": scores}}


def test_a_goal_is_met_or_missed() -> None:
    """Ratios are of runs of the same round."""
    quick = {goal.what: goal.met for goal in goals(_results(1.5))}
    slow = {goal.what: goal.met for goal in goals(_results(3.0))}
    assert [met for what, met in quick.items() if "to datatrove" in what] == [True]
    assert [met for what, met in slow.items() if "to datatrove" in what] == [False]
    assert [met for what, met in slow.items() if "memory" in what] == [True, False]


def test_the_page_has_what_was_measured() -> None:
    """Parts that were not measured are left out; a wrong number of records is named."""
    results = _results(3.0)
    page = render(results)
    assert "as planted" in page
    assert "**missed**" in page
    assert "## Growth" not in page
    results["build"]["found"]["galley"]["records"] = 8
    assert "as planted" not in render(results)


def test_validation_at_two_sizes() -> None:
    """Each size has a rate of its own, of the records that Galley said it checked."""
    said = {"galley validate, Parquet, 9 records": (1.0, '{"rows": 9}')}
    said |= {"galley validate, Parquet, 900 records": (3.0, '{"rows": 900}')}
    said |= {"jsonschema": (9.0, '{"records": 2, "seconds": 2}')}
    scores = [_score(name, wall) | {"said": text} for name, (wall, text) in said.items()]
    part = {"machine": {"Galley": "x"}, "load": 0.0, "slowly": 2, "scores": scores}
    assert [(goal.figure, goal.met) for goal in goals({"validation": part})] == [
        (9, False),
        (300, True),
    ]
    assert "| galley validate, Parquet, 900 records | 300 | 300 |" in render({"validation": part})


def test_parts_of_different_machines() -> None:
    """The page names one machine, and says where not all parts were measured on it."""
    results = _results(3.0)
    facts = {"files": 1, "bytes": 1}
    row = {"first": 1.0, "nothing": [1.0], "more": [1.0], "facts": facts}
    results["rebuild"] = {"rows": [row], "load": 0.0, "machine": {"Galley": "x"}}
    assert "on different machines" not in render(results)
    results["rebuild"]["machine"]["processor"] = "another"
    assert "on different machines" in render(results)
    assert "at different commits" not in render(results)
