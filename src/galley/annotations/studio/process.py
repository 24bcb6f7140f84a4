"""The server's process: start it, find it again, stop it.

A process number alone says little, for the system gives it to another process later: with
the time at which the process started it is unique.
"""

import json
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from galley.errors import StudioError
from galley.files import write_json

if TYPE_CHECKING:
    import psutil

# Seconds that the server gets to end by itself before it is killed.
_PATIENCE = 10
_PERIOD = 0.05  # seconds between two looks
# By this variable a server is known that was started by someone who did not live to note it.
_MARK = "LABEL_STUDIO_BASE_DATA_DIR"


@dataclass(frozen=True, slots=True)
class Server:
    """A Label Studio process.

    Attributes:
        pid: Its number, which is its process group's too.
        started: When it started, in seconds since 1970 as the system counts them.
        port: Where it was told to listen.
    """

    pid: int
    started: float
    port: int

    @classmethod
    def start(
        cls, command: list[str], environ: dict[str, str], log: Path, *, port: int
    ) -> "Server":
        """Start `command` in a session of its own, so that no terminal takes it along."""
        new = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND
        pid = os.posix_spawn(  # leaves nothing behind that would have to wait for the process
            command[0],
            command,
            environ,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, str(log), new, 0o600),
                (os.POSIX_SPAWN_DUP2, 1, 2),
            ],
            setsid=True,
        )
        return cls.of(_process(pid), port)

    @classmethod
    def of(cls, process: "psutil.Process", port: int) -> "Server":
        """Return the server that runs as `process`."""
        return cls(process.pid, process.create_time(), port)

    @classmethod
    def find(cls, note: Path, data: Path) -> "Server | None":
        """Return the living server of the data folder `data`, or None.

        It is the one that `note` names; without a note, any process of ours that keeps its
        data there.
        """
        try:
            server = cls(**json.loads(note.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return _search(data)
        return server if server.alive else None

    def save(self, note: Path) -> None:
        """Note the server down for those who come later."""
        write_json(note, asdict(self))

    @property
    def alive(self) -> bool:
        """Whether the process runs, and is the very one that was started."""
        import psutil  # noqa: PLC0415 - not needed for --help

        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started) < 1
            return same and process.status() != psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return False

    @property
    def ports(self) -> set[int]:
        """The ports that the process listens at."""
        import psutil  # noqa: PLC0415

        try:
            return {port for port, _ in _listeners(psutil.Process(self.pid).net_connections("tcp"))}
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return set()

    def stop(self) -> None:
        """End the process and its children, and wait until they are gone.

        Raises:
            StudioError: One of them does not end.
        """
        import psutil  # noqa: PLC0415

        if not self.alive:
            return
        process = psutil.Process(self.pid)
        left = [process, *process.children(recursive=True)]
        for signal in ("terminate", "kill"):
            for member in left:
                _send(member, signal)
            left = _outlive(left, _PATIENCE)
        if left:
            raise StudioError(
                f"the server's process {left[0].pid} does not end",
                code="studio_stop",
                hint="see what it waits for with `ps`, then run the command again",
            )


def _send(process: "psutil.Process", signal: str) -> None:
    import psutil  # noqa: PLC0415

    try:
        getattr(process, signal)()
    except psutil.NoSuchProcess:
        return  # it ended by itself


def _outlive(processes: list["psutil.Process"], patience: float) -> list["psutil.Process"]:
    """Return which of `processes` still run after `patience` seconds, or at once if none does.

    One that has ended and whose parent has not asked how runs no more; in a container the first
    process may never ask, so `psutil.wait_procs` would wait in vain.
    """
    import psutil  # noqa: PLC0415

    until = time.monotonic() + patience
    while left := [process for process in processes if is_alive(process)]:
        if time.monotonic() > until:
            break
        time.sleep(_PERIOD)
    psutil.wait_procs(processes, timeout=1)  # asks, where it is for us to ask
    return left


def is_alive(process: "psutil.Process") -> bool:
    """Return whether `process` runs: one that has ended unasked is only still listed."""
    import psutil  # noqa: PLC0415

    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _process(pid: int) -> "psutil.Process":
    import psutil  # noqa: PLC0415

    return psutil.Process(pid)


def _search(data: Path) -> Server | None:
    """Return the server that keeps its data in `data`, found among this user's processes."""
    import psutil  # noqa: PLC0415

    # not process_iter: it remembers processes by numbers that others may have by now
    for pid in psutil.pids():
        try:
            process = psutil.Process(pid)
            if process.environ().get(_MARK) != str(data):
                continue
            arguments = process.cmdline()
            return Server.of(process, int(arguments[arguments.index("--port") + 1]))
        except (psutil.Error, OSError, ValueError, IndexError):
            continue  # another user's, ended meanwhile, or no server
    return None


def owner_of(port: int) -> str:
    """Name who listens at `port`, as far as this user may know."""
    import psutil  # noqa: PLC0415

    try:
        for taken, pid in _listeners(psutil.net_connections("tcp")):
            if taken == port and pid:
                return f"{psutil.Process(pid).name()} (process {pid})"
    except psutil.Error:
        pass
    return "another program"


def _listeners(connections: Iterable[Any]) -> Iterator[tuple[int, int | None]]:
    """Yield port and process (for one of ours: None) of the connections that listen."""
    for item in connections:
        if item.status == "LISTEN":
            yield item.laddr.port, getattr(item, "pid", None)
