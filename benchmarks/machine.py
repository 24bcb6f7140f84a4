"""What was measured on, and with what."""

import json
import os
import platform
import subprocess
from pathlib import Path

from benchmarks.places import GALLEY, RIVALS, ROOT

_OURS = ("pyarrow", "eld", "rensa", "jsonschema-rs", "sentencex")
_THEIRS = ("datasets", "datatrove", "datasketch", "gaoya", "rensa", "jsonschema", "jsonschema-rs")
_ASK = (
    "import sys, json; from importlib.metadata import version;"
    "print(json.dumps({name: version(name) for name in sys.argv[1:]}))"
)


def describe() -> dict[str, str]:
    """Return the machine and the versions, by name."""
    return {
        "processor": f"{_first('/proc/cpuinfo', 'model name')}, {os.cpu_count()} cores",
        "memory": f"{int(_first('/proc/meminfo', 'MemTotal').split()[0]) / 1e6:.0f} GB",
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "Python": platform.python_version(),
        "Galley": f"commit {_commit()}, with {_versions(GALLEY.with_name('python'), _OURS)}",
        "rivals": _versions(RIVALS, _THEIRS),
    }


def _first(path: str, key: str) -> str:
    lines = Path(path).read_text().splitlines()
    return next(line.partition(":")[2].strip() for line in lines if line.startswith(key))


def _versions(python: Path, names: tuple[str, ...]) -> str:
    said = subprocess.run(
        [python, "-c", _ASK, *names], capture_output=True, check=True, text=True
    ).stdout
    return ", ".join(f"{name} {version}" for name, version in json.loads(said).items())


def _commit() -> str:
    command = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--exclude", "*"]
    done = subprocess.run(command, capture_output=True, check=False, text=True)
    return done.stdout.strip() or "unknown"
