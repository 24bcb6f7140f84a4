"""Every part has a colour that can be read on, in both schemes."""

import pytest

from galley.record import Part
from galley.report.palette import INKS, Ink

TYPE_ON_LIGHT, TYPE_ON_DARK = "#1c1e22", "#f0eee9"


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2 defines it: 1 to 21."""

    def luminance(color: str) -> float:
        shares = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_every_part_has_an_ink() -> None:
    """A part that is added to the account needs a colour, and no two share one."""
    assert set(INKS) == set(Part)
    assert (
        len({ink.light for ink in INKS.values()})
        == len({ink.dark for ink in INKS.values()})
        == len(Part)
    )


@pytest.mark.parametrize("ink", INKS.values(), ids=lambda ink: ink.part)
def test_type_on_ink_is_readable(ink: Ink) -> None:
    """AAA for normal text is 7 to 1."""
    assert contrast(TYPE_ON_LIGHT, ink.light) >= 7
    assert contrast(TYPE_ON_DARK, ink.dark) >= 7
