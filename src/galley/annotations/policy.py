"""Policies: who is right where several people said different things of one text."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

LATEST, MAJORITY, UNANIMOUS = "latest", "majority", "unanimous"
ANNOTATOR = "annotator:"
_PSEUDONYM_DIGITS = frozenset("0123456789abcdef")


@dataclass(frozen=True)
class Policies:
    """The policy for each tag and each entity label.

    Attributes:
        default: Of what has none of its own: `latest`, `majority`, `unanimous`, or
            `annotator:` and a pseudonym.
        tags: By tag.
        entities: By label.
        split_tags: Of each tag that a migration split: what it may be today. No policy says
            which of them it is.
        split_labels: The same of entity labels.
    """

    default: str = LATEST
    tags: Mapping[str, str] = field(default_factory=dict)
    entities: Mapping[str, str] = field(default_factory=dict)
    split_tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    split_labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def are_latest(self) -> bool:
        """Whether the last annotation counts in everything."""
        return {self.default, *self.tags.values(), *self.entities.values()} == {LATEST}

    def to_json(self) -> dict[str, Any]:
        """Return what a release's manifest says of them; nothing where the last one counts."""
        if self.are_latest:
            return {}
        return {"default": self.default, "tags": self.tags, "entities": self.entities}

    def of_tag(self, name: str) -> str:
        """Return the policy for a tag."""
        return self.tags.get(name, self.default)

    def of_label(self, name: str) -> str:
        """Return the policy for an entity label."""
        return self.entities.get(name, self.default)

    def resolved(self, pseudonym: Callable[[str], str]) -> "Policies":
        """Return the policies with pseudonyms in the place of names.

        Args:
            pseudonym: Returns the pseudonym of an e-mail address.
        """

        def resolve(policy: str) -> str:
            name = policy.removeprefix(ANNOTATOR)
            if name == policy or is_pseudonym(name):
                return policy
            return ANNOTATOR + pseudonym(name)

        return replace(
            self,
            default=resolve(self.default),
            tags={name: resolve(policy) for name, policy in self.tags.items()},
            entities={name: resolve(policy) for name, policy in self.entities.items()},
        )


LAST_WINS = Policies()


def is_pseudonym(name: str) -> bool:
    """Tell whether `name` is a pseudonym already, and no e-mail address or name."""
    return "@" not in name and set(name) <= _PSEUDONYM_DIGITS
