"""A dry run writes nothing: not a byte in the workspace, and no request that changes a server."""

import json
from pathlib import Path
from typing import Any

import click
import pytest

from galley.files import append_jsonl
from galley.manifest import list_files
from tests.acceptance.test_cli import _commands
from tests.e2e.publish.conftest import SHEET
from tests.e2e.studio.desk import TEXT, Desk
from tests.e2e.studio.proxy import proxied
from tests.hub.server import run_hub
from tests.hub.state import TOKEN

# With what each command is run here.
CALLS = {
    "run": ["run", "--release"],
    "studio install": ["studio", "install"],
    "push": ["push"],
    "pull": ["pull"],
    "adopt": ["adopt", "{project}"],
    "release": ["release"],
    "publish": ["publish", "--to", "ada/ferries"],
    "yank": ["yank", "0.1.0", "--to", "ada/ferries"],
    "rollback": ["rollback", "0.1.0", "--to", "ada/ferries"],
    "retract": ["retract", "{record}", "--reason", "asked"],
    "forget": ["forget", "{person}"],
}
# Of the Hub's own: it asks here what it would have to be sent, and changes nothing.
_ASKING = ("/paths-info/", "/validate-yaml", "/preupload/")


def everything(folder: Path) -> dict[str, bytes]:
    """Return the bytes of all files below a folder."""
    return {path: (folder / path).read_bytes() for path in list_files(folder)}


def test_every_dry_run_is_run_here() -> None:
    """Each command that has the option, and those that write elsewhere have it."""
    found = set()
    for name, command in _commands().items():
        flags = {flag for item in command.params for flag in item.opts}
        if "--dry-run" in flags and not isinstance(command, click.Group):
            found.add(name)
    assert set(CALLS) | {"build"} == found  # of a build: `test_build.py`, where raw files are


@pytest.fixture
def elsewhere(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Yield the desk with work on the server that no pull has brought, and a Hub."""
    project = desk.run("push")["project_id"]
    (task,) = desk.tasks(project)
    known = {"id": desk.record()["id"], "kind": "title", "key": "0" * 64}
    append_jsonl(desk.folder / "build/identity.jsonl", [known])
    desk.annotate(task["id"], task["predictions"][0]["result"])
    desk.run("pull")
    (desk.folder / "DATASHEET.md").write_text(SHEET, encoding="utf-8")
    text = (desk.folder / "pyproject.toml").read_text(encoding="utf-8")
    more = '[tool.galley.release]\nlicense = "CC0-1.0"\n'
    (desk.folder / "pyproject.toml").write_text(text + more, encoding="utf-8")
    with (
        run_hub(tmp_path_factory.mktemp("hub")) as hub,
        proxied(desk.server.url) as proxy,
    ):
        environ = {"HF_ENDPOINT": hub.url, "HF_TOKEN": TOKEN, "LABEL_STUDIO_URL": proxy.url}
        environ["HF_HOME"] = str(tmp_path_factory.mktemp("home"))
        desk.run("release")
        desk.run("publish", "--to", "ada/ferries", "--yes", **environ)
        desk.annotate(task["id"], [])
        yield desk, project, hub, proxy, environ


def test_nothing_is_written(elsewhere: Any) -> None:
    """Whatever the dry run finds, and it finds what the run itself would."""
    desk, project, hub, proxy, environ = elsewhere
    record, before = desk.record()["id"], everything(desk.folder)
    commits, said = hub.repo("ada/ferries").tree("main"), {}
    for name, words in CALLS.items():
        person = desk.server.username
        words = [w.format(project=project, record=record, person=person) for w in words]  # noqa: PLW2901
        hub.faults.seen.clear()
        proxy.requests.clear()
        passed = desk.environ | environ
        done = desk.galley(*words, "--dry-run", "--json", cwd=desk.folder, **passed)
        assert done.returncode in {0, 1}, (name, done.stdout, done.stderr)
        said[name] = json.loads(done.stdout)
        assert everything(desk.folder) == before, name
        assert {method for method, _, _ in proxy.requests} <= {"GET"}, (name, proxy.requests)
        wrote = [r for r in hub.faults.seen if r.split()[0] not in {"GET", "HEAD"}]
        assert [r for r in wrote if not any(part in r for part in _ASKING)] == [], name
    assert hub.repo("ada/ferries").tree("main") == commits
    assert (said["pull"]["events"], said["release"]["created"]) == (1, False)
    assert (said["retract"]["records"], said["forget"]["events"]) == (1, 1)
    assert desk.run("pull")["events"] == 1


def test_the_text_is_not_in_what_a_release_would_be(elsewhere: Any) -> None:
    """A rehearsal leaves nothing behind in the temporary folder either."""
    desk, *_ = elsewhere
    place = desk.folder.parent / "temporary"
    place.mkdir()
    for words in (["release"], ["pull"]):
        done = desk.galley(*words, "--dry-run", cwd=desk.folder, TMPDIR=str(place), **desk.environ)
        assert done.returncode == 0, done.stderr
    left = {path: data for path, data in everything(place).items() if TEXT.encode() in data}
    assert left == {}
