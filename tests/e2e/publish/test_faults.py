"""Faults on the way to the Hub: one commit and one tag with the right bytes, or a clear error."""

import json

import pytest

from tests.e2e.publish.conftest import FIRST, NAME, SECOND, Client

# The requests that change something. All faults at all requests: `test_every_fault.py`.
_CHANGES = {
    "create": "POST /api/repos/create",
    "preupload": "POST .*/preupload/",
    "put": "PUT /cdn/",
    "commit": "POST .*/commit/",
    "tag": "POST .*/tag/",
}
_QUICK = [
    *(("commit", kind) for kind in ("500-after", "412-before", "cut-before", "kill-after")),
    ("create", "cut-after"),
    ("preupload", "429-before"),
    ("put", "kill-before"),
    ("tag", "503-after"),
    ("tag", "kill-before"),
]


def check(client: Client, version: str = FIRST, before: int = 1) -> None:
    """Check that there is one commit more, one tag more, and they hold the release."""
    repo = client.hub.repo(NAME)
    assert client.hub.content(NAME, "main") == client.release(version)
    assert len(repo.log()) == before + 1
    assert repo.tags[f"v{version}"] == repo.head


def endure(client: Client, version: str = FIRST) -> None:
    """Publish, and once more if the first run was killed or ended with a clear error."""
    done = client.publish(version)
    if done.returncode:
        assert client.hub.faults.struck
        if done.returncode > 0:
            assert json.loads(done.stdout)["error"]["code"] == "hub_unreachable", done.stdout
            assert "Traceback" not in done.stderr
        done = client.publish(version)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("name", "kind"), _QUICK)
def test_one_fault(client: Client, name: str, kind: str) -> None:
    """At each request that changes something; what is killed is run again."""
    client.plan(kind, _CHANGES[name])
    endure(client)
    assert client.hub.faults.struck
    check(client)


def test_a_hub_that_stays_down(client: Client) -> None:
    """A clear error after a few seconds, and an unchanged main."""
    client.put(FIRST)
    repo = client.hub.repo(NAME)
    head, tags = repo.head, dict(repo.tags)
    client.plan("500-before", _CHANGES["commit"], times=99)
    done = client.publish(SECOND)
    failure = json.loads(done.stdout)["error"]
    assert (done.returncode, failure["code"]) == (2, "hub_unreachable")
    assert "500" in failure["message"]
    assert (repo.head, repo.tags) == (head, tags)


def test_the_hub_asks_to_wait(client: Client) -> None:
    """The commit, which the client itself does not try again, comes after that time."""
    client.plan("429-before", _CHANGES["commit"], wait=2)
    endure(client)
    check(client)
    faults = client.hub.faults
    first, second = (
        at for at, request in zip(faults.times, faults.seen, strict=True) if "/commit/" in request
    )
    assert second - first > 2


@pytest.mark.parametrize("command", ["rollback", "yank"])
def test_lost_answers_of_rollback_and_yank(client: Client, command: str) -> None:
    """The commit is not made twice, the tag not missed."""
    client.put(FIRST, SECOND)
    client.plan("500-after", "POST .*/commit/|DELETE .*/tag/")
    done = client.galley(command, FIRST, "--to", NAME, "--yes", "--json")
    repo = client.hub.repo(NAME)
    assert done.returncode == 0, done.stdout
    assert client.hub.faults.struck
    assert len(repo.log()) == (4 if command == "rollback" else 3)
    assert (f"v{FIRST}" in repo.tags) == (command == "rollback")
