"""Settings: a flag, else GALLEY_*, else `[tool.galley]`, else the default in `galley.config`.

GALLEY_BUILD_MAX_QUARANTINE sets `max_quarantine` of `[tool.galley.build]`, and so on. One that
sets nothing is refused: misspelt and passed over, it would seem to hold.
"""

import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from galley.config import (
    ENGINES,
    POLICIES,
    SPLIT_BY,
    SUGGESTERS,
    Config,
    MergeConfig,
    NetworkConfig,
    ReleaseConfig,
    StudioConfig,
    SuggestConfig,
)
from galley.errors import ConfigError
from galley.nearest import find_nearest, suggest

_PREFIX = "GALLEY"
# Read elsewhere: who annotated, where Label Studio is installed, where a CI publishes to.
OTHERS = frozenset({"GALLEY_ANNOTATOR_KEY", "GALLEY_STUDIO_ENV", "GALLEY_TARGET"})
_DAY_SECONDS = 86_400
_LARGEST = 2**53  # a number above it has no exact form in floating point
_SPLIT = re.compile(r"\w+(\.\w+)*", re.ASCII)  # as `datasets` has it
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_PORTS = 65_536
_BATCH = 5000  # tasks in one import: 20,000 take 1.5 GB of the server's memory


def load_config(pyproject: Path | None, environ: Mapping[str, str] = os.environ) -> Config:
    """Read the settings of a workspace; without one, the environment and the defaults.

    Raises:
        ConfigError: The file is no TOML, a key or a variable is unknown, or a value has another
            type.
    """
    table = {} if pyproject is None else _table(pyproject)
    _check_variables(environ)
    config: Config = _build(Config, table, "tool.galley", environ, _PREFIX)
    _check(config)
    return config


def _table(pyproject: Path) -> dict[str, Any]:
    try:
        document = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigError(
            f"cannot read {pyproject}: {error}",
            code="config_unreadable",
            hint="mend the line named",
        ) from error
    tool = document.get("tool")
    table = tool.get("galley") if isinstance(tool, dict) else None
    if not isinstance(table, dict):
        raise ConfigError(
            f"{pyproject} has no table [tool.galley]",
            code="no_workspace",
            hint="`galley init DIR` lays out a workspace",
        )
    return table


def _check_variables(environ: Mapping[str, str]) -> None:
    settings = dict(_variables(Config, _PREFIX))
    plain = {name for name, hint in settings.items() if get_origin(hint) is None}
    for name in sorted(environ):
        if not name.startswith(f"{_PREFIX}_") or name in plain | OTHERS:
            continue
        if name in settings:
            raise ConfigError(
                f"{name} cannot be set in the environment: it has several values",
                code="config_unknown",
                hint="set it in pyproject.toml, under [tool.galley], and unset the variable",
            )
        raise ConfigError(
            f"the variable {name} of the environment sets nothing",
            code="config_unknown",
            hint=_meant(name, plain | OTHERS),
        )


def _meant(name: str, known: Iterable[str]) -> str:
    """Return what a variable may have meant, by what stands after the prefix that all have."""
    first = len(_PREFIX) + 1
    near = find_nearest(name[first:], [other[first:] for other in known])
    return f"did you mean `{_PREFIX}_{near}`?" if near else "unset it: no setting has such a name"


