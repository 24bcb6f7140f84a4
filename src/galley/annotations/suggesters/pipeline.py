"""The suggester `spacy`: a spaCy pipeline that the maintainer has on disk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from galley.annotations.suggesters.proposal import Lesson, Mark, Proposal
from galley.errors import ConfigError
from galley.hashing import sha256_file, sha256_json
from galley.record import Record

_LEAST = 0.5  # a category's score, from which on it is proposed as a tag


@dataclass
class Pipeline:
    """Proposes the entities that a pipeline finds, and its categories as tags.

    Attributes:
        folder: The pipeline.
        renamed: What its labels are called here, where they have another name.
        labels: The entity labels there are; others are left out.
        tags: The tags there are; other categories are left out.
    """

    folder: Path
    renamed: Mapping[str, str]
    labels: frozenset[str]
    tags: frozenset[str]
    name: str = field(default="spacy", init=False)

    def __getstate__(self) -> dict[str, Any]:
        """Return what another process makes the same of: it loads the pipeline itself."""
        return {key: value for key, value in vars(self).items() if key != "_nlp"}

    @cached_property
    def version(self) -> str:
        """Changes with any file of the pipeline."""
        files = sorted(path for path in self.folder.rglob("*") if path.is_file())
        hashes = [[path.relative_to(self.folder).as_posix(), sha256_file(path)] for path in files]
        meta = self._nlp.meta
        return f"{meta['lang']}_{meta['name']}-{meta['version']}.{sha256_json(hashes)[:8]}"

    def propose(self, record: Record) -> Proposal:
        """Return what the pipeline finds; it does not say how sure it is of an entity."""
        return self.propose_all([record])[0]

    def propose_all(self, records: Sequence[Record]) -> list[Proposal]:
        """Return the same for several records."""
        return list(map(self._proposal, self._nlp.pipe(record["text"] for record in records)))

    def _proposal(self, document: Any) -> Proposal:
        named = [(span, self.renamed.get(span.label_, span.label_)) for span in document.ents]
        marks = [
            Mark(span.start_char, span.end_char, label, 1.0)
            for span, label in named
            if label in self.labels
        ]
        tags = {
            self.renamed.get(name, name): round(score, 4)
            for name, score in sorted(document.cats.items(), key=lambda item: (-item[1], item[0]))
            if score >= _LEAST and self.renamed.get(name, name) in self.tags
        }
        return Proposal(tags, marks)

    @cached_property
    def _nlp(self) -> Any:
        try:
            import spacy  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise ConfigError(
                "the suggester `spacy` needs spaCy, which is not installed",
                code="spacy_missing",
                hint="pip install 'galley-data[spacy]'",
            ) from error
        try:
            return spacy.load(self.folder)
        except (OSError, ValueError) as error:
            raise ConfigError(
                f"cannot load the spaCy pipeline in {self.folder}: {error}",
                code="spacy_unreadable",
                hint="suggest.spacy names a folder that `nlp.to_disk` wrote",
            ) from error


def teach(lesson: Lesson, *, folder: Path, renamed: Mapping[str, str]) -> Pipeline:
    """Return the suggester; people's corrections teach it nothing."""
    labels = frozenset(lesson.labels.names)
    return Pipeline(folder, renamed, labels, lesson.taxonomy.names)
