"""Each gate holds back what it is for, and nothing is left behind."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from galley.annotations.pseudonym import Pseudonyms, find_annotators
from galley.errors import ReleaseError
from galley.manifest import list_files
from galley.record import Record
from galley.releases.gates import (
    AddressGate,
    DatasheetGate,
    Gate,
    LeakageGate,
    SecretGate,
    check_licenses,
)
from galley.releases.stage import Outcome, Terms, cut, make_draft
from tests.conftest import ROOT
from tests.factory import make_corrected, make_record
from tests.unit.releases.conftest import Workshop

SHEET = (ROOT / "DATASHEET.md").read_text(encoding="utf-8")
WORDS = [f"word{number}" for number in range(4000)]


def story(number: int, *, tail: str = "") -> Record:
    """Return a corrected record whose text shares no three words with another's."""
    words = ["Marlow Sound, Ada Quill:", *WORDS[60 * number : 60 * number + 60]]
    text = " ".join(words) + tail
    return make_corrected(number, text=text, entities=[])


def attempt(workshop: Workshop, records: list[Record], gate: Gate, **changes: Any) -> Outcome:
    return cut(workshop.folder, workshop.material(records, **changes), terms=Terms([gate]))


def refused(workshop: Workshop, records: list[Record], gate: Gate, **changes: Any) -> ReleaseError:
    """Return why the release was refused; nothing of it is left."""
    with pytest.raises(ReleaseError) as caught:
        attempt(workshop, records, gate, **changes)
    assert not list(workshop.folder.glob("*"))
    return caught.value


def test_a_blank_answer_is_named(workshop: Workshop) -> None:
    blank = SHEET.replace("Through the issues of the repository.", "")
    error = refused(workshop, [make_corrected(1)], DatasheetGate({}), datasheet=blank)
    assert error.code == "answer_blank"
    assert "7.2 How can they be reached?" in error.message
    assert attempt(workshop, [make_corrected(1)], DatasheetGate({}), datasheet=SHEET).created


def test_while_nothing_is_corrected_a_blank_answer_is_a_warning(workshop: Workshop) -> None:
    blank = SHEET.replace("Through the issues of the repository.", "")
    outcome = attempt(workshop, [make_record(1)], DatasheetGate({}), datasheet=blank)
    assert "1 question without an answer" in outcome.warnings[1]


def places(workshop: Workshop, records: list[Record]) -> dict[str, str]:
    return {entry.id: entry.split for entry in workshop.cut(records).release.entries}


@pytest.mark.parametrize("tail", ["", " and a new ending of it"], ids=["exact", "near"])
def test_a_text_in_two_splits_is_a_leak(workshop: Workshop, tmp_path: Path, tail: str) -> None:
    """Whatever the clusters say: another record has the text of each, under its own cluster."""
    records = [story(number) for number in range(12)]
    splits = places(Workshop(tmp_path / "elsewhere"), records)
    one = next(record for record in records if splits[record["id"]] == "test")
    other = next(record for record in records if splits[record["id"]] == "train")
    copy = make_corrected(0, id=other["id"], text=one["text"] + tail, entities=[])
    leaking = [record for record in records if record is not other] + [copy]
    error = refused(workshop, leaking, LeakageGate(0.7))
    assert error.code == "split_leak"
    assert attempt(workshop, records, LeakageGate(0.7)).created


def test_what_was_released_before_does_not_hold_up_the_next(workshop: Workshop) -> None:
    """It cannot move; a new record that is like it can be held back."""
    records = [story(number) for number in range(12)]
    twins = [
        story(number) | {"id": f"{number:032x}", "cluster": f"{number:032x}"}
        for number in range(12)
    ]
    workshop.cut([*records, *twins])
    assert attempt(workshop, [*records, *twins, story(40)], LeakageGate(0.7)).created


@pytest.fixture
def people(tmp_path: Path) -> AddressGate:
    """Return the gate of a workspace in which ada@example.org annotated."""
    key, fingerprint = tmp_path / "annotator.key", tmp_path / "fingerprint"
    known = Pseudonyms.open(key, fingerprint, environ={}).of("ada@example.org")
    return AddressGate(find_annotators(key, fingerprint, frozenset({known})))


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "Marlow Sound: Ada@example.org is Ada Quill.", "entities": []},
        {"captions": ["Photo: ada@example.org"]},
        {"tags": ["mailto:ada@example.org"]},
        {"sources": [make_record(1)["sources"][0] | {"file": "ada@example.org/a.txt"}]},
    ],
    ids=["text", "list", "tag", "struct"],
)
def test_an_annotators_address_in_the_rows(
    workshop: Workshop, people: AddressGate, changes: dict[str, Any]
) -> None:
    """Wherever it stands; it is not repeated in full."""
    error = refused(workshop, [make_corrected(1, **changes)], people)
    assert error.code == "annotator_address"
    assert "ada@" not in error.message.lower()


