"""What a page says of its article in JSON-LD, by the words of schema.org."""

import html
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml.html import HtmlElement

from galley.build.nesting import load_json
from galley.build.web.markup import one_line

_WRAP = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$")
_ARTICLE = re.compile(r"Article$|Posting$|^Report$|^CreativeWork$")
_MOST = 5000  # things that one page may describe


@dataclass(frozen=True, slots=True)
class Linked:
    """The article's description, and the things it refers to by name.

    Attributes:
        article: The properties of the page's article; empty if it describes none.
        things: All that the page describes, by `@id`.
    """

    article: dict[str, Any] = field(default_factory=dict)
    things: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def read(cls, tree: HtmlElement) -> "Linked":
        """Read the JSON-LD of a page; what is broken is passed over."""
        found = [thing for script in _scripts(tree) for thing in _things(script)][:_MOST]
        named = [thing for thing in found if isinstance(thing.get("@id"), str)]
        things: dict[str, dict[str, Any]] = {}
        for thing in named:
            things[thing["@id"]] = things.get(thing["@id"], {}) | thing
        articles = [thing for thing in found if _is_article(thing)]
        # Teasers are described too, with less: the page's own has the most to say.
        return cls(max(articles, key=len, default={}), things)

    def texts(self, key: str) -> list[str]:
        """Return the strings, or the names of the things, under `key`, in order."""
        value = self.article.get(key)
        values = value if isinstance(value, list) else [value]
        return [text for value in values if (text := self._name(value))]

    def _name(self, value: Any) -> str | None:
        if isinstance(value, dict):
            known = self.things.get(str(value.get("@id")), {}) | value
            value = known.get("name") or known.get("url")
        if isinstance(value, list):
            value = next(iter(value), None)
        return one_line(html.unescape(value)) if isinstance(value, str) else None


def _scripts(tree: HtmlElement) -> Iterator[Any]:
    for node in tree.iter("script"):
        if (node.get("type") or "").split(";")[0].strip().lower() != "application/ld+json":
            continue
        try:
            yield load_json(_WRAP.sub("", node.text or ""), strict=False)
        except ValueError:
            continue


def _things(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects in `value`, outer ones first."""
    waiting = deque([value])
    while waiting:
        value = waiting.popleft()
        if isinstance(value, dict):
            yield value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _is_article(thing: dict[str, Any]) -> bool:
    kinds = thing.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and _ARTICLE.search(kind) for kind in kinds)
