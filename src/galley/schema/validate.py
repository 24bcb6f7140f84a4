"""Check somebody's Parquet or JSON Lines against a contract, whatever its size."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from galley.errors import SourceError
from galley.nearest import find_near_path
from galley.schema.contract import Contract
from galley.schema.findings import Findings
from galley.schema.issue import Issue
from galley.schema.pool import keep, open_pool

if TYPE_CHECKING:
    from galley.schema.jsonl import JsonLines
    from galley.schema.rows import ParquetRows

_PARQUET = b"PAR1"
_AHEAD = 2  # pieces for each processor


@dataclass
class Report:
    """What `validate` found.

    Attributes:
        limit: How many issues are worded, the others are only counted; None for all.
        rows: How many rows were checked.
        total: How many issues there are.
        issues: The first of them, in the order of files and rows; what concerns whole columns of
            a file before its rows.
    """

    limit: int | None = None
    rows: int = 0
    total: int = 0
    issues: list[Issue] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.total

    @property
    def room(self) -> int | None:
        """How many further issues are worded; None for all."""
        return None if self.limit is None else max(self.limit - len(self.issues), 0)

    def add(self, found: Iterable[Issue], where: str) -> None:
        """Count the issues `found` at `where`, and keep them while there is room."""
        for issue in found:
            self.total += 1
            if self.room != 0:
                path = f"{where}: {issue.path}" if issue.path else where
                self.issues.append(Issue(path, issue.code, issue.expected, issue.got))

    def to_json(self) -> dict[str, Any]:
        """Return the object that `--json` prints."""
        issues = [issue.to_json() for issue in self.issues]
        return {"ok": self.ok, "rows": self.rows, "issues": issues, "total": self.total}


def validate(
    path: Path,
    contract: Contract,
    *,
    limit: int | None = 20,
    advance: Callable[[int, int], object] = lambda *_: None,
    pool: Executor | None = None,
) -> Report:
    """Check the file `path`, or all Parquet files below the folder `path`.

    The path of an issue is the file, its row (of JSON Lines the line) from 1, and a JSON path:
    `news.jsonl:12: $.title`.

    Args:
        path: Parquet, or JSON Lines in UTF-8, plain or compressed by gzip or zstd.
        contract: What each row should be.
        limit: How many issues to word; None for all.
        advance: Is told how many rows are done, and 0: nobody knows how many there are.
        pool: Who does it, see `pool_for`; None for one of its own.

    Raises:
        SourceError: There is nothing at `path`, or it cannot be read.
        SchemaError: The contract has a rule that cannot be checked.
    """
    if pool is None:
        with pool_for(path, contract) as own:
            return validate(path, contract, limit=limit, advance=advance, pool=own)
    report = Report(limit)
    try:
        for file in _find_files(path):
            for _ in _check(report, file, _read(file, contract), pool):
                advance(report.rows, 0)
    finally:
        keep.cache_clear()  # the next time there may be another file at the same place
    return report


def pool_for(path: Path, contract: Contract) -> AbstractContextManager[Executor]:
    """Return what can check what is at `path`: better opened before any thread is started.

    Raises:
        SourceError: There is nothing, or it cannot be read.
    """
    files = _find_files(path)
    _read(files[0], contract).prepare()  # processes that are forked have it, too
    return open_pool(sum(file.stat().st_size for file in files))


def _read(file: Path, contract: Contract) -> "ParquetRows | JsonLines":
    """Return what reads `file`: of pyarrow, only what that needs is imported."""
    if _is_parquet(file):
        from galley.schema.rows import ParquetRows  # noqa: PLC0415 - as above

        rows: ParquetRows = keep(ParquetRows, file, contract)
        return rows
    from galley.schema.jsonl import JsonLines  # noqa: PLC0415 - as above

    lines: JsonLines = keep(JsonLines, file, contract)
    return lines


def _check(
    report: Report, file: Path, data: "ParquetRows | JsonLines", pool: Executor
) -> Iterator[None]:
    """Check a file, some pieces at a time."""
    report.add(data.column_issues, str(file))
    last = 0
    for found in _in_order(pool, data, report):
        report.rows += found.rows
        worded = len(found.issues)
        for line, issue in found.issues:
            report.add([issue], f"{file}:{last + line}")
        report.total += found.total - worded
        last += found.lines
        yield


def _in_order(pool: Executor, data: Any, report: Report) -> Iterator[Findings]:
    """Yield what is found in each piece of `data`, in order; few are in memory at a time."""
    waiting: deque[Future[Findings]] = deque()
    for piece in data.pieces():
        waiting.append(pool.submit(data.check, piece, report.room))
        if len(waiting) > _AHEAD * (os.cpu_count() or 1):
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _find_files(path: Path) -> list[Path]:
    files = sorted(path.rglob("*.parquet")) if path.is_dir() else [path]
    files = [file for file in files if file.is_file()]
    if not files:
        what = "holds no *.parquet" if path.is_dir() else "does not exist"
        near = None if path.is_dir() else find_near_path(path)
        raise SourceError(
            f"{path} {what}",
            code="no_file",
            hint=f"did you mean `{near}`?"
            if near
            else "name a Parquet or JSON Lines file, or a folder with Parquet files",
        )
    return files


def _is_parquet(file: Path) -> bool:
    """Return whether `file` is Parquet, by its first bytes.

    Raises:
        SourceError: It cannot be read, or it is called Parquet and is not.
    """
    try:
        with file.open("rb") as stream:
            start = stream.read(len(_PARQUET))
    except OSError as error:
        raise SourceError(
            f"cannot read {file}: {error.strerror}",
            code="unreadable",
            hint="check its permissions",
        ) from error
    if file.suffix == ".parquet" and start != _PARQUET:
        raise SourceError(
            f"{file} is called Parquet and is not: it does not begin with PAR1",
            code="not_parquet",
            hint="rename it if it is JSON Lines; if it is damaged, fetch it again",
        )
    return start == _PARQUET
