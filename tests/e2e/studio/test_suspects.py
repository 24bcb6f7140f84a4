"""A second look at what may be wrong."""

from tests.e2e.studio.desk import Desk, span, surfaces


def test_second_look(desk: Desk) -> None:
    """What looks odd is asked about, with the reason; what is left there stands."""
    task = desk.tasks(desk.run("push")["project_id"])[0]
    desk.annotate(task["id"], [span("PER", "Ada Quil"), span("GPE", "Spain")])
    desk.run("pull")
    queue = desk.run("push", "--queue", "suspects", "--limit", "5")
    assert queue["created"] == 1
    (asked,) = desk.tasks(queue["project_id"])
    assert "“Ada Quil” (PER) cuts a word" in asked["data"]["link"]
    assert len(asked["predictions"][0]["result"]) == 2
    desk.annotate(asked["id"], [span("PER", "Ada Quill"), span("GPE", "Spain")])
    assert desk.run("pull")["events"] == 1
    record = desk.record()
    assert record["annotation"]["status"] == "adjudicated"
    assert ("Ada Quill", "PER") in surfaces(record)
    assert desk.run("push", "--queue", "suspects")["created"] == 0
