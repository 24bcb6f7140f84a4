"""Which of the records a push is about."""

import shlex
from collections.abc import Callable
from dataclasses import dataclass, replace

from galley.annotations.ranking import By
from galley.annotations.task import Queue, Task
from galley.errors import ConfigError
from galley.nearest import suggest
from galley.record import Record


@dataclass(frozen=True)
class Selection:
    """What a push is limited to; without any limit it is about all records.

    Attributes:
        queue: Only tasks that wait for this reason.
        only: Only records that a query fits, see `parse_query`; empty for all.
        limit: At most this many tasks are sent; None for all.
        by: What decides on which come first; None for the order of the records.
        seed: Draws what nothing else decides.
    """

    queue: Queue | None = None
    only: str = ""
    limit: int | None = None
    by: By | None = None
    seed: str = ""

    @property
    def is_all(self) -> bool:
        """Whether nothing is left out."""
        return replace(self, seed="") == EVERYTHING

    def condition(self) -> Callable[[Task], bool]:
        """Return what tells of a task whether it is meant, its limit aside.

        Raises:
            ConfigError: The query cannot be read.
        """
        fits = parse_query(self.only)
        return lambda task: (self.queue in {None, task.queue}) and fits(task.record)


EVERYTHING = Selection()


def parse_query(query: str) -> Callable[[Record], bool]:
    """Return what tells of a record whether `query` fits it.

    Args:
        query: Conditions `field=value` (is, or has it) and `field~part` (contains it, letter case
            aside), all of which must hold; a value with spaces stands in quotation marks.

    Raises:
        ConfigError: A condition has another form.

    Example:
        >>> parse_query('language=en title~"a strike"')({"language": "en", "title": "A Strike"})
        True
    """
    try:
        conditions = [_condition(word) for word in shlex.split(query)]
    except ValueError as error:
        raise _refusal(query, str(error)) from error
    return lambda record: all(holds(record) for holds in conditions)


def _condition(word: str) -> Callable[[Record], bool]:
    at = min((at for at in (word.find("="), word.find("~")) if at > 0), default=0)
    if not at:
        raise _refusal(word, "it is neither `field=value` nor `field~part`")
    name, value, part = word[:at], word[at + 1 :], word[at] == "~"

    def holds(record: Record) -> bool:
        if name not in record:
            raise _refusal(word, f"a record has no `{name}`", suggest(name, record))
        found = record[name] if isinstance(record[name], list) else [record[name]]
        texts = [str(item) for item in found if item is not None]
        if part:
            return any(value.casefold() in text.casefold() for text in texts)
        return value in texts

    return holds


_EXAMPLE = "for example --only 'language=en title~\"a strike\" source_tags=Trade'"


def _refusal(query: str, reason: str, hint: str = _EXAMPLE) -> ConfigError:
    return ConfigError(f"cannot read the query `{query}`: {reason}", code="query", hint=hint)
