"""Near-duplicates alone: shingles of three words, 128 hashes, Jaccard 0.7.

    python -m benchmarks.rivals.near LIBRARY RECORDS

Reads the texts of Parquet files and prints how many clusters there are. Sketches of libraries
that use one core are made in four processes.
"""

import re
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

_WORKERS = 4
_HASHES, _BANDS, _ROWS = 128, 32, 4  # as Galley has them: what finds the same pairs
_SHINGLE, _THRESHOLD = 3, 0.7
_WORD = re.compile(r"\w+")
_BATCH = 2000


def texts(folder: str) -> list[str]:
    """Return the texts of all records."""
    return [
        text
        for path in sorted(Path(folder).glob("*.parquet"))
        for text in pq.read_table(path, columns=["text"])["text"].to_pylist()
    ]


def shingles(text: str) -> list[str]:
    """Return the shingles of a text, each once."""
    words = _WORD.findall(text.casefold())
    return list({" ".join(words[i : i + _SHINGLE]) for i in range(len(words) - _SHINGLE + 1)})


def gaoya(corpus: list[str]) -> Iterable[list[int]]:
    """Yield for each text those that are like it; gaoya has threads of its own."""
    from gaoya.minhash import MinHashStringIndex  # noqa: PLC0415 - one library in a run

    index = MinHashStringIndex(
        hash_size=32,
        jaccard_threshold=_THRESHOLD,
        num_bands=_BANDS,
        band_size=_ROWS,
        analyzer="word",
        lowercase=True,
        ngram_range=(_SHINGLE, _SHINGLE),
        id_container="smallvec",
    )
    index.par_bulk_insert_docs(list(range(len(corpus))), corpus)
    return index.par_bulk_query(corpus)


def datasketch(corpus: list[str]) -> Iterable[list[int]]:
    """Yield for each text those that are like it."""
    from datasketch import MinHashLSH  # noqa: PLC0415 - one library in a run

    index = MinHashLSH(num_perm=_HASHES, params=(_BANDS, _ROWS))
    sketches = list(_in_processes(_datasketch, corpus))
    with index.insertion_session() as session:
        for number, sketch in enumerate(sketches):
            session.insert(number, sketch, check_duplication=False)
    return _alike(index, sketches)


def _datasketch(batch: list[str]) -> list[Any]:
    import xxhash  # noqa: PLC0415 - comes with `datasets`
    from datasketch import MinHash  # noqa: PLC0415 - as above

    words = [[shingle.encode() for shingle in shingles(text)] for text in batch]
    # A quicker hash than its default.
    return MinHash.bulk(words, num_perm=_HASHES, hashfunc=xxhash.xxh32_intdigest)


def rensa(corpus: list[str]) -> Iterable[list[int]]:
    """Yield for each text those that are like it."""
    from rensa import RMinHashLSH  # noqa: PLC0415 - one library in a run

    index = RMinHashLSH(threshold=_THRESHOLD, num_perm=_HASHES, num_bands=_BANDS)
    sketches = list(_in_processes(_rensa, corpus))
    index.insert_many(sketches)
    return _alike(index, sketches)


def _rensa(batch: list[str]) -> list[Any]:
    from rensa import RMinHash  # noqa: PLC0415 - as above

    return RMinHash.from_token_sets([shingles(text) for text in batch], _HASHES, 1)


def _alike(index: Any, sketches: list[Any]) -> Iterable[list[int]]:
    """Yield for each text those that share a band with it and are like it indeed."""
    for sketch in sketches:
        found = index.query(sketch)
        yield [other for other in found if sketch.jaccard(sketches[other]) >= _THRESHOLD]


def _in_processes(work: Callable[[list[str]], list[Any]], corpus: list[str]) -> Iterable[Any]:
    batches = [corpus[start : start + _BATCH] for start in range(0, len(corpus), _BATCH)]
    with ProcessPoolExecutor(_WORKERS) as pool:
        for results in pool.map(work, batches):
            yield from results


def clusters(neighbours: Iterable[Iterable[int]]) -> int:
    """Return how many clusters texts form that are alike, directly or through others."""
    parents: list[int] = []
    for number, others in enumerate(neighbours):
        parents.append(number)
        for other in others:
            if other < number:
                parents[_root(parents, number)] = _root(parents, other)
    return sum(number == parent for number, parent in enumerate(parents))


def _root(parents: list[int], number: int) -> int:
    while parents[number] != number:
        number = parents[number]
    return number


if __name__ == "__main__":
    library, folder = sys.argv[1:]
    print(
        clusters({"gaoya": gaoya, "datasketch": datasketch, "rensa": rensa}[library](texts(folder)))
    )
