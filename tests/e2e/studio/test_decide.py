"""Somebody decides between two people, in a real browser."""

from pathlib import Path

import httpx

from galley.annotations.studio.server import StudioStatus
from tests.e2e.browser import annotator
from tests.e2e.studio.desk import TEXT, Desk, span, surfaces
from tests.e2e.studio.test_access import Account

POLICY = {"GALLEY_ANNOTATIONS_MERGE_DEFAULT": "unanimous", "GALLEY_ANNOTATIONS_OVERLAP": "2"}


def test_decided_in_the_browser(
    desk: Desk, chromium: str, label_studio: StudioStatus, tmp_path: Path
) -> None:
    """Who decides sees both sides and no names, marks one of them, and that stands."""
    task = desk.tasks(desk.run("push", **POLICY)["project_id"])[0]
    spain, quill = span("GPE", "Spain"), span("PER", "Ada Quill")
    desk.annotate(task["id"], [spain, quill])
    with httpx.Client(base_url=desk.server.url, trust_env=False, timeout=60) as web:
        token = Account.sign_up(desk, web).legacy_token()
    headers = {"Authorization": f"Token {token}"}
    answer = httpx.post(
        f"{desk.server.url}/api/tasks/{task['id']}/annotations/",
        json={"result": [spain, span("ORG", "Ada Quill")]},
        headers=headers,
        trust_env=False,
    )
    assert answer.is_success, answer.text
    assert desk.run("pull", **POLICY)["events"] == 2
    project = desk.run("push", "--queue", "adjudicate", **POLICY)["project_id"]
    (asked,) = desk.tasks(project)
    start = TEXT.index("Ada Quill")
    with annotator(chromium, desk.server.url) as hands:
        hands.login(label_studio.username, label_studio.password)
        hands.open(project=project, task=asked["id"])
        shown = hands.page.locator("body").inner_text()
        assert "1 person: ORG “Ada Quill” (…" in shown
        assert "1 person: PER “Ada Quill” (…" in shown
        hands.screenshot(tmp_path / "decide.png")
        assert hands.regions() == {(TEXT.index("Spain"), TEXT.index("Spain") + 5, "GPE")}
        hands.add(start, start + 9, "PER")
        hands.submit()
    assert desk.run("pull", **POLICY)["events"] == 1
    assert set(surfaces(desk.record())) == {("Spain", "GPE"), ("Ada Quill", "PER")}
    assert desk.record()["annotation"]["status"] == "adjudicated"
