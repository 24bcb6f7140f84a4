"""`galley publish`, `verify hf://`, `rollback` and `yank`, against a hub on the loopback."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from galley.releases.signature import sign
from tests.e2e.publish.conftest import FIRST, NAME, SECOND, THIRD, Client
from tests.hub.repo import File
from tests.hub.state import TOKEN
from tests.unit.releases.test_signature import write_keys

REMOTE = f"hf://datasets/{NAME}@v"
READ = """
import json, sys
import pandas as pd
from datasets import load_dataset
name, revision = sys.argv[1:]
loaded = load_dataset(name, revision=revision)
stream = load_dataset(name, "all", revision=revision, streaming=True)
path = f"hf://datasets/{name}@{revision}/data/corrected/train-00000-of-00001.parquet"
print(json.dumps({
    "loaded": {split: sorted(rows["id"]) for split, rows in loaded.items()},
    "streamed": {split: sorted(row["id"] for row in rows) for split, rows in stream.items()},
    "pandas": sorted(pd.read_parquet(path)["id"]),
    "tags": sorted({tag for tags in loaded["train"]["tags"] for tag in tags}),
}))
"""


def answer(done: Any, code: int = 0) -> dict[str, Any]:
    """Return the JSON object that a command printed."""
    assert done.returncode == code, done.stdout + done.stderr
    value: dict[str, Any] = json.loads(done.stdout)
    return value


def error(done: Any) -> str:
    """Return the code of the failure that a command printed."""
    return str(answer(done, 2)["error"]["code"])


@pytest.fixture(params=["1", "0"], ids=["lfs", "xet"])
def any_client(client: Client, request: pytest.FixtureRequest) -> Client:
    """Return a client that uploads by LFS, and one that uploads by Xet."""
    client.environ["HF_HUB_DISABLE_XET"] = request.param
    return client


def test_publish_and_read(any_client: Client) -> None:
    """One commit and one tag with the right bytes; every kind of reader gets them."""
    client, hub = any_client, any_client.hub
    done = client.publish()
    assert answer(done)["changed"] is True
    assert TOKEN not in done.stdout + done.stderr
    assert hub.content(NAME, "main") == client.release(FIRST)
    assert len(hub.repo(NAME).log()) == 2  # the Hub's own, and ours
    assert hub.repo(NAME).tags == {f"v{FIRST}": hub.repo(NAME).head}
    found = client.python(READ, NAME, f"v{FIRST}")
    assert found["pandas"] == found["loaded"]["train"]
    assert set(found["loaded"]["train"]) < set(found["streamed"]["train"])
    assert sum(map(len, found["streamed"].values())) == 20
    assert answer(client.galley("verify", REMOTE + FIRST, "--json"))["ok"] is True


def test_next_version_rollback_and_yank(any_client: Client) -> None:
    """What a release does not hold is deleted; a rollback is one commit; a yank no commit."""
    client = any_client
    client.put(FIRST)
    for version in (SECOND, THIRD):
        answer(client.publish(version))
        assert client.hub.content(NAME, "main") == client.release(version)
    repo = client.hub.repo(NAME)
    assert ".gitattributes" in repo.tree("main")
    assert client.python(READ, NAME, f"v{SECOND}")["tags"] == ["shipping", "water"]
    answer(client.galley("rollback", FIRST, "--to", NAME, "--yes", "--json"))
    assert client.hub.content(NAME, "main") == client.release(FIRST)
    assert (len(repo.log()), len(repo.tags)) == (5, 3)
    answer(client.galley("yank", THIRD, "--to", NAME, "--yes", "--json"))
    assert (len(repo.log()), sorted(repo.tags)) == (5, [f"v{FIRST}", f"v{SECOND}"])
    assert answer(client.galley("verify", REMOTE + SECOND, "--json"))["ok"] is True


def test_only_what_changed_is_sent(client: Client) -> None:
    """Files that the hub has are not sent again, a second run sends nothing at all."""
    client.put(FIRST)
    sent = len(client.hub.state.received)
    client.publish(SECOND)
    assert len(client.hub.state.received) - sent == 2  # the split of the changed row, the index
    asked = len(client.hub.faults.seen)
    assert answer(client.publish(SECOND))["changed"] is False
    again = client.hub.faults.seen[asked:]
    assert again
    assert all(request.startswith(("GET", "HEAD")) for request in again)


def test_dry_run_changes_nothing(client: Client) -> None:
    """It says what would change; without --yes nothing happens where nobody can be asked."""
    plan = answer(client.publish(FIRST, "--dry-run"))
    assert (plan["creates"], plan["tag"], plan["changed"]) == (True, "new", False)
    assert sorted(plan["written"]) == sorted(client.release(FIRST))
    words = ("publish", "--to", NAME, "--workspace", str(client.workspace), "--json")
    assert error(client.galley(*words)) == "usage"
    assert client.hub.state.repos == {}


def test_a_tag_with_other_content_is_refused(client: Client) -> None:
    """Whoever made it: main stays as it was."""
    client.hub.state.create(NAME)
    repo = client.hub.repo(NAME)
    repo.tags[f"v{FIRST}"] = head = repo.head
    assert error(client.publish(FIRST)) == "tag_exists"
    assert repo.head == head


def test_an_older_version_is_refused(client: Client) -> None:
    """Main would go back in time; that is what rollback is for."""
    client.put(SECOND)
    head = client.hub.repo(NAME).head
    assert error(client.publish(FIRST)) == "version_low"
    assert client.hub.repo(NAME).head == head


@pytest.mark.parametrize(("token", "code"), [("", "no_token"), ("hf_wrong", "hub_denied")])
def test_tokens(client: Client, token: str, code: str) -> None:
    """None, and one that may not write: one error, and no word of the token."""
    client.environ["HF_TOKEN"] = token
    done = client.publish()
    assert error(done) == code
    assert "hf_wrong" not in done.stdout + done.stderr
    assert client.hub.state.repos == {}


def test_somebody_else_commits_meanwhile(client: Client) -> None:
    """Their commit is not overwritten."""
    client.put(FIRST)
    repo = client.hub.repo(NAME)

    def commit() -> None:
        repo.commit({**repo.tree("main"), "notes.txt": next(iter(repo.tree("main").values()))}, "x")

    client.plan("412-before", "POST .*/commit/", meanwhile=commit)
    assert error(client.publish(SECOND)) == "hub_moved"
    assert "notes.txt" in repo.tree("main")
    assert list(repo.tags) == [f"v{FIRST}"]


@pytest.mark.parametrize("name", ["manifest.json", "README.md", "index.jsonl.zst", None])
def test_verify_finds_what_is_wrong_on_the_hub(client: Client, name: str | None) -> None:
    """A flipped byte in any file; None stands for a data file."""
    client.put(FIRST)
    name = name or "data/corrected/test-00000-of-00001.parquet"
    path = client.hub.state.blobs.path(client.hub.repo(NAME).tree("main")[name].sha256)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    issues = answer(client.galley("verify", REMOTE + FIRST, "--json"), 1)["issues"]
    assert (name, "tree_hash") in {(issue["path"], issue["code"]) for issue in issues}


def test_verify_finds_missing_and_extra_files(client: Client) -> None:
    """In a revision that somebody changed by hand, and a tag at the wrong version."""
    client.put(FIRST)
    repo = client.hub.repo(NAME)
    tree = dict(repo.tree("main"))
    tree["extra.txt"] = File(**vars(tree.pop("DATASHEET.md")))
    repo.tags["v0.3.0"] = repo.commit(tree, "by hand")
    issues = answer(client.galley("verify", f"{REMOTE}0.3.0", "--json"), 1)["issues"]
    found = {(issue["path"], issue["code"]) for issue in issues}
    assert {
        ("DATASHEET.md", "file_missing"),
        ("extra.txt", "file_extra"),
        ("manifest.json", "tag_version"),
    } <= found
    assert error(client.galley("verify", f"{REMOTE}9.9.9", "--json")) == "hub_refuses"
    assert error(client.galley("verify", "hf://datasets/no/such", "--json")) == "hub_missing"


def test_revisions_on_the_hub_are_compared(client: Client) -> None:
    """With each other and with a release here; one that is there and holds none is an error."""
    client.put(FIRST, SECOND)
    words = ("--workspace", client.workspace, "--json")
    for other in (SECOND, REMOTE + SECOND):
        found = answer(client.galley("diff", REMOTE + FIRST, other, *words))
        assert (found["from"], found["to"], found["level"]) == (REMOTE + FIRST, other, "patch")
        assert found["detail"]["tags"] == {"water": [0, 1]}
    client.hub.put("ada/other", {"README.md": b"nothing"}, "v1")
    assert (
        error(client.galley("diff", "hf://datasets/ada/other@v1", SECOND, *words)) == "no_release"
    )


def test_a_signature_is_checked_on_the_hub(client: Client, tmp_path: Path) -> None:
    """The signature comes from elsewhere: the dataset holds what the manifest names, no more."""
    private, public = write_keys(tmp_path, "key")
    signature = shutil.copy(
        sign(client.workspace / "releases" / SECOND, private), tmp_path / "signature"
    )
    client.put(FIRST, SECOND)
    words = ("--key", public, "--signature", signature, "--json")
    assert answer(client.galley("verify", REMOTE + SECOND, *words))["ok"] is True
    issues = answer(client.galley("verify", REMOTE + FIRST, *words), 1)["issues"]
    assert [issue["code"] for issue in issues] == ["signature_other"]
