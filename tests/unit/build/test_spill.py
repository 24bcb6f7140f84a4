"""What waits on disk between reading files and writing records."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from filelock import FileLock

from galley.build import spiller
from galley.build.extractor import Reading, read_shard
from galley.build.plan import BuildPlan
from galley.build.shard import Shard, bucket
from galley.build.source import Source, SourceFile
from galley.build.spill import SUMMARY, Spill
from galley.build.stage import run_build
from galley.config import BuildConfig
from galley.errors import SourceError, WorkspaceError
from galley.files import remove_tree
from galley.manifest import FILE_NAME
from galley.parquet import read_table
from galley.schema.contract import Contract
from galley.workspace.advance import silent

SOURCE = Source("test", languages=("en",))
STORIES = [
    " ".join(f"Word{n}{k} {n}came{k} {n}from the {n}harbour." for k in range(30)) for n in "abcd"
]


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """Return a folder of pages: two of one article, two that are nearly alike, two of one title."""
    folder = tmp_path / "raw"
    folder.mkdir()
    near = STORIES[1].replace("Wordb7", "Wordb")
    titled = (("One", STORIES[0]), ("Two", STORIES[1]), ("Two again", near), ("One", STORIES[0]))
    for number, (title, text) in enumerate((*titled, ("Brief", STORIES[2]), ("Brief", STORIES[3]))):
        (folder / f"{number}.txt").write_text(
            f"Tag - Test\n{title}\n{text}\nTag {number}\nHarbour\n"
        )
    return folder


def plan(raw: Path, out: Path, registry: Path | None = None, **config: float) -> BuildPlan:
    """Return a build of the pages in `raw`."""
    files = [SourceFile(path, path.name, SOURCE) for path in sorted(raw.iterdir())]
    return BuildPlan(files, out, Contract.default(), BuildConfig(**config), registry)  # type: ignore[arg-type]


def rows(out: Path, *names: str) -> list[tuple[object, ...]]:
    """Return some fields of all records, sorted."""
    records = read_table(out / "records").to_pylist()
    return sorted(tuple(record[name] for name in names) for record in records)


def test_ids_are_the_same_without_a_registry(raw: Path, tmp_path: Path) -> None:
    """What is not compared would have changed nothing: the registry looks at every record."""
    names = ("id", "cluster", "title", "source_tags")
    run_build(plan(raw, tmp_path / "one"), silent)
    run_build(plan(raw, tmp_path / "two", tmp_path / "identity.jsonl"), silent)
    assert rows(tmp_path / "one", *names) == rows(tmp_path / "two", *names)
    found = rows(tmp_path / "one", "title", "source_tags")
    assert ("One", ["Tag 0", "Harbour", "Tag 3"]) in found
    assert [title for title, _ in found].count("Brief") == 2


def test_no_clusters_if_none_are_asked_for(raw: Path, tmp_path: Path) -> None:
    """With 0 nothing is compared; the ids are those of other builds."""
    run_build(plan(raw, tmp_path / "one", near_duplicate=0.0), silent)
    run_build(plan(raw, tmp_path / "two"), silent)
    assert all(name == cluster for name, cluster in rows(tmp_path / "one", "id", "cluster"))
    assert len({cluster for (cluster,) in rows(tmp_path / "two", "cluster")}) == 4
    assert rows(tmp_path / "one", "id") == rows(tmp_path / "two", "id")


def test_a_spill_without_a_summary_is_none(raw: Path, tmp_path: Path) -> None:
    """What a killed build left is read again, and gives the same bytes."""
    run_build(plan(raw, tmp_path / "out"), silent)
    before = {path: path.read_bytes() for path in tmp_path.glob("out/records/*")}
    for folder in (tmp_path / "out/.cache").glob("0*"):
        spill = Spill(folder)
        (folder / SUMMARY).unlink()
        assert not spill.fits("anything")
    (tmp_path / "out/manifest.json").unlink()
    run_build(plan(raw, tmp_path / "out"), silent)
    assert {path: path.read_bytes() for path in tmp_path.glob("out/records/*")} == before


def test_two_builds_into_one_folder(raw: Path, tmp_path: Path) -> None:
    """The second is told; the lock of one that was killed keeps nobody out."""
    (tmp_path / "out/.cache").mkdir(parents=True)
    with FileLock(tmp_path / "out/.cache/lock"), pytest.raises(WorkspaceError) as caught:
        run_build(plan(raw, tmp_path / "out"), silent)
    assert caught.value.code == "build_running"
    assert run_build(plan(raw, tmp_path / "out"), silent).records == 5


def test_only_what_changed_is_read_again(raw: Path, tmp_path: Path) -> None:
    """A file more, one less, one edited, one that is broken: as if all were read."""
    config = {"shards": 1, "near_duplicate": 0.7}
    (raw / "3b.txt").write_bytes(b"\x00\x01\x02" * 99)
    run_build(plan(raw, tmp_path / "out", **config), silent)
    (raw / "2b.txt").write_text(f"Tag - Test\nNew\n{STORIES[2][::-1]}\nTag 1\n")
    (raw / "9.txt").write_bytes(b"\x00\x01" * 99)
    (raw / "1.txt").unlink()
    (raw / "4.txt").write_text((raw / "4.txt").read_text().replace("Brief", "In brief"))
    again = run_build(plan(raw, tmp_path / "out", **config), silent)
    new = sum((raw / name).stat().st_size for name in ("2b.txt", "9.txt", "4.txt"))
    assert again.profile()["extract"]["bytes"] == new
    run_build(plan(raw, tmp_path / "anew", **config), silent)
    assert contents(tmp_path / "out") == contents(tmp_path / "anew")
    assert again.rejected == 2
    forced = run_build(replace(plan(raw, tmp_path / "out", **config), force=True), silent)
    assert forced.profile()["extract"]["bytes"] == forced.bytes


def test_batches_end_where_they_would_if_all_were_read(tmp_path: Path) -> None:
    """Files come and go before, between and behind thousands that stay, in several batches."""
    raw = tmp_path / "raw"
    raw.mkdir()
    for number in range(60):
        write_page(raw / f"{number:02}0.txt", seed=number, articles=30)
    config = {"shards": 1, "near_duplicate": 0.7}
    run_build(plan(raw, tmp_path / "out", **config), silent)
    for seed, name in enumerate(("000", "271", "272", "450", "599"), 100):
        write_page(raw / f"{name}.txt", seed=seed, articles=seed % 7)
    for name in ("110", "120", "580"):
        (raw / f"{name}.txt").unlink()
    run_build(plan(raw, tmp_path / "out", **config), silent)
    run_build(plan(raw, tmp_path / "anew", **config), silent)
    batches = Spill(tmp_path / "out/.cache/00000").summary.batches
    assert len(batches) > 2
    assert contents(tmp_path / "out") == contents(tmp_path / "anew")


@pytest.mark.parametrize("name", ["account.parquet", "written.json"])
@pytest.mark.parametrize("data", [b"", b"PAR1", b"1", None])
def test_what_waits_damaged_is_written_again(
    raw: Path, tmp_path: Path, name: str, data: bytes | None
) -> None:
    """A part of the account that is cut short, or gone, is not copied."""
    run_build(plan(raw, tmp_path / "out"), silent)
    for path in (tmp_path / "out/.cache").glob(f"*/{name}"):
        path.unlink() if data is None else path.write_bytes(data)
    (raw / "8.txt").write_text(f"Tag - Test\nNew\n{STORIES[2][::-1]}\nTag 1\n")
    run_build(plan(raw, tmp_path / "out"), silent)
    run_build(plan(raw, tmp_path / "anew"), silent)
    assert contents(tmp_path / "out") == contents(tmp_path / "anew")


@pytest.mark.parametrize("name", ["records.arrow", "account.arrow", "sketches", "bands"])
@pytest.mark.parametrize("change", ["cut", "empty", "gone"])
def test_a_damaged_spill_is_filled_again(raw: Path, tmp_path: Path, name: str, change: str) -> None:
    """What is cut short, or gone, ends no build: its files are read again."""
    run_build(plan(raw, tmp_path / "out"), silent)
    damage(tmp_path / "out", name, change)
    rebuild(raw, tmp_path)


@pytest.mark.parametrize("name", ["keys.arrow", "quarantine.jsonl"])
@pytest.mark.parametrize("change", ["cut", "empty", "gone", "other"])
def test_damaged_keys_reach_no_registry(raw: Path, tmp_path: Path, name: str, change: str) -> None:
    """Not even one wrong bit is taken for what a file gave, and no entry goes missing."""
    (raw / "0.txt").write_bytes(b"")
    run_build(plan(raw, tmp_path / "out"), silent)
    damage(tmp_path / "out", name, change)
    rebuild(raw, tmp_path)


def test_bytes_of_parts_that_changed_on_disk_are_counted_again(raw: Path, tmp_path: Path) -> None:
    """No figure of the manifest is taken from a note that is not as it was written."""
    run_build(plan(raw, tmp_path / "out"), silent)
    for path in (tmp_path / "out/.cache").glob("*/written.json"):
        note = json.loads(path.read_text())
        note["parts"]["text"] += 1
        path.write_text(json.dumps(note))
    rebuild(raw, tmp_path)


def damage(out: Path, name: str, change: str) -> None:
    """Change a file of each spill."""
    for path in out.glob(f".cache/*/{name}"):
        data = path.read_bytes()
        if change == "gone":
            path.unlink()
        elif change == "other":
            middle = len(data) // 2
            path.write_bytes(
                data[:middle] + bytes(b ^ 1 for b in data[middle : middle + 1]) + data[middle + 1 :]
            )
        else:
            path.write_bytes(data[: len(data) // 2 if change == "cut" else 0])


def rebuild(raw: Path, folder: Path) -> None:
    """Build with a file more, and hold it against a build from nothing."""
    (raw / "8.txt").write_text(f"Tag - Test\nNew\n{STORIES[2][::-1]}\nTag 1\n")
    run_build(plan(raw, folder / "out"), silent)
    run_build(plan(raw, folder / "anew"), silent)
    assert contents(folder / "out") == contents(folder / "anew")


def write_page(path: Path, *, seed: int, articles: int) -> None:
    """Write a page of articles whose words are their own."""
    lines = ["Tag - Test"]
    for article in range(articles):
        own = f"{seed}x{article}"
        lines.append(f"Report {own} of the harbour")
        words = (f"Wave{own}n{n} came{n} from the ä{n} of pier{own}." for n in range(70))
        lines += [" ".join(words), f"Tag {seed}", "Harbour"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def contents(folder: Path) -> dict[str, bytes]:
    """Return the content of each file below `folder`."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (Path.unlink, "source_unreadable"),
        (lambda path: path.write_text("Another text.\n"), "source_changed"),
    ],
)
@pytest.mark.parametrize("limit", [1, 1 << 20])
def test_a_file_that_changes_meanwhile_is_not_taken_for_what_it_was(
    raw: Path, tmp_path: Path, harm: Callable[[Path], object], code: str, limit: int
) -> None:
    """After it was hashed it changes, and then back: what is built is of what it holds."""
    first, last = _ends(raw)
    pages = {path: path.read_bytes() for path in (first, last)}
    for path in pages:
        path.unlink()

    def begun() -> BuildPlan:
        return plan(raw, tmp_path / "out", shards=64, workers=1, max_bytes=limit)

    run_build(begun(), silent)
    for path, page in pages.items():
        path.write_bytes(page)
    with pytest.raises(SourceError, match=last.name) as caught:
        run_build(begun(), _once(lambda: harm(last)))
    assert caught.value.code == code
    last.write_bytes(pages[last])
    _is_as_anew(begun(), tmp_path)


