"""The main job in front of your eyes: raw files → records → people's corrections → dataset.

    make demo

It runs the commands that you would type, in this workspace, and ends with the loaded dataset,
a record before and after its correction, and where the annotators' screen is.
"""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
GALLEY = Path(sys.executable).with_name("galley")
_begun = time.monotonic()


def run(*words: str) -> dict[str, Any]:
    """Run a command of Galley as a person would, and return what it says as JSON."""
    print(f"\n$ galley {' '.join(words)}", flush=True)
    done = subprocess.run([GALLEY, *words, "--json"], cwd=ROOT, stdout=subprocess.PIPE, check=False)
    answer: dict[str, Any] = json.loads(done.stdout)
    if done.returncode:
        sys.exit(f"error: {json.dumps(answer, ensure_ascii=False)}")
    return answer


def build() -> None:
    """Take the raw files apart."""
    answer = run("build")
    parts = sorted(answer["parts"].items(), key=lambda item: -item[1])
    shares = ", ".join(f"{part} {size / answer['bytes']:.1%}" for part, size in parts[:6])
    print(f"{answer['records']} records from {answer['files']} raw files; every byte has a part:")
    print(f"  {shares}, …")


def rebuild() -> Path:
    """Make the newest committed release again from the ledger, bit for bit."""
    answer = run("release", "--rebuild")
    folder = Path(answer["path"])
    print(f"release {answer['version']}: the same bytes as the manifest that was committed says")
    verdict = run("verify", str(folder))
    print("verified" if verdict["ok"] else f"not as it should be: {verdict['issues']}")
    return folder


def load(folder: Path) -> None:
    """Load the release as its users do."""
    from datasets import load_dataset  # noqa: PLC0415 - a second, spent where it is seen

    print(f"\n>>> load_dataset({str(folder.relative_to(ROOT))!r})")
    print(load_dataset(str(folder)))


def compare() -> None:
    """Show one record as a machine suggested it and as it is after its correction."""
    from galley.desk import Workspace  # noqa: PLC0415 - as above

    workspace = Workspace.open(ROOT)
    titles = {record["id"]: record["title"] for record in workspace.merged()}
    event = next(
        event
        for event in workspace.ledger.events()
        if event.record_id in titles and event.after and event.suggestion
    )
    print(f"\nA correction: {titles[event.record_id]}")
    for name, state in (("suggested", event.suggestion), ("corrected", event.after)):
        tags = ", ".join(state["tags"]) or "none"
        entities = [f"{entity['text']} ({entity['label']})" for entity in state["entities"]]
        more = f", … {len(entities) - 6} more" if len(entities) > 6 else ""
        print(f"  {name}: tags {tags}")
        print(f"             entities {', '.join(entities[:6])}{more}")


def screen() -> None:
    """Start Label Studio and send it the records."""
    run("studio", "up")
    pushed = run("push")
    studio = run("studio", "status")
    print(f"\nThe annotators' screen: {studio['url']}/projects/{pushed['project_id']}/data")
    print(f"  log in as {studio['username']}, the password is in {studio['password_file']}")
    print("  correct something, then: .venv/bin/galley pull && .venv/bin/galley release")
    print("  to stop it: .venv/bin/galley studio down")


def main() -> None:
    """Run the demo."""
    build()
    folder = rebuild()
    load(folder)
    compare()
    screen()
    print(f"\n{time.monotonic() - _begun:.0f} s")


if __name__ == "__main__":
    main()
