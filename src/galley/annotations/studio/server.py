"""The embedded Label Studio: one server for a workspace, on this machine alone.

Example:
    ```python
    studio = Studio(Path(".galley/studio"), port=8980)
    status = studio.up()
    print(status.url, status.username, status.password_file)
    studio.down()
    ```
"""

import socket
import time
from dataclasses import dataclass, field
from pathlib import Path

from galley.annotations.studio import settings
from galley.annotations.studio.environment import Environment
from galley.annotations.studio.health import Health
from galley.annotations.studio.keys import USERNAME, Keys
from galley.annotations.studio.notify import Notify, silent
from galley.annotations.studio.process import Server, owner_of
from galley.annotations.studio.turn import turn
from galley.errors import StudioError
from galley.files import replacing, write_text

# Seconds until a start is given up. A quiet machine needs 4, a fresh database 40 more.
_START = 180
_POLL = 0.1
_FIRST_PORT = 8980


@dataclass(frozen=True, slots=True)
class StudioStatus:
    """A server that runs.

    Attributes:
        url: Its address, without a final slash.
        pid: The number of its process.
        token_file: Holds the API token.
        username: What a person logs in with.
        password_file: Holds the password.
        health: Whether it answers, and takes the token.
    """

    url: str
    pid: int
    token_file: Path
    username: str
    password_file: Path
    health: Health

    @property
    def token(self) -> str:
        """The API token."""
        return self.token_file.read_text(encoding="utf-8").strip()

    @property
    def password(self) -> str:
        """The password."""
        return self.password_file.read_text(encoding="utf-8").strip()


@dataclass(frozen=True)
class Studio:
    """The embedded server of one workspace.

    Args:
        folder: Its private folder: data, secrets, log.
        port: Where it listens, on 127.0.0.1; 0 takes the first free port from 8980 on, and
            the same one at every later start.
        environment: Where Label Studio is installed.
    """

    folder: Path
    port: int
    environment: Environment = field(default_factory=Environment.default)

    @property
    def log(self) -> Path:
        """What the server said since its last start."""
        return self.folder / "server.log"

    def up(self, notify: Notify = silent) -> StudioStatus:
        """Start the server unless it runs, and wait until it answers.

        Raises:
            StudioError: Label Studio is not installed, the port is busy, or it does not start.
        """
        self.environment.require()
        with turn(self._home, notify):
            server = self._find()
            if server is None:
                server = self._start(notify)
            self._await(server)
        return self._status(server, Health.OK)

    def down(self) -> bool:
        """Stop the server that `up` started, with its children; wait until it is gone.

        Returns:
            Whether there was one.

        Raises:
            StudioError: It does not end.
        """
        if not self._home.exists():
            return False
        with turn(self._home, silent):
            server = self._find()
            if server is not None:
                server.stop()
            self._note.unlink(missing_ok=True)
        return server is not None

    def status(self) -> StudioStatus | None:
        """Return what runs, or None."""
        server = self._find()
        if server is None:
            return None
        return self._status(server, Health.of(_url(server.port), self._keys.token))

    @property
    def _home(self) -> Path:
        return self.folder.absolute()

    @property
    def _note(self) -> Path:
        return self._home / "server.json"

    @property
    def _data(self) -> Path:
        return self._home / "data"

    @property
    def _keys(self) -> Keys:
        return Keys(self._home)

    def _find(self) -> Server | None:
        return Server.find(self._note, self._data)

    def _status(self, server: Server, health: Health) -> StudioStatus:
        keys = self._keys
        files = (keys.token_file, USERNAME, keys.password_file)
        return StudioStatus(_url(server.port), server.pid, *files, health)

    def _start(self, notify: Notify) -> Server:
        port = self._choose_port()
        notify(f"starting Label Studio at {_url(port)}")
        self._lay_out()
        keys = self._keys
        environ = settings.environ(self._data) | settings.login(
            username=USERNAME, password=keys.password, token=keys.token
        )
        program = str(self.environment.program)
        bind = ["--internal-host", "127.0.0.1", "--port", str(port)]
        self._note.unlink(missing_ok=True)
        command = [program, "start", "--no-browser", *bind]
        server = Server.start(command, environ, log=self.log, port=port)
        server.save(self._note)
        return server

    def _choose_port(self) -> int:
        """Return the port to listen on; one that was found free is kept for later starts."""
        kept = self._home / "port"
        if not self.port and not kept.exists():
            free = next(port for port in range(_FIRST_PORT, 65536) if _is_free(port))
            write_text(kept, f"{free}\n")
        port = self.port or int(kept.read_text(encoding="utf-8"))
        if not _is_free(port):
            raise StudioError(
                f"port {port} is taken by {owner_of(port)}",
                code="studio_port",
                hint="stop that, or set another port: GALLEY_STUDIO_PORT or [tool.galley.studio]",
            )
        return port

    def _lay_out(self) -> None:
        """Make the folder, for its owner alone, with a migrated database to begin from."""
        self._data.mkdir(parents=True, exist_ok=True)
        self._home.chmod(0o700)
        database = self._data / settings.DATABASE
        if not database.exists():
            with replacing(database, mode=0o600) as part:
                part.write_bytes(self.environment.database.read_bytes())

    def _await(self, server: Server) -> None:
        """Return when `server` answers and takes our token; stop one that never will."""
        url, restored, why = _url(server.port), False, f"did not come up within {_START} s"
        deadline = time.monotonic() + _START
        while server.alive and time.monotonic() < deadline:
            listening = server.ports
            if listening and server.port not in listening:
                # it took the next one
                why = f"cannot have the port, which {owner_of(server.port)} took meanwhile"
                break
            health = Health.of(url, self._keys.token) if listening else Health.SILENT
            if health is Health.OK:
                return
            if health is Health.REFUSED and not restored:
                self._keys.restore_token(self._data / settings.DATABASE)
                restored = True
            time.sleep(_POLL)
        why = why if server.alive else "ended at once"
        said = self.log.read_text(encoding="utf-8", errors="replace").strip()[-600:]
        server.stop()
        self._note.unlink(missing_ok=True)
        raise StudioError(
            f"Label Studio at {url} {why}; its log ends: {said}",
            code="studio_start",
            hint=f"see {self.log}, then run `galley studio up` again",
        )


def _url(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def _is_free(port: int) -> bool:
    """Return whether nobody listens on `port`: the server itself would silently take the next."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
