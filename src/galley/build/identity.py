"""Identity: which record an article is, decided once and remembered.

`build/identity.jsonl` maps every key ever seen to an id. A key is the hash of a canonical
URL, of a text, or of publisher, title and date; hashes, so that a record that was taken down
leaves no words behind. The first line that names an id is its birth: older ids stand above
younger ones. A line of the kind `retracted` takes a record out for good: whatever its keys
lead to is not read again.
"""

import re
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit

from galley.errors import WorkspaceError
from galley.files import append_lines
from galley.hashing import canonical_json, sha256_json, sha256_text
from galley.record import Record, mint_id
from galley.similarity import Sketch, likeness

if TYPE_CHECKING:
    from galley.build.registry import Registry

Line = dict[str, Any]

# Values of a sketch that are kept with a text: enough to tell a later version of it from
# another article.
KEPT = 24
_SAME_ARTICLE = 0.3  # likeness from which one title and date mean one article
_TRACKING = re.compile(r"^(utm_\w+|fbclid|gclid|mc_[ce]id|ref)=")


class Keys(NamedTuple):
    """What an article is known by: hashes.

    Attributes:
        url: Of its canonical address; None if it has none.
        text: Of its text.
        title: Of publisher, title and date.
    """

    url: str | None
    text: str
    title: str


# The sketch of an article's text; it is made, or read, only where it is asked for.
Sketcher = Callable[[], Sketch]
_AT_ONCE = 10_000  # lines that are in memory while they are written
_BLOCK = 1 << 20  # bytes that are in memory while they are searched


