"""Build the same files with two checkouts, and say which output differs.

    python -m benchmarks.same OTHER PATH...

What is made faster must write what it wrote before. Each PATH, a folder of raw files, is built
by this checkout and by the one in OTHER, which has an environment of its own; every file of the
two outputs is compared byte by byte, the manifest without the hash of the code. Without a PATH,
the sample corpus and a generated one are built.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.corpus import Plan, generate
from benchmarks.places import DATA, GALLEY, ROOT

# These hold the hash of the code, and nothing else that is not compared.
_OWN = frozenset({"summary.json", "written.json", "hashes.json", "lock"})
_GENERATED = Plan(20 * 10**6, layout="mixed", files=200, seed="same")


def main() -> int:
    """Compare, print what differs, and return whether anything does."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.same", description=__doc__)
    parser.add_argument("other", type=Path, help="another checkout, set up")
    parser.add_argument("paths", type=Path, nargs="*", help="folders of raw files")
    options = parser.parse_args()
    other = options.other / GALLEY.relative_to(ROOT)
    differ = 0
    for raw in options.paths or _own():
        with tempfile.TemporaryDirectory() as folder:
            one, two = Path(folder, "one"), Path(folder, "two")
            _build(GALLEY, raw, one)
            _build(other, raw, two)
            names = {p.relative_to(out) for out in (one, two) for p in _files(out)}
            found = sorted(str(n) for n in names if _read(one / n) != _read(two / n))
        print(f"{raw}: {len(names)} files, {', '.join(found) or 'all the same'}", flush=True)
        differ += len(found)
    return int(differ > 0)


def _own() -> list[Path]:
    generate(_GENERATED, DATA / "same")
    return [ROOT / "build" / "raw", DATA / "same" / "raw"]


def _build(galley: Path, raw: Path, out: Path) -> None:
    """Build without near-duplicates and with them into folders of `out`."""
    for threshold in ("0", "0.7"):
        environ = {
            "GALLEY_BUILD_NEAR_DUPLICATE": threshold,
            "GALLEY_BUILD_MAX_QUARANTINE": "1",
        }
        command = [galley, "build", raw, "--out", out / threshold, "--quiet"]
        subprocess.run(command, check=True, env=os.environ | environ, stdin=subprocess.DEVNULL)


def _files(out: Path) -> list[Path]:
    """Return what a build wrote for others, and what it keeps for the next one."""
    return [path for path in out.rglob("*") if path.is_file() and path.name not in _OWN]


def _read(path: Path) -> object:
    if not path.exists():
        return None
    if path.name != "manifest.json":
        return path.read_bytes()
    manifest = json.loads(path.read_bytes())
    manifest["inputs"].pop("code")
    return manifest


if __name__ == "__main__":
    sys.exit(main())
