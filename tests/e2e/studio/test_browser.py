"""What annotators do in a real browser, and what the ledger says that they did."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from galley.annotations.selection import EVERYTHING
from galley.annotations.suggestion import Suggestion
from galley.desk import Workspace
from galley.record import Record
from tests.e2e.browser import Annotator, annotator
from tests.e2e.studio.desk import TEXT, Desk, counts, surfaces
from tests.e2e.studio.hostile import hostile
from tests.factory import make_record

SPAIN = (TEXT.index("Spain"), TEXT.index("Spain") + 5)


@pytest.fixture
def hands(desk: Desk, chromium: str) -> Any:
    """Return an annotator who is logged in."""
    with annotator(chromium, desk.server.url) as hands:
        hands.login(desk.server.username, desk.server.password)
        yield hands


def opened(desk: Desk, hands: Annotator) -> tuple[int, int]:
    """Push, and open the one task; return the numbers of project and task."""
    project = desk.run("push")["project_id"]
    (task,) = (task for task in desk.tasks(project) if not task["data"]["archived"])
    hands.open(project=project, task=task["id"])
    return project, task["id"]


def last(desk: Desk) -> tuple[str, list[tuple[str, str]] | None]:
    """Pull, and return the kind of the last event and what it leaves."""
    desk.run("pull")
    event = Workspace.open(desk.folder).ledger.events()[-1]
    return event.kind, event.after and surfaces(event.after)


def test_skip_then_submit_empty(desk: Desk, hands: Annotator) -> None:
    """A skip says nothing of the record; an empty submission says that there is nothing."""
    hands.stream(project=desk.run("push")["project_id"])
    hands.skip()
    assert last(desk) == ("skipped", None)
    assert desk.record()["annotation"]["status"] == "suggested"
    project = desk.run("push")["project_id"]
    desk.write([desk.record() | {"id": uuid4().hex, "tags": [], "entities": []}])
    desk.run("push")
    (task,) = (task for task in desk.tasks(project) if not task["data"]["archived"])
    hands.open(project=project, task=task["id"])
    for start, end, _ in sorted(hands.regions()):
        hands.delete(start, end)
    for tag in hands.tags():
        hands.remove_tag(tag)
    hands.submit()
    assert last(desk) == ("annotated", [])
    assert desk.record()["annotation"]["status"] == "corrected"


def test_the_list_shows_titles(desk: Desk, hands: Annotator) -> None:
    """On a screen of common width, without scrolling: who opens the list knows what is what."""
    project, title = desk.run("push")["project_id"], desk.record()["title"]
    hands.page.set_viewport_size({"width": 1280, "height": 800})
    hands.page.goto(f"{hands.url}/projects/{project}/data", wait_until="domcontentloaded")
    cell = hands.page.get_by_text(title, exact=True).first
    cell.wait_for()
    box = cell.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] < 1280


def test_relabel_update_delete(desk: Desk, hands: Annotator) -> None:
    """A relabelled entity, a change after submission and a deletion are one event each."""
    project, task = opened(desk, hands)
    hands.relabel(*SPAIN, "LOC")
    hands.submit()
    kind, left = last(desk)
    assert (kind, ("Spain", "LOC") in (left or [])) == ("annotated", True)
    hands.open(project=project, task=task)
    hands.delete(*SPAIN)
    hands.update()
    kind, left = last(desk)
    assert (kind, [item for item in left or [] if item[0] == "Spain"]) == ("annotated", [])
    hands.open(project=project, task=task)
    hands.delete_annotation()
    assert last(desk) == ("deleted", None)
    assert len(Workspace.open(desk.folder).ledger.events()) == 3


def test_two_annotators(desk: Desk, hands: Annotator) -> None:
    """Two people annotate one task: both count, under two pseudonyms that are not their names."""
    project, task = opened(desk, hands)
    hands.submit()
    email, password = f"{uuid4().hex[:8]}@localhost.localdomain", uuid4().hex
    sign_up(desk, email, password)
    with hands.other() as others:
        others.login(email, password)
        others.open(project=project, task=task, fresh=True)
        others.add(*SPAIN, "LOC")
        others.submit()
    assert desk.run("pull") == counts(annotations=2, events=2, records_changed=1)
    events = Workspace.open(desk.folder).ledger.events()
    assert len({event.annotator for event in events}) == 2
    assert desk.record()["annotation"]["annotators"] == 2
    ledger = "".join(path.read_text("utf-8") for path in desk.folder.rglob("ledger/*.jsonl"))
    assert email not in ledger
    assert "@" not in ledger.replace(TEXT, "")


def sign_up(desk: Desk, email: str, password: str) -> None:
    """Make an account by an invitation."""
    link = desk.api.get("/api/invite").json()["invite_url"]
    with httpx.Client(base_url=desk.server.url, trust_env=False, timeout=60) as person:
        person.get(link)
        headers = {"X-CSRFToken": person.cookies["csrftoken"], "Referer": desk.server.url}
        form = {"email": email, "password": password, "allow_newsletters": "false"}
        answer = person.post(link, data=form, headers=headers)
        assert answer.status_code == 302, answer.text[:500]


def test_guidelines_are_one_click_away(desk: Desk, hands: Annotator) -> None:
    """Whoever labels can read the guidelines without leaving the task."""
    folder = desk.folder / "annotations"
    folder.mkdir()
    (folder / "guidelines.md").write_text("# Whole names only\n", encoding="utf-8")
    project, _ = opened(desk, hands)
    hands.page.goto(f"{desk.server.url}/projects/{project}/data?labeling=1")
    hands.page.get_by_role("button", name="Instructions").click()
    hands.page.get_by_text("Whole names only").wait_for()


def test_hostile_texts(desk: Desk, hands: Annotator) -> None:
    """Twenty texts, 140 spans: two proposed in each, five drawn; all come back exactly."""
    check_hostile(desk, hands, range(20))


@pytest.mark.torture
@pytest.mark.parametrize("first", range(0, 200, 20))
def test_hostile_texts_all(
    desk: Desk, hands: Annotator, first: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ten times twenty texts: 1,400 spans, of which 1,000 are drawn."""
    mouse = check_hostile(desk, hands, range(first, first + 20))
    with capsys.disabled():
        print(f"\n{first}: {mouse} of 100 with the mouse, the others selected")  # noqa: T201


