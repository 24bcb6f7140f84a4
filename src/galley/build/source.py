"""Which raw files a build reads, and what is known of them that the pages do not say."""

import os
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from dataclasses import fields as fields_of
from glob import iglob
from itertools import groupby, takewhile
from pathlib import Path, PurePath
from typing import Any

from galley.build.dump.profile import Profile
from galley.build.encoding import is_encoding
from galley.build.formats.format import FORMATS
from galley.build.formats.mapping import check_fields
from galley.build.regular import Named, regular_files, visible_files
from galley.errors import ConfigError, SourceError
from galley.files import is_remote, locate, reach
from galley.nearest import suggest
from galley.schema.contract import Contract

_KEYS = {"name", "files", "publisher", "license", "languages", "encoding", "format", "fields"}
_OLD = 0.5  # share of a source's files that are new from which its profile is out of date


@dataclass(frozen=True, slots=True)
class Source:
    """A `[[source]]` of `build/sources.toml`.

    Attributes:
        name: A short name, unique in the file.
        files: Glob patterns of its raw files, relative to `build/`.
        publisher: Who published the pages; None where only the pages can tell.
        license: SPDX identifier or URL of the text's licence; None where unknown.
        languages: BCP 47 tags of the languages it is written in; empty for any.
        encoding: What its files are encoded in, where they do not say and are no UTF-8.
        format: What its files are; None to find out.
        fields: Where the fields of a record stand in its rows, see `galley.build.formats.mapping`;
            empty where they stand under their own names.
        profile: What its text dumps repeat, as far as that was learned; None if it was not.
    """

    name: str
    files: tuple[str, ...] = ()
    publisher: str | None = None
    license: str | None = None
    languages: tuple[str, ...] = ()
    encoding: str | None = None
    format: str | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    profile: Profile | None = None

    def describe(self) -> dict[str, Any]:
        """Return, as JSON, what of the source decides what is taken out of its files."""
        known = {item.name: getattr(self, item.name) for item in fields_of(self)}
        del known["name"], known["files"]
        known["profile"] = self.profile.sha256 if self.profile else None
        return {key: sorted(v) if isinstance(v, frozenset) else v for key, v in known.items()}


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A raw file: where it is, what records call it, and the source it belongs to.

    A build holds all of them at once: most share the text of their folder, and none has a `Path`.

    Attributes:
        place: Its path; or, as a text, the folder in which `name` is its path.
        name: What records call it.
        source: Says what is known of it.
    """

    place: Named
    name: str
    source: Source

    @property
    def path(self) -> Path:
        """Its path."""
        return locate(self.text) if isinstance(self.place, str) else self.place

    @property
    def text(self) -> str:
        """Its path, as a text."""
        if not isinstance(self.place, str):
            return str(self.place)
        # Of paths on several drives, no folder is shared.
        return f"{self.place.rstrip('/')}/{self.name}" if self.place else self.name

    def read(self) -> bytes:
        """Return what it holds.

        Raises:
            OSError: It is gone.
        """
        if not isinstance(self.place, str):
            return self.path.read_bytes()
        with open(self.text, "rb") as file:  # noqa: PTH123 - Python remembers the names in a Path
            return file.read()

    def size(self) -> int:
        """Return how many bytes it has.

        Raises:
            OSError: It is gone.
        """
        here = isinstance(self.place, str)
        return os.stat(self.text).st_size if here else self.path.stat().st_size  # noqa: PTH116 - a path for each of ten thousand takes longer


def unreadable(file: SourceFile, error: OSError) -> SourceError:
    """Return what is raised where a raw file cannot be read, or is gone."""
    return SourceError(
        f"cannot read {file.path}: {error.strerror}",
        code="source_unreadable",
        hint="check its permissions",
    )


def load_sources(path: Path, contract: Contract | None = None) -> list[Source]:
    """Read `build/sources.toml`.

    Args:
        path: Of the file.
        contract: What a record is; None for the default.

    Raises:
        ConfigError: It is missing, no TOML, or a source lacks what it needs.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigError(
            f"cannot read {path}: {error}",
            code="sources_unreadable",
            hint="name the raw files in it, one [[source]] for each publisher",
        ) from error
    known = (contract or Contract.default()).properties
    stated = document.get("source", [])
    items = stated if isinstance(stated, list) else [stated]
    sources = [_source(item, path, known) for item in items]
    names = [source.name for source in sources]
    if not sources or len(set(names)) < len(names):
        raise ConfigError(
            f"{path} needs at least one [[source]], each with a name of its own",
            code="sources_invalid",
            hint="see the comments of the file that `galley init` writes",
        )
    return sources


