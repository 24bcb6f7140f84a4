"""The Label Studio project of a workspace, found again by a mark in its description."""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

from galley.annotations.answer import expect
from galley.annotations.server import Server
from galley.errors import ServerError
from galley.hashing import sha256_text

_MARK = re.compile(r"galley:([^:\s]+):([0-9a-f]{32})(?::([0-9a-f]{8}))?")
_PAGE = 1000
_FIELDS = "id,description,label_config,maximum_annotations"
# Label Studio takes titles of 3 to 50 characters.
_TITLE = 50


@dataclass(frozen=True)
class Screen:
    """What annotators are to see.

    Attributes:
        labeling_config: The screen.
        guidelines: What they follow, as HTML.
        overlap: How many people annotate each task.
    """

    labeling_config: str
    guidelines: str = ""
    overlap: int = 1

    @property
    def digest(self) -> str:
        """What tells one state of the guidelines from another."""
        return sha256_text(self.guidelines)[:8]


@dataclass(frozen=True)
class Project:
    """A project on a server.

    Attributes:
        id: Its number there.
        uuid: What names it wherever it is: two servers may both have a project 1.
        labeling_config: The annotators' screen as the server has it.
        overlap: After how many annotations a task is done.
        guidelines: Short hash of the guidelines there; empty where there are none.
        fresh: Whether it was made just now: it has neither tasks nor tabs.
    """

    id: int
    uuid: str
    labeling_config: str = ""
    overlap: int = 1
    guidelines: str = ""
    fresh: bool = field(default=False, kw_only=True)


def find_project(server: Server, name: str) -> Project | None:
    """Return the project of the workspace `name`: the oldest, should there be several.

    Raises:
        ServerError: There is none, and the token's account is in no organisation, so that it
            sees none: the server would let it make another project, and then fail.
    """
    found = find_projects(server, [name])
    if not found:
        _check_account(server)
        return None
    return found[name]


def find_projects(server: Server, names: Iterable[str]) -> dict[str, Project]:
    """Return the projects of these names that are there, each the oldest of its name."""
    wanted = {quote(name, safe=""): name for name in names}
    found: dict[str, Project] = {}
    for document in sorted(_projects(server), key=lambda project: project["id"]):
        name = wanted.get(_name(document) or "")
        if name is not None:
            found.setdefault(name, _project(document))
    return found


def make_project(server: Server, name: str, *, screen: Screen) -> Project:
    """Make the project of the workspace `name`."""
    body = {
        "title": f"{name[:_TITLE]:_<3}",
        "sampling": "Sequential sampling",
        "show_skip_button": True,
        "enable_empty_annotation": True,
        "show_collab_predictions": True,
        **_settings(screen, name, uuid.uuid4().hex),
    }
    answer = server.post("/api/projects", body)
    made = expect(answer, "id", "description", "label_config", "maximum_annotations")
    return replace(_project(made), fresh=True)


def update_project(server: Server, project: Project, name: str, *, screen: Screen) -> None:
    """Give `project` the `screen`, unless it has it."""
    there = (project.labeling_config.strip(), project.overlap, project.guidelines)
    if there != (screen.labeling_config.strip(), screen.overlap, screen.digest):
        server.patch(f"/api/projects/{project.id}", _settings(screen, name, project.uuid))


def _check_account(server: Server) -> None:
    account = expect(server.get("/api/current-user/whoami"), "active_organization")
    if account["active_organization"] is None:
        raise ServerError(
            f"the token's account at {server.url} is in no organisation and may see no project",
            code="server_permission",
            hint="was it taken out? The organisation's owner can invite it again",
        )


def _settings(screen: Screen, name: str, mark: str) -> dict[str, Any]:
    # the server rewrites the markup of instructions, so the mark says which they are
    own = f"galley:{quote(name, safe='')}:{mark}:{screen.digest}"
    return {
        "description": f"Filled by `galley push`, read by `galley pull`. {own}",
        "label_config": screen.labeling_config,
        "maximum_annotations": screen.overlap,
        "expert_instruction": screen.guidelines,
    }


def _projects(server: Server) -> list[dict[str, Any]]:
    query = {"include": _FIELDS, "page_size": _PAGE}
    projects: list[dict[str, Any]] = []
    page: dict[str, Any] = {"next": True}
    while page["next"]:
        query["page"] = len(projects) // _PAGE + 1
        page = expect(server.get("/api/projects", query), "next", "results")
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
    config, overlap = document["label_config"] or "", document["maximum_annotations"]
    return Project(document["id"], mark[2], config, overlap, mark[3] or "")
