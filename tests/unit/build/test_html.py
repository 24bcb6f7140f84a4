"""Web pages: their text, and what they say of it."""

import gzip
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import trafilatura
from hypothesis import given, settings
from hypothesis import strategies as st

from galley.build.reasons import find_reason
from tests.unit.build.pages import PROSE, page, read, record

_TOKEN = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af\u0e00-\u0eff\u1780-\u17ff]|\w+")


@pytest.mark.parametrize("language", PROSE)
def test_the_text_is_the_paragraphs(language: str) -> None:
    """In any language: every paragraph, verbatim, nothing of what stands around them."""
    found = record(page("A title", language=language))
    assert found["text"] == "\n\n".join(PROSE[language])
    assert (found["title"], found["language"]) == ("A title", language)


@pytest.mark.parametrize(
    ("language", "encoding"),
    [("ru", "windows-1251"), ("ru", "koi8-r"), ("ja", "shift_jis"), ("ja", "euc-jp"),
     ("ar", "windows-1256"), ("de", "iso-8859-1")],
)  # fmt: skip
def test_a_page_is_decoded_as_it_declares(language: str, encoding: str) -> None:
    """Other encodings than UTF-8 are read where the page names them."""
    text = page("Title", language=language, head=f'<meta charset="{encoding}">')
    found = record(text.translate(str.maketrans("„“«»—", '""""-')).encode(encoding))
    assert found["text"].startswith(PROSE[language][0])
    assert found["sources"][0]["encoding"] not in {"utf-8", "ascii"}


def test_a_page_in_utf16_is_read() -> None:
    """A byte order mark decides."""
    found = record("\ufeff".encode("utf-16-le") + page("Title").encode("utf-16-le"))
    assert (found["title"], found["sources"][0]["encoding"]) == ("Title", "utf-16-le")


def test_subheads_are_marked_and_the_title_is_no_text() -> None:
    """The heading of the article is left out; those below it are spans of the text."""
    body = f"<h2>What comes next</h2><p>{PROSE['en'][0]}</p>"
    found = record(page("Winter", body=body))
    spans = [found["text"][span["start"] : span["end"]] for span in found["subheads"]]
    assert spans == ["What comes next"]
    assert "Winter" not in found["text"].split("\n\n")


@pytest.mark.parametrize(
    "line",
    [
        "Unless otherwise stated, the content of this site is licensed under CC BY 4.0.",
        "Sofern nicht anders angegeben, stehen Inhalte dieser Website unter CC BY.",
        "All rights reserved.",
    ],
)
def test_the_rights_of_a_site_are_no_text(line: str) -> None:
    """What a site says of its rights below an article is none of it; in its midst it stays."""
    found = record(page("A title", body=f"<p>{line}</p>"))
    assert found["text"] == "\n\n".join(PROSE["en"])
    found = record(page("A title", body=f"<p>{line}</p><p>{PROSE['en'][0]} Again.</p>"))
    assert line in found["text"]


def test_line_breaks_stay() -> None:
    """A `br` ends a line; the line ends of the page's source mean nothing."""
    verse = "<p>The ice that held<br>the boats all night<br>is gone before\nthe morning light.</p>"
    text = record(page("Verse", body=verse))["text"]
    assert text.endswith(
        "The ice that held\nthe boats all night\nis gone before the morning light."
    )


@pytest.mark.parametrize(
    ("head", "heading", "title"),
    [
        ("<title>Ice on the quay – The Quay</title>", "<h1>The Quay</h1><h2>Ice on the quay</h2>", "Ice on the quay"),
        ("<title>The Quay » Ice on the quay</title>", '<h1><a href="/">The Quay</a></h1><h2>Ice on the quay</h2>', "Ice on the quay"),
        ("<title>Ice: a report | The Quay</title>", "<div class='page-title'>Ice: a report</div>", "Ice: a report"),
        ('<title>x</title><meta property="og:title" content="Ice - The Quay"><meta property="og:site_name" content="The Quay">', "", "Ice"),
        ("<title>Seven reasons to stay in</title>", "<h1>Ice holds <br>the harbour</h1>", "Ice holds the harbour"),
        ("<title>News – Ice on the quay – The Quay</title>", "<h3>News</h3><h2>Ice on the quay</h2>", "Ice on the quay"),
        ("<title>Ice on the quay | The Quay</title>", "", "Ice on the quay"),
    ],
)  # fmt: skip
def test_the_title_has_no_site_name(head: str, heading: str, title: str) -> None:
    """What the browser's title and a heading both say is the title."""
    prose = "".join(f"<p>{text}</p>" for text in PROSE["en"])
    assert (
        record(f"<html><head>{head}</head><body>{heading}{prose}</body></html>")["title"] == title
    )


