"""What takes long to make of libraries and lists, kept as Python keeps the modules it compiled."""

import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from hashlib import sha256
from importlib.util import cache_from_source
from pathlib import Path

from galley.files import write_bytes
from galley.hashing import sha256_file

_SEAL = sha256().digest_size


def kept(name: str, sources: Iterable[Path], make: Callable[[], bytes]) -> bytes:
    """Return what `make` does: made again where a source is another, or what was kept is damaged.

    Several processes may ask at once: each that finds nothing makes it. Where nobody may write,
    it is made each time.

    Args:
        name: Of what is kept.
        sources: All files that decide what is made, code among them.
        make: Makes it.
    """
    path = Path(cache_from_source(__file__)).with_suffix(f".{name}")
    key = "".join(map(sha256_file, sources)).encode("ascii")
    with suppress(OSError), path.open("rb") as file:
        seal, data = file.read(_SEAL), file.read()
        if seal == _seal(key, data):
            return data
    data = make()
    if not sys.dont_write_bytecode:
        with suppress(OSError):
            write_bytes(path, _seal(key, data) + data)
    return data


def _seal(key: bytes, data: bytes) -> bytes:
    seal = sha256(key)
    seal.update(data)
    return seal.digest()
