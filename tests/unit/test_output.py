"""What a command shows: no character that a terminal would obey, whoever wrote it."""

import json

import pytest

from galley.cli.output import Output, safe
from galley.errors import GalleyError

_HOSTILE = "a\x1b[2J\x1b]0;title\x07b\u202egpj\u2066\x9b31m\x7f\u2028c\rd\x00"
_OBEYED = "\x1b\x07\x9b\x7f\r\x00\u202e\u2066\u2028"


def is_safe(said: str) -> bool:
    """Tell whether a terminal would show all of it, and do nothing."""
    return not set(said) & set(_OBEYED)


@pytest.mark.parametrize("as_json", [False, True])
def test_every_voice(capsys: pytest.CaptureFixture[str], *, as_json: bool) -> None:
    """Results, notes, warnings, errors and tracebacks, for people and as JSON."""
    output = Output(json=as_json)
    output.result({"title": _HOSTILE}, _HOSTILE)
    output.note(_HOSTILE)
    output.warning(_HOSTILE)
    output.error(GalleyError(_HOSTILE, code="x", hint=_HOSTILE))
    output.unexpected(ValueError(_HOSTILE))
    said = capsys.readouterr()
    assert is_safe(said.out)
    assert is_safe(said.err)


def test_json_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    """What is escaped is read back as it was, lone surrogates too."""
    value = {"title": f"{_HOSTILE}\ud800 é 😀"}
    Output(json=True).result(value)
    assert json.loads(capsys.readouterr().out) == value


def test_colours_of_ours() -> None:
    """They stay where there is a terminal; any other sequence is spelled out."""
    assert safe("\x1b[31mred\x1b[0m", styled=True) == "\x1b[31mred\x1b[0m"
    assert safe("\x1b[2J\x1b[31m") == "⟨ESC⟩[2J⟨ESC⟩[31m"
    assert "\x1b" not in safe("\x1b[2J\x1b]0;x", styled=True)
    assert safe("plain\tné 😀\n") == "plain\tné 😀\n"
