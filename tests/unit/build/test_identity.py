"""Identity is minted once: invariant 4."""

from pathlib import Path
from typing import Any

from galley.build.identity import Identity, canonical_url
from galley.hashing import sha256_text
from galley.similarity import sketch

STORY = "The harbour of the old town was closed on Monday after the storm had torn away its wall. "
OTHER = "A museum in the hills has bought three paintings that nobody had seen for ninety years. "


def record(text: str, **changes: Any) -> dict[str, Any]:
    """Return the fields of a record that identity looks at."""
    fields = {
        "title": "Morning briefing",
        "publisher": "The Courier",
        "url": None,
        "published": None,
    }
    return {**fields, "text": text, "text_sha256": sha256_text(text), **changes}


def resolve(identity: Identity, text: str, **changes: Any) -> str:
    """Return the id of a record."""
    return identity.resolve(record(text, **changes), sketch(text))


def test_equal_titles_with_other_texts_are_two() -> None:
    """Two briefings of one publisher are two records."""
    identity = Identity()
    assert resolve(identity, STORY * 5) != resolve(identity, OTHER * 5)


def test_an_edited_text_stays_one() -> None:
    """A corrected text under the same title keeps its id."""
    identity = Identity()
    first = resolve(identity, STORY + OTHER)
    assert resolve(identity, STORY + OTHER + "The wall is old.") == first


def test_what_is_learned_later_changes_nothing() -> None:
    """A new headline, a URL and a publisher found later keep the id, and so does the next text."""
    identity = Identity()
    first = resolve(identity, STORY, publisher=None)
    assert resolve(identity, STORY, title="Harbour closed", url="https://example.org/a") == first
    assert resolve(identity, OTHER, url="http://EXAMPLE.org/a/?utm_source=x#top") == first


def test_a_merge_keeps_the_older() -> None:
    """Two records that turn out to be one keep the older id; the other becomes an alias."""
    identity = Identity()
    older = resolve(identity, STORY)
    younger = resolve(identity, OTHER, title="Paintings", url="https://example.org/b")
    assert resolve(identity, STORY, url="https://example.org/b") == older
    assert identity.root(younger) == older


def test_registry_survives_a_reload(tmp_path: Path) -> None:
    """What was saved is known again, and nothing is saved twice."""
    path = tmp_path / "identity.jsonl"
    identity = Identity()
    first = resolve(identity, STORY)
    identity.save(path)
    again = Identity.load(path)
    assert resolve(again, STORY) == first
    assert again.new == []


def test_canonical_url() -> None:
    """Scheme, letter case of the host, fragments and tracking do not tell pages apart."""
    assert canonical_url("HTTP://Example.org/A/?id=1&fbclid=z#x") == "https://example.org/A?id=1"
