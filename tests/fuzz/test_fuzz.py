"""Input that nobody wrote: it is read, or refused with a reason, within seconds."""

import json
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from galley.ledger import Event
from tests.fuzz.mutator import draw
from tests.fuzz.others import OTHERS, TASK, adopted, answered, seeds
from tests.fuzz.readers import READERS, check
from tests.fuzz.run import TARGETS, read_file, run_many, run_one

KEPT = Path(__file__).parent.parent / "examples" / "hostile"
_SAMPLE, _ALL = 120, 100_000


@pytest.mark.parametrize("target", TARGETS)
def test_sample(target: str) -> None:
    """Some inputs of each target: nothing is raised, nothing vanishes, nothing takes long."""
    tally = run_many(target, _SAMPLE)
    assert tally.failures == {}
    assert tally.inputs == _SAMPLE
    assert 0 < tally.refused < _SAMPLE  # the inputs are neither all whole nor all rubbish


@pytest.mark.torture
@pytest.mark.parametrize("target", TARGETS)
def test_all(target: str) -> None:
    """A hundred thousand inputs of each target."""
    tally = run_many(target, _ALL, workers=2)  # other targets run beside it
    assert tally.failures == {}
    assert tally.memory < 1_000


@pytest.mark.parametrize("target", TARGETS)
def test_shrunk(target: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Hypothesis makes the same kinds of input, and shrinks what fails."""
    folder = tmp_path_factory.mktemp("input")

    @given(st.randoms(use_true_random=False))
    @settings(max_examples=20)
    def holds(chance: Random) -> None:
        run_one(target, chance, folder)

    holds()


@pytest.mark.parametrize("path", sorted(KEPT.glob("*/*")), ids=lambda path: path.name)
def test_kept(path: Path, tmp_path: Path) -> None:
    """What once failed is refused with the reason that its name begins with."""
    target, expected = path.parent.name, path.name.partition("-")[0]
    if target in OTHERS:
        name = path.name.partition("-")[2].partition("-")[2] or path.name
        copy = tmp_path / name
        copy.write_bytes(path.read_bytes())
        assert read_file(target, copy) == (expected == "refused")
        return
    found = check(path.name.partition("-")[2], path.read_bytes(), format=target)
    assert [entry["reason"] for entry in found.quarantine] == [expected]


def test_seeds_are_whole(tmp_path: Path) -> None:
    """What is changed is taken in as it is: else the changes would meet one refusal, and no more."""
    found = [*answered(TASK), *adopted([TASK])]
    assert [type(item) for item in found] == [Event, Event]
    assert {target for target, _ in seeds()} == OTHERS.keys()
    for target, (name, data) in seeds():
        (tmp_path / name).write_bytes(data)
        assert not read_file(target, tmp_path / name), name
        (tmp_path / name).unlink()
    for target, make in READERS.items():
        tried = (make(draw(target, number)) for number in range(60))
        assert any(check(name, data, **known).records for name, data, known in tried), target


def test_same_everywhere() -> None:
    """An input follows from its number: what a run finds, everybody can look at."""
    for target, make in READERS.items():
        assert make(draw(target, 7)) == make(draw(target, 7)), target
    assert json.dumps(draw("x", 1).random()) != json.dumps(draw("x", 2).random())
