"""The embedded server's one user: a name, a password and a token that no person thought up."""

import secrets
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from galley.files import write_bytes

USERNAME = "galley@localhost.localdomain"


@dataclass(frozen=True, slots=True)
class Keys:
    """Where the secrets of the embedded server lie, readable by their owner alone.

    Attributes:
        folder: The server's folder.
    """

    folder: Path

    @property
    def token_file(self) -> Path:
        """The API token, for programs."""
        return self.folder / "token"

    @property
    def password_file(self) -> Path:
        """The password, for the log-in page."""
        return self.folder / "password"

    @property
    def token(self) -> str:
        """The API token; it is made when it is first asked for."""
        return _read(self.token_file, 20)

    @property
    def password(self) -> str:
        """The password; it is made when it is first asked for."""
        return _read(self.password_file, 16)

    def restore_token(self, database: Path) -> None:
        """Make the server's database hold our token for our user.

        It may hold another one: a first start was killed half-way, or somebody pressed
        "renew" on the account page.
        """
        with closing(sqlite3.connect(database, timeout=30)) as connection, connection:
            row = connection.execute("SELECT id FROM htx_user WHERE email = ?", (USERNAME,))
            (user,) = row.fetchone() or (None,)
            if user is None:
                return
            connection.execute("DELETE FROM authtoken_token WHERE user_id = ?", (user,))
            connection.execute(
                "INSERT INTO authtoken_token (key, created, user_id)"
                " VALUES (?, CURRENT_TIMESTAMP, ?)",
                (self.token, user),
            )


def _read(path: Path, size: int) -> str:
    """Return the secret in `path`; write one of `size` random bytes where there is none."""
    if not path.exists():
        write_bytes(path, f"{secrets.token_hex(size)}\n".encode(), mode=0o600)
    return path.read_text(encoding="utf-8").strip()
