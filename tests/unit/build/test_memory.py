"""What a build holds of all files and records at once: little of each, and of few all."""

import gc
import json
import random
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from galley.build import births, corpus, identify, standing
from galley.build.corpus import Corpus
from galley.build.engine import local_engine
from galley.build.identity import KEPT, Identity, read_aliases, read_retracted, unpack
from galley.build.kin import divide
from galley.build.plan import BuildPlan
from galley.build.registry import Registry
from galley.build.shard import make_shards
from galley.build.source import Source, SourceFile, expand_paths
from galley.build.spill import BANDS, KEYS, KEYS_SCHEMA, SKETCHES, SUMMARY, Spill, Summary
from galley.build.stage import run_build
from galley.build.verdict import Verdict
from galley.config import BuildConfig
from galley.schema.contract import Contract
from galley.similarity import SKETCH, fold
from galley.workspace.advance import silent

FIELDS = {name: name for name in ("title", "text", "url", "publisher", "published")}
SOURCE = Source("test", languages=("en",), format="jsonl", fields=FIELDS)
SPILLS = 8


def test_files_are_held_as_their_names(tmp_path: Path) -> None:
    """All of them at once, in their shards, too: no path, no table of hashes for each."""
    raw = tmp_path / "raw"
    raw.mkdir()
    names = [f"{number:0150}.txt" for number in range(2000)]
    for name in names:
        (raw / name).touch()
    hashes = dict.fromkeys(names, "0" * 64)

    def find() -> object:
        files = expand_paths([raw], out=tmp_path / "out")
        return files, make_shards(files, hashes, config=BuildConfig(), schema="", sketched=True)

    held, _ = weigh(find)
    assert held / len(names) < len(names[0]) + 250


def test_files_are_let_go(tmp_path: Path) -> None:
    """When the last shard is read, nobody holds the files of those before it."""
    (tmp_path / "raw").mkdir()
    for number in range(64):
        (tmp_path / f"raw/{number}.jsonl").write_text(json.dumps(article(random.Random(number))))
    held: list[int] = []

    def advance(done: int, total: int) -> None:
        del done, total
        held.append(sum(type(item) is SourceFile for item in gc.get_objects()))

    files = [SourceFile(path, path.name, SOURCE) for path in sorted((tmp_path / "raw").iterdir())]
    plans = [BuildPlan(files, tmp_path / "out", Contract.default(), BuildConfig(workers=1))]
    del files
    summary = run_build(plans.pop(), advance)
    assert summary.files == 64
    assert held[-1] < 16


def test_verdicts_wait_on_disk(tmp_path: Path) -> None:
    """Who writes a shard holds a byte of each record: ids are read for a batch at a time."""
    number = 1 << 16
    ids = np.random.default_rng(1).bytes(16 * number)
    own, other = np.frombuffer(ids, dtype="V16"), np.frombuffer(ids[::-1], dtype="V16")
    Verdict(own, other, np.zeros(number, dtype=np.uint8), {7: [(0, 7)]}).save(tmp_path)
    held, _ = weigh(lambda: Verdict.load(tmp_path))
    assert held / number < 2
    found = Verdict.load(tmp_path)
    assert found.versions == {7: [(0, 7)]}
    assert found.ids[5:9].tobytes() == own[5:9].tobytes()
    assert found.clusters[number - 2 : number + 5].tobytes() == other[-2:].tobytes()
    assert len(found.ids[number:0]) == 0


@pytest.mark.parametrize("threshold", [0.0, 0.7])
def test_records_are_held_as_a_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threshold: float
) -> None:
    """Ids and keys are read of one spill at a time, and few records are objects."""
    for module, most in ((identify, 1 << 8), (standing, 1 << 12), (corpus, 1 << 12)):
        monkeypatch.setattr(module, "_AT_ONCE", most)
    monkeypatch.setattr(corpus, "_A_JOB", 1)
    peaks = []
    for number in (1 << 14, 1 << 16):
        spills = list(fill(tmp_path / f"{number}", number))
        engine = local_engine(workers=1)

        def run(spills: list[Spill] = spills, engine: Any = engine) -> object:
            identity = Identity(fleeting=True)
            found = identify.identify(spills, identity, engine=engine, near_duplicate=threshold)
            return [verdict.rule(spills, number) for number, verdict in enumerate(found)]

        peaks.append(weigh(run)[1])
        # Names and keys are objects, and what they took would stay with the process.
        assert not any("summary" in vars(spill) for spill in spills)
    assert (peaks[1] - peaks[0]) / (3 << 14) < 44


def test_known_records_are_held_as_arrays(tmp_path: Path) -> None:
    """While they are read, too; and a sketch only while somebody looks at it."""
    few, many = 1 << 15, 1 << 16
    found = []
    for number in (few, many):
        path = tmp_path / f"{number}"
        last = write_registry(path, number)

        def load(path: Path = path, last: tuple[int, ...] = last, number: int = number) -> object:
            registry = Registry.load(path)
            assert registry.sketches_of(number - 1) == [last]
            return registry

        load()
        found.append(weigh(load))
        size = path.stat().st_size
        assert weigh(lambda path=path: read_aliases(path) or read_retracted(path))[1] < size / 4
    held, peak = (more - less for less, more in zip(*found, strict=True))
    assert held / (many - few) < 150
    assert peak / (many - few) < 220


