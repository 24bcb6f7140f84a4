"""Where a dataset stands: the shape of `galley status --json`."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Funnel:
    """How far how many have come. None where this machine cannot know.

    Attributes:
        source_files: Raw files; None where some lie elsewhere and nothing is built.
        records: Records as built; None before the first build.
        pushed: Records with an open task, as the last push from this machine left it.
        corrected: Records that people's annotations stand for.
        adjudicated: Those of them that somebody decided on.
        released: Records of the newest release; None before the first.
        published: Records of the newest version that was published from this machine.
    """

    source_files: int | None = None
    records: int | None = None
    pushed: int | None = None
    corrected: int = 0
    adjudicated: int = 0
    released: int | None = None
    published: int | None = None


@dataclass(frozen=True)
class Stale:
    """Something that is out of date.

    Attributes:
        what: `build`, `push`, `release`, `datasheet` or `published`.
        why: The reason, in words.
        command: What brings it up to date.
    """

    what: str
    why: str
    command: str


@dataclass(frozen=True)
class Queue:
    """What waits for a person.

    Attributes:
        name: A stable word.
        waiting: How many there are.
        what: What they are, in words.
        command: What shows them, or sends them to where they are worked on.
    """

    name: str
    waiting: int
    what: str
    command: str


@dataclass(frozen=True)
class Status:
    """Where a dataset stands.

    Attributes:
        name: Of the workspace.
        funnel: How far how many have come.
        stale: What is out of date, in the order in which it is to be mended.
        queues: What waits for a person, if anything does.
        next: The next command to run; empty when there is nothing to do.
        because: Why that one.
        release: The newest version; None before the first.
        published: From the place to the version that was published there from this machine.
    """

    name: str
    funnel: Funnel
    stale: list[Stale] = field(default_factory=list)
    queues: list[Queue] = field(default_factory=list)
    next: str = ""
    because: str = ""
    release: str | None = None
    published: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return the object of `galley status --json`."""
        return asdict(self)
