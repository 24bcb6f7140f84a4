"""A web page, parsed; and how its elements are looked at."""

import re
from collections.abc import Iterable, Iterator
from html import unescape

from lxml import html

from galley.build.page import Rejection
from galley.build.web.attributes import is_crowded
from galley.record import is_heaped

_PROLOG = re.compile(r"^\s*<\?xml[^>]*\?>")  # lxml takes no text that names an encoding
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,6})|([0-9]{1,7}))(?![0-9a-fA-F]);?")
_DEEPEST = 250  # elements inside each other; libxml2 itself gives up at 256
_FEW = 16  # references to characters that cannot make a heap
_MOST = 100_000  # elements: an article has some hundreds
_APART = frozenset(
    {"br", "p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "tr"}
    | {"dt", "dd", "section", "header", "footer"}
)
# What stands beside the article, by tag and label. Labels are taken whole: page builders put
# "widget" into the names of all things, themes say "has-sidebar" of the article itself.
COMMENTS = re.compile(r"\s(?:comments?(?:[-_]\w+)?|commentlist|respond|disqus\w*)(?!\w)")
_LABELS = "widgets?|related\\w*|\\w*menu|navigation|teasers?|headlines|tag[-_]?clouds?"
MARGINS = re.compile(
    rf"^(?:nav|aside) |{COMMENTS.pattern}|\s(?:{_LABELS})(?!\w)"
    r"|\s(?!(?:has|with|without|no|content)[-_])(?:\w+[-_])?sidebar\d?(?=\s|$)"
)
_PARSER = html.HTMLParser(
    collect_ids=False, default_doctype=False, remove_comments=True, remove_pis=True
)


def parse_page(text: str) -> html.HtmlElement | Rejection:
    """Parse a page, or say why it cannot be: `not_html`, `too_large`, `text_character`."""
    if why := _refuse(text):
        return why
    try:
        tree = html.document_fromstring(_bare(text), parser=_PARSER)
    except (ValueError, html.etree.LxmlError) as error:
        return Rejection("not_html", f"no element can be read: {error}")
    if tree.tag != "html" or tree.find(".//frameset") is not None:
        return Rejection("not_html", "the page has frames in place of a body")
    if tree.find("body") is None:  # it may be left out, and is where nothing is in it
        tree.append(html.Element("body"))
    if _depth(tree) > _DEEPEST:
        return Rejection("too_large", f"elements are nested more than {_DEEPEST} deep")
    return tree


def _refuse(text: str) -> Rejection | None:
    """Return why a page is not even parsed: it would take minutes."""
    if text.count("<") > 2 * _MOST:
        return Rejection("too_large", f"more than {_MOST} elements")
    if is_crowded(text):
        return Rejection("too_large", "an element has more attributes than any page needs")
    if text.count("&") > _FEW and is_heaped(unescape(text)):
        return Rejection("text_character", "too many combining marks in a row")
    return None


def _bare(text: str) -> str:
    """Return `text` as lxml takes it, which stumbles over what a browser passes over."""
    bare = _PROLOG.sub("", text.lstrip("\ufeff")).replace("\x0b", " ").replace("\x0c", " ")
    return _REFERENCE.sub(_reference, _UNFIT.sub("", bare))


def _reference(match: re.Match[str]) -> str:
    """Return a numeric reference, unless it stands for a character that no tree can hold."""
    number = int(match[1], 16) if match[1] else int(match[2])
    return "" if 0 < number < 0x110000 and _UNFIT.match(chr(number)) else match[0]


def _depth(tree: html.HtmlElement) -> int:
    deepest = depth = 0
    for event, _ in html.etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def words(node: html.HtmlElement) -> str:
    """Return the text of `node` on one line, as a browser sets it."""
    return one_line("".join(_pieces(node)))


def _pieces(node: html.HtmlElement) -> Iterator[str]:
    for event, element in html.etree.iterwalk(node, events=("start", "end")):
        if element.tag in _APART:
            yield " "
        if event == "end":
            yield "" if element is node else element.tail or ""
        elif element.tag not in {"script", "style"}:
            yield element.text or ""


def one_line(text: str) -> str:
    """Return `text` with runs of white space as single blanks."""
    return " ".join(text.split())


def labels(node: html.HtmlElement) -> str:
    """Return what `class`, `id` and `role` of `node` say of it, in lower case."""
    return " ".join(node.get(name, "") for name in ("class", "id", "role")).lower()


def look(node: html.HtmlElement) -> str:
    """Return the tag of `node` and its labels, as patterns see it."""
    return f"{node.tag} {labels(node)}"


def inside(node: html.HtmlElement, pattern: re.Pattern[str]) -> bool:
    """Return whether `node` or an element around it has a tag or a label that `pattern` finds."""
    around: Iterable[html.HtmlElement] = (node, *node.iterancestors())
    return any(
        pattern.search(look(element)) for element in around if element.tag not in {"html", "body"}
    )


def metas(tree: html.HtmlElement, names: Iterable[str]) -> list[str]:
    """Return what the page's `meta` elements of these names hold, in the order of `names`."""
    said: dict[str, list[str]] = {}
    for node in tree.iter("meta"):
        name = node.get("property") or node.get("name") or node.get("itemprop") or ""
        if content := one_line(node.get("content") or ""):
            said.setdefault(name.strip().lower(), []).append(content)
    return [content for name in names for content in said.get(name, ())]
