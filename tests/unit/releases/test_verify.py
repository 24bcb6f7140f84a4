"""Verify finds what is wrong: any flipped byte, and what a careful forger would leave."""

import random
import shutil
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from galley.errors import ReleaseError
from galley.files import write_text
from galley.hashing import sha256_file
from galley.manifest import FILE_NAME, Manifest, hash_files, list_files
from galley.parquet import write_table
from galley.record import Record
from galley.releases.index import Entry, read_index, write_index
from galley.releases.verify import verify
from tests.unit.releases.conftest import Workshop


@pytest.fixture
def release(workshop: Workshop, records: list[Record]) -> Path:
    """Return the folder of a sound release."""
    return workshop.cut(records).release.path


def codes(release: Path) -> set[str]:
    return {issue.code for issue in verify(release)}


def forge(release: Path) -> None:
    """Make manifest and changelog agree with what the folder now holds."""
    log = release.parent / "CHANGELOG.md"
    before = sha256_file(release / FILE_NAME)
    manifest = Manifest.load(release)
    assert manifest is not None
    replace(manifest, files=hash_files(release)).write(release)
    write_text(log, log.read_text().replace(before, sha256_file(release / FILE_NAME)))


def forge_index(release: Path, change: Callable[[list[Entry]], Any]) -> None:
    path = release / "index.jsonl.zst"
    entries = read_index(path)
    change(entries)
    write_index(path, entries)
    forge(release)


def forge_rows(release: Path, change: Callable[[list[dict[str, Any]]], Any]) -> None:
    path = release / "data/corrected/train-00000-of-00001.parquet"
    schema, rows = pq.read_schema(path), pq.read_table(path).to_pylist()
    change(rows)
    write_table(path, pa.Table.from_pylist(rows, schema=schema))
    forge(release)


def forge_card(release: Path, old: str, new: str) -> None:
    text = (release / "README.md").read_text()
    assert old in text
    write_text(release / "README.md", text.replace(old, new, 1))
    forge(release)


def test_a_sound_release_has_no_issue(release: Path) -> None:
    """Nor has one whose hashes were only written again."""
    assert verify(release) == []
    forge(release)
    assert verify(release) == []


def flip(release: Path, places: Callable[[int], Iterable[int]]) -> int:
    """Flip one bit at a time at the `places` of every file, and return how often verify saw it."""
    dice, found = random.Random(20240503), 0
    for name in list_files(release):
        path = release / name
        sound = path.read_bytes()
        for place in places(len(sound)):
            broken = bytearray(sound)
            broken[place] ^= 1 << dice.randrange(8)
            path.write_bytes(broken)
            assert name in {issue.path for issue in verify(release)}, (name, place)
            found += 1
        path.write_bytes(sound)
    assert verify(release) == []
    return found


def test_a_flipped_bit_is_found(release: Path) -> None:
    """At the first, the last and six other places of every file, the manifest too."""
    found = flip(release, lambda size: {0, *random.Random(size).sample(range(size), 6), size - 1})
    assert found >= 7 * len(list_files(release))


@pytest.mark.torture
def test_any_flipped_bit_is_found(release: Path) -> None:
    """In every byte of small files, at 4,000 places of large ones."""
    found = flip(release, lambda size: range(0, size, max(1, size // 4000)))
    assert found > 30_000


def test_a_changed_hash_in_the_changelog_is_found(release: Path) -> None:
    """It vouches for the manifest, so the two must agree."""
    log = release.parent / "CHANGELOG.md"
    log.write_text(log.read_text().replace(sha256_file(release / FILE_NAME), "0" * 64))
    assert codes(release) == {"file_hash"}
    log.write_text("# Changelog\n")
    assert codes(release) == {"changelog_entry"}


def test_a_missing_and_an_extra_file_are_found(release: Path) -> None:
    """A stale shard that a pattern could match, for example."""
    shard = release / "data/corrected/train-00000-of-00001.parquet"
    shutil.copy(shard, shard.with_name("train-00001-of-00002.parquet"))
    shard.unlink()
    assert codes(release) == {"file_missing", "file_extra"}


@pytest.mark.parametrize("name", ["manifest.json", "index.jsonl.zst", "README.md"])
def test_each_committed_file_must_be_there(release: Path, name: str) -> None:
    """The manifest too."""
    (release / name).unlink()
    assert [(issue.path, issue.code) for issue in verify(release)] == [(name, "file_missing")]


def test_absent_data_are_one_issue_that_says_how_to_make_them(release: Path) -> None:
    """As in a fresh clone."""
    shutil.rmtree(release / "data")
    (issue,) = verify(release)
    assert (issue.path, issue.code) == ("data", "data_missing")
    assert "galley release --rebuild 0.1.0" in issue.expected


def test_a_copy_without_a_changelog_is_checked_as_far_as_it_goes(
    release: Path, tmp_path: Path
) -> None:
    """Nothing vouches for its manifest then."""
    shutil.copytree(release, tmp_path / "copy")
    assert verify(tmp_path / "copy") == []


def test_where_there_is_no_release_it_is_an_error(tmp_path: Path) -> None:
    """A finding would say that there is a release with something wrong."""
    with pytest.raises(ReleaseError) as caught:
        verify(tmp_path)
    assert caught.value.code == "no_release"


@pytest.mark.parametrize(
    "content", ["[]", "{}", '{"kind": 1, "inputs": 1, "files": 1, "facts": 1}']
)
def test_a_manifest_of_another_shape_is_a_finding(release: Path, content: str) -> None:
    """Not a crash."""
    (release / FILE_NAME).write_text(content)
    assert codes(release) == {"manifest_unreadable"}


def _shift(rows: list[dict[str, Any]]) -> None:
    rows[0]["entities"][0]["start"] += 1


def _renumber(rows: list[dict[str, Any]]) -> None:
    rows[0]["entities"][0]["label"] = 99


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_shift, "span_text"),
        (_renumber, "label_number"),
        (lambda rows: rows[0].update(text=rows[0]["text"] + "!"), "text_hash"),
        (lambda rows: rows[0].update(language="no language"), "schema_pattern"),
        (lambda rows: rows[0].update(title="Other"), "row_hash"),
        (lambda rows: rows[0].update(changed_in="0.0.9"), "row_index"),
        (lambda rows: rows.reverse(), "row_index"),
        (lambda rows: rows.pop(), "row_count"),
    ],
)
def test_a_forged_row_is_found(release: Path, change: Callable[..., Any], code: str) -> None:
    """All hashes of files agree; the row does not with the index, the schema or itself."""
    forge_rows(release, change)
    assert code in codes(release)


