"""Forget who an annotator was, and say what still holds the old pseudonym.

What the person said stays, as that of somebody: it is one person's work still, and nobody can
tell whose. Each step can be done again: the ledger first, then the key, which ends it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from galley.annotations.policy import is_pseudonym
from galley.annotations.pseudonym import Pseudonyms, drop_names, refuse_environ, replace_key
from galley.layout import Layout
from galley.ledger import Ledger
from galley.releases.traces import find_files, find_mentions, say_mentions

KEY = "annotator.key"


@dataclass(frozen=True)
class Forgetting:
    """What was changed, or would be, and what remains.

    Attributes:
        pseudonym: The old one.
        now: The one that took its place.
        done: Whether anything was changed now; False for a dry run, and where all was done.
        events: Events of the ledger that bear the new one.
        kept: People who keep their pseudonyms under the new key.
        strangers: Pseudonyms whose addresses nobody named: they stay in the ledger, and who
            annotates again is a new person.
        files: Files of the workspace that hold the old one.
        commits: Commits of git that brought or took it; None without a repository.
    """

    pseudonym: str
    now: str
    done: bool
    events: int
    kept: int
    strangers: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    commits: list[str] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the object of `galley forget --json`."""
        return {**vars(self), "remains": list(self.remains())}

    def remains(self) -> Iterator[str]:
        """Yield a sentence on each place that still leads to the person, and what can be done."""
        for name in self.strangers:
            yield (
                f"{name} is somebody whose address was not named: name it with --keep, or who it "
                "is counts as a new person from now on"
            )
        for path in self.files:
            published = path.startswith("releases/")
            yield f"{path} says {self.pseudonym}: " + (
                "where it was published it stays; publish a release without it, and yank this one"
                if published
                else "change or delete it"
            )
        yield from say_mentions(self.commits, self.pseudonym)
        yield (
            "whoever has a copy of the old key and the address can still compute the old "
            "pseudonym: delete all copies of the key, and give other clones the new one"
        )
        yield "Label Studio keeps the account and its annotations until they are deleted there"


@dataclass(frozen=True)
class Forgetter:
    """Forgets people.

    Attributes:
        layout: The workspace.
        ledger: Its ledger.
        people: Addresses of those who are to keep their pseudonyms.
    """

    layout: Layout
    ledger: Ledger
    people: Iterable[str] = ()

    def run(self, annotator: str, *, dry_run: bool) -> Forgetting:
        """Forget `annotator`, an e-mail address or a pseudonym, unless it is a dry run.

        Raises:
            LedgerError: The key is missing, another, or stands in the environment.
        """
        files = (self.layout.private / KEY, self.layout.annotator_fingerprint)
        fresh = dry_run and not files[1].exists()
        pseudonyms = Pseudonyms(b"") if fresh else Pseudonyms.open(*files)
        old = annotator if is_pseudonym(annotator) else pseudonyms.of(annotator)
        new = pseudonyms.successor(old)
        known = [event.annotator for event in self.ledger.events()]
        people = {one.strip().casefold(): pseudonyms.of(one) for one in self.people}
        stay = {one: name for one, name in people.items() if name != old}
        begun = old in known or new in known  # the latter: a run was killed before the key
        if begun and not dry_run:
            refuse_environ(files[0])
            self.ledger.rekey(old, new)
            replace_key(*files, stay, gone=old)
        elif not dry_run:
            drop_names(files[1])
        left = set(known) - {old, new, *stay.values()}
        return Forgetting(
            pseudonym=old,
            now=new,
            done=begun and not dry_run,
            events=known.count(old),
            kept=len(set(stay.values()) & set(known)),
            strangers=sorted(left) if begun else [],
            files=list(self._files(old, dry_run=dry_run)),
            commits=find_mentions(self.layout.root, old),
        )

    def _files(self, old: str, *, dry_run: bool) -> Iterator[str]:
        """Yield the files that hold the old pseudonym, but those that would lose it."""
        for path in find_files(self.layout.root, [old]):
            if not (dry_run and path.startswith("annotations/ledger/")):
                yield path