_LINKED = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "Person", "@id": "#1", "name": "Ann Lee"},
        {"@type": "WebSite", "name": "A site", "publisher": {"name": "Nobody"}},
        {
            "@type": ["NewsArticle"],
            "headline": "Winter",
            "author": [{"@id": "#1"}, {"name": "Bo O&#39;Ek"}],
            "datePublished": "2024-05-03T14:05:00+0200",
            "publisher": {"@type": "Organization", "name": "The Quay Press"},
            "license": "https://creativecommons.org/licenses/by-sa/4.0/",
            "keywords": "ice, harbour,  ferries",
        },
    ],
}


def test_linked_data_is_read() -> None:
    """What JSON-LD says of the article is in the record, references resolved."""
    head = f'<script type="application/ld+json">{json.dumps(_LINKED)}</script>'
    found = record(page("Winter", head=head))
    assert found["authors"] == ["Ann Lee", "Bo O'Ek"]
    assert found["published"] == "2024-05-03T14:05:00+02:00"
    assert found["publisher"] == "The Quay Press"
    assert (found["license"], found["source_tags"]) == (
        "CC-BY-SA-4.0",
        ["ice", "harbour", "ferries"],
    )


@pytest.mark.parametrize("broken", ["{", "[" * 5000, "null", '{"@type": "Article", "author": 7}'])
def test_broken_linked_data_is_passed_over(broken: str) -> None:
    """A page is read though its JSON-LD cannot be."""
    found = record(page("Winter", head=f'<script type="application/ld+json">{broken}</script>'))
    assert (found["title"], found["authors"]) == ("Winter", [])


def test_what_the_page_shows_is_read() -> None:
    """Byline, date, tags and licence, as people see them."""
    body = (
        '<p class="byline">Written by Ann Lee and Bo Ek</p><time pubdate datetime="2024-05-03">3 May</time>'
        '<a rel="category tag" href="/n">News</a> <a rel="tag" href="/i">Ice</a>'
        '<a rel="license" href="http://creativecommons.org/licenses/by/3.0/at/">CC</a>'
    )
    found = record(page("Winter", body=body))
    assert (found["authors"], found["published"]) == (["Ann Lee", "Bo Ek"], "2024-05-03")
    assert (found["source_tags"], found["license"]) == (["News", "Ice"], "CC-BY-3.0-AT")


def test_the_labels_of_page_builders_do_no_harm() -> None:
    """Their wrappers are called widgets, and say of the article that it has a sidebar."""
    byline = '<span class="elementor-widget byline">By Ann Lee</span><a rel="tag" href="/i">Ice</a>'
    whole = page("Winter", body=byline).replace(
        "<main>", '<main class="elementor-widget has-sidebar">'
    )
    found = record(whole)
    assert (found["title"], found["authors"], found["source_tags"]) == (
        "Winter",
        ["Ann Lee"],
        ["Ice"],
    )


def test_nothing_is_invented() -> None:
    """What the page does not say stays null: no host as publisher, no day from the comments."""
    comments = (
        '<div class="comments"><p>Ann Lee says on 3 May 2023: a fine piece of work, thank you.</p>'
        '<time datetime="2023-05-03">3 May</time><a rel="author" href="/a">Ann Lee</a></div>'
    )
    found = record(page("Winter", body=comments, head='<meta name="author" content="a@b.example">'))
    for name in ("published", "publisher", "url", "license", "deck", "dateline"):
        assert found[name] is None, name
    assert (found["authors"], found["source_tags"]) == ([], [])


def test_the_page_is_asked_before_the_configuration() -> None:
    """`sources` says which facts came from sources.toml."""
    head = '<meta property="og:site_name" content="The Quay">'
    found = record(page("Winter", head=head), publisher="Other", license="CC0-1.0")
    assert (found["publisher"], found["license"]) == ("The Quay", "CC0-1.0")
    assert found["sources"][0]["configured"] == ["license"]


@pytest.mark.parametrize(
    ("content", "published"),
    [("2024-05", "2024-05"), ("2024", "2024"), ("2024-05-03 14:05", "2024-05-03T14:05"),
     ("Fri, 03 May 2024 14:05:00 GMT", "2024-05-03T14:05:00Z"), ("2024-13-01", None)],
)  # fmt: skip
def test_a_date_keeps_its_precision(content: str, published: str | None) -> None:
    """A month stays a month."""
    head = f'<meta property="article:published_time" content="{content}">'
    assert record(page("Winter", head=head))["published"] == published


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("<html><frameset><frame src='a'></frameset></html>", "not_html"),
        ("<html><head><title>Links</title></head><body></body></html>", "no_text"),
        ("<html><body>" + "".join(f"<p>{text}</p>" for text in PROSE["en"]) + "</body></html>", "no_title"),
        ("<html><body>" + "<div>" * 50_000 + "deep", "too_large"),
        ("<html><body>" + "<b>a</b>" * 210_000, "too_large"),
        ("<html><title>a</title><body>\0</body></html>", "binary"),
    ],
)  # fmt: skip
def test_a_page_without_article_is_quarantined(data: str, reason: str) -> None:
    """Whole, with a reason that is described, and the rules that refused it."""
    found = read(data)
    assert (found.records, [entry["reason"] for entry in found.quarantine]) == ([], [reason])
    assert find_reason(reason) is not None
    assert reason == "binary" or found.quarantine[0]["extractor"].startswith("html/4 ")


