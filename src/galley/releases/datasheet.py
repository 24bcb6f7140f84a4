"""The datasheet's answers: none blank, none forgotten, none about data that have changed since.

Which questions there are is said by the datasheet that `galley init` lays out. What a person
answered once may stop being true when the data change. So for each question that rests on
facts, `DATASHEET.lock.json` keeps the hash of the answer and of those facts, as they were when
a release was cut with it: another publisher makes `Is anything in it confidential?` stale until
the answer is edited, or confirmed as it stands. Facts are the names that occur, not how often.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Any

from galley.errors import ReleaseError
from galley.files import write_json
from galley.hashing import sha256_json, sha256_text
from galley.releases.facts import Facts
from galley.schema.issue import Issue

# A question's answer and facts, as hashes: {"answer": …, "facts": {name: …}}, by number.
Lock = Mapping[str, Mapping[str, Any]]

_HEADING = re.compile(r"^### ([0-9]+\.[0-9]+) (.+)$", re.MULTILINE)
_END = re.compile(r"^#{1,2} ", re.MULTILINE)
_BLANK = re.compile(r"not answered yet", re.IGNORECASE)
_NO_REASON = re.compile(r"\W*(not applicable|n/a)\W*", re.IGNORECASE)
_DIGITS = 12
_CONTENT = ("publishers", "languages")
_READING = ("layouts", "extractors")
# The facts that a person has in mind when answering; each is a field of `Facts` that counts.
BASIS: Mapping[str, tuple[str, ...]] = {
    "2.1": _CONTENT,
    "2.3": ("publishers",),
    "2.5": ("labels",),
    "2.9": ("statuses", *_READING),
    **dict.fromkeys(("2.11", "2.12", "2.13", "2.14", "2.15"), _CONTENT),
    "3.1": ("statuses", *_READING),
    "3.2": ("statuses", "extractors"),
    **dict.fromkeys(("3.4", "3.7", "3.8", "3.9", "3.11"), ("publishers",)),
    "4.1": ("extractors",),
    "5.4": _CONTENT,
    **dict.fromkeys(("6.4", "6.5"), ("licenses", "publishers")),
}


@dataclass(frozen=True)
class Answer:
    """One question of the datasheet with what stands under it.

    Attributes:
        number: As `2.11`.
        question: Its words.
        text: The answer, with fields for what is measured; empty if there is none.
    """

    number: str
    question: str
    text: str

    @property
    def name(self) -> str:
        """What the question is called in messages."""
        return f"{self.number} {self.question}"


def read_answers(template: str) -> list[Answer]:
    """Return the questions of a datasheet in their order."""
    found = list(_HEADING.finditer(template))
    bounds = [*(match.start() for match in found), len(template)]
    answers = []
    for match, (_, end) in zip(found, pairwise(bounds), strict=True):
        text = template[match.end() : end]
        section = _END.search(text)
        answers.append(
            Answer(match[1], match[2].strip(), text[: section and section.start()].strip())
        )
    return answers


def answered(datasheet: str) -> list[Answer]:
    """Return the questions of a datasheet that have an answer, in their order."""
    waiting = {issue.path for issue in check_blank(datasheet)}
    return [a for a in read_answers(datasheet) if _issue(a, "", "", "").path not in waiting]


@cache
def questions() -> tuple[Answer, ...]:
    """Return the questions that a datasheet answers."""
    file = resources.files("galley.template").joinpath("DATASHEET.md")
    return tuple(read_answers(file.read_text(encoding="utf-8")))


def check_blank(template: str) -> Iterator[Issue]:
    """Yield which questions of the datasheet are not answered."""
    given = {answer.number: answer for answer in read_answers(template)}
    for question in questions():
        answer = given.get(question.number)
        if answer is None:
            yield _issue(question, "answer_missing", "the question and its answer", "not there")
        elif not answer.text or _BLANK.search(answer.text):
            yield _issue(answer, "answer_blank", "an answer", answer.text or "nothing")
        elif _NO_REASON.fullmatch(answer.text):
            yield _issue(answer, "answer_reason", "why it does not apply", answer.text)


def check_stale(template: str, facts: Facts, lock: Lock) -> Iterator[Issue]:
    """Yield which answers stand as they stood when they were about other data."""
    for answer in answered(template):
        before = lock.get(answer.number, {})
        if before.get("answer") != _hash_answer(answer):
            continue  # it is new: whoever wrote it had the present data to look at
        now, then = _hash_facts(answer, facts), before.get("facts", {})
        other = [name for name in now if now[name] != then.get(name)]
        if other:
            got = ", ".join(f"{name}: {', '.join(_names(facts, name)) or 'none'}" for name in other)
            yield _issue(answer, "answer_stale", "an answer to the present facts", got[:200])


def check_names(template: str, names: Mapping[str, Iterable[str]], lock: Lock) -> Iterator[str]:
    """Yield the numbers of answers that stand as they stood when other names occurred.

    Args:
        template: The datasheet.
        names: Of some facts, the names that occur now; what rests on other facts is not judged.
        lock: What the answers were based on.
    """
    now = {name: _hash_names(values) for name, values in names.items()}
    for answer in answered(template):
        before = lock.get(answer.number, {})
        if before.get("answer") == _hash_answer(answer):
            then = before.get("facts", {})
            if any(now[name] != then[name] for name in then if name in now):
                yield answer.number


def renew(template: str, facts: Facts, lock: Lock) -> dict[str, Any]:
    """Return the lock after a release: an answer that is new is about the present facts."""
    new = {}
    for answer in answered(template):
        entry = {"answer": _hash_answer(answer), "facts": _hash_facts(answer, facts)}
        before = lock.get(answer.number, {})
        if entry["facts"]:
            same = before.get("answer") == entry["answer"]
            new[answer.number] = dict(before) if same else entry
    return new


def confirm(template: str, facts: Facts, lock: Lock, numbers: Iterable[str]) -> dict[str, Any]:
    """Return the lock after a person said that some answers hold for the present facts.

    Raises:
        ReleaseError: One of `numbers` is no question that rests on facts.
    """
    wanted = set(numbers)
    if unknown := sorted(wanted - BASIS.keys()):
        raise ReleaseError(
            f"the question {unknown[0]} rests on no facts that could change",
            code="question_unknown",
            hint=f"those that do: {', '.join(BASIS)}",
        )
    fresh = renew(template, facts, {})
    return {**lock, **{number: fresh[number] for number in sorted(wanted & fresh.keys())}}


def read_lock(path: Path) -> dict[str, Any]:
    """Return the lock of a datasheet; without a file nothing is locked.

    Raises:
        ReleaseError: The file is damaged.
    """
    try:
        lock = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        if not all(isinstance(entry["facts"], dict) for entry in lock.values()):
            raise TypeError("an entry without facts")  # noqa: TRY301 - one message for all
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReleaseError(
            f"cannot read {path}: {error!r}",
            code="datasheet_lock",
            hint="the file is committed: restore it from git",
        ) from error
    found: dict[str, Any] = lock
    return found


def write_lock(path: Path, lock: Lock) -> None:
    """Write the lock, unless it stands so."""
    if read_lock(path) != lock:
        write_json(path, lock)


def _issue(answer: Answer, code: str, expected: str, got: str) -> Issue:
    return Issue(f"DATASHEET.md: {answer.name}", code, expected, got)


def _hash_answer(answer: Answer) -> str:
    return sha256_text(" ".join(answer.text.split()))[:_DIGITS]


def _hash_facts(answer: Answer, facts: Facts) -> dict[str, str]:
    names = BASIS.get(answer.number, ())
    return {name: _hash_names(_names(facts, name)) for name in sorted(names)}


def _hash_names(names: Iterable[str]) -> str:
    return sha256_json(sorted(names))[:_DIGITS]


def _names(facts: Facts, name: str) -> list[str]:
    return sorted(getattr(facts, name))
