r"""Say what is wrong with a record that the schema refuses: every error, in words.

`jsonschema` finds and words the errors. Where it would judge otherwise than `jsonschema-rs`,
which decides, that one's verdict is taken: of patterns, in which Python's `$` also matches
before a last line end, and its `\d` more than ten digits.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from galley.schema.contract import Contract
from galley.schema.issue import Issue

_SHOWN = 80  # characters of a value


@dataclass(frozen=True)
class Explainer:
    """Explains why the schema of `contract` refuses a record."""

    contract: Contract

    @cached_property
    def _decider(self) -> Any:
        import jsonschema_rs  # noqa: PLC0415 - only where a record is refused

        return jsonschema_rs.validator_for(self.contract.document, offline=True)

    @cached_property
    def _finder(self) -> Any:
        from jsonschema import Draft202012Validator  # noqa: PLC0415 - only for messages
        from jsonschema.validators import extend  # noqa: PLC0415

        make: Any = extend  # it has no type
        kind = make(Draft202012Validator, {"pattern": _check_pattern})
        return kind(self.contract.document)

    def errors(self, record: Any) -> list[Issue]:
        """Return an issue for each error that `jsonschema` finds in `record`, by JSON path."""
        try:
            errors = sorted(self._finder.iter_errors(record), key=lambda error: error.json_path)
            return [_issue(error) for error in errors]
        except RecursionError:
            return []

    def refusals(self, record: Any) -> Iterator[Issue]:
        """Yield the errors in the words of the validator that decides, if `errors` has none."""
        try:
            for error in self._decider.iter_errors(record):
                path = "".join(f"[{step!r}]" for step in error.instance_path)
                got = shorten(error.instance)
                yield Issue(f"${path}", f"schema_{error.kind.name}", error.message[:200], got)
        except (ValueError, RecursionError) as error:
            yield Issue("$", "schema_instance", "what JSON can hold", str(error)[:_SHOWN])

    def count(self, record: Any) -> int:
        """Return how many errors `record` has, sooner than they are worded."""
        try:
            return sum(1 for _ in self._decider.iter_errors(record))
        except (ValueError, RecursionError):
            return len(self.errors(record))


def shorten(value: Any) -> str:
    """Return `value` as a person can read it, on one line that is not too long."""
    if isinstance(value, dict):
        return f"an object of {len(value)} fields"
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def printable(text: str) -> str:
    """Return `text` with what a terminal could not print, or would obey, escaped."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


def _issue(error: Any) -> Issue:
    got = shorten(error.instance)
    message = error.message.replace(repr(error.instance), got)
    return Issue(printable(error.json_path), f"schema_{error.validator}", message[:200], got)


@cache
def _pattern(pattern: str) -> Any:
    import jsonschema_rs  # noqa: PLC0415 - only where a record is refused

    return jsonschema_rs.validator_for({"pattern": pattern})


def _check_pattern(validator: Any, pattern: str, value: Any, schema: Any) -> Iterator[Any]:
    """Stand in for jsonschema's rule `pattern`."""
    from jsonschema import ValidationError  # noqa: PLC0415 - only where a record is refused

    del validator, schema
    if isinstance(value, str) and not _matches(pattern, value):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


def _matches(pattern: str, value: str) -> bool:
    try:
        matches: bool = _pattern(pattern).is_valid(value)
    except UnicodeEncodeError:  # a lone surrogate, which is an issue of its own
        return True
    return matches
