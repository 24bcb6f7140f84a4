"""Find single records in what a build wrote, without reading all of it."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from galley.errors import WorkspaceError
from galley.record import Record

_SHORTEST = 6  # digits of an id that may stand for it


def looks_like_id(word: str) -> bool:
    """Return whether `word` may be an id or the beginning of one."""
    return re.fullmatch(rf"[0-9a-f]{{{_SHORTEST},32}}", word.lower()) is not None


def find_id(records: Path, word: str, *, aliases: dict[str, str]) -> str:
    """Return the one id that begins with `word`.

    Args:
        records: The folder of the records' Parquet.
        word: An id or its beginning, six digits at least.
        aliases: Ids that gave way to others, each with the one that stands for it.

    Raises:
        WorkspaceError: No id begins so, or several do; or nothing is built yet.
    """
    ids: set[str] = {row["id"] for row in read_rows(records, ["id"])}
    word = word.lower()
    found = {name for name in ids if name.startswith(word)}
    found |= {own for old, own in aliases.items() if old.startswith(word) and own in ids}
    if len(found) == 1:
        return found.pop()
    several = ", ".join(sorted(found)[:3])
    raise WorkspaceError(
        f"the id `{word}` could be {several}" if found else f"no record has the id `{word}`",
        code="record_ambiguous" if found else "no_record",
        hint="give more of its digits" if found else "ids stand in build/out/records, as `id`",
    )


def read_records(records: Path, ids: Iterable[str]) -> dict[str, Record]:
    """Return the records with these ids, as built."""
    rows = read_rows(records, None, ("id", "in", sorted(ids)))
    return {row["id"]: row for row in rows}


def read_rows(
    path: Path, columns: list[str] | None, where: tuple[str, str, Any] | None = None
) -> list[dict[str, Any]]:
    """Return rows of a Parquet file, or of all in a folder.

    Args:
        path: The file or the folder.
        columns: Which to read; None for all.
        where: A column, `=` or `in`, and a value; None for all rows.

    Raises:
        WorkspaceError: There is none.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415 - slow to import

    if not path.exists():
        raise WorkspaceError(
            f"nothing is built yet: no Parquet at {path}",
            code="no_records",
            hint="run `galley build` first",
        )
    table = pq.read_table(path, columns=columns, filters=[where] if where else None)
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def name_known(records: Iterable[Record], out: Path, *, file: str, sha256: str) -> None:
    """Give `records`, just taken out of a raw file, the ids that the last build gave them.

    A record is known by its text; by its place where it is one of several versions.

    Args:
        records: Without ids; those that no build has seen stay so.
        out: The build's folder; nothing need be there.
        file: What records call the file.
        sha256: Of the file now: of other bytes nothing is known.
    """
    account, built = out / "account.parquet", out / "records"
    if not account.exists() or not built.exists():
        return
    rows = read_rows(account, ["record_id"], ("source_file", "=", file))
    ids = sorted({row["record_id"] for row in rows if row["record_id"]})
    columns = ["id", "text_sha256", "sources"]
    by_text: dict[str, str] = {}
    by_place: dict[tuple[int, int], set[str]] = {}
    for row in read_rows(built, columns, ("id", "in", ids)) if ids else ():
        by_text[row["text_sha256"]] = row["id"]
        for source in row["sources"]:
            if (source["file"], source["sha256"]) == (file, sha256):
                by_place.setdefault(_place(source), set()).add(row["id"])
    for record in records:
        known = by_place.get(_place(record["sources"][0]), set())
        if record["text_sha256"] in by_text:
            record["id"] = by_text[record["text_sha256"]]
        elif len(known) == 1:
            (record["id"],) = known


def _place(source: dict[str, Any]) -> tuple[int, int]:
    return source["byte_start"], source["byte_end"]
