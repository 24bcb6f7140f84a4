"""What can be read of JSON from outside does not depend on who reads it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galley.build.nesting import load_json


def deeper(frames: int, text: str) -> Any:
    """Read `text` with so many callers more."""
    return deeper(frames - 1, text) if frames else load_json(text)


@pytest.mark.parametrize("frames", [0, 300])
@pytest.mark.parametrize(("depth", "fits"), [(1, True), (500, True), (501, False), (10**5, False)])
def test_as_deep_in_every_process(frames: int, depth: int, *, fits: bool) -> None:
    """The limit is that of the text, however much room the stack leaves."""
    text = "[" * depth + "]" * depth
    if fits:
        assert deeper(frames, text) == deeper(0, text)
    else:
        with pytest.raises(ValueError, match="500 levels deep"):
            deeper(frames, text)


def test_brackets_in_strings_are_none() -> None:
    """Only what is a list or an object counts, and what was closed counts no more."""
    assert load_json(json.dumps({"a": '\\"[' * 900, "b": [[]] * 900}))["b"][899] == []
    with pytest.raises(ValueError, match="levels deep"):
        load_json('["\\\\"' + ",[" * 500 + "]" * 501)


@given(st.recursive(st.none() | st.text('[]{}"\\a'), lambda inner: st.lists(inner, max_size=3)))
def test_as_the_parser_reads(value: Any) -> None:
    """What is not deep is read as Python reads it."""
    assert load_json(json.dumps(value)) == value
