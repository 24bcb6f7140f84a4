"""Near-duplicates."""

import time

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from rensa import RMinHash

from galley.shingles import hash_shingles
from galley.similarity import (
    _ROWS,
    Sketch,
    Stack,
    alike,
    group,
    join,
    likeness,
    sketch,
    sketch_all,
)

WORDS = [f"word{number}" for number in range(400)]


def test_likeness_estimates_jaccard() -> None:
    """Two texts that share about half of their shingles are about a third alike."""
    one, other = sketch(" ".join(WORDS[:200])), sketch(" ".join(WORDS[100:300]))
    assert abs(likeness(one, other) - 98 / 298) < 0.12
    assert likeness(one, one) == 1.0


def test_group_links_through_others() -> None:
    """Alike texts share a group, even where only a third links them; strangers do not."""
    texts = [" ".join(WORDS[start : start + 200]) for start in (0, 20, 40)] + ["quite another text"]
    assert group([sketch(text) for text in texts], threshold=0.7) == [[0, 1, 2]]


def test_scripts_without_spaces() -> None:
    """Chinese texts are compared by characters."""
    one = "市议会周一开会讨论了新桥的费用和开工时间。" * 3
    assert likeness(sketch(one), sketch(one + "会议开了三个小时。")) > 0.5


_VALUES = st.tuples(*[st.integers(0, 1)] * 2 * _ROWS)


def _reachable(sketches: list[Sketch], threshold: float) -> list[list[int]]:
    """Return what `group` should, by comparing every pair."""
    places = range(len(sketches))
    groups = {index: {index} for index in places}
    for one in places:
        for other in range(one):
            pair = (sketches[one], sketches[other])
            band = any(pair[0][i : i + _ROWS] == pair[1][i : i + _ROWS] for i in (0, _ROWS))
            if band and likeness(*pair) >= threshold:
                joined = groups[one] | groups[other]
                groups |= dict.fromkeys(joined, joined)
    return [sorted(groups[i]) for i in places if min(groups[i]) == i and len(groups[i]) > 1]


@given(st.lists(_VALUES, max_size=12), st.sampled_from([0.5, 0.7, 0.9, 1.0]))
def test_groups_are_those_of_all_pairs(sketches: list[Sketch], threshold: float) -> None:
    """What is not compared would have changed nothing."""
    assert group(sketches, threshold=threshold) == _reachable(sketches, threshold)


@given(st.lists(_VALUES, max_size=12), st.integers(1, 5))
def test_groups_are_the_same_in_parts(sketches: list[Sketch], parts: int) -> None:
    """A corpus that is compared a part at a time has the groups of one that is not."""
    shelf = Stack(np.array(sketches, dtype=np.uint32).reshape(len(sketches), 2 * _ROWS))
    whole = alike(shelf, range(2), threshold=0.7)
    pieces = (
        alike(shelf, range(band, band + 1), threshold=0.7, part=(part, parts))
        for band in range(2)
        for part in range(parts)
    )
    assert join(len(shelf), pieces).tolist() == join(len(shelf), [whole]).tolist()


def test_all_sketches_at_once_are_those_of_each() -> None:
    """Texts of all scripts, and texts too short for a shingle, have one sketch."""
    texts = ["", "one", "Ein Wort ist kurz", "Страна_1 и\xa0город", "市议会 in 2024年", *WORDS]
    assert sketch_all(texts).tolist() == [list(sketch(text)) for text in texts]


def test_a_sketch_is_what_it_always_was() -> None:
    """Registries keep sketches: one that is made today must be like those of years ago."""
    text = (
        "Der Stadtrat beschloß am 3. Mai: „Die Brücke“ – наш мост – wird gebaut, so_bald es geht."
    )
    assert sketch(text)[:4] == (3558324274, 2859506390, 3316277631, 3280663269)
    assert sketch("")[:4] == (3444848468, 3855363428, 3721594276, 3695961819)


@given(st.lists(st.lists(st.text("aé0_ж", min_size=1, max_size=24), max_size=9), max_size=4))
def test_shingles_have_the_hashes_of_their_strings(texts: list[list[str]]) -> None:
    """Of shingles of all lengths, of texts shorter than one, too."""
    hashes, edges = hash_shingles([". ".join(words) + "!" for words in texts])
    strings = [
        [" ".join(words[at : at + 3]) for at in range(max(1, len(words) - 2))] for words in texts
    ]
    own = np.split(hashes, edges[1:-1])[: len(texts)]
    assert [some.tolist() for some in own] == RMinHash.hash_token_sets(strings)


def test_a_pattern_that_thousands_follow_costs_little() -> None:
    """Weather reports share their words: not every pair of them is compared."""
    one = tuple(range(128))
    sketches = [(*one[:-1], number) for number in range(5000)]
    begun = time.process_time()
    assert group(sketches, threshold=0.7) == [list(range(5000))]
    assert time.process_time() - begun < 5
