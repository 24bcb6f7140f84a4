"""What a text must hold for a list of the lexicon to match it, found without trying the lists.

Most lines of a page match none of the lists, each of which is a pattern of hundreds of entries.
Every entry has some letters that any match of it has, its stem; one pass over a line finds the
stems of all lists, and so which of them, and which of their entries, are worth trying.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from galley.build.dump import lexicon
from galley.build.dump.lexicon import fold
from galley.build.kept import kept
from galley.hashing import canonical_json

_Owners = dict[str, list[int]]  # for each list, which of its entries
_KEPT = 1 << 11  # texts of which it is remembered what they hold
# What is no pattern, and what lines are never asked for.
UNASKED = frozenset(
    {
        "agency",
        "beside_title",
        "closing_stem",
        "connector",
        "help",
        "piece",
        "role",
        "role_stem",
        "signature",
        "thanks",
    }
)
# Lists of which an entry is never looked for within a word.
WORDS = frozenset({"about", "byline", "comments", "label", "related", "tag_page"})
_TOKEN = re.compile(
    r"[^\\.\[\](){}?*+|^$]+(?![?*+{])|\\.|\[\^?\]?(?:\\.|[^\]])*\]|\(\?(?::|<?[=!])|\{[\d,]+\}|.",
    re.DOTALL,
)
_OPTIONAL = re.compile(r"[?*]|\{0?,\d*\}|\{0\}")
_DIGIT = re.compile(r"\d")
_SIGN = 5  # letters that a sign is as rare as
_MOST = 32  # stems of an entry
_REPEATED = re.compile(r"[?*+]|\{[\d,]+\}")


@lru_cache(_KEPT)
def may_match(text: str) -> frozenset[str]:
    """Return the lists of the lexicon of which an entry may match in `text`, letter case aside.

    No other list has an entry that does, nor one that matches in a part of it.
    """
    stems = _stems()
    folded, words, always = _fold(text), stems.words, stems.holders[-1]
    found = [
        stems.holders[number]
        for number, start, end in stems.finder.find_matches_as_indexes(folded, overlapping=True)
        if number not in words or _is_word(folded, start, end)
    ]
    return always.union(*found) if found else always


def _is_word(text: str, start: int, end: int) -> bool:
    """Return whether no letter is beside a stretch of a text."""
    return not (text[end : end + 1].isalpha() or text[max(start - 1, 0) : start].isalpha())


def first_match(key: str, folded: str) -> re.Match[str] | None:
    """Return the first match of the list `key` in a folded text.

    Only the entries that may match are tried: one or two of a hundred, for most texts.
    """
    matches = [entry.search(folded) for entry in _entries(key, folded)]
    return min((match for match in matches if match), key=re.Match.start, default=None)


def begins(key: str, folded: str) -> bool:
    """Return whether a folded text begins with a match of the list `key`."""
    return any(entry.match(folded) for entry in _entries(key, folded))


def is_one(key: str, folded: str) -> bool:
    """Return whether a folded text is, as a whole, a match of the list `key`."""
    return any(entry.fullmatch(folded) for entry in _entries(key, folded))


def _entries(key: str, folded: str) -> Iterator[re.Pattern[str]]:
    """Yield those entries of a list, in its order, that may match in a folded text."""
    stems = _stems()
    found = stems.finder.find_matches_as_indexes(_DIGIT.sub("0", folded), overlapping=True)
    numbers = {-1, *(number for number, *_ in found)}
    entries = {entry for number in numbers for entry in stems.owners[number].get(key, ())}
    yield from (lexicon.folded_entry(key, entry) for entry in sorted(entries))


@dataclass(frozen=True, slots=True)
class _Stems:
    """All stems; the last of each list stands for what needs none.

    Attributes:
        finder: Finds them in a text, by their numbers.
        holders: The lists that have each stem.
        owners: For each list, those of its entries that have it.
        words: The stems that are whole entries, of lists that are asked for whole words.
    """

    finder: Any
    holders: list[frozenset[str]]
    owners: list[_Owners]
    words: frozenset[int]


@cache
def _stems() -> _Stems:
    from ahocorasick_rs import AhoCorasick, Implementation  # noqa: PLC0415 - only in builds

    sources = (Path(__file__), Path(lexicon.__file__), lexicon.FILE)
    owners, words = json.loads(kept("stems", sources, _compile))
    always = owners.pop("", {})
    finder = AhoCorasick(list(owners), implementation=Implementation.ContiguousNFA)
    found = [*owners.values(), always]
    numbers = dict(zip(owners, range(len(owners)), strict=True))
    return _Stems(
        finder, list(map(frozenset, found)), found, frozenset(numbers[stem] for stem in words)
    )


def _compile() -> bytes:
    """Return, as JSON, all stems, each with the lists, and their entries, that have it.

    Behind them stand those that are whole words.
    """
    owners: dict[str, dict[str, set[int]]] = {}
    parts: set[str] = set()
    for key in sorted(set(lexicon.lists()) - UNASKED):
        for number, entry in enumerate(lexicon.words(key)):
            for found, whole in _choices(_TOKEN.findall(entry)):
                stems = set(map(_fold, found))
                parts |= set() if whole and key in WORDS else stems
                for stem in stems:
                    owners.setdefault(stem, {}).setdefault(key, set()).add(number)
    held = {stem: {key: sorted(own) for key, own in keys.items()} for stem, keys in owners.items()}
    return canonical_json([held, sorted(held.keys() - parts)]).encode("utf-8")


def _fold(text: str) -> str:
    """Return `text` in lower case, with one digit for all."""
    return _DIGIT.sub("0", fold(text))


def stems_of(entry: str) -> set[str]:
    """Return texts of which any match of a regular expression holds one, maybe the empty one.

    A digit stands for any digit.

    Example:
        >>> sorted(stems_of("(?:read|view) (?:the )?(?:full )?(?:story|article)"))
        ['article', 'story']
    """
    return set().union(*(stems for stems, _ in _choices(_TOKEN.findall(entry))))


def _choices(tokens: Sequence[str]) -> Iterator[tuple[set[str], bool]]:
    """Yield the stems of each alternative of an entry, and whether they are all of it."""
    grouped = tokens[0] == "(?:" and _alternatives(tokens, 1)[2] == len(tokens)
    place = 1 if grouped else 0
    while place < len(tokens):
        stems, whole, place = _sequence(tokens, place)
        yield stems, whole
        place += 1


def _alternatives(tokens: Sequence[str], place: int) -> tuple[set[str], bool, int]:
    """Return the stems of what stands from `place` to the end of a group, and where that is.

    Between them stands whether they are all that may stand there.
    """
    found: set[str] = set()
    exact = True
    while True:
        stems, whole, place = _sequence(tokens, place)
        found |= stems
        exact = exact and whole
        if place == len(tokens) or tokens[place] == ")":
            return found, exact, place + 1
        place += 1


def _sequence(tokens: Sequence[str], place: int) -> tuple[set[str], bool, int]:
    """Return the stems of one alternative: of its parts those that are found least."""
    parts: list[set[str]] = []
    run = {""}  # what may stand so far, since the last place where anything may
    while place < len(tokens) and tokens[place] not in "|)":
        token, place = tokens[place], place + 1
        if not token.startswith("(?"):
            stems, whole = _literals(token)
        else:
            stems, whole, place = _alternatives(tokens, place)
            stems, whole = (stems, whole) if token.endswith(":") else ({""}, True)
        first = place
        optional = place < len(tokens) and _OPTIONAL.fullmatch(tokens[place])
        while place < len(tokens) and _REPEATED.fullmatch(tokens[place]):
            place += 1
        if whole and not optional and len(run) * len(stems) <= _MOST:
            run = {begun + stem for begun in run for stem in stems}
        else:
            parts += [run] if optional else [run, stems]
            run = stems if whole and not optional else {""}
        if place > first or optional or not whole:  # what follows may not follow at once
            parts.append(run)
            run = {""}
    exact = not parts
    parts.append(run)
    if exact:  # there is one
        return run, exact, place
    return max(parts, key=lambda stems: (min(map(_rarity, stems)), -len(stems))), exact, place


@cache
def _rarity(stem: str) -> int:
    """Return how seldom lines hold a stem: the longer the less, and signs hardly ever."""
    return sum(_SIGN if not char.isalnum() else 1 for char in stem if char != " ")


def _literals(token: str) -> tuple[set[str], bool]:
    """Return the texts of which a token stands for one, and whether for nothing else."""
    if token.startswith("["):
        some = re.search(r"[\\^-]", token) is None
        return (set(token[1:-1]) if some else {""}), some
    if token.startswith("\\") and token[1].isalnum():
        return {"0" if token[1] == "d" else ""}, token[1] in "dbB"
    if token in {".", "^", "$"}:
        return {""}, token in {"^", "$"}
    return {token.removeprefix("\\")}, True
