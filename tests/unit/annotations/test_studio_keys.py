"""The secrets of the embedded server."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from galley.annotations.studio.health import Health
from galley.annotations.studio.keys import USERNAME, Keys
from tests.conftest import free_port


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Return a database with two users and their tokens, in Label Studio's tables."""
    path = tmp_path / "db.sqlite3"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(
            "CREATE TABLE htx_user (id INTEGER, email TEXT);"
            "CREATE TABLE authtoken_token (key TEXT, created TEXT, user_id INTEGER UNIQUE);"
            "INSERT INTO authtoken_token VALUES ('theirs', '', 1), ('renewed', '', 2);"
        )
        users = [(1, "a@b.c"), (2, USERNAME)]
        connection.executemany("INSERT INTO htx_user VALUES (?, ?)", users)
    return path


def test_secrets_are_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    """Nobody thinks them up, nobody else reads them."""
    first, again = Keys(tmp_path), Keys(tmp_path)
    assert (first.token, first.password) == (again.token, again.password)
    assert len(first.token) == 40 != len(first.password)
    modes = {path.stat().st_mode & 0o777 for path in (first.token_file, first.password_file)}
    assert modes == {0o600}


def test_two_servers_share_no_secret(tmp_path: Path) -> None:
    """They are random."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert Keys(tmp_path / "a").token != Keys(tmp_path / "b").token


def test_our_token_is_restored_and_no_other(tmp_path: Path, database: Path) -> None:
    """Only the token of Galley's own user changes."""
    keys = Keys(tmp_path)
    keys.restore_token(database)
    with closing(sqlite3.connect(database)) as connection:
        rows = dict(connection.execute("SELECT user_id, key FROM authtoken_token"))
    assert rows == {1: "theirs", 2: keys.token}


def test_nobody_answers_at_a_closed_port() -> None:
    """A server that is not there is silent, not an exception."""
    assert Health.of(f"http://127.0.0.1:{free_port()}", "token") is Health.SILENT
