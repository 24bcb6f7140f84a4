"""What answers of a server must have to be read: else something stands in its place."""

from typing import Any

from galley.errors import ServerError


def expect(answer: Any, *names: str) -> dict[str, Any]:
    """Return `answer`, an object with these names in it.

    Raises:
        ServerError: It is another thing.
    """
    if not isinstance(answer, dict) or not answer.keys() >= set(names):
        raise _other(f"an object with {', '.join(names)}", answer)
    return answer


def expect_rows(answer: Any, *names: str) -> list[dict[str, Any]]:
    """Return `answer`, a list of objects with these names in each.

    Raises:
        ServerError: It is another thing.
    """
    if not isinstance(answer, list):
        raise _other("a list", answer)
    return [expect(row, *names) for row in answer]


def _other(expected: str, answer: Any) -> ServerError:
    return ServerError(
        f"Label Studio answered otherwise than it does: expected {expected}, got {answer!r:.100}",
        code="server_answer",
        hint="what stands between here and there? Then run the command again",
    )
