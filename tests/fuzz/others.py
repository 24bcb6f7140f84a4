"""What is fuzzed beside raw files: the ledger, suggestions, exports, settings, vocabularies."""

import json
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from importlib import resources
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any

import yaml

from galley.annotations.adopt import Adoption, Match
from galley.annotations.export import read_export
from galley.annotations.merge import merge
from galley.annotations.policy import Policies
from galley.annotations.reading import Setting, Unfit, read_task
from galley.annotations.result import Reader
from galley.annotations.suggestion import read_suggestions
from galley.build.dump.profile import Profile
from galley.build.identity import Identity
from galley.build.source import load_sources
from galley.hashing import canonical_json, sha256_json, sha256_text
from galley.ledger import Event, Kind, Ledger
from galley.manifest import Manifest
from galley.schema.labeling import labeling_config
from galley.schema.migration import load_migrations
from galley.schema.vocabulary import Labels, load_labels, load_taxonomy
from galley.settings import load_config
from tests.factory import make_record
from tests.fuzz.mutator import mutate, mutate_json
from tests.fuzz.papers import MIGRATION, PYPROJECT, REGISTRIES, SOURCES

# A name, and the bytes of a file.
File = tuple[str, bytes]

TEXT = "The 🚢 “Aurélie” left Oslo.\r\nAda Quill waited in Bergen."
_AFTER = {"tags": ["economy"], "entities": [{"start": 4, "end": 5, "label": "ORG", "text": "🚢"}]}
_EVENT = Event(
    kind="annotated",
    record_id="a" * 32,
    text_sha256=sha256_text(TEXT),
    annotator="b" * 16,
    at="2025-03-01T10:00:00.000000Z",
    lead_time=1.5,
    origin={"server": "s", "project": "p", "task": 1, "annotation": 2},
    suggestion=None,
    before=None,
    after=_AFTER,
    guideline="1",
    taxonomy="1",
)  # type: ignore[arg-type]
_SHA256 = sha256_text(TEXT)
_RECORDS = [
    make_record(id="a" * 32, text=TEXT, text_sha256=_SHA256),
    make_record(id="a" * 32, text=f"{TEXT} More.", text_sha256=sha256_text(f"{TEXT} More.")),
]
_SUGGESTION = {
    "record_id": "a" * 32,
    "text_sha256": sha256_text(TEXT),
    "model": "m",
    "score": 0.5,
    "tags": ["economy"],
    "entities": _AFTER["entities"],
    "by": {"tags": [["m", 0.5]]},
}
_REGION = {
    "id": "r1",
    "from_name": "entities",
    "to_name": "text",
    "type": "labels",
    "value": {"start": 21, "end": 25, "text": "Oslo", "labels": ["GPE"]},
}
_TAGS = {
    "id": "r2",
    "from_name": "tags",
    "to_name": "text",
    "type": "taxonomy",
    "value": {"taxonomy": [["economy"]]},
}
_RELATION = {"type": "relation", "from_id": "r1", "to_id": "r1", "direction": "right"}
_ANNOTATION = {
    "id": 2,
    "completed_by": {"id": 1, "email": "ann@example.org"},
    "was_cancelled": False,
    "result": [_REGION, _TAGS, _RELATION],
    "lead_time": 1.5,
    "updated_by": 1,
    "created_at": "2025-03-01T10:00:00.000000Z",
    "updated_at": "2025-03-01T10:00:00.000000Z",
    "parent_prediction": 9,
    "prediction": {},
    "unique_id": "u",
}
_RECORD = {"record_id": "a" * 32, "text_sha256": sha256_text(TEXT)}
TASK = {
    "id": 1,
    "project": 7,
    "data": {"text": TEXT, **_RECORD},
    "annotations": [_ANNOTATION],
    "predictions": [{"id": 9, "model_version": "m", "result": [_REGION]}],
    "meta": _RECORD,
    "updated_at": "2025-03-01T10:00:00.000000Z",
    "drafts": [],
}


@cache
def _template(name: str) -> bytes:
    return resources.files("galley.template").joinpath(name).read_bytes()


def _lines(chance: Random, values: Sequence[Any]) -> bytes:
    """Return JSON Lines of changed values, of changed bytes, or of both."""
    raw = [canonical_json(value).encode() for value in values]
    if chance.random() < 0.4:
        return mutate(chance, [b"\n".join([*raw, b""])])
    changed = [json.dumps(mutate_json(chance, value)).encode() for value in values]
    return b"\n".join([*changed, *raw, b""])


