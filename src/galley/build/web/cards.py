"""Web pages that list articles: a front page, a section, a blog.

Each article of a list has an element of its own, headed by a link to its page. A single article
may stand among such cards too, as what else there is to read: then most of the text is not theirs.
"""

from collections.abc import Iterator
from itertools import islice

from lxml.html import HtmlElement

_LEAST = 2  # cards of a list
_MOST = 100  # cards and paragraphs that are looked at
_SHARE = 0.6  # of the running text that stands in cards
_OWN = 0.75  # of that, from which one card alone is the article
_SHORT = 20  # characters: "Read more" stands in every card
_HEADINGS = tuple(f"h{level}" for level in range(1, 7))


def find_cards(tree: HtmlElement) -> list[str]:
    """Return the text of each element that holds one article of a list, white space aside."""
    cards = {address: node for node in tree.iter("article") for address in _addresses(node)}
    distinct = {id(node): node for node in cards.values()}
    return [_words(node) for node in islice(distinct.values(), _MOST)]


def is_listing(cards: list[str], text: str) -> bool:
    """Return whether the running text of a page is that of several of its cards."""
    if len(cards) < _LEAST:
        return False
    sizes = [0] * len(cards)
    every = 0
    for paragraph in text.split("\n\n", _MOST)[:_MOST]:
        words = "".join(paragraph.split())
        if len(words) < _SHORT:
            continue
        every += len(words)
        number = next((n for n, card in enumerate(cards) if words in card), None)
        if number is not None:
            sizes[number] += len(words)
    return sum(sizes) > _SHARE * every and max(sizes) < _OWN * sum(sizes)


def _addresses(node: HtmlElement) -> Iterator[str]:
    """Yield where the heading of a card leads, if it is one: no other stands in it."""
    if node.find(".//article") is not None:
        return
    for heading in node.iter(*_HEADINGS):
        for link in (*heading.iter("a"), *heading.iterancestors("a")):
            address = (link.get("href") or "").partition("#")[0]
            if address:
                yield address
                return


def _words(node: HtmlElement) -> str:
    return "".join(node.text_content().split())
