"""Paragraphs that stand in other ones."""

import random
from time import process_time

import pytest

from galley.build.dump.passages import Passages

FEW, MANY = 20, 1_000


def _words(chance: random.Random, count: int) -> str:
    return "".join(chance.choice(("am", "bö", "cu", "d😀", "e", "fiche")) for _ in range(count))


@pytest.mark.parametrize("number", [FEW, MANY])
def test_a_paragraph_is_found_in_others_that_say_more(number: int) -> None:
    """As looking through all of them finds it, be they few or many, and short or long."""
    chance = random.Random(number)
    plains = [_words(chance, chance.choice((0, 1, 3, 20, 60))) for _ in range(number)]
    plains += [plain[2:-2] for plain in plains[: number // 2]]
    wanted = [any(plain in other and plain != other for other in plains) for plain in plains]
    passages = Passages(plains)
    assert [passages.hold(plain) for plain in plains] == wanted
    assert 0 < sum(wanted) < len(wanted)


def test_no_paragraph_holds_what_two_of_them_make() -> None:
    """What ends one and begins the next is in neither, and who has none holds nothing."""
    assert not Passages(["anoldbridge", "isclosed"]).hold("bridgeisclosed")
    assert not Passages([]).hold("bridge")
    assert not Passages([""]).hold("")
    assert Passages(["anoldbridge"]).hold("")


_CHANCE = random.Random(1)


@pytest.mark.parametrize(
    "plains",
    [
        [f"{_CHANCE.getrandbits(640):0160x}" for _ in range(12_000)],
        [f"{'thebridge' * 18}{number}isclosed" for number in range(24_000)],
    ],
    ids=["words", "numbers"],
)
def test_many_paragraphs_are_looked_through_once(plains: list[str]) -> None:
    """Thousands of them take no time that grows with the square of their number."""
    passages, started = Passages(plains), process_time()
    assert not any(map(passages.hold, plains))
    assert process_time() - started < 5
