"""Every reason for which something can be quarantined is described in one place."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from galley.build.reasons import REASONS, Reason, find_reason

PACKAGE = Path(__file__).resolve().parents[3] / "src/galley"


def _calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


def _strings(tree: ast.AST, node: ast.expr) -> set[str]:
    """Return the strings that `node` may be: its own, or those that its function returns."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        made = [
            d for d in ast.walk(tree) if isinstance(d, ast.FunctionDef) and d.name == node.func.id
        ]
        values = [
            r.value for d in made for r in ast.walk(d) if isinstance(r, ast.Return) and r.value
        ]
        return {code for value in values for code in _strings(tree, value)}
    if isinstance(node, ast.JoinedStr):  # f"schema_{keyword}": a family, described as one
        return set()
    constants = [item for item in ast.walk(node) if isinstance(item, ast.Constant)]
    return {item.value for item in constants if isinstance(item.value, str)}


def used() -> dict[str, str]:
    """Return each reason code that the code can give, with the file that gives it."""
    found: dict[str, str] = {}
    for path in sorted((PACKAGE / "build").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for call in _calls(tree, "Rejection"):
            first = call.args[0] if call.args else call.keywords[0].value
            found |= dict.fromkeys(_strings(tree, first), path.name)
    tree = ast.parse((PACKAGE / "schema/check.py").read_text(encoding="utf-8"))
    for call in _calls(tree, "Issue"):
        found |= dict.fromkeys(_strings(tree, call.args[1]), "check.py")
    return found


def test_every_reason_is_described() -> None:
    """Whoever adds a Rejection adds a sentence and a hint to galley/build/reasons.py."""
    missing = {code: file for code, file in used().items() if find_reason(code) is None}
    assert missing == {}


def test_no_reason_is_described_in_vain() -> None:
    """The table holds nothing that the code no longer says."""
    assert set(REASONS) - set(used()) == set()


def test_the_search_finds_what_it_must() -> None:
    """A code made by a helper function, a plain one, and one of the schema's checks."""
    assert {"not_utf8", "binary", "empty", "unknown_layout", "text_character"} <= set(used())


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
