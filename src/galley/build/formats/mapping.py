"""How the rows of a table become articles: `fields` of a source in `build/sources.toml`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from galley.build.address import read_address
from galley.build.license import name_license
from galley.build.moment import read_moment
from galley.build.page import Rejection
from galley.errors import ConfigError
from galley.nearest import suggest

# What a build finds out by itself, or people decide later.
_OWN = {
    *("id", "cluster", "text_sha256", "subheads", "tags", "entities", "annotation", "sources"),
    "changed_in",
}
_OPTIONS = {"path", "separator"}


@dataclass(frozen=True, slots=True)
class Column:
    """Where the value of a field stands in a row.

    Attributes:
        path: The name of a column, or names joined by dots that lead into nested objects.
        separator: What parts the items of a list that is written as one string.
    """

    path: str
    separator: str | None = None

    @classmethod
    def read(cls, stated: Any) -> Self:
        """Return the column of an entry of `fields`.

        Raises:
            ConfigError: It is neither a path nor a table with one.
        """
        options = {"path": stated} if isinstance(stated, str) else stated
        if (
            not isinstance(options, dict)
            or not options.get("path")
            or options.keys() - _OPTIONS
            or not all(value and isinstance(value, str) for value in options.values())
        ):
            raise ConfigError(
                f"{stated!r} names no column",
                code="fields_invalid",
                hint='write `title = "headline"`, or `{ path = "keywords", separator = ";" }`',
            )
        return cls(**options)

    def values(self, row: Mapping[str, Any]) -> list[Any]:
        """Return what stands there, in order; a path leads through every item of a list.

        Example:
            >>> Column("by.name").values({"by": [{"name": "Ann"}, {"name": "Bob"}]})
            ['Ann', 'Bob']
        """
        if self.path in row:
            found = list(_flat(row[self.path]))
        else:
            found = [row]
            for key in self.path.split("."):
                objects = (value for value in found if isinstance(value, Mapping))
                found = [one for value in objects for one in _flat(value.get(key))]
        return [part for one in found for part in self._parts(one)]

    def _parts(self, value: Any) -> list[Any]:
        if self.separator is None or not isinstance(value, str):
            return [value]
        return [part.strip() for part in value.split(self.separator) if part.strip()]


def _flat(value: Any) -> Iterator[Any]:
    """Yield the items of a list, or a single value; nothing for what is not there."""
    for one in value if isinstance(value, list) else [value]:
        if one is not None and one != "":
            yield one


def check_fields(stated: Mapping[str, Any], known: Iterable[str]) -> None:
    """Check a source's `fields` before any row is read.

    Args:
        stated: A column for each field of a record.
        known: The fields of a record.

    Raises:
        ConfigError: A field is none that rows can fill, or its column makes no sense.
    """
    names = sorted(set(known) - _OWN)
    for name, column in stated.items():
        if name not in names:
            raise ConfigError(
                f"rows cannot fill `{name}` of a record",
                code="fields_unknown",
                hint=suggest(name, names),
            )
        Column.read(column)


@dataclass(frozen=True)
class RowReader:
    """Makes the fields of records of rows.

    Attributes:
        columns: Where each field stands.
        kinds: The JSON Schema of each.
    """

    columns: dict[str, Column]
    kinds: Mapping[str, Any]

    @classmethod
    def make(cls, stated: Mapping[str, Any], kinds: Mapping[str, Any]) -> Self:
        """Return a reader for `fields` as stated; without any, fields stand under their names."""
        chosen = stated or {name: name for name in kinds if name not in _OWN}
        return cls({name: Column.read(column) for name, column in chosen.items()}, kinds)

    def read(self, row: Mapping[str, Any]) -> dict[str, Any] | Rejection:
        """Return the fields that `row` fills, `text` among them, or why it gives no record."""
        found: dict[str, Any] = {}
        for name, column in self.columns.items():
            try:
                value = self._value(name, column.values(row))
            except ValueError as error:
                return Rejection("row_value", f"`{name}` from `{column.path}`: {error}")
            if value not in (None, "", []):
                found[name] = value
        if not found.get("text", "").strip():
            column = self.columns.get("text", Column("text"))
            return Rejection("row_no_text", f"`{column.path}` is empty or missing")
        return found

    def _value(self, name: str, values: list[Any]) -> Any:
        kind = self.kinds[name].get("type")
        if name == "published":
            values = [_moment(value) for value in values]
        if name == "url":
            values = [_address(value) for value in values]
        if name == "license":
            values = [name_license(value) or value for value in map(_string, values)]
        if kind == "array":
            return [_string(value) for value in values]
        if kind == "string" or "string" in kind:
            strings = [_string(value) for value in values]
            if name != "text" and len(strings) > 1:
                raise ValueError(f"{len(strings)} values where one is expected")
            return "\n\n".join(strings)  # paragraphs, if it is the text
        return values[0] if values else None


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{type(value).__name__} where text is expected")  # noqa: TRY004
    return value.strip()


def _address(value: Any) -> str:
    """Return an address as it stands; what is none would make one record of many articles."""
    stated = _string(value)
    if read_address(stated) is None:
        raise ValueError(f"{stated[:80]!r} is no address of a page")
    return stated


def _moment(value: Any) -> str:
    """Return a date as ISO 8601; a number could be anything."""
    stated = value.isoformat() if isinstance(value, date) else _string(value)
    moment = read_moment(stated)
    if moment is None:
        raise ValueError(f"{stated[:40]!r} is no date as ISO 8601 or e-mail have them")
    return moment
