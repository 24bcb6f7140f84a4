"""Who may speak to Label Studio: each kind of token, and each way of not getting through."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from galley.annotations.studio.server import StudioStatus
from tests.conftest import ROOT
from tests.e2e.studio.desk import Desk
from tests.e2e.studio.proxy import proxied


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
    shutil.copy(ROOT / "DATASHEET.md", desk.folder)
    desk.run("release", **environ)
    desk.run("status", **environ)
    (desk.folder / "said.log").write_text("".join(desk.said), encoding="utf-8")
    shutil.copy(desk.server.token_file.parent / "server.log", desk.folder)
    made = {path.name for path in desk.folder.iterdir()}
    assert {"releases", "annotations", ".galley", "said.log", "server.log"} <= made
    parts = [part.encode() for part in (secret, *secret.split(".")[1:])]
    assert leaks(desk.folder, parts) == []
    # what is searched would be found, compressed or not
    (desk.folder / "log").write_bytes(b"Bearer " + parts[0])
    pq.write_table(pa.table({"text": [f"it is {secret}."] * 9}), desk.folder / "rows.parquet")
    with pa.output_stream(str(desk.folder / "index.zst"), compression="zstd") as stream:
        stream.write(parts[0] * 9)
    assert leaks(desk.folder, parts) == ["index.zst", "log", "rows.parquet"]


def leaks(folder: Path, parts: list[bytes]) -> list[str]:
    """Return the files below `folder` that hold one of `parts`, unpacked where they are packed."""
    files = (path for path in folder.rglob("*") if path.is_file())
    found = [path for path in files if any(part in unpacked(path) for part in parts)]
    return sorted(path.relative_to(folder).as_posix() for path in found)


def unpacked(path: Path) -> bytes:
    data = path.read_bytes()
    if path.suffix == ".parquet":
        return data + repr(pq.read_table(path).to_pylist()).encode()
    if path.suffix == ".zst":
        with pa.input_stream(str(path), compression="zstd") as stream:
            return data + bytes(stream.read())
    return data


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


@pytest.mark.parametrize("release", ["1.22.0", "0.9.1", "2.0.0"])
def test_unsupported_versions(desk: Desk, release: str) -> None:
    """A server that says it is of another version is refused before anything is asked of it."""

    def older(path: str, answer: bytes) -> bytes:
        if not path.startswith("/api/version"):
            return answer
        return json.dumps(json.loads(answer) | {"release": release}).encode()

    with proxied(desk.server.url) as proxy:
        proxy.rewrites = older
        for words in (["push"], ["pull"], ["adopt", "1"]):
            environ = {"LABEL_STUDIO_URL": proxy.url}
            check_refusal(desk, desk.server.token, *words, code="server_version", **environ)
        assert {path for _, path, _ in proxy.requests} == {"/api/version"}
        proxy.rewrites = lambda _, answer: answer
        assert desk.run("push", LABEL_STUDIO_URL=proxy.url)["created"] == 1


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
