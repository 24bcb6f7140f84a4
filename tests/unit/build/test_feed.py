"""Feeds: every entry that is whole is an article, every other is quarantined."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from galley.build.extract import extract
from galley.build.extraction import Extraction
from galley.build.identity import keys_of
from galley.build.source import Source
from galley.schema.check import Checker
from galley.schema.contract import Contract

CHECKER = Checker(Contract.default())
CONTENT = (
    "<p>The quay &amp; the mole were closed on Monday.</p><h2>Why</h2><p>A <i>whale</i> came.</p>"
)
TEXT = "The quay & the mole were closed on Monday.\n\nWhy\n\nA whale came."
RSS = f"""<?xml version="1.0" encoding="ENCODING"?>
<!-- <item> is no entry here -->
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:cc="http://backend.userland.com/creativeCommonsRssModule">
<channel><title>The Café &amp;amp; Quay</title><link>https://quay.example/</link><language>en-gb</language>
<managingEditor>boss@quay.example (The Boss)</managingEditor>
<item><title>A whale &amp;amp; a quay</title><link>https://quay.example/1</link>
<description>In short.</description><content:encoded><![CDATA[{CONTENT}]]></content:encoded>
<pubDate>Mon, 06 May 2024 10:00 +0200</pubDate><dc:creator>Ann Lee</dc:creator>
<category>Whales</category><category><![CDATA[Quays &amp; moles]]></category>
<cc:license>http://creativecommons.org/licenses/by-sa/4.0/</cc:license></item>
<item><title>Second</title><guid>https://quay.example/2</guid><author>bob@quay.example (Bob Roe)</author>
<description>Plain café text.

Another paragraph.</description></item>
<item><title>Nothing to read</title></item>
</channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
<title type="html">The &lt;b&gt;Mole&lt;/b&gt;</title><author><name>The desk</name></author>
<rights>https://creativecommons.org/licenses/by/4.0/.</rights>
<entry><title>One</title><id>urn:1</id><link href="https://mole.example/1"/>
<link rel="enclosure" href="https://mole.example/1.mp3"/><published>2024-05-03</published>
<updated>2024-05-06T10:00:00Z</updated><category term="sea" label="The sea"/><category term="sea air"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{CONTENT}</div></content>
<summary>In short.</summary></entry>
<entry><title>Two</title><id>urn:2</id><updated>2024-05-06T10:00:00.5+02:00</updated>
<author><name>Bob Roe</name></author><contributor><name>Cy Poe</name></contributor>
<content type="text">Mojibake stays: cafÃ©.</content></entry></feed>"""


def read(text: str, encoding: str = "utf-8", **known: Any) -> Extraction:
    """Read a feed, and check that every byte has its place."""
    data = text.replace("ENCODING", encoding).encode(encoding)
    return covered(data, extract("feed.xml", data, source=Source("test", **known), checker=CHECKER))


def covered(data: bytes, found: Extraction) -> Extraction:
    """Check that the account's rows cover `data` once."""
    position = 0
    for row in found.account:
        assert row["byte_start"] == position < row["byte_end"]
        position = row["byte_end"]
    assert position == len(data)
    return found


def reasons(found: Extraction) -> list[str]:
    """Return why things were quarantined, in order."""
    return [entry["reason"] for entry in found.quarantine]


def test_rss() -> None:
    """What an item says of its article becomes the fields of a record."""
    first, second = read(RSS).records
    assert (first["title"], first["text"]) == ("A whale & a quay", TEXT)
    assert [first["text"][s["start"] : s["end"]] for s in first["subheads"]] == ["Why"]
    assert (first["publisher"], first["url"]) == ("The Café & Quay", "https://quay.example/1")
    assert (first["published"], first["license"]) == ("2024-05-06T10:00+02:00", "CC-BY-SA-4.0")
    assert first["source_tags"] == ["Whales", "Quays & moles"]
    assert (first["authors"], second["authors"]) == (["Ann Lee"], ["Bob Roe"])
    assert second["text"] == "Plain café text.\n\nAnother paragraph."
    assert (second["url"], second["published"]) == ("https://quay.example/2", None)


