"""Near-duplicates."""

from galley.similarity import group, likeness, sketch

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