def test_stray_control_characters_do_no_harm() -> None:
    """What a browser passes over is no reason to refuse a page."""
    found = record(
        page("Win\x08ter&#8;", body="<p>" + "And \x0cso \x1bit goes &#xfffe;on, all day. " * 3)
    )
    assert found["title"] == "Winter"
    assert "And so it goes on, all day." in found["text"]


_SOUP = st.lists(
    st.sampled_from(["<p>", "</p>", "<div class='comment'>", "</div>", "<h1>", "<a rel=tag href=//[>", "<br>", "<li>",
                     "<table><tr><td>", "<script type='application/ld+json'>", "</script>", "<time datetime=2024-01-01>",
                     "<!--", "-->", "<![CDATA[", "&#0;", "&#x1F600;", "<svg>", "<title>", "<meta name=author content='", "'>"])
    | st.text(max_size=20) | st.sampled_from([text for prose in PROSE.values() for text in prose]),
    max_size=40,
).map("".join)  # fmt: skip


@given(_SOUP)
@settings(max_examples=150)
def test_any_soup_of_tags_is_accounted_for(soup: str) -> None:
    """Whatever a page holds, it is read or quarantined, and every subhead is in the text."""
    found = read(f"<html><head><title>Soup</title></head><body>{soup}".encode("utf-8", "replace"))
    assert len(found.records) + len(found.quarantine) == 1
    for one in found.records:
        assert all(one["text"][span["start"] : span["end"]].strip() for span in one["subheads"])


@given(st.binary(max_size=200))
@settings(max_examples=150)
def test_any_bytes_in_a_page_are_accounted_for(data: bytes) -> None:
    """Bytes that are no text are quarantined."""
    read(b"<html><title>Bytes</title><body>" + data)


def test_the_open_samples_are_read_at_least_as_well_as_by_trafilatura(SHARED: Path) -> None:
    """Must-contain strings all, titles equal, nothing more of the rest than trafilatura leaves."""
    folder = SHARED / "samples" / "web_pages_cc"
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name, gold in manifest.items():
        data = (folder / "html" / f"{name}.html").read_bytes()
        found = record(data)
        text, title = _flat(found["text"]), _flat(found["title"])
        assert [part for part in gold["must_contain"] if _flat(part) not in text] == [], name
        plain = _flat(trafilatura.extract(data) or "")
        left = [part for part in gold["must_not_contain"] if _flat(part) in text]
        assert all(_flat(part) in plain for part in left), name
        # One title in the manifest is in another case than anywhere on its page.
        assert not gold["title"] or title.casefold() == _flat(gold["title"]).casefold(), name


def test_a_news_page_is_read_like_its_ground_truth(SHARED: Path) -> None:
    """The text, title, author, day and topics of a page of the Voice of America."""
    folder = SHARED / "samples" / "voa_public_domain"
    gold = json.loads(
        (folder / "textdump_us_VoiceOfAmerica_2024_04_28.json").read_text(encoding="utf-8")
    )
    found = record(gzip.decompress((folder / "VoiceOfAmerica_2024_04_28.html.gz").read_bytes()))
    assert _f1(found["text"], "\n".join(gold["paragraphs"])) >= 0.99
    assert found["title"] == gold["title"].strip()
    assert (found["authors"], found["source_tags"]) == (gold["authors"], gold["topics"])
    assert (found["published"][:10], found["url"]) == (gold["published"][:10], gold["url"])


def _flat(text: str) -> str:
    return " ".join(text.split())


def _f1(found: str, gold: str) -> float:
    one, other = (Counter(_TOKEN.findall(text)) for text in (found, gold))
    return 2 * (one & other).total() / (one.total() + other.total())


FIGURE = (
    '<figure><img src="q.jpg" alt="q"><figcaption>{}</figcaption></figure>'
    "<p>The last boat leaves on Sunday, and the baker has sold all of his bread to the school.</p>"
)


