"""`galley forget`: nobody can tell any more who it was, and nothing that was said is lost."""

import json
import os
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from galley.annotations.pseudonym import Pseudonyms, replace_key
from galley.annotations.pull import is_news
from galley.desk import Workspace
from galley.errors import LedgerError
from galley.ledger import Event, Ledger
from tests.acceptance.conftest import correct
from tests.acceptance.test_retract import git

ANN, BOB, CAL = "ann@example.org", "bob@example.org", "cal@example.org"


def files_of(workspace: Path) -> tuple[Path, Path]:
    """Return the key and its fingerprint."""
    return workspace / ".galley/annotator.key", workspace / "annotations/annotator-key.fingerprint"


@pytest.fixture
def people(workspace: Path) -> tuple[Path, dict[str, str]]:
    """Return a workspace with a history in which three people said something, and their names."""
    desk = Workspace.open(workspace)
    pseudonyms = Pseudonyms.open(*files_of(workspace))
    names = {one: pseudonyms.of(one) for one in (ANN, BOB, CAL)}
    records = [record for record, _ in zip(desk.records(), range(3), strict=False)]
    for (number, name), record in zip(enumerate(names.values()), records, strict=True):
        event = correct(record, hour=11 + number)
        made = {**vars(event), "annotator": name}
        made.pop("event", None)
        desk.ledger.append([Event(**made)])
    (workspace / "private.html").write_text(f"<p>{names[ANN]}</p>", encoding="utf-8")
    git(workspace, "init", "-q")
    git(workspace, "add", "-A")
    git(workspace, "commit", "-qm", "all")
    return workspace, names


def forget(galley: Any, workspace: Path, who: str, *words: str) -> dict[str, Any]:
    """Forget somebody, and return what was said of it."""
    done = galley("forget", who, *words, "--json", "--workspace", workspace)
    assert done.returncode == 0, done.stderr + done.stdout
    assert "@" not in done.stdout + done.stderr
    return dict(json.loads(done.stdout))


def test_nobody_can_tell_who_it_was(galley: Any, people: tuple[Path, dict[str, str]]) -> None:
    """The work stays, under a name that neither the key nor the address leads to."""
    workspace, names = people
    desk = Workspace.open(workspace)
    before, head = desk.ledger.events(), desk.ledger.head()
    merged = list(desk.merged())
    found = forget(galley, workspace, ANN, "--keep", BOB, "--yes")
    assert (found["pseudonym"], found["events"], found["kept"]) == (names[ANN], 1, 1)
    after = Workspace.open(workspace).ledger.events(head)
    assert [event.event for event in after] == [event.event for event in before]
    assert [event.after for event in after] == [event.after for event in before]
    assert [record["entities"] for record in merged] == [
        record["entities"] for record in Workspace.open(workspace).merged()
    ]
    assert names[ANN] not in {event.annotator for event in after}
    pseudonyms = Pseudonyms.open(*files_of(workspace))
    assert pseudonyms.of(ANN) not in {event.annotator for event in after} | {names[ANN]}
    assert pseudonyms.of(BOB) == names[BOB]
    assert pseudonyms.of(CAL) != names[CAL]
    text = "".join(path.read_text() for path in (workspace / "annotations").rglob("*.json*"))
    assert names[ANN] not in text
    assert stat.S_IMODE(files_of(workspace)[0].stat().st_mode) == 0o600


def test_what_still_holds_it_is_said(galley: Any, people: tuple[Path, dict[str, str]]) -> None:
    """The history, a page that somebody wrote, and who loses the pseudonym for want of an address."""
    workspace, names = people
    found = forget(galley, workspace, names[ANN], "--keep", BOB, "--dry-run")
    assert found["files"] == ["private.html"]
    assert len(found["commits"]) == 1
    assert names[CAL] in found["strangers"]
    assert any(names[CAL] in sentence for sentence in found["remains"])


def test_dry_run_changes_nothing(galley: Any, people: tuple[Path, dict[str, str]]) -> None:
    """No byte of the workspace, and the key neither."""
    workspace, _ = people
    before = {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()}
    assert forget(galley, workspace, ANN, "--dry-run")["done"] is False
    assert {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()} == before


def test_a_second_time_does_nothing(galley: Any, people: tuple[Path, dict[str, str]]) -> None:
    """Neither by the address, which leads nowhere now, nor by the old pseudonym."""
    workspace, names = people
    assert forget(galley, workspace, ANN, "--yes")["done"]
    key = files_of(workspace)[0].read_bytes()
    for who in (ANN, names[ANN]):
        assert not forget(galley, workspace, who, "--yes")["done"]
    assert files_of(workspace)[0].read_bytes() == key


