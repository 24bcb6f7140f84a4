"""`galley adopt`: annotations made before Galley, from exports."""

import json
from pathlib import Path
from typing import Any

import pytest

from galley.desk import Workspace
from galley.hashing import sha256_text
from galley.record import mint_id

_TEXT = "The 🚢 “Aurélie” left Oslo.\r\nAda Quill waited in Bergen."
_GOOD = [{"id": 1, "data": {"text": "a"}, "annotations": []}]


def region(start: int, end: int, surface: str, label: str = "GPE") -> dict[str, Any]:
    """Return a result as another project's screen names it."""
    value = {"start": start, "end": end, "text": surface, "labels": [label]}
    return {"id": "r", "from_name": "ner", "to_name": "body", "type": "labels", "value": value}


def annotation(number: int, *results: Any, by: Any = 1, **fields: Any) -> dict[str, Any]:
    """Return an annotation as an export has it."""
    at = f"2025-03-01T10:00:{number:02}.000000Z"
    made = {"id": number, "completed_by": by, "result": list(results), "was_cancelled": False}
    return {**made, "updated_at": at, "created_at": at, "lead_time": 1.5, **fields}


def task(number: int, *annotations: Any, text: str = _TEXT) -> dict[str, Any]:
    """Return a task as an export has it."""
    return {"id": number, "project": 7, "data": {"text": text}, "annotations": list(annotations)}


@pytest.fixture
def desk(tmp_path: Path, galley: Any) -> Any:
    """Return what adopts a document in a new workspace, and gives the answer."""
    folder = tmp_path / "workspace"
    assert galley("init", folder).returncode == 0

    def adopt(document: Any, *, code: int | None = 0) -> dict[str, Any]:
        file = tmp_path / "export.json"
        text = document if isinstance(document, str) else json.dumps(document)
        file.write_text(text, encoding="utf-8")
        done = galley("adopt", file, "--json", "--workspace", folder)
        assert code in {None, done.returncode}, done.stderr + done.stdout
        return dict(json.loads(done.stdout))

    adopt.folder = folder  # type: ignore[attr-defined]
    return adopt


def events(desk: Any) -> list[Any]:
    """Return the workspace's ledger."""
    return list(Workspace.open(desk.folder).ledger.events())


def test_outcomes(desk: Any) -> None:
    """Each annotation is an event or is put aside with its reason; a second time does nothing."""
    start = _TEXT.index("Bergen")
    document = [
        task(1, annotation(1, region(start, start + 6, "Bergen"))),
        task(
            2, annotation(2, region(start + 1, start + 7, "Bergen"), by={"id": 4, "email": "a@b.c"})
        ),
        task(3, annotation(3, was_cancelled=True), annotation(4)),
        task(4, annotation(5, region(0, 3, "The", "NOBODY"))),
        task(5, annotation(6, region(0, 3, "Teh"))),
        task(6, annotation(7), annotation(8, region(0, 3, "The", "PER"))),
    ]
    report = desk(document, code=1)
    counts = {name: report[name] for name in ("annotations", "skipped", "events", "repaired")}
    assert counts == {"annotations": 4, "skipped": 1, "events": 5, "repaired": 2}
    assert report["reasons"] == {"label_unknown": 1, "span_surface": 1, "annotation_double": 1}
    assert (report["quarantined"], report["without_record"]) == (3, 5)
    again = desk(document)
    assert (again["events"], again["quarantined"]) == (0, 0)
    assert "a@b.c" not in "".join(p.read_text() for p in desk.folder.rglob("*.jsonl"))


def test_offsets_count_in_the_record(desk: Any) -> None:
    """Spans are moved to the text as a record has it, and the event says by which rules."""
    start = _TEXT.index("Bergen")
    desk([task(1, annotation(1, region(start + 1, start + 7, "Bergen")))])
    (event,) = events(desk)
    text = _TEXT.replace("\r\n", "\n")
    (entity,) = event.after["entities"]
    assert text[entity["start"] : entity["end"]] == "Bergen"
    assert [item["rule"] for item in event.repairs] == ["utf16", "normalised"]
    assert event.text_sha256 == sha256_text(text)
    assert event.record_id == mint_id(sha256_text(text))


def test_changed_later(desk: Any) -> None:
    """A later export of the same project adds what changed, and no more."""
    old, new = annotation(1, region(0, 3, "The", "PER")), annotation(2)
    desk([task(1, old | {"unique_id": "u"})])
    assert desk([task(1, new | {"unique_id": "u"})])["events"] == 1
    first, second = events(desk)
    assert (second.before, second.after) == (first.after, {"tags": [], "entities": []})


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ("no JSON", "no JSON"),
        ({"projects": []}, "several projects"),
        ([{"project": {"id": 1}, "tasks": []}], "several projects"),
        ([{"id": 1, "completions": []}], "older than 1.0"),
        ([{"id": 1, "text": "a", "annotation_id": 3, "annotator": 1}], "JSON-MIN"),
        ([{"id": 1, "data": {"text": "a"}}], "lacks"),
        ([{"id": 1, "data": {"image": "a"}, "annotations": []}], "image"),
        ({"text": "a"}, "no list of tasks"),
    ],
)
def test_refused(desk: Any, document: Any, reason: str) -> None:
    """What is no export of texts is refused as a whole, and the reason is clear."""
    error = desk(document, code=2)["error"]
    assert error["code"] == "export_format"
    assert reason in error["message"]
    assert desk(_GOOD)["tasks"] == 1


def test_samples(desk: Any, SHARED: Path) -> None:
    """Every sample export is adopted or refused; the edge cases have the outcomes expected."""
    folder = SHARED / "samples/label_studio"
    for path in sorted(folder.glob("[01]*.json")):
        report = desk(path.read_text(encoding="utf-8"), code=None)
        refused = report.get("error", {}).get("code") == "export_format"
        assert refused or report["events"] + report["quarantined"] > 0, path.name
    before = len(events(desk))
    report = desk((folder / "90_synthetic_edge_cases.json").read_text(encoding="utf-8"), code=1)
    assert (report["events"], report["annotations"], report["skipped"]) == (17, 15, 2)
    assert report["reasons"] == {"annotation_double": 1, "label_unknown": 1}
    rules = [item["rule"] for event in events(desk) for item in event.repairs or ()]
    assert sorted(rules) == ["crlf", "left_out", "normalised", "utf16"]
    assert len(events(desk)) - before == 17
