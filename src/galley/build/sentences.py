"""Where sentences begin."""

from bisect import bisect_right

import sentencex


class Sentences:
    """The sentences of one running text.

    Args:
        text: The text.
        language: BCP 47 tag; one that is not known is treated like English.
    """

    def __init__(self, text: str, language: str) -> None:
        spans = sentencex.get_sentence_boundaries(language.split("-", maxsplit=1)[0], text)
        self.starts: list[int] = [span["start_index"] for span in spans]
        self._length = len(text)

    def start_before(self, position: int) -> int:
        """Return where the sentence begins that covers `position`; 0 in an empty text."""
        return self.starts[max(bisect_right(self.starts, position) - 1, 0)] if self.starts else 0

    def spans(self) -> list[tuple[int, int]]:
        """Return start and end of each sentence, in order; white space is in them."""
        ends = [*self.starts[1:], self._length] if self.starts else []
        return list(zip(self.starts, ends, strict=True))
