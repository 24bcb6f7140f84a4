"""What publishing is about to do, for a person to agree to."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Plan:
    """What is about to happen, or did.

    Attributes:
        action: `publish`, `yank` or `rollback`.
        version: The release.
        target: Where.
        creates: Whether the dataset or folder is new.
        written: Files that are new or change.
        deleted: Files that go.
        tag: What happens to the version's name: `new`, `kept` or `deleted`.
        notes: What a person should know, in sentences.
    """

    action: str
    version: str
    target: str
    creates: bool = False
    written: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    tag: str = "kept"
    notes: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.creates or self.written or self.deleted) and self.tag == "kept"

    def to_json(self) -> dict[str, Any]:
        """Return the plan as a JSON object."""
        return asdict(self)


Confirm = Callable[[Plan], bool]
