"""What the tests of pages share: a browser."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

_FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking")


@pytest.fixture(scope="module")
def browser(chromium: str) -> "Iterator[Browser]":
    """Yield a browser for the tests of a file."""
    from playwright.sync_api import sync_playwright  # clusters do without

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=list(_FLAGS))
        try:
            yield started
        finally:
            started.close()
