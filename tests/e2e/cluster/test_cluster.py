"""Builds on a real Ray cluster of several processes, and in an S3-compatible server.

`make ray` installs both; without them these tests are skipped.
"""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.ray
# Ray takes an address of the network for its own, unless it is told that there is no other
# machine.
os.environ |= {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_USAGE_STATS_ENABLED": "0"}
pytest.importorskip("ray", reason="Ray is not installed: `make ray`")
TIMEOUT = 240  # seconds, of a build


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of raw files, some of which cannot be read."""
    folder = tmp_path_factory.mktemp("corpus")
    options = ["--size", "3MB", "--layout", "mixed", "--files", "200"]
    subprocess.run([sys.executable, "-m", "benchmarks.corpus", folder, *options], check=True)
    return folder / "raw"


@pytest.fixture(scope="module")
def local(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return what a build on this machine gives."""
    out = tmp_path_factory.mktemp("local") / "out"
    assert finish(start(corpus, out)) in {0, 1}
    return hashes(out)


@pytest.fixture
def cluster() -> Iterator[Any]:
    """Yield a cluster of a head that does no work and three nodes of one processor each."""
    from ray.cluster_utils import Cluster

    place = {"node_ip_address": "127.0.0.1"}
    head = place | {"num_cpus": 0, "include_dashboard": False}
    cluster = Cluster(initialize_head=True, head_node_args=head)
    try:
        for _ in range(3):
            cluster.add_node(num_cpus=1, **place)
        yield cluster
    finally:
        cluster.shutdown()


@pytest.fixture
def bucket() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield an empty bucket of an S3-compatible server, and the environment that leads to it."""
    from moto.server import ThreadedMotoServer
    from s3fs import S3FileSystem

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    keys = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
    environ = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        **keys,
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    try:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environ.items():
                patch.setenv(name, value)
            S3FileSystem(skip_instance_cache=True).mkdir("bucket")
            yield "s3://bucket", environ
    finally:
        server.stop()


def start(raw: object, out: object, *options: str, **environ: str) -> subprocess.Popen[bytes]:
    """Start a build."""
    words = [Path(sys.executable).with_name("galley"), "build", raw, "--out", out, *options]
    return subprocess.Popen(list(map(str, words)), env=os.environ | environ)


def finish(build: subprocess.Popen[bytes]) -> int:
    """Wait for a build to end and return its exit code."""
    try:
        return build.wait(timeout=TIMEOUT)
    finally:
        build.kill()


def hashes(out: Path) -> dict[str, str]:
    """Return the hashes of what a build wrote, by path."""
    files = (path for path in sorted(out.rglob("*")) if path.is_file())
    named = {path.relative_to(out).as_posix(): path for path in files}
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in named.items()
        if not name.startswith(".cache/")
    }


def test_same_bytes(cluster: Any, corpus: Path, local: dict[str, str], tmp_path: Path) -> None:
    """A cluster writes what one machine writes, the manifest included."""
    build = start(corpus, tmp_path / "out", "--engine", "ray", RAY_ADDRESS=cluster.address)
    assert finish(build) in {0, 1}
    assert hashes(tmp_path / "out") == local


def test_a_node_is_killed(
    cluster: Any, corpus: Path, local: dict[str, str], tmp_path: Path
) -> None:
    """The jobs of a lost node are run again, and nothing is other than before but the time."""
    build = start(corpus, tmp_path / "out", "--engine", "ray", RAY_ADDRESS=cluster.address)
    try:
        until = time.monotonic() + TIMEOUT
        while not list((tmp_path / "out").glob(".cache/*/summary.json")):
            assert build.poll() is None
            assert time.monotonic() < until
            time.sleep(0.05)
        cluster.remove_node(cluster.worker_nodes.copy().pop(), allow_graceful=False)
        assert build.poll() is None, "the build was over before the node was"
        assert finish(build) in {0, 1}
    finally:
        build.kill()
    assert hashes(tmp_path / "out") == local


def test_an_object_store(
    bucket: tuple[str, dict[str, str]], corpus: Path, local: dict[str, str], tmp_path: Path
) -> None:
    """Raw files in a bucket become the same records in a bucket; a second build changes nothing."""
    from s3fs import S3FileSystem

    place, environ = bucket
    store = S3FileSystem(skip_instance_cache=True)
    store.put(str(corpus), "bucket/raw", recursive=True)
    build = start(f"{place}/raw", f"{place}/out", **environ)
    assert finish(build) in {0, 1}
    again = start(f"{place}/raw", f"{place}/out", "--json", **environ)
    assert finish(again) in {0, 1}
    store.get("bucket/out", str(tmp_path / "out"), recursive=True)
    assert hashes(tmp_path / "out") == local


def test_no_cluster(corpus: Path, tmp_path: Path) -> None:
    """An address where nobody answers is one clear error."""
    build = start(corpus, tmp_path / "out", "--engine", "ray", RAY_ADDRESS="127.0.0.1:9")
    assert finish(build) == 2
