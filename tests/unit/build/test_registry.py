"""The registry as arrays: what it says of many records at once is what it says of each."""

import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from galley.build.identity import Identity, keys_of
from galley.build.registry import NONE, SEVERAL, Registry
from galley.build.source import Source, SourceFile
from galley.build.stage import BuildPlan, run_build
from galley.config import BuildConfig
from galley.errors import WorkspaceError
from galley.hashing import sha256_text
from galley.parquet import read_table
from galley.schema.contract import Contract
from galley.similarity import sketch
from galley.workspace.advance import silent

FIELDS = {name: name for name in ("title", "text", "url", "publisher", "published")}
SOURCE = Source("test", languages=("en",), format="jsonl", fields=FIELDS)


def text(word: str) -> str:
    """Return a text that is like no other."""
    return " ".join(f"{word}{number} came to the harbour of {word}." for number in range(40))


def lay_out(folder: Path, files: dict[str, list[dict[str, Any]]]) -> list[SourceFile]:
    """Write articles as JSON Lines, and nothing else."""
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for name, articles in files.items():
        (folder / name).write_text("".join(json.dumps(item) + "\n" for item in articles))
    return [SourceFile(path, path.name, SOURCE) for path in sorted(folder.iterdir())]


def build(top: Path, **files: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Build articles and return the records."""
    plan = BuildPlan(
        lay_out(top / "raw", files),
        top / "out",
        Contract.default(),
        BuildConfig(workers=1, shards=4),
        top / "identity.jsonl",
    )
    run_build(plan, silent)
    return read_table(top / "out" / "records").to_pylist()


def lines(top: Path) -> list[dict[str, str]]:
    """Return the lines of the registry."""
    return [json.loads(line) for line in (top / "identity.jsonl").read_text().splitlines()]


def article(word: str, **more: Any) -> dict[str, Any]:
    """Return an article with a title and a text of its own."""
    return {"title": f"About {word}", "text": text(word), **more}


def test_new_records_stand_in_the_order_of_their_files(tmp_path: Path) -> None:
    """Whatever shard they are in, and whether they were looked at by themselves or not."""
    twice = article("b", url="https://example.org/b")
    first = build(tmp_path, a=[article("a")], b=[twice], c=[twice], d=[article("d")])
    titles = {record["id"]: record["title"] for record in first}
    found = [(titles[line["id"]], line["kind"]) for line in lines(tmp_path)]
    ends = [("About d", "text"), ("About d", "title")]
    middle = [("About b", kind) for kind in ("url", "text", "title")]
    assert found == [("About a", "text"), ("About a", "title"), *middle, *ends]
    expected = sketch(text("a"))[:24]
    assert [int(lines(tmp_path)[0]["sketch"][n : n + 8], 16) for n in range(0, 192, 8)] == list(
        expected
    )


def test_what_is_known_adds_nothing(tmp_path: Path) -> None:
    """A file more adds its own lines, and the others keep their ids."""
    before = build(tmp_path, a=[article("a")], c=[article("c")])
    old = lines(tmp_path)
    after = build(tmp_path, a=[article("a")], b=[article("b")], c=[article("c")])
    new = lines(tmp_path)[len(old) :]
    assert lines(tmp_path)[: len(old)] == old
    assert {record["id"] for record in before} < {record["id"] for record in after}
    assert [line["kind"] for line in new] == ["text", "title"]


def test_versions_that_share_no_key(tmp_path: Path) -> None:
    """Each is known, both as one record: they are one, though neither has a key of the other."""
    address = {"url": "https://example.org/a"}
    build(tmp_path, a=[article("a", **address)])
    build(tmp_path, a=[article("b", **address)])
    build(tmp_path, a=[article("a")], b=[article("c")])
    (one, _) = build(tmp_path, a=[article("a")], b=[article("b")], c=[article("c")])
    assert [source["file"] for source in one["sources"]] == ["a", "b"]


def test_keys_are_looked_up(tmp_path: Path) -> None:
    """One by one and at once; a title that two records have takes a closer look."""
    path = tmp_path / "identity.jsonl"
    identity = Identity()
    keys = [keys_of(_fields(word, title)) for word, title in (("a", "A"), ("b", "B"), ("c", "A"))]
    pairs = zip(keys, "abc", strict=True)
    names = [identity.resolve(own, partial(sketch, text(word))) for own, word in pairs]
    identity.save(path)
    registry = Registry.load(path)
    assert [registry.names("text", own.text) for own in keys] == [[name] for name in names]
    assert registry.names("title", keys[0].title) == [names[0], names[2]]
    wanted = [keys[1].title, keys[0].title, "0" * 64]
    some = np.frombuffer(bytes.fromhex("".join(wanted)), dtype=np.uint64).reshape(-1, 4)
    assert registry.look_up("title", some).tolist() == [1, SEVERAL, NONE]
    assert [registry.number(name) for name in (*names, "0" * 32, "no id")] == [0, 1, 2, None, None]
    assert registry.sketches_of(1) == [sketch(text("b"))[:24]]


def _fields(word: str, title: str) -> dict[str, Any]:
    record = {"title": title, "publisher": None, "published": None, "url": None}
    return {**record, "text_sha256": sha256_text(text(word))}


LINE = {"id": "a" * 32, "key": "b" * 64, "kind": "title"}


@pytest.mark.parametrize("end", ["\n", "", '\n{"id":"aaaa', "\r\n"])
def test_lines_that_somebody_else_wrote(tmp_path: Path, end: str) -> None:
    """Spaces, other fields, a line that a crash cut short: they say what they say."""
    path = tmp_path / "identity.jsonl"
    alias = {"id": "a" * 32, "key": "c" * 32, "kind": "alias", "why": None}
    path.write_bytes("\n".join(map(json.dumps, [LINE, alias])).encode() + end.encode())
    registry = Registry.load(path)
    assert registry.names("title", "b" * 64) == ["a" * 32]
    assert registry.aliases == {"c" * 32: "a" * 32}


@pytest.mark.parametrize(
    "change",
    [{"id": None}, {"id": "A" * 33}, {"key": "b" * 63 + "x"}, {"kind": 3}, {"sketch": "0"}],
)
def test_what_is_no_line(tmp_path: Path, change: dict[str, Any]) -> None:
    """It is named by its number."""
    path = tmp_path / "identity.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in (LINE, LINE | change)))
    with pytest.raises(WorkspaceError, match=r":2 is no identity line"):
        Registry.load(path)


@pytest.mark.parametrize("first", ["null", "[]", "1", " null", f"null {json.dumps(LINE)}"])
def test_what_is_no_object(tmp_path: Path, first: str) -> None:
    """It is named, too: Arrow would end the process over a `null` before the first object."""
    path = tmp_path / "identity.jsonl"
    path.write_text(f"{first}\n{json.dumps(LINE)}\n")
    with pytest.raises(WorkspaceError, match=r":1 is"):
        Registry.load(path)
