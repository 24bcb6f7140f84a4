"""The annotators' screen: judged before annotators see it, and never at the cost of work."""

from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree import ElementTree as ET

from galley.annotations.listing import fetch_tasks, list_tasks
from galley.annotations.project import Project
from galley.annotations.server import Server
from galley.errors import SchemaError, ServerError


def refuse_loss(
    server: Server,
    project: Project,
    *,
    labeling_config: str,
    covered: frozenset[str] = frozenset(),
) -> None:
    """Refuse a labeling config that lacks what annotations in `project` use.

    Args:
        server: The server.
        project: Its project.
        labeling_config: The new one.
        covered: Names of which a migration says what became of them.

    Raises:
        ServerError: A label or tag in use is gone. The server itself would not say a word.
    """
    kept = _names(labeling_config)
    if kept is None:
        return  # the server refuses it
    gone = (_names(project.labeling_config) or set()) - kept - covered
    used = gone & _used_names(server, project) if gone else set()
    if used:
        raise ServerError(
            f"annotations in project {project.id} use {', '.join(sorted(used))}, which the "
            "vocabularies no longer have",
            code="labels_in_use",
            hint="put them back into schema/tags.yaml or schema/entities.yaml, or say in "
            "schema/migrations/ what became of them",
        )


def guidelines_html(markdown: str) -> str:
    """Return the guidelines as Label Studio shows them, one click away from each task."""
    from markdown_it import MarkdownIt  # noqa: PLC0415 - only to push

    return str(MarkdownIt("commonmark", {"html": False}).enable("table").render(markdown))


def check_config(labeling_config: str) -> None:
    """Let Label Studio's own SDK judge the labeling config, as the server would.

    Raises:
        SchemaError: The vocabularies make a screen that Label Studio cannot show.
    """
    # slow to import; a push leaves the judgement to the server, which is quicker
    from label_studio_sdk._legacy import exceptions  # noqa: PLC0415 - it has no public home
    from label_studio_sdk.label_interface import LabelInterface  # noqa: PLC0415

    refusals = (
        exceptions.LabelStudioValidationErrorSentryIgnored,
        exceptions.LabelStudioXMLSyntaxErrorSentryIgnored,
    )
    try:
        LabelInterface(labeling_config).validate()
    except refusals as error:
        raise SchemaError(
            f"tags.yaml and entities.yaml make a screen that Label Studio refuses: {error}",
            code="labeling_config",
            hint="look for odd characters in the names and descriptions of tags and labels",
        ) from error


@contextmanager
def judged(labeling_config: str) -> Iterator[None]:
    """Leave the judgement of a labeling config to the server, and explain a refusal.

    Raises:
        SchemaError: The vocabularies make a screen that Label Studio cannot show.
    """
    try:
        yield
    except ServerError as error:
        if error.code == "server_refused":
            check_config(labeling_config)
        raise


def _names(config: str) -> set[str] | None:
    """Return what results may call labels and tags under `config`; None if it is broken."""
    try:
        root = ET.fromstring(config)  # noqa: S314 - the server's own project, no entities in it
    except ET.ParseError:
        return None
    elements = [element for element in root.iter() if element.tag in {"Label", "Choice"}]
    return {element.get("alias") or element.get("value") or "" for element in elements}


def _used_names(server: Server, project: Project) -> set[str]:
    touched = [task.id for task in list_tasks(server, project) if task.touched]
    names: set[str] = set()
    for task in fetch_tasks(server, project, touched):
        results = [item for annotation in task["annotations"] for item in annotation["result"]]
        for value in (item.get("value", {}) for item in results):
            names.update(value.get("labels", []))
            names.update(name for path in value.get("taxonomy", []) for name in path)
    return names
