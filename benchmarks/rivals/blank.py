"""spaCy's blank pipeline, trained on sentences with marked names.

Takes a file `{"train": […], "test": […]}` of `{"text", "entities"}`; prints what it finds in the
test sentences, and the seconds of training.
"""

import json
import random
import sys
import time
import warnings
from pathlib import Path

import spacy
from spacy.training import Example
from spacy.util import compounding, minibatch

_PASSES = 30
_IDLE = 5  # passes without a better result on the sentences held back, and it is over


def main() -> None:
    """Train, find, print."""
    warnings.simplefilter("ignore")
    data = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    begun = time.perf_counter()
    nlp = spacy.blank("xx")
    nlp.add_pipe("ner")
    spacy.util.fix_random_seed(0)
    examples = [
        Example.from_dict(
            nlp.make_doc(item["text"]),
            {"entities": [(e["start"], e["end"], e["label"]) for e in item["entities"]]},
        )
        for item in data["train"]
    ]
    held = examples[::10]
    train = [example for number, example in enumerate(examples) if number % 10]
    best = _train(nlp, train, held)
    nlp.from_bytes(best)
    seconds = time.perf_counter() - begun
    found = [
        [[span.start_char, span.end_char, span.label_] for span in nlp(item["text"]).ents]
        for item in data["test"]
    ]
    print(json.dumps({"seconds": seconds, "found": found}))


def _train(nlp: spacy.Language, train: list[Example], held: list[Example]) -> bytes:
    """Return the best state on what is held back."""
    rng = random.Random(0)
    optimizer = nlp.initialize(lambda: train)
    best, state, idle = -1.0, b"", 0
    for _ in range(_PASSES):
        rng.shuffle(train)
        for batch in minibatch(train, size=compounding(4.0, 32.0, 1.01)):
            nlp.update(batch, sgd=optimizer, drop=0.2)
        reached = nlp.evaluate([example.copy() for example in held])["ents_f"] or 0.0
        idle = 0 if reached > best or not reached else idle + 1
        if reached >= best:
            best, state = reached, nlp.to_bytes()
        if idle >= _IDLE:
            break
    return state


if __name__ == "__main__":
    main()
