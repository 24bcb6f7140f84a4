"""What the second version of a large release sends: the real client, into the hub's own store."""

import json
import multiprocessing
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from galley.config import Config, ReleaseConfig
from galley.record import Record
from tests.e2e.publish.conftest import NAME, Client
from tests.factory import make_corrected, make_id
from tests.hub.server import Hub, run_hub
from tests.unit.releases.conftest import Workshop

RECORDS = 200_000
_WORDS = 700  # an article of 3 KB; those of newspapers are rather longer
_CONFIG = Config(name="large", release=ReleaseConfig(license="CC0-1.0"))
# All files, and those of them that are sent as they are.
_UPLOAD = """
import json, sys
from pathlib import Path
from galley.releases.contents import read_folder
from galley.releases.hub import HubRepo
repo, files = HubRepo(sys.argv[1]), read_folder(Path(sys.argv[2]))
repo.create()
repo.upload(files, deleted=[], parent=repo.refs().head, title="a release")
sizes = {name: file.path.stat().st_size for name, file in files.items()}
whole = sum(size for name, size in sizes.items() if not name.endswith((".parquet", ".zst")))
print(json.dumps([sum(sizes.values()), whole]))
"""


def make_words() -> tuple[list[str], "np.ndarray"]:
    """Return 20,000 invented words and how often each is used: as in a language, few are often."""
    dice = np.random.default_rng(1)
    syllables = [a + b for a in "bcdfghjklmnprstvwz" for b in "aeiou"]
    words = ["".join(dice.choice(syllables, dice.integers(1, 5))) for _ in range(20_000)]
    shares = np.cumsum(1 / np.arange(1, len(words) + 1))
    return words, shares / shares[-1]


def make_records(corrected: frozenset[int], gone: int | None) -> Iterator[Record]:
    """Yield the records by id; those of `corrected` with another label and one tag more."""
    words, shares = make_words()
    for number in sorted(range(RECORDS), key=make_id):
        if number == gone:
            continue
        drawn = np.searchsorted(shares, np.random.default_rng(number).random(_WORDS))
        text = " ".join(["Marlow Sound, Ada Quill:", *(words[index] for index in drawn)])
        record = make_corrected(number, text=text)
        if number in corrected:
            record["tags"].append("water")
            record["entities"][0]["label"] = "LOC"
        yield record


def cut(folder: Path, corrected: frozenset[int], gone: int | None) -> None:
    """Cut a release; in a process of its own, for its memory to be measured."""
    Workshop(folder).cut(make_records(corrected, gone), config=_CONFIG)


def stored(hub: Hub) -> int:
    """Return the bytes that the hub's chunk store holds, its own index aside."""
    found = (hub.state.folder / "xet" / "store").rglob("xorbs/*/*")
    return sum(path.stat().st_size for path in found if path.is_file())


@pytest.mark.torture
def test_little_of_a_second_version_is_sent(
    tmp_path: Path, warm: str, record_property: Callable[[str, object], None]
) -> None:
    """After 1% of the labels were corrected, and after one record went: under a tenth each."""
    dice = np.random.default_rng(7)
    some = frozenset(dice.choice(RECORDS, RECORDS // 100, replace=False).tolist())
    cases = {"first": (frozenset[int](), None), "labels": (some, None), "gone": (some, 70_001)}
    shares = {}
    with run_hub(tmp_path / "hub") as hub:
        client = Client(hub, tmp_path, tmp_path / "home", {"HF_HUB_DISABLE_XET": "0"}, warm)
        for name, (corrected, gone) in cases.items():
            begun = time.monotonic()
            words = (tmp_path / "releases", corrected, gone)
            process = multiprocessing.get_context("fork").Process(target=cut, args=words)
            process.start()
            process.join()
            assert process.exitcode == 0
            took = time.monotonic() - begun
            memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
            newest = max((tmp_path / "releases").glob("*.*.*"))
            before = stored(hub)
            total, whole = client.python(_UPLOAD, NAME, str(newest))
            shares[name] = (stored(hub) - before + whole) / total
            figures = {"seconds": round(took), "MB": memory, "bytes": total, "share": shares[name]}
            record_property(name, json.dumps(figures))
    assert shares["first"] > 0.9
    assert shares["labels"] < 0.1
    assert shares["gone"] < 0.1
