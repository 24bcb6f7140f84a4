"""`galley inspect`, as a maintainer runs it."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from galley.desk import Workspace
from tests.acceptance.conftest import correct

PROGRAM = Path(sys.executable).with_name("galley")
LISTING = "build/raw/harbour-courier/tag-water.txt"
LONG = "The council of the old town met on Monday and spoke about the bridge for three hours. " * 4
PAGE = f"A bridge too late\n\n{LONG}\n\n{LONG}And \u202eit was late.\n"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Return a page that is in no workspace."""
    path = tmp_path / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_file_as_json(galley: Any, sample: Path) -> None:
    """One object: the layout with its evidence, and slices that cover the file once."""
    value = json.loads(galley("inspect", LISTING, "--json", cwd=sample).stdout)
    assert (value["layout"], value["source"], value["encoding"]) == (
        "listing",
        "harbour-courier",
        "utf-8",
    )
    assert value["score"] > value["runner_up"]["score"]
    assert any("tag lines" in reason for reason in value["reasons"])
    assert value["runner_up"]["layout"] == "page"
    assert value["runner_up"]["objections"]
    edges = [0, *(piece["byte_end"] for piece in value["slices"])]
    assert [piece["byte_start"] for piece in value["slices"]] == edges[:-1]
    assert (
        edges[-1]
        == value["bytes"]
        == sum(value["parts"].values())
        == (sample / LISTING).stat().st_size
    )
    built = {record["id"]: record for record in Workspace.open(sample).records()}
    assert [record["title"] for record in value["records"]] == [
        built[r["id"]]["title"] for r in value["records"]
    ]
    assert value["records"][0]["publisher"] == "The Harbour Courier"


def test_file_without_workspace(galley: Any, page: Path) -> None:
    """A pipe gets plain text: a mark for each part, no colours, nothing that deceives."""
    done = galley("inspect", "page.txt", cwd=page.parent)
    assert done.returncode == 0
    assert "layout     page 0.95" in done.stdout
    assert "all 2 paragraphs set off by blank lines" in done.stdout
    assert "[title] A bridge too late" in done.stdout
    assert "And ⟨U+202E⟩it was late." in done.stdout
    assert "\u202e" not in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    ("environ", "colour"),
    [({}, "\x1b[38;5;33m"), ({"TERM": "xterm"}, "\x1b[94m"), ({"NO_COLOR": "1"}, "")],
)
def test_file_in_a_terminal(page: Path, environ: dict[str, str], colour: str) -> None:
    """A terminal shows the page as it stands, in 256 or 16 colours, or in none if so asked."""
    main, inner = pty.openpty()
    known = {
        name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLORTERM")
    }
    env = {**known, "TERM": "xterm-256color", **environ}
    command = [PROGRAM, "inspect", "page.txt"]
    with os.fdopen(main, "rb", 0) as stream:
        subprocess.run(command, cwd=page.parent, env=env, stdout=inner, stdin=inner, check=True)
        shown = os.read(stream.fileno(), 1 << 16).decode("utf-8", "ignore")
        os.close(inner)
    assert ("\x1b" in shown) == bool(colour)
    assert (f"{colour}\x1b[1mA bridge too late" if colour else "[title] A bridge too late") in shown


def test_file_that_is_refused(galley: Any, tmp_path: Path) -> None:
    """It says why and what to do, and shows the bytes all the same."""
    (tmp_path / "words.txt").write_bytes(b"bread\nmilk \x07\n")
    done = galley("inspect", "words.txt", cwd=tmp_path)
    assert done.returncode == 0
    assert "quarantined: binary" in done.stdout
    assert "as plain text or HTML" in done.stdout
    assert "[quarantined] bread⏎milk ⟨U+0007⟩⏎" in done.stdout


def test_web_page_shows_its_items(galley: Any, tmp_path: Path) -> None:
    """Where the unit is no line, the articles are shown, not the markup."""
    html = f"<!doctype html><title>A bridge</title><body><h1>A bridge</h1><p>{LONG}</p></body>"
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    done = galley("inspect", "page.html", cwd=tmp_path)
    assert "layout     html: the format decides" in done.stdout
    assert f"[text] bytes 0–{len(html)} record 1: The council" in done.stdout


def test_html(galley: Any, page: Path) -> None:
    """`--html OUT` writes it, `--html` finds a name, and the file itself is safe."""
    done = galley("inspect", "page.txt", "--html", "out/seen.html", cwd=page.parent)
    assert done.stdout == "out/seen.html\n"
    assert "A bridge too late" in (page.parent / "out/seen.html").read_text(encoding="utf-8")
    done = galley("inspect", "page.txt", "--html", "--json", cwd=page.parent)
    assert json.loads(done.stdout) == {"html": "page.inspect.html"}
    assert galley("inspect", "page.txt", "--html", "page.txt", cwd=page.parent).returncode == 2
    assert page.read_text(encoding="utf-8") == PAGE


def test_record(galley: Any, workspace: Path) -> None:
    """A record with what people said of it, and where each field came from."""
    record = next(Workspace.open(workspace).records())
    done = galley("inspect", record["id"][:8].upper(), "--json", cwd=workspace)
    value = json.loads(done.stdout)
    assert value["record"]["annotation"]["status"] == "corrected"
    assert value["record"]["tags"] == correct(record).after["tags"]  # type: ignore[index]
    assert value["origins"]["publisher"] == "sources.toml"
    assert value["origins"]["title"] == "page"
    assert value["record"]["sources"][0]["byte_end"] > 0
    said = galley("inspect", record["id"], cwd=workspace).stdout
    assert f"source  {record['sources'][0]['file']}  bytes " in said
    assert "corrected, one annotator" in said


def test_record_under_an_alias(galley: Any, workspace: Path) -> None:
    """An id that gave way to another still leads to the record, which names it."""
    record = next(Workspace.open(workspace).records())
    line = {"id": record["id"], "kind": "alias", "key": "f" * 32}
    with (workspace / "build/identity.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    value = json.loads(galley("inspect", "ffffff", "--json", cwd=workspace).stdout)
    assert (value["record"]["id"], value["aliases"]) == (record["id"], ["f" * 32])


def test_near_duplicates_are_named(galley: Any, sample: Path) -> None:
    """The other records of its cluster stand with it."""
    records = list(Workspace.open(sample).records())
    twin = next(record for record in records if record["cluster"] != record["id"])
    value = json.loads(galley("inspect", twin["id"], "--json", cwd=sample).stdout)
    assert twin["cluster"] in [member["id"] for member in value["cluster_members"]]


def test_record_as_html(galley: Any, workspace: Path) -> None:
    """The page of a record marks its entities."""
    record = next(Workspace.open(workspace).records())
    done = galley("inspect", record["id"][:8], "--html", cwd=workspace)
    assert done.stdout == f"{record['id']}.inspect.html\n"
    text = (workspace / done.stdout.strip()).read_text(encoding="utf-8")
    assert 'data-name="LOC"' in text


@pytest.mark.parametrize(
    ("word", "code"),
    [("nowhere.txt", "path_missing"), ("abc", "path_missing"), ("0123456789abcdef", "no_record")],
)
def test_what_is_not_there(galley: Any, sample: Path, word: str, code: str) -> None:
    """Neither a file nor a record: exit code 2, and what either would look like."""
    done = galley("inspect", word, "--json", cwd=sample)
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (2, code)
