"""Effects of a process, counted; the k-th of them is the last thing before it dies, or fails.

An effect is whatever another process could see: a file opened for writing, made, renamed,
removed or flushed below one folder, and bytes sent over a socket. Only the standard library is
imported here, and as little of it as possible.
"""

import errno
import fcntl
import os
import signal
import socket
import sys
from typing import Any

# How the k-th effect ends things:
# kill  before it, and all that went before stays;
# power before it, and of what was not flushed to disk half is lost;
# send  of bytes sent, half go and then it dies; elsewhere as kill;
# full  it fails, and so does all that needs room from then on;
# seal  it fails, and so does all that changes anything from then on;
# stop  it waits before it for a signal to go on;
# one   the process whose effect it is dies, and no other.
_FAILS = {"full": errno.ENOSPC, "seal": errno.EROFS}
_SEEN = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate"}
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Effects:
    """What happens in this process and those that it starts.

    Args:
        root: Effects count below it.
        counter: A file that counts, for all of them.
        at: Which effect is struck, from 0; none below.
        way: How.
    """

    def __init__(self, root: str, counter: str, at: int, way: str) -> None:
        self.root, self.counter, self.at, self.way = root, counter, at, way
        self.unsynced: dict[str, int] = {}
        self.busy = False

    def arm(self) -> None:
        """Begin to count."""
        sys.addaudithook(self._hear)
        fsync, send, sendall = os.fsync, socket.socket.send, socket.socket.sendall

        def counted_fsync(file: Any) -> None:
            number = file if isinstance(file, int) else file.fileno()
            path = os.readlink(f"/proc/self/fd/{number}")
            if path.startswith(self.root):
                self._count("fsync", path)
            fsync(file)
            self.unsynced.pop(path, None)

        def counted_sendall(own: socket.socket, data: Any, *flags: int) -> None:
            if own.family != socket.AF_UNIX:
                self._count("send", "", (own, data))
            sendall(own, data, *flags)

        def counted_send(own: socket.socket, data: Any, *flags: int) -> int:
            if own.family != socket.AF_UNIX:
                self._count("send", "", (own, data))
            return send(own, data, *flags)

        os.fsync = counted_fsync
        socket.socket.sendall = counted_sendall  # type: ignore[method-assign]
        socket.socket.send = counted_send  # type: ignore[method-assign]

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if self.busy or (event != "open" and event not in _SEEN):
            return
        if event == "open" and not (isinstance(args[2], int) and args[2] & _WRITES):
            return
        if isinstance(args[0], int) or args[0] is None:
            return
        self.busy = True
        try:
            self._meet(event, args)
        finally:
            self.busy = False

    def _meet(self, event: str, args: tuple[Any, ...]) -> None:
        folder = args[-1] if event in {"os.remove", "os.rmdir"} else -1
        path = self._absolute(args[0], folder)
        if not path.startswith(self.root) or path.endswith((".lock", "/lock")):
            return
        self._count(event, path)
        if event == "open":
            exists = os.path.exists(path) and not args[2] & os.O_TRUNC
            self.unsynced.setdefault(path, os.path.getsize(path) if exists else 0)
        elif event == "os.remove":
            self.unsynced.pop(path, None)
        elif event == "os.rename":
            target = self._absolute(args[1], -1)
            moved = [name for name in self.unsynced if name == path or name.startswith(path + "/")]
            self.unsynced.pop(target, None)
            for name in moved:
                self.unsynced[target + name[len(path) :]] = self.unsynced.pop(name)

    @staticmethod
    def _absolute(path: Any, folder: Any) -> str:
        name = os.fsdecode(path)
        if isinstance(folder, int) and folder >= 0 and not os.path.isabs(name):
            return os.path.join(os.readlink(f"/proc/self/fd/{folder}"), name)
        return os.path.abspath(name)

    def _count(self, event: str, path: str, sent: tuple[socket.socket, Any] | None = None) -> None:
        was, self.busy = self.busy, True
        try:
            number = self._next(event, path)
        finally:
            self.busy = was
        if number == self.at and self.way not in _FAILS:
            self._strike(sent)
        needs_room = event in {"open", "os.mkdir", "fsync"}
        if 0 <= self.at <= number and (needs_room or self.way == "seal") and event != "send":
            why = _FAILS.get(self.way)
            if why is not None:
                raise OSError(why, os.strerror(why), path)

    def _next(self, event: str, path: str) -> int:
        with open(self.counter, "a+b", buffering=0) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            number = file.read().count(b"\n")
            file.write(f"{event} {path[len(self.root) :]}\n".encode())
        return number

    def _strike(self, sent: tuple[socket.socket, Any] | None) -> None:
        if self.way in {"stop", "one"}:
            os.kill(os.getpid(), signal.SIGSTOP if self.way == "stop" else signal.SIGKILL)
            return
        if self.way == "send" and sent is not None:
            data = bytes(sent[1])
            # past what is counted: the socket is that of the system
            os.write(sent[0].fileno(), data[: len(data) // 2] if self.at % 2 else data)
        if self.way == "power":
            self.busy = True
            for path, size in self.unsynced.items():
                if os.path.isfile(path) and os.path.getsize(path) > size:
                    os.truncate(path, size + (os.path.getsize(path) - size) // 2)
        os.killpg(0, signal.SIGKILL)


def arm(plan: str) -> None:
    """Begin to count, as `root|counter|at|way` says."""
    root, counter, at, way = plan.split("|")
    Effects(root, counter, int(at), way).arm()