def with_profiles(sources: Iterable[Source], folder: Path) -> list[Source]:
    """Return `sources`, each with its profile where `folder` has one.

    Raises:
        ConfigError: A profile cannot be read.
    """
    return [replace(source, profile=Profile.load(folder, source.name)) for source in sources]


def find_stale(files: Iterable[SourceFile]) -> dict[str, float]:
    """Return the sources whose profiles are out of date: most of their files are new.

    Returns:
        For each, by name, about which share of its files is new since it was learned.
    """
    learned = [file for file in files if file.source.profile]
    ordered = sorted(learned, key=lambda file: file.source.name)
    stale: dict[str, float] = {}
    for name, group in groupby(ordered, key=lambda file: file.source.name):
        own = list(group)
        sizes = ((file.name, file.size()) for file in own)
        profile = own[0].source.profile
        share = profile.novelty(sizes) if profile else 0.0
        if share > _OLD:
            stale[name] = share
    return stale


def _source(item: Any, path: Path, known: Iterable[str]) -> Source:
    if not isinstance(item, dict):
        raise ConfigError(
            f"{path}: a source is a table, not {item!r}",
            code="sources_invalid",
            hint="write `[[source]]` above its keys",
        )
    unknown = sorted(set(item) - _KEYS)
    lists = (item.get("files"), item.get("languages", []))
    if unknown or not isinstance(item.get("name"), str) or not all(map(_is_strings, lists)):
        raise ConfigError(
            f"{path}: the source {item.get('name', item)!r} needs `name` and a list `files`"
            + (f", and knows no {', '.join(unknown)}" if unknown else ""),
            code="sources_invalid",
            hint=suggest(unknown[0], _KEYS) if unknown else f"known: {', '.join(sorted(_KEYS))}",
        )
    _check_reading(item, path)
    check_fields(item.get("fields", {}), known)
    return Source(
        name=item["name"],
        files=tuple(item["files"]),
        publisher=item.get("publisher"),
        license=item.get("license"),
        languages=tuple(item.get("languages", ())),
        encoding=item.get("encoding"),
        format=item.get("format"),
        fields=item.get("fields", {}),
    )


def _check_reading(item: dict[str, Any], path: Path) -> None:
    """Check what a source says of how its files are read."""
    rules = {
        "publisher": (_is_string, "a name"),
        "license": (_is_string, "an SPDX identifier or a URL"),
        "encoding": (is_encoding, "the name of a text encoding, such as `windows-1252`"),
        "format": (_is_format, f"one of {', '.join(sorted(FORMATS))}"),
        "fields": (_is_table, 'a table, such as `{ title = "headline", text = "body" }`'),
    }
    for key, (is_good, expected) in rules.items():
        if key in item and not is_good(item[key]):
            raise ConfigError(
                f"{path}: `{key}` of the source {item['name']} is {item[key]!r}",
                code="sources_invalid",
                hint=f"write {expected}",
            )


def _is_string(value: Any) -> bool:
    return isinstance(value, str)


def _is_format(value: Any) -> bool:
    return isinstance(value, str) and value in FORMATS


def _is_table(value: Any) -> bool:
    return isinstance(value, dict)


def _is_strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def find_files(sources: Iterable[Source], folder: Path) -> list[SourceFile]:
    """Return the files of `sources` below `folder`, by name; names are relative to it.

    A file that two sources name belongs to the first.

    Raises:
        ConfigError: A pattern leads out of `folder`.
        SourceError: A pattern matches no file, or one whose name is no text.
    """
    found: dict[str, SourceFile] = {}
    top: Named = str(folder)
    own = 0 if folder == Path() else len(os.path.join(folder, ""))  # noqa: PTH118 - a Path ends with no separator
    for source in sources:
        for pattern in source.files:
            paths = _match(folder, pattern, source)
            if not paths:
                raise SourceError(
                    f"no file matches `{pattern}` of the source {source.name} in {folder}",
                    code="source_missing",
                    hint="correct the pattern in build/sources.toml, or put the files there",
                )
            for path in paths:
                if isinstance(path, str):
                    name, place = path[own:].replace(os.sep, "/"), top
                else:
                    name, place = str(path), path
                found.setdefault(_as_text(name), SourceFile(place, name, source))
    return [found[name] for name in sorted(found)]


