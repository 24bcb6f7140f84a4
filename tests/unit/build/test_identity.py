"""Identity is minted once: invariant 4."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from galley.build.identity import (
    Identity,
    canonical_url,
    join_aliases,
    keys_of,
    read_aliases,
    read_retracted,
)
from galley.build.plan import BuildPlan
from galley.build.source import Source, SourceFile
from galley.build.stage import run_build
from galley.config import BuildConfig
from galley.errors import WorkspaceError
from galley.hashing import sha256_text
from galley.parquet import read_table
from galley.schema.contract import Contract
from galley.similarity import sketch
from galley.workspace.advance import silent

SOURCE = Source("test", languages=("en",))

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
    return identity.resolve(keys_of(record(text, **changes)), lambda: sketch(text))


def minted(text: str) -> str:
    """Return the id of a text that nobody has seen before."""
    return resolve(Identity(), text)


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
    assert identity.aliased() == {younger: older}


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


def build(registry: Path, *pages: tuple[str, str, str]) -> dict[str, str]:
    """Build listings of one article each, `(file, title, text)`, and return ids by title."""
    raw = registry.parent / "raw"
    shutil.rmtree(raw, ignore_errors=True)
    raw.mkdir()
    for name, title, text in pages:
        (raw / name).write_text(f"{title}\n{text}\nTag\n")
    files = [SourceFile(path, path.name, SOURCE) for path in sorted(raw.iterdir())]
    out = registry.parent / "out"
    run_build(BuildPlan(files, out, Contract.default(), BuildConfig(), registry), silent)
    records = read_table(out / "records").to_pylist()
    return {record["title"]: record["id"] for record in records}


STORIES = [
    " ".join(f"Word{n}{k} came {k} times to the {n} harbour." for k in range(30)) for n in "abc"
]


def test_headline_and_text_edited_at_once(tmp_path: Path) -> None:
    """A page whose every key changed is still the record that vanished, if the text is nearly it."""
    path = tmp_path / "identity.jsonl"
    first = build(path, ("1.txt", "Old headline", STORIES[0]), ("2.txt", "Another", STORIES[1]))
    edited = STORIES[0].replace("Worda7 came", "Worda7 went")
    again = build(path, ("1.txt", "New headline", edited), ("2.txt", "Another", STORIES[1]))
    assert again == {"New headline": first["Old headline"], "Another": first["Another"]}


def test_a_copy_beside_the_original_is_no_revision(tmp_path: Path) -> None:
    """While the original is still there, a near-duplicate is a record of its own."""
    path = tmp_path / "identity.jsonl"
    first = build(path, ("1.txt", "Old headline", STORIES[0]))
    copy = STORIES[0].replace("Worda7 came", "Worda7 went")
    again = build(path, ("1.txt", "Old headline", STORIES[0]), ("2.txt", "A copy", copy))
    assert again["Old headline"] == first["Old headline"]
    assert again["A copy"] != first["Old headline"]


def test_a_vanished_record_is_not_given_to_a_stranger(tmp_path: Path) -> None:
    """Another article never takes the id of one that is gone, which may come back."""
    path = tmp_path / "identity.jsonl"
    first = build(path, ("1.txt", "Old headline", STORIES[0]))
    second = build(path, ("1.txt", "Another", STORIES[2]))
    assert second["Another"] != first["Old headline"]
    assert build(path, ("1.txt", "Old headline", STORIES[0])) == first


def test_what_was_retracted_takes_every_key_with_it() -> None:
    """Its address under a new text, its text elsewhere, a text nearly the same: all are blocked."""
    identity = Identity()
    name = resolve(identity, STORY + OTHER, url="https://example.org/a")
    identity.retract(name, "asked for")
    again = [
        resolve(identity, "Something else. " * 9, url="https://example.org/a"),
        resolve(identity, STORY + OTHER, title="Another", url="https://example.org/b"),
        resolve(identity, STORY + OTHER + "The end.", published=None),
    ]
    assert all(identity.is_retracted(found) for found in again)
    assert identity.is_retracted(resolve(identity, "Something else. " * 9, title="Third"))


def test_a_retracted_record_takes_no_other_with_it() -> None:
    """A page with the address of the one and the text of the other joins neither to the other."""
    identity = Identity()
    gone = resolve(identity, STORY * 5, url="https://example.org/a")
    stays = resolve(identity, OTHER * 5, title="Another")
    identity.retract(gone, "asked for")
    resolve(identity, OTHER * 5, title="Another", url="https://example.org/a")
    assert not identity.is_retracted(stays)
    assert resolve(identity, OTHER * 5, title="Another") == stays


def test_only_what_is_known_can_be_retracted(tmp_path: Path) -> None:
    """An id that nobody minted is a mistake; a second time is none, and adds no line."""
    identity = Identity()
    with pytest.raises(WorkspaceError, match="no record has the id"):
        identity.retract("0" * 32, "asked for")
    name = resolve(identity, STORY)
    identity.retract(name, "asked for")
    identity.retract(name, "asked again")
    identity.save(tmp_path / "identity.jsonl")
    assert read_retracted(tmp_path / "identity.jsonl") == {name}
    assert (tmp_path / "identity.jsonl").read_text().count("retracted") == 1


def test_two_branches_that_merged_the_same_two_the_other_way_round(tmp_path: Path) -> None:
    """Where both sides of a conflict are kept, as its hint says, the two are one record."""
    sides = []
    for pages in ((STORY, OTHER), (OTHER, STORY)):
        identity = Identity()
        for number, text in enumerate(pages):
            resolve(identity, text, title=str(number), url=f"https://example.org/{number}")
        found = keys_of(record(pages[0], url="https://example.org/1"))
        identity.resolve(found, lambda text=pages[0]: sketch(text))  # type: ignore[misc]
        identity.save(tmp_path / f"{len(sides)}.jsonl")
        sides.append((tmp_path / f"{len(sides)}.jsonl").read_text())
        assert len(identity.aliased()) == 1
    path = tmp_path / "identity.jsonl"
    path.write_text("".join(sides))
    known = Identity.load(path)
    assert known.aliased() == {minted(OTHER): minted(STORY)}
    assert read_aliases(path) == known.aliased()
    assert len({resolve(known, STORY), resolve(known, OTHER)}) == 1


@pytest.mark.parametrize(
    ("lines", "aliases"),
    [
        (["aa"], {}),
        (["ab", "ba"], {"b": "a"}),
        (["ab", "cb"], {"b": "c", "a": "c"}),
        (["ab", "bc", "ca"], {"b": "a", "c": "a"}),
        (["ab", "ca", "dc"], {"b": "d", "a": "d", "c": "d"}),
    ],
)
def test_aliases_of_several_branches(lines: list[str], aliases: dict[str, str]) -> None:
    """Whatever gives way to what, all ids that lead to each other have one that stands for them."""
    assert join_aliases((own, old) for own, old in lines) == aliases


def test_what_one_branch_took_out_no_other_brings_back(tmp_path: Path) -> None:
    """One branch retracts a record that gave way to another one in the other branch."""
    path, younger = tmp_path / "identity.jsonl", minted(OTHER)
    identity = Identity()
    older = resolve(identity, STORY, url="https://example.org/a")
    assert resolve(identity, OTHER, title="Paintings", url="https://example.org/b") == younger
    identity.save(path)
    begun = path.read_text()
    one, other = Identity.load(path), Identity.load(path)
    one.retract(younger, "asked for")
    assert resolve(other, STORY, url="https://example.org/b") == older
    assert other.aliased() == {younger: older}
    added = []
    for side in (one, other):
        path.write_text(begun)
        side.save(path)
        added.append(path.read_text().removeprefix(begun))
    for sides in (added, added[::-1]):
        path.write_text("".join([begun, *sides]))
        known = Identity.load(path)
        assert known.is_retracted(older)
        assert known.is_retracted(younger)
        assert read_retracted(path) == {older, younger}
        assert known.is_retracted(resolve(known, STORY))
