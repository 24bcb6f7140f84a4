"""A single page, with what is known of its lines before they get their parts."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from galley.build.dump.credits import Evidence
from galley.build.dump.heading import Heading
from galley.build.dump.kinds import TEXT, Kind
from galley.build.dump.passages import Passages
from galley.build.lines import Line


@dataclass(frozen=True)
class Sheet:
    """A page with its heading, the kinds of its lines and the stretch of its main text.

    Attributes:
        lines: Those that are not blank.
        kinds: What each of them is by its own words.
        heading: The page's title.
        core: The lines of the main text.
        language: BCP 47 tag of the main text.
    """

    lines: list[Line]
    kinds: list[Kind]
    heading: Heading
    core: range
    language: str

    @cached_property
    def evidence(self) -> Evidence:
        """What the main text knows of its words."""
        return Evidence(self.lines[index].text for index in self.core)

    @cached_property
    def text(self) -> str:
        """The main text's paragraphs, one a line."""
        return "\n".join(self.lines[index].text for index in self.core if self.is_text(index))

    @cached_property
    def counts(self) -> Counter[str]:
        """How often the page says each line."""
        return Counter(line.plain for line in self.lines)

    @cached_property
    def passages(self) -> Passages:
        """The main text's paragraphs, their letters only."""
        return Passages(self.lines[index].plain for index in self.core if self.is_text(index))

    def is_text(self, index: int) -> bool:
        """Return whether the line at `index` is a paragraph or a sentence."""
        return self.kinds[index] in TEXT
