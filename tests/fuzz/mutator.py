"""Inputs that nobody wrote: seeds, changed by bytes, by words of their format and by structure.

Input `number` of a target is the same on every machine.
"""

import gzip
import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

_MOST = 8_000  # bytes: what an input grows to
_TIMES = (1, 1, 1, 2, 2, 3, 4, 6, 9)  # changes of an input
_LENGTHS = (1, 1, 2, 4, 8, 16, 32, 64, 160, 400)  # bytes of a change
# What programs stumble over, whatever the format.
WORDS = (
    *(b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\x1b[2J", b"\x1b$B", b"\r", b"\n", b"\r\n"),
    *("\u202e", "\u2028", "\x85", "\ufeff", "😀", "e\u0301", "﷽", "\U0010ffff", "\ufffe"),
    *("-1", "0", "1e309", "NaN", "Infinity", "99999999999999999999", "true", "null", "[]", "{}"),
    *("'", '"', "<", ">", "&", "\\", "%s", "%n", "{{x}}", "${x}", "../../etc/passwd", "javascript:alert(1)"),
    *("=1+1", "@x", "9999-99-99", "0001-01-01T00:00:00+23:59", "http://[", "a" * 300, "\t" * 40),
)  # fmt: skip
# Values of JSON that are where another is expected.
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**63, 2**64, -(2**63), 10**400, 0.5, 1e308, -0.0),
    *(float("nan"), float("inf"), "", " ", "x", "\0", "\ud800", "\udfff\ud800", "\u202eabc\u202c"),
    *("2024-05-03", "9999-12-31T23:59:59.999999Z", "0001-01-01T00:00:00+14:00", "😀" * 20, "=1+1"),
    *([], {}, [[]], [None], [{}], {"": None}, {"id": []}, [1, "x", {"a": []}], [["x"]], {"$ref": "#"}),
)  # fmt: skip


def draw(target: str, number: int) -> Random:
    """Return the chance that input `number` of a target is made of."""
    return Random(f"{target}/{number}")


def mutate(chance: Random, seeds: Sequence[bytes], words: Sequence[bytes] = ()) -> bytes:
    """Return one of `seeds`, changed one to some times."""
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.choice(_TIMES)):
        chance.choice(_CHANGES)(chance, data, seeds, [*words] * 3 + [*map(_bytes, WORDS)])
    return bytes(data[:_MOST])


def mutate_json(chance: Random, document: Any) -> Any:
    """Return a JSON document with some of its values, names and places changed."""
    document = json.loads(json.dumps(document))
    for _ in range(chance.choice(_TIMES)):
        document = _change(chance, document)
    return document


def packed(chance: Random, data: bytes, pack: Callable[[bytes], bytes]) -> bytes:
    """Return `data` packed, sometimes twice, and sometimes damaged afterwards."""
    data = pack(data)
    if chance.random() < 0.1:
        data = pack(data) if chance.random() < 0.5 else gzip.compress(data)
    return mutate(chance, [data]) if chance.random() < 0.6 else data


def _bytes(word: str | bytes) -> bytes:
    return word if isinstance(word, bytes) else word.encode()


def _place(chance: Random, data: bytearray) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + chance.choice(_LENGTHS))


def _flip(chance: Random, data: bytearray, seeds: Any, words: Any) -> None:
    for _ in range(chance.randrange(1, 4) if data else 0):
        data[chance.randrange(len(data))] = chance.randrange(256)


def _cut(chance: Random, data: bytearray, seeds: Any, words: Any) -> None:
    start, end = _place(chance, data)
    del data[start:end]


def _truncate(chance: Random, data: bytearray, seeds: Any, words: Any) -> None:
    if chance.random() < 0.5:
        del data[chance.randrange(len(data) + 1) :]
    else:
        del data[: chance.randrange(len(data) + 1)]


def _insert(chance: Random, data: bytearray, seeds: Any, words: Sequence[bytes]) -> None:
    place, _ = _place(chance, data)
    data[place:place] = chance.choice(words)


def _replace(chance: Random, data: bytearray, seeds: Any, words: Sequence[bytes]) -> None:
    start, end = _place(chance, data)
    data[start:end] = chance.choice(words)


def _repeat(chance: Random, data: bytearray, seeds: Any, words: Any) -> None:
    start, end = _place(chance, data)
    data[end:end] = data[start:end] * chance.choice((1, 2, 3, 50))


def _splice(chance: Random, data: bytearray, seeds: Sequence[bytes], words: Any) -> None:
    other = chance.choice(seeds)
    start, end = _place(chance, bytearray(other))
    place, _ = _place(chance, data)
    data[place:place] = other[start : max(end, start + chance.randrange(len(other) + 1))]


def _swap(chance: Random, data: bytearray, seeds: Any, words: Any) -> None:
    lines = data.split(b"\n")
    one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[two] = lines[two], lines[one]
    data[:] = b"\n".join(lines)


_CHANGES = (_flip, _cut, _truncate, _insert, _insert, _replace, _replace, _repeat, _splice, _swap)


def _change(chance: Random, value: Any) -> Any:
    """Return `value` with one thing changed in it, somewhere."""
    inside = chance.random() < 0.9
    if isinstance(value, dict) and value and inside:
        return _change_object(chance, value)
    if isinstance(value, list) and value and inside:
        return _change_list(chance, value)
    if type(value) is int and chance.random() < 0.4:
        return value + chance.choice((-1, 1, 7, 1000, -1000))
    return chance.choice(VALUES)


def _change_object(chance: Random, value: dict[str, Any]) -> dict[str, Any]:
    name, done = chance.choice(sorted(value)), chance.random()
    if done < 0.08:
        return {key: item for key, item in value.items() if key != name}
    if done < 0.12:
        return value | {chance.choice(("", "id", "\ud800", "type", "x" * 99)): value[name]}
    return value | {name: _change(chance, value[name])}


def _change_list(chance: Random, value: list[Any]) -> list[Any]:
    at, done = chance.randrange(len(value)), chance.random()
    if done < 0.1:
        return value[:at] + value[at + 1 :]
    if done < 0.25:
        return value[: at + 1] + value[at:]
    return [*value[:at], _change(chance, value[at]), *value[at + 1 :]]
