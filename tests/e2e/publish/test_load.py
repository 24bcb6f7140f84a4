"""`galley.load`: what comes back is the revision that was asked for, or there is an error."""

import json
from typing import Any

import pytest

from tests.e2e.publish.conftest import FIRST, NAME, SECOND, THIRD, Client

LOAD = """
import json, sys
import galley
from galley.errors import ReleaseError
name, revision, config = [word or None for word in sys.argv[1:]]
try:
    loaded = galley.load(name, revision=revision, config=config)
except ReleaseError as error:
    print(json.dumps({"error": error.code}))
else:
    print(json.dumps({
        "rows": {split: rows.num_rows for split, rows in loaded.items()},
        "changed": sorted(set(loaded["train"]["changed_in"])),
    }))
"""
# A later version is asked for, and its names point at an earlier one in the cache: what a cache
# looks like from which `load_dataset` silently gives another version.
FORGE = """
import json, sys
from pathlib import Path
home, wanted, other = sys.argv[1:]
(repo,) = Path(home, "hub").glob("datasets--*")
refs = repo / "refs"
(refs / wanted).write_text((refs / other).read_text())
print(json.dumps(None))
"""


def load(client: Client, name: str, revision: str = "", config: str = "") -> dict[str, Any]:
    """Call `galley.load` in a process of its own, with what is cached."""
    done = client.run("-c", LOAD, name, revision, config)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_a_revision_from_the_hub(client: Client) -> None:
    """The one that is named, whatever main is; a config; main without a name."""
    client.put(FIRST, SECOND)
    assert load(client, NAME, f"v{FIRST}")["changed"] == [FIRST]
    assert load(client, NAME, f"v{SECOND}")["changed"] == [FIRST, SECOND]
    found = load(client, NAME, "", "all")
    assert found["changed"] == [FIRST, SECOND]
    assert sum(found["rows"].values()) == 20
    assert load(client, NAME, "v9.9.9") == {"error": "load_unknown"}
    assert load(client, NAME, f"v{FIRST}", "no_such") == {"error": "load_failed"}


def test_another_revision_from_the_cache(client: Client) -> None:
    """Offline: the one that was cached is loaded, no other stands in for one that was not."""
    client.put(FIRST, SECOND)
    load(client, NAME, f"v{FIRST}")
    client.environ["HF_HUB_OFFLINE"] = "1"
    assert load(client, NAME, f"v{FIRST}")["changed"] == [FIRST]
    assert load(client, NAME, f"v{SECOND}") == {"error": "load_unknown"}
    client.run("-c", FORGE, str(client.home), f"v{SECOND}", f"v{FIRST}")
    assert load(client, NAME, f"v{SECOND}") == {"error": "load_other"}


def test_a_tag_at_another_version(client: Client) -> None:
    """The manifest says which version it is, the tag does not."""
    client.put(FIRST)
    repo = client.hub.repo(NAME)
    repo.tags[f"v{SECOND}"] = repo.head
    assert load(client, NAME, f"v{SECOND}") == {"error": "load_other"}


def test_rows_of_another_version(client: Client) -> None:
    """The manifest and index of one version, the data of another."""
    client.put(FIRST, THIRD)
    repo = client.hub.repo(NAME)
    old, new = repo.tree(f"v{FIRST}"), repo.tree("main")
    kept = {name: file for name, file in new.items() if not name.startswith("data/corrected/")}
    mixed = {name: file for name, file in old.items() if name.startswith("data/corrected/")}
    repo.commit(kept | mixed, "by hand")
    assert load(client, NAME, f"v{THIRD}")["changed"] == [FIRST, SECOND]
    assert load(client, NAME) == {"error": "load_other"}


def test_folders(client: Client) -> None:
    """The folder of a release, and a folder of published ones with and without a version."""
    releases = client.workspace / "releases"
    assert load(client, str(releases / SECOND))["changed"] == [FIRST, SECOND]
    assert load(client, str(releases / SECOND), FIRST) == {"error": "load_other"}
    target = client.home.parent / "published"
    for version in (FIRST, SECOND):
        assert client.publish(version, to=f"file://{target}").returncode == 0
    assert load(client, str(target))["changed"] == [FIRST, SECOND]
    assert load(client, str(target), f"v{FIRST}")["changed"] == [FIRST]
    assert load(client, str(target), THIRD) == {"error": "no_release"}
    assert load(client, str(client.home)) == {"error": "no_release"}
    assert load(client, f"file://{target}", f"v{FIRST}")["changed"] == [FIRST]
    assert load(client, f"file://{target}/none") == {"error": "no_release"}


@pytest.mark.parametrize("down", ["", "down"])
def test_why_it_is_needed(client: Client, down: str) -> None:
    """`load_dataset` alone gives the cached version for another one without a word."""
    code = (
        "import json, sys; from datasets import load_dataset\n"
        "rows = load_dataset(sys.argv[1], revision=sys.argv[2])['train']\n"
        "print(json.dumps(sorted(set(rows['changed_in']))))"
    )
    client.put(FIRST, SECOND)
    assert client.python(code, NAME, f"v{FIRST}") == [FIRST]
    if down:
        client.environ["HF_HUB_OFFLINE"] = "1"
    done = client.run("-c", code, NAME, f"v{SECOND}")
    assert (f'["{FIRST}"]' in done.stdout) == bool(down)
