"""A later version of an article that has lost every key: its headline and text were edited.

Such an article looks new, while a record that was known is gone from the build. If the texts
are nearly the same, the one is the other, revised.
"""

from typing import Any

import numpy as np

from galley.build.identity import KEPT, Sketcher
from galley.build.registry import Registry
from galley.similarity import likeness

# Of the 24 values that the registry keeps of a sketch, so 0.8 is right to about 0.08.
_NEARLY_THE_SAME = 0.8
_ROWS = 3  # values of a band
_ODD = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))  # they mix the bits


class Revisions:
    """The records that are known and that nothing in this build claims.

    Args:
        registry: Before anything new is minted.
        claimed: For each id of it whether this build finds it by its keys.
    """

    def __init__(self, registry: Registry, claimed: Any) -> None:
        self._registry, self._claimed = registry, claimed.copy()
        if claimed[registry.roots].all():
            self._owners, self._bands = np.empty(0, dtype=np.int32), []
            return
        self._owners, self._values = registry.sketches(~claimed)
        bands = (_band(self._values, number) for number in range(KEPT // _ROWS))
        orders = ((band, np.argsort(band, kind="stable")) for band in bands)
        self._bands = [(band[order], order.astype(np.int32)) for band, order in orders]

    def __len__(self) -> int:
        """Return how many texts of such records are known."""
        return len(self._owners)

    def near(self, sketches: Any) -> Any:
        """Return for each of `sketches` whether it may be one of these texts, revised."""
        found = np.zeros(len(sketches), dtype=bool)
        for number, (keys, _) in enumerate(self._bands):
            band = _band(sketches, number)
            places = np.searchsorted(keys, band)
            found |= keys[np.minimum(places, len(keys) - 1)] == band
        return found

    def claim(self, sketcher: Sketcher) -> str | None:
        """Return the record whose text the sketch nearly is, once; None if there is none."""
        if not len(self):
            return None
        sketch = sketcher()[:KEPT]
        rated = [
            (likeness(self._values[row].tolist(), sketch), -owner)
            for row in self._rows(np.array([sketch], dtype=np.uint32))
            if not self._claimed[owner := int(self._owners[row])]
        ]
        rate, owner = max(rated, default=(0.0, 0))
        if rate < _NEARLY_THE_SAME:
            return None
        name = self._registry.name(-owner)
        if name not in self._registry.retracted:  # what was taken out stays out, however often
            self._claimed[-owner] = True
        return name

    def _rows(self, sketch: Any) -> set[int]:
        """Return the texts that share a band with a sketch."""
        rows: set[int] = set()
        for number, (keys, order) in enumerate(self._bands):
            band = _band(sketch, number)[0]
            start, stop = (np.searchsorted(keys, band, side) for side in ("left", "right"))
            rows.update(order[start:stop].tolist())
        return rows


def _band(sketches: Any, number: int) -> Any:
    """Return a band of each of `sketches`, folded to a number."""
    first, second, third = (
        sketches[:, number * _ROWS + place].astype(np.uint64) for place in range(_ROWS)
    )
    return (first * _ODD[0] + second) * _ODD[1] + third