def _leak(entries: list[Entry]) -> None:
    test = next(entry for entry in entries if entry.split == "test")
    number = next(n for n, entry in enumerate(entries) if entry.split == "train")
    entries[number] = replace(entries[number], cluster=test.cluster)


def _guess(entries: list[Entry]) -> None:
    number = next(n for n, entry in enumerate(entries) if entry.split == "test")
    entries[number] = replace(entries[number], status="suggested")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_leak, "split_leak"),
        (_guess, "split_guess"),
        (lambda entries: entries.reverse(), "index_order"),
        (lambda entries: entries.append(entries[-1]), "index_order"),
    ],
)
def test_a_forged_index_is_found(release: Path, change: Callable[..., Any], code: str) -> None:
    """A near-duplicate across splits, a guess in the test set, rows out of order."""
    forge_index(release, change)
    assert code in codes(release)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("'0': PER\n            '1': ORG", "'0': ORG\n            '1': PER"),
        ("num_examples: ", "num_examples: 1"),
        ("  default: true\n", ""),
        (
            "path:\n    - data/corrected/train-00000-of-00001.parquet",
            "path: data/corrected/train-*",
        ),
        ("  - name: deck\n    dtype: string\n", ""),
        ("    dtype: large_string", "    dtype: string"),
        ("configs:", "configs: ["),
    ],
)
def test_a_card_that_disagrees_with_the_files_is_found(release: Path, old: str, new: str) -> None:
    """`load_dataset` would believe it, and relabel the data without a word."""
    forge_card(release, old, new)
    assert codes(release) <= {"facts", "card_unreadable"}
    assert codes(release)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('"sha256": "', '"sha256": "0', "facts"),
        ('"version": "0.1.0"', '"version": "0.1.1"', "facts"),
        ('"labels/name": "PER"', '"labels/name": "ORG"', "facts"),
        ('"column": "title"', '"column": "deck"', "facts"),
        ('"distribution"', '"distributions"', "croissant_unreadable"),
    ],
)
def test_a_croissant_that_disagrees_with_the_files_is_found(
    release: Path, old: str, new: str, code: str
) -> None:
    """What reads by it would take other files for ours, or one column for another."""
    path = release / "croissant.json"
    assert old in path.read_text()
    write_text(path, path.read_text().replace(old, new, 1))
    forge(release)
    assert codes(release) == {code}


def test_labels_that_were_reordered_everywhere_but_in_the_rows_are_found(release: Path) -> None:
    """Card, Parquet metadata and manifest agree on the wrong names: the row hashes do not."""
    for path in sorted(release.glob("data/**/*.parquet")):
        table = pq.read_table(path)
        swapped = table.schema.metadata[b"huggingface"].replace(b'"PER", "ORG"', b'"ORG", "PER"')
        write_table(path, table.replace_schema_metadata({b"huggingface": swapped}))
    forge_card(release, "'0': PER\n            '1': ORG", "'0': ORG\n            '1': PER")
    assert "parquet_schema" in codes(release)


def test_the_index_is_as_the_issue_asks(release: Path) -> None:
    """The names of its keys are what other programs rely on."""
    entry = asdict(read_index(release / "index.jsonl.zst")[0])
    assert entry.keys() == {
        *("id", "cluster", "split", "first_release", "changed_in"),
        *("text_sha256", "row_sha256", "status"),
    }


def test_an_empty_split_is_found(release: Path) -> None:
    """A file without rows that nothing else contradicts: the index has no use for it."""
    path = release / "data/corrected/validation-00000-of-00001.parquet"
    schema = pq.read_schema(path)
    forge_index(
        release,
        lambda entries: entries.__setitem__(
            slice(None), [entry for entry in entries if entry.split != "validation"]
        ),
    )
    write_table(path, pa.Table.from_pylist([], schema=schema))
    forge(release)
    assert "index_files" in codes(release)
