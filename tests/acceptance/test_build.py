"""`galley build`, as a maintainer runs it."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

LONG = "The council of the old town met on Monday and spoke about the bridge for three hours. " * 4
PAGE = f"A bridge too late\n\n{LONG}\n\n{LONG}And it was late.\n"
OTHER = (
    "Nine boats lay in the harbour when the storm came, and two of them were lost at night. " * 4
)
LISTING = f"Tag - Bridges\n\nTwo boats lost\n{OTHER}Nobody died.\nRoads\nRivers\n"


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """Return a folder with one good page, one listing and four files that cannot be read."""
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "page.txt").write_text(PAGE, encoding="utf-8")
    (folder / "listing.txt").write_text(LISTING, encoding="utf-8")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "binary.txt").write_bytes(b"\x7fELF\x00\x01\x02")
    (folder / "latin.txt").write_bytes("Ein Café in Köln".encode("latin-1"))
    (folder / "words.txt").write_text("bread\nmilk\neggs\n", encoding="utf-8")
    return folder


def test_bad_files_are_quarantined(galley: Any, raw: Path, tmp_path: Path) -> None:
    """The rest is built; each bad file has one entry with its reason; exit code 1."""
    result = galley("build", raw, "--out", tmp_path / "out", "--json")
    summary = json.loads(result.stdout)
    assert (result.returncode, summary["records"], summary["quarantined"]) == (1, 2, 4)
    lines = (tmp_path / "out/quarantine.jsonl").read_text(encoding="utf-8").splitlines()
    reasons = {entry["source_file"]: entry["reason"] for entry in map(json.loads, lines)}
    assert reasons == {
        "binary.txt": "binary",
        "empty.txt": "empty",
        "latin.txt": "not_utf8",
        "words.txt": "unknown_layout",
    }
    assert summary["bytes"] == sum(summary["parts"].values())


def test_quarantine_that_is_allowed(galley: Any, raw: Path, tmp_path: Path) -> None:
    """`max_quarantine` decides when quarantined files fail the build."""
    words = ("build", raw, "--out", tmp_path / "out")
    assert galley(*words, GALLEY_BUILD_MAX_QUARANTINE="0.7").returncode == 0
    assert galley(*words, GALLEY_BUILD_MAX_QUARANTINE="0.6").returncode == 1


def test_what_a_killed_build_left_is_cleared_away(galley: Any, raw: Path, tmp_path: Path) -> None:
    """A file that was half written never gets into the manifest."""
    out = tmp_path / "out"
    galley("build", raw / "page.txt", "--out", out)
    path = next((out / "records").glob("*.parquet"))
    path.with_name(f".{path.name}.a1b2c3d4.part").write_bytes(b"half")
    galley("build", raw / "page.txt", raw / "listing.txt", "--out", out)
    files = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert [name for name in files if name.endswith(".part")] == []
    assert list(out.rglob("*.part")) == []


def test_second_build_is_a_no_op(galley: Any, raw: Path, tmp_path: Path) -> None:
    """Nothing is written again unless something changed, and --force gives the same bytes."""
    out = tmp_path / "out"
    words = ("build", raw / "page.txt", raw / "listing.txt", "--out", out, "--json")
    first = galley(*words)
    files = (path for path in out.rglob("*") if path.is_file() and path.name != "hashes")
    before = {path: path.stat().st_mtime_ns for path in files}
    again = galley(*words)
    assert again.stdout == first.stdout
    assert before == {path: path.stat().st_mtime_ns for path in before}
    hashes = {path: path.read_bytes() for path in before}
    assert galley(*words, "--force").returncode == 0
    assert hashes == {path: path.read_bytes() for path in before}
    (out / "account.parquet").unlink()
    galley(*words)
    assert hashes == {path: path.read_bytes() for path in before}


def test_workers_do_not_change_a_byte(galley: Any, tmp_path: Path) -> None:
    """One process or three: the same files."""
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(70):
        text = PAGE.replace("bridge", f"bridge number {number}")
        (folder / f"page-{number}.txt").write_text(text, encoding="utf-8")
    for workers in ("1", "3"):
        galley("build", folder, "--out", tmp_path / workers, GALLEY_BUILD_WORKERS=workers)
    one, three = (hashes(tmp_path / workers) for workers in ("1", "3"))
    assert len(one) > 10
    assert one == three


def hashes(folder: Path) -> dict[str, bytes]:
    """Return the content of every file below `folder`, but for what says when files were touched."""
    files = (p for p in folder.rglob("*") if p.is_file() and p.name != "hashes")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_one_more_file_touches_one_shard(galley: Any, tmp_path: Path) -> None:
    """Only the shard of a new file is read and written again; --force gives the same bytes."""
    raw, out = tmp_path / "raw", tmp_path / "out"
    raw.mkdir()
    words = ("build", raw, "--out", out)
    for number in range(40):
        words_of_its_own = " ".join(f"w{number}x{n}" for n in range(60))
        page = PAGE.replace("bridge too late", f"bridge {number}").replace(
            "three", words_of_its_own
        )
        (raw / f"page-{number}.txt").write_text(page, encoding="utf-8")
    galley(*words)
    before = {
        path: path.stat().st_mtime_ns for path in [*out.glob(".cache/0*"), *out.glob("records/*")]
    }
    (raw / "one-more.txt").write_text(LISTING, encoding="utf-8")
    galley(*words)
    touched = [path for path, time in before.items() if path.stat().st_mtime_ns != time]
    assert len(before) > 20
    assert len({path.name.partition(".")[0].removeprefix("part-") for path in touched}) == 1
    incremental = hashes(out)
    galley(*words, "--force")
    assert hashes(out) == incremental


def test_places_on_this_machine_as_addresses(galley: Any, raw: Path, tmp_path: Path) -> None:
    """`file://` names a path, below a folder that is not there yet, and with blanks in it."""
    out = tmp_path / "a b" / "out"
    galley("build", raw, "--out", tmp_path / "out")
    galley("build", raw.as_uri(), "--out", out.as_uri())
    assert hashes(out) == hashes(tmp_path / "out")
    assert "up to date" in galley("build", raw.as_uri(), "--out", out.as_uri()).stdout


def test_missing_path(galley: Any, tmp_path: Path) -> None:
    """A path that is not there: exit code 2, one message, a hint."""
    result = galley("build", tmp_path / "nowhere", "--out", tmp_path / "out", "--json")
    error = json.loads(result.stdout)["error"]
    assert (result.returncode, error["code"]) == (2, "path_missing")
    assert "nowhere" in error["message"]
    assert error["hint"]


def test_out_among_the_raw_files(galley: Any, tmp_path: Path) -> None:
    """What a build wrote is never read as a raw file; its folder must be its own."""
    (tmp_path / "page.txt").write_text(PAGE, encoding="utf-8")
    assert galley("build", tmp_path, "--out", tmp_path).returncode == 2
    for _ in range(2):
        result = galley("build", tmp_path, "--out", tmp_path / "out", "--force", "--json")
        assert json.loads(result.stdout)["files"] == 1


def test_path_without_out(galley: Any, raw: Path) -> None:
    """A PATH needs --out."""
    result = galley("build", raw)
    assert result.returncode == 2
    assert "--out" in result.stderr


def workspace(folder: Path, schema: str) -> Path:
    """Lay out the least workspace, with `schema` as its schema."""
    (folder / "schema").mkdir()
    (folder / "build").mkdir()
    (folder / "pyproject.toml").write_text('[tool.galley]\nname = "test"\n')
    (folder / "schema/article.schema.json").write_text(schema)
    (folder / "build/page.txt").write_text(PAGE)
    (folder / "build/sources.toml").write_text('[[source]]\nname = "a"\nfiles = ["*.txt"]\n')
    return folder


@pytest.mark.parametrize(
    ("schema", "code"),
    [
        ("{", "schema_not_json"),
        ('{"type": "nonsense"}', "schema_invalid"),
        ('{"type": "object", "properties": {}}', "schema_fields"),
    ],
)
def test_broken_schema(galley: Any, tmp_path: Path, schema: str, code: str) -> None:
    """A schema with an error: exit code 2, one message, a hint."""
    result = galley("build", "--json", "--workspace", workspace(tmp_path, schema))
    error = json.loads(result.stdout)["error"]
    assert (result.returncode, error["code"]) == (2, code)
    assert error["hint"]


def test_field_added_to_the_schema(galley: Any, tmp_path: Path) -> None:
    """One edit of the schema adds a column, without any other change."""
    from galley.schema.contract import Contract

    document = Contract.default().document
    document["properties"]["mood"] = {"type": ["string", "null"], "description": "How it sounds."}
    folder = workspace(tmp_path, json.dumps(document))
    assert galley("build", "--workspace", folder).returncode == 0
    table = pq.read_table(folder / "build/out/records")
    assert table.column("mood").to_pylist() == [None]


def test_same_article_on_two_listings(galley: Any, tmp_path: Path) -> None:
    """It is one record, with both sources and all tags in order."""
    (tmp_path / "a.txt").write_text(LISTING)
    (tmp_path / "b.txt").write_text(
        LISTING.replace("- Bridges", "- Money").replace("Roads", "Tolls")
    )
    galley("build", tmp_path / "a.txt", tmp_path / "b.txt", "--out", tmp_path / "out")
    (record,) = pq.read_table(tmp_path / "out/records").to_pylist()
    assert record["source_tags"] == ["Roads", "Rivers", "Tolls"]
    assert record["listing_tags"] == ["Bridges", "Money"]
    assert [source["file"] for source in record["sources"]] == ["a.txt", "b.txt"]


def test_dry_run_writes_nothing(galley: Any, raw: Path, tmp_path: Path) -> None:
    """It says what would be read and why; then what was written is up to date."""
    out = tmp_path / "out"
    words = ("build", raw, "--out", out, "--json")
    done = galley(*words, "--dry-run")
    found = json.loads(done.stdout)
    assert (done.returncode, found["files"], found["unread"]) == (0, 6, 6)
    assert (found["why"], found["out"]) == (["nothing is built there yet"], str(out))
    assert not out.exists()
    galley(*words)
    before = {path: path.stat().st_mtime_ns for path in sorted(out.rglob("*"))}
    found = json.loads(galley(*words, "--dry-run").stdout)
    assert (found["unread"], found["why"]) == (0, [])
    (raw / "page.txt").write_bytes((raw / "page.txt").read_bytes() + b"\nOne more line.\n")
    found = json.loads(galley(*words, "--dry-run").stdout)
    assert (found["why"], found["unread"] > 0) == (["files"], True)
    assert before == {path: path.stat().st_mtime_ns for path in sorted(out.rglob("*"))}


def test_dry_run_of_a_workspace(galley: Any, tmp_path: Path) -> None:
    """Neither the records nor the registry of ids come about."""
    galley("init", tmp_path / "new")
    before = sorted((tmp_path / "new").rglob("*"))
    done = galley("build", "--dry-run", cwd=tmp_path / "new")
    assert (done.returncode, "would read 2 of 2 files" in done.stdout) == (0, True)
    assert sorted((tmp_path / "new").rglob("*")) == before


def test_raw_files_of_no_source(galley: Any, tmp_path: Path) -> None:
    """What no pattern matches is named, once; notes for people and hidden files are not."""
    galley("init", tmp_path / "new")
    raw = tmp_path / "new/build/raw"
    for name in ("README.md", "example-herald/.part", "example-herald/page.html", "deep/er/b.txt"):
        path = raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("words")
    done = galley("build", cwd=tmp_path / "new")
    assert done.returncode == 0
    assert "2 raw files are of no source: raw/deep/er/b.txt" in done.stderr
    found = json.loads(galley("build", "--json", cwd=tmp_path / "new").stdout)
    assert found["unnamed_files"] == ["raw/deep/er/b.txt", "raw/example-herald/page.html"]


def test_what_became_of_every_byte(galley: Any, tmp_path: Path) -> None:
    """The largest parts are said; what was refused is pointed at where one can look."""
    galley("init", tmp_path / "new")
    (tmp_path / "new/build/raw/example-herald/a.txt").write_bytes(b"%PDF-1.4 text")
    done = galley("build", cwd=tmp_path / "new")
    assert "every byte has its part: text " in done.stdout
    assert "1 quarantined: `galley quarantine list`" in done.stderr
    done = galley("quarantine", "list", cwd=tmp_path / "new")
    assert "a PDF document" in done.stdout
    assert "galley quarantine show ID" in done.stdout


@pytest.mark.parametrize("name", ["records/notes.md", "account.parquet"])
def test_files_of_somebody_else_stay(galley: Any, raw: Path, tmp_path: Path, name: str) -> None:
    """A build clears its folder of what it did not write: it takes none that others write to."""
    out = tmp_path / "out"
    (out / name).parent.mkdir(parents=True)
    (out / name).write_text("mine", encoding="utf-8")
    for words in ([], ["--dry-run"], ["--force"]):
        refused = galley("build", raw, "--out", out, "--json", *words)
        assert refused.returncode == 2
        assert json.loads(refused.stdout)["error"]["code"] == "out_taken"
    assert [path.read_text("utf-8") for path in out.rglob("*") if path.is_file()] == ["mine"]
    (out / name).unlink()
    (out / "records").rmdir() if (out / "records").exists() else None
    assert galley("build", raw, "--out", out, GALLEY_BUILD_MAX_QUARANTINE="1").returncode == 0
    (out / "records/notes.md").write_text("mine", encoding="utf-8")
    assert galley("build", raw, "--out", out, "--force").returncode < 2
    assert (out / "records/notes.md").read_text("utf-8") == "mine"


def test_articles_that_share_an_address(galley: Any, tmp_path: Path) -> None:
    """One record is made of them, and the build says of how many it is not."""
    rows = [{"title": f"Story {n}", "text": f"{LONG}{n}", "url": "https://a.org/"} for n in "123"]
    (tmp_path / "raw.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    words = ("build", tmp_path / "raw.jsonl", "--out", tmp_path / "out")
    assert "2 more articles are other versions" in galley(*words).stdout
    found = json.loads(galley(*words, "--json").stdout)
    assert (found["records"], found["outdated"]) == (1, 2)


@pytest.mark.parametrize("place", ["file", "file/inside"])
def test_a_file_where_a_folder_is_meant(galley: Any, raw: Path, tmp_path: Path, place: str) -> None:
    """It is named, and no traceback is shown."""
    (tmp_path / "file").touch()
    commands = (["build", raw, "--out"], ["init"])
    for words in commands:
        done = galley(*words, tmp_path / place, "--json")
        error = json.loads(done.stdout)["error"]
        assert (done.returncode, error["code"] in {"path_taken", "init_file"}) == (2, True)
        assert str(tmp_path / "file") in error["message"]
        assert not done.stderr


def test_a_store_that_nothing_here_reads(galley: Any, tmp_path: Path) -> None:
    """What is to be installed is said."""
    done = galley("build", "gs://bucket/raw", "--out", tmp_path / "out", "--json")
    assert json.loads(done.stdout)["error"]["code"] == "place_unknown"
