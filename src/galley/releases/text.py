"""Markdown made from templates: what the dataset card and the datasheet share."""

import re
from typing import Any

import jinja2

from galley.errors import ReleaseError


def render(source: str, name: str, values: dict[str, Any]) -> str:
    """Return the template `source` filled with `values`.

    Args:
        source: A Jinja template.
        name: Stands for it in messages.
        values: What its fields may name.

    Raises:
        ReleaseError: It is no template, or it names a field that is not there.
    """
    environment = jinja2.Environment(  # noqa: S701 - Markdown, not HTML
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(cell=cell, row=row, counts=counts, interval=interval)
    try:
        return environment.from_string(source).render(values)
    except (jinja2.TemplateError, TypeError) as error:
        line = f":{error.lineno}" if isinstance(error, jinja2.TemplateSyntaxError) else ""
        raise ReleaseError(
            f"{name}{line} cannot be filled in: {error}",
            code="template_field",
            hint=f"a field is one of {', '.join(sorted(values))}, with its parts",
        ) from error


# The backslash first of all: it would undo the one before another mark.
_MARKS = re.compile(r"[\\|\[\]]")


def cell(text: str) -> str:
    r"""Return `text` such that it stays in one cell of a table: no link, no picture.

    Example:
        >>> print(cell("a|b ![x](y) <i>"))
        a\|b !\[x\](y) &lt;i>
    """
    return _MARKS.sub(r"\\\g<0>", " ".join(text.split())).replace("<", "&lt;")


def row(text: str) -> str:
    """Return `text`, a maintainer's own Markdown, such that it stays in one cell of a table."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def counts(numbers: dict[str, int], most: int | None = None) -> str:
    """Return `en (12), fr (3)`, or `none`; with `most`, that many and how many others there are.

    Example:
        >>> counts({"en": 12, "fr": 3, "de": 1}, 2)
        'en (12), fr (3) and 1 more'
    """
    shown = ", ".join(f"{cell(name)} ({number})" for name, number in list(numbers.items())[:most])
    left = 0 if most is None else len(numbers) - most
    return (f"{shown} and {left} more" if left > 0 else shown) or "none"


def interval(estimate: dict[str, Any]) -> str:
    """Return a measured value with its interval, as `0.81 (0.78 to 0.84)`.

    Example:
        >>> interval({"value": 0.8123, "low": 0.78, "high": 0.8401})
        '0.81 (0.78 to 0.84)'
    """
    if estimate["value"] is None:
        return "not defined"
    ends = "" if estimate["low"] is None else f" ({estimate['low']:.2f} to {estimate['high']:.2f})"
    return f"{estimate['value']:.2f}{ends}"