def test_atom() -> None:
    """The same for Atom; what only the feed says holds for its entries."""
    one, two = read(ATOM).records
    assert (one["text"], one["publisher"], one["license"]) == (TEXT, "The Mole", "CC-BY-4.0")
    assert (one["url"], one["published"]) == ("https://mole.example/1", "2024-05-03")
    assert (one["authors"], two["authors"]) == (["The desk"], ["Bob Roe"])
    assert (one["source_tags"], two["contributors"]) == (["The sea", "sea air"], ["Cy Poe"])
    assert two["text"] == "Mojibake stays: cafÃ©."
    assert two["published"] == "2024-05-06T10:00:00.5+02:00"  # the only date there is
    assert two["language"] == "en"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252", "cp437"])
def test_byte_range(encoding: str) -> None:
    """An entry's bytes are those of its element, in every encoding."""
    data = RSS.replace("ENCODING", encoding).encode(encoding)
    for record in read(RSS, encoding).records:
        source = record["sources"][0]
        element = data[source["byte_start"] : source["byte_end"]].decode(source["encoding"])
        assert re.fullmatch(r"<item>.*</item>", element, re.DOTALL)
        assert record["title"].split()[0] in element


def test_entry_without_text() -> None:
    """It is quarantined, for its own bytes."""
    found = read(RSS)
    assert reasons(found) == ["entry_no_text"]
    (entry,) = found.quarantine
    element = RSS.replace("ENCODING", "utf-8").encode()[entry["byte_start"] : entry["byte_end"]]
    assert element == b"<item><title>Nothing to read</title></item>"


@pytest.mark.parametrize(
    ("old", "new", "titles", "expected"),
    [
        ("Plain", "AT&T", ["A whale & a quay"], ["feed_malformed", "entry_no_text"]),
        ("Plain", "<br>", ["A whale & a quay"], ["feed_malformed", "entry_no_text"]),
        ("Plain", "\x08", ["A whale & a quay"], ["feed_malformed", "entry_no_text"]),
        ("Plain", "<x:y/>", ["A whale & a quay"], ["feed_malformed", "entry_no_text"]),
        ("Plain", "&nbsp;", ["A whale & a quay"], ["feed_malformed", "entry_no_text"]),
        ("]]></content", "</content", ["Second"], ["feed_malformed", "entry_no_text"]),
        ("</rss>", "", ["A whale & a quay", "Second"], ["entry_no_text", "feed_malformed"]),
        ("<?xml", "\n<?xml", ["A whale & a quay", "Second"], ["feed_malformed", "entry_no_text"]),
        ("</item>\n</channel>", "\n", ["A whale & a quay", "Second"], ["feed_malformed"]),
    ],
)
def test_malformed(old: str, new: str, titles: list[str], expected: list[str]) -> None:
    """What is whole is read as if nothing were broken, what is not says so."""
    found = read(RSS.replace(old, new, 1))
    assert [record["title"] for record in found.records] == titles
    assert reasons(found) == expected
    assert all(record["publisher"] == "The Café & Quay" for record in found.records)


def test_entities_of_a_document_type() -> None:
    """RSS 0.91 has a document type that names characters; it is not fetched."""
    doctype = '<!DOCTYPE rss SYSTEM "http://localhost:9/rss-0.91.dtd">'
    text = "<rss version='0.91'><channel><item><title>T</title><description>Caf&eacute; &amp; bar</description></item></channel></rss>"
    (record,) = read(doctype + text).records
    assert record["text"] == "Café & bar"


def test_entities_that_explode() -> None:
    """A feed that grows when it is read is no feed."""
    bombs = "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10}">' for n in range(1, 12))
    head = f'<!DOCTYPE rss [<!ENTITY b0 "{"x" * 1000}">{bombs}]>'
    found = read(
        f"{head}<rss><channel><item><title>T</title><description>&b11;</description></item></channel></rss>"
    )
    assert (found.records, set(reasons(found))) == ([], {"feed_malformed"})


def test_no_entries() -> None:
    """A feed without entries is quarantined whole; so is one that cannot be read at all."""
    assert reasons(read("<rss><channel><title>T</title></channel></rss>")) == ["feed_empty"]
    assert reasons(read("<rss><channel><title>T</channel></rss>")) == ["feed_malformed"]


LONG = "The ferry to the island stops for the winter and nobody can say yet when it will be back"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Some words.", "Some words."),
        ("A whale\n\nIt came at noon.", "A whale"),
        ("It came at noon. " + LONG * 3, "It came at noon."),
        (f"{LONG}, the harbour said. It is cold.", f"{LONG}, the"),
        ("雪" * 300, "雪" * 100),
        ("雪クシ" + "\u0915\u094d\u0937\u093f" * 40, "雪クシ" + "\u0915\u094d\u0937\u093f" * 24),
    ],
)
def test_a_note_is_named_by_its_beginning(text: str, title: str) -> None:
    """It has no title: its text stays whole, and the layout says where the title is from."""
    found = read(f"<rss><channel><item><description>{text}</description></item></channel></rss>")
    (record,) = found.records
    assert record["title"] == title
    assert " ".join(record["text"].split()) == " ".join(text.split())
    assert record["sources"][0]["layout"] == "note"


