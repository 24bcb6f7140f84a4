"""Settings: where they come from, and what is refused."""

from pathlib import Path

import pytest

from galley.annotations.pseudonym import VARIABLE
from galley.errors import ConfigError
from galley.settings import OTHERS, load_config


def write(folder: Path, table: str) -> Path:
    """Write a pyproject.toml with `table` as its settings."""
    path = folder / "pyproject.toml"
    path.write_text(f"[tool.galley]\nname = 'test'\n{table}", encoding="utf-8")
    return path


def test_environment_stands_over_the_file(tmp_path: Path) -> None:
    """GALLEY_* before [tool.galley] before the default."""
    path = write(tmp_path, "[tool.galley.build]\nmax_quarantine = 0.5\nworkers = 2\n")
    config = load_config(path, {"GALLEY_BUILD_WORKERS": "3"})
    assert (config.build.workers, config.build.max_quarantine) == (3, 0.5)
    assert config.build.near_duplicate == load_config(None, {}).build.near_duplicate


def test_unknown_key_names_the_nearest(tmp_path: Path) -> None:
    """A misspelt setting is an error that names the right one."""
    path = write(tmp_path, "[tool.galley.build]\nmax_quarantin = 1\n")
    with pytest.raises(ConfigError) as caught:
        load_config(path, {})
    assert caught.value.code == "config_unknown"
    assert "max_quarantine" in caught.value.hint


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("GALLEY_BUILD_MAX_QUARANTIN", "`GALLEY_BUILD_MAX_QUARANTINE`"),
        ("GALLEY_WORKERS", "`GALLEY_BUILD_WORKERS`"),
        ("GALLEY_ANNOTATORS_KEY", "`GALLEY_ANNOTATOR_KEY`"),
        ("GALLEY_RELEASE_SPLITS", "pyproject.toml"),
        ("GALLEY_ZZ", "unset it"),
        ("GALLEY_BUILD", "GALLEY_BUILD_"),
    ],
)
def test_a_variable_that_sets_nothing(name: str, said: str) -> None:
    """It is refused, with the one that was meant: passed over, it would seem to hold."""
    with pytest.raises(ConfigError) as caught:
        load_config(None, {name: "1"})
    assert caught.value.code == "config_unknown"
    assert name in caught.value.message
    assert said in caught.value.hint


def test_other_variables() -> None:
    """Those that are read elsewhere, and those of other programs, are let be."""
    elsewhere = {VARIABLE, *(f"GALLEY_{name}" for name in ("STUDIO_ENV", "TARGET"))}
    assert elsewhere == OTHERS
    environ = dict.fromkeys(elsewhere | {"GALLEYS_NAME", "_GALLEY_COMPLETE", "HOME"}, "x")
    assert load_config(None, environ) == load_config(None, {})


@pytest.mark.parametrize(
    "table",
    [
        "[tool.galley.build]\nworkers = 'many'\n",
        "[tool.galley.build]\nmax_quarantine = 2\n",
        "[tool.galley.studio]\nbatch = 0\n",
        "[tool.galley.studio]\nbatch = 20000\n",
        "[tool.galley.studio]\nport = 70000\n",
        "[tool.galley.release]\nsplits = { test = 1.0 }\n",
        "[tool.galley.release]\nsplits = { train = 0.5 }\n",
        "[tool.galley.release]\nsplits = { train = 0.8, 'a/../b' = 0.2 }\n",
        "[tool.galley.release]\nsplits = { train = 0.8, all = 0.2 }\n",
        "[tool.galley.release]\nsplit_by = 'luck'\n",
        "[tool.galley.release]\nsplit_by = 'date'\n",
        "[tool.galley.release]\nsplit_dates = { test = '2024-01-01' }\n",
        "[tool.galley.release]\nsplit_by = 'date'\nsplit_dates = { test = '2024' }\n",
        "[tool.galley]\n",
        "build = 3\n",
    ],
)
def test_wrong_values_are_refused(tmp_path: Path, table: str) -> None:
    """A value of another type or range, and a file that is no TOML, are errors."""
    with pytest.raises(ConfigError):
        load_config(write(tmp_path, table), {})


def test_splits_by_date(tmp_path: Path) -> None:
    """The days are as written."""
    table = "[tool.galley.release]\nsplit_by = 'date'\nsplit_dates = { test = '2024-01-01' }\n"
    assert load_config(write(tmp_path, table), {}).release.split_dates == {"test": "2024-01-01"}


def test_wrong_variable_is_named(tmp_path: Path) -> None:
    """An environment variable that does not parse is named."""
    with pytest.raises(ConfigError, match="GALLEY_STUDIO_PORT"):
        load_config(write(tmp_path, ""), {"GALLEY_STUDIO_PORT": "eighty"})
