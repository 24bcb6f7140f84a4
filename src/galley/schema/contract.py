"""Load `article.schema.json`, the only definition of a record."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from galley.errors import SchemaError
from galley.hashing import sha256_json

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DEFAULT = "schema/article.schema.json"
_TEMPLATE = Path(__file__).parents[1] / "template"
# What other programs and the stages themselves rely on; a schema may add, never take away.
REQUIRED_FIELDS = frozenset(
    {
        *("id", "cluster", "title", "text", "text_sha256", "language", "subheads", "deck"),
        *("dateline", "authors", "contributors", "captions", "credits", "publisher", "url"),
        *("published", "license", "source_tags", "listing_tags", "tags", "entities"),
        *("annotation", "sources", "changed_in"),
    }
)


@dataclass(frozen=True)
class Contract:
    """A checked JSON Schema (2020-12) of a record.

    Attributes:
        document: The schema itself.
    """

    document: dict[str, Any]

    def __hash__(self) -> int:
        """Return a number that equal schemas share."""
        return hash(self.sha256)

    @cached_property
    def sha256(self) -> str:
        """The hash of the schema in canonical JSON: spacing and key order do not count."""
        return sha256_json(self.document)

    @property
    def properties(self) -> dict[str, dict[str, Any]]:
        """The schema of each field, in the order of the file."""
        properties: dict[str, dict[str, Any]] = self.document["properties"]
        return properties

    @classmethod
    def load(cls, path: Path) -> "Contract":
        """Read and check the schema at `path`.

        Raises:
            SchemaError: It is missing, not JSON, not a valid schema, or lacks a field.
        """
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise SchemaError(
                f"cannot read the schema {path}: {error.strerror}",
                code="schema_missing",
                hint="`galley init` writes a default schema",
            ) from error
        return cls.parse(text, name=str(path))

    @classmethod
    def default(cls) -> "Contract":
        """Return the schema that `galley init` lays out."""
        return cls.parse(_read_default(), name=_DEFAULT)

    @classmethod
    def parse(cls, text: str, *, name: str) -> "Contract":
        """Check the schema in `text`; `name` stands for it in messages.

        Raises:
            SchemaError: It is not JSON, not a valid schema, or lacks a field.
        """
        try:
            document = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise SchemaError(
                f"{name} is not JSON: {error}",
                code="schema_not_json",
                hint="mend the line and column named, then run the command again",
            ) from error
        if text != _read_default():  # which is known to be valid, and mostly it is that one
            _check(document, name)
        return cls(document)


def _read_default() -> str:
    return (_TEMPLATE / _DEFAULT).read_text(encoding="utf-8")


def _explain(document: Any, name: str) -> None:
    """Raise unless `document` is a valid JSON Schema, and say where it is not."""
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - 0.1 s, seldom needed
    from jsonschema.exceptions import SchemaError as Invalid  # noqa: PLC0415

    try:
        Draft202012Validator.check_schema(document)
    except Invalid as error:
        raise SchemaError(
            f"{name} is not a valid JSON Schema: at {error.json_path}: {error.message}",
            code="schema_invalid",
            hint="see JSON Schema 2020-12 for what that keyword takes",
        ) from error


def _check(document: Any, name: str) -> None:
    """Raise unless `document` is a valid JSON Schema with the fields that Galley needs."""
    import jsonschema_rs  # noqa: PLC0415 - only when a schema is read

    known = isinstance(document, dict) and document.get("$schema") == _DIALECT
    if not known or not jsonschema_rs.meta.is_valid(document):
        _explain(document, name)
    properties = document.get("properties") if isinstance(document, dict) else None
    missing = sorted(REQUIRED_FIELDS - set(properties or {}))
    if missing:
        raise SchemaError(
            f"{name} lacks the fields {', '.join(missing)}",
            code="schema_fields",
            hint="a schema may add fields to the default one and must keep those it has",
        )