@pytest.mark.parametrize(
    ("caption", "expected"),
    [
        ("The old quay in spring.", (["The old quay in spring."], [])),
        ("The old quay. | Ann Lee/Norfoto", (["The old quay."], ["Ann Lee/Norfoto"])),
        ("The old quay (Photo: Ann Lee)", (["The old quay"], ["Photo: Ann Lee"])),
        ("Der Kai im Frühling. Foto: Ann Lee (CC BY 2.0)", (["Der Kai im Frühling."], ["Foto: Ann Lee (CC BY 2.0)"])),
        ("© Ann Lee", ([], ["© Ann Lee"])),
        ('The old quay <span class="photo-credit">Ann Lee</span>', (["The old quay"], ["Ann Lee"])),
        ("<p>The old quay.</p><p><small itemprop='creditText'>Norfoto</small></p>", (["The old quay."], ["Norfoto"])),
        ("In this photo by the harbour office a boat is late", (["In this photo by the harbour office a boat is late"], [])),
    ],
)  # fmt: skip
def test_what_stands_under_a_picture(caption: str, expected: tuple[list[str], list[str]]) -> None:
    """It is a caption and a credit, and no part of the text."""
    found = record(page("A quay", body=FIGURE.format(caption)))
    assert (found["captions"], found["credits"]) == expected
    assert "old quay" not in found["text"]
    assert "Ann Lee" not in found["text"]
    assert found["text"].startswith(PROSE["en"][0])
    assert found["text"].endswith("all of his bread to the school.")


def test_pictures_of_other_articles() -> None:
    """What stands under a teaser's picture is no caption of the article; nor is a quote's source."""
    teaser = f"<aside>{FIGURE.format('A storm elsewhere')}</aside>"
    quote = "<figure><blockquote>We wait.</blockquote><figcaption>The keeper</figcaption></figure>"
    found = record(page("A quay", body=quote + teaser))
    assert (found["captions"], found["credits"]) == ([], [])


def test_captions_of_older_themes() -> None:
    """A labelled paragraph under a picture is a caption too."""
    body = '<div class="wp-caption"><img src="q.jpg"><p class="wp-caption-text">A quay in May. Photo: Ann Lee</p></div>'
    found = record(page("A quay", body=body))
    assert (found["captions"], found["credits"]) == (["A quay in May."], ["Photo: Ann Lee"])
    assert "A quay in May" not in found["text"]


@pytest.mark.parametrize(
    "start",
    ["<p>", "<h1>The quay</h1><p>", "<figure><img></figure><p>", "<base href=/><title>Quay</title><p>", "<blockquote>x</blockquote><p>",
     "<strong>Now</strong><p>", "<my-page><p>", "<!doctype html><title>Quay</title><p>", "<html lang=en><title>Quay</title><p>", "<noscript>x</noscript><p>"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["page.html", "page.txt", "page"])
def test_tags_that_may_be_left_out(start: str, name: str) -> None:
    """A page without html, head or body, or with no end tags, is a page."""
    found = record(
        f"{start}{PROSE['en'][0]}</p><h1>The quay</h1><p>" + "<p>".join(PROSE["en"][1:] * 2), name
    )
    assert found["sources"][0]["layout"] == "html"
    assert all(paragraph in found["text"] for paragraph in PROSE["en"][1:])


def test_a_page_with_an_empty_body() -> None:
    """It has no text; one of frames is no page that can be read."""
    only = "<!doctype html><html><head><title>Quay</title></head>"
    assert [entry["reason"] for entry in read(only).quarantine] == ["no_text"]
    frames = "<html><head><title>x</title></head><frameset><frame src=a></frameset></html>"
    assert [entry["reason"] for entry in read(frames).quarantine] == ["not_html"]


def card(number: int, text: str) -> str:
    """Return what a front page shows of an article."""
    link = f'<a href="/2024/{number}">The {number}th of all articles</a>'
    return f"<article><h2>{link}</h2><p>{text}</p><a href='/2024/{number}'>Read more</a></article>"


@pytest.mark.parametrize("number", [2, 3])
def test_a_page_that_lists_articles_is_refused(number: int) -> None:
    """Else all of them would be one record under the name of the section."""
    texts = [
        *PROSE["en"],
        "Nine boats lay in the harbour when the storm came, and two sank at night.",
    ]
    cards = "".join(card(n, text) for n, text in enumerate(texts[:number]))
    found = read(f"<html><title>News</title><body><h1>News</h1>{cards}</body></html>")
    assert [entry["reason"] for entry in found.quarantine] == ["listing_page"]
    assert f"{number} articles" in found.quarantine[0]["detail"]


def test_an_article_among_cards_is_read() -> None:
    """Its own text is most of the page's, whether it is linked to itself or not."""
    body = "".join(f"<p>{text}</p>" for text in PROSE["en"])
    more = card(7, "Swimmers ask for a cleaner river.") + card(8, "The mill is for sale again.")
    for title in ("The bridge", '<a href="/2024/1">The bridge</a>'):
        own = f"<main><article><h1>{title}</h1>{body}</article></main>"
        found = record(f"<html><title>The bridge</title><body>{own}{more}</body></html>")
        assert all(text in found["text"] for text in PROSE["en"])
