"""What tests share: a Label Studio, a browser, the material beside the repository."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from galley.annotations.studio.environment import Environment
from galley.annotations.studio.server import Studio, StudioStatus
from tools.shapes import load, schema

with suppress(ImportError):  # the environments for clusters and pipelines do without it
    from hypothesis import HealthCheck, settings

    # A busy machine is no finding: properties are not judged by the clock.
    settings.register_profile("galley", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("galley")

ROOT = Path(__file__).resolve().parent.parent
_NOT_PASSED = ("GALLEY_", "LABEL_STUDIO_")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Send all tests of the one server to one worker, and mark them as what they are.

    Tests that take long run only when `-m` names them.
    """
    for name in ("torture", "soak"):
        if name not in config.option.markexpr:
            long = [item for item in items if item.get_closest_marker(name)]
            items[:] = [item for item in items if item not in long]
            config.hook.pytest_deselected(items=long)
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        if "label_studio" in fixtures:
            item.add_marker(pytest.mark.studio)
            item.add_marker(pytest.mark.xdist_group("label_studio"))
        if "chromium" in fixtures:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def label_studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioStatus]:
    """Yield a Label Studio that runs for the session: `url`, `token`, `username`, `password`."""
    studio = Studio(tmp_path_factory.mktemp("label_studio"), port=free_port())
    try:
        yield studio.up()
    finally:
        studio.down()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of the system's Chromium."""
    for name in _BROWSERS:
        if found := shutil.which(name):
            return found
    if os.environ.get("CI") == "true":
        pytest.fail("there is no Chromium, and under CI=true no test may be skipped")
    pytest.skip("there is no Chromium (as root: apt-get install chromium)")


@pytest.fixture(scope="session")
def SHARED() -> Path:  # noqa: N802 - a place, as in a shell
    """Return the folder of the material beside the repository."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the material beside the repository is not here")
    return folder


@pytest.fixture(scope="session")
def galley() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Return a function that runs the installed command: `galley("build", "--json", cwd=…)`.

    Keyword arguments in capitals are set in its environment. GALLEY_*, LABEL_STUDIO_* and
    colours of whoever runs the tests do not reach it.
    """
    program = Path(sys.executable).with_name("galley")

    def run(*words: str | Path, cwd: Path | None = None, **environ: str) -> Any:
        passed = {k: v for k, v in os.environ.items() if not k.startswith(_NOT_PASSED)}
        passed |= {"NO_COLOR": "1", "GALLEY_STUDIO_ENV": str(Environment.default().folder)}
        command = [program, *words]
        done = subprocess.run(
            command, cwd=cwd, env=passed | environ, capture_output=True, text=True, check=False
        )
        if "--json" in words:
            check_shape([str(word) for word in words], done)
        return done

    return run


def check_shape(words: list[str], done: subprocess.CompletedProcess[str]) -> None:
    """Hold what a command printed with `--json` against what the reference says it prints."""
    known = load()["commands"]
    name = " ".join(words[:2]) if " ".join(words[:2]) in known else words[0]
    found = json.loads(done.stdout)
    shape = schema("Error" if done.returncode == 2 else name)
    try:
        jsonschema_rs.validate(shape, found)
    except jsonschema_rs.ValidationError as error:
        pytest.fail(f"galley {name} --json is not what its reference says: {error}")


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
