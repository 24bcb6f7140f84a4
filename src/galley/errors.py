"""Everything that can fail, as one tree.

```
GalleyError            exit 2; has a code, a message and a hint
├── ConfigError        pyproject.toml, sources.toml, GALLEY_* or a flag is wrong
├── WorkspaceError     not a workspace, or a part of it is missing
├── SchemaError        article.schema.json, tags.yaml or entities.yaml is wrong
├── SourceError        a raw file that was named cannot be reached
├── LedgerError        the ledger holds what it must not
├── StudioError        the local Label Studio does not start or stop
├── ServerError        Label Studio refuses, or does not answer
└── ReleaseError       a release cannot be cut, read, published or loaded
```

Findings (a record that breaks the schema, a file that cannot be read) are values: see
`galley.schema.issue`.
"""

from functools import partial
from typing import Any


class GalleyError(Exception):
    """A failure that a person can do something about.

    Args:
        message: What, where, expected and got, in one sentence without a final stop.
        code: A stable word for programs.
        hint: The next thing to do; empty when there is none.
    """

    def __init__(self, message: str, *, code: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.hint = hint

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        """Go to another process whole."""
        return partial(type(self), code=self.code, hint=self.hint), (self.message,)

    def to_json(self) -> dict[str, dict[str, str]]:
        """Return the object that `--json` prints with exit code 2."""
        return {"error": {"code": self.code, "message": self.message, "hint": self.hint}}


class ConfigError(GalleyError):
    """A setting is unknown, of the wrong type or out of range."""


class WorkspaceError(GalleyError):
    """The folder is no workspace, or lacks a file that it must have."""


class SchemaError(GalleyError):
    """The schema or a vocabulary beside it cannot be used."""


class SourceError(GalleyError):
    """A raw file that was asked for does not exist or cannot be opened."""


class LedgerError(GalleyError):
    """The ledger is damaged, or an event contradicts it."""


class StudioError(GalleyError):
    """The embedded Label Studio cannot be installed, started or stopped."""


class ServerError(GalleyError):
    """Label Studio cannot be reached, refuses the token or answers nonsense."""


class ReleaseError(GalleyError):
    """A release cannot be cut, read, published or loaded."""
