"""What a release is made from, passed in by the workspace."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from galley import __version__
from galley.config import Config
from galley.errors import ConfigError
from galley.record import Record
from galley.releases.grounds import list_settings
from galley.schema.contract import Contract
from galley.schema.features import Codec
from galley.schema.vocabulary import Labels

if TYPE_CHECKING:
    from galley.releases.edition import Edition


@dataclass(frozen=True)
class Material:
    """Everything that decides a release.

    Attributes:
        records: The records with what people and machines added, in any order, each once.
        contract: The schema of a record.
        labels: The entity labels.
        config: The settings.
        datasheet: The human answers, with fields for what is measured.
        ledger: The ledger's head.
        date: The day, ISO 8601, or None.
        hashes: Of the files that went into `records` before: `taxonomy`, `suggestions`, ….
        page: Writes the report; None for a release without one.
        migrations: Hashes of the files that say what became of names.
        merge: Who is right where people differ; empty where the last annotation is.
        agreement: Returns how far people agree, nothing of any one of them; None where
            nothing can be said.
    """

    records: Iterable[Record]
    contract: Contract
    labels: Labels
    config: Config
    datasheet: str
    ledger: dict[str, Any]
    date: str | None = None
    hashes: dict[str, str | None] = field(default_factory=dict)
    page: "Callable[[Edition], str] | None" = None
    migrations: dict[str, str] = field(default_factory=dict)
    merge: dict[str, Any] = field(default_factory=dict)
    agreement: Callable[[], dict[str, Any] | None] = lambda: None

    @cached_property
    def codec(self) -> Codec:
        """What turns records into rows."""
        return Codec(self.contract, tuple(self.labels.names))

    def inputs(self) -> dict[str, Any]:
        """Return what a manifest says of the material, the records and history aside."""
        return {
            **self.hashes,
            **({"migrations": self.migrations} if self.migrations else {}),
            "schema": self.contract.sha256,
            "ledger": self.ledger,
            "settings": list_settings(self.config, self.merge),
            "tool": {
                "galley": __version__,
                "datasets": version("datasets"),
                "pyarrow": version("pyarrow"),
            },
        }


def find_date(times: Iterable[str], environ: Mapping[str, str] = os.environ) -> str | None:
    """Return the day of a release: of SOURCE_DATE_EPOCH, else of the newest event, else None.

    Never today: the same inputs give the same bytes whenever they are released.

    Args:
        times: Of the ledger's events, ISO 8601 in UTC.
        environ: Where SOURCE_DATE_EPOCH is looked up, in seconds since 1970.

    Raises:
        ConfigError: SOURCE_DATE_EPOCH is no number of seconds.
    """
    epoch = environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        newest = max(times, default=None)
        return None if newest is None else newest[:10]
    try:
        return datetime.fromtimestamp(int(epoch), UTC).date().isoformat()
    except (ValueError, OverflowError, OSError) as error:
        raise ConfigError(
            f"SOURCE_DATE_EPOCH must be seconds since 1970, not {epoch!r}",
            code="config_type",
            hint="for example SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)",
        ) from error
