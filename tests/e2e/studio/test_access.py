"""Who may speak to Label Studio: each kind of token, and each way of not getting through."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
import pytest

from galley.annotations.studio.server import StudioStatus
from tests.e2e.studio.desk import Desk


@dataclass
class Account:
    """A person's account on the server, logged in."""

    server: StudioStatus
    client: httpx.Client
    number: int = 0

    @classmethod
    def sign_up(cls, desk: Desk, client: httpx.Client) -> "Account":
        """Make an account by an invitation."""
        account = cls(desk.server, client)
        link = desk.api.get("/api/invite").json()["invite_url"]
        client.get(link)
        form = {"email": f"{uuid4().hex}@localhost.localdomain", "password": uuid4().hex}
        answer = client.post(
            link, data=form | {"allow_newsletters": "false"}, headers=account.form_headers
        )
        assert answer.status_code == 302, answer.text[:500]
        account.number = client.get("/api/current-user/whoami").json()["id"]
        return account

    @property
    def form_headers(self) -> dict[str, str]:
        return {"X-CSRFToken": self.client.cookies["csrftoken"], "Referer": self.server.url}

    def personal_token(self) -> str:
        """Make a personal access token."""
        answer = self.client.post("/api/token/", headers=self.form_headers)
        return str(answer.json()["token"])

    def legacy_token(self) -> str:
        """Return the account's own token."""
        return str(self.client.get("/api/current-user/token").json()["token"])


@pytest.fixture
def account(desk: Desk) -> Any:
    """Yield the account of a second person."""
    with httpx.Client(base_url=desk.server.url, trust_env=False, timeout=60) as client:
        yield Account.sign_up(desk, client)


TOKENS = [Account.personal_token, Account.legacy_token]


@pytest.mark.parametrize("token", TOKENS)
def test_tokens(desk: Desk, account: Account, token: Callable[[Account], str]) -> None:
    """Both kinds of token work, and stand in no file, neither here nor in what is said."""
    secret = token(account)
    environ = {"LABEL_STUDIO_API_KEY": secret, "GALLEY_STUDIO_BATCH": "1"}
    project = desk.run("push", **environ)["project_id"]
    desk.annotate(desk.tasks(project)[0]["id"], [])
    assert desk.run("pull", **environ)["events"] == 1
    assert desk.run("adopt", str(project), code=None, **environ)["tasks"] == 1
    files = [path for path in desk.folder.rglob("*") if path.is_file()]
    assert len(files) > 8
    parts = [part.encode() for part in (secret, secret.split(".")[-1])]
    assert not [path for path in files if any(part in path.read_bytes() for part in parts)]


@pytest.mark.parametrize("word", ["push", "pull"])
@pytest.mark.parametrize("token", TOKENS)
def test_taken_out_of_the_organisation(
    desk: Desk, account: Account, token: Callable[[Account], str], word: str
) -> None:
    """The server fails for such an account; Galley says what that means."""
    desk.run("push")
    secret = token(account)
    path = f"/api/organizations/1/memberships/{account.number}/"
    assert desk.api.delete(path).is_success
    check_refusal(desk, secret, word, code="server_permission")


def test_another_organisation(desk: Desk, account: Account) -> None:
    """Whoever belongs to another organisation sees no project of ours and may not open one."""
    project = desk.run("push")["project_id"]
    secret, legacy = account.personal_token(), account.legacy_token()
    move_out(desk.server, account.number)
    check_refusal(desk, secret, "pull", code="no_project")
    check_refusal(desk, secret, "adopt", str(project), code="no_project")
    check_refusal(desk, legacy, "pull", code="server_token")  # off in a new organisation


@pytest.mark.parametrize(
    ("environ", "code"),
    [
        ({"LABEL_STUDIO_API_KEY": "0" * 40}, "server_token"),
        ({"LABEL_STUDIO_API_KEY": "a.b.c"}, "server_token"),
        ({"LABEL_STUDIO_API_KEY": ""}, "server_token"),
        ({"LABEL_STUDIO_API_KEY": "line\nbreak"}, "server_token"),
        ({"LABEL_STUDIO_API_KEY": "“quoted”"}, "server_token"),
        ({"LABEL_STUDIO_URL": "http://127.0.0.1:9"}, "server_unreachable"),
        ({"LABEL_STUDIO_URL": "ftp://127.0.0.1"}, "server_url"),
        ({"LABEL_STUDIO_URL": ""}, "server_down"),
    ],
)
def test_refusals(desk: Desk, environ: dict[str, str], code: str) -> None:
    """Each way of not getting through has one clear error, without the token."""
    secret = environ.get("LABEL_STUDIO_API_KEY") or desk.server.token
    check_refusal(desk, secret, "pull", code=code, **environ)


def check_refusal(desk: Desk, secret: str, *words: str, code: str, **environ: str) -> None:
    """Run a command with a token: it must say why it fails, and not with what."""
    environ = desk.environ | {"LABEL_STUDIO_API_KEY": secret} | environ
    done = desk.galley(*words, "--json", cwd=desk.folder, **environ)
    assert done.returncode == 2, done.stdout + done.stderr
    error = json.loads(done.stdout)["error"]
    assert (error["code"], bool(error["hint"])) == (code, True), error
    human = desk.galley(*words, cwd=desk.folder, **environ)
    assert human.stderr.count("error: ") == 1
    said = done.stdout + done.stderr + human.stdout + human.stderr
    assert secret not in said
    assert "Traceback" not in said


def move_out(server: StudioStatus, user: int) -> None:
    """Put a user into an organisation of its own: the community edition has no page for that."""
    database = server.token_file.parent / "data/label_studio.sqlite3"
    now = "2026-01-01 00:00:00"
    with closing(sqlite3.connect(database, timeout=30)) as connection, connection:
        row = connection.execute(
            "INSERT INTO organization (title, created_at, updated_at, created_by_id, token)"
            " VALUES ('other', ?, ?, ?, ?) RETURNING id",
            (now, now, user, uuid4().hex),
        )
        (other,) = row.fetchone()
        connection.execute(
            "UPDATE organizations_organizationmember SET organization_id = ? WHERE user_id = ?",
            (other, user),
        )
        connection.execute(
            "UPDATE htx_user SET active_organization_id = ? WHERE id = ?", (other, user)
        )
