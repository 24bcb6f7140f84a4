"""A workspace, and the Label Studio that it works with."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pyarrow as pa

from galley.annotations.studio.server import StudioStatus
from galley.desk import Workspace
from galley.parquet import write_table
from galley.record import Record
from galley.schema.arrow import arrow_schema
from galley.schema.contract import Contract

# The ship and the letter are astral, é and ü may be written in two ways, NBSP and a tab and
# runs of spaces are what browsers collapse.
TEXT = (
    "🚢 FERRY STRIKE\n\nThe “Aurélie 𝕏” left France for Norway, and\u00a0the  EU said\tso.\n\n"
    "Ada Quill, of Zürich, waited in Spain. Nobody in Norway answered Ada Quill."
)


@dataclass
class Desk:
    """A workspace of its own name, so a project of its own on the shared server."""

    folder: Path
    server: StudioStatus
    galley: Any
    api: httpx.Client
    said: list[str] = field(default_factory=list)

    def run(self, *words: str, code: int | None = 0, **environ: str) -> dict[str, Any]:
        """Run a command and return its JSON; without a `code` it may have findings."""
        environ = self.environ | environ
        done = self.galley(*words, "--json", cwd=self.folder, **environ)
        self.said.append(done.stdout + done.stderr)
        assert done.returncode in ({0, 1} if code is None else {code}), done.stderr + done.stdout
        return dict(json.loads(done.stdout))

    @property
    def environ(self) -> dict[str, str]:
        return {"LABEL_STUDIO_URL": self.server.url, "LABEL_STUDIO_API_KEY": self.server.token}

    def write(self, records: list[Record]) -> None:
        """Write records as a build would."""
        schema = arrow_schema(Contract.default())
        table = pa.Table.from_pylist(sorted(records, key=lambda r: r["id"]), schema=schema)
        write_table(self.folder / "build/out/records/part-0.parquet", table)

    def tasks(self, project: int) -> list[dict[str, Any]]:
        """Return all tasks of a project, whole."""
        query = {"project": project, "fields": "all", "page_size": 1000}
        answer = self.api.get("/api/tasks", params=query).json()
        return list(answer["tasks"])

    def number_of_tasks(self) -> int:
        """Return how many tasks the workspace's project has, 0 while there is none."""
        name = Workspace.open(self.folder).config.name
        projects = self.api.get("/api/projects", params={"title": name}).json()["results"]
        return sum(project["task_number"] for project in projects if project["title"] == name)

    def record(self, number: int = 0) -> Record:
        """Return a record as merged, in the order of their ids."""
        return list(Workspace.open(self.folder).merged())[number]

    def annotate(self, task: int, results: list[Any], **fields: Any) -> int:
        """Submit an annotation by the API, and return its number."""
        answer = self.api.post(
            f"/api/tasks/{task}/annotations/", json={"result": results, **fields}
        )
        assert answer.is_success, answer.text
        return int(answer.json()["id"])


def span(label: str, surface: str, *, start: int | None = None) -> dict[str, Any]:
    """Return the result of marking `surface`, where it first stands if nothing else is said."""
    at = TEXT.index(surface) if start is None else start
    value = {"start": at, "end": at + len(surface), "text": surface, "labels": [label]}
    return {"from_name": "entities", "to_name": "text", "type": "labels", "value": value}


def surfaces(record: Record) -> list[tuple[str, str]]:
    """Return surface and label of each entity."""
    return [(entity["text"], entity["label"]) for entity in record["entities"]]


def counts(**changes: int) -> dict[str, Any]:
    """Return the report of a pull that quarantined nothing, unless it is said."""
    return {"quarantined": 0, "unread": [], **changes}
