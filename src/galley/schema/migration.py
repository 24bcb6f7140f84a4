"""Migrations: what became of names that the vocabularies no longer have.

`schema/migrations/*.yaml` say how one version of `tags.yaml` became the next. The ledger keeps
the names that people chose; they are read under today's. A rename or a merge loses nothing and
is carried out whenever the ledger is read. A split cannot be: which of the new names it is has
to be said by a person.

```yaml
from: "1"
to: "2"
tags:
  - {rename: labour, to: work}
  - {merge: [rail, shipping], to: transport}
  - {split: culture, to: [arts, museums]}
  - {deprecate: sport}
  - {add: health}
entities:
  - {rename: NORP, to: GROUP}
```
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from galley.errors import SchemaError
from galley.nearest import suggest

_KINDS = ("rename", "merge", "split", "deprecate", "add")


@dataclass(frozen=True)
class Step:
    """What becomes of one or several names.

    Attributes:
        kind: `rename`, `merge`, `split`, `deprecate` or `add`.
        names: The names that it is about.
        to: What they become; empty for `deprecate` and `add`.
    """

    kind: str
    names: tuple[str, ...]
    to: tuple[str, ...] = ()

    @property
    def gone(self) -> frozenset[str]:
        """The names that are no more."""
        return frozenset(self.names) - frozenset(self.to) if self.to else frozenset()


@dataclass(frozen=True)
class Migration:
    """One version's steps to the next.

    Attributes:
        before: The version of `tags.yaml` that it starts from.
        after: The version that it leads to.
        tags: What becomes of tags.
        entities: What becomes of entity labels.
        file: Where it stands.
    """

    before: str
    after: str
    tags: tuple[Step, ...] = ()
    entities: tuple[Step, ...] = ()
    file: str = ""


@dataclass(frozen=True)
class Names:
    """What became of the names of one vocabulary.

    Attributes:
        steps: All steps, each with the version that it starts from, in order.
        present: The names of today.
    """

    steps: tuple[tuple[str, Step], ...] = ()
    present: frozenset[str] = frozenset()

    @cached_property
    def _became(self) -> Mapping[str, tuple[str, ...]]:
        return {name: step.to for _, step in self.steps for name in step.gone}

    @cached_property
    def former(self) -> Mapping[str, str]:
        """The names that are no more, each with the last version that had it."""
        return {name: version for version, step in self.steps for name in step.gone}

    @cached_property
    def deprecated(self) -> frozenset[str]:
        """Names that are still read, and no longer proposed."""
        named = (step.names for _, step in self.steps if step.kind == "deprecate")
        return frozenset(name for names in named for name in names) & self.present

    def now(self, name: str) -> tuple[str, ...]:
        """Return what `name` is called today: several where it was split."""
        if name not in self._became:
            return (name,)
        found = [one for to in self._became[name] for one in self.now(to)]
        return tuple(dict.fromkeys(found))

    @cached_property
    def splits(self) -> Mapping[str, tuple[str, ...]]:
        """Of each name that was split: what it may be today."""
        found = {name: self.now(name) for name in self._became}
        return {name: names for name, names in found.items() if len(names) > 1}

    def renamed(self, name: str) -> str:
        """Return what `name` is called today, or itself where that is not one name."""
        names = self.now(name)
        return names[0] if len(names) == 1 else name


@dataclass(frozen=True)
class Migrations:
    """All that became of names.

    Attributes:
        tags: Of tags.
        entities: Of entity labels.
        versions: Those that the migrations start from.
        version: Today's.
    """

    tags: Names = field(default_factory=Names)
    entities: Names = field(default_factory=Names)
    versions: frozenset[str] = frozenset()
    version: str = ""


def load_migrations(
    folder: Path, *, version: str, tags: Iterable[str], labels: Iterable[str]
) -> Migrations:
    """Read the migrations that lead to the present vocabularies.

    Args:
        folder: `schema/migrations`; it need not be there.
        version: Of `tags.yaml` today.
        tags: The tags of today.
        labels: The entity labels of today.

    Raises:
        SchemaError: A file cannot be read, or they do not lead from one version to the next, up
            to the present names.
    """
    chain = _chain([_read(path) for path in sorted(folder.glob("*.yaml"))], version)
    found = Migrations(
        Names(_steps(chain, "tags"), frozenset(tags)),
        Names(_steps(chain, "entities"), frozenset(labels)),
        frozenset(item.before for item in chain),
        version,
    )
    for names in (found.tags, found.entities):
        _check_names(names)
    return found


def _steps(chain: Sequence[Migration], part: str) -> tuple[tuple[str, Step], ...]:
    return tuple((item.before, step) for item in chain for step in getattr(item, part))


def _chain(found: list[Migration], version: str) -> list[Migration]:
    """Return the migrations in their order, the last one leading to `version`."""
    by_start = {item.before: item for item in found}
    ends = {item.after for item in found}
    first = [item for item in found if item.before not in ends]
    chain: list[Migration] = []
    at = first[0].before if len(first) == 1 else ""
    while at in by_start and len(chain) < len(found):
        chain.append(by_start[at])
        at = by_start[at].after
    if found and (len(chain) < len(found) or chain[-1].after != version):
        lines = ", ".join(f"{item.file}: {item.before} to {item.after}" for item in found)
        raise SchemaError(
            f"the migrations do not lead one after another to version {version} of tags.yaml: "
            f"{lines}",
            code="migration_chain",
            hint="each starts `from` the version that the one before leads `to`",
        )
    return chain


def _read(path: Path) -> Migration:
    import yaml  # noqa: PLC0415 - only where there are migrations

    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        parts = {name: tuple(map(_step, document.get(name) or ())) for name in ("tags", "entities")}
        unknown = set(document) - {"from", "to", "tags", "entities"}
        if unknown:
            word = min(unknown)
            near = suggest(word, ("from", "to", "tags", "entities"))
            raise ValueError(f"it has no key `{word}`: {near}")  # noqa: TRY301 - one message
        return Migration(str(document["from"]), str(document["to"]), **parts, file=path.name)
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise SchemaError(
            f"cannot read the migration {path}: {error}",
            code="migration_invalid",
            hint='for example `from: "1"`, `to: "2"` and under `tags:` `- {rename: a, to: b}`',
        ) from error


def _step(item: Mapping[str, Any]) -> Step:
    kinds = [kind for kind in _KINDS if kind in item]
    if len(kinds) != 1 or set(item) - {kinds[0], "to"}:
        other = [str(key) for key in item if key not in {*_KINDS, "to"}]
        near = f": {suggest(other[0], _KINDS)}" if other else ""
        raise ValueError(f"{dict(item)!r} is none of {', '.join(_KINDS)}{near}")
    kind = kinds[0]
    names, to = _listed(item[kind]), _listed(item.get("to", []))
    wanted = {"rename": (1, 1), "merge": (None, 1), "split": (1, None)}.get(kind, (None, 0))
    fits = all(n is None or len(have) == n for have, n in zip((names, to), wanted, strict=True))
    if not names or not fits or (kind == "split" and len(to) < 2):
        raise ValueError(f"{dict(item)!r} has not the names that a {kind} needs")
    if kind in {"rename", "split"} and set(names) & set(to):
        raise ValueError(f"{dict(item)!r}: an old name cannot get a new meaning")
    return Step(kind, names, to)


def _listed(value: Any) -> tuple[str, ...]:
    return tuple(str(name) for name in (value if isinstance(value, list) else [value]))


def _check_names(names: Names) -> None:
    for issue in _misfits(names):
        raise SchemaError(
            f"the migrations do not fit the vocabularies: {issue}",
            code="migration_names",
            hint="mend the migration, or tags.yaml and entities.yaml",
        )


def _misfits(names: Names) -> Iterator[str]:
    gone = names.former.keys()
    for name in sorted(gone & names.present):
        yield f"`{name}` is gone by a migration and still there: an old name cannot come back"
    for _, step in names.steps:
        made = step.to or step.names
        for name in made:
            if name not in names.present and name not in gone:
                yield f"{step.kind} `{', '.join(step.names)}`: there is no `{name}`"
