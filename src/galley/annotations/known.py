"""What the ledger knows of a project: the last event of each annotation, left on disk.

A pull asks for few of them, and a watch goes on for days: what is kept of each annotation has
the same size whatever was said, some 500 bytes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from galley.errors import LedgerError
from galley.hashing import sha256_json
from galley.ledger import STANDING, Event, Kind, Ledger, Place


@dataclass(frozen=True, slots=True)
class _Last:
    """What is kept of an event.

    Attributes:
        order: Its time and name, as the ledger is ordered, and whether it was rekeyed.
        task: The task that it is about.
        kind: What happened.
        place: Where it stands; None for one that was only just appended.
    """

    order: tuple[str, str, bool]
    task: int
    kind: Kind
    place: Place | None

    @classmethod
    def of(cls, event: Event, place: Place | None = None) -> "_Last":
        order = (event.at, event.event, event.known_as is not None)
        return cls(order, event.origin["task"], Kind(event.kind), place)


class Known(Mapping[int, Event]):
    """The last event of each annotation of one project, by number; read when it is asked for.

    Args:
        ledger: The ledger as it is now.
        project: The uuid of the project.
    """

    def __init__(self, ledger: Ledger, project: str) -> None:
        self._ledger, self._project = ledger, project
        self._last: dict[int, _Last] = {}
        self._first = ("", "")
        for place, event in ledger.stream():
            if event.origin["project"] == project:
                self._keep(event, place)

    def _keep(self, event: Event, place: Place | None) -> None:
        number, found = event.origin["annotation"], _Last.of(event, place)
        known = self._last.get(number)
        if known is None or known.order < found.order:
            self._last[number] = found
        named = (event.at, event.origin["server"])
        self._first = min(self._first, named) if self._first[1] else named

    def note(self, event: Event) -> None:
        """Take in an event that was just appended: it counts, and is not asked for any more."""
        self._keep(event, None)

    def __getitem__(self, number: int) -> Event:
        """Return the last event of an annotation.

        Raises:
            KeyError: There is none.
            LedgerError: The ledger was changed meanwhile.
        """
        last = self._last[number]
        event = None if last.place is None else self._ledger.at(last.place)
        if event is None or event.event != last.order[1]:
            raise LedgerError(
                f"the ledger was changed meanwhile: the last event of annotation {number} is "
                "another",
                code="ledger_event",
                hint="run the command again",
            )
        return event

    def __iter__(self) -> Iterator[int]:
        """Yield the numbers of all annotations."""
        return iter(self._last)

    def __len__(self) -> int:
        """Return how many annotations there are."""
        return len(self._last)

    @property
    def server(self) -> str:
        """How the first event names the server; empty where there is no event."""
        return self._first[1]

    @property
    def tasks(self) -> frozenset[int]:
        """The tasks of all annotations."""
        return frozenset(last.task for last in self._last.values())

    @property
    def there(self) -> Iterator[tuple[int, int]]:
        """Yield number and task of each annotation that was not deleted."""
        for number, last in self._last.items():
            if last.kind != Kind.DELETED:
                yield number, last.task

    @property
    def standing(self) -> int:
        """How many annotations stand."""
        return sum(last.kind in STANDING for last in self._last.values())

    @property
    def state(self) -> str:
        """What names all that is known: another ledger needs another look."""
        return sha256_json([self._project, sorted(last.order[1] for last in self._last.values())])
