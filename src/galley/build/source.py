"""Which raw files a build reads, and what is known of them that the pages do not say."""

import os
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from galley.errors import ConfigError, SourceError

_KEYS = {"name", "files", "publisher", "license", "languages"}


@dataclass(frozen=True, slots=True)
class Source:
    """A `[[source]]` of `build/sources.toml`.

    Attributes:
        name: A short name, unique in the file.
        files: Glob patterns of its raw files, relative to `build/`.
        publisher: Who published the pages; None where only the pages can tell.
        license: SPDX identifier or URL of the text's licence; None where unknown.
        languages: BCP 47 tags of the languages it is written in; empty for any.
    """

    name: str
    files: tuple[str, ...] = ()
    publisher: str | None = None
    license: str | None = None
    languages: tuple[str, ...] = ()

    def describe(self) -> dict[str, Any]:
        """Return, as JSON, what of the source decides what is taken out of its files."""
        known = {item.name: getattr(self, item.name) for item in fields(self)}
        del known["name"], known["files"]
        return {key: sorted(v) if isinstance(v, frozenset) else v for key, v in known.items()}


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A raw file: where it is, what records call it, and the source it belongs to."""

    path: Path
    name: str
    source: Source


def load_sources(path: Path) -> list[Source]:
    """Read `build/sources.toml`.

    Raises:
        ConfigError: It is missing, no TOML, or a source lacks what it needs.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(
            f"cannot read {path}: {error}",
            code="sources_unreadable",
            hint="name the raw files in it, one [[source]] for each publisher",
        ) from error
    sources = [_source(item, path) for item in document.get("source", [])]
    names = [source.name for source in sources]
    if not sources or len(set(names)) < len(names):
        raise ConfigError(
            f"{path} needs at least one [[source]], each with a name of its own",
            code="sources_invalid",
            hint="see the comments of the file that `galley init` writes",
        )
    return sources


def _source(item: dict[str, Any], path: Path) -> Source:
    unknown = sorted(set(item) - _KEYS)
    lists = (item.get("files"), item.get("languages", []))
    if unknown or not isinstance(item.get("name"), str) or not all(map(_is_strings, lists)):
        raise ConfigError(
            f"{path}: the source {item.get('name', item)!r} needs `name` and a list `files`"
            + (f", and knows no {', '.join(unknown)}" if unknown else ""),
            code="sources_invalid",
            hint=f"its keys are {', '.join(sorted(_KEYS))}",
        )
    return Source(
        name=item["name"],
        files=tuple(item["files"]),
        publisher=item.get("publisher"),
        license=item.get("license"),
        languages=tuple(item.get("languages", ())),
    )


def _is_strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def find_files(sources: Iterable[Source], folder: Path) -> list[SourceFile]:
    """Return the files of `sources` below `folder`, by name; names are relative to it.

    A file that two sources name belongs to the first.

    Raises:
        SourceError: A pattern matches no file.
    """
    found: dict[str, SourceFile] = {}
    for source in sources:
        for pattern in source.files:
            paths = [path for path in sorted(folder.glob(pattern)) if path.is_file()]
            if not paths:
                raise SourceError(
                    f"no file matches `{pattern}` of the source {source.name} in {folder}",
                    code="source_missing",
                    hint="correct the pattern in build/sources.toml, or put the files there",
                )
            for path in paths:
                name = path.relative_to(folder).as_posix()
                found.setdefault(name, SourceFile(path, name, source))
    return [found[name] for name in sorted(found)]


def expand_paths(paths: Iterable[Path], *, out: Path) -> list[SourceFile]:
    """Return the files at `paths`, folders with all below them, by name.

    Names are relative to the folder that was given, or to what several paths have in common.
    Hidden files, and what is below `out`, are passed over.

    Raises:
        SourceError: A path does not exist, or `out` is one of the folders to be read.
    """
    given = [path.resolve() for path in paths]
    for path in given:
        if not path.exists():
            raise SourceError(
                f"there is no file or folder {path}",
                code="path_missing",
                hint="check the spelling; a build without a PATH reads build/sources.toml",
            )
    if out.resolve() in given:
        raise SourceError(
            f"the records would be written among the raw files, into {out}",
            code="out_among_raw",
            hint="give --out a folder of its own",
        )
    tops = [path if path.is_dir() else path.parent for path in given]
    root = Path(os.path.commonpath(tops))
    files = {file for path in given for file in (path.rglob("*") if path.is_dir() else [path])}
    source = Source(name="paths")
    raw = (file for file in files if file.is_file() and not file.is_relative_to(out.resolve()))
    named = {file.relative_to(root).as_posix(): file for file in raw}
    visible = sorted(name for name in named if not any(p.startswith(".") for p in name.split("/")))
    return [SourceFile(named[name], name, source) for name in visible]