_YAML = [
    b"- ",
    b": ",
    b"&a [*a,*a]",
    b"<<: *a",
    b"!!python/object/apply:os.system [x]",
    b"? ",
    b"|\n",
    b"{a: b}",
]
_TOML = [
    b"[tool.galley]\n",
    b"= 1",
    b"= []",
    b'= {a = "b"}',
    b"[[source]]\n",
    b"= nan",
    b"= 1979-05-27",
    b'"""',
]


def _renamed(event: Any) -> bytes:
    """Return a line of the ledger with the name that its content has."""
    if not isinstance(event, dict):
        return b""
    payload = {name: value for name, value in event.items() if name != "event"}
    try:
        return canonical_json({"event": sha256_json(payload), **payload}).encode() + b"\n"
    except ValueError:
        return b""


@cache
def _labels() -> Labels:
    return _reader(foreign=False).labels


@cache
def _reader(*, foreign: bool) -> Reader:
    folder = resources.files("galley.template") / "schema"
    tags, labels = Path(str(folder / "tags.yaml")), Path(str(folder / "entities.yaml"))
    return Reader(load_taxonomy(tags), load_labels(labels), foreign=foreign)


def _check_events(found: list[Event | Unfit], folder: Path, text: str | None = None) -> None:
    """Check that what was read can be kept, and what was not, put aside."""
    events = [item for item in found if isinstance(item, Event)]
    for item in found:
        if isinstance(item, Unfit):
            canonical_json(item.to_json()).encode("utf-8", "surrogatepass")
            continue
        assert len(item.record_id) == 32
        assert item.kind in set(Kind)
        for entity in (item.after or {"entities": []})["entities"]:
            assert 0 <= entity["start"] < entity["end"]
            assert text is None or text[entity["start"] : entity["end"]] == entity["text"]
    Ledger(folder, writer=folder / "writer").append(events)
    assert len(Ledger(folder, writer=folder / "writer").events()) <= len(events)
    for path in folder.glob("*.jsonl"):
        path.unlink()


def _inline(value: Any) -> str:
    """Return a value as TOML has it on one line; what it has no word for is empty."""
    if isinstance(value, dict):
        pairs = (f"{json.dumps(k)} = {_inline(v)}" for k, v in value.items() if v is not None)
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_inline(item) for item in value if item is not None) + "]"
    return (
        "nan"
        if value is None
        else json.dumps(value).replace("NaN", "nan").replace("Infinity", "inf")
    )


def _toml(chance: Random, text: str, words: Sequence[bytes]) -> bytes:
    """Return TOML of changed values in most, else of changed bytes."""
    if chance.random() < 0.4:
        return mutate(chance, [text.encode()], words)
    document = mutate_json(chance, tomllib.loads(text))
    tables = document.items() if isinstance(document, dict) else ()
    return "\n".join(f"{json.dumps(k)} = {_inline(v)}" for k, v in tables).encode()


def _yaml(chance: Random, text: bytes) -> bytes:
    """Return YAML of changed values in most, else of changed bytes."""
    if chance.random() < 0.4:
        return mutate(chance, [text], _YAML)
    return json.dumps(mutate_json(chance, yaml.safe_load(text))).encode()


def ledger(chance: Random) -> File:
    """Return a ledger file, in most of which the events bear the names that they should."""
    if chance.random() < 0.2:
        return "one.jsonl", _lines(chance, [_EVENT.to_json(), _EVENT.to_json()])
    return "one.jsonl", b"".join(_renamed(mutate_json(chance, _EVENT.to_json())) for _ in range(2))


def read_ledger(path: Path) -> None:
    """Read a ledger, and do with its events what commands do."""
    book = Ledger(path.parent, writer=path.parent / "writer")
    events = book.events()
    book.head()
    for policy in ("latest", "majority"):
        list(merge(_RECORDS, events, {}, policies=Policies(policy)))


def suggestions(chance: Random) -> File:
    """Return suggestions."""
    return "suggestions.jsonl", _lines(chance, [_SUGGESTION, _SUGGESTION])


def read_suggested(path: Path) -> None:
    """Read suggestions, and put them onto records."""
    list(merge(_RECORDS, [], read_suggestions(path)))


def export(chance: Random) -> File:
    """Return an export: of changed values in most, else of changed bytes."""
    if chance.random() < 0.2:
        return "export.json", mutate(chance, [json.dumps([TASK]).encode()])
    return "export.json", json.dumps(mutate_json(chance, [TASK, TASK])).encode()


