"""How far the newest release lags behind the workspace, told without making a draft."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import json

from galley.parquet import join_columns
from galley.releases import index
from galley.releases.history import Release

_SCHEMA = pa.schema([("id", pa.string()), ("text_sha256", pa.string())])


@dataclass(frozen=True)
class Lag:
    """What a release does not hold of the records as built.

    Attributes:
        absent: Records that it has not, those that it withheld aside.
        changed: Records whose text is another.
        gone: Records of it that are not built any more.
    """

    absent: int
    changed: int
    gone: int

    @property
    def changes(self) -> list[str]:
        """What is different, in words."""
        said = {"not in it": self.absent, "with another text": self.changed, "gone": self.gone}
        return [f"{number:,} {what}" for what, number in said.items() if number]


def measure_lag(release: Release, records: pa.Table) -> Lag:
    """Compare the index of `release` with `id` and `text_sha256` of the records as built."""
    with pa.input_stream(str(release.path / index.FILE_NAME), compression="zstd") as stream:
        options = json.ParseOptions(explicit_schema=_SCHEMA, unexpected_field_behavior="ignore")
        released = json.read_json(pa.BufferReader(stream.read()), parse_options=options)
    there = pc.is_in(released["id"], records["id"])
    kept = pc.sum(there).as_py() or 0
    then, now = (join_columns(it["id"], it["text_sha256"]) for it in (released, records))
    same = pc.sum(pc.is_in(then, now)).as_py() or 0
    withheld = sum(release.manifest.facts["withheld"].values())
    absent = max(0, len(records) - kept - withheld)
    return Lag(absent, kept - same, len(released) - kept)
