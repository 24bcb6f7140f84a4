"""`galley export`, `galley release --standoff` and `galley rejoin`."""

import json
from pathlib import Path
from typing import Any

from galley.files import read_jsonl


def test_every_format_and_back_again(galley: Any, workspace: Path, tmp_path: Path) -> None:
    """Files for each split; and labels without texts find their texts again."""
    done = galley("release", "--standoff", tmp_path / "s", "--json", "--workspace", workspace)
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)["configs"]
    for form, suffix in (
        ("jsonl", "jsonl"),
        ("conll", "conll"),
        ("spacy", "spacy.jsonl"),
        ("csv", "csv"),
    ):
        words = ("--format", form, "--out", tmp_path / form, "--json", "--workspace", workspace)
        done = galley("export", *words)
        assert done.returncode == 0, done.stderr
        files = json.loads(done.stdout)["files"]
        assert files == {f"{split}.{suffix}": number for split, number in rows["default"].items()}
        assert {path.name for path in (tmp_path / form).iterdir()} == set(files)
    words = ("--out", tmp_path / "back.jsonl", "--workspace", workspace, "--json")
    done = galley("rejoin", tmp_path / "s", *words)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line for _, line in read_jsonl(tmp_path / "back.jsonl")]
    assert len(lines) == sum(rows["all"].values())
    assert all(
        line["text"][item["start"] : item["end"]] == item["text"]
        for line in lines
        for item in line["entities"]
    )
