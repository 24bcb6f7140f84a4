"""Who annotated: from a person's number on the server to the pseudonym."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from galley.annotations.answer import expect_rows
from galley.annotations.project import Project
from galley.annotations.pseudonym import Pseudonyms
from galley.annotations.server import Server


@dataclass(frozen=True)
class Directory:
    """The people of a server; who they are is asked for once somebody annotated.

    Attributes:
        server: The server.
        project: Its project.
        open: Opens the workspace's pseudonyms.
    """

    server: Server
    project: Project
    open: Callable[[], Pseudonyms]

    def pseudonym(self, number: int) -> str:
        """Return the pseudonym of a person: from the e-mail address, else from the number."""
        pseudonyms, addresses = self._known
        return pseudonyms.of(addresses.get(number) or f"user {number} of {self.project.uuid}")

    @cached_property
    def _known(self) -> tuple[Pseudonyms, dict[int, str]]:
        return self.open(), list_people(self.server)


def list_people(server: Server) -> dict[int, str]:
    """Return the e-mail address of each user of the server, by number."""
    users = expect_rows(server.get("/api/users"), "id", "email")
    return {user["id"]: user["email"] for user in users}