def _variables(kind: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    """Yield the variable of each setting, and the type of its value."""
    for name, hint in get_type_hints(kind).items():
        variable = f"{prefix}_{name.upper()}"
        if is_dataclass(hint):
            yield from _variables(hint, variable)
        else:
            yield variable, hint


def _build(
    kind: Any, table: dict[str, Any], where: str, environ: Mapping[str, str], prefix: str
) -> Any:
    """Return the dataclass `kind` filled from `table` and from `prefix`_* of `environ`."""
    hints = get_type_hints(kind)
    names = {item.name for item in fields(kind)}
    for key in table:
        if key not in names:
            raise ConfigError(
                f"unknown setting `{key}` in [{where}]",
                code="config_unknown",
                hint=suggest(key, names),
            )
    values = {}
    for name, hint in hints.items():
        variable = f"{prefix}_{name.upper()}"
        if is_dataclass(hint):
            section = _typed(table.get(name, {}), dict, f"{where}.{name}")
            values[name] = _build(hint, section, f"{where}.{name}", environ, variable)
        elif variable in environ and get_origin(hint) is None:
            values[name] = _parsed(environ[variable], hint, variable)
        elif name in table:
            values[name] = _filled(table[name], hint, f"{where}.{name}")
    return kind(**values)


def _filled(value: Any, hint: Any, where: str) -> Any:
    """Return a value that is, with all that it holds, what `hint` says."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is list:
        return [_filled(item, inner[0], where) for item in _typed(value, list, where)]
    if origin is dict:
        items = _typed(value, dict, where).items()
        return {key: _filled(item, inner[1], f"{where}.{key}") for key, item in items}
    return _typed(value, hint, where)


def _typed(value: Any, kind: type, where: str) -> Any:
    if kind is float and type(value) is int and abs(value) < _LARGEST:
        return float(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ConfigError(
            f"{where} must be {kind.__name__}, not {value!r}",
            code="config_type",
            hint="see the reference of the settings",
        )
    return value


def _parsed(value: str, kind: type, where: str) -> Any:
    try:
        return kind(value)
    except ValueError as error:
        raise ConfigError(
            f"{where} must be {kind.__name__}, not {value!r}", code="config_type"
        ) from error


def _check(config: Config) -> None:
    shares = config.release.splits
    if "train" not in shares or min(shares.values()) < 0 or not _is_one(sum(shares.values())):
        raise ConfigError(
            f"release.splits must name `train` and add up to 1, not {shares}",
            code="config_range",
            hint="for example `splits = { train = 0.8, validation = 0.1, test = 0.1 }`",
        )
    odd = [name for name in shares if name == "all" or not _SPLIT.fullmatch(name)]
    if odd:
        raise ConfigError(
            f"release.splits cannot name a split {odd[0]!r}",
            code="config_range",
            hint="letters, digits and `_` make a name that `load_dataset` takes; `all` it keeps",
        )
    _check_split_by(config.release)
    _check_suggest(config.suggest)
    _check_policies(config.annotations.merge)
    if config.build.shards < 1 or config.build.workers < 0:
        raise ConfigError(
            "build.shards must be 1 or more, build.workers 0 or more", code="config_range"
        )
    if config.build.engine not in ENGINES:
        raise ConfigError(
            f"build.engine must be one of {', '.join(ENGINES)}, not `{config.build.engine}`",
            code="config_range",
            hint=suggest(config.build.engine, ENGINES),
        )
    if config.annotations.overlap < 1:
        raise ConfigError("annotations.overlap must be 1 or more", code="config_range")
    if not 0 <= config.annotations.blind <= 1:
        raise ConfigError("annotations.blind must be between 0 and 1", code="config_range")
    for name in ("max_quarantine", "near_duplicate"):
        if not 0 <= getattr(config.build, name) <= 1:
            raise ConfigError(f"build.{name} must be between 0 and 1", code="config_range")
    if config.build.max_bytes < 1:
        raise ConfigError("build.max_bytes must be at least 1", code="config_range")
    _check_network(config.network)
    _check_studio(config.studio)


def _is_one(total: float) -> bool:
    return abs(total - 1) <= 1e-9  # not a number is none


def _check_network(network: NetworkConfig) -> None:
    for name in ("connect", "silence", "total"):
        if not 0 < getattr(network, name) < _DAY_SECONDS:
            raise ConfigError(
                f"network.{name} must be seconds, more than 0 and less than a day",
                code="config_range",
            )
    if network.retries < 0 or not 0 <= network.patience < _DAY_SECONDS:
        raise ConfigError(
            "network.retries must be 0 or more, network.patience 0 to a day of seconds",
            code="config_range",
        )


def _check_studio(studio: StudioConfig) -> None:
    if not 0 <= studio.port < _PORTS:
        raise ConfigError(f"studio.port must be between 0 and {_PORTS - 1}", code="config_range")
    if not 1 <= studio.batch <= _BATCH:
        raise ConfigError(f"studio.batch must be between 1 and {_BATCH}", code="config_range")


def _check_suggest(settings: SuggestConfig) -> None:
    unknown = [name for name in settings.suggesters if name not in SUGGESTERS]
    if unknown or len(set(settings.suggesters)) < len(settings.suggesters):
        raise ConfigError(
            f"suggest.suggesters must be some of {', '.join(SUGGESTERS)}, each once, "
            f"not {settings.suggesters!r}",
            code="config_range",
            hint=suggest(unknown[0], SUGGESTERS) if unknown else "leave out the second",
        )
    files = settings.lists.values()
    if not all(
        isinstance(paths, list) and all(isinstance(p, str) for p in paths) for paths in files
    ):
        raise ConfigError(
            f"suggest.lists must name files for each label, not {settings.lists!r}",
            code="config_type",
            hint='for example `lists = { ORG = ["annotations/companies.txt"] }`',
        )
    if "spacy" in settings.suggesters and not settings.spacy:
        raise ConfigError(
            "suggest.suggesters has `spacy`, and suggest.spacy names no pipeline",
            code="config_range",
            hint='for example `spacy = "models/news"`, a folder written by `nlp.to_disk`',
        )
    if settings.workers < 0:
        raise ConfigError("suggest.workers must be 0 or more", code="config_range")


def _check_policies(merge: MergeConfig) -> None:
    for policy in (merge.default, *merge.tags.values(), *merge.entities.values()):
        named = isinstance(policy, str) and re.fullmatch(r"annotator:.*\S", policy)
        if policy not in POLICIES and not named:
            raise ConfigError(
                f"annotations.merge must name policies, not {policy!r}",
                code="config_range",
                hint=f"one of {', '.join(POLICIES)}, or `annotator:` with a pseudonym or an "
                "e-mail address",
            )


def _check_split_by(release: ReleaseConfig) -> None:
    if release.split_by not in SPLIT_BY:
        raise ConfigError(
            f"release.split_by must be one of {', '.join(SPLIT_BY)}, not {release.split_by!r}",
            code="config_range",
            hint=suggest(release.split_by, SPLIT_BY),
        )
    wrong = [f"{name} = {day!r}" for name, day in release.split_dates.items() if not _is_day(day)]
    if wrong or bool(release.split_dates) != (release.split_by == "date"):
        raise ConfigError(
            'release.split_dates must name days for `split_by = "date"`, and only for it'
            + (f": {wrong[0]} is none" if wrong else ""),
            code="config_range",
            hint='for example `split_dates = { validation = "2024-01-01", test = "2024-07-01" }`',
        )


def _is_day(value: Any) -> bool:
    try:
        return _DAY.fullmatch(value) is not None and bool(date.fromisoformat(value))
    except (TypeError, ValueError):  # no text, or a month too many
        return False
