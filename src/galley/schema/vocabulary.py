"""Load the two vocabularies: `tags.yaml` and `entities.yaml`."""

import reprlib
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from galley.errors import SchemaError


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag: its slug, what people see, and what publishers print for it."""

    name: str
    label: str
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """One entity label with its colour (`#rrggbb`)."""

    name: str
    description: str = ""
    color: str = "#666666"


@dataclass(frozen=True)
class Taxonomy:
    """The tag vocabulary, in the order of the file."""

    version: str
    tags: tuple[Tag, ...]

    @cached_property
    def names(self) -> frozenset[str]:
        """The slugs of all tags."""
        return frozenset(tag.name for tag in self.tags)

    @cached_property
    def _by_alias(self) -> dict[str, str]:
        pairs = [(alias, tag.name) for tag in self.tags for alias in (tag.label, *tag.aliases)]
        return {alias.casefold().strip(): name for alias, name in pairs}

    def resolve(self, printed: str) -> str | None:
        """Return the tag that a publisher's `printed` tag stands for, letter case aside."""
        return self._by_alias.get(printed.casefold().strip())

    def path(self, name: str) -> list[str]:
        """Return the slugs from the root of the taxonomy down to `name`."""
        path = [name]
        while (parent := self._parents.get(path[0])) is not None:
            path.insert(0, parent)
        return path

    @cached_property
    def _parents(self) -> dict[str, str | None]:
        return {tag.name: tag.parent for tag in self.tags}


@dataclass(frozen=True)
class Labels:
    """The entity labels, in the order of the file, which is also their number in a release."""

    version: str
    labels: tuple[Label, ...]

    @property
    def names(self) -> list[str]:
        """The names of the labels, in order."""
        return [label.name for label in self.labels]


def load_taxonomy(path: Path) -> Taxonomy:
    """Read `tags.yaml`.

    Raises:
        SchemaError: It is missing, broken, or names a tag or an alias twice.
    """
    version, items = _read(path, "tags")
    tags = tuple(_build(_tag, item, path) for item in items)
    _check_unique([tag.name for tag in tags], path, "tag")
    aliases = [{alias.casefold() for alias in (tag.label, *tag.aliases)} for tag in tags]
    _check_unique([alias for group in aliases for alias in sorted(group)], path, "alias")
    _check_parents(tags, path)
    return Taxonomy(version, tags)


def load_labels(path: Path) -> Labels:
    """Read `entities.yaml`.

    Raises:
        SchemaError: It is missing, broken, or names a label twice.
    """
    version, items = _read(path, "labels")
    labels = tuple(_build(lambda item: Label(**item), item, path) for item in items)
    _check_unique([label.name for label in labels], path, "label")
    return Labels(version, labels)


_T = TypeVar("_T", Tag, Label)


def _tag(item: dict[str, Any]) -> Tag:
    stated = item.pop("aliases", None) or ()
    if not isinstance(stated, list | tuple) or not all(map(_is_plain, stated)):
        raise TypeError("aliases")
    label = item.pop("label", None) or str(item.get("name", "")).replace("-", " ").capitalize()
    return Tag(label=label, aliases=tuple(map(str, stated)), **item)


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float)


def _build(make: Callable[[dict[str, Any]], _T], item: Any, path: Path) -> _T:
    try:
        made: _T = make(dict(item))
        _check_kinds(made)
    except (TypeError, ValueError) as error:
        # Not all of it: some lines of YAML can stand for more than any memory holds.
        raise SchemaError(
            f"{path} has an entry that cannot be read: {reprlib.repr(item)}",
            code="vocabulary_invalid",
            hint="compare it with the entries of a fresh `galley init`",
        ) from error
    return made


def _check_kinds(made: Tag | Label) -> None:
    """Raise unless all that an entry says is text that a file can hold."""
    for field in fields(made):
        value = getattr(made, field.name)
        if value is None and field.name == "parent":
            continue
        for text in value if isinstance(value, tuple) else (value,):
            if not isinstance(text, str):
                raise TypeError(field.name)
            text.encode("utf-8")


def _read(path: Path, key: str) -> tuple[str, list[Any]]:
    import yaml  # noqa: PLC0415 - only when a vocabulary is read

    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:
        raise SchemaError(
            f"cannot read {path}: {getattr(error, 'strerror', None) or error}",
            code="vocabulary_unreadable",
            hint="restore it from git; `galley init --force .` adds what is missing"
            if isinstance(error, OSError)
            else "mend the line named",
        ) from error
    if not isinstance(document, dict) or not isinstance(document.get(key), list):
        raise SchemaError(
            f"{path} has no list `{key}`",
            code="vocabulary_invalid",
            hint=f"it needs `version: 1` and `{key}:` with one entry each",
        )
    version = document.get("version", "1")
    return str(version) if _is_plain(version) else reprlib.repr(version), document[key]


def _check_unique(names: list[str], path: Path, noun: str) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SchemaError(
            f"{path} names the {noun} {', '.join(twice)} twice",
            code="vocabulary_invalid",
            hint="keep one of them",
        )


def _check_parents(tags: tuple[Tag, ...], path: Path) -> None:
    seen: set[str] = set()
    for tag in tags:
        if tag.parent is not None and tag.parent not in seen:
            raise SchemaError(
                f"{path}: the parent {tag.parent} of {tag.name} does not stand above it",
                code="vocabulary_invalid",
                hint="list a parent before its children",
            )
        seen.add(tag.name)
