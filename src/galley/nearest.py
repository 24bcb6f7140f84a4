"""What somebody may have meant: the nearest of the names that there are."""

from collections.abc import Iterable
from difflib import SequenceMatcher
from pathlib import Path

_LEAST = 0.55
_LISTED = 12


def find_nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the one of `known` that is most like `word`; None where none is like it.

    Example:
        >>> find_nearest("lisence", ["description", "license", "licenses"])
        'license'
    """
    likeness = {name: _likeness(word.casefold(), name.casefold()) for name in known}
    best = max(likeness, key=lambda name: (likeness[name], name), default=None)
    return best if best is not None and likeness[best] >= _LEAST else None


def suggest(word: str, known: Iterable[str]) -> str:
    """Return a hint: what `word` may have meant, else what there is.

    Example:
        >>> suggest("watr", ["trade", "water"])
        'did you mean `water`?'
        >>> suggest("x", ["trade", "water"])
        'known: trade, water'
    """
    names = sorted(known)
    if (near := find_nearest(word, names)) is not None:
        return f"did you mean `{near}`?"
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return f"known: {', '.join(names[:_LISTED])}{more}" if names else "there is none"


def find_near_path(path: Path) -> Path | None:
    """Return what lies beside `path` under a name most like its own; None where nothing is."""
    try:
        names = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return None
    near = find_nearest(path.name, names)
    return None if near is None else path.with_name(near)


def _likeness(one: str, other: str) -> float:
    # Not symmetric: letters that changed places are found from one side only.
    return max(SequenceMatcher(None, *pair).ratio() for pair in ((one, other), (other, one)))
