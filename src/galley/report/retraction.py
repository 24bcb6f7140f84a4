"""Take a record out of a workspace for good, and say what still holds it.

Each step can be done again: a run that was killed is finished by the next. The identity
registry comes first, because from then on no build, pull or release takes the record in.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from galley.annotations.erase import count_lines, drop_lines
from galley.build.identity import Identity
from galley.layout import Layout
from galley.ledger import Ledger
from galley.manifest import FILE_NAME
from galley.record import Record
from galley.releases.traces import Holder, find_commits, find_files, find_holders, say_mentions
from galley.report.lookup import read_records, read_rows


@dataclass(frozen=True)
class Retraction:
    """What was taken out, or would be, and what remains.

    Attributes:
        id: The record.
        aliases: Ids that gave way to its own.
        done: Whether anything was changed now; False for a dry run, and where all was done.
        records: Records taken out of the build: 1 or 0.
        events: Events of the ledger that became tombstones.
        suggestions: Suggestions dropped.
        misfits: Annotations dropped that had been put aside.
        sources: The byte ranges of raw files that it was read from: `{file, byte_start,
            byte_end}`.
        near_duplicates: Records that say nearly the same, and stay.
        holders: The releases that have it.
        files: More files of the workspace that have its id or its words: exports, copies, pages.
        commits: Commits of git that have its raw file, or what was said of it; None without a
            repository.
    """

    id: str
    aliases: list[str]
    done: bool
    records: int
    events: int
    suggestions: int
    misfits: int
    sources: list[dict[str, Any]] = field(default_factory=list)
    near_duplicates: list[str] = field(default_factory=list)
    holders: list[Holder] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    commits: list[str] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the object of `galley retract --json`."""
        holders = [holder.to_json() for holder in self.holders]
        return {**vars(self), "holders": holders, "remains": list(self.remains())}

    def remains(self) -> Iterator[str]:
        """Yield a sentence on each place that still holds the record, and what can be done."""
        for source in self.sources:
            yield (
                f"the raw file {source['file']} has it at the bytes {source['byte_start']} to "
                f"{source['byte_end']}, and so has what builds keep of that file beside the "
                "records: none is made of it again; cut the bytes out and build to erase both here"
            )
        for name in self.near_duplicates:
            yield f"the record {name} says nearly the same, and stays: retract it too if need be"
        for holder in self.holders:
            yield f"the release {holder.version} has its id and hash ({holder.split}), no words"
            if holder.data is not None:
                yield f"{holder.data} has its text: delete it here; it cannot be made again"
            if holder.report is not None:
                yield f"{holder.report} may show its text: delete it here, too"
        if self.holders:
            yield (
                "where these releases were published, their files have its text: on the Hub a "
                "deleted tag or file stays reachable by its commit until the history is squashed "
                "(`super_squash_history`) and the stored file deleted "
                "(`permanently_delete_lfs_files`); copies that others fetched cannot be recalled"
            )
        for path in self.files:
            yield f"{path} has it, too: delete it, or make it again"
        yield from say_mentions(self.commits, "its raw file, or what was said of it,")
        yield "Label Studio keeps its tasks until they are deleted there"


@dataclass(frozen=True)
class Retractor:
    """Takes records out.

    Attributes:
        layout: The workspace.
        ledger: Its ledger.
        build: Builds the records again.
    """

    layout: Layout
    ledger: Ledger
    build: Callable[[], object]

    def run(self, name: str, reason: str, *, dry_run: bool) -> Retraction:
        """Take the record `name` out, unless it is a dry run, and report.

        Raises:
            WorkspaceError: There is no such record.
        """
        identity = Identity.load(self.layout.identity)
        known = identity.is_retracted(name)
        identity.retract(name, reason)
        ids = identity.aliases(name)
        found = self._survey(ids)
        built = (self.layout.out / "records").exists()
        # a run that was killed in its build has left one without a manifest
        cut_short = built and not (self.layout.out / FILE_NAME).exists()
        left = not known or cut_short or any(found[key] for key in _CHANGES)
        done = left and not dry_run
        if done:
            identity.save(self.layout.identity)
            self.ledger.bury(ids)
            for path in (self.layout.suggestions, self.layout.annotations_quarantine):
                drop_lines(path, ids)
            if built:
                self.build()
        return Retraction(id=ids[0], aliases=ids[1:], done=done, **found)

    def _survey(self, ids: list[str]) -> dict[str, Any]:
        """Return what there is to take out, and what holds it beside."""
        folder = self.layout.out / "records"
        built = list(read_records(folder, ids).values()) if folder.exists() else []
        sources = [_place(source) for record in built for source in record["sources"]]
        return {
            "records": len(built),
            "events": self.ledger.count(ids),
            "suggestions": count_lines(self.layout.suggestions, ids),
            "misfits": count_lines(self.layout.annotations_quarantine, ids),
            "sources": sources,
            "near_duplicates": sorted(
                row["id"]
                for record in built
                for row in read_rows(folder, ["id"], ("cluster", "=", record["cluster"]))
                if row["id"] not in ids
            ),
            "holders": list(find_holders(self.layout.releases, ids)),
            "files": list(
                find_files(
                    self.layout.root,
                    [*ids, *(_sample(record["text"]) for record in built)],
                    aside=_NAMED,
                )
            ),
            "commits": find_commits(self.layout.root, ids, [item["file"] for item in sources]),
        }


_CHANGES = ("records", "events", "suggestions", "misfits")
# What these folders have is said in other words, or is an id that stays.
_NAMED = (".galley", "annotations", "releases")
_SAMPLE = 40  # letters that two texts hardly share by chance


def _sample(text: str) -> str:
    """Return so much of a text that a copy is known by it; nothing if it is too short for that."""
    line = max(text.splitlines(), key=len, default="")
    return line[: 2 * _SAMPLE] if len(line) >= _SAMPLE else ""


def _place(source: Record) -> dict[str, Any]:
    return {name: source[name] for name in ("file", "byte_start", "byte_end")}
