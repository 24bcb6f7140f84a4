"""Fuzz a reader of raw files guided by what its input reaches: `make fuzz READERS=html`.

Needs atheris, on Linux. What fails is written to `.fuzz/crash-…`; move it to
`tests/examples/hostile` once it is mended.
"""

import logging
import sys
import warnings
from collections.abc import Sequence
from random import Random

import atheris

with atheris.instrument_imports(include=["galley.build", "galley.record"]):
    from tests.fuzz.mutator import mutate
    from tests.fuzz.readers import READERS, check

_NAMES = {
    "dump": ("page.txt", "text"),
    "html": ("page.html", "html"),
    "feed": ("a.xml", "feed"),
    "warc": ("a.warc", "warc"),
    "jsonl": ("a.jsonl", "jsonl"),
    "csv": ("a.csv", "csv"),
    "parquet": ("a.parquet", "parquet"),
}


def main(target: str, options: Sequence[str]) -> None:
    """Fuzz `target` until `options` of libFuzzer say that it is enough."""
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    name, form = _NAMES[target]
    seeds = [READERS[target](Random(number))[1] for number in range(50)]

    def vary(data: bytes, most: int, seed: int) -> bytes:
        return mutate(Random(seed), [data, *seeds[:5]])[:most]

    def one(data: bytes) -> None:
        check(name, data, format=form)

    atheris.Setup([sys.argv[0], *options], one, custom_mutator=vary)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
