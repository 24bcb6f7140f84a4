"""Ask suggesters about corrected records that they were not taught with."""

from collections.abc import Iterator
from dataclasses import replace

from galley.annotations.suggesters.folds import FOLDS, divide
from galley.annotations.suggesters.proposal import Lesson, Suggester, Teach
from galley.record import Record


def unseen(teach: Teach, lesson: Lesson, folds: int = FOLDS) -> Iterator[tuple[Record, Suggester]]:
    """Yield each corrected record with a suggester that knows nothing of its cluster.

    The text of the record itself is no secret: that it is there is known of every record.
    """
    for others, own in divide(lesson.corrected, folds):
        suggester = teach(replace(lesson, corrected=others))
        for record in own:
            yield record, suggester
