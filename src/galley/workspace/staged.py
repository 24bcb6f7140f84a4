"""What is staged in git, checked before it is committed.

What is checked is what a clone will get: the files as they stand in the index, whatever lies in
the folder. It is checked by the code that reads them later, and against the commit before:
the ledger only grows, a release never changes, an answer of the datasheet does not vanish.
"""

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from galley.errors import GalleyError, WorkspaceError
from galley.files import read_jsonl
from galley.layout import Layout
from galley.ledger import Event, Ledger
from galley.schema.contract import Contract
from galley.schema.issue import Issue
from galley.schema.migration import Migrations, load_migrations
from galley.schema.vocabulary import load_labels, load_taxonomy
from galley.settings import load_config
from galley.workspace.git import Git, Tree

_FILES = ("pyproject.toml", "DATASHEET.md", "DATASHEET.lock.json", "build/identity.jsonl")
_FOLDERS = ("schema/", "annotations/")
_RELEASES = "releases/"


@dataclass(frozen=True)
class StagedReport:
    """What `check_staged` found.

    Attributes:
        files: The staged files that it is about, which differ from the commit before.
        issues: What is wrong.
        unanswered: How many questions of the datasheet have no answer yet, which is no issue.
    """

    files: list[str] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    unanswered: int = 0

    def to_json(self) -> dict[str, Any]:
        """Return the object that `--json` prints."""
        return {
            "ok": not self.issues,
            "files": self.files,
            "issues": [issue.to_json() for issue in self.issues],
            "unanswered": self.unanswered,
        }


def check_staged(folder: Path, since: str | None = None) -> StagedReport:
    """Check what is staged of the workspace at `folder`.

    Args:
        folder: The workspace.
        since: The branch that a pull request goes to; None to compare with the last commit.

    Raises:
        WorkspaceError: It lies in no git repository, or `since` is no commit.
    """
    git = Git(folder)
    staged, base = git.staged, git.find_base(since)
    before = {} if base is None else git.tree(base)
    touched = sorted(
        path for path in staged.keys() | before if staged.get(path) != before.get(path)
    )
    files = [path for path in touched if _is_ours(path) or path.startswith(_RELEASES)]
    if not files:
        return StagedReport()
    issues = [*_releases(staged, before)]
    with _checked_out(git, staged) as now, _checked_out(git, before) as then:
        if _is_workspace(now):
            issues += _Check(now, then).issues()
        else:
            issues += [_no_workspace(now)]
        unanswered = len(_blank(now))
        # Messages name files where they lie in the workspace.
        issues = [_relative(issue, now.root) for issue in issues]
    return StagedReport(files, sorted(issues), unanswered)


def _is_ours(path: str) -> bool:
    return path in _FILES or path.startswith(_FOLDERS)


def _is_workspace(layout: Layout) -> bool:
    return layout.pyproject.exists() and layout.schema.exists()


def _no_workspace(layout: Layout) -> Issue:
    missing = [path for path in (layout.pyproject, layout.schema) if not path.exists()]
    return Issue(str(missing[0]), "not_staged", "a workspace with this file", "no such file staged")


@contextmanager
def _checked_out(git: Git, tree: Tree) -> Iterator[Layout]:
    """Yield the layout of a folder that holds what is checked of `tree`."""
    paths = [path for path in tree if _is_ours(path)]
    with tempfile.TemporaryDirectory(prefix="galley-") as name:
        root = Path(name)
        for path, data in zip(paths, git.read(tree[path] for path in paths), strict=True):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(data)
        yield Layout(root)


def _relative(issue: Issue, root: Path) -> Issue:
    said = (issue.path, issue.code, issue.expected, issue.got)
    return Issue(*(word.replace(f"{root}/", "") for word in said))


def _releases(staged: Tree, before: Tree) -> Iterator[Issue]:
    """Yield the files of releases that are there and would change."""
    for path in sorted(before):
        if path.startswith(_RELEASES) and path.count("/") > 1:
            now = staged.get(path)
            if now is not None and now != before[path]:
                yield Issue(path, "release_changed", "a release never changes", "other content")


