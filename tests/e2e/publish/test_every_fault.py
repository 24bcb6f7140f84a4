"""Every fault at every request of publish, rollback and yank: a long proof."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from galley.config import Config, ReleaseConfig
from tests.conftest import ROOT
from tests.e2e.publish.conftest import NAME, SHEET, Client
from tests.factory import make_corrected, make_record
from tests.hub.faults import KINDS
from tests.hub.server import run_hub
from tests.unit.releases.conftest import Workshop

OLD, NEW = "0.1.0", "0.2.0"
_SLICES = 4  # so that the requests of one case are shared by several workers
_CASES = [
    *((case, how) for case in ("first", "next") for how in ("lfs", "xet", "xet-http")),
    ("rollback", "lfs"),
    ("yank", "lfs"),
]


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace with two releases of few files; the second has a file less."""
    folder = tmp_path_factory.mktemp("small")
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(ROOT / "schema", folder / "schema")
    workshop = Workshop(folder / "releases")
    config = Config(name="small", release=ReleaseConfig(splits={"train": 1.0}))
    for records in ([make_corrected(1), make_record(2)], [make_corrected(1, tags=["water"])]):
        workshop.cut(records, config=config, datasheet=SHEET)
    assert sorted(path.name for path in workshop.folder.glob("*.*.*")) == [OLD, NEW]
    return folder


def prepare(client: Client, case: str) -> None:
    """Put on the hub what is there before."""
    client.put(*{"first": [], "next": [OLD]}.get(case, [OLD, NEW]))


def act(client: Client, case: str) -> tuple[int, str]:
    """Do it, and return the exit code and what was printed."""
    if case in {"first", "next"}:
        done = client.publish(OLD if case == "first" else NEW)
    else:
        done = client.galley(case, OLD, "--to", NAME, "--yes", "--json")
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout


def state(client: Client) -> tuple[str, int, list[str]]:
    """Return what the hub holds: the version on main, the number of commits, the tags."""
    if NAME not in client.hub.state.repos:
        return "", 0, []
    repo, content = client.hub.repo(NAME), client.hub.content(NAME, "main")
    known = {version: client.release(version) for version in (OLD, NEW)}
    main = next((version for version, files in known.items() if content == files), "")
    assert main or not content, "main holds a mixture"
    for tag, sha in repo.tags.items():
        assert client.hub.content(NAME, sha) == known[tag.removeprefix("v")]
    return main, len(repo.log()), sorted(repo.tags)


# What the hub holds before and after; the commit and the tag are made once.
_BEFORE = {
    "first": [("", 0, []), ("", 1, [])],  # the second when the dataset is there already
    "next": [(OLD, 2, ["v0.1.0"])],
    "rollback": [(NEW, 3, ["v0.1.0", "v0.2.0"])],
    "yank": [(NEW, 3, ["v0.1.0", "v0.2.0"])],
}
_BETWEEN = {"first": [(OLD, 2, [])], "next": [(NEW, 3, ["v0.1.0"])]}  # a commit without its tag
_AFTER = {
    "first": (OLD, 2, ["v0.1.0"]),
    "next": (NEW, 3, ["v0.1.0", "v0.2.0"]),
    "rollback": (OLD, 4, ["v0.1.0", "v0.2.0"]),
    "yank": (NEW, 3, ["v0.2.0"]),
}


def strike(client: Client, case: str, kind: str, nth: int) -> str:
    """Let the n-th request go wrong, and return how it ended; empty if there is none."""
    prepare(client, case)
    client.plan(kind, "", nth)
    code, said = act(client, case)
    if not client.hub.faults.struck:
        assert (code, state(client)) == (0, _AFTER[case])
        return ""
    if code == 0:
        assert state(client) == _AFTER[case]
        return "done"
    end = "killed" if code < 0 else "refused"
    if end == "refused":
        assert json.loads(said)["error"]["code"] == "hub_unreachable", said
    assert state(client) in [*_BEFORE[case], *_BETWEEN.get(case, []), _AFTER[case]]
    code, said = act(client, case)  # it is run again
    if case == "yank" and code == 2:  # it was done, and says that there is nothing more to do
        assert json.loads(said)["error"]["code"] == "tag_missing", said
        code = 0
    assert (code, state(client)) == (0, _AFTER[case]), said
    return end


@pytest.mark.torture
@pytest.mark.parametrize("part", range(_SLICES))
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("case", "transport"), _CASES)
def test_every_fault_at_every_request(  # noqa: PLR0913 - fixtures
    case: str,
    transport: str,
    kind: str,
    part: int,
    *,
    small: Path,
    warm: str,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    """The n-th request of all goes wrong, for every n: one commit and one tag in the end."""
    ends = []
    for nth in range(part, 1000, _SLICES):
        folder = tmp_path / str(nth)
        with run_hub(folder / "hub") as hub:
            environ = {"HF_HUB_DISABLE_XET": "1" if transport == "lfs" else "0"}
            hub.state.xet_over_http = transport == "xet-http"
            client = Client(hub, small, folder / "home", environ, warm)
            end = strike(client, case, kind, nth)
        shutil.rmtree(folder)
        if not end:
            break
        ends.append(end)
    assert ends
    for end in set(ends):
        record_property(end, ends.count(end))


@pytest.mark.parametrize("kind", ["cut-after", "kill-before"])
@pytest.mark.parametrize("path", ["/cas/v1/xorbs/", "/cas/v1/shards"])
def test_faults_of_xet(path: str, kind: str, *, small: Path, warm: str, tmp_path: Path) -> None:
    """The chunks of files, and what they are made of: sent over HTTP, and once more if need be."""
    with run_hub(tmp_path / "hub") as hub:
        hub.state.xet_over_http = True
        client = Client(hub, small, tmp_path / "home", {"HF_HUB_DISABLE_XET": "0"}, warm)
        prepare(client, "next")
        client.plan(kind, f"POST {path}")
        code, said = act(client, "next")
        assert len(hub.faults.struck) == 1
        if code:
            assert code == -9 or json.loads(said)["error"]["code"] == "hub_unreachable"
            assert act(client, "next")[0] == 0
        assert state(client) == _AFTER["next"]
        assert hub.state.xorbs
