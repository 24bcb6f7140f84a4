"""A later version of an article that has lost every key: its headline and text were edited.

Such an article looks new, while a record that was known is gone from the build. If the texts
are nearly the same, the one is the other, revised.
"""

from collections import defaultdict

from galley.build.identity import Identity, Sketcher
from galley.similarity import Sketch, likeness

# Of the 24 values that the registry keeps of a sketch, so 0.8 is right to about 0.08.
_NEARLY_THE_SAME = 0.8
_ROWS = 3


class Revisions:
    """The records that are known and that nothing in this build claims.

    Args:
        identity: The registry, before anything new is minted.
        claimed: The ids that this build finds by their keys.
    """

    def __init__(self, identity: Identity, claimed: set[str]) -> None:
        self._identity = identity
        self._claimed = claimed
        self._index: dict[tuple[int, Sketch], list[tuple[str, Sketch]]] | None = None

    def claim(self, sketcher: Sketcher) -> str | None:
        """Return the record whose text the sketch nearly is, once; None if there is none."""
        if self._index is None:
            self._index = self._make_index()
        if not self._index:
            return None
        sketch = sketcher()
        near = {entry for band in _bands(sketch) for entry in self._index.get(band, ())}
        rated = [
            (likeness(old, sketch), -self._identity.age(name), name)
            for name, old in near
            if name not in self._claimed
        ]
        rate, _, name = max(rated, default=(0.0, 0, ""))
        if rate < _NEARLY_THE_SAME:
            return None
        if not self._identity.is_retracted(name):  # what was taken out stays out, however often
            self._claimed.add(name)
        return name

    def _make_index(self) -> dict[tuple[int, Sketch], list[tuple[str, Sketch]]]:
        index: dict[tuple[int, Sketch], list[tuple[str, Sketch]]] = defaultdict(list)
        for name, old in self._identity.sketches(but=self._claimed):
            for band in _bands(old):
                index[band].append((name, old))
        return index


def _bands(sketch: Sketch) -> list[tuple[int, Sketch]]:
    kept = sketch[: Identity.KEPT]
    return [(start, tuple(kept[start : start + _ROWS])) for start in range(0, len(kept), _ROWS)]
