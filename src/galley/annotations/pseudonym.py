"""Pseudonyms of annotators: who it was stays on this machine, that it was the same one does not.

The pseudonym is an HMAC under a key that is made once for a workspace and never committed;
its fingerprint is, so that a clone with another key cannot split one person into two.
"""

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from galley.errors import LedgerError
from galley.files import write_bytes, write_text

VARIABLE = "GALLEY_ANNOTATOR_KEY"
_DIGITS = 16


@dataclass(frozen=True)
class Pseudonyms:
    """Gives each annotator the same pseudonym every time.

    Attributes:
        key: The secret of the workspace.
    """

    key: bytes

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
        text = environ.get(VARIABLE, "").strip() or _read(key_file)
        expected = _read(fingerprint)
        if not text and not expected:
            text = secrets.token_hex(32)
            write_bytes(key_file, f"{text}\n".encode(), mode=0o600)
        pseudonyms = cls(text.encode())
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
        digest = hmac.new(self.key, person.strip().casefold().encode(), hashlib.sha256)
        return digest.hexdigest()[:_DIGITS]


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