def _match(folder: Path, pattern: str, source: Source) -> list[Named]:
    """Return the files that `pattern` names, below `folder` or wherever it says.

    Those on this machine are texts.
    """
    if is_remote(pattern):
        fixed = re.match(r"[^*?\[]*/", pattern)
        top = fixed[0] if fixed else pattern
        folder, pattern = reach(top), pattern.removeprefix(top)
    try:
        paths = list(folder.glob(pattern)) if is_remote(folder) else _glob(folder, pattern)
        if ".." in pattern.split("/"):
            raise ValueError("it leads out of the folder")  # noqa: TRY301 - as glob does
    except (NotImplementedError, ValueError) as error:
        raise ConfigError(
            f"the pattern `{pattern}` of the source {source.name} is none: {error}",
            code="sources_invalid",
            hint="patterns are relative to build/, such as `raw/NAME/*.txt`",
        ) from error
    return list(regular_files(paths, folder / _fixed(pattern)))


def _glob(folder: Path, pattern: str) -> list[Named]:
    """Return what `pattern` matches below a folder of this machine, as texts.

    Nearly all patterns can do without a `Path` for each file, which takes twice the time. The
    others mean other things to `glob`: it follows links at `**`, takes a link that leads nowhere
    for a file where all of its name is given, and knows no pattern that it refuses.
    """
    last = pattern.rpartition("/")[2]
    plain = PurePath(pattern).as_posix() == pattern and not PurePath(pattern).anchor
    if not plain or "**" in pattern or not set(last) & set("*?["):
        return list(map(str, folder.glob(pattern)))
    top = "" if folder == Path() else os.path.join(folder, "")  # noqa: PTH118 - ends with a separator
    return [top + name for name in iglob(pattern, root_dir=folder, include_hidden=True)]  # noqa: PTH207 - as above


def _fixed(pattern: str) -> str:
    """Return the folders of a pattern in which nothing is to be matched."""
    *folders, _ = pattern.split("/")
    return "/".join(takewhile(lambda name: not set(name) & set("*?["), folders))


def _as_text(name: str) -> str:
    """Return `name`, which records say of a file: it must be text."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError as error:
        raise SourceError(
            f"the name of {name.encode('utf-8', 'backslashreplace').decode()} is no UTF-8",
            code="name_unreadable",
            hint="rename the file: records say where they come from",
        ) from error
    return name


def expand_paths(paths: Iterable[Path], *, out: Path) -> list[SourceFile]:
    """Return the files at `paths`, folders with all below them, by name.

    Names are relative to the folder that was given, or to what several paths have in common.
    Hidden files, and what is below `out`, are passed over.

    Raises:
        SourceError: A path does not exist, or `out` is one of the folders to be read, or the
            name of a file is no text.
    """
    given = [path if is_remote(path) else path.resolve() for path in paths]
    for path in given:
        if not path.exists():
            raise SourceError(
                f"there is no file or folder {path}",
                code="path_missing",
                hint="check the spelling; a build without a PATH reads build/sources.toml",
            )
    target = out if is_remote(out) else out.resolve()
    if target in given:
        raise SourceError(
            f"the records would be written among the raw files, into {out}",
            code="out_among_raw",
            hint="give --out a folder of its own",
        )
    source = Source(name="paths")
    named = dict(_named(given, target))
    return [SourceFile(named[name], name, source) for name in sorted(named)]


def _named(given: list[Path], target: Path) -> Iterator[tuple[str, Named]]:
    """Yield all files at the paths that were given, by names relative to what these share.

    Each with its path, or with the folder that they share; none is below `target`.
    """
    tops = [_words(path if path.is_dir() else path.parent) for path in given]
    first, last = min(tops), max(tops)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last)))  # noqa: B905 - to the shorter
    top = "/".join([*first[:shared], ""])
    own = _words(target)
    for path in given:
        files = regular_files(visible_files(path), path) if path.is_dir() else [path]
        for file in files:
            words = _words(file)
            if words[: len(own)] != own:
                yield _as_text("/".join(words[shared:])), file if is_remote(file) else top


def _words(path: Named) -> list[str]:
    return (str(path) if is_remote(path) else str(path).replace(os.sep, "/")).rstrip("/").split("/")
