"""Publish on the Hub: one commit, checked, tagged, read again.

Every step first looks at what is there. So an answer that got lost, a run that was killed and a
second run come to the same end: one commit and one tag with the right bytes, or a clear error.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property

from galley.config import NetworkConfig
from galley.errors import ReleaseError
from galley.releases.contents import OWN, Tree, compare_tree
from galley.releases.hub import HubRepo, Refs
from galley.releases.loader import load_apart
from galley.releases.plan import Confirm, Plan
from galley.releases.retry import LOST, persist
from galley.releases.staging import Staged, refuse
from galley.releases.version import Version
from galley.schema.issue import Issue

_AGAIN = "`galley verify hf://datasets/…` says what differs, `galley rollback` goes back"


@dataclass(frozen=True)
class HubTarget:
    """A dataset on the Hub.

    Attributes:
        name: `ORG/NAME`.
        network: How long it is waited for.
    """

    name: str
    network: NetworkConfig = field(default_factory=NetworkConfig)

    def publish(self, staged: Staged, confirm: Confirm) -> Plan:
        """Publish a release: one commit that makes `main` equal to it, and a tag.

        Raises:
            ReleaseError: The tag exists with other content, a newer version is published,
                somebody else changes `main` meanwhile, or the Hub fails for too long.
        """
        self._repo.check_token()
        plan = self._plan(staged)
        if not plan.empty and not confirm(plan):
            return plan
        if plan.creates:
            persist(self._repo.create, self.network)
        if plan.tag == "new":
            sha = self._land(staged)
            persist(lambda: self._tag(tag_of(staged.version), sha), self.network)
        self._check(staged)
        return plan

    def yank(self, version: str, confirm: Confirm) -> Plan:
        """Delete the tag of a version. What `main` holds, and all history, stays.

        Raises:
            ReleaseError: There is no such tag, or the Hub fails for too long.
        """
        self._repo.check_token()
        refs = self._repo.refs()
        tag = tag_of(version)
        plan = Plan("yank", version, self.name, tag="deleted", notes=self._left(refs, tag))
        self._find(refs, tag)
        if confirm(plan):
            persist(lambda: self._untag(tag), self.network)
        return plan

    def rollback(self, version: str, confirm: Confirm) -> Plan:
        """Make `main` equal to a version that is tagged, in one commit.

        Raises:
            ReleaseError: There is no such tag, somebody else changes `main` meanwhile, or the
                Hub fails for too long.
        """
        self._repo.check_token()
        refs = self._repo.refs()
        sha = self._find(refs, tag_of(version))
        wanted, have = self._repo.tree(sha), self._head_tree(refs)
        plan = Plan(
            "rollback",
            version,
            self.name,
            written=sorted(name for name in _changed(wanted, have)),
            deleted=sorted(have.keys() - wanted.keys() - OWN),
        )
        if not plan.empty and confirm(plan):
            persist(lambda: self._restore(plan, sha, str(refs.head)), self.network)
        return plan

    @cached_property
    def _repo(self) -> HubRepo:
        return HubRepo(self.name, self.network)

    def _plan(self, staged: Staged) -> Plan:
        refs = self._repo.find_refs()
        plan = Plan("publish", staged.version, self.name)
        if refs is None:
            return replace(plan, creates=True, written=sorted(staged.files), tag="new")
        tag = tag_of(staged.version)
        if tag in refs.tags:
            self._check_tag(staged, refs.tags[tag])
            return plan
        _check_order(staged.version, refs)
        tree = self._head_tree(refs)
        files = staged.files
        written = [n for n in files if n not in tree or not tree[n].matches(files[n])]
        deleted = sorted(tree.keys() - files.keys() - OWN)
        return replace(plan, written=written, deleted=deleted, tag="new")

    def _head_tree(self, refs: Refs) -> Tree:
        return {} if refs.head is None else self._repo.tree(refs.head)

    def _differences(self, staged: Staged, sha: str) -> list[Issue]:
        """Return where a commit is not the release, at a second look too.

        What stands before the Hub may have answered the first.
        """
        return [*compare_tree(staged.files, self._repo.tree(sha))] and [
            *compare_tree(staged.files, self._repo.tree(sha))
        ]

    def _check_tag(self, staged: Staged, sha: str) -> None:
        for issue in self._differences(staged, sha):
            raise ReleaseError(
                f"{self.name} has the tag {tag_of(staged.version)} with other content: "
                f"{issue.path}: {issue.code}: expected {issue.expected}, got {issue.got}",
                code="tag_exists",
                hint="a version that was published never changes: release a new one",
            )

    def _land(self, staged: Staged) -> str:
        """Make `main` equal to the staged release and return its commit."""
        first = self._repo.refs().head

        def step() -> str:
            head = self._repo.refs().head
            if head is not None and not [*compare_tree(staged.files, self._repo.tree(head))]:
                return head
            self._check_unmoved(first, head)
            gone = [] if head is None else self._repo.tree(head).keys() - staged.files.keys() - OWN
            title = f"Release {staged.version}"
            self._repo.upload(staged.files, deleted=sorted(gone), parent=head, title=title)
            landed = str(self._repo.refs().head)
            issues = self._differences(staged, landed)
            refuse(issues, f"the commit {landed} on {self.name} is not what was sent", hint=_AGAIN)
            return landed

        return persist(step, self.network)

    def _restore(self, plan: Plan, sha: str, first: str) -> None:
        wanted, head = self._repo.tree(sha), str(self._repo.refs().head)
        have = self._repo.tree(head)
        if not (_changed(wanted, have) or have.keys() - wanted.keys() - OWN):
            return
        self._check_unmoved(first, head)
        title = f"Back to release {plan.version}"
        names = sorted(wanted.keys() - OWN)
        self._repo.restore(names, sha, deleted=plan.deleted, parent=head, title=title)
        after = self._head_tree(self._repo.refs())
        if _changed(wanted, after) or after.keys() - wanted.keys() - OWN:
            raise _lost(f"{self.name} is not what was asked for after the commit")

    def _check_unmoved(self, first: str | None, head: str | None) -> None:
        if head != first:
            raise ReleaseError(
                f"somebody else changed main of {self.name} meanwhile: "
                f"expected {first}, got {head}",
                code="hub_moved",
                hint="look at what they did, then run the same command again",
            )

    def _tag(self, tag: str, sha: str) -> None:
        found = self._repo.refs().tags.get(tag)
        if found is None:
            self._repo.tag(tag, sha)
            found = self._repo.refs().tags.get(tag)
        if found is None:
            raise _lost(f"the tag {tag} of {self.name} is not there after it was made")
        if found != sha:
            raise ReleaseError(
                f"{self.name} has the tag {tag} elsewhere: expected {sha}, got {found}",
                code="tag_exists",
                hint="a version that was published never changes: release a new one",
            )

    def _untag(self, tag: str) -> None:
        if tag in self._repo.refs().tags:
            self._repo.delete_tag(tag)
            if tag in self._repo.refs().tags:
                raise _lost(f"the tag {tag} of {self.name} is there after it was deleted")

    def _find(self, refs: Refs, tag: str) -> str:
        if tag not in refs.tags:
            raise ReleaseError(
                f"{self.name} has no tag {tag}: there are {', '.join(refs.tags) or 'none'}",
                code="tag_missing",
                hint="name a version that is published",
            )
        return refs.tags[tag]

    def _left(self, refs: Refs, tag: str) -> list[str]:
        notes = ["git history keeps the commit: who knows its hash can load it"]
        if refs.head is not None and refs.head == refs.tags.get(tag):
            notes.append("main still holds this version: `galley rollback` another one")
        return notes

    def _check(self, staged: Staged) -> None:
        """Check that the tag holds the release and loads, in a process with nothing cached."""
        tag = tag_of(staged.version)
        sha = self._find(self._repo.refs(), tag)
        what = f"{self.name} is published as {tag}, but it is not what was sent"
        refuse(self._differences(staged, sha), what, hint=_AGAIN)

        def load() -> None:
            issues = load_apart(staged.release, self.name, revision=tag, network=self.network)
            if issues and issues[0].code == "load_failed":
                raise _lost(f"{self.name} is published as {tag}, but not loaded: {issues[0].got}")
            refuse(issues, what, hint=_AGAIN)

        persist(load, replace(self.network, retries=min(1, self.network.retries)))


def tag_of(version: str) -> str:
    """Return the tag of a version.

    Raises:
        ReleaseError: `version` is none.
    """
    return f"v{Version.parse(version.removeprefix('v'))}"


def _changed(wanted: Tree, have: Tree) -> list[str]:
    return [name for name in wanted.keys() - OWN if have.get(name) != wanted[name]]


def _check_order(version: str, refs: Refs) -> None:
    """Check that no newer version is published: `main` would go back in time."""
    for tag in refs.tags:
        try:
            newer = Version.parse(tag.removeprefix("v")) > Version.parse(version)
        except ReleaseError:
            continue  # a tag of somebody else's
        if newer:
            raise ReleaseError(
                f"{tag} is published, and newer than {version}",
                code="version_low",
                hint=f"publish a newer release, or make {tag} unavailable with `galley yank`",
            )


def _lost(message: str) -> ReleaseError:
    return ReleaseError(message, code=LOST, hint="run the same command again")