def test_killed_after_the_ledger(galley: Any, people: tuple[Path, dict[str, str]]) -> None:
    """The next run ends what a killed one began, and under the same name."""
    workspace, names = people
    pseudonyms = Pseudonyms.open(*files_of(workspace))
    now = pseudonyms.successor(names[ANN])
    Workspace.open(workspace).ledger.rekey(names[ANN], now)
    assert forget(galley, workspace, ANN, "--keep", BOB, "--yes")["done"]
    assert Pseudonyms.open(*files_of(workspace)).key != pseudonyms.key
    assert now in {event.annotator for event in Workspace.open(workspace).ledger.events()}


@pytest.mark.parametrize("written", range(4))
def test_killed_between_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: int) -> None:
    """Killed after any file, one key is whole, those who stay keep their names, the rest follows."""
    files = (tmp_path / "private/annotator.key", tmp_path / "fingerprint")
    bob = Pseudonyms.open(*files).of(BOB)
    replace_key(*files, [BOB], gone="y")  # there are names of a key before
    left = [written]

    def tired(real: Any) -> Any:
        def write(*words: Any, **options: Any) -> None:
            if not left[0]:
                raise KeyboardInterrupt
            left[0] -= 1
            real(*words, **options)

        return write

    import galley.annotations.pseudonym as module

    with monkeypatch.context() as patch:
        for name in ("write_bytes", "write_json", "write_text"):
            patch.setattr(module, name, tired(getattr(module, name)))
        with pytest.raises(KeyboardInterrupt):
            replace_key(*files, [BOB], gone="x")
    assert Pseudonyms.open(*files).of(BOB) == bob
    assert replace_key(*files, [BOB], gone="x").of(BOB) == bob
    assert Pseudonyms.open(*files).of(BOB) == bob


def test_a_pull_does_not_bring_it_back(people: tuple[Path, dict[str, str]]) -> None:
    """The annotation that is still on the server says nothing new under a new pseudonym."""
    workspace, names = people
    ledger = Workspace.open(workspace).ledger
    ledger.rekey(names[ANN], "c" * 16)
    (known,) = [event for event in ledger.events() if event.annotator == "c" * 16]
    same = {k: v for k, v in vars(known).items() if k not in {"event", "known_as"}}
    assert not is_news(Event(**same | {"annotator": "d" * 16}), known)
    assert is_news(Event(**same | {"after": {"tags": [], "entities": []}}), known)


def test_another_clone_is_told(people: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    """Where one clone rekeyed an event, that counts, whatever files say of it besides."""
    workspace, names = people
    folder = workspace / "annotations/ledger"
    old = b"".join(path.read_bytes() for path in sorted(folder.glob("*.jsonl")))
    Workspace.open(workspace).ledger.rekey(names[ANN], "c" * 16)
    (folder / "00-clone.jsonl").write_bytes(old)
    (folder / "zz-clone.jsonl").write_bytes(old)
    assert names[ANN] not in {e.annotator for e in Workspace.open(workspace).ledger.events()}


def test_a_rekeyed_line_that_was_changed(people: tuple[Path, dict[str, str]]) -> None:
    """Its content is covered as that of any other line is."""
    workspace, names = people
    Workspace.open(workspace).ledger.rekey(names[ANN], "c" * 16)
    folder = workspace / "annotations/ledger"
    for path in folder.glob("*.jsonl"):
        path.write_text(path.read_text().replace('"c' + "c" * 15, '"d' + "c" * 15))
    with pytest.raises(LedgerError) as caught:
        Ledger(folder, writer=workspace / ".galley/writer").events()
    assert caught.value.code == "ledger_hash"


def test_the_key_in_the_environment(galley: Any, people: tuple[Path, dict[str, str]]) -> None:
    """It cannot be replaced there, and nothing is done."""
    workspace, names = people
    key = files_of(workspace)[0].read_text().strip()
    done = galley(
        "forget", ANN, "--yes", "--json", "--workspace", workspace, GALLEY_ANNOTATOR_KEY=key
    )
    assert json.loads(done.stdout)["error"]["code"] == "annotator_key"
    assert names[ANN] in {event.annotator for event in Workspace.open(workspace).ledger.events()}


def test_git_passes_the_key_over(people: tuple[Path, dict[str, str]]) -> None:
    """Whatever `.gitignore` of the workspace says, the key is in no commit, and its owner's."""
    workspace, _ = people
    said = subprocess.run(
        ["git", "-C", workspace, "ls-files", ".galley"], capture_output=True, text=True, check=True
    )
    assert "annotator.key" not in said.stdout
    if os.name == "posix":
        files_of(workspace)[0].chmod(0o644)
        with pytest.raises(LedgerError):
            Pseudonyms.open(*files_of(workspace))
