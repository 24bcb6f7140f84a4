"""What an independent reader makes of what we serve: olah, a third-party mirror of the Hub.

It stands between the clients and the test hub as a proxy. `make olah` installs it.
"""

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import ROOT, free_port
from tests.e2e.publish.conftest import FIRST, NAME, SECOND, Client
from tests.e2e.publish.test_publish import READ, REMOTE, answer
from tests.hub.server import Hub

pytestmark = pytest.mark.olah


@pytest.fixture(scope="module")
def program() -> str:
    """Return where olah is."""
    found = shutil.which("olah-cli", path=ROOT / ".olah/bin") or shutil.which("olah-cli")
    if found is None:
        pytest.skip("olah is not installed: `make olah`")
    return found


@pytest.fixture
def olah(program: str, hub: Hub, tmp_path: Path) -> Iterator[str]:
    """Yield the address of a mirror of the hub."""
    port, netloc = free_port(), hub.url.removeprefix("http://")
    options = {
        "host": "127.0.0.1",
        "port": str(port),
        "hf-scheme": "http",
        "hf-netloc": netloc,
        "hf-lfs-netloc": netloc.replace("127.0.0.1", "localhost"),
        "mirror-scheme": "http",
        "mirror-netloc": f"127.0.0.1:{port}",
        "mirror-lfs-netloc": f"127.0.0.1:{port}",
        "repos-path": str(tmp_path / "olah"),
        "log-path": str(tmp_path / "log"),
        "metadata-cache-ttl": "0",
    }
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    with (tmp_path / "olah.log").open("wb") as log:
        process = subprocess.Popen([program, *words], cwd=tmp_path, stdout=log, stderr=log)
        try:
            yield _wait(f"http://127.0.0.1:{port}", process, tmp_path / "olah.log")
        finally:
            process.terminate()
            process.wait(10)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> str:
    """Return `url` as soon as somebody answers there."""
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        try:
            httpx.get(url, trust_env=False, timeout=2)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return url
    pytest.fail(f"olah does not answer: {log.read_text()[-2000:]}")


def test_reads_through_a_mirror(client: Client, olah: str) -> None:
    """Load by revision, streaming, pandas and `verify hf://`."""
    for version in (FIRST, SECOND):
        answer(client.publish(version))
    client.environ["HF_ENDPOINT"] = olah
    found = client.python(READ, NAME, f"v{FIRST}")
    assert found["pandas"] == found["loaded"]["train"]
    assert sum(map(len, found["streamed"].values())) == 20
    assert found["tags"] == ["shipping"]
    assert client.python(READ, NAME, f"v{SECOND}")["tags"] == ["shipping", "water"]
    for version in (FIRST, SECOND):
        assert answer(client.galley("verify", REMOTE + version, "--json"))["ok"] is True