def check_hostile(desk: Desk, hands: Annotator, numbers: range) -> int:
    """Send texts with two spans each, draw five more, and compare what the ledger says.

    Returns:
        How many were drawn with the mouse.
    """
    texts = {make_record(n)["id"]: hostile(n) for n in numbers}
    records = [make_record(id=name, text=text) for name, (text, _) in texts.items()]
    desk.write(records)
    project = push_with(desk, records, {name: spans[::3][:2] for name, (_, spans) in texts.items()})
    mouse = 0
    for task in desk.tasks(project):
        hands.open(project=project, task=task["id"])
        text, spans = texts[task["data"]["record_id"]]
        assert task["data"]["text"] == text
        regions = [(item["start"], item["end"], item["label"]) for item in spans]
        shown = set(regions[::3][:2])
        hands.wait_for(shown)
        for region in [item for item in regions if item not in shown]:
            mouse += hands.draw(region, beside=shown)
            shown.add(region)
        hands.wait_for(shown)
        hands.submit()
    total = len(records)
    expected = counts(annotations=total, events=total, records_changed=total)
    assert desk.run("pull") == expected
    found = {e.record_id: e.after for e in Workspace.open(desk.folder).ledger.events()}
    for name, (_, entities) in texts.items():
        assert found[name] == {"tags": [], "entities": entities}
    assert mouse > 3 * total, "most spans can be drawn with the mouse"
    return mouse


def push_with(desk: Desk, records: list[Record], entities: dict[str, Any]) -> int:
    """Push `records` with these suggestions, and return the number of the project."""
    suggestions = {
        record["id"]: Suggestion(
            record["id"], record["text_sha256"], "test", [], entities[record["id"]]
        )
        for record in records
    }
    stage = Workspace.open(desk.folder)._annotations
    with pytest.MonkeyPatch.context() as patch:
        for name, value in desk.environ.items():
            patch.setenv(name, value)
        pairs = [(record, suggestions[record["id"]]) for record in records]
        report = stage.push(pairs, selection=EVERYTHING, advance=lambda: None)
    assert report.counts["created"] == len(records), report.issues
    return report.project_id