def test_an_annotators_address_in_the_words(workshop: Workshop, people: AddressGate) -> None:
    """The datasheet may name a contact, and no annotator."""
    sheet = SHEET.replace("Through the issues", "Ask <ada@example.org> through the issues")
    assert (
        refused(workshop, [make_corrected(1)], people, datasheet=sheet).code == "annotator_address"
    )
    sheet = sheet.replace("ada@", "office@")
    letter = make_corrected(1, captions=["editor@example.org"])
    assert attempt(workshop, [letter], people, datasheet=sheet).created


def test_an_annotators_address_in_any_file(workshop: Workshop, people: AddressGate) -> None:
    """Of every kind that a release has, also in what is packed."""
    folder = workshop.cut([make_corrected(1), make_record(2)]).release.path
    draft = make_draft(workshop.folder, workshop.material([make_corrected(1)]))
    words = "see mailto:Ada@Example.org, she knows\n"
    names = [name for name in list_files(folder) if not name.endswith(".parquet")]
    assert {Path(name).suffix for name in names} >= {".md", ".json", ".cff", ".zst"}
    assert not list(people(draft, folder))
    for name in names:
        path = folder / name
        before = path.read_bytes()
        if path.suffix == ".zst":
            with pa.output_stream(str(path), compression="zstd") as stream:
                stream.write(words.encode())
        else:
            path.write_bytes(before + words.encode())
        assert [issue.path for issue in people(draft, folder)] == [name]
        path.write_bytes(before)


def test_licences_that_may_not_leave(workshop: Workshop) -> None:
    """Null, or one that the settings do not list: the records are named."""
    records = [
        make_corrected(1),
        make_corrected(2, license=None),
        make_record(3, license="LicenseRef-x"),
    ]
    release = workshop.cut(records).release
    issues = check_licenses(release, ["CC0-1.0"])
    assert {(issue.path.split()[-1], issue.got) for issue in issues} == {
        (records[1]["id"], "none"),
        (records[2]["id"], "LicenseRef-x"),
    }
    assert len(check_licenses(release, [])) == 3


_JWT = (
    "eyJ" + "hbGciOiJIUzI1NiJ9" + ".eyJ" + "zdWIiOiIxMjM0NTY3ODkwIn0." + "c2lnbmF0dXJlLW9mLXRoaXM"
)
_OWN = "5d1e0a7c9b3f4e2d"
_SECRETS = {
    "hub": "hf_" + "a" * 34,
    "web": _JWT,
    "github": "ghp_" + "b" * 36,
    "cloud": "AKIA" + "C" * 16,
    "key": "-----BEGIN " + "EC PRIVATE KEY-----",
    "own": _OWN,
}


@pytest.mark.parametrize("name", _SECRETS)
@pytest.mark.parametrize("field", ["text", "captions", "title"])
def test_a_secret_in_the_rows(workshop: Workshop, name: str, field: str) -> None:
    """A token of a known service, or one of this workspace: in any field, and not repeated."""
    words = f"Marlow Sound: see {_SECRETS[name]} there, Ada Quill."
    changes = {field: [words] if field == "captions" else words, "entities": []}
    error = refused(workshop, [make_corrected(1, **changes)], SecretGate(frozenset({_OWN})))
    assert error.code == "secret"
    assert _SECRETS[name] not in error.message


def test_a_secret_in_the_words(workshop: Workshop) -> None:
    """In what people wrote; a word that only looks like one passes."""
    gate = SecretGate(frozenset({_OWN, "short"}))
    sheet = SHEET.replace("Through the issues", f"With {_JWT} through the issues")
    assert refused(workshop, [make_corrected(1)], gate, datasheet=sheet).code == "secret"
    sheet = SHEET.replace("Through the issues", f"hf_short, x{_OWN}, short: through the issues")
    assert attempt(workshop, [make_corrected(1)], gate, datasheet=sheet).created
