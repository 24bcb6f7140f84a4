"""Pages in Markdown: what their lines say, without the signs of the markup.

The text of a record stays as the page has it. But a line is judged by what a reader would see:
an address is no prose, and a row of links is a menu.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from galley.build.lines import Line
from galley.build.widths import weigh
from galley.record import Span

_HEADING = re.compile(r"(?P<signs>#{1,6})[ \t]+(?=\S)")
_CLOSED = re.compile(r"[ \t]+#+$")
_UNDERLINE = re.compile(r"=+|-+")
_ADDRESS = (
    r"(?:\(<?[^()\s\[\]]*(?:\([^()\s\[\]]*\)[^()\s\[\]]*)?>?(?:\s+\"[^\"\n]*\"|\s+'[^'\n]*')?\)"
    r"|\[[^\[\]]*\])"
)
_IMAGE = re.compile(rf"!\[[^\[\]]*\]{_ADDRESS}")
_LINK = re.compile(rf"\[(?P<text>(?:[^\[\]]|\[[^\[\]]*\])*)\]{_ADDRESS}")
_EMPHASIS = re.compile(r"(?<![\w*_])(\*{1,3}|_{1,2})(?=\S)(?P<text>[^*_\n]+)(?<=\S)\1(?![\w*_])")
_ESCAPE = re.compile(r"\\(?=[\\`*_{}\[\]()#+.!<>|~-])")
_LEAST = 2  # headings of which one knows such a page
_LINKS = 3  # the same of lines with links


def unmarked(lines: list[Line]) -> list[Line]:
    """Return the lines of a page as a reader sees them; those of any other page as they are.

    A heading's line does not hold the signs before it, what was drawn is no line. What a
    paragraph is in the page stays in `source`.
    """
    if not is_markdown(lines):
        return lines
    return list(_seen(lines))


def is_markdown(lines: list[Line]) -> bool:
    """Return whether the lines of a page have the signs of Markdown.

    Headings stand alone, and are of several levels: else they are a list.
    """
    alone = deep = links = last = 0
    for index, line in enumerate(lines, 1):
        text = line.text
        if text[0] == "#" and _HEADING.match(text):
            alone += index > last + 1
            deep += text[1] == "#"
            last = index
        elif "](" in text:
            links += _LINK.search(text) is not None
    return (alone >= _LEAST and deep > 0) or links >= _LINKS


def _seen(lines: list[Line]) -> Iterator[Line]:
    """Yield each line as it is seen; `level` says which are headings."""
    blank = False
    last: Line | None = None
    for line in lines:
        if last is not None and not line.blank_before and _UNDERLINE.fullmatch(line.text):
            last = replace(last, level=1 if line.text[0] == "=" else 2)
            continue
        seen = _line(line)
        if seen is None:
            blank = True
            continue
        if last is not None:
            yield last
        last, blank = replace(seen, blank_before=seen.blank_before or blank), False
    if last is not None:
        yield last


def _line(line: Line) -> Line | None:
    """Return a line as it is seen, or None if it shows no word."""
    heading = _HEADING.match(line.text)
    start = heading.end() if heading else 0
    text = line.text[start:]
    if heading and (closed := _CLOSED.search(text)):
        text = text[: closed.start()]
    shown = _shown(text)
    if not any(map(str.isalnum, shown)):
        return None
    inner = text.find(shown)  # all that is marked up
    first = line.span.start + start + max(inner, 0)
    span = Span(first, first + len(text if inner < 0 else shown))
    source = text if inner < 0 else ""
    level = len(heading["signs"]) if heading else 0
    return Line(shown, span, line.blank_before, weigh(shown), source=source, level=level)


def _shown(text: str) -> str:
    """Return `text` without addresses, pictures and the signs around words."""
    if "](" in text or "][" in text:
        text = _IMAGE.sub("", text)
        text = _LINK.sub(lambda match: match["text"], _LINK.sub(lambda match: match["text"], text))
    if "*" in text or "_" in text:
        text = _EMPHASIS.sub(lambda match: match["text"], text)
    text = _ESCAPE.sub("", text) if "\\" in text else text
    return " ".join(text.split()) if text[:1] in " \t" or text[-1:] in " \t" else text