def adopt(path: Path) -> None:
    """Adopt an export."""
    _check_events(adopted(read_export(path, field="text")), path.parent)


def adopted(tasks: Iterable[Any]) -> list[Event | Unfit]:
    """Return what tasks of an export say."""
    match = Match(frozenset(), {}, {})
    adoption = Adoption(_reader(foreign=True), match, lambda *_: "p" * 16, "server", "text")
    return list(chain.from_iterable(adoption.read(task, {}) for task in tasks))


def answer(chance: Random) -> File:
    """Return what a Label Studio answers for a task of a project."""
    return "task.json", json.dumps(mutate_json(chance, TASK)).encode()


def read_answer(path: Path) -> None:
    """Read a task."""
    _check_events(answered(json.loads(path.read_bytes())), path.parent, text=TEXT)


def answered(task: Any) -> list[Event | Unfit]:
    """Return what a task of a Label Studio says."""
    setting = Setting(_reader(foreign=False), "s", "p", lambda _: "p" * 16, "1")
    return list(read_task(task, setting, last={}))


def config(chance: Random) -> File:
    """Return settings."""
    return "pyproject.toml", _toml(chance, PYPROJECT, _TOML)


def sources(chance: Random) -> File:
    """Return `sources.toml`."""
    return "sources.toml", _toml(chance, SOURCES, _TOML)


def read_sources(path: Path) -> None:
    """Read `sources.toml`."""
    for source in load_sources(path):
        sha256_json(source.describe())


def vocabulary(chance: Random) -> File:
    """Return `tags.yaml` or `entities.yaml`."""
    name = chance.choice(("tags.yaml", "entities.yaml"))
    return name, _yaml(chance, _template(f"schema/{name}"))


def read_vocabulary(path: Path) -> None:
    """Read a vocabulary and make the annotators' screen of it."""
    if path.name == "tags.yaml":
        labeling_config(load_taxonomy(path), _labels())
    else:
        labeling_config(_reader(foreign=False).taxonomy, load_labels(path))


def migrations(chance: Random) -> File:
    """Return a migration."""
    return "1.yaml", _yaml(chance, MIGRATION)


def read_migrations(path: Path) -> None:
    """Read a migration."""
    tags = ["work", "arts", "museums", "sport"]
    load_migrations(path.parent, version="1", tags=tags, labels=["PER"])


def seeds() -> Iterator[tuple[str, File]]:
    """Yield the target and the file of each seed, as it is before anything of it is changed."""
    yield "ledger", ("one.jsonl", canonical_json(_EVENT.to_json()).encode() + b"\n")
    yield "suggestions", ("suggestions.jsonl", canonical_json(_SUGGESTION).encode() + b"\n")
    yield "export", ("export.json", json.dumps([TASK, TASK]).encode())
    yield "answer", ("task.json", json.dumps(TASK).encode())
    yield "config", ("pyproject.toml", PYPROJECT.encode())
    yield "sources", ("sources.toml", SOURCES.encode())
    yield "migrations", ("1.yaml", MIGRATION)
    for name in ("tags.yaml", "entities.yaml"):
        yield "vocabulary", (name, _template(f"schema/{name}"))
    for name, value in REGISTRIES.items():
        lines = value if isinstance(value, list) else [value]
        yield "registry", (name, b"".join(canonical_json(line).encode() + b"\n" for line in lines))


def registry(chance: Random) -> File:
    """Return a registry of ids, a profile or a manifest."""
    name = chance.choice(sorted(REGISTRIES))
    if name == "identity.jsonl":
        return name, _lines(chance, REGISTRIES[name])
    return name, json.dumps(mutate_json(chance, REGISTRIES[name])).encode()


def read_registry(path: Path) -> None:
    """Read a registry of ids, a profile or a manifest."""
    if path.name == "identity.jsonl":
        Identity.load(path)
    elif path.name == "s.json":
        Profile.load(path.parent, "s")
    elif manifest := Manifest.load(path.parent):
        manifest.issues(path.parent)


# For each target what makes a file, and what reads it: GalleyError is a refusal.
OTHERS: dict[str, tuple[Callable[[Random], File], Callable[[Path], Any]]] = {
    "ledger": (ledger, read_ledger),
    "suggestions": (suggestions, read_suggested),
    "export": (export, adopt),
    "answer": (answer, read_answer),
    "config": (config, lambda path: load_config(path, environ={})),
    "sources": (sources, read_sources),
    "vocabulary": (vocabulary, read_vocabulary),
    "migrations": (migrations, read_migrations),
    "registry": (registry, read_registry),
}
