"""The Label Studio project of a workspace, found again by a mark in its description."""

import re
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from galley.annotations.server import Server
from galley.errors import ServerError

_MARK = re.compile(r"galley:([^:\s]+):([0-9a-f]{32})")
_PAGE = 1000
# Label Studio takes titles of 3 to 50 characters.
_TITLE = 50


@dataclass(frozen=True)
class Project:
    """A project on a server.

    Attributes:
        id: Its number there.
        uuid: What names it wherever it is: two servers may both have a project 1.
        labeling_config: The annotators' screen as the server has it.
    """

    id: int
    uuid: str
    labeling_config: str


def find_project(server: Server, name: str) -> Project | None:
    """Return the project of the workspace `name`: the oldest, should there be several."""
    found = [project for project in _projects(server) if _name(project) == quote(name, safe="")]
    if not found:
        return None
    first = min(found, key=lambda project: project["id"])
    return _project(first)


def make_project(server: Server, name: str, *, labeling_config: str) -> Project:
    """Make the project of the workspace `name`."""
    mark = f"galley:{quote(name, safe='')}:{uuid.uuid4().hex}"
    body = {
        "title": f"{name[:_TITLE]:_<3}",
        "description": f"Filled by `galley push`, read by `galley pull`. {mark}",
        "label_config": labeling_config,
        "sampling": "Sequential sampling",
        "show_skip_button": True,
        "enable_empty_annotation": True,
        "show_collab_predictions": True,
    }
    return _project(server.post("/api/projects", body))


def _projects(server: Server) -> list[dict[str, Any]]:
    query = {"include": "id,description,label_config", "page_size": _PAGE}
    projects: list[dict[str, Any]] = []
    page: dict[str, Any] = {"next": True}
    while page["next"]:
        query["page"] = len(projects) // _PAGE + 1
        page = server.get("/api/projects", query)
        projects += page["results"]
    return projects


def _name(project: dict[str, Any]) -> str | None:
    mark = _MARK.search(project["description"] or "")
    return mark[1] if mark else None


def _project(document: dict[str, Any]) -> Project:
    mark = _MARK.search(document["description"])
    if mark is None:
        raise ServerError(
            f"project {document['id']} came back without its mark", code="server_answer"
        )
    return Project(document["id"], mark[2], document["label_config"] or "")
