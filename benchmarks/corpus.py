"""Make a corpus to measure with: any size, the same bytes for the same options.

    python -m benchmarks.corpus DIR --size 200MB

Writes raw files to DIR/raw and what must come of them to DIR/corpus.json. Every file is a
function of the options and its number, so processes share the work and none holds more than
one file.
"""

import argparse
import json
import os
import random
import re
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cached_property, partial
from pathlib import Path

from benchmarks import pages
from benchmarks.article import Article, retell, write
from benchmarks.tongue import Tongue, codes, tongue

_ARTICLE = 5720  # bytes of an article on a listing page, in the mean
_PAGE = 5100  # bytes of a single page
_FILE = 100_000  # bytes of a listing page, where nobody says how many files
_FOLDER = 1000  # files in a folder
_UNITS = {"": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9}


@dataclass(frozen=True)
class Plan:
    """A corpus before it is written.

    Attributes:
        size: Bytes, about.
        layout: `listing`, or `mixed`: as many single pages as listing pages.
        seed: Another one gives another corpus.
        files: Listing pages; 0 for pages of 100 KB.
        near: Share of the articles, 0 to 1, that are near-duplicates of an earlier one.
        exact: Share that stand on an earlier page word for word.
        broken: Share of the files, besides, that cannot be read; any share means at least three.
    """

    size: int
    layout: str = "listing"
    seed: str = "0"
    files: int = 0
    near: float = 0.05
    exact: float = 0.03
    broken: float = 0.002

    @cached_property
    def per_listing(self) -> int:
        """How many articles a listing page has."""
        asked = self.size / self.files - self._single if self.files else _FILE
        return max(1, round(asked / _ARTICLE))

    @cached_property
    def listings(self) -> int:
        """How many listing pages there are."""
        return self.files or max(1, round(self.size / (self.per_listing * _ARTICLE + self._single)))

    @property
    def singles(self) -> int:
        """How many single pages there are."""
        return self.listings if self.layout == "mixed" else 0

    @property
    def _single(self) -> int:
        return _PAGE if self.layout == "mixed" else 0

    @cached_property
    def unreadable(self) -> int:
        """How many files cannot be read."""
        return max(3, round((self.listings + self.singles) * self.broken)) if self.broken else 0

    def kind(self, number: int) -> str:
        """Return whether an article is `original`, `near` or `exact`.

        Those on the first page of each language are all originals.
        """
        if number < len(codes()) * self.per_listing:
            return "original"
        for kind, share in (("near", self.near), ("exact", self.exact)):
            phase = 0.0 if kind == "near" else 0.5
            if int((number + 1) * share + phase) > int(number * share + phase):
                return kind
        return "original"

    def facts(self) -> dict[str, int]:
        """Return what a build must find."""
        kinds = [self.kind(number) for number in range(self.listings * self.per_listing)]
        originals = kinds.count("original") + self.singles
        return {
            "files": self.listings + self.singles + self.unreadable,
            "articles": len(kinds) + self.singles,
            "records": originals + kinds.count("near"),
            "clusters": originals,
            "quarantined": self.unreadable,
        }

    def article(self, number: int) -> Article:
        """Return the article `number` of the listing pages."""
        language = self.tongue(number // self.per_listing)
        kind = self.kind(number)
        if kind == "original":
            return write(language, f"{self.seed} {number}")
        original = write(language, f"{self.seed} {self._earlier(number)}")
        return original if kind == "exact" else retell(original, f"{self.seed} near {number}")

    def tongue(self, index: int) -> Tongue:
        """Return the language of a page: all take turns."""
        return tongue(codes()[index % len(codes())])

    def _earlier(self, number: int) -> int:
        """Return an original on an earlier page of the same language."""
        rng = random.Random(f"{self.seed} of {number}")
        index = number // self.per_listing
        while True:
            page = rng.randrange(index % len(codes()), index, len(codes()))
            other = page * self.per_listing + rng.randrange(self.per_listing)
            if self.kind(other) == "original":
                return other


def render(plan: Plan, index: int) -> tuple[str, bytes]:
    """Return the name and the bytes of a file: listing pages, single pages, broken files."""
    if index < plan.listings:
        first = index * plan.per_listing
        articles = [plan.article(first + place) for place in range(plan.per_listing)]
        text = pages.listing(plan.tongue(index).names[index % 80], articles)
        return _name("listing", index), text.encode("utf-8")
    index -= plan.listings
    if index < plan.singles:
        article = write(plan.tongue(index), f"{plan.seed} page {index}")
        other = write(plan.tongue(index), f"{plan.seed} other {index % 50}").title
        return _name("page", index), pages.page(article, other).encode("utf-8")
    index -= plan.singles
    return _name("broken", index), pages.broken(index, plan.article(index).body())


def _name(kind: str, index: int) -> str:
    return f"{kind}/{index // _FOLDER:04}/{index:07}.txt"


def generate(plan: Plan, folder: Path, *, workers: int = 0) -> dict[str, int]:
    """Write the corpus into `folder`, and return what a build must find in it.

    Args:
        plan: What to write.
        folder: Gets `raw/` and, when all is written, `corpus.json`.
        workers: Processes; 0 for one per core.
    """
    known = {"plan": asdict(plan)}
    note = folder / "corpus.json"
    if note.exists() and (old := json.loads(note.read_text())).get("plan") == known["plan"]:
        return dict(old["facts"])
    total = plan.listings + plan.singles + plan.unreadable
    batches = [range(start, min(start + 200, total)) for start in range(0, total, 200)]
    workers = workers or os.cpu_count() or 1
    for kind in ("listing", "page", "broken"):
        for part in range(0, total, _FOLDER):
            (folder / "raw" / _name(kind, part)).parent.mkdir(parents=True, exist_ok=True)
    for code in codes():  # made once: workers that are forked have them
        tongue(code)
    work = partial(_write, plan, folder / "raw")
    with ProcessPoolExecutor(min(workers, len(batches))) as pool:
        size = sum(pool.map(work, batches))
    facts = {**plan.facts(), "bytes": size}
    note.write_text(json.dumps({**known, "facts": facts}, indent=1) + "\n")
    return facts


def _write(plan: Plan, folder: Path, batch: range) -> int:
    size = 0
    for index in batch:
        name, data = render(plan, index)
        size += (folder / name).write_bytes(data)
    return size


def parse_size(text: str) -> int:
    """Return a number of bytes.

    Example:
        >>> parse_size("1.5GB")
        1500000000
    """
    match = re.fullmatch(r"([\d.]+)\s*([KMG]B|)", text.strip(), re.IGNORECASE)
    if not match:
        raise ValueError(f"{text!r} is no size: write 200MB or 1GB")
    return int(float(match[1]) * _UNITS[match[2].upper()])


def _options() -> Iterator[tuple[str, dict[str, object]]]:
    yield "--size", {"type": parse_size, "default": 200 * 10**6, "help": "200MB, 1GB, …"}
    yield "--layout", {"choices": ["listing", "mixed"], "default": "listing"}
    yield "--seed", {"default": "0"}
    yield "--files", {"type": int, "default": 0, "help": "listing pages; 0 for 100 KB each"}
    yield "--near", {"type": float, "default": Plan.near, "help": "share of near-duplicates"}
    yield "--exact", {"type": float, "default": Plan.exact, "help": "share of exact duplicates"}
    yield "--broken", {"type": float, "default": Plan.broken, "help": "share of broken files"}


def main() -> None:
    """Write a corpus and print what a build must find in it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corpus", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--workers", type=int, default=0, help="processes; 0 for one per core")
    for name, settings in _options():
        parser.add_argument(name, **settings)  # type: ignore[arg-type]
    asked = vars(parser.parse_args())
    folder, workers = asked.pop("folder"), asked.pop("workers")
    begun = time.monotonic()
    facts = generate(Plan(**asked), folder, workers=workers)
    print(json.dumps(facts), f"{facts['bytes'] / 1e6 / (time.monotonic() - begun):.0f} MB/s")


if __name__ == "__main__":
    main()
