"""Whatever records say of themselves: in the words of a release it is words, and no markup."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from lxml import html
from markdown_it import MarkdownIt

from galley.manifest import list_files
from tests.factory import make_corrected, make_record
from tests.unit.releases.conftest import Workshop

_HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=http://evil.example/x onerror=alert(1)>",
    "![x](http://evil.example/y.png)",
    "[x](javascript:alert(1))",
    "x\n---\nlicense: evil\n---\n# Evil\n",
    "| a | b |\n|---|---|",
    "`</code><script>x</script>`",
    "{{ config }}{% raw %}",
    'a: "b\\"\n- !!python/object:os.system [x]',
    "</style><svg onload=alert(1)>",
    "[evil]: http://evil.example\n\n<http://evil.example/z>",
)


def poisoned(number: int, word: str) -> dict[str, Any]:
    """Return a record that says `word` wherever a publisher or a page may say anything."""
    places = ("publisher", "deck", "dateline")
    lists = ("authors", "contributors", "captions", "credits", "source_tags", "listing_tags")
    changes: dict[str, Any] = dict.fromkeys(places, word) | {name: [word] for name in lists}
    changes |= {"tags": [word], "license": word, "url": f"http://x.example/{word}"}
    return make_corrected(number, **changes)


def elements(markdown: str) -> list[Any]:
    """Return what a browser would make of a text in Markdown with markup in it."""
    page = MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown)
    return list(html.fromstring(f"<body>{page}</body>").iter())


@pytest.mark.parametrize("word", _HOSTILE)
def test_words_stay_words(workshop: Workshop, word: str) -> None:
    """The card's head has the keys it always has, and nothing in any text is loaded or run."""
    plain = workshop.cut([make_corrected(1), make_record(2)]).release.path
    keys = set(front(plain.joinpath("README.md").read_text())[0])
    texts = {
        path: plain.joinpath(path).read_text() for path in list_files(plain) if path.endswith(".md")
    }
    for path in plain.parent.iterdir():
        __import__("shutil").rmtree(path) if path.is_dir() else path.unlink()
    folder = workshop.cut([poisoned(1, word), make_record(2)]).release.path
    for path in texts:
        text = folder.joinpath(path).read_text()
        head, body = front(text)
        assert set(head) <= keys
        loading = [
            e for e in elements(body) if e.tag in {"script", "img", "svg", "iframe", "style"}
        ]
        assert loading == [e for e in elements(front(texts[path])[1]) if e.tag in {"script", "img"}]
        for element in elements(body):
            assert not [name for name in element.attrib if name.startswith("on")]
            assert not element.get("href", "").startswith("javascript:")
            assert urlsplit(element.get("href", "")).hostname != "evil.example"
    for path in list_files(folder):
        if path.endswith(".json"):
            json.loads(folder.joinpath(path).read_text())
    citation = yaml.safe_load(folder.joinpath("CITATION.cff").read_text())
    assert citation["cff-version"]


def front(text: str) -> tuple[dict[str, Any], str]:
    """Return the head and the body of a card; of another text an empty head."""
    found = re.match(r"---\n(.*?)\n---\n", text, re.DOTALL)
    return (yaml.safe_load(found[1]), text[found.end() :]) if found else ({}, text)
