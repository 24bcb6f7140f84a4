"""The words that sites print around articles, as compiled patterns."""

import json
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from galley.build.kept import kept
from galley.hashing import canonical_json

FILE = Path(__file__).with_name("lexicon.toml")

# A capitalised word, or initials, with hyphens and apostrophes inside: "Jean-Luc", "O’Neill".
WORD = r"[^\W\d_](?:[\w’'-]|\.(?=[^\W\d_]))*\.?"
_PARTICLE = r"(?:de|del|della|di|do|dos|du|des|la|le|van|von|der|den|ter|ten|zu|al|el|bin|ben|y|e)"
_UPPER = r"(?=[^\W\d_a-zß-öø-ÿ])"
NAME = rf"{_UPPER}{WORD}(?:[ \xa0](?:{_PARTICLE}[ \xa0])*{_UPPER}{WORD}){{1,3}}"
_JOIN = r"(?:,[ \xa0]|,?[ \xa0](?:and|et|und|e|ed|y|en|i|och|og|&)[ \xa0])"
NAMES = rf"{NAME}(?:{_JOIN}{NAME})*"

# "is", "est", "ist", where a name ends.
COPULA = re.compile(r",?[ \xa0](?:is|was|are|est|ist|war|è|es|fue|é)[ \xa0]")
_ESCAPED = re.compile(r"(\\.)|[^\\]+", re.DOTALL)
_ALIKE = str.maketrans("ıſµςϐϵθϑϰϖϱϕẛ", "isμσβεθθκπρφṡ")
_UNLIKE = "ıſµςϐϵθϑϰϖϱϕẛ"  # looked for one by one, which is faster than as a pattern


@cache
def _lists() -> dict[str, list[str]]:
    lists: dict[str, list[str]] = json.loads(kept("lexicon", (FILE, Path(__file__)), _compile))
    return lists


def _compile() -> bytes:
    """Return all lists as JSON, which is read ten times as fast as TOML."""
    text = FILE.read_text(encoding="utf-8")
    text = text.replace("ș", "[șş]").replace("ț", "[țţ]")  # Romanian is written in both ways
    return canonical_json(tomllib.loads(text)).encode("utf-8")


@cache
def pattern(key: str) -> re.Pattern[str]:
    """Return a pattern that matches any entry of the list `key`, letter case aside."""
    return re.compile(_any_of(key), re.IGNORECASE)


def _any_of(key: str) -> str:
    return "|".join(f"(?:{entry})" for entry in _lists()[key])


def fold(text: str) -> str:
    """Return `text` in lower case, as `folded` wants it; no letter moves.

    Letters that a pattern takes for each other, letter case aside, become one of them.

    Example:
        >>> fold("ΤΕΛΟΣ İstanbul")
        'τελοσ istanbul'
    """
    if text.isascii():
        return text.lower()
    text = text.replace("İ", "i").lower()
    return text.translate(_ALIKE) if any(map(text.__contains__, _UNLIKE)) else text


@cache
def folded(key: str) -> re.Pattern[str]:
    """Return what `pattern` returns, for texts that are folded: it is found much faster."""
    return _folded(_any_of(key))


@cache
def folded_entry(key: str, number: int) -> re.Pattern[str]:
    """Return the same of one entry of a list alone."""
    return _folded(_lists()[key][number])


def _folded(pattern: str) -> re.Pattern[str]:
    return re.compile(_ESCAPED.sub(lambda match: match[1] or fold(match[0]), pattern))


@cache
def whole_words(key: str) -> re.Pattern[str]:
    """Return a pattern like `pattern`, whose matches are whole words."""
    return re.compile(rf"\b(?:{_any_of(key)})\b", re.IGNORECASE)


def words(key: str) -> list[str]:
    """Return the entries of the list `key`."""
    return _lists()[key]


def lists() -> list[str]:
    """Return the names of all lists."""
    return list(_lists())


@cache
def _helpers() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the pattern of names right after thanks, and of any name but a place's.

    A name after "from", "à", "aus" is where somebody was.
    """
    thanks = "|".join(_lists()["thanks"])
    place = r"(?<!\bfrom )(?<!\bin )(?<!\bà )(?<!\bau )(?<!\baus )(?<!\bin )(?<!\bdesde )(?<!\bda )"
    return re.compile(rf"(?i:(?:{thanks}))[ \xa0](?P<names>{NAMES})"), re.compile(place + NAMES)


def _is_dispatch(sentence: str) -> bool:
    """Return whether a sentence only says who helped from where: "Ann Lee helped from Oslo."."""
    place = r"(?:from|desde|depuis|de|aus|da|uit|från|fra|z) \w+(?: \w+)?"
    pattern = rf"{NAMES},? (?:\w+ ){{1,4}}{place}\.?"
    return len(sentence) < 120 and re.fullmatch(pattern, sentence) is not None


@cache
def _stems() -> tuple[Any, int]:
    """Return what finds the stems of words that close an article, and how many thank."""
    from ahocorasick_rs import AhoCorasick, Implementation  # noqa: PLC0415 - only in builds

    thanks, roles = _lists()["closing_stem"], _lists()["role_stem"]
    stems = [fold(stem) for stem in (*thanks, *roles)]
    return AhoCorasick(stems, implementation=Implementation.DFA), len(thanks)


def may_close(text: str) -> tuple[bool, bool]:
    """Return whether `text` may hold thanks for help, and whether a note about an author.

    If not, no sentence in it does; it is far sooner known than where its sentences are.
    """
    finder, thanks = _stems()
    found = [number for number, *_ in finder.find_matches_as_indexes(fold(text), overlapping=True)]
    helped, named = any(n < thanks for n in found), any(n >= thanks for n in found)
    return helped, named and COPULA.search(text) is not None


def find_contributors(sentence: str) -> list[str]:
    """Return the people whom a closing sentence thanks, in order; none if it is no such one."""
    thanked, anyone = _helpers()
    match = thanked.search(sentence)
    if match:
        found = [match["names"], *(name[0] for name in anyone.finditer(sentence, match.end()))]
    elif whole_words("help").search(sentence) and (
        whole_words("piece").search(sentence) or _is_dispatch(sentence)
    ):
        found = [name[0] for name in anyone.finditer(sentence)]
    else:
        return []
    names = [name for group in found for name in split_names(group)]
    return [name.rstrip(".") if len(name.rsplit(None, 1)[-1]) > 3 else name for name in names]


@cache
def connectors() -> frozenset[str]:
    """Return the words in lower case, and the signs, that may stand inside a credit."""
    return frozenset(_lists()["connector"])


@cache
def agencies() -> frozenset[tuple[str, ...]]:
    """Return the names of picture agencies, each as a tuple of its words."""
    return frozenset(tuple(name.split()) for name in _lists()["agency"])


def split_names(text: str) -> list[str]:
    """Return the names in `text`, in order.

    Example:
        >>> split_names("Ann Lee, Bo Ek and Cy Orr")
        ['Ann Lee', 'Bo Ek', 'Cy Orr']
    """
    return [name for name in re.split(_JOIN, text.strip()) if name]
