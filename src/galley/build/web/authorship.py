"""Who wrote the article of a web page."""

import re
from collections.abc import Iterator
from functools import cache

from lxml.html import HtmlElement

from galley.build.dump import lexicon
from galley.build.web.headline import plain
from galley.build.web.linked import Linked
from galley.build.web.markup import MARGINS, inside, labels, metas, words

_STATED = ("parsely-author", "author", "article:author")
_CATALOGUE = ("citation_author", "dc.creator", "dcterms.creator")
_BYLINE = re.compile(
    r"(?:^|[\s_-])(?:byline|author|p-author|(?:post|entry|article)[-_]author|author[-_]name)"
    r"(?:$|\s|[-_]name)"
)
# What no name holds: addresses, numbers, several things in one.
_STRANGE = re.compile(r"[@/\\|:\[\]<>]|\d{3}|https?| - ")
_LONGEST = 60  # code points of a name


def find_authors(tree: HtmlElement, linked: Linked) -> list[str]:
    """Return the names of the most certain place that has any, in order."""
    for place in (linked.texts("author"), _shown(tree), metas(tree, _STATED)):
        names = [name for text in place for name in read_names(text)]
        if names:
            return list(dict.fromkeys(names))
    # A catalogue writes `Lee, Ann`: its comma does not part two names.
    return list(dict.fromkeys(name for name in metas(tree, _CATALOGUE) if read_names(name)))


def read_names(text: str) -> list[str]:
    """Return the names in a byline; none if it holds anything else.

    Example:
        >>> read_names("Written by Ann Lee and Bo Ek")
        ['Ann Lee', 'Bo Ek']
    """
    bare = _prefix().sub("", text).strip(" ,;|")
    names = [name.strip() for part in bare.split(";") for name in lexicon.split_names(part)]
    if any(_STRANGE.search(name) or len(name.split()) > 5 for name in names):
        return []
    return [name for name in names if plain(name) and len(name) <= _LONGEST]


@cache
def _prefix() -> re.Pattern[str]:
    """Return the pattern of what stands before the names: `By`, `Geschrieben von`."""
    verbs, before = ("|".join(lexicon.words(key)) for key in ("byline_verb", "byline"))
    name = r"(?!(?:de|di|von|af|av) \S+$)"  # the particle of a name, not a word before one
    return re.compile(rf"^(?:(?:{verbs})\s+)?{name}(?:(?:{before})[:\s]+)+", re.IGNORECASE)


def _shown(tree: HtmlElement) -> Iterator[str]:
    """Yield what the page shows as the author: a link of that meaning, else a byline.

    The first in the page is the article's; those of teasers and readers' comments follow.
    """
    links = tree.xpath("//a[contains(concat(' ', @rel, ' '), ' author ')]")
    named = tree.xpath(
        "//*[@itemprop='author']//*[@itemprop='name'] | //*[@itemprop='author'][not(*)]"
    )
    for nodes in (links, named, _labelled(tree)):
        for node in nodes:
            if read_names(words(node)) and not inside(node, MARGINS):
                yield words(node)
                return


def _labelled(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the bylines: of each the links in it, where it has some."""
    for node in tree.iter("a", "span", "p", "div", "address", "cite", "li"):
        if _BYLINE.search(labels(node)):
            yield from node.findall(".//a") or [node]