def test_a_title_that_came_later_changes_no_id() -> None:
    """A note is known by its link, as any other entry."""
    item = "<rss><channel><item>{}<link>https://quay.example/7</link><description>It came.</description></item></channel></rss>"
    (note,) = read(item.format("")).records
    (named,) = read(item.format("<title>A whale</title>")).records
    assert note["title"] == "It came."
    assert named["sources"][0]["layout"] == "feed"
    assert keys_of(note).url == keys_of(named).url


NAMES = """xmlns:media="http://search.yahoo.com/mrss/" xmlns:dcterms="http://purl.org/dc/terms/"
 xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:a="http://www.w3.org/2005/Atom" """


def entry(inner: str) -> str:
    """Return a feed with one entry."""
    return f"<rss version='2.0' {NAMES}><channel><item>{inner}</item></channel></rss>"


@pytest.mark.parametrize(
    "stated",
    [
        "<media:title>A whale</media:title><description>It came.</description>",
        "<media:content><media:title>A whale</media:title></media:content><description>It came.</description>",
        "<itunes:title>A whale</itunes:title><description>It came.</description>",
        "<dcterms:title>A whale</dcterms:title><description>It came.</description>",
        "<description>&lt;h2&gt;A whale&lt;/h2&gt;&lt;p&gt;It came.&lt;/p&gt;</description>",
        '<a:link rel="enclosure" href="https://quay.example/1.mp3" title="A whale"/><description>It came.</description>',
    ],
)
def test_title_in_another_place(stated: str) -> None:
    """Where an entry has no title of its own, what it says in its place is one, and no text."""
    (record,) = read(entry(stated)).records
    assert (record["title"], record["text"]) == ("A whale", "It came.")


def test_a_lone_heading_is_the_text() -> None:
    """What is all that an entry says is its text, by which the note is named."""
    (record,) = read(entry("<description>&lt;h2&gt;A whale&lt;/h2&gt;</description>")).records
    assert (record["title"], record["text"]) == ("A whale", "A whale")
    assert record["sources"][0]["layout"] == "note"


@pytest.mark.parametrize(
    "stated", ["media:description", "itunes:summary", "itunes:subtitle", "dcterms:abstract"]
)
def test_text_in_another_place(stated: str) -> None:
    """Where an entry has neither content nor description, its abstract is the text."""
    (record,) = read(entry(f"<title>A whale</title><{stated}>It came.</{stated}>")).records
    assert record["text"] == "It came."


def test_markup_is_no_text() -> None:
    """Scripts are left out, captions are captions, and nothing is lost around them."""
    html = "One<script>alert(1)</script><br/>two<figure><figcaption>A pier</figcaption></figure>three<ul><li>four</ul>"
    found = read(
        f"<rss><channel><item><title>T</title><description><![CDATA[{html}]]></description></item></channel></rss>"
    )
    (record,) = found.records
    assert (record["text"], record["captions"]) == ("One\ntwo\n\nthree\n\nfour", ["A pier"])


@given(st.integers(0, len(RSS)), st.text(max_size=5), st.integers(0, 40))
@settings(max_examples=150)
def test_damage(place: int, inserted: str, removed: int) -> None:
    """Whatever is done to a feed, no byte is lost and no entry is made up."""
    damaged = RSS[:place] + inserted + RSS[place + removed :]
    data = damaged.replace("ENCODING", "utf-8").encode("utf-8", "surrogatepass")
    source = Source("test", format="feed")
    found = covered(data, extract("feed.xml", data, source=source, checker=CHECKER))
    assert len(found.records) <= damaged.count("<item") + 1


@given(st.binary(max_size=300))
@settings(max_examples=150)
def test_rubbish(data: bytes) -> None:
    """Random bytes are covered or refused."""
    source = Source("test", format="feed")
    for rubbish in (data, b"<rss><channel><item>" + data):
        found = covered(rubbish, extract("feed.xml", rubbish, source=source, checker=CHECKER))
        assert found.quarantine
