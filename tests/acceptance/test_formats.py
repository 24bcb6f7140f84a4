"""`galley build` on files of every kind, as a maintainer runs it."""

import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from galley.schema.contract import Contract

TEXT = "The council of the old town met on Monday and spoke about the bridge for three hours."
FEED = f"<rss><channel><title>The Quay</title><item><title>Feed</title><description>{TEXT}</description></item></channel></rss>"
SOURCES = """
[[source]]
name = "rows"
files = ["raw/rows*"]
publisher = "The Rows"
fields = { title = "headline", text = "story" }
[[source]]
name = "rest"
files = ["raw/*"]
encoding = "iso-8859-1"
"""


def lay_out(folder: Path) -> Path:
    """Lay out a workspace with a file of each kind."""
    raw = folder / "build/raw"
    raw.mkdir(parents=True)
    (folder / "schema").mkdir()
    schema = json.dumps(Contract.default().document)
    (folder / "schema/article.schema.json").write_text(schema)
    (folder / "pyproject.toml").write_text('[tool.galley]\nname = "test"\n')
    (folder / "build/sources.toml").write_text(SOURCES)
    line = json.dumps({"headline": "Lines", "story": f"{TEXT} One."}) + "\n"
    (raw / "rows.jsonl.gz").write_bytes(gzip.compress((line + "{cut\n").encode()))
    (raw / "rows.csv").write_text(f'headline,story\nCells,"{TEXT} Two."\n')
    table = pa.table({"headline": ["Columns", "Empty"], "story": [f"{TEXT} Three.", ""]})
    pq.write_table(table, raw / "rows.parquet")
    (raw / "feed.xml").write_text(FEED)
    (raw / "latin.csv").write_bytes("title,text\nCafé,Déjà vu à Köln.\n".encode("latin-1"))
    return folder


def test_every_kind_of_file(galley: Any, tmp_path: Path) -> None:
    """Each row and entry is a record or has a reason; the hash is of the file on disk."""
    folder = lay_out(tmp_path)
    result = galley("build", "--json", "--workspace", folder)
    summary = json.loads(result.stdout)
    assert (result.returncode, summary["records"], summary["quarantined"]) == (1, 5, 2)
    records = pq.read_table(folder / "build/out/records").to_pylist()
    found = {record["title"]: record["sources"][0] for record in records}
    assert {title: source["encoding"] for title, source in found.items()} == {
        "Lines": "utf-8", "Cells": "utf-8", "Columns": "utf-8", "Feed": "utf-8", "Café": "cp1252"
    }  # fmt: skip
    lines = (folder / "build/out/quarantine.jsonl").read_text().splitlines()
    assert {json.loads(line)["reason"] for line in lines} == {"row_invalid", "row_no_text"}
    account = pq.read_table(folder / "build/out/account.parquet").to_pylist()
    places = {row["byte_start"] for row in account if row["source_file"] == "raw/rows.parquet"}
    assert places == {None}
    assert {r["publisher"] for r in records} == {"The Rows", "The Quay", None}


def test_inspect_and_quarantine(galley: Any, tmp_path: Path) -> None:
    """What a packed file and one without byte ranges became can be looked at."""
    folder = lay_out(tmp_path)
    galley("build", "--workspace", folder)
    for name in ("rows.jsonl.gz", "rows.parquet", "feed.xml", "latin.csv"):
        path = folder / "build/raw" / name
        result = galley("inspect", path, "--workspace", folder, "--json")
        assert len(json.loads(result.stdout)["records"]) == 1, result.stderr
    result = galley("quarantine", "replay", "--all", "--workspace", folder, "--json")
    assert "refused" in result.stdout


def test_files_that_are_too_large(galley: Any, tmp_path: Path) -> None:
    """A limit in the settings; a changed one changes what is built."""
    folder = lay_out(tmp_path)
    galley("build", "--workspace", folder)
    words = ("build", "--json", "--workspace", folder)
    summary = json.loads(galley(*words, GALLEY_BUILD_MAX_BYTES="100").stdout)
    assert summary["records"] < 5
    text = (folder / "build/out/quarantine.jsonl").read_text()
    assert '"reason":"too_large"' in text
    assert json.loads(galley(*words).stdout)["records"] == 5
