"""The datasheet's answers: blank, missing, stale."""

from dataclasses import replace
from pathlib import Path

import pytest

from galley.errors import ReleaseError
from galley.releases.datasheet import (
    BASIS,
    check_blank,
    check_stale,
    confirm,
    questions,
    read_answers,
    read_lock,
    renew,
    write_lock,
)
from galley.releases.facts import Facts
from tests.conftest import ROOT
from tests.factory import make_corrected
from tests.unit.releases.conftest import Workshop

SHEET = (ROOT / "DATASHEET.md").read_text(encoding="utf-8")


@pytest.fixture
def facts(workshop: Workshop) -> Facts:
    found = workshop.cut(map(make_corrected, range(3))).facts
    assert found is not None
    return found


def test_there_are_57_questions_in_seven_sections() -> None:
    """As in the version of the Communications of the ACM; and each basis is one of them."""
    numbers = [answer.number for answer in questions()]
    assert len(numbers) == len(set(numbers)) == 57
    assert {number.partition(".")[0] for number in numbers} == set("1234567")
    assert set(numbers) >= BASIS.keys()


def test_the_sample_answers_all() -> None:
    assert list(check_blank(SHEET)) == []


@pytest.mark.parametrize("answer", read_answers(SHEET), ids=lambda answer: answer.number)
def test_each_question_must_be_answered(answer: object) -> None:
    """Blank, still the template's words, without a reason, or left out: it is named."""
    text, name = getattr(answer, "text"), getattr(answer, "name")  # noqa: B009
    for instead, code in (
        ("", "answer_blank"),
        ("*Not answered yet.*", "answer_blank"),
        ("Not applicable.", "answer_reason"),
    ):
        head = f"### {name}\n\n"
        found = list(check_blank(SHEET.replace(head + text, head + instead, 1)))
        assert [(issue.path, issue.code) for issue in found] == [(f"DATASHEET.md: {name}", code)]
    found = list(check_blank(SHEET.replace(f"### {name}", "Gone", 1)))
    assert "answer_missing" in {issue.code for issue in found if name in issue.path}


def test_what_was_answered_for_other_data_is_stale(facts: Facts) -> None:
    """Until it is edited, or confirmed as it stands; figures alone make nothing stale."""
    lock = renew(SHEET, facts, {})
    assert list(check_stale(SHEET, facts, lock)) == []
    assert list(check_stale(SHEET, replace(facts, publishers={"Harbour Courier": 99}), lock)) == []
    other = replace(facts, publishers={"Harbour Courier": 3, "New Gazette": 1})
    stale = list(check_stale(SHEET, other, lock))
    assert {"2.11", "2.14", "6.5"} <= {issue.path.split()[1] for issue in stale}
    assert "New Gazette" in stale[0].got
    edited = SHEET.replace("All of it was written to be published.", "It was.")
    left = {issue.path.split()[1] for issue in check_stale(edited, other, lock)}
    assert "2.11" not in left
    lock = confirm(SHEET, other, lock, [issue.path.split()[1] for issue in stale])
    assert list(check_stale(SHEET, other, lock)) == []


def test_a_release_does_not_confirm_what_stands(facts: Facts) -> None:
    """Else the second release would hide what the first one missed."""
    lock = renew(SHEET, facts, {})
    other = replace(facts, licenses={"CC-BY-4.0": 1})
    assert renew(SHEET, other, lock) == lock


def test_only_what_rests_on_facts_can_be_confirmed(facts: Facts) -> None:
    with pytest.raises(ReleaseError, match="rests on no facts"):
        confirm(SHEET, facts, {}, ["1.2"])


def test_the_lock_is_a_file(facts: Facts, tmp_path: Path) -> None:
    """It comes back as it was; a damaged one is an error."""
    path, lock = tmp_path / "lock.json", renew(SHEET, facts, {})
    assert read_lock(path) == {}
    write_lock(path, lock)
    assert read_lock(path) == lock
    path.write_text('{"2.1": 3}')
    with pytest.raises(ReleaseError, match="cannot read"):
        read_lock(path)
