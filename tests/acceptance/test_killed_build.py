"""A build that is killed takes its workers with it, and the next one ends its work."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from benchmarks.corpus import Plan, generate


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_workers_end_with_the_build(end: signal.Signals, tmp_path: Path) -> None:
    """Whatever ends it, no worker goes on for long."""
    generate(Plan(size=6_000_000, files=120), tmp_path, workers=1)
    words = [Path(sys.executable).with_name("galley"), "build", tmp_path / "raw"]
    environ = os.environ | {"GALLEY_BUILD_WORKERS": "2"}
    with subprocess.Popen([*words, "--out", tmp_path / "out"], env=environ) as build:
        process, until = psutil.Process(build.pid), time.monotonic() + 60
        while not list((tmp_path / "out").glob(".cache/0*")):
            assert build.poll() is None, "the build was over before it could be ended"
            assert time.monotonic() < until
            time.sleep(0.02)
        workers = process.children(recursive=True)
        build.send_signal(end)
        assert build.wait(timeout=30) in {-end, 130}
    assert len(workers) > 2
    _, alive = psutil.wait_procs(workers, timeout=30)
    assert alive == []
