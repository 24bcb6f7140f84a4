"""The client edge of the Hub: the one module of the releases that talks to a network.

Every failure becomes one ReleaseError. Its code is LOST where nobody knows whether the request
took effect: then the caller looks at what is there and tries again, see `galley.releases.retry`.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import httpcore2
import httpx2
from huggingface_hub import (
    CommitOperationAdd,
    CommitOperationCopy,
    CommitOperationDelete,
    HfApi,
    get_token,
    set_client_factory,
)
from huggingface_hub.errors import (
    HfHubHTTPError,
    HFValidationError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.hf_api import RepoFile
from huggingface_hub.utils._http import default_client_factory
from huggingface_hub.utils.logging import set_verbosity_error
from huggingface_hub.utils.tqdm import disable_progress_bars

from galley.config import NetworkConfig
from galley.errors import ReleaseError
from galley.network import asked_wait, pace
from galley.releases.contents import OWN, HubFile, LocalFile, Tree
from galley.releases.retry import LOST, persist

_TYPE = "dataset"
_UNCERTAIN = frozenset({408, 409, 412, 425, 429})  # and all from 500 on


def bound(network: NetworkConfig) -> None:
    """Let this process wait for the Hub no longer than the settings say.

    By itself its client waits for ever.
    """

    def make() -> httpx2.Client:
        client = default_client_factory()
        client.timeout = httpx2.Timeout(network.silence, connect=network.connect)
        ways = (client._transport, *client._mounts.values())  # noqa: SLF001 - see `pace`
        pace(ways, network, httpcore2.ReadTimeout)
        return client

    set_client_factory(make)


@dataclass(frozen=True)
class Refs:
    """What points where.

    Attributes:
        head: The commit of `main`, or None in a repository without any.
        tags: The commit of each tag.
    """

    head: str | None
    tags: dict[str, str]


@dataclass(frozen=True)
class HubRepo:
    """A dataset repository on the Hub.

    Attributes:
        name: `ORG/NAME`.
        network: How long it is waited for.
    """

    name: str
    network: NetworkConfig = field(default_factory=NetworkConfig)

    def check_token(self) -> None:
        """Check that there is a token to write with.

        Raises:
            ReleaseError: There is none.
        """
        if not get_token():
            raise ReleaseError(
                f"there is no token to write to {self.name} with",
                code="no_token",
                hint="set HF_TOKEN, or run `hf auth login`",
            )

    def find_refs(self) -> Refs | None:
        """Return where `main` and the tags are, or None if there is no such repository."""

        def read() -> Refs | None:
            with self._talking("read the branches and tags of"):
                try:
                    refs = self._api.list_repo_refs(self.name, repo_type=_TYPE)
                except RepositoryNotFoundError as error:
                    if error.response.status_code == 401:
                        raise
                    return None
                heads = {branch.name: branch.target_commit for branch in refs.branches}
                return Refs(heads.get("main"), {tag.name: tag.target_commit for tag in refs.tags})

        return persist(read, self.network)

    def refs(self) -> Refs:
        """Return where `main` and the tags are.

        Raises:
            ReleaseError: There is no such repository, or it cannot be read.
        """
        refs = self.find_refs()
        if refs is None:
            raise ReleaseError(
                f"there is no dataset {self.name} on the Hub, or none that this token may see",
                code="hub_missing",
                hint="check the name, and set HF_TOKEN for a private dataset",
            )
        return refs

    def tree(self, revision: str) -> Tree:
        """Return the files of a commit."""

        def read() -> Tree:
            with self._talking(f"list the files of {revision} of"):
                found = self._api.list_repo_tree(
                    self.name, revision=revision, recursive=True, repo_type=_TYPE
                )
                return {
                    file.path: HubFile(
                        file.blob_id, None if file.lfs is None else file.lfs.sha256, file.size
                    )
                    for file in found
                    if isinstance(file, RepoFile)
                }

        return persist(read, self.network)

    def create(self) -> None:
        """Make the repository; nothing happens if it is there."""
        with self._talking("create"):
            self._api.create_repo(self.name, repo_type=_TYPE, exist_ok=True)

    def upload(
        self, files: dict[str, LocalFile], *, deleted: Iterable[str], parent: str | None, title: str
    ) -> None:
        """Make one commit on top of `parent` with `files` in it and `deleted` gone."""
        operations = [
            *(CommitOperationDelete(name, is_folder=False) for name in deleted),
            *(CommitOperationAdd(name, str(file.path)) for name, file in files.items()),
        ]
        self._commit(operations, parent, title)

    def restore(
        self,
        names: Iterable[str],
        revision: str,
        *,
        deleted: Iterable[str],
        parent: str,
        title: str,
    ) -> None:
        """Make one commit with the files `names` of `revision` in it and `deleted` gone."""
        operations = [
            *(CommitOperationDelete(name, is_folder=False) for name in deleted),
            *(CommitOperationCopy(name, name, src_revision=revision) for name in names),
        ]
        self._commit(operations, parent, title)

    def tag(self, name: str, revision: str) -> None:
        """Give a commit a tag that is free."""
        with self._talking(f"tag {name} in"):
            self._api.create_tag(self.name, tag=name, revision=revision, repo_type=_TYPE)

    def delete_tag(self, name: str) -> None:
        """Take a tag away; nothing happens if it is gone."""
        with self._talking(f"delete the tag {name} of"):
            try:
                self._api.delete_tag(self.name, tag=name, repo_type=_TYPE)
            except RevisionNotFoundError:
                return

    def download(self, revision: str, folder: Path) -> None:
        """Write the files of a commit into `folder`, from the Hub and no cache."""

        def fetch() -> None:
            with self._talking(f"download {revision} of"):
                self._api.snapshot_download(
                    self.name,
                    repo_type=_TYPE,
                    revision=revision,
                    cache_dir=folder.parent / "cache",
                    local_dir=folder,
                    ignore_patterns=sorted(OWN),
                )

        persist(fetch, self.network)

    def _commit(self, operations: list[Any], parent: str | None, title: str) -> None:
        with self._talking("commit to"):
            self._api.create_commit(
                self.name,
                operations,
                commit_message=title,
                parent_commit=parent,
                repo_type=_TYPE,
            )

    @cached_property
    def _api(self) -> HfApi:
        bound(self.network)
        disable_progress_bars()
        set_verbosity_error()  # type: ignore[no-untyped-call] # it tells of every retry
        return HfApi(token=get_token(), library_name="galley")

    @contextmanager
    def _talking(self, what: str) -> Iterator[None]:
        """Turn whatever the client raises into one ReleaseError."""
        try:
            yield
        except ReleaseError:
            raise
        except (OfflineModeIsEnabled, HFValidationError) as error:
            raise _failure(f"cannot {what} {self.name}: {error}", "hub_refuses") from error
        except HfHubHTTPError as error:
            raise self._answered(what, error) from error
        except (httpx2.HTTPError, LocalEntryNotFoundError, RuntimeError, OSError) as error:
            # The Xet client raises RuntimeError and OSError, whatever happened.
            raise _failure(f"cannot {what} {self.name}: {_first_line(error)}", LOST) from error
        except ValueError as error:  # a card that the Hub does not take, or a damaged answer
            code = "hub_refuses" if isinstance(error.__cause__, HfHubHTTPError) else LOST
            raise _failure(f"cannot {what} {self.name}: {_first_line(error)}", code) from error
        except (LookupError, TypeError, AttributeError) as error:
            # The client found something else in an answer than the Hub says.
            message = f"cannot {what} {self.name}: what answered is no Hub: {error!r:.100}"
            raise _failure(message, LOST) from error

    def _answered(self, what: str, error: HfHubHTTPError) -> ReleaseError:
        status = error.response.status_code
        message = f"cannot {what} {self.name}: the Hub answered {status}: {_first_line(error)}"
        if status == 429:
            wait = asked_wait(error.response.headers.get("Retry-After", "")) or 0.0
            if wait > self.network.patience:
                hint = "run the same command again then; network.patience is how long it is waited"
                message = f"{message}; it asks to come back in {wait:.0f} s"
                return ReleaseError(message, code="hub_throttled", hint=hint)
            time.sleep(wait)
        if status in {401, 403}:
            hint = (
                "HF_TOKEN must be a token that may write to it; `hf auth whoami` says whose it is"
            )
            return ReleaseError(message, code="hub_denied", hint=hint)
        return _failure(message, LOST if status in _UNCERTAIN or status >= 500 else "hub_refuses")


def _failure(message: str, code: str) -> ReleaseError:
    hint = "run the same command again: it goes on where it stopped" if code == LOST else ""
    return ReleaseError(message, code=code, hint=hint)


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else repr(error)
