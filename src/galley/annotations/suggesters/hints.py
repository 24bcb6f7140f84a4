"""Names of a maintainer's lists: a sequence model is told where they stand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from galley.annotations.suggesters.names import Names
from galley.annotations.suggesters.tokens import tokenize


@dataclass(frozen=True)
class Hints:
    """Listed names.

    What people marked is no hint: a model that is told of it learns to believe nothing else.

    Attributes:
        labels: The label of each name.
        names: All of them.
    """

    labels: Mapping[str, str]
    names: Names

    @classmethod
    def collect(cls, lists: Mapping[str, Iterable[str]]) -> "Hints":
        """Return the names of `lists`, which holds them by label."""
        labels = {name: label for label, names in lists.items() for name in names}
        return cls(labels, Names(labels))

    def find(self, text: str) -> dict[int, str]:
        """Return a feature for each token of a listed name in `text`, by where it begins."""
        found: dict[int, str] = {}
        for start, end in self.names.find(text):
            name = text[start:end]
            for number, token in enumerate(tokenize(name)):
                place = "I" if number else "B"
                found[start + token.start] = f"g{place}={self.labels[name]}"
        return found
