"""The suggesters that the settings name."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from galley.annotations.suggesters import gazetteer, pipeline, source_tags
from galley.annotations.suggesters.proposal import Lesson, Suggester, Teach
from galley.config import SuggestConfig
from galley.errors import ConfigError


def _learned(lesson: Lesson) -> Suggester:
    from galley.annotations.suggesters import learned  # noqa: PLC0415 - scipy is slow to import

    return learned.teach(lesson)


# Suggesters that need no setting of their own, by name.
_PLAIN: Mapping[str, Teach] = {
    "source_tags": source_tags.teach,
    "gazetteer": gazetteer.teach,
    "learned": _learned,
}


def teachers(config: SuggestConfig, root: Path) -> dict[str, Teach]:
    """Return what teaches each suggester of the settings, in their order.

    Args:
        config: The settings.
        root: What paths in them start from.
    """
    folder = root / config.spacy
    spacy = partial(pipeline.teach, folder=folder, renamed=config.spacy_labels)
    return {name: spacy if name == "spacy" else _PLAIN[name] for name in config.suggesters}


def teach_all(teach: Mapping[str, Teach], lesson: Lesson) -> list[Suggester]:
    """Return the suggesters, taught with one lesson."""
    return [one(lesson) for one in teach.values()]


def read_lists(lists: Mapping[str, Sequence[str]], root: Path) -> dict[str, list[str]]:
    """Return the names of a maintainer's files, by label.

    Args:
        lists: From a label to its files: a name on each line, what follows `#` is a comment.
        root: What their paths start from.

    Raises:
        ConfigError: A file cannot be read.
    """
    return {
        label: [name for path in paths for name in _read(root / path)]
        for label, paths in sorted(lists.items())
    }


def _read(path: Path) -> list[str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"cannot read the names in {path}: {error}",
            code="list_unreadable",
            hint="[tool.galley.suggest] names it in `lists`: one name on each line, in UTF-8",
        ) from error
    names = (line.partition("#")[0].strip() for line in lines)
    return [name for name in names if name]
