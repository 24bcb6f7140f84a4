"""Where the benchmarks keep what they need: below .bench, which is not committed.

What they found is: the results of each part, the page and the drawing.
"""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
RIVALS = ROOT / ".bench" / "env" / "bin" / "python"
DATA = ROOT / ".bench" / "data"
STORE = Path(__file__).with_name("results")
RESULTS = Path(__file__).with_name("RESULTS.md")
CURVE = ROOT / "docs" / "images" / "learning.svg"
GALLEY = ROOT / ".venv" / "bin" / "galley"
RAY = ROOT / ".ray" / "bin"  # made by `make ray`
# Ray takes an address of the network for its own, unless it is told that there is no other
# machine.
ALONE = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_USAGE_STATS_ENABLED": "0"}

_SOURCES = """[[source]]
name = "generated"
files = ["raw/*/*/*.txt"]
"""


def rival(module: str, *arguments: str | Path) -> list[str | Path]:
    """Return the command of a module of `benchmarks.rivals`."""
    return [RIVALS, "-m", f"benchmarks.rivals.{module}", *arguments]


def lay_out(workspace: Path, raw: Path) -> None:
    """Make a workspace that reads the files below `raw`, which may hold broken ones."""
    command = [GALLEY, "init", workspace, "--name", "generated", "--quiet"]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    shutil.rmtree(workspace / "build" / "raw")
    (workspace / "build" / "raw").symlink_to(raw, target_is_directory=True)
    (workspace / "build" / "sources.toml").write_text(_SOURCES, encoding="utf-8")