def write_registry(path: Path, number: int) -> tuple[int, ...]:
    """Write a registry of so many records, and return the sketch of the last one."""
    digits = random.Random(1)
    with path.open("w") as file:
        for _ in range(number):
            name, text, title = (digits.randbytes(size).hex() for size in (16, 32, 32))
            kept = digits.randbytes(4 * KEPT).hex()
            file.write(f'{{"id":"{name}","key":"{text}","kind":"text","sketch":"{kept}"}}\n')
            file.write(f'{{"id":"{name}","key":"{title}","kind":"title"}}\n')
    return unpack(kept)


def test_parts_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Records that are looked at with their kin alone get what they get among all."""
    expected = build_often(tmp_path / "whole")
    for module, number in ((identify, 1), (standing, 7), (births, 5)):
        monkeypatch.setattr(module, "_AT_ONCE", number)
    monkeypatch.setattr(births, "_FEW", 2)
    assert build_often(tmp_path / "parts") == expected


def test_kin_stay_together(tmp_path: Path) -> None:
    """Who shares a key, be it through others, is in one part; a part is no larger than it must."""
    spills = list(fill(tmp_path, 400))
    records, numbers = Corpus(spills), np.arange(400)
    parts = [part.tolist() for part in divide(records, numbers, None, most=5)]
    assert sorted(number for part in parts for number in part) == numbers.tolist()
    whose: dict[object, int] = {}
    for place, part in enumerate(parts):
        for number, row in zip(part, records.keys(np.array(part)).to_pylist(), strict=True):
            assert all(whose.setdefault(row[key], place) == place for key in ("url", "title"))
            assert whose.setdefault(row["text"], place) == place, number
    assert len(parts) > 50
    assert len(list(divide(records, numbers[:0], None, most=5))) == 0


def weigh(run: Callable[[], object]) -> tuple[int, int]:
    """Return how many bytes are held by what `run` returns, and by itself at most."""
    tracemalloc.start()
    kept = run()
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del kept
    return held, peak


def fill(folder: Path, number: int) -> Iterator[Spill]:
    """Yield spills of records, of which every 16th shares a key with another."""
    chance, size = random.Random(number), number // SPILLS
    for place in range(SPILLS):
        own = folder / f"{place:05}"
        own.mkdir(parents=True)
        rows = [place * size + row for row in range(size)]
        others = [chance.randrange(number) if row % 16 == 0 else row for row in rows]
        keys = {
            "minted": [key("minted", row)[:16] for row in rows],
            "url": [key("url", row) for row in others],
            "text": [key("text", row) for row in rows],
            "title": [key("title", row) for row in rows],
            "published": [None for _ in rows],
        }
        with (own / KEYS).open("wb") as file, pa.ipc.new_file(file, KEYS_SCHEMA) as writer:
            writer.write_batch(pa.record_batch(keys, schema=KEYS_SCHEMA))
        sketches = np.random.default_rng(place).integers(1 << 32, size=(size, SKETCH), dtype="u4")
        (own / SKETCHES).write_bytes(sketches.tobytes())
        (own / BANDS).write_bytes(fold(sketches).tobytes())
        files = [f"{place}/{row}" for row in range(0, size, 16)]
        summary = Summary("", files=files, keys=files, records=[16] * (size // 16), batches=[size])
        if rest := size % 16:
            summary.records.append(rest)
        summary.records[:] = summary.records[: len(files)]
        (own / SUMMARY).write_text(json.dumps(asdict(summary)))
        yield Spill(own)


def key(kind: str, number: int) -> bytes:
    """Return a key that no other kind and number has."""
    return sha256(f"{kind} {number}".encode()).digest()


def build_often(top: Path) -> dict[str, bytes]:
    """Build articles that share addresses, titles and texts, and change; return what is written."""
    chance = random.Random(1)
    for _ in range(3):
        (top / "raw").mkdir(parents=True, exist_ok=True)
        for name in "abcdef":
            if chance.random() < 0.7:
                lines = (json.dumps(article(chance)) + "\n" for _ in range(chance.randrange(20)))
                (top / "raw" / name).write_text("".join(lines))
        files = [SourceFile(path, path.name, SOURCE) for path in sorted((top / "raw").iterdir())]
        config = BuildConfig(workers=1, shards=4)
        plan = BuildPlan(files, top / "out", Contract.default(), config, top / "identity.jsonl")
        run_build(plan, silent)
    paths = [top / "identity.jsonl", *sorted((top / "out").rglob("*.parquet"))]
    return {path.relative_to(top).as_posix(): path.read_bytes() for path in paths}


def article(chance: random.Random) -> dict[str, str]:
    """Return an article, of which another may have anything."""
    word, other = (f"w{chance.randrange(40)}x" for _ in range(2))
    text = " ".join(f"{other}{number} came to the harbour." for number in range(40))
    found = {"title": f"About {word}", "text": text + chance.choice(("", " It was late."))}
    return found | ({"url": f"https://example.org/{word}"} if chance.random() < 0.5 else {})
