"""Articles on pages, in the two layouts that Galley reads from text dumps."""

from collections.abc import Iterable

from benchmarks.article import Article
from benchmarks.tongue import Tongue

_PARAGRAPH = 4  # sentences


def listing(tag: str, articles: Iterable[Article]) -> str:
    """Return the page of a tag: title, running text in one line, tags, title and so on."""
    lines = [f"Tag - {tag}", ""]
    for article in articles:
        lines += [article.title, article.body(), *article.tags]
    return "\n".join(lines) + "\n"


def page(article: Article, other: str) -> str:
    """Return an article with its site around it.

    Args:
        article: What the page is about.
        other: The title of an article that the page points to.
    """
    tongue = article.tongue
    around = tongue.lines
    head = [article.title, article.title, f"{around['home'][0]} › {article.title}"]
    paragraphs = [
        " ".join(article.sentences[start : start + _PARAGRAPH])
        for start in range(0, len(article.sentences), _PARAGRAPH)
    ]
    paragraphs.insert(len(paragraphs) // 2, f"{around['more'][0]}: {other}")
    parts = [*head, *around["above"], *paragraphs, site(tongue), *around["below"]]
    return "\n\n".join(parts) + "\n"


def site(tongue: Tongue) -> str:
    """Return the name of the site that has all pages of a language."""
    return f"{tongue.names[0]} {tongue.names[1]}"


def broken(number: int, text: str) -> bytes:
    """Return a file that cannot be read: empty, with NUL, or cut inside of its characters."""
    data = text.encode("utf-8")
    kinds = (b" \n", data[:2000] + b"\0" + data[2000:4000], _garbled(data[:4000]))
    return kinds[number % len(kinds)]


def _garbled(data: bytes) -> bytes:
    """Return text of no encoding: bytes that neither UTF-8 nor any legacy encoding has."""
    places = range(0, len(data), 50)
    return b"".join(data[place : place + 50] + b"\x81\xff\x8d\xfe\x00"[:4] for place in places)