@pytest.mark.parametrize("limit", [1, 1 << 20])
def test_a_first_build_is_of_what_it_read(raw: Path, tmp_path: Path, limit: int) -> None:
    """A file that changes before it is read is built as it is then, and known as that."""
    _, last = _ends(raw)
    page = last.read_bytes()
    begun = plan(raw, tmp_path / "out", shards=64, workers=1, max_bytes=limit)
    run_build(begun, _once(lambda: write_page(last, seed=99, articles=2)))
    assert not run_build(begun, silent).fresh
    _is_as_anew(begun, tmp_path)
    last.write_bytes(page)
    assert run_build(begun, silent).fresh
    _is_as_anew(begun, tmp_path)


@dataclass(frozen=True)
class Touched(SourceFile):
    """A file that holds something else as soon as somebody knows its size."""

    later: bytes = b""

    def size(self) -> int:
        """Return what it had."""
        size = super().size()
        Path(self.text).write_bytes(self.later)
        return size


@pytest.mark.parametrize(("limit", "lines"), [(20, 1), (1 << 12, 999), (1 << 20, 999)])
def test_a_size_is_that_of_what_was_read(raw: Path, tmp_path: Path, limit: int, lines: int) -> None:
    """A file's size is asked for before it is read: it may be another by then."""
    file = Touched(str(raw), "0.txt", SOURCE, b"Another text.\n" * lines)
    contract = Contract.default()
    shard = Shard(0, (file,), b"", contract.sha256, limit, sketched=False)
    with pytest.raises(SourceError, match=r"0\.txt changed"):
        read_shard(Reading(shard, contract, tmp_path / "spill"))


