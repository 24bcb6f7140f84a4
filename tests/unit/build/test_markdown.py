"""Pages in Markdown, as programs write them that turn HTML into text."""

import time

import pytest

from galley.build.dump.markdown import is_markdown, unmarked
from galley.build.lines import split_lines
from tests.unit.build.pages import read
from tests.unit.build.test_furniture import FOUR, ONE, OTHERS, THREE, TITLE, TWO

NAMES = ["Roads", "Rivers", "Harbours", "Trains", "Log in"]
MENU = [f'  * [{name}](https://quay.example/{name.lower()}-and-all-that "{name}")' for name in NAMES]  # fmt: skip
LINKED = ONE.replace("old bridge", "[old bridge](https://quay.example/bridge_(old))")
BOX = [f"  * [{headline}](https://quay.example/{len(headline)})" for headline in OTHERS]


def page(*body: str, head: str = f"# {TITLE}") -> str:
    """Return a page in Markdown with an article between menus."""
    menu = "\n".join(MENU)
    box = "\n".join(BOX)
    text = "\n\n".join(body)
    return f"[The Quay](/)\n\n{menu}\n\n{head}\n\nBy Ann Lee\n\n{text}\n\n### Related\n\n{box}\n"


@pytest.mark.parametrize(
    "head",
    [
        f"# {TITLE}",
        f"# **{TITLE}**",
        f"## [{TITLE}](/bridge)",
        f"{TITLE}\n=====",
        f"# The Quay\n\n## News\n\n# {TITLE} #",
    ],
)
def test_an_article(head: str) -> None:
    """The title stands without its signs, the text as the page has it, and all is covered."""
    raw = page(LINKED, "## A free ferry", TWO, "![The ferry](/ferry.jpg)", THREE, FOUR, head=head)
    (record,) = read(raw, "page.md.txt").records
    assert record["title"] == TITLE
    assert record["text"].split("\n\n") == [LINKED, "A free ferry", TWO, THREE, FOUR]
    assert [record["text"][slice(*span.values())] for span in record["subheads"]] == [
        "A free ferry"
    ]


def test_signs_are_accounted_for() -> None:
    """What is between the slices and no white space is boilerplate, to the byte."""
    raw = page(LINKED, "## A free ferry", TWO, THREE)
    found = read(raw, "page.md.txt")
    parts = {row["part"]: set() for row in found.account}
    for row in found.account:
        parts[row["part"]].add(raw.encode()[row["byte_start"] : row["byte_end"]].decode().strip())
    assert parts["whitespace"] == {""}
    assert "##" in parts["boilerplate"]
    assert all("##" not in piece for piece in parts["subhead"])


def test_tags_in_links() -> None:
    """Tags are what their links say."""
    tags = "Tags: [Bridges](/tag/bridges), [Public works](/tag/works)"
    (record,) = read(page(ONE, TWO, THREE, tags), "page.md.txt").records
    assert record["source_tags"] == ["Bridges", "Public works"]


@pytest.mark.parametrize(
    "text",
    [
        f"{TITLE}\n\n# Name: Fine Fabric\n\n# Level: 78\n\n# Reward: none\n\n{ONE}",
        f"#news\n#roads\n\n{ONE}\n\n# 1",
        f"{TITLE}\n\n{ONE} [1](see below)",
        "[a] (b)\n\n[c] (d)\n\n[e] (f)",
    ],
)
def test_other_pages_stay(text: str) -> None:
    """Lists with number signs, hashtags and brackets make no page one in Markdown."""
    lines = split_lines(text)
    assert not is_markdown(lines)
    assert unmarked(lines) is lines


@pytest.mark.parametrize("sign", ["[a](", "[[a]", "![", "*a ", '[a](b "', "\\[", "[x [y](u)](v) "])  # fmt: skip
def test_broken_signs_take_no_time(sign: str) -> None:
    """A line of signs without an end is read in a time that grows as it does."""
    lines = split_lines("\n\n".join(["[a](b)", "[a](b)", "[a](b)", sign * 60_000]))
    start = time.process_time()
    assert unmarked(lines)
    assert time.process_time() - start < 2
