"""The characters of a page as numbers: what is asked of each of them is asked of all at once."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

# No letter before the first of these changes when it is normalised, nor do those in the others:
# dashes and quotation marks, Cyrillic, Chinese characters.
_LATIN = 0x300
_STABLE = ((0x2010, 0x2028), (0x400, 0x483), (0x4E00, 0xA000))
# Before the first of these no character is wide, and none is between the two.
_JAMO, _SYMBOLS = 0x1100, 0x231A
_NOT_JAMO = 0x1160
_BMP = 0x10000


class Codes:
    """The characters of a text, as an array that is made when it is asked for.

    Args:
        text: Any text.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def each(self) -> Any:
        """The code of each character: of two bytes, unless there are some beyond them."""
        import numpy as np  # noqa: PLC0415 - not where nothing has changed

        units = np.frombuffer(self.text.encode("utf-16-le", "surrogatepass"), dtype="<u2")
        if len(units) == len(self.text):
            return units
        return np.frombuffer(self.text.encode("utf-32-le", "surrogatepass"), dtype="<u4")

    @cached_property
    def may_be_wide(self) -> bool:
        """Whether any of them may be wide (East Asian)."""
        if self.text.isascii():
            return False
        if self.each.max() >= _SYMBOLS:
            return True
        return bool((self.each - self.each.dtype.type(_JAMO) < _NOT_JAMO - _JAMO).any())

    def are_stable(self) -> bool:
        """Return whether all are such as stay what they are in NFC, whatever is beside them.

        False where that takes a closer look.
        """
        if self.text.isascii():
            return True
        odd = self.each >= _LATIN
        for first, end in _STABLE:
            if not odd.any():
                return True
            odd &= self.each - self.each.dtype.type(first) >= end - first
        return not odd.any()

    def utf8_offsets(self, places: Iterable[int]) -> dict[int, int]:
        """Return where in UTF-8 the character at each of `places` begins, and a few more."""
        import numpy as np  # noqa: PLC0415 - as above

        known = sorted({0, *places, len(self.text)})
        more = (self.each >= 0x80).view(np.uint8) + (self.each >= 0x800).view(np.uint8)
        if self.each.dtype.itemsize > 2:
            more += (self.each >= _BMP).view(np.uint8)
        offsets = np.array(known)
        offsets[1:] += np.cumsum(np.add.reduceat(more, offsets[:-1], dtype=np.int32))
        return dict(zip(known, offsets.tolist(), strict=True))
