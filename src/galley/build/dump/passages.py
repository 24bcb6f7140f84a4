"""The paragraphs of a text, each of which may stand in another one too."""

from collections.abc import Iterable
from functools import cached_property

_MANY = 200  # paragraphs that are no longer looked through for each of them
_WINDOW = 16  # letters that a paragraph has in a row, and no other has
_MARKS = 1 << 32
_MIX = 0x9E3779B1  # odd, and far from small ones: to make a number of two
_BREAK = "\n"  # stands in no paragraph of which only the letters are left


class Passages:
    """The paragraphs of one text.

    Args:
        plains: Their letters and digits in one case.
    """

    def __init__(self, plains: Iterable[str]) -> None:
        self._plains = dict.fromkeys(plains)
        self._whole = _BREAK + "".join(f"{plain}{_BREAK}" for plain in self._plains)

    def hold(self, passage: str) -> bool:
        """Return whether one of the paragraphs holds `passage`, and more than that."""
        if not passage:
            return any(self._plains)
        if len(self._plains) > _MANY and passage in self._alone:
            return False
        whole, at = self._whole, self._whole.find(passage)
        while at >= 0:
            if whole[at - 1] != _BREAK or whole[at + len(passage)] != _BREAK:
                return True
            at = whole.find(passage, at + 1)
        return False

    @cached_property
    def _alone(self) -> set[str]:
        """Paragraphs that are in no other: they have letters in a row that stand only there.

        To look for each in all others would take a time that grows with the square of them.
        """
        import numpy as np  # noqa: PLC0415 - few pages have so many paragraphs

        codes = self._whole.encode("utf-32-le", "surrogatepass")
        marks = np.frombuffer(codes, dtype="<u4")
        step, mix = 1, _MIX
        while step < _WINDOW:  # a mark for two letters each, for four, …
            marks = marks[:-step] * np.uint32(mix) + marks[step:]
            step, mix = 2 * step, mix * mix % _MARKS  # or letters in another order had the same
        ordered = np.sort(marks)
        again = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
        once = np.concatenate(([0], np.cumsum(~np.isin(marks, again))))
        alone: set[str] = set()
        start = len(_BREAK)
        for plain in self._plains:
            stop = start + len(plain)
            if stop - start >= _WINDOW and once[stop - _WINDOW + 1] > once[start]:
                alone.add(plain)
            start = stop + len(_BREAK)
        return alone
