"""What an entry of a feed says of its article."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

from galley.build.address import read_address
from galley.build.language import Detector
from galley.build.license import name_license
from galley.build.moment import read_moment
from galley.build.page import Rejection
from galley.build.web.flow import Flow
from galley.build.web.fragment import read_fragment, read_plain
from galley.build.web.pictures import Pictures

Facts = dict[str, Any]

_MARKUP = re.compile(r"<[a-zA-Z/!]")
_DEED = re.compile(r"https?://creativecommons\.org/[\w./-]+", re.IGNORECASE)
# RSS has the forms of e-mail: ann@example.org (Ann Lee), Ann Lee <ann@example.org>
_MAILBOX = re.compile(r"\s*\S+@\S+\s*\(([^()]+)\)\s*|\s*([^<>@]+)<\S+@\S+>\s*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SURE = 200  # code points of a text whose language is detected, whatever was declared
_HTML = {"text/html", "application/xhtml+xml"}
_TEXTS = {*_HTML, "text/plain"}
_TITLES = ("title", "itunes_title", "dcterms_title", "media_title")
_SUMMARIES = ("summary", "dcterms_abstract", "subtitle", "media_description")
_KINDS = {"text": "text/plain", "html": "text/html", "xhtml": "application/xhtml+xml"}


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry, as feedparser has it.

    Attributes:
        facts: What it says.
        feed: What is said of the feed as a whole.
        version: The feed's format: `rss20`, `atom10`, …
    """

    facts: Facts
    feed: Facts
    version: str

    def read(self, languages: tuple[str, ...]) -> dict[str, Any] | Rejection:
        """Return the fields of a record, `text` among them, or why there is none.

        The title is empty if the entry says none anywhere.

        Args:
            languages: What the source is written in.
        """
        found = self._flow()
        if isinstance(found, Rejection):
            return found
        flow, pictures, language = found
        title = self._title(flow)
        if title and len(flow.paragraphs) > 1:
            flow.drop_title(title)
        text = flow.text()
        if not text:
            return Rejection(
                "entry_no_text", f"{title[:80] or 'untitled'}: neither content nor summary"
            )
        return {
            "title": title,
            "text": text,
            "subheads": flow.subheads(),
            "captions": pictures.captions,
            "credits": pictures.credits,
            "language": _language(language or _get(self.feed, "language"), text, languages),
            "url": self._url(),
            "published": self._published(),
            "authors": self._authors(),
            "contributors": list(_names(self.facts, "contributors")),
            "source_tags": list(self._tags()),
            "publisher": _line(_get(self.facts, "source") or {}, "title")
            or _line(self.feed, "title"),
            "license": _license(self.facts) or _license(self.feed),
        }

    def _title(self, flow: Flow) -> str:
        """Return the title, else what the entry says in its place: a text alone is none."""
        named = (_line(self.facts, name) for name in _TITLES)
        links = [str(_get(link, "title") or "") for link in self._own_links()]
        head, heads = flow.paragraphs[0] if len(flow.paragraphs) > 1 else ("", False)
        stated = (*named, head if heads else "", *links)
        return next((title for text in stated if (title := " ".join(text.split()))), "")

    def _own_links(self) -> Iterator[Facts]:
        """Yield the links to what the entry is about: the article, then what is enclosed."""
        links = _get(self.facts, "links") or []
        for wanted in ("alternate", "enclosure"):
            yield from (link for link in links if _get(link, "rel") == wanted)

    def _parts(self) -> Iterator[Facts]:
        """Yield what may be the text, the fullest first."""
        yield from _get(self.facts, "content") or []
        for name in _SUMMARIES:
            detail = _get(self.facts, f"{name}_detail") or {"value": _get(self.facts, name)}
            if _get(detail, "value"):
                yield detail

    def _flow(self) -> tuple[Flow, Pictures, str | None] | Rejection:
        """Return paragraphs, pictures and the language: of the content, else of a summary."""
        for part in self._parts():
            kind = str(_get(part, "type") or "text/plain").lower()
            value = str(_get(part, "value") or "")
            if not value.strip() or _KINDS.get(kind, kind) not in _TEXTS:
                continue
            found = _paragraphs(value, _KINDS.get(kind, kind))
            if isinstance(found, Rejection):
                return found
            if found[0].paragraphs:
                return *found, _get(part, "language")
        return Flow(), Pictures(), None

    def _url(self) -> str | None:
        """Return the entry's link; one that is no whole address leads nowhere."""
        links = (_get(self.facts, "link"), _get(self.facts, "id"))
        permanent = links if _get(self.facts, "guidislink") else links[:1]
        return next((url for link in permanent if link and (url := read_address(str(link)))), None)

    def _published(self) -> str | None:
        """Return the date of publication; where only one date is stated, it is taken for that.

        RSS 1.0 and Dublin Core have one date, and Atom demands that of the last change: feeds
        that know no other give the date of publication there.
        """
        names = ("published", "created", "updated")
        stated = [str(value) for name in names if (value := _get(self.facts, name))]
        return read_moment(stated[0]) if stated else None

    def _authors(self) -> list[str]:
        stated = str(_get(self.facts, "author") or "")
        if "@" in stated and self.version.startswith("rss"):
            match = _MAILBOX.fullmatch(stated)
            return [name.strip() for name in match.groups() if name] if match else []
        own = list(_names(self.facts, "authors"))
        # What RSS names for all of the feed is who answers for it.
        return own or (
            list(_names(self.feed, "authors")) if self.version.startswith("atom") else []
        )

    def _tags(self) -> Iterator[str]:
        for tag in _get(self.facts, "tags") or []:
            label = unescape(str(_get(tag, "label") or _get(tag, "term") or ""))
            if label.strip():
                yield " ".join(label.split())


