"""Whatever name somebody got wrong, the nearest one is said."""

from pathlib import Path

import pytest

from galley.annotations.selection import parse_query
from galley.errors import GalleyError
from galley.nearest import find_near_path, find_nearest, suggest
from galley.schema.migration import load_migrations
from galley.settings import load_config
from galley.workspace.base import check_names
from tests.factory import make_record


@pytest.mark.parametrize(
    ("word", "meant"),
    [("lisence", "license"), ("LABEL", "labels"), ("sead", "seed"), ("zzz", None), ("", None)],
)
def test_the_nearest(word: str, meant: str | None) -> None:
    """Letters left out, turned round or in another case; nothing where nothing is like it."""
    assert find_nearest(word, ["license", "labels", "seed", "splits"]) == meant


def test_what_there_is_where_nothing_is_near() -> None:
    """Some names, and how many more."""
    assert suggest("x", [f"name{n:02}" for n in range(14)]).endswith("name11 and 2 more")
    assert suggest("x", []) == "there is none"


def test_a_file_beside(tmp_path: Path) -> None:
    """In the folder named; none where that is none."""
    (tmp_path / "notes.txt").touch()
    assert find_near_path(tmp_path / "note.txt") == tmp_path / "notes.txt"
    assert find_near_path(tmp_path / "nowhere" / "note.txt") is None


def test_everywhere(tmp_path: Path) -> None:
    """A query's field, a setting, a choice, a migration's key, a tag in the settings."""
    path = tmp_path / "pyproject.toml"

    def config(text: str) -> None:
        path.write_text(text, encoding="utf-8")
        load_config(path, {})

    def migration() -> None:
        (tmp_path / "2.yaml").write_text('from: "1"\nto: "2"\ntgas: []\n', encoding="utf-8")
        load_migrations(tmp_path, version="2", tags=[], labels=[])

    slips = {
        "language": lambda: parse_query("langauge=en")(make_record(0)),
        "license": lambda: config("[tool.galley.release]\nlisence = 1"),
        "gazetteer": lambda: config('[tool.galley.suggest]\nsuggesters = ["gazeteer"]'),
        "publisher": lambda: config('[tool.galley.release]\nsplit_by = "publishers"'),
        "tags": migration,
        "water": lambda: check_names(["watr"], ["trade", "water"], "annotations.merge.tags"),
    }
    for meant, slip in slips.items():
        with pytest.raises(GalleyError) as caught:
            slip()
        assert f"did you mean `{meant}`?" in caught.value.hint + caught.value.message
