"""What a folder and a tree on the Hub hold, and how a lost answer is met."""

import subprocess
from pathlib import Path

import pytest

from galley.config import NetworkConfig
from galley.errors import ReleaseError
from galley.hashing import sha256_bytes
from galley.releases.contents import HubFile, compare_tree, read_folder
from galley.releases.retry import LOST, persist
from galley.releases.verify_hub import HubRevision


def test_names_are_those_of_git(tmp_path: Path) -> None:
    """`git hash-object` gives the same."""
    path = tmp_path / "deep" / "file.txt"
    path.parent.mkdir()
    path.write_bytes(b"one\ntwo\r\n" * 1000)
    file = read_folder(tmp_path)["deep/file.txt"]
    command = ["git", "hash-object", "--no-filters", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert file.oid == done.stdout.strip()
    assert file.sha256 == sha256_bytes(path.read_bytes())


def test_every_difference_is_found(tmp_path: Path) -> None:
    """Missing, extra, other; in git and in LFS; the Hub's own file is no difference."""
    for name in ("git", "lfs", "missing"):
        (tmp_path / name).write_text(name)
    files = read_folder(tmp_path)
    tree = {
        ".gitattributes": HubFile("0" * 40, None, 1),
        "git": HubFile(files["git"].oid, None, 3),
        "lfs": HubFile("0" * 40, files["lfs"].sha256, 3),
        "missing": HubFile(files["missing"].oid, None, 7),
    }
    assert list(compare_tree(files, tree)) == []
    del tree["missing"]
    tree["git"] = HubFile("1" * 40, None, 3)
    tree["lfs"] = HubFile(files["lfs"].oid, "1" * 64, 3)
    tree["extra"] = HubFile("2" * 40, None, 3)
    found = [(issue.path, issue.code) for issue in compare_tree(files, tree)]
    assert found == [
        ("extra", "file_extra"),
        ("git", "tree_hash"),
        ("lfs", "tree_hash"),
        ("missing", "file_missing"),
    ]


@pytest.mark.parametrize(("code", "times"), [(LOST, 3), ("hub_denied", 1)])
def test_only_a_lost_answer_is_tried_again(code: str, times: int) -> None:
    """As often as there are waits."""
    runs = []

    def step() -> None:
        runs.append(1)
        raise ReleaseError("no", code=code)

    with pytest.raises(ReleaseError):
        persist(step, NetworkConfig(retries=2))
    assert len(runs) == times


def test_addresses() -> None:
    """With a revision, without one, and what is none."""
    assert HubRevision.parse("hf://datasets/a/b@v1.0.0") == HubRevision("a/b", "v1.0.0")
    assert HubRevision.parse("hf://datasets/a/b") == HubRevision("a/b", "main")
    for text in ("hf://a/b", "hf://datasets/a", "hf://datasets/a/b@", "hf://datasets/a/b/c.txt"):
        with pytest.raises(ReleaseError):
            HubRevision.parse(text)
