"""`galley publish --to file://DIR`: a folder a version, and a pointer."""

import json
import shutil
from pathlib import Path

import pytest

from galley.manifest import list_files
from tests.e2e.publish.conftest import FIRST, SECOND, SHEET, THIRD, Client
from tests.e2e.publish.test_publish import answer, error
from tests.factory import make_record
from tests.unit.releases.conftest import Workshop


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return where to publish."""
    return tmp_path / "a folder" / "published"


def current(folder: Path) -> str:
    """Return the version that the pointer names."""
    return str(json.loads((folder / "latest.json").read_text())["version"])


def test_publish_rollback_yank(client: Client, folder: Path) -> None:
    """The bytes are those of the release; the current version cannot be yanked."""
    to = f"file://{folder}"
    for version in (FIRST, THIRD):
        assert answer(client.publish(version, to=to))["changed"] is True
        place = folder / version
        found = {name: (place / name).read_bytes() for name in list_files(place)}
        assert (found, current(folder)) == (client.release(version), version)
    assert answer(client.publish(THIRD, to=to))["changed"] is False
    assert error(client.publish(SECOND, to=to)) == "version_low"
    assert error(client.galley("yank", THIRD, "--to", to, "--yes", "--json")) == "version_current"
    answer(client.galley("rollback", FIRST, "--to", to, "--yes", "--json"))
    assert current(folder) == FIRST
    answer(client.galley("yank", THIRD, "--to", to, "--yes", "--json"))
    assert sorted(path.name for path in folder.iterdir()) == [FIRST, "README.md", "latest.json"]
    assert error(client.galley("rollback", THIRD, "--to", to, "--yes", "--json")) == "tag_missing"
    assert client.hub.faults.seen == []


def test_the_folder_itself_loads(client: Client, folder: Path) -> None:
    """`load_dataset` of it gives the current version, and what people have seen, not all files."""
    to, code = (
        f"file://{folder}",
        (
            "import json, sys; from datasets import load_dataset\n"
            "rows = load_dataset(sys.argv[1], *sys.argv[2:])\n"
            "print(json.dumps({split: sorted(found['id']) for split, found in rows.items()}))"
        ),
    )
    for version in (FIRST, THIRD):
        answer(client.publish(version, to=to))
        for config in ((), ("all",)):
            expected = client.python(code, str(folder / version), *config)
            assert client.python(code, str(folder), *config) == expected
    answer(client.galley("rollback", FIRST, "--to", to, "--yes", "--json"))
    assert client.python(code, str(folder)) == client.python(code, str(folder / FIRST))


def test_it_says_how_to_load_it(client: Client, folder: Path) -> None:
    """The line that is printed for people runs; a dry run prints none."""
    words = ("publish", FIRST, "--to", f"file://{folder}", "--workspace", client.workspace)
    assert "galley.load" not in client.galley(*words, "--dry-run").stdout
    done = client.galley(*words, "--yes")
    line = done.stdout.splitlines()[-1].removeprefix("to use it: ")
    code = f"import galley, json; print(json.dumps(sorted({line})))"
    assert client.python(code) == ["test", "train", "validation"]


def test_a_front_page_of_their_own_stays(client: Client, folder: Path) -> None:
    """What somebody wrote is not written over."""
    folder.mkdir(parents=True)
    (folder / "README.md").write_text("ours")
    answer(client.publish(FIRST, to=f"file://{folder}"))
    assert (folder / "README.md").read_text() == "ours"


def test_other_content_is_refused(client: Client, folder: Path) -> None:
    """A version that is there never changes."""
    to = f"file://{folder}"
    client.publish(to=to)
    (folder / FIRST / "README.md").write_text("other")
    assert error(client.publish(to=to)) == "tag_exists"
    assert error(client.galley("rollback", FIRST, "--to", to, "--yes", "--json")) == "file_hash"


def test_what_a_killed_run_left(client: Client, folder: Path) -> None:
    """A half copy does not count; a copy without a pointer gets one."""
    part = folder / f".{FIRST}.part"
    part.mkdir(parents=True)
    (part / "README.md").write_text("half")
    answer(client.publish(to=f"file://{folder}"))
    (folder / "latest.json").unlink()
    answer(client.publish(to=f"file://{folder}"))
    assert sorted(path.name for path in folder.iterdir()) == [FIRST, "README.md", "latest.json"]
    assert current(folder) == FIRST


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("README.md", "file_hash"),
        ("data/corrected/train-00000-of-00001.parquet", "file_missing"),
        ("data/corrected/train-00001-of-00002.parquet", "file_extra"),
    ],
)
def test_the_gate(client: Client, tmp_path: Path, name: str, code: str) -> None:
    """Nothing leaves of a release that is not sound: nobody even asks the hub."""
    copy = tmp_path / "copy"
    shutil.copytree(client.workspace, copy)
    client.workspace = copy
    path = copy / "releases" / FIRST / name
    if code == "file_missing":
        path.unlink()
    else:
        path.write_text("other")
    assert error(client.publish()) == code
    assert client.hub.faults.seen == []


def test_a_manifest_that_the_changelog_does_not_vouch_for(client: Client, tmp_path: Path) -> None:
    """Whatever else agrees."""
    copy = tmp_path / "copy"
    shutil.copytree(client.workspace, copy)
    client.workspace = copy
    manifest = copy / "releases" / FIRST / "manifest.json"
    manifest.write_text(manifest.read_text() + "\n")
    assert error(client.publish()) == "file_hash"
    assert client.hub.faults.seen == []


def test_a_licence_that_may_not_be_published(client: Client, tmp_path: Path) -> None:
    """The release stands; it stays here."""
    copy = tmp_path / "copy"
    shutil.copytree(client.workspace, copy)
    client.workspace = copy
    settings = copy / "pyproject.toml"
    settings.write_text(settings.read_text().replace('"CC0-1.0"', '"CC-BY-4.0"'))
    assert error(client.publish()) == "license"
    assert client.hub.faults.seen == []


def test_a_blank_answer_is_not_published(client: Client, tmp_path: Path) -> None:
    """A first release may be cut with it, while nobody has corrected anything; it stays here."""
    copy = tmp_path / "copy"
    shutil.copytree(client.workspace, copy, ignore=shutil.ignore_patterns("releases"))
    client.workspace = copy
    blank = SHEET.replace("Through the issues of the repository.", "")
    Workshop(copy / "releases").cut([make_record(1)], datasheet=blank)
    done = client.publish()
    assert error(done) == "answer_blank"
    assert "7.2 How can they be reached?" in done.stdout
    assert client.hub.faults.seen == []


@pytest.mark.parametrize("target", ["", "name", "a/b/c", "https://example.org/a", "file:", "a b/c"])
def test_what_is_no_target(client: Client, target: str) -> None:
    """One error that says what is."""
    assert error(client.publish(to=target)) == "target_invalid"


def test_a_path_is_no_target(client: Client, folder: Path) -> None:
    """The hint says how it is written."""
    done = client.publish(to=str(folder))
    assert error(done) == "target_invalid"
    assert folder.as_uri() in done.stdout


@pytest.mark.parametrize("place", ["releases", "releases/published"])
def test_where_releases_are_kept_is_no_target(client: Client, place: str) -> None:
    """What is published there would be taken for a release of the workspace."""
    before = list_files(client.workspace)
    done = client.publish(to=(client.workspace / place).as_uri())
    assert error(done) == "target_invalid"
    assert "published" in done.stdout
    assert list_files(client.workspace) == before
