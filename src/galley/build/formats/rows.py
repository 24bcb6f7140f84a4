"""JSON Lines, CSV and Parquet: every row an article, by the `fields` of its source."""

import csv
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from galley.build.formats.container import allowance
from galley.build.formats.item import Extent, Item, Refusal, Rest, Target
from galley.build.formats.mapping import RowReader
from galley.build.nesting import load_json
from galley.build.page import Page, Rejection, decode_parts
from galley.record import Part

# Raised only when the output may change.
_JSONL, _CSV, _PARQUET = "jsonl/2", "csv/2", "parquet/2"
_DELIMITERS = ",;\t|"
_BATCH = 256  # rows of a Parquet file that are in memory at a time
_HEADER = 1 << 16  # code points in which a header ends
# Unlike `splitlines`: a line separator of Unicode is a character of a text like others.
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_CSV_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_MARK = "\ufeff"


def read_jsonl(data: bytes, target: Target) -> Iterator[Item | Refusal | Rest]:
    """Yield the article of each line, or why it has none, in order."""
    page = decode_parts(target.name, data, declared=[target.source.encoding])
    if isinstance(page, Rejection):
        yield Refusal(page, (0, len(data)))
        return
    rows = _Rows(page, _JSONL, target)
    for line in (match[0] for match in _LINE.finditer(page.text)):
        extent = rows.advance(len(line))
        content = line.removeprefix(_MARK) if not extent[0] else line
        if not content.strip():
            yield Rest(Part.WHITESPACE, extent)
            continue
        try:
            row = load_json(content, object_pairs_hook=_object)
        except _TwiceError as error:
            yield Refusal(Rejection("row_ambiguous", str(error)[:200], _JSONL), extent)
            continue
        except ValueError as error:
            yield Refusal(Rejection("row_invalid", f"no JSON: {error}"[:200], _JSONL), extent)
            continue
        yield rows.item(row, extent)


