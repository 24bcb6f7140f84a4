"""The tab that annotators label from: all tasks but those that were put aside."""

from galley.annotations.answer import expect_rows
from galley.annotations.project import Project
from galley.annotations.server import Server

TITLE = "To label"
_OPEN = {
    "filter": "filter:tasks:data.archived",
    "operator": "equal",
    "type": "Unknown",
    "value": "false",
}
# Columns that would fill the list with whole articles and with our own marks.
_OURS = ("text", "link", "record_id", "text_sha256", "archived")
# Those that the server hides unless it is told which: without them titles are in sight.
_THEIRS = (
    *("inner_id", "completed_at", "annotations_results", "annotations_ids", "predictions_score"),
    *("predictions_model_versions", "predictions_results", "file_upload", "storage_filename"),
    *("created_at", "updated_at", "updated_by", "avg_lead_time", "draft_exists"),
)
_HIDDEN = tuple(f"tasks:{name}" for name in (*(f"data.{name}" for name in _OURS), *_THEIRS))


def ensure_tab(server: Server, project: Project) -> bool:
    """Make the tab unless it is there, and return whether it was made.

    A tab that somebody gave more filters or columns is left as it is.
    """
    query = {"project": project.id}
    tabs = [] if project.fresh else expect_rows(server.get("/api/dm/views", query), "data")
    if any(tab["data"].get("title") == TITLE for tab in tabs):
        return False
    data = {
        "title": TITLE,
        "type": "list",
        "ordering": ["tasks:id"],
        "filters": {"conjunction": "and", "items": [_OPEN]},
        "hiddenColumns": {"explore": list(_HIDDEN), "labeling": []},
    }
    server.post("/api/dm/views", {"project": project.id, "data": data})
    return True
