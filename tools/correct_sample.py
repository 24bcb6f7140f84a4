"""Correct the sample corpus in a real browser on a real Label Studio, as the gold says.

    .venv/bin/galley build && .venv/bin/galley studio up && .venv/bin/galley push
    .venv/bin/python tools/correct_sample.py && .venv/bin/galley pull

The sample's corrections were made by this script, not by a person: the datasheet says so. It
leaves every fourth record uncorrected, so that the release has suggested ones too.
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from galley.desk import Workspace  # noqa: E402 - the tests' browser stands in the repository
from galley.hashing import sha256_text  # noqa: E402
from tests.e2e.browser import Annotator, annotator  # noqa: E402

Span = tuple[int, int, str]


def read_gold() -> dict[str, dict[str, Any]]:
    """Return the gold of each article, by the hash of its text."""
    files = (ROOT / "tests/examples/corpus").rglob("*.json")
    articles = [a for path in files for a in json.loads(path.read_text("utf-8"))["articles"]]
    return {sha256_text(article["text"]): article for article in articles}


def find_tasks(url: str, token: str, *, project: int) -> dict[str, int]:
    """Return the number of the task of each text that nobody has annotated."""
    query: dict[str, Any] = {"project": project, "fields": "all", "page_size": 1000}
    headers = {"Authorization": f"Token {token}"}
    tasks = httpx.get(f"{url}/api/tasks", params=query, headers=headers, timeout=60).json()["tasks"]
    open_ = [task for task in tasks if not task["annotations"]]
    return {task["data"]["text_sha256"]: task["id"] for task in open_}


def correct(hands: Annotator, article: dict[str, Any], labels: dict[str, str]) -> int:
    """Make what is on the screen what the gold says, and return how many changes that took."""
    wanted = {(e["start"], e["end"], e["label"]) for e in article["entities"]}
    shown = hands.regions()
    wrong, missing = sorted(shown - wanted), sorted(wanted - shown)
    places = {(start, end): label for start, end, label in missing}
    for start, end, _ in wrong:
        if (start, end) in places:
            hands.relabel(start, end, places.pop((start, end)))
        else:
            hands.delete(start, end)
    for (start, end), label in places.items():
        hands.add(start, end, label)
    tags = [labels[name] for name in article["corrected_tags"]]
    there = hands.tags()
    for tag in [tag for tag in there if tag not in tags]:
        hands.remove_tag(tag)
    for tag in [tag for tag in tags if tag not in there]:
        hands.add_tag(tag)
    if hands.regions() != wanted or set(hands.tags()) != set(tags):
        raise SystemExit(f"{article['title']}: the screen is not what the gold says")
    return len(wrong) + len(missing)


def main() -> None:
    """Correct three of four records."""
    workspace = Workspace.open(ROOT)
    status, project = workspace.studio.status(), int(sys.argv[1])
    chromium = shutil.which("chromium")
    if status is None or chromium is None:
        raise SystemExit("it needs `galley studio up` and chromium")
    tasks, gold = find_tasks(status.url, status.token, project=project), read_gold()
    labels = {tag.name: tag.label for tag in workspace.taxonomy.tags}
    chosen = [text for number, text in enumerate(sorted(gold)) if number % 4]
    with annotator(chromium, status.url) as hands:
        hands.login(status.username, status.password)
        for text in chosen:
            if text in tasks:
                hands.open(project=project, task=tasks[text])
                changes = correct(hands, gold[text], labels)
                hands.submit()
                print(f"{gold[text]['title']}: {changes} changes", flush=True)


if __name__ == "__main__":
    main()
