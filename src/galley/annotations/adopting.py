"""Bring annotations that were made before Galley into the ledger."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from galley.annotations.adopt import PROJECT, Adoption
from galley.annotations.listing import fetch_tasks, list_tasks
from galley.annotations.project import Project
from galley.annotations.pseudonym import Pseudonyms
from galley.annotations.pull import is_news, put_aside
from galley.annotations.reading import Unfit
from galley.annotations.server import Server
from galley.errors import ServerError
from galley.hashing import canonical_json, sha256_text
from galley.ledger import Event, Kind, Ledger


@dataclass(frozen=True)
class AdoptReport:
    """What an adoption found.

    Attributes:
        tasks: Tasks looked at.
        annotations: Annotations that can be corrections.
        skipped: Tasks that a person passed over.
        events: What is new in the ledger.
        repaired: Annotations whose spans counted in another unit or another form of the text.
        without_record: Annotations of texts that no record has: they count once one does.
        quarantined: Annotations newly put into quarantine.
        reasons: Of all that do not fit: how often each code.
    """

    tasks: int
    annotations: int
    skipped: int
    events: int
    repaired: int
    without_record: int
    quarantined: int
    reasons: dict[str, int]

    def to_json(self) -> dict[str, Any]:
        """Return the counts."""
        return dict(vars(self))


def adopt(
    tasks: Iterable[dict[str, Any]], adoption: Adoption, *, ledger: Ledger, quarantine: Path
) -> AdoptReport:
    """Bring `tasks` into `ledger`: events first of all, then what does not fit."""
    known = ledger.events()
    last = {e.origin["annotation"]: e for e in known if e.origin["project"] == PROJECT}
    said = {_saying(event) for event in known}
    whole = list(tasks)
    found = [item for task in whole for item in adoption.read(task, last)]
    events = [item for item in found if isinstance(item, Event)]
    unfit = [item for item in found if isinstance(item, Unfit)]
    new = [
        event
        for event in events
        if is_news(event, last.get(event.origin["annotation"])) and _saying(event) not in said
    ]
    kinds = Counter(event.kind for event in events)
    return AdoptReport(
        tasks=len(whole),
        annotations=kinds[Kind.ANNOTATED],
        skipped=kinds[Kind.SKIPPED],
        events=ledger.append(new),
        repaired=sum(any(r["rule"] != "left_out" for r in e.repairs or ()) for e in events),
        without_record=sum(e.record_id not in adoption.match.ids for e in events),
        quarantined=put_aside(unfit, quarantine),
        reasons=dict(Counter(issue.code for item in unfit for issue in item.issues)),
    )


def fetch_all(server: Server, number: int) -> list[dict[str, Any]]:
    """Return all tasks of any project that have an annotation or were skipped.

    Raises:
        ServerError: There is no such project, or the token's account may not see it.
    """
    _check_project(server, number)
    project = Project(number, "", "")
    touched = [task.id for task in list_tasks(server, project) if task.touched]
    return list(fetch_tasks(server, project, touched))


def _check_project(server: Server, number: int) -> None:
    # a list of tasks would be empty, and say nothing
    try:
        server.get(f"/api/projects/{number}")
    except ServerError as error:
        if error.code != "server_refused":
            raise
        raise ServerError(
            f"Label Studio at {server.url} has no project {number} for the token's account",
            code="no_project",
            hint="is it the number in the project's address, and may the account see it?",
        ) from error


def people_of(
    pseudonyms: Callable[[], Pseudonyms], addresses: dict[int, str], *, where: str
) -> Callable[[Any, str | None], str]:
    """Return what gives the pseudonym of a person: by address, else by number and place.

    Args:
        pseudonyms: Opens the workspace's own.
        addresses: From a number to the e-mail address.
        where: What the number counts in.
    """

    def person(number: Any, address: str | None) -> str:
        known = address or addresses.get(number)
        return pseudonyms().of(known or f"user {number} of {where}")

    return person


def place_of(tasks: list[dict[str, Any]]) -> str:
    """Name what the people's numbers of an export count in."""
    projects = sorted({str(task.get("project")) for task in tasks})
    return sha256_text(canonical_json(["export", projects]))[:12]


def _saying(event: Event) -> str:
    """Name what an event says, wherever it was heard."""
    said = [event.kind, event.record_id, event.text_sha256, event.at, event.after]
    return canonical_json(said)