@dataclass(slots=True)
class Identity:
    """The registry of ids: what it says, and what is found out now.

    Attributes:
        registry: What it said when it was loaded; None where nothing did.
        fleeting: Whether it will not be saved: then no sketch is made that nobody asks for.
        new: Lines that were added since it was loaded.
        born: Those that follow them, as JSON: of records that nobody knew, made when saved.
    """

    registry: "Registry | None" = None
    fleeting: bool = False
    new: list[Line] = field(default_factory=list)
    born: Iterable[str] = ()
    _ages: dict[str, int] = field(default_factory=dict)
    _keys: dict[tuple[str, str | None], list[str]] = field(default_factory=dict)
    _sketches: dict[str, list[Sketcher]] = field(default_factory=dict)
    _aliases: dict[str, str] = field(default_factory=dict)
    _merged: dict[str, list[str]] = field(default_factory=dict)
    _retracted: set[str] = field(default_factory=set)
    # What the registry was asked: who has a key, and the numbers of these.
    _owners: dict[tuple[str, str | None], list[str]] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path | None) -> "Identity":
        """Read the registry at `path`; without one it is empty, and fleeting.

        Raises:
            WorkspaceError: A line is no identity line.
        """
        if path is None:
            return cls(fleeting=True)
        from galley.build.registry import Registry  # noqa: PLC0415 - arrays, if nothing changed not needed

        registry = Registry.load(path)
        aliases, retracted = dict(registry.aliases), set(registry.retracted)
        return cls(registry, _aliases=aliases, _retracted=retracted)

    def anew(self) -> "Identity":
        """Return one that knows what this one was loaded with, and nothing that was added."""
        aliases = {} if self.registry is None else dict(self.registry.aliases)
        return Identity(
            self.registry, self.fleeting, _aliases=aliases, _retracted=set(self._retracted)
        )

    def save(self, path: Path) -> None:
        """Append what is new to the registry at `path`."""
        lines = chain(map(canonical_json, self.new), self.born)
        while some := list(islice(lines, _AT_ONCE)):
            append_lines(path, some)
        self.new, self.born = [], ()

    def age(self, record_id: str) -> int:
        """Return the place of an id among all, the oldest first."""
        return self._ages[record_id] if (age := self.number(record_id)) is None else age

    def look_ahead(self, several: Iterable[Keys]) -> None:
        """Ask the registry at once what it would be asked of several articles one by one."""
        for kind, keys in zip(Keys._fields, zip(*several, strict=True), strict=False):
            self._ask(kind, filter(None, keys))

    def _ask(self, kind: str, keys: Iterable[str]) -> None:
        if self.registry is None or not len(self.registry.ids):
            return
        for key, numbers in self.registry.owners(kind, keys).items():
            names = list(map(self.registry.name, numbers))
            self._owners[kind, key] = names
            self._numbers.update(zip(names, numbers, strict=True))

    def find(self, keys: Keys, sketch: Sketcher) -> list[str]:
        """Return the ids that `keys` lead to, none if none was ever seen.

        Args:
            keys: Of an article.
            sketch: Of its text.
        """
        sure = [self._names(kind, key) for kind, key in (("url", keys.url), ("text", keys.text))]
        return [name for names in sure for name in names] or self._by_title(keys.title, sketch)

    def resolve(self, keys: Keys, sketch: Sketcher, *, found: list[str] | None = None) -> str:
        """Return the id of an article, minted now if it was never seen, and remember its keys.

        Args:
            keys: Of the article.
            sketch: Of its text.
            found: The ids that it is known by; None for those that its keys lead to.
        """
        found = self.find(keys, sketch) if found is None else found
        gone = [name for name in found if self.is_retracted(name)]
        own = min(gone or found, key=self.age, default=None) or mint_id(keys.text)
        for other in sorted(set(found) - {own}) if not gone else ():
            self._add({"id": own, "kind": "alias", "key": other})
        for kind, key in zip(Keys._fields, keys, strict=True):
            known = self._names(kind, key)
            # What was taken out blocks its own keys, and no other record's.
            if key and own not in known and not (gone and known):
                self._add({"id": own, "kind": kind, "key": key, **self._keep(own, kind, sketch)})
        return own

    def _keep(self, own: str, kind: str, sketch: Sketcher) -> dict[str, str]:
        """Return what a new line says beside the key: of a text, its sketch."""
        if kind != "text":
            return {}
        self._sketches.setdefault(own, []).append(sketch)
        return {} if self.fleeting else {"sketch": pack(sketch())}

    def is_retracted(self, name: str) -> bool:
        """Return whether the record that `name` stands for was taken out for good."""
        return self.root(name) in self._retracted

    def retract(self, name: str, reason: str) -> None:
        """Take a record out for good.

        Raises:
            WorkspaceError: The registry does not know it, or no reason is given.
        """
        if not reason.strip():
            raise WorkspaceError(
                "a record is taken out for a reason, and none is given",
                code="no_reason",
                hint="say who asked, and why; name nobody: it is committed",
            )
        if name not in self._ages and name not in self._aliases and self.number(name) is None:
            raise WorkspaceError(
                f"no record has the id `{name}`",
                code="no_record",
                hint="give all 32 digits: ids stand in build/out/records and in each release",
            )
        if not self.is_retracted(name):
            own = self.root(name)
            self._add({"id": own, "kind": "retracted", "key": own, "reason": reason})

    def aliases(self, name: str) -> list[str]:
        """Return all ids that stand for the same record as `name`, its own first."""
        own = self.root(name)
        return [own, *sorted(old for old in self._aliases if self.root(old) == own)]

    def aliased(self) -> dict[str, str]:
        """Return for each id that became an alias the one that stands for it."""
        return {name: self.root(name) for name in self._aliases}

    def retracted(self) -> frozenset[str]:
        """Return all ids of all records that were taken out."""
        return frozenset(name for own in self._retracted for name in self.aliases(own))

    def _by_title(self, key: str, sketch: Sketcher) -> list[str]:
        """Return the record with this title whose text is most like `sketch`, if it is alike."""
        rated = [(self._likeness(name, sketch()), name) for name in self._names("title", key)]
        rate, name = max(rated, default=(0.0, ""))
        return [name] if rate >= _SAME_ARTICLE else []

    def _likeness(self, name: str, sketch: Sketch) -> float:
        return max((likeness(sketch, old) for old in self._texts(name)), default=0.0)

    def _texts(self, name: str) -> Iterator[Sketch]:
        """Yield the sketches of all texts that a record had."""
        for own in (name, *self._merged.get(name, ())):
            if self.registry is not None and (number := self.number(own)) is not None:
                yield from self.registry.sketches_of(number)
            yield from (sketch()[:KEPT] for sketch in self._sketches.get(own, ()))

    def _names(self, kind: str, key: str | None) -> list[str]:
        """Return the ids that a key leads to, none of them an alias."""
        if key and (kind, key) not in self._owners:
            self._ask(kind, [key])
        known = (*self._owners.get((kind, key), ()), *self._keys.get((kind, key), ()))
        return list(map(self.root, known))

    def number(self, name: str) -> int | None:
        """Return the number that the registry has of an id; None if it does not know it."""
        if (number := self._numbers.get(name)) is not None or self.registry is None:
            return number
        return self.registry.number(name)

    def root(self, name: str) -> str:
        """Return the id that stands for `name`, which may be an alias."""
        return _follow(name, self._aliases)

    def _add(self, line: Line) -> None:
        self.new.append(line)
        name, kind, key = line["id"], line["kind"], line["key"]
        if self.number(name) is None:
            known = 0 if self.registry is None else len(self.registry.ids)
            self._ages.setdefault(name, known + len(self._ages))
        if kind == "retracted":
            self._retracted.add(name)
        elif kind == "alias":
            self._aliases[key] = name
            self._merged.setdefault(name, []).extend([key, *self._merged.pop(key, ())])
        else:
            self._keys.setdefault((kind, key), []).append(name)


