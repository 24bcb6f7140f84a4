"""Addresses of pages: what is one, and what only looks like one."""

import re
from urllib.parse import urljoin, urlsplit

_SCHEMES = frozenset({"http", "https"})
_UNFIT = re.compile(r"[\s\x00-\x1f\x7f]")


def read_address(stated: str, base: str | None = None) -> str | None:
    """Return the address that `stated` is, or None if it leads nowhere.

    Args:
        stated: As a page, a feed or a row has it.
        base: What a relative one starts from; None where it starts from nothing.

    Example:
        >>> read_address("/a", base="https://example.org/b")
        'https://example.org/a'
        >>> read_address("http://[broken"), read_address("n/a")
        (None, None)
    """
    try:
        url = urljoin(base or "", stated.strip())
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:  # brackets without an address between them, and the like
        return None
    whole = parts.scheme in _SCHEMES and host and not _UNFIT.search(url)
    return url if whole else None
