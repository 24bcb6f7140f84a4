"""A page on disk in a real browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page


@contextmanager
def opened(browser: Browser, path: Path, **settings: Any) -> Iterator[Page]:
    """Yield the page at `path`; fail if it asks for anything else or complains."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 860}} | settings)
    seen: list[str] = []
    context.on("request", lambda request: seen.append(request.url))
    page = context.new_page()
    page.set_default_timeout(10_000)
    for event in ("pageerror", "console", "dialog"):
        page.on(event, lambda said: seen.append(str(said)))  # type: ignore[call-overload]
    try:
        page.goto(path.as_uri())
        yield page
        assert seen == [path.as_uri()]
    finally:
        context.close()