def join_aliases(lines: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return for each id that gave way to another the one that stands for it.

    Two branches may say it either way round, or let one id give way to two others, and where they
    are merged both are there: all of them are one record, and the first line counts.

    Args:
        lines: Of each alias, in the order of the registry, the id that stands for it, and itself.
    """
    steps: dict[str, str] = {}
    for one, other in lines:
        own, old = _follow(one, steps), _follow(other, steps)
        if own != old:
            steps[old] = own
    for old in reversed(list(steps)):  # what an id gave way to gave way later, if it did
        steps[old] = steps.get(steps[old], steps[old])
    return steps


def _follow(name: str, steps: Mapping[str, str]) -> str:
    while name in steps:
        name = steps[name]
    return name


def read_retracted(path: Path) -> frozenset[str]:
    """Return all ids of the records that the registry at `path` says were taken out."""
    return Identity.load(path).retracted() if _has(path, "retracted") else frozenset()


def read_aliases(path: Path) -> dict[str, str]:
    """Return for each id that became an alias, by the registry at `path`, what stands for it."""
    return Identity.load(path).aliased() if _has(path, "alias") else {}


def _has(path: Path, kind: str) -> bool:
    """Return whether the registry has lines of a kind: nearly always not, and soon found out."""
    wanted = f'"{kind}"'.encode()  # a line that was written by hand may have blanks before it
    if not path.exists():
        return False
    with path.open("rb") as file:
        blocks = iter(lambda: file.read(_BLOCK) + file.readline(), b"")
        return any(wanted in block for block in blocks)


def keys_of(record: Record) -> Keys:
    """Return the keys of `record`; it needs no `id`."""
    url = sha256_text(canonical_url(record["url"])) if record["url"] else None
    title = " ".join(record["title"].casefold().split())
    title = sha256_json([record["publisher"], title, record["published"]])
    return Keys(url, record["text_sha256"], title)


def canonical_url(url: str) -> str:
    """Return `url` without what does not tell pages apart.

    Example:
        >>> canonical_url("HTTP://Example.org/a/?utm_source=x#top")
        'https://example.org/a'
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:  # it is no address: then all of it counts
        return url.strip()
    query = "&".join(item for item in parts.query.split("&") if not _TRACKING.match(item))
    scheme = "https" if parts.scheme.lower() == "http" else parts.scheme.lower()
    return urlunsplit((scheme, parts.netloc.lower(), parts.path.rstrip("/"), query, ""))


def pack(sketch: Sketch) -> str:
    """Return what of a sketch is kept with a text."""
    kept = sketch[:KEPT]
    return struct.pack(f">{len(kept)}I", *kept).hex()


def unpack(packed: str) -> Sketch:
    """Return what `pack` made text of."""
    return struct.unpack(f">{len(packed) // 8}I", bytes.fromhex(packed))


def pack_all(sketches: Any) -> Iterator[str]:
    """Yield what `pack` returns for each of several sketches, one below another."""
    digits, size = sketches[:, :KEPT].astype(">u4").tobytes().hex(), KEPT * 8
    return (digits[start : start + size] for start in range(0, len(digits), size))
