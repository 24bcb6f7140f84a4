"""What a web page says of its article besides the text. Nothing is guessed."""

import re
from typing import Any

from lxml.html import HtmlElement

from galley.build.address import read_address
from galley.build.license import name_license
from galley.build.web.authorship import find_authors
from galley.build.web.dating import find_published
from galley.build.web.headline import find_title
from galley.build.web.linked import Linked
from galley.build.web.markup import COMMENTS, MARGINS, inside, labels, metas, one_line, words

_SITES = ("og:site_name", "dc.publisher", "dcterms.publisher", "citation_journal_title")
_RIGHTS = ("dc.rights", "dcterms.rights", "dcterms.license", "dc.rights.license", "license")
_KEYWORDS = ("parsely-tags", "news_keywords", "keywords")
_MOST_TAGS = 10  # a longer list of key words is the site's, the same on each of its pages
_TAGGED = re.compile(r"(?:^|[\s_-])(?:tags|tag-links|keywords)(?:$|[\s_-])")
_FOOT = re.compile(r"^footer |\b(?:\w*footer\w*|\w*colophon\w*|\w*copyright\w*|\w*licen[cs]e\w*)\b")


def read_facts(tree: HtmlElement, address: str | None) -> dict[str, Any]:
    """Return the fields of a record that the page states.

    Args:
        tree: The page.
        address: Where it was fetched from, if that is known.
    """
    linked = Linked.read(tree)
    sites = [*metas(tree, _SITES), *linked.texts("publisher")]
    return {
        "title": find_title(tree, linked),
        "authors": find_authors(tree, linked),
        "published": find_published(tree, linked),
        "url": _url(tree, address),
        "publisher": next(iter(sites), None),
        "license": _license(tree, linked),
        "source_tags": _tags(tree, linked),
    }


def _url(tree: HtmlElement, address: str | None) -> str | None:
    """Return the canonical address, else the one that the page was fetched from."""
    links = tree.xpath("//link[contains(concat(' ', @rel, ' '), ' canonical ')]/@href")
    base = read_address(address or "")
    stated = (*links, *metas(tree, ("og:url",)), base or "")
    return next((url for one in stated if (url := read_address(str(one), base))), None)


def _license(tree: HtmlElement, linked: Linked) -> str | None:
    """Return the licence of the page: links elsewhere than in its margins may be a picture's."""
    marked = tree.xpath(
        "//a[contains(concat(' ', @rel, ' '), ' license ')]/@href | //link[@rel='license']/@href"
    )
    margin = [
        node.get("href")
        for node in tree.iter("a")
        if "creativecommons.org/" in node.get("href", "")
        and (inside(node, _FOOT) or inside(node, MARGINS))
        and not inside(node, COMMENTS)
    ]
    stated = (*linked.texts("license"), *metas(tree, _RIGHTS), *marked, *margin)
    return next((name for text in stated if (name := name_license(text))), None)


def _tags(tree: HtmlElement, linked: Linked) -> list[str]:
    """Return the tags as the page prints them, else as it states them for machines."""
    links = tree.xpath("//a[contains(concat(' ', @rel, ' '), ' tag ')]")
    shown = [words(node) for node in links if not inside(node, MARGINS)] or _tagged(tree)
    keywords = [part for text in linked.texts("keywords") for part in text.split(",")]
    named = [part for text in metas(tree, _KEYWORDS)[:1] for part in text.split(",")]
    for found in (shown, metas(tree, ("article:tag",)), keywords, named):
        tags = list(dict.fromkeys(tag for text in found if (tag := one_line(text))))
        if tags and (found is shown or len(tags) <= _MOST_TAGS):
            return tags
    return []


def _tagged(tree: HtmlElement) -> list[str]:
    """Return the links of the first list that is labelled as one of tags."""
    for node in tree.iter("div", "ul", "p", "span", "section", "footer"):
        if not _TAGGED.search(labels(node)) or inside(node, MARGINS):
            continue
        if found := [text for link in node.iter("a") if (text := words(link))]:
            return found
    return []
