"""How well names are found after so many corrected sentences: the suggesters beside spaCy.

Prints one JSON line for each corpus and number of sentences. A quarter of a corpus is held back
for scoring; the words are learned from all of it, which nobody need have read for that.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.places import rival
from benchmarks.spans import corpora
from galley.annotations.suggesters import gazetteer, learned
from galley.annotations.suggesters.proposal import Lesson, Mark, Proposal
from galley.annotations.suggesters.scoring import Score, total
from galley.record import Record
from galley.schema.vocabulary import Label, Labels, Taxonomy

SIZES = (50, 100, 200, 500, 1000)
_NOTHING = Taxonomy("1", ())


def main() -> None:
    """Score each suggester on each corpus of the folder."""
    folder, beside = Path(sys.argv[1]), "--alone" not in sys.argv
    for name, records in corpora(folder).items():
        held, rest = records[: len(records) // 4], records[len(records) // 4 :]
        texts = tuple(record["text"] for record in records)
        for size in _sizes(len(rest)):
            found = _scores(rest[:size], held, texts)
            if beside:
                found["spacy"] = _beside(rest[:size], held)
            print(json.dumps({"corpus": name, "n": size, "scores": found}), flush=True)


def _sizes(most: int) -> list[int]:
    """Return the sizes that there are sentences for, and all where that is half of the next."""
    sizes = [size for size in SIZES if size <= most]
    last = min(most, SIZES[-1])
    return sizes if sizes and last < 2 * sizes[-1] else [*sizes, last]


def _scores(train: list[Record], held: list[Record], texts: tuple[str, ...]) -> dict[str, Any]:
    labels = sorted({entity["label"] for record in train for entity in record["entities"]})
    lesson = Lesson(train, _NOTHING, Labels("1", tuple(map(Label, labels))), texts)
    found = {}
    for name, teach in (("gazetteer", gazetteer.teach), ("learned", learned.teach)):
        begun = time.perf_counter()
        suggester = teach(lesson)
        seconds = time.perf_counter() - begun
        marks = [[mark[:3] for mark in suggester.propose(record).marks] for record in held]
        found[name] = {"f1": _f1(held, marks), "seconds": seconds}
    return found


def _beside(train: list[Record], held: list[Record]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.json"
        path.write_text(json.dumps({"train": train, "test": held}), encoding="utf-8")
        done = subprocess.run(
            rival("blank", path), check=True, capture_output=True, stdin=subprocess.DEVNULL
        )
    said = json.loads(done.stdout)
    return {"f1": _f1(held, said["found"]), "seconds": said["seconds"]}


def _f1(held: list[Record], found: Sequence[Sequence[Sequence[Any]]]) -> float:
    score = Score()
    for record, marks in zip(held, found, strict=True):
        score.add(record, Proposal(marks=[Mark(*mark, 1.0) for mark in marks]))
    return round(total(score.exact.values()).f1, 4)


if __name__ == "__main__":
    main()
