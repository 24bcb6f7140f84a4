"""What was measured, a file for each part, and the page and the drawing that are made of it.

`python -m benchmarks.kept` writes both again without measuring: after a change of how they look.
The files are committed, so that one part can be measured anew in any clone.
"""

import json
from typing import Any

from benchmarks.drawing import draw
from benchmarks.goals import Results
from benchmarks.parts import PARTS
from benchmarks.places import CURVE, RESULTS, ROOT, STORE
from benchmarks.report import render


def keep(name: str, result: dict[str, Any]) -> None:
    """Keep what was measured of a part; of paths what is the same on every machine."""
    STORE.mkdir(exist_ok=True)
    text = json.dumps(result, indent=1).replace(f"{ROOT}/", "")
    (STORE / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def kept() -> Results:
    """Return what is kept, by part, in the order of the page."""
    files = {name: STORE / f"{name}.json" for name in PARTS}
    return {
        name: json.loads(file.read_text(encoding="utf-8"))
        for name, file in files.items()
        if file.exists()
    }


def write() -> None:
    """Write the page, and the drawing if its part is kept."""
    results = kept()
    RESULTS.write_text(render(results), encoding="utf-8")
    if "names" in results:
        CURVE.write_text(draw(results["names"]["rows"]), encoding="utf-8")


if __name__ == "__main__":
    write()