@dataclass(frozen=True)
class _Check:
    """The checks of what is staged, `now`, against what was committed, `then`."""

    now: Layout
    then: Layout

    def issues(self) -> Iterator[Issue]:
        now = self.now
        yield from _tried(now.pyproject, lambda: load_config(now.pyproject, {}))
        yield from _tried(now.schema, lambda: Contract.load(now.schema))
        yield from self._people()
        yield from self._growth()
        yield from self._registered()
        yield from _tried(now.suggestions, self._suggestions)
        yield from self._datasheet()

    def _people(self) -> Iterator[Issue]:
        """Yield what is wrong with the vocabularies, and with the ledger under their names."""
        from galley.annotations.migrate import migrate_events  # noqa: PLC0415 - lazily
        from galley.build.identity import read_retracted  # noqa: PLC0415

        now, events = self.now, list[Event]()
        writer = now.private / "writer"
        ledger = Ledger(now.ledger, writer=writer)
        yield from _tried(now.ledger, lambda: events.extend(ledger.events()))
        yield from (issue for event in events for issue in _event(event))
        yield from _tried(now.schema.parent, lambda: migrate_events(events, self._migrations()))
        gone = frozenset[str]()
        try:
            gone = read_retracted(now.identity)
        except GalleyError as error:
            yield _issue(now.identity, error)
        for name in sorted({event.record_id for event in events} & gone):
            yield Issue(
                str(now.ledger),
                "ledger_retracted",
                f"nothing of {name}, which was retracted",
                "events that are not erased",
            )

    def _migrations(self) -> Migrations:
        now = self.now
        taxonomy, labels = load_taxonomy(now.tags), load_labels(now.entities)
        return load_migrations(
            now.migrations, version=taxonomy.version, tags=taxonomy.names, labels=labels.names
        )

    def _growth(self) -> Iterator[Issue]:
        """Yield where the ledger lost what it had, or has it in another order."""
        kept = {name for path in self.now.ledger.glob("*.jsonl") for name in _names(path)}
        for path in sorted(self.then.ledger.glob("*.jsonl")):
            before, after = _names(path), _names(self.now.ledger / path.name)
            place = str(self.now.ledger / path.name)
            if lost := [name for name in before if name not in kept]:
                yield Issue(
                    place,
                    "ledger_lost",
                    "a ledger only grows",
                    f"{len(lost)} events less, the first is {lost[0][:12]}",
                )
            elif after[: len(before)] != before:
                yield Issue(
                    place,
                    "ledger_order",
                    "new lines below those that are committed",
                    "another order, which releases cannot be made again from",
                )

    def _registered(self) -> Iterator[Issue]:
        """Yield what the registry of ids lost: who was taken out, and which ids were minted."""
        before, now = (set(_lines(layout.identity)) for layout in (self.then, self.now))
        if lost := before - now:
            out = sum(b'"retracted"' in line for line in lost)
            yield Issue(
                str(self.now.identity),
                "registry_lost",
                "a registry only grows: restore it from git",
                f"{len(lost)} lines less" + (f", {out} of them of retractions" if out else ""),
            )

    def _suggestions(self) -> None:
        from galley.annotations.suggestion import Suggestion  # noqa: PLC0415 - lazily

        last = ""
        for number, line in read_jsonl(self.now.suggestions):
            try:
                name = Suggestion(**line).record_id
                well = last < name and all(map(_fits, line.get("entities", [])))
            except (TypeError, KeyError, AttributeError) as error:
                raise _damaged(self.now.suggestions, number, repr(error)) from error
            if not well:
                said = "out of order" if last >= name else "an entity that is not its text's length"
                raise _damaged(self.now.suggestions, number, said)
            last = name

    def _datasheet(self) -> Iterator[Issue]:
        from galley.releases.datasheet import read_lock  # noqa: PLC0415 - lazily

        yield from _tried(self.now.datasheet_lock, lambda: read_lock(self.now.datasheet_lock))
        before = {issue.path for issue in _blank(self.then)}
        first = not self.then.datasheet.exists()
        for issue in _blank(self.now):
            if issue.code == "answer_missing" or not (first or issue.path in before):
                yield issue


def _blank(layout: Layout) -> list[Issue]:
    from galley.releases.datasheet import check_blank  # noqa: PLC0415 - lazily

    path = layout.datasheet
    text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    return list(check_blank(text)) if text else []


def _event(event: Event) -> Iterator[Issue]:
    """Yield what is wrong inside an event, whose name holds."""
    try:
        said = [part for part in (event.suggestion, event.before, event.after) if part is not None]
        well = all(_fits(entity) for part in said for entity in part["entities"])
        well = well and all(isinstance(tag, str) for part in said for tag in part["tags"])
    except (KeyError, TypeError, AttributeError):
        well = False
    if not well:
        yield Issue(
            "annotations/ledger",
            "ledger_content",
            "tags, and entities as long as their text",
            f"the event {event.event[:12]}",
        )


def _fits(entity: dict[str, Any]) -> bool:
    return bool(entity["end"] - entity["start"] == len(entity["text"]) > 0 and entity["label"])


def _lines(path: Path) -> list[bytes]:
    """Return the lines of a file, none if there is none; blank ones, and how they end, aside."""
    return [line for line in path.read_bytes().splitlines() if line] if path.exists() else []


def _names(path: Path) -> list[str]:
    """Return the names of a ledger file's events, in order; what is damaged is found elsewhere."""
    if not path.exists():
        return []
    names = []
    for line in path.read_bytes().splitlines():
        try:
            names.append(str(json.loads(line)["event"]))
        except (ValueError, KeyError, TypeError):
            continue
    return names


def _damaged(path: Path, number: int, why: str) -> WorkspaceError:
    return WorkspaceError(
        f"{path}:{number} is no suggestion: {why}",
        code="suggestion_invalid",
        hint="`galley suggest` writes the file again",
    )


def _tried(path: Path, read: Callable[[], object]) -> Iterator[Issue]:
    """Yield the failure of `read` as an issue of the file at `path`."""
    try:
        read()
    except GalleyError as error:
        yield _issue(path, error)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        yield Issue(str(path), "unreadable", "what Galley wrote", repr(error))


def _issue(path: Path, error: GalleyError) -> Issue:
    return Issue(str(path), error.code, error.hint, error.message)
