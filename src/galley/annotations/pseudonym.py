"""Pseudonyms of annotators: who it was stays on this machine, that it was the same one does not.

The pseudonym is an HMAC under a key that is made once for a workspace and never committed;
its fingerprint is, so that a clone with another key cannot split one person into two.

To forget a person the key is replaced: nobody can tell any more which pseudonym an address had.
Those who stay keep theirs, by a committed table from what the new key makes of their addresses.
"""

import hashlib
import hmac
import json
import os
import secrets
import stat
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from galley.errors import LedgerError
from galley.files import write_bytes, write_json, write_text

VARIABLE = "GALLEY_ANNOTATOR_KEY"
_DIGITS = 16
NAMES = "annotators.json"  # beside the fingerprint


@dataclass(frozen=True)
class Pseudonyms:
    """Gives each annotator the same pseudonym every time.

    Attributes:
        key: The secret of the workspace.
        names: Of people from before the key, what they were called then.
    """

    key: bytes
    names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def open(
        cls, key_file: Path, fingerprint: Path, *, environ: Mapping[str, str] = os.environ
    ) -> "Pseudonyms":
        """Return the pseudonyms of a workspace, whose key is made if there never was one.

        Args:
            key_file: Where this machine keeps the key, readable by its owner only.
            fingerprint: The committed file that says which key it must be.
            environ: The environment; GALLEY_ANNOTATOR_KEY stands over the file.

        Raises:
            LedgerError: The key is not there, or is another.
        """
        expected = _read(fingerprint)
        text = environ.get(VARIABLE, "").strip() or _read_key(key_file, expected)
        if not text and not expected:
            text = secrets.token_hex(32)
            _write_key(key_file, text)
        pseudonyms = cls(text.encode(), _read_names(fingerprint).get(expected, {}))
        if not expected:
            write_text(fingerprint, pseudonyms.fingerprint + "\n")
        elif not text or pseudonyms.fingerprint != expected:
            raise _refusal(key_file, expected, pseudonyms.fingerprint if text else "no key")
        return pseudonyms

    @property
    def fingerprint(self) -> str:
        """What may be known of the key."""
        return hashlib.sha256(b"galley annotator key\0" + self.key).hexdigest()[:_DIGITS]

    def of(self, person: str) -> str:
        """Return the pseudonym of `person`, an e-mail address; letter case does not count."""
        digest = self._digest(person.strip().casefold())
        return self.names.get(digest, digest)

    def successor(self, pseudonym: str) -> str:
        """Return the pseudonym that takes the place of one that is forgotten.

        Without this key it cannot be told from which.
        """
        return self._digest(f"forgotten\0{pseudonym}")

    def _digest(self, said: str) -> str:
        return hmac.new(self.key, said.encode(), hashlib.sha256).hexdigest()[:_DIGITS]


def replace_key(
    key_file: Path, fingerprint: Path, people: Iterable[str], *, gone: str
) -> Pseudonyms:
    """Replace the key of a workspace, so that nobody can tell any more who `gone` was.

    Killed at any moment, the one key or the other is whole: the fingerprint decides.

    Args:
        key_file: As for `Pseudonyms.open`.
        fingerprint: As there.
        people: Addresses of those who keep their pseudonyms.
        gone: The pseudonym that nobody is to have.

    Raises:
        LedgerError: The key stands in the environment, where it cannot be replaced.
    """
    refuse_environ(key_file)
    old = Pseudonyms.open(key_file, fingerprint)
    text = secrets.token_hex(32)
    new = Pseudonyms(text.encode())
    kept = {new.of(person): old.of(person) for person in people if old.of(person) != gone}
    table = fingerprint.with_name(NAMES)
    _write_key(_next(key_file), text)
    write_json(table, _read_names(fingerprint) | {new.fingerprint: kept})
    write_text(fingerprint, new.fingerprint + "\n")
    _next(key_file).replace(key_file)
    drop_names(fingerprint)
    return Pseudonyms(new.key, kept)


def drop_names(fingerprint: Path) -> None:
    """Drop what the table holds of keys before the present one, unless there is nothing.

    It is the last step of a replacement: where a run was killed before it, the next one takes it.
    """
    names, now = _read_names(fingerprint), _read(fingerprint)
    if names.keys() - {now}:
        write_json(fingerprint.with_name(NAMES), {now: names.get(now, {})})


def refuse_environ(key_file: Path) -> None:
    """Raise where the key cannot be replaced.

    Raises:
        LedgerError: It stands in the environment.
    """
    if os.environ.get(VARIABLE, "").strip():
        raise LedgerError(
            f"the key stands in {VARIABLE}, where it cannot be replaced",
            code="annotator_key",
            hint=f"put it into {key_file}, readable by you alone, and unset the variable",
        )


def _next(key_file: Path) -> Path:
    return key_file.with_suffix(".next")


def _write_key(path: Path, text: str) -> None:
    """Write a key, for its owner alone, in a folder that git passes over."""
    write_bytes(path, f"{text}\n".encode(), mode=0o600)
    if not (path.parent / ".gitignore").exists():
        write_text(path.parent / ".gitignore", "*\n")


def _read_key(path: Path, expected: str) -> str:
    """Return the key at `path`; the one that was about to take its place, if that one fits.

    Raises:
        LedgerError: Others than its owner may read it.
    """
    fresh = _read(_next(path))
    if fresh and Pseudonyms(fresh.encode()).fingerprint == expected:
        _next(path).replace(path)
    if os.name == "posix" and path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise LedgerError(
            f"others than its owner may read {path}",
            code="annotator_key",
            hint=f"chmod 600 {path}",
        )
    return _read(path)


def _read_names(fingerprint: Path) -> dict[str, dict[str, str]]:
    """Return, by fingerprint of the key, what it makes of addresses and who that is."""
    path = fingerprint.with_name(NAMES)
    try:
        found: dict[str, dict[str, str]] = json.loads(_read(path) or "{}")
        whole = all(isinstance(v, str) for names in found.values() for v in names.values())
    except (ValueError, AttributeError, RecursionError) as error:
        raise _damaged(path) from error
    if not whole:
        raise _damaged(path)
    return found


def _damaged(path: Path) -> LedgerError:
    return LedgerError(
        f"{path} is no table of pseudonyms",
        code="annotator_names",
        hint="restore it from git",
    )


def find_annotators(
    key_file: Path, fingerprint: Path, known: frozenset[str]
) -> Callable[[str], bool]:
    """Return what tells whether an e-mail address is that of an annotator.

    Args:
        key_file: As for `Pseudonyms.open`; without a key nobody can be told.
        fingerprint: As there.
        known: The pseudonyms in the ledger.

    Raises:
        LedgerError: The key is another.
    """
    if not _read(fingerprint) or not (os.environ.get(VARIABLE, "").strip() or _read(key_file)):
        return lambda address: False  # noqa: ARG005 - it answers whatever it is asked
    pseudonyms = Pseudonyms.open(key_file, fingerprint)
    return lambda address: pseudonyms.of(address) in known


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip() if path.exists() else ""


def _refusal(key_file: Path, expected: str, got: str) -> LedgerError:
    return LedgerError(
        f"the annotators of this workspace have pseudonyms under the key {expected}, here is {got}",
        code="annotator_key",
        hint=f"get the key from another maintainer, into {VARIABLE} or {key_file.name} in .galley/",
    )
