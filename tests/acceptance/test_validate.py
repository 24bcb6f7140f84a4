"""`galley validate`: anyone's Parquet and JSON Lines, on the real command line."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from galley.desk import Workspace
from galley.schema.arrow import arrow_schema
from galley.schema.contract import Contract
from tests.factory import make_corrected, make_record

GOOD = [make_record(number) for number in range(3)]


def write(path: Path, *lines: Any, opener: Callable[..., Any] = open) -> Path:
    """Write `lines` to `path`, each as it is or as JSON."""
    with opener(path, "wt", encoding="utf-8", newline="") as file:
        file.writelines(
            (line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines
        )
    return path


def write_zstd(path: Path, *lines: Any) -> Path:
    """Write `lines` as JSON, compressed by zstd."""
    text = "".join(json.dumps(line) + "\n" for line in lines)
    with pa.CompressedOutputStream(str(path), "zstd") as stream:
        stream.write(text.encode())
    return path


def found(galley: Any, path: Path, *options: str, code: int = 1) -> dict[str, Any]:
    """Return what `galley validate PATH --json` prints, run outside of a workspace."""
    done = galley("validate", path, "--json", *options, cwd=path.parent)
    assert done.returncode == code, done.stderr
    value: dict[str, Any] = json.loads(done.stdout)
    return value


@pytest.mark.parametrize("kind", ["plain", "gzip", "zstd", "parquet"])
def test_valid_data_is_valid(galley: Any, tmp_path: Path, kind: str) -> None:
    """In each format, told by its first bytes, not by its name."""
    path = tmp_path / ("data.parquet" if kind == "parquet" else "data")
    if kind == "parquet":
        pq.write_table(pa.Table.from_pylist(GOOD, arrow_schema(Contract.default())), path)
    elif kind == "zstd":
        write_zstd(path, *GOOD)
    else:
        write(path, *GOOD, opener=gzip.open if kind == "gzip" else open)
    assert found(galley, path, code=0) == {"ok": True, "rows": 3, "issues": [], "total": 0}


def test_every_kind_of_issue_is_named_with_its_place(galley: Any, tmp_path: Path) -> None:
    """Lines that are no JSON are issues like the others, in the order of the file."""
    broken = make_corrected()
    broken["entities"][1]["start"] += 1
    path = write(
        tmp_path / "mixed.jsonl",
        *(GOOD[0], "", '{"cut": ', GOOD[1] | {"id": GOOD[1]["id"] + "\n"}),
        *("NaN", broken, GOOD[2] | {"title": "half \ud83d"}, GOOD[2] | {"text_sha256": "0" * 64}),
    )
    value = found(galley, path)
    places = [(item["path"].removeprefix(f"{path}:"), item["code"]) for item in value["issues"]]
    assert places == [
        ("3", "not_json"),
        ("4: $.id", "schema_pattern"),
        ("5", "not_json"),
        ("6: $.entities[1]", "span_text"),
        ("7: $.title", "text_character"),
        ("8: $.text_sha256", "text_hash"),
    ]
    assert (value["ok"], value["rows"], value["total"]) == (False, 7, 6)
    assert set(value["issues"][0]) == {"path", "code", "expected", "got"}


def test_the_first_twenty_or_all(galley: Any, tmp_path: Path) -> None:
    """The total counts those that are not named too."""
    path = write(tmp_path / "many.jsonl", *[make_record(n, title="", tags=3) for n in range(15)])
    short, full = found(galley, path), found(galley, path, "--all")
    assert (short["total"], full["total"]) == (30, 30)
    assert short["issues"] == full["issues"][:20]
    assert len(full["issues"]) == 30
    done = galley("validate", path)
    assert "10 more: --all names them" in done.stdout
    assert f"{path}:1: $.title: schema_minLength: '' should be non-empty" in done.stdout


def test_columns_are_compared_before_rows(galley: Any, tmp_path: Path) -> None:
    """Missing, unknown and of another type; what remains of the rows is checked."""
    table = pa.Table.from_pylist(GOOD, arrow_schema(Contract.default()))
    table = table.drop_columns(["url", "text_sha256"]).append_column("mood", pa.array(["x"] * 3))
    table = table.set_column(0, "id", pa.array([1, 2, 3]))
    table = table.set_column(
        table.schema.get_field_index("title"), "title", pa.array(["a", "", "b"])
    )
    path = tmp_path / "columns.parquet"
    pq.write_table(table, path)
    value = found(galley, path)
    assert [(item["path"].removeprefix(str(path)), item["code"]) for item in value["issues"]] == [
        (": $.text_sha256", "column_missing"),
        (": $.url", "column_missing"),
        (": $.mood", "column_unknown"),
        (": $.id", "column_type"),
        (":2: $.title", "schema_minLength"),
    ]


def test_a_release_and_a_build_are_valid(galley: Any, workspace: Path) -> None:
    """Also where labels are stored as numbers; the folder is searched to its depths."""
    outcome = Workspace.open(workspace).release()
    for folder in (outcome.path, workspace / "build/out/records"):
        done = galley("validate", folder, "--workspace", workspace, "--json")
        assert done.returncode == 0, done.stdout
        assert json.loads(done.stdout)["rows"] == len(list(Workspace.open(workspace).records()))


def test_another_schema(galley: Any, tmp_path: Path) -> None:
    """`--schema` stands above the workspace's and the default one."""
    document = json.loads(json.dumps(Contract.default().document))
    document["properties"]["title"]["maxLength"] = 3
    schema = write(tmp_path / "strict.json", document)
    path = write(tmp_path / "data.jsonl", *GOOD)
    assert found(galley, path, "--schema", str(schema))["total"] == 3
    document["properties"]["title"] = {"type": "string", "pattern": "("}
    write(schema, document)
    assert found(galley, path, "--schema", str(schema), code=2)["error"]["code"] == "schema_invalid"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("nothing", None, "no_file"),
        ("list.json", b'[\n{"id": 1}\n]\n', "not_jsonl"),
        ("picture", b"\x89PNG\r\n\x1a\n\0\0\0\r", "not_jsonl"),
        ("utf16.jsonl", "{}\n".encode("utf-16"), "not_jsonl"),
        ("news.parquet", b'{"id": 1}\n', "not_parquet"),
        ("cut.parquet", b"PAR1 and no more", "unreadable"),
        ("cut.jsonl.gz", gzip.compress(b"{}\n" * 99, mtime=0)[:-9], "unreadable"),
    ],
)
def test_what_cannot_be_read_is_a_failure(
    galley: Any, tmp_path: Path, name: str, content: bytes | None, code: str
) -> None:
    """Exit code 2 with one message and what to do, whatever was found before."""
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    error = found(galley, path, code=2)["error"]
    assert error["code"] == code
    assert str(path) in error["message"]
    assert error["hint"]


def test_an_empty_file_has_no_issues(galley: Any, tmp_path: Path) -> None:
    """Nothing in it is wrong, and the answer says that nothing was checked."""
    (tmp_path / "empty.jsonl").touch()
    assert found(galley, tmp_path / "empty.jsonl", code=0)["rows"] == 0
    (tmp_path / "folder").mkdir()
    assert found(galley, tmp_path / "folder", code=2)["error"]["code"] == "no_file"


def test_text_in_no_utf8_inside_parquet(galley: Any, tmp_path: Path) -> None:
    """The row is named, and the others are checked."""
    table = pa.Table.from_pylist(GOOD, arrow_schema(Contract.default()))
    titles = pa.array([b"ok", b"\xff", b"ok"], pa.binary()).cast(pa.string(), safe=False)
    path = tmp_path / "bytes.parquet"
    pq.write_table(table.set_column(2, table.schema.field(2), titles), path)
    value = found(galley, path)
    assert [(item["path"], item["code"]) for item in value["issues"]] == [(f"{path}:2", "not_utf8")]
    assert value["rows"] == 3
