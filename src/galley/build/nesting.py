"""JSON from outside, of which the same is read whoever reads it.

Python's parser goes as deep as the stack of its caller leaves room for: the process of a build and
one of its workers would not refuse the same rows.
"""

import json
import re
from typing import Any

_DEEPEST = 500  # lists and objects, one in another: half of what Python reads at the best
_SIGNS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)


def load_json(text: str, **how: Any) -> Any:
    """Return the value that `text` is, as `json.loads` does.

    Args:
        text: In JSON.
        how: The options of `json.loads`.

    Raises:
        ValueError: It is none, or one that is nested too deep.
    """
    if text.count("[") + text.count("{") > _DEEPEST and _depth(text) > _DEEPEST:
        raise ValueError(f"it is nested more than {_DEEPEST} levels deep")
    return json.loads(text, **how)


def _depth(text: str) -> int:
    """Return how many lists and objects are open at most; what is in strings does not count."""
    depth = deepest = 0
    for sign in _SIGNS.findall(text):
        if sign in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in "]}":
            depth -= 1
    return deepest
