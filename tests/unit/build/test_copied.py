"""Text that a person copied from a page: it has no browser's title above it."""

import pytest

from galley.build.dump.profile import Profile
from galley.build.dump.reading import Reading
from galley.build.dump.single import read_single
from galley.build.language import Detector
from galley.record import Part

_BODY = (
    "The council of Marl has voted to plant four hundred lime trees along the northern road.",
    "They replace the poplars that fell in the storm of November, which closed the road for days.",
    "The first of them will stand before the frost comes, the gardener said on Wednesday evening.",
)


def read(*lines: str) -> Reading:
    """Return the page with these lines, read as a single one."""
    found = read_single("\n".join(lines), Detector(("en",)), profile=Profile("marl"))
    assert found is not None
    return found


def cut(reading: Reading, text: str, part: Part) -> list[str]:
    """Return what stands in the slices of a part."""
    return [text[piece.start : piece.end] for piece in reading.slices if piece.part is part]


@pytest.mark.parametrize(
    "signed", [["By Ada Quill"], ["3 May 2024, 14:05"], ["By Ada Quill", "3 May 2024"]]
)
def test_headline_below_the_name_of_the_site(signed: list[str]) -> None:
    """The line above the author or the date is the title, not the name at the top."""
    lines = [
        "The Marl Gazette",
        "Home News Sport",
        "Four hundred limes for the road",
        *signed,
        *_BODY,
    ]
    reading = read(*lines)
    assert cut(reading, "\n".join(lines), Part.TITLE) == ["Four hundred limes for the road"]


def test_first_line_stays_the_title() -> None:
    """A headline in the first line is the title, whatever short line the author stands under."""
    lines = ["Four hundred limes for the northern road", "Nature", "By Ada Quill", *_BODY]
    assert cut(read(*lines), "\n".join(lines), Part.TITLE) == [lines[0]]


@pytest.mark.parametrize("row", ["Tags: Trees, Public works", "Filed under: Trees, Public works"])
def test_tags_below_the_text(row: str) -> None:
    """A line that says that it holds tags does; the words between them are none of the article."""
    lines = ["Four hundred limes for the northern road", "By Ada Quill", *_BODY, row, "Share"]
    reading = read(*lines)
    assert cut(reading, "\n".join(lines), Part.TAG) == ["Trees", "Public works"]


def test_a_sentence_is_no_tag() -> None:
    """What begins with such a word and goes on as a sentence holds no tags."""
    lines = ["Four hundred limes for the northern road", "By Ada Quill", *_BODY]
    lines += ["Topics: we write about trees, roads and whoever plants them."]
    assert cut(read(*lines), "\n".join(lines), Part.TAG) == []
