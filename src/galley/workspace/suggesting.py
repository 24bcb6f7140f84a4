"""What a workspace has suggested: by whom, when again, and how good that is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from galley.record import REVIEWED, Record
from galley.workspace.advance import Advance, silent
from galley.workspace.agreeing import Agreeing
from galley.workspace.base import check_names

if TYPE_CHECKING:
    from galley.annotations.suggesters.asking import Suggested
    from galley.annotations.suggesters.evaluate import Evaluation
    from galley.annotations.suggesters.proposal import Lesson, Teach
    from galley.annotations.suggestion import Suggestion

# Characters of the corpus that suggesters learn words from.
_TEXT = 12_000_000


@dataclass(frozen=True)
class SuggestReport:
    """What `suggest` did.

    Attributes:
        records: How many there are.
        suggested: For how many of them something is suggested.
        corrected: How many people have corrected: the suggesters were taught with these.
        changed: Whether `suggestions.jsonl` is another one now.
    """

    records: int
    suggested: int
    corrected: int
    changed: bool


class Suggesting(Agreeing):
    """From records and corrections to suggestions."""

    def suggest(self, advance: Advance = silent) -> SuggestReport:
        """Propose tags and entities for all records, into `annotations/suggestions.jsonl`.

        Nothing is done if nothing has changed since the last time.

        Args:
            advance: Is told how many of how many records are done.

        Raises:
            WorkspaceError: Nothing is built yet.
            ConfigError: A list or a pipeline of the settings cannot be read.
        """
        from galley.annotations.suggested import Receipt  # noqa: PLC0415 - stages load lazily
        from galley.parquet import count_rows  # noqa: PLC0415

        receipt = Receipt.read(self.layout)
        if receipt and receipt.holds(self.layout, self.config.suggest, ledger=True):
            return SuggestReport(
                receipt.records, receipt.suggested, receipt.corrected, changed=False
            )
        total, done = count_rows(self.layout.out / "records"), count(1)
        before = self._digest()
        for _ in self._ask(workers=self.config.suggest.workers):
            advance(next(done), total)
        receipt = Receipt.read(self.layout)
        assert receipt  # noqa: S101 - asking for all wrote it
        return SuggestReport(
            receipt.records, receipt.suggested, receipt.corrected, self._digest() != before
        )

    def evaluate_suggesters(self, advance: Advance = silent) -> "Evaluation":
        """Score the suggesters of the settings on the corrected records.

        Args:
            advance: Is told how many of how many parts are done.

        Raises:
            WorkspaceError: Nothing is built yet.
            ConfigError: A list or a pipeline of the settings cannot be read.
        """
        from galley.annotations.suggesters.evaluate import evaluate  # noqa: PLC0415 - as above
        from galley.annotations.suggesters.folds import FOLDS  # noqa: PLC0415

        done, workers = count(1), self.config.suggest.workers
        return evaluate(
            self.teachers(),
            self.lesson(),
            workers=workers,
            advance=lambda: advance(next(done), FOLDS),
        )

    def teachers(self) -> "dict[str, Teach]":
        """Return what teaches each suggester of the settings, in their order."""
        from galley.annotations.suggesters.choose import teachers  # noqa: PLC0415 - lazily

        return teachers(self.config.suggest, self.layout.root)

    def lesson(self) -> "Lesson":
        """Return what suggesters are taught with: people's corrections, and the corpus.

        Raises:
            WorkspaceError: Nothing is built yet.
            ConfigError: A list of the settings cannot be read.
        """
        from galley.annotations.suggesters.choose import read_lists  # noqa: PLC0415 - lazily
        from galley.annotations.suggesters.pool import workers_of  # noqa: PLC0415
        from galley.annotations.suggesters.proposal import Lesson  # noqa: PLC0415

        # without people's work nobody is taught, and a first push need not read the corpus twice
        corrected, texts = _divided(self.merged() if self.ledger.events() else ())
        settings = self.config.suggest
        check_names(settings.lists, self.labels.names, "suggest.lists")
        check_names(settings.spacy_labels.values(), self.labels.names, "suggest.spacy_labels")
        lists = read_lists(settings.lists, self.layout.root)
        workers = workers_of(settings.workers)
        return Lesson(corrected, self.taxonomy, self.labels, texts, lists, workers)

    def _suggested(self, *, keep: bool = True) -> "Iterator[Suggested]":
        """Yield each record with what is suggested for it.

        What stands in `suggestions.jsonl` counts, unless records, vocabularies or settings have
        changed since it was written: then all is asked again, and written there with `keep`.
        What people corrected since is no reason: that is learned by `galley suggest`.
        """
        from galley.annotations.suggested import Receipt  # noqa: PLC0415 - stages load lazily
        from galley.annotations.suggestion import read_suggestions  # noqa: PLC0415

        receipt = Receipt.read(self.layout)
        if receipt and receipt.holds(self.layout, self.config.suggest):
            found = read_suggestions(self.layout.suggestions)
            yield from ((record, found.get(record["id"])) for record in self.records())
        else:
            # behind the requests of a push one process is enough, and ready at once
            yield from self._ask(keep=keep, workers=self.config.suggest.workers or 1)

    def _ask(self, *, keep: bool = True, workers: int = 0) -> "Iterator[Suggested]":
        """Teach the suggesters and ask them about all records; write it down at the end."""
        from galley.annotations.migrate import migrate_suggestion  # noqa: PLC0415 - lazily
        from galley.annotations.suggested import Receipt  # noqa: PLC0415
        from galley.annotations.suggesters.asking import ask  # noqa: PLC0415
        from galley.annotations.suggesters.choose import teach_all  # noqa: PLC0415
        from galley.annotations.suggestion import write_suggestions  # noqa: PLC0415

        settings = self.config.suggest
        made_of = Receipt.draw(self.layout, settings)
        lesson = self.lesson()
        suggesters = teach_all(self.teachers(), lesson)
        found: list[Suggestion] = []
        number = 0
        for record, said in ask(suggesters, self.records(), workers=workers):
            suggestion = said and migrate_suggestion(said, self._migrations)
            number += 1
            found += [suggestion] if suggestion else []
            yield record, suggestion
        if keep:
            write_suggestions(self.layout.suggestions, found)
            some = sum(not suggestion.is_empty for suggestion in found)
            made_of.save(
                self.layout, records=number, suggested=some, corrected=len(lesson.corrected)
            )

    def _digest(self) -> bytes | None:
        path = self.layout.suggestions
        return path.read_bytes() if path.exists() else None


def _divided(records: Iterable[Record]) -> tuple[list[Record], tuple[str, ...]]:
    """Return the records that people corrected, and texts of all, up to a number of characters."""
    corrected, texts, left = [], [], _TEXT
    for record in records:
        if record["annotation"]["status"] in REVIEWED:
            corrected.append(record)
        if left > 0:
            texts.append(record["text"])
            left -= len(record["text"])
    return corrected, tuple(texts)
