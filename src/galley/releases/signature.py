"""Sign a release: whoever holds the key says that this manifest is theirs.

The manifest names every file by its hash, so one signature over it covers the release. What is
signed is an in-toto statement of the kind `release`, in a DSSE envelope, with a plain Ed25519 key
and without a network. It lies beside the release's folder, for no file of a release may depend on
who signs it. Sources: in-toto attestation specification 1.0, DSSE 1.0.
"""

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from galley.errors import ReleaseError
from galley.files import write_json
from galley.hashing import canonical_json, sha256_bytes, sha256_file
from galley.manifest import FILE_NAME, Manifest
from galley.schema.issue import Issue

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

_TYPE = "application/vnd.in-toto+json"


def signature_path(folder: Path) -> Path:
    """Return where the signature of the release in `folder` lies."""
    return folder.with_name(f"{folder.name}.intoto.json")


def sign(folder: Path, key: Path) -> Path:
    """Sign the release in `folder`, and return the path of the signature.

    The same release and key give the same bytes.

    Args:
        folder: Of one version.
        key: A private Ed25519 key in PEM, not encrypted.

    Raises:
        ReleaseError: There is no release, or `key` holds no such key.
    """
    private = _private_key(key)
    payload = canonical_json(_statement(folder)).encode()
    signature = {
        "keyid": _key_id(private.public_key()),
        "sig": base64.b64encode(private.sign(_encoded(_TYPE, payload))).decode(),
    }
    path = signature_path(folder)
    envelope = {"payloadType": _TYPE, "payload": base64.b64encode(payload).decode()}
    write_json(path, {**envelope, "signatures": [signature]})
    return path


def check_signature(folder: Path, key: Path, signature: Path | None = None) -> Iterator[Issue]:
    """Yield why the release in `folder` is not signed with `key`.

    Args:
        folder: Of one version.
        key: A public Ed25519 key in PEM.
        signature: The signature; None for the one beside the folder.

    Raises:
        ReleaseError: `key` holds no such key.
    """
    public = _public_key(key)
    path = signature or signature_path(folder.resolve())
    if not path.is_file():
        yield Issue(path.name, "signature_missing", "the signature of the release", "no such file")
        return
    try:
        envelope = json.loads(path.read_text(encoding="utf-8"))
        payload = base64.b64decode(envelope["payload"], validate=True)
        signed = _encoded(str(envelope["payloadType"]), payload)
        signatures = [base64.b64decode(s["sig"], validate=True) for s in envelope["signatures"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        yield Issue(path.name, "signature_unreadable", "a DSSE envelope", repr(error))
        return
    if not any(_holds(public, one, signed) for one in signatures):
        yield Issue(path.name, "signature_invalid", f"by the key {_key_id(public)}", "by another")
    elif json.loads(payload) != (expected := _statement(folder)):
        yield Issue(path.name, "signature_other", canonical_json(expected), payload.decode())


def _statement(folder: Path) -> dict[str, Any]:
    """Return what is signed: that this manifest is the release of this name and version."""
    manifest = Manifest.load(folder)
    if manifest is None:
        raise ReleaseError(
            f"{folder} has no {FILE_NAME}",
            code="no_release",
            hint="name a folder that `galley release` wrote",
        )
    name = manifest.inputs["settings"]["name"]
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": FILE_NAME, "digest": {"sha256": sha256_file(folder / FILE_NAME)}}],
        "predicateType": "https://in-toto.io/attestation/release/v0.2",
        "predicate": {"purl": f"pkg:generic/{name}@{manifest.facts['version']}"},
    }


def _encoded(kind: str, payload: bytes) -> bytes:
    """Return the bytes that a DSSE signature is made over."""
    return b"DSSEv1 %d %s %d %s" % (len(kind.encode()), kind.encode(), len(payload), payload)


def _holds(key: "Ed25519PublicKey", signature: bytes, signed: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - an extra

    try:
        key.verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def _key_id(key: "Ed25519PublicKey") -> str:
    return sha256_bytes(key.public_bytes_raw())


def _private_key(path: Path) -> "Ed25519PrivateKey":
    def load(data: bytes) -> Any:
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - an extra

        return serialization.load_pem_private_key(data, password=None)

    command = "openssl genpkey -algorithm ed25519 -out key.pem"
    key: Ed25519PrivateKey = _load(path, load, "Ed25519PrivateKey", command)
    return key


def _public_key(path: Path) -> "Ed25519PublicKey":
    def load(data: bytes) -> Any:
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - an extra

        return serialization.load_pem_public_key(data)

    command = "openssl pkey -in key.pem -pubout -out key.pub"
    key: Ed25519PublicKey = _load(path, load, "Ed25519PublicKey", command)
    return key


def _load(path: Path, load: Callable[[bytes], Any], kind: str, command: str) -> Any:
    """Return the key in the file `path`; `command` would make one."""
    try:
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - an extra

        key = load(path.read_bytes())
        if not isinstance(key, getattr(ed25519, kind)):
            raise TypeError(f"it is a {type(key).__name__}")  # noqa: TRY301 - one message for all
    except ImportError as error:
        raise ReleaseError(
            "signatures need the library `cryptography`",
            code="no_cryptography",
            hint="pip install 'galley-data[sign]'",
        ) from error
    except (OSError, ValueError, TypeError) as error:
        raise ReleaseError(
            f"{path} is no {kind} in PEM without a password: {error}",
            code="key_invalid",
            hint=f"`{command}` makes one",
        ) from error
    return key
