"""The colour and the words of each part of a page, on screen, on paper and in a terminal."""

from dataclasses import dataclass
from enum import StrEnum

from galley.record import Part


class Family(StrEnum):
    """What parts have in common; a family has one hue."""

    ARTICLE = "the article"
    ABOUT = "about the article"
    PICTURES = "its pictures"
    PAGE = "the page around it"
    REST = "the rest"


@dataclass(frozen=True, slots=True)
class Ink:
    """How a part is shown.

    Attributes:
        part: The part.
        family: What it belongs to.
        meaning: What it is, for a person who has not read the manual.
        light: Its background under dark type, `#rrggbb`.
        dark: Its background under light type.
        terminal: Its colour among a terminal's 256; None for the terminal's own.
        basic: Its colour among a terminal's 16, by click's name; None for the terminal's own.
    """

    part: Part
    family: Family
    meaning: str
    light: str
    dark: str
    terminal: int | None
    basic: str | None

    @property
    def name(self) -> str:
        """The part's name in words."""
        return self.part.value.replace("_", " ")


_A, _B, _C = Family.ARTICLE, Family.ABOUT, Family.PICTURES
_P, _R = Family.PAGE, Family.REST
_INKS = (
    Ink(Part.TITLE, _A, "the headline", "#9fcbff", "#16508c", 33, "bright_blue"),
    Ink(Part.DECK, _A, "the lines under the headline", "#cdd3ff", "#3b3f86", 105, "blue"),
    Ink(Part.TEXT, _A, "the main text", "#e4eefa", "#1b2c3e", None, None),
    Ink(Part.SUBHEAD, _A, "a heading inside the text", "#bfdcfa", "#20496e", 74, "cyan"),
    Ink(Part.DATELINE, _B, "where it was written", "#e0d0ff", "#523880", 141, "magenta"),
    Ink(Part.BYLINE, _B, "who wrote it", "#f4c8ef", "#6f2f69", 170, "bright_magenta"),
    Ink(Part.CONTRIBUTOR, _B, "who helped", "#fadbe9", "#5c2f4a", 175, "bright_magenta"),
    Ink(Part.TAG, _B, "a tag as published", "#bce9c1", "#1d5b2a", 71, "green"),
    Ink(Part.SOURCE_LINE, _B, "who published it", "#b3e7df", "#14574f", 37, "cyan"),
    Ink(Part.CAPTION, _C, "words under a picture", "#ffe4b3", "#5d430f", 178, "yellow"),
    Ink(Part.CREDIT, _C, "who made the picture", "#ffca8c", "#6d4209", 208, "yellow"),
    Ink(Part.PAGE_HEADER, _P, "the head of the page", "#dbe4a9", "#4a5217", 143, "white"),
    Ink(Part.REPEATED_TITLE, _P, "the headline again", "#d0d9e6", "#35475d", 109, "white"),
    Ink(Part.BREADCRUMB, _P, "the path to the page", "#e8e0cf", "#4c4533", 144, "white"),
    Ink(Part.NAVIGATION, _P, "ways around the site", "#ddd6c8", "#443f33", 137, "white"),
    Ink(Part.READ_MORE, _P, "a pointer to another article", "#f0d9c7", "#563f2e", 173, "white"),
    Ink(Part.COMMENT_FORM, _P, "the form for comments", "#e8d3d3", "#533b3b", 138, "white"),
    Ink(Part.TEASER, _P, "another article, announced", "#e9d8e4", "#4d394a", 139, "white"),
    Ink(Part.BOILERPLATE, _P, "no text, of no finer kind", "#e0e0e0", "#3e3e3e", 244, "white"),
    Ink(Part.WHITESPACE, _R, "blanks between the parts", "#ffffff", "#14171b", 244, "white"),
    Ink(Part.QUARANTINED, _R, "refused, with a reason", "#ffc0ba", "#7c1f1a", 196, "red"),
)
INKS: dict[Part, Ink] = {ink.part: ink for ink in _INKS}