def test_a_first_build_that_was_ended_goes_on(raw: Path, tmp_path: Path) -> None:
    """What its shards gave is used, of files that are still the same, and no other."""
    _, last = _ends(raw)
    begun = plan(raw, tmp_path / "out", shards=64, workers=1)

    def stop() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_build(begun, _once(stop))
    cache = tmp_path / "out" / ".cache"
    (done,) = (path.parent for path in cache.glob("*/summary.json"))
    inode = (done / "records.arrow").stat().st_ino
    write_page(last, seed=99, articles=2)
    run_build(begun, silent)
    assert (done / "records.arrow").stat().st_ino == inode
    _is_as_anew(begun, tmp_path)
    (tmp_path / "out" / FILE_NAME).unlink()
    write_page(last, seed=98, articles=3)
    run_build(begun, silent)
    _is_as_anew(begun, tmp_path)


def test_several_threads_write_what_one_does(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Row groups of a shard that is alone are compressed side by side, and stand in order."""
    monkeypatch.setattr(spiller, "_FLUSH", 500)
    for number in range(10, 30):
        write_page(raw / f"{number}.txt", seed=number, articles=3)
    for workers in (1, 3):
        run_build(plan(raw, tmp_path / str(workers), shards=1, workers=workers), silent)
    one, several = (tmp_path / str(workers) / "records" for workers in (1, 3))
    assert contents(one) == contents(several)
    assert pq.ParquetFile(next(one.iterdir())).num_row_groups > 20


def _ends(raw: Path) -> list[Path]:
    """Return a file of the first of 64 shards that is read, and one of the last."""
    ordered = sorted(raw.iterdir(), key=lambda path: bucket(path.name, 64))
    return [ordered[0], ordered[-1]]


def _once(act: Callable[[], object]) -> Callable[[int, int], None]:
    """Return what acts when the first shard has been read."""
    left = iter([act])

    def advance(_done: int, _total: int) -> None:
        for last in left:
            last()

    return advance


def _is_as_anew(built: BuildPlan, folder: Path) -> None:
    """Build, and hold what is there against what a build from nothing writes."""
    run_build(built, silent)
    anew = folder / "anew"
    remove_tree(anew)
    run_build(replace(built, out=anew), silent)
    found, right = (
        {name: data for name, data in contents(out).items() if not name.startswith(".cache")}
        for out in (built.out, anew)
    )
    assert found == right
