"""The registry as arrays: what it says of many records at once is what it says of each."""

import json
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from galley.build import identity_lines
from galley.build.identity import Identity, keys_of
from galley.build.plan import BuildPlan
from galley.build.registry import NONE, SEVERAL, Registry
from galley.build.source import Source, SourceFile
from galley.build.stage import run_build
from galley.config import BuildConfig
from galley.errors import WorkspaceError
from galley.hashing import canonical_json, sha256_text
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
    texts, titles = ([own.text for own in keys], [own.title for own in keys])
    assert list(registry.owners("text", texts).values()) == [[0], [1], [2]]
    assert registry.owners("title", [*titles, "0" * 64]) == {
        keys[0].title: [0, 2],
        keys[1].title: [1],
        "0" * 64: [],
    }
    assert list(map(registry.name, range(3))) == names
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
    assert registry.owners("title", ["b" * 64]) == {"b" * 64: [0]}
    assert registry.name(0) == "a" * 32
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


def written(number: int) -> str:
    """Return a line: as Galley writes one, or else as somebody else may."""
    own, key = f"{number:032x}", f"{number * 7919:064x}"
    kinds = [
        {"kind": "url", "key": key},
        {"kind": "text", "key": key, "sketch": f"{number:0192x}"},
        {"kind": "text", "key": key},
        {"kind": "title", "key": key},
        {"kind": "title", "key": key, "sketch": f"{number:0192x}"},
        {"kind": "alias", "key": f"{number + 1:032x}"},
        {"kind": "retracted", "key": own, "reason": "“no”\u2028"},
        {"kind": "guess", "key": own},
    ]
    line = {"id": own} | kinds[number % len(kinds)]
    return json.dumps(line) if number % 3 == 0 else canonical_json(line)


@pytest.mark.parametrize("block", [1, 200, 1 << 20])
def test_lines_of_all_kinds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    """However many are read at once, they are those that a reader of JSON finds."""
    monkeypatch.setattr(identity_lines, "_BLOCK", block)
    path = tmp_path / "identity.jsonl"
    text = "".join(f"{written(number)}\n" for number in range(500))
    path.write_text(text, encoding="utf-8")
    expected = [json.loads(line) for line in text.split("\n")[:-1]]
    kinds, data = identity_lines.KINDS, path.read_bytes()
    found = []
    for lines in identity_lines.read_lines(path):
        keys, others = iter(lines.keys), iter(lines.others)
        for own, kind, start in zip(lines.ids, lines.kinds, lines.starts, strict=True):
            if kind == identity_lines.OTHER:
                name, word, key = next(others)
                assert name == own.tobytes().hex()
            else:
                name, word, key = own.tobytes().hex(), kinds[kind], next(keys).tobytes().hex()
            found.append({"id": name, "kind": word, "key": key})
            assert json.loads(data[start:].split(b"\n")[0])["id"] == name
    assert found == [{name: line[name] for name in ("id", "kind", "key")} for line in expected]


@pytest.mark.parametrize("other", [*"/:`gAF@ \x00\x10P", "é", "Q"])
@pytest.mark.parametrize("place", [("id", 0), ("key", 63), ("sketch", 5)])
def test_what_is_no_digit(tmp_path: Path, other: str, place: tuple[str, int]) -> None:
    """It is found in the middle of many lines that are as Galley writes them."""
    path, (name, at) = tmp_path / "identity.jsonl", place
    line = json.loads(written(1))
    bad = line | {name: line[name][:at] + other + line[name][at + 1 :]}
    all_lines = [line, line, bad, line]
    path.write_text("".join(f"{canonical_json(one)}\n" for one in all_lines), encoding="utf-8")
    with pytest.raises(WorkspaceError, match=r":3 is no identity line"):
        Registry.load(path)


def test_a_line_as_long_as_another(tmp_path: Path) -> None:
    """What is no digit must be as it is, too: one that is not is refused, or says nothing."""
    path = tmp_path / "identity.jsonl"
    line = canonical_json(json.loads(written(1)))
    for at in (number for number, sign in enumerate(line) if sign in '{},:"'):
        path.write_text(f"{line}\n{line[:at]}0{line[at + 1 :]}\n{line}\n", encoding="utf-8")
        with suppress(WorkspaceError):
            (found,) = identity_lines.read_lines(path)
            assert found.starts.tolist() == [0, 2 * len(line) + 2]
