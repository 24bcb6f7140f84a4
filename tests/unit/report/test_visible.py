"""Characters that hide or deceive are spelled out."""

import pytest

from galley.report.visible import escape, runs


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202eb\u2066c", "a⟨U+202E⟩b⟨U+2066⟩c"),  # overrides of direction
        ("\x1b[31mred", "⟨ESC⟩[31mred"),  # what a terminal would obey
        ("a\r\nb\u2028c", "a⟨CR⟩⏎b⟨U+2028⟩c"),
        ("\ufeffa\u200bb\xad", "⟨BOM⟩a⟨ZWSP⟩b⟨SHY⟩"),
        ("\U000e0041", "⟨U+E0041⟩"),  # tag characters
        ("👩‍🚀 mañana 会议 שלום\t.", "👩‍🚀 mañana 会议 שלום\t."),  # joiners and scripts stay
    ],
)
def test_escape(text: str, shown: str) -> None:
    """Whatever changes how other characters look has a name instead."""
    assert escape(text) == shown


def test_runs_lose_nothing() -> None:
    """Plain characters stay in order; odd spaces stay themselves, for the page to mark."""
    text = "a\xa0b\nc 𝕏"
    assert "".join(run.text for run in runs(text)) == text
    assert [run.kind for run in runs(text)] == ["plain", "space", "plain", "newline", "plain"]
