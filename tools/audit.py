"""Ask whether a pinned library is known to be unsafe: `make audit`.

Prints what is known of whom. Ends with 1 where something is that `requirements/allowed.toml`
does not allow, and with 0 where nothing could be asked: it says so, and says nothing is sure.
"""

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# The shortest first: where nothing is known of its libraries, nobody is asked about the others.
_NAMES = ("bootstrap", "audit", "dev", "ray", "spacy", "olah", "bench", "fuzz")
PINS = (
    *(ROOT / "requirements" / f"{name}.txt" for name in _NAMES),
    ROOT / "src/galley/annotations/studio/requirements.txt",
)
_SERVICES = ("osv", "pypi")
_PATIENCE = 300  # seconds for one file


@dataclass
class Verdict:
    """What is known of pinned libraries.

    Attributes:
        asked: Libraries that the service knows.
        unknown: Those that it does not know, or that it could not be asked about.
        unsafe: A sentence for each advisory that is not allowed.
        allowed: A sentence for each that is, for now.
    """

    asked: int = 0
    unknown: int = 0
    unsafe: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    @property
    def code(self) -> int:
        """What the program ends with."""
        return 1 if self.unsafe else 0

    def lines(self) -> Iterator[str]:
        """Yield what a person is told."""
        yield from self.unsafe
        yield from self.allowed
        if not self.asked:
            yield "skipped: no advisory service could be asked, so nothing is known of any library"
        else:
            yield f"{self.asked} pinned libraries asked about, {self.unknown} unknown there"


def judge(
    libraries: Iterable[Mapping[str, Any]], allowed: Mapping[str, date], *, today: date
) -> Verdict:
    """Return what to make of a report of pip-audit.

    Args:
        libraries: Its `dependencies`.
        allowed: Until when which advisory is allowed.
        today: The day.
    """
    verdict = Verdict()
    for library in libraries:
        verdict.asked += "skip_reason" not in library
        verdict.unknown += "skip_reason" in library
        for advisory in library.get("vulns", ()):
            name = f"{library['name']} {library['version']}: {advisory['id']}"
            last = allowed.get(advisory["id"])
            if last is not None and today <= last:
                verdict.allowed.append(f"allowed until {last}: {name}")
            else:
                fixed = ", ".join(advisory.get("fix_versions", ())) or "no version yet"
                verdict.unsafe.append(f"unsafe: {name}, mended in {fixed}")
    return verdict


def read_allowed(path: Path) -> dict[str, date]:
    """Return until when which advisory is allowed; each needs a day and a reason."""
    items = tomllib.loads(path.read_text(encoding="utf-8")).get("allowed", [])
    for item in items:
        if not isinstance(item.get("until"), date) or not item.get("because"):
            raise SystemExit(f"{path}: {item.get('id')} needs `until`, a day, and `because`")
    return {item["id"]: item["until"] for item in items}


def ask(program: str, pins: Path) -> list[dict[str, Any]]:
    """Return what the first service that answers says of the libraries in a file of pins."""
    found: list[dict[str, Any]] = []
    for service in _SERVICES:
        words = [program, "--disable-pip", "--no-deps", "-s", service, "-r", str(pins)]
        try:
            done = subprocess.run(
                [*words, "--progress-spinner", "off", "-f", "json"],
                capture_output=True,
                text=True,
                check=False,
                timeout=_PATIENCE,
            )
            found = json.loads(done.stdout)["dependencies"]
        except (subprocess.TimeoutExpired, ValueError, KeyError):
            continue
        if any("skip_reason" not in item for item in found):
            break
    return found


def main(program: str) -> int:
    """Ask about all pins, and return what to end with."""
    allowed = read_allowed(ROOT / "requirements" / "allowed.toml")
    known: dict[Any, dict[str, Any]] = {}
    for pins in PINS:
        found = ask(program, pins)
        known |= {(item["name"], item.get("version")): item for item in found}
        if all("skip_reason" in item for item in found):
            break
    verdict = judge(known.values(), allowed, today=date.today())  # noqa: DTZ011 - a day of people
    print("\n".join(verdict.lines()))
    return verdict.code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