class _TwiceError(Exception):
    """An object says one name twice: which of its values counts is anybody's guess."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        name = next(name for name in names if names.count(name) > 1)
        raise _TwiceError(f"an object of the row says `{name}` more than once")
    return found


def read_csv(data: bytes, target: Target) -> Iterator[Item | Refusal | Rest]:
    """Yield the article of each row under the header, or why it has none, in order."""
    page = decode_parts(target.name, data, declared=[target.source.encoding])
    if isinstance(page, Rejection):
        yield Refusal(page, (0, len(data)))
        return
    # One limit for the whole process, far below the length of an article.
    csv.field_size_limit(max(csv.field_size_limit(), len(page.text)))
    rows = _Rows(page, _CSV, target)
    table = _Table(page.text, _delimiter(page.text, rows.reader))
    header: list[str] | None = None
    twice: str | None = None
    for cells, length in table:
        extent = rows.advance(length)
        if not cells:
            yield Rest(Part.WHITESPACE, extent)
        elif isinstance(cells, str):
            yield Refusal(Rejection("row_invalid", cells, _CSV), extent)
        elif header is None:
            header = [cell.removeprefix(_MARK).strip() for cell in cells]
            twice = _twice(header, rows.reader)
            yield Rest(Part.PAGE_HEADER, extent)
        elif len(cells) != len(header):
            detail = f"{len(cells)} cells under a header of {len(header)}"
            yield Refusal(Rejection("row_invalid", detail, _CSV), extent)
        elif twice:
            detail = f"the header names `{twice}` more than once"
            yield Refusal(Rejection("row_ambiguous", detail, _CSV), extent)
        else:
            yield rows.item(dict(zip(header, cells, strict=True)), extent)


def _twice(header: list[str], reader: RowReader) -> str | None:
    """Return the first column that a field is read from and that the header names again."""
    return next((name for name in _needed(header, reader) if header.count(name) > 1), None)


def read_parquet(data: bytes, target: Target) -> Iterator[Item | Refusal]:
    """Yield the article of each row, or why it has none, in order; rows have no byte range."""
    rows = _Rows(Page(target.name, target.sha256, "", "utf-8"), _PARQUET, target)
    number = 0
    try:
        schema = pq.read_schema(pa.BufferReader(data))
        if twice := _twice(schema.names, rows.reader):
            detail = f"the table has more than one column `{twice}`"
            yield Refusal(Rejection("row_ambiguous", detail, _PARQUET), None)
            return
        names = _needed(schema.names, rows.reader)
        # A long text that stands in many rows is not unpacked for each of them.
        texts = [name for name in names if pa.types.is_string(schema.field(name).type)]
        file = pq.ParquetFile(pa.BufferReader(data), read_dictionary=texts)
        left = allowance(len(data), target.max_bytes)
        if _unpacked(file) > left:
            yield Refusal(_bomb(left, len(data)), None)
            return
        for batch in file.iter_batches(batch_size=_BATCH, columns=names):
            for index in range(batch.num_rows):
                number += 1
                item = rows.item(_row(batch, index), None)
                # One long text may stand in every row, and take no place in the file.
                left -= len(item.text) if isinstance(item, Item) else 0
                if left < 0:
                    yield Refusal(_bomb(allowance(len(data), target.max_bytes), len(data)), None)
                    return
                yield _numbered(item, number)
    except (pa.ArrowException, OSError, LookupError, ValueError) as error:
        detail = f"after row {number}: {error}"[:200]
        yield Refusal(Rejection("parquet_corrupt", detail, _PARQUET), None)
        return
    if not number:
        yield Refusal(Rejection("no_rows", "the table is empty", _PARQUET), None)


def _unpacked(file: Any) -> int:
    """Return how many bytes a Parquet file says that it has, unpacked.

    What it says of one column is not asked for: of a damaged one, pyarrow ends the process.
    """
    known = file.metadata
    return sum(known.row_group(number).total_byte_size for number in range(known.num_row_groups))


def _bomb(most: int, size: int) -> Rejection:
    return Rejection("too_large", f"more than {most} bytes, unpacked from {size}", _PARQUET)


def _needed(names: list[str], reader: RowReader) -> list[str]:
    """Return those of the columns `names` in which a field stands."""
    paths = [column.path for column in reader.columns.values()]
    return [name for name in names if name in paths or any(p.startswith(f"{name}.") for p in paths)]


def _row(batch: pa.RecordBatch, index: int) -> Any:
    """Return one row as Python has it; text that says why where Python has no such value."""
    try:
        return batch.slice(index, 1).to_pylist()[0]
    except (ValueError, OverflowError, pa.ArrowException) as error:
        return str(error)


def _numbered(item: Item | Refusal, number: int) -> Item | Refusal:
    if isinstance(item, Item):
        return item
    why = item.why
    return Refusal(Rejection(why.reason, f"row {number}: {why.detail}", why.extractor), item.extent)


class _Rows:
    """Makes articles of the rows of one file, and knows where each row is."""

    def __init__(self, page: Page, extractor: str, target: Target) -> None:
        self._page, self._extractor = page, extractor
        kinds = target.checker.contract.properties
        self.reader = RowReader.make(target.source.fields, kinds)
        self._position = self._bytes = 0

    def advance(self, length: int) -> Extent:
        """Return the bytes of the next `length` code points."""
        start, end = self._position, self._position + length
        size = len(self._page.text[start:end].encode(self._page.encoding))
        self._position, self._bytes = end, self._bytes + size
        return self._bytes - size, self._bytes

    def item(self, row: Any, extent: Extent | None) -> Item | Refusal:
        """Return the article of `row`, or why it has none."""
        if not isinstance(row, Mapping):
            detail = row if isinstance(row, str) and extent is None else "it is no object"
            return Refusal(Rejection("row_invalid", detail[:200], self._extractor), extent)
        found = self.reader.read(row)
        if isinstance(found, Rejection):
            why = Rejection(found.reason, found.detail, self._extractor)
            return Refusal(why, extent)
        layout = self._extractor.split("/")[0]
        return Item(found.pop("text"), found, extent, layout, self._extractor, self._page.encoding)


class _Table:
    """The rows of a CSV text, each with its length in code points."""

    def __init__(self, text: str, delimiter: str) -> None:
        self._lines = _CSV_LINE.finditer(text)
        self._read = 0
        self._reader = csv.reader(self._feed(), delimiter=delimiter, strict=True)

    def _feed(self) -> Iterator[str]:
        for match in self._lines:
            self._read = match.end()
            yield match[0]

    def __iter__(self) -> Iterator[tuple[list[str] | str, int]]:
        """Yield the cells of each row, or what is wrong with it."""
        while True:
            before = self._read
            try:
                cells: list[str] | str = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                cells = str(error)
            yield cells, self._read - before


def _delimiter(text: str, reader: RowReader) -> str:
    """Return what parts the cells: that with which the header names most of the columns."""
    paths = {column.path for column in reader.columns.values()}

    def named(delimiter: str) -> tuple[int, int]:
        cells = next((cells for cells, _ in _Table(text[:_HEADER], delimiter) if cells), [])
        names = {cell.removeprefix(_MARK).strip() for cell in cells}
        return len(names & paths), len(cells) if isinstance(cells, list) else 0

    return max(_DELIMITERS, key=named)
