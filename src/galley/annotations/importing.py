"""Send new tasks so that none arrives twice, whatever fails on the way.

The server has no unique key, and a failed import may have been carried out all the same. So
what is about to be sent is noted on disk first; after a failure, or after a run that ended
between the note and the answer, the project is looked at before anything is sent again.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from galley.annotations.correction import TextKey
from galley.annotations.listing import list_tasks
from galley.annotations.project import Project
from galley.annotations.server import UNCLEAR, Server
from galley.annotations.task import Task
from galley.errors import ServerError
from galley.files import read_jsonl, write_jsonl

# Seconds that a server may still be busy with an import whose sender is gone, and how often
# to look. One of 500 long articles takes 1 to 2.
_SETTLE, _POLL = 6.0, 0.25


@dataclass(frozen=True)
class Batch:
    """Tasks of one request.

    Attributes:
        tasks: They.
        body: All of them, ready to be sent.
    """

    tasks: Sequence[Task]
    body: bytes

    @property
    def first(self) -> TextKey:
        """The key of the first of them."""
        return self.tasks[0].key

    @property
    def predictions(self) -> int:
        """How many of them have a prediction."""
        return sum(task.prediction is not None for task in self.tasks)

    @classmethod
    def of(cls, tasks: Sequence[Task]) -> "Batch":
        """Return the batch of `tasks`."""
        # one by one: a single call for all of them would keep the courier waiting meanwhile
        lines = [task.encode() for task in tasks]
        return cls(tasks, b"[%b]" % b",".join(lines))


@dataclass(frozen=True)
class Importer:
    """Sends new tasks to one project.

    Attributes:
        server: Where to.
        project: Its project.
        note: The file that says which tasks are on their way.
    """

    server: Server
    project: Project
    note: Path

    @property
    def is_clear(self) -> bool:
        """Whether no earlier run left open what became of its last batch."""
        return not self.note.exists() and not self._replacing.exists()

    @property
    def _replacing(self) -> Path:
        return self.note.with_suffix(".replacing.jsonl")

    @contextmanager
    def replacing(self) -> Iterator[None]:
        """Note that predictions are being replaced: a request of a killed run may come late.

        It would delete what the next run has just sent, so that one waits until it is over.
        """
        until = time.time() + _SETTLE
        write_jsonl(self._replacing, [{"project": self.project.uuid, "until": until}])
        yield
        self._replacing.unlink()

    def recover(self) -> bool:
        """Wait until it is clear what became of an earlier run's last batch, if need be.

        Returns:
            Whether there was one: then a listing made before is no longer to be trusted.
        """
        on_their_way = [value for _, value in read_jsonl(self.note)]
        pending = [entry for entry in on_their_way if entry["project"] == self.project.uuid]
        for entry in pending:
            self._arrived(tuple(entry["key"]), until=entry["until"])
        self.note.unlink(missing_ok=True)
        for _, entry in read_jsonl(self._replacing):
            left = entry["until"] - time.time()
            time.sleep(left if 0 < left < _SETTLE * 2 else 0)
        self._replacing.unlink(missing_ok=True)
        return bool(pending)

    def send(self, batch: "Batch") -> bool:
        """Send `batch` in one request, which the server carries out whole or not at all.

        Returns:
            Whether its tasks are there; False for tasks that the server refuses.

        Raises:
            ServerError: The server fails or falls silent a second time.
        """
        if self._try(batch, last=False) is None:
            return self._try(batch, last=True) or False
        return True

    @contextmanager
    def behind(self, done: Callable[[int, bool], None]) -> Iterator[Callable[[list[Task]], None]]:
        """Yield what sends a batch while the next one is made ready; never two at a time.

        Args:
            done: Is told of each batch how many tasks it has, and whether they are there.
        """
        under_way: deque[tuple[int, Future[bool]]] = deque()
        failed = Event()

        def carry(batch: Batch) -> bool:
            if failed.is_set():  # the note on disk is about an earlier batch
                return False
            try:
                return self.send(batch)
            except BaseException:
                failed.set()
                raise

        def settle(*, but: int = 0) -> None:
            while len(under_way) > but:
                number, answer = under_way.popleft()
                done(number, answer.result())

        def send(tasks: list[Task]) -> None:
            batch = Batch.of(tasks)
            settle(but=1)
            under_way.append((len(tasks), courier.submit(carry, batch)))

        with ThreadPoolExecutor(max_workers=1) as courier:
            yield send
            settle()

    def _try(self, batch: "Batch", *, last: bool) -> bool | None:
        """Return whether the tasks are there, or None if it is worth another attempt."""
        first = batch.first
        # the time only bounds a wait on this machine; nothing hashed holds it
        until = time.time() + _SETTLE
        write_jsonl(self.note, [{"project": self.project.uuid, "key": list(first), "until": until}])
        try:
            path = f"/api/projects/{self.project.id}/import"
            answer = self.server.post(path, batch.body)
            stored = answer.get("prediction_count", 0) if isinstance(answer, dict) else 0
        except ServerError as error:
            if error.code == "server_refused":
                self.note.unlink()
                return False
            if error.code not in UNCLEAR:
                raise
            if not self._arrived(first, until=time.time() + _SETTLE):
                if last:
                    raise
                return None
            stored = 0
        if stored < batch.predictions:
            self._complete(batch)
        self.note.unlink()
        return True

    def _complete(self, batch: "Batch") -> None:
        """Send the predictions of `batch` that are not there: see `galley.annotations.plan`."""
        wanted = {task.key: task.prediction for task in batch.tasks if task.prediction}
        listed = list_tasks(self.server, self.project)
        lacking = [task for task in listed if not (task.predicted or task.touched)]
        predictions = [
            {"task": task.id, **wanted[task.key]} for task in lacking if task.key in wanted
        ]
        if predictions:
            self.server.post(f"/api/projects/{self.project.id}/import/predictions", predictions)

    def _arrived(self, key: tuple[str, str], *, until: float) -> bool:
        """Tell whether the batch that begins with `key` is there, or comes before `until`."""
        while True:
            if any(task.key == key for task in list_tasks(self.server, self.project)):
                return True
            if not 0 < until - time.time() < _SETTLE * 2:
                return False
            time.sleep(_POLL)
