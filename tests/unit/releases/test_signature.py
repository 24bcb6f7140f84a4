"""Signatures: openssl agrees with them, and nothing that was changed keeps one."""

import base64
import json
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization as pem
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from galley.errors import ReleaseError
from galley.hashing import sha256_file
from galley.record import Record
from galley.releases.signature import check_signature, sign
from galley.releases.verify import verify
from tests.unit.releases.conftest import Workshop


def write_keys(folder: Path, name: str) -> tuple[Path, Path]:
    """Return the files of a new private and public key."""
    key = Ed25519PrivateKey.generate()
    private, public = folder / f"{name}.pem", folder / f"{name}.pub"
    form = (pem.Encoding.PEM, pem.PrivateFormat.PKCS8, pem.NoEncryption())
    private.write_bytes(key.private_bytes(*form))
    form = (pem.Encoding.PEM, pem.PublicFormat.SubjectPublicKeyInfo)
    public.write_bytes(key.public_key().public_bytes(*form))
    return private, public


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    return write_keys(tmp_path, "key")


@pytest.fixture
def release(workshop: Workshop, records: list[Record]) -> Path:
    return workshop.cut(records).release.path


def codes(release: Path, key: Path, signature: Path | None = None) -> list[str]:
    return [issue.code for issue in check_signature(release, key, signature)]


def test_a_signed_release(release: Path, keys: tuple[Path, Path]) -> None:
    """The signature is beside the folder, which stays as it was; the same again."""
    before = sha256_file(release / "manifest.json")
    path = sign(release, keys[0])
    assert path == release.parent / "0.1.0.intoto.json"
    first = path.read_bytes()
    assert codes(release, keys[1]) == []
    assert (verify(release), sha256_file(release / "manifest.json")) == ([], before)
    assert sign(release, keys[0]).read_bytes() == first
    statement = json.loads(base64.b64decode(json.loads(first)["payload"]))
    assert statement["subject"] == [{"name": "manifest.json", "digest": {"sha256": before}}]
    assert statement["predicate"] == {"purl": "pkg:generic/sample@0.1.0"}


def test_openssl_agrees(release: Path, keys: tuple[Path, Path], tmp_path: Path) -> None:
    """Another program checks it by what DSSE says is signed."""
    envelope = json.loads(sign(release, keys[0]).read_text())
    kind, payload = envelope["payloadType"], base64.b64decode(envelope["payload"])
    signed, signature = tmp_path / "signed", tmp_path / "signature"
    signed.write_bytes(f"DSSEv1 {len(kind)} {kind} {len(payload)} ".encode() + payload)
    signature.write_bytes(base64.b64decode(envelope["signatures"][0]["sig"]))
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", keys[1], "-rawin"]
    command += ["-in", signed, "-sigfile", signature]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Verified Successfully" in done.stdout, done.stderr


def test_another_key(release: Path, keys: tuple[Path, Path], tmp_path: Path) -> None:
    """Whoever signs with it is not who was meant."""
    sign(release, write_keys(tmp_path, "other")[0])
    assert codes(release, keys[1]) == ["signature_invalid"]


def test_another_release(
    workshop: Workshop, release: Path, records: list[Record], keys: tuple[Path, Path]
) -> None:
    """A signature that is sound, and of an earlier version."""
    old = sign(release, keys[0])
    new = workshop.cut(records, datasheet="Another answer.").release.path
    assert codes(new, keys[1]) == ["signature_missing"]
    assert codes(new, keys[1], old) == ["signature_other"]


def test_no_flipped_bit_keeps_the_signature(release: Path, keys: tuple[Path, Path]) -> None:
    """In the parts of the envelope that say something."""
    path = sign(release, keys[0])
    sound = json.loads(path.read_text())
    for place in range(0, len(sound["payload"]), 7):
        text = sound["payload"]
        other = "A" if text[place] != "A" else "B"
        path.write_text(json.dumps(sound | {"payload": text[:place] + other + text[place + 1 :]}))
        assert codes(release, keys[1]), place
    for broken in ("[]", "{}", "", json.dumps(sound | {"signatures": []})):
        path.write_text(broken)
        assert codes(release, keys[1])[0] in {"signature_unreadable", "signature_invalid"}
    path.unlink()
    assert codes(release, keys[1]) == ["signature_missing"]


def test_what_is_no_key(release: Path, keys: tuple[Path, Path], tmp_path: Path) -> None:
    """A missing file, the wrong half, another kind, one with a password."""
    private, public = keys
    other, locked = tmp_path / "ec.pem", tmp_path / "locked.pem"
    form = (pem.Encoding.PEM, pem.PrivateFormat.PKCS8)
    curve = generate_private_key(SECP256R1())
    other.write_bytes(curve.private_bytes(*form, pem.NoEncryption()))
    key = Ed25519PrivateKey.generate()
    locked.write_bytes(key.private_bytes(*form, pem.BestAvailableEncryption(b"secret")))
    for path in (tmp_path / "missing", public, other, locked):
        with pytest.raises(ReleaseError) as caught:
            sign(release, path)
        assert caught.value.code == "key_invalid"
        assert "openssl genpkey" in caught.value.hint
    with pytest.raises(ReleaseError) as caught:
        codes(release, private)
    assert caught.value.code == "key_invalid"
