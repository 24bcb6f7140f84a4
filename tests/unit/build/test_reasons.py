"""Every reason for which something can be quarantined is described in one place."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from galley.build.reasons import REASONS, Reason, find_reason

PACKAGE = Path(__file__).resolve().parents[3] / "src/galley"


Places = dict[str, int]


def _places(tree: ast.AST) -> Places:
    """Return what takes a `reason`: each class or function, with the place of that argument."""
    found: Places = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            names = [item.target.id for item in node.body if isinstance(item, ast.AnnAssign)]  # type: ignore[union-attr]
        elif isinstance(node, ast.FunctionDef):
            names = [item.arg for item in node.args.args if item.arg != "self"]
        else:
            continue
        if "reason" in names:
            found[node.name] = names.index("reason")
    return found


def _given(tree: ast.AST, places: Places) -> Iterator[ast.expr]:
    """Yield what is given as a reason."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) in places:
            place = places[node.func.id]  # type: ignore[attr-defined]
            yield from (item.value for item in node.keywords if item.arg == "reason")
            yield from node.args[place : place + 1]


def _strings(tree: ast.AST, node: ast.expr) -> set[str]:
    """Return the strings that `node` may be: its own, or those that its function returns."""
    if isinstance(node, ast.Constant):
        return {node.value} if isinstance(node.value, str) and node.value else set()
    values: list[ast.expr] = [node.body, node.orelse] if isinstance(node, ast.IfExp) else []
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", None)
        made = [d for d in ast.walk(tree) if isinstance(d, ast.FunctionDef) and d.name == name]
        values = [
            r.value for d in made for r in ast.walk(d) if isinstance(r, ast.Return) and r.value
        ]
    return {code for value in values for code in _strings(tree, value)}


def used() -> dict[str, str]:
    """Return each reason code that the code can give, with the file that gives it."""
    found: dict[str, str] = {}
    trees = {
        p.name: ast.parse(p.read_text("utf-8")) for p in sorted((PACKAGE / "build").rglob("*.py"))
    }
    places = {name: place for tree in trees.values() for name, place in _places(tree).items()}
    for name, tree in trees.items():
        for value in _given(tree, places):
            found |= dict.fromkeys(_strings(tree, value), name)
    check = ast.parse((PACKAGE / "schema/check.py").read_text("utf-8"))
    for value in _given(check, {"Issue": 1}):  # its codes become reasons; f"schema_…" is a family
        found |= dict.fromkeys(_strings(check, value), "check.py")
    return found


def test_every_reason_is_described() -> None:
    """Whoever adds a Rejection adds a sentence and a hint to galley/build/reasons.py."""
    missing = {code: file for code, file in used().items() if find_reason(code) is None}
    assert missing == {}


def test_no_reason_is_described_in_vain() -> None:
    """The table holds nothing that the code no longer says."""
    assert set(REASONS) - set(used()) == set()


def test_the_search_finds_what_it_must() -> None:
    """A plain code, one of a helper function, and one of the schema's checks."""
    assert {"empty", "unknown_layout", "warc_truncated", "text_character"} <= set(used())


@pytest.mark.parametrize("reason", REASONS.values(), ids=lambda reason: reason.code)
def test_reasons_are_words_for_people(reason: Reason) -> None:
    """A sentence, a hint, and a code that is no sentence."""
    assert reason.sentence.endswith(".")
    assert reason.hint.endswith(".")
    assert reason.code.replace("_", "").isalnum()


def test_a_family_and_an_unknown_code() -> None:
    """Each keyword of JSON Schema makes a reason; a word that nobody described makes none."""
    found = find_reason("schema_minLength")
    assert found is not None
    assert "`minLength`" in found.sentence
    assert find_reason("schema_") is find_reason("weather") is None