def _get(facts: Facts, name: str) -> Any:
    """Return a fact under its own name: feedparser offers others in place of missing ones."""
    return dict.get(facts, name)


def _paragraphs(value: str, kind: str) -> tuple[Flow, Pictures] | Rejection:
    if kind not in _HTML:
        return read_plain(value), Pictures()
    # Plain text where HTML is expected: its line ends are all the paragraphs it has.
    if _MARKUP.search(value):
        return read_fragment(value)
    return read_plain(unescape(value)), Pictures()


def _line(facts: Facts, name: str) -> str:
    """Return a text of one line, without markup."""
    detail = _get(facts, f"{name}_detail") or {}
    value = str(_get(facts, name) or "")
    found = _paragraphs(value, str(_get(detail, "type") or "text/plain"))
    text = value if isinstance(found, Rejection) else found[0].text()
    return " ".join(text.split())


def _names(facts: Facts, key: str) -> Iterator[str]:
    """Yield the names of people; an address for mail is none."""
    for person in _get(facts, key) or []:
        name = " ".join(unescape(str(_get(person, "name") or "")).split())
        if name and "@" not in name:
            yield name


def _license(facts: Facts) -> str | None:
    """Return the licence that is linked as one, or that the rights name by its address."""
    links = [link for link in _get(facts, "links") or [] if _get(link, "rel") == "license"]
    rights = _DEED.search(unescape(str(_get(facts, "rights") or "")))
    stated = [str(_get(link, "href") or "") for link in links] + ([rights[0]] if rights else [])
    return next((name for address in stated if (name := name_license(address.rstrip(".")))), None)


def _language(declared: Any, text: str, languages: tuple[str, ...]) -> str | None:
    """Return the language: templates declare one that their articles are not in."""
    tag = str(declared or "").replace("_", "-")
    if not _LANGUAGE.fullmatch(tag):
        return None
    detected = Detector(languages).detect(text)
    same = detected.split("-")[0].lower() == tag.split("-")[0].lower()
    return tag if same or detected == "und" or len(text) < _SURE else detected
