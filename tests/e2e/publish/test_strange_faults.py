"""Networks that stall, lie and lead astray: publishing succeeds, or ends with one clear error."""

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.publish.conftest import Client
from tests.e2e.publish.test_every_fault import (  # noqa: F401 - `small` is a fixture
    _AFTER,
    _BEFORE,
    _BETWEEN,
    act,
    prepare,
    small,
    state,
)
from tests.e2e.studio.faults import elsewhere
from tests.hub.faults import STRANGE
from tests.hub.server import run_hub

CODES = {"hub_unreachable", "hub_denied", "hub_refuses", "hub_throttled", "hub_missing"}
_PATIENCE = {"GALLEY_NETWORK_SILENCE": "3", "GALLEY_NETWORK_TOTAL": "4"}
_LONGEST = 150  # seconds of any run; the client itself tries some requests again
_SLICE = 4
_QUICK = [("drip-after", 3), ("login-after", 6), ("redirect-before", 5), ("429-date", 8)]


def strike(client: Client, kind: str, nth: int, leads: str) -> str:
    """Let the n-th request go wrong, and return how it ended; empty if there is none."""
    prepare(client, "next")
    client.plan(kind, "", nth, leads=leads)
    began = time.monotonic()
    code, said = act(client, "next")
    assert time.monotonic() - began < _LONGEST
    if not client.hub.faults.struck:
        return ""
    if code:
        assert code == 2, said
        assert json.loads(said)["error"]["code"] in CODES, said
        assert state(client) in [*_BEFORE["next"], *_BETWEEN["next"], _AFTER["next"]]
        again, said = act(client, "next")
        assert again == 0, said
    assert state(client) == _AFTER["next"]
    return "refused" if code else "done"


def run(kind: str, nth: int, small: Path, warm: str, folder: Path) -> str:  # noqa: F811
    """Strike once, with a hub of its own; whoever a redirect leads to is shown no token."""
    environ = {"HF_HUB_DISABLE_XET": "1", **_PATIENCE}
    with elsewhere() as (other, strangers), run_hub(folder / "hub") as hub:
        client = Client(hub, small, folder / "home", environ, warm)
        end = strike(client, kind, nth, f"{other}/stolen")
    names = {name.lower() for headers in strangers for name in headers}
    assert "authorization" not in names
    shutil.rmtree(folder)
    return end


@pytest.mark.parametrize(("kind", "nth"), _QUICK)
def test_one_strange_fault(
    kind: str,
    nth: int,
    small: Path,  # noqa: F811
    warm: str,
    tmp_path: Path,
) -> None:
    """Of each sort."""
    assert run(kind, nth, small, warm, tmp_path / "one")


@pytest.mark.torture
@pytest.mark.parametrize("kind", STRANGE)
def test_every_strange_fault(
    kind: str,
    small: Path,  # noqa: F811
    warm: str,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    """At every fourth request; each kind begins with another one."""
    ends: list[str] = []
    nth = STRANGE.index(kind) % _SLICE
    while end := run(kind, nth, small, warm, tmp_path / str(nth)):
        ends.append(end)
        nth += _SLICE
    assert len(ends) > 3
    for end in set(ends):
        record_property(end, ends.count(end))
