"""Which words of a web page are its article's title.

The browser's title and the one for social media often have the site's name beside them; the
page says the headline again, alone. What both say is the title.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from galley.build.lines import Line
from galley.build.web.linked import Linked
from galley.build.web.markup import MARGINS, inside, labels, metas, words
from galley.record import Span

_SEPARATOR = re.compile(r"\s+(?:[»›→>|/·•–—:~-]|::|«)\s+|\s*[»›→|]\s*")
_NAMED = re.compile(
    r"\b(?:page|entry|post|article|story)[-_]?(?:title|headline|heading)\b|\bheadline\b"
)
_ELSEWHERE = re.compile(rf"{MARGINS.pattern}|^footer |\scookie\w*")
_STATED = ("og:title", "headline", "dc.title", "citation_title", "twitter:title")
_MOST_BARS = 8  # in a browser's title
_LONGEST = 500  # code points of a headline


def find_title(tree: HtmlElement, linked: Linked) -> str | None:
    """Return the title of the page's article, without the site's name, or None."""
    site = plain(next(iter(metas(tree, ("og:site_name",))), ""))
    stated = list(_stated(tree, linked))
    shown = [text for text in _headings(tree) if plain(text) != site]
    wanted = {plain(part) for text in stated for part in _parts(text)} - {site}
    confirmed = [text for text in shown if plain(text) in wanted]
    if confirmed:
        return max(confirmed, key=lambda text: len(plain(text)))
    first = [words(node) for node in tree.iter("h1") if not inside(node, _ELSEWHERE)]
    alone = [text for text in first if text in shown]
    if len(alone) == 1:
        return alone[0]
    return next((_without_site(text, site) for text in stated), None) or next(iter(shown), None)


def plain(text: str) -> str:
    """Return the letters and digits of `text` in one case."""
    return Line(text, Span(0, len(text)), blank_before=True).plain


def _stated(tree: HtmlElement, linked: Linked) -> Iterator[str]:
    """Yield what the page's head calls the article, the most careful source first."""
    titles = [words(node) for node in tree.xpath("//head/title|//body/title")[:1]]
    for text in (*linked.texts("headline"), *metas(tree, _STATED), *titles):
        if plain(text) and len(text) <= _LONGEST:
            yield text


def _headings(tree: HtmlElement) -> Iterator[str]:
    """Yield the page's headings in order, without those of its margins and of the site."""
    for node in tree.iter("h1", "h2", "h3", "h4", "div", "p", "span", "a", "header"):
        heading = len(node.tag) == 2 and node.tag[0] == "h"
        named = _NAMED.search(labels(node)) or node.get("itemprop") == "headline"
        if not (heading or named) or _leads_home(node) or inside(node, _ELSEWHERE):
            continue
        text = words(node)
        if plain(text) and len(text) < _LONGEST:
            yield text


def _leads_home(node: HtmlElement) -> bool:
    """Return whether `node` is a link to the site's first page, as the site's name is."""
    links = [link for link in (node, *node.iterancestors("a"), *node.iter("a")) if link.get("href")]
    try:
        return any(
            not urlsplit(link.get("href")).path.strip("/") and link.get("href")[0] != "#"
            for link in links
        )
    except ValueError:  # an address that is none
        return False


def _parts(text: str) -> Iterator[str]:
    """Yield all that may be the title in `text`: what stands between any two of its bars."""
    cuts = list(_SEPARATOR.finditer(text))[:_MOST_BARS]
    starts, ends = [0, *(cut.end() for cut in cuts)], [*(cut.start() for cut in cuts), len(text)]
    for number, start in enumerate(starts):
        yield from (text[start:end] for end in ends[number:])


def _without_site(text: str, site: str) -> str:
    """Return `text` without the name of the site, or what stands behind a bar."""
    for cut in reversed(list(_SEPARATOR.finditer(text))):
        before, after = text[: cut.start()], text[cut.end() :]
        if plain(after) == site or ("|" in cut[0] and len(after) < len(before)):
            return before.strip()
        if plain(before) == site:
            return after.strip()
    return text
