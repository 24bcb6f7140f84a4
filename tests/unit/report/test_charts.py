"""Charts as SVG."""

import re

from galley.report.charts import bars, columns, course, growth, matrix

_NAMES = ("<b>&\"' a long name of a tag, and more", "<b>&\"' a long name of a tag, and less")


def test_names_are_words() -> None:
    """Nothing in a name is markup, and two names that begin alike stay two bars."""
    svg = bars("Tags", "tag", [(_NAMES[0], 3), (_NAMES[1], 1), ("a\u202eb", 1)]).svg
    assert "<b>" not in svg
    assert "\u202e" not in svg
    assert len(re.findall('aria-roledescription="bar"', svg)) == 3


def test_table_holds_more_than_the_drawing() -> None:
    """The table has all figures in full, the drawing the first of them."""
    chart = bars("Tags", "tag", [(f"tag {n}", 100 - n) for n in range(50)])
    assert len(chart.rows) == 50
    assert len(re.findall('aria-roledescription="bar"', chart.svg)) == 20
    assert (chart.left_out, bars("T", "tag", [("a", 1)]).left_out) == (30, 0)


def test_columns_are_divided_by_status() -> None:
    """A column has a part for each status, in one order; the legend names those in use."""
    chart = columns("T", "month", {"2024-01": {"source": 2, "corrected": 1}, "2024-02": {}})
    assert chart.legend == ("corrected", "source")
    assert chart.rows == [("2024-01", 1, 2), ("2024-02", 0, 0)]
    assert "var(--s-corrected)" in chart.svg


def test_matrix_has_both_halves() -> None:
    """Each pair is two squares, and the table tells it once."""
    chart = matrix("T", ["a", "b"], {("a", "b"): 2, ("a", "z"): 9})
    assert len(re.findall('aria-roledescription="rect mark"', chart.svg)) == 2
    assert chart.rows == [("a", "b", 2)]


def test_matrix_says_what_it_leaves_out() -> None:
    """It has room for few names, and takes no more of it above than the longest of them needs."""
    names = [f"t{number}" for number in range(20)]
    chart = matrix("T", names, {("t0", "t1"): 2, ("t0", "t19"): 1})
    assert (chart.left_out, chart.rows) == (5, [("t0", "t1", 2)])
    height = [
        int(re.search(r'height="(\d+)"', matrix("T", ["a", name], {("a", name): 1}).svg)[1])  # type: ignore[index]
        for name in ("b", "a name that is long")
    ]
    assert height[0] + 60 < height[1]


def test_growth_adds_up() -> None:
    """Each day has the sum of all up to it."""
    assert growth("T", "n", [("2024-01-01", 2), ("2024-01-03", 3)]).rows == [
        ("2024-01-01", 2),
        ("2024-01-03", 5),
    ]


def test_same_figures_same_bytes() -> None:
    """A drawing depends on its figures alone, and names nothing that another could name too."""
    drawings = [bars("T", "n", [("a", 1)]).svg for _ in range(2)]
    drawings += [growth("T", "n", [("2024-01-01", 1), ("2024-02-01", 1)]).svg for _ in range(2)]
    assert len(set(drawings)) == 2
    assert not any(" id=" in svg for svg in drawings)


def test_course_has_its_intervals() -> None:
    """A point a month, a line where an interval is known; what is not defined is in the table."""
    chart = course(
        "T",
        "month",
        {
            "2024-01": {"value": 0.5, "low": -0.25, "high": 0.8, "records": 12},
            "2024-02": {"value": 0.75, "low": None, "high": None, "records": 3},
            "2024-03": {"value": None, "low": None, "high": None, "records": 1},
        },
    )
    assert len(re.findall('aria-roledescription="point"', chart.svg)) == 2
    assert chart.rows[0] == ("2024-01", "0.50 (-0.25 to 0.80)", 12)
    assert [row[1] for row in chart.rows[1:]] == ["0.75", "not defined"]
    assert "NaN" not in chart.svg
