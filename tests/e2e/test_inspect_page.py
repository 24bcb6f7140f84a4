"""The pages of `galley inspect --html` in a real browser: safe, readable, walked by keyboard."""

import json
from html import escape
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from galley.desk import Workspace
from galley.report.dossier import Dossier
from galley.report.page import file_page, record_page
from galley.workspace.building import inspect_path
from tests.conftest import ROOT
from tests.e2e.pages import opened
from tests.factory import LABELS, make_corrected

_LONG = "The council met on Monday and spoke about the old bridge for three hours. " * 4
EVIL = "\"'></span></script><script>window.pwned=1</script><img src=http://127.0.0.1:9/x onerror=pwned=2>"
_HOSTILE = f"""A bridge {EVIL}

A bridge {EVIL}

{_LONG}<a href="javascript:pwned=3">a link</a> <svg onload="pwned=4"></svg> {{{{ 7*7 }}}}

{_LONG}<style>body {{ display: none }}</style><iframe src="http://127.0.0.1:9/"></iframe>.

{_LONG}The price is \u202e001\u202c euros, said zero\u200bwidth &lt;b&gt;.

<base href="http://127.0.0.1:9/"> <meta http-equiv="refresh" content="0;url=http://127.0.0.1:9/">
"""
SAMPLE = ROOT / "build/raw/harbour-courier/tag-water.txt"


@pytest.fixture(scope="module")
def listing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page of a listing of the sample corpus."""
    path = tmp_path_factory.mktemp("pages") / "listing.html"
    path.write_text(file_page(Workspace.open(ROOT).inspect(SAMPLE)), encoding="utf-8")
    return path


@pytest.mark.parametrize("suffix", ["txt", "html", "jsonl"])
def test_nothing_of_a_page_runs(browser: Browser, tmp_path: Path, suffix: str) -> None:
    """Scripts, pictures, frames and links of a hostile file are words on the page of it."""
    raw = tmp_path / f'"><img src=x onerror=pwned=5>.{suffix}'
    lines = "".join(f"<p>{escape(line)}</p>" for line in _HOSTILE.split("\n\n"))
    marked = f"<!doctype html><title>A bridge</title><body><h1>A bridge</h1>{lines}{EVIL}"
    row = json.dumps({"title": f"A bridge {EVIL}", "text": _HOSTILE})
    contents = {"txt": _HOSTILE, "html": marked, "jsonl": row + "\n"}
    raw.write_text(contents[suffix], encoding="utf-8")
    target = tmp_path / "out.html"
    found = inspect_path(raw)
    target.write_text(file_page(found), encoding="utf-8")
    assert len(found.records) == 1
    with opened(browser, target) as page:
        assert page.evaluate("window.pwned") is None
        shown = page.locator("#page").text_content() or ""
        assert "<script>window.pwned=1</script><img src=" in shown
        assert "{{ 7*7 }}" in shown
        assert page.locator("h1").inner_text() == raw.name
        assert (
            page.locator("#page script, #page img, #page a, #page iframe, #page style").count() == 0
        )
        assert "U+202E" in page.locator("i.esc").all_text_contents()
        assert "\u202e" not in (page.locator("body").text_content() or "")


def test_nothing_of_a_record_runs(browser: Browser, tmp_path: Path) -> None:
    """The same for each field of a record, wherever it came from."""
    record = make_corrected()
    evil = dict.fromkeys(("title", "deck", "dateline", "publisher", "url", "license"), EVIL)
    lists = {name: [EVIL] for name in ("authors", "source_tags", "captions", "credits", "tags")}
    record |= evil | lists | {"text": record["text"] + EVIL}
    target = tmp_path / "record.html"
    target.write_text(record_page(Dossier(record, [], []), LABELS), encoding="utf-8")
    with opened(browser, target) as page:
        assert page.evaluate("window.pwned") is None
        assert page.locator("img, iframe, a[href^=j]").count() == 0
        assert page.locator("mark.e").all_text_contents() == ["Marlow Sound", "Ada Quill"]
        assert page.locator("h3").all_text_contents() == ["TIMES"]


def test_walk_by_keyboard(browser: Browser, listing: Path) -> None:
    """j and k walk through the stretches, J and K through the records; the bar says what is what."""
    with opened(browser, listing) as page:
        status = page.locator("#status")
        page.keyboard.press("j")
        assert status.inner_text().startswith("page header bytes 0–11")
        page.keyboard.press("j")
        assert status.inner_text().startswith("title bytes 13–")
        assert page.evaluate("document.activeElement.dataset.name") == "title"
        page.keyboard.press("Shift+J")
        assert "record 2: 4 rivers" in status.inner_text()
        page.keyboard.press("Shift+K")
        page.keyboard.press("k")
        assert status.inner_text().startswith("page header")
        page.keyboard.press("Escape")
        assert "each accounted for once" in status.inner_text()


def test_toggles_are_reached_and_work(browser: Browser, listing: Path) -> None:
    """Tab reaches the legend, with a focus that is seen; space takes a part's colour away."""
    ink = "getComputedStyle(document.querySelector('.s.p-title')).backgroundColor"
    with opened(browser, listing) as page:
        coloured = page.evaluate(ink)
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == "Skip to the page"
        page.keyboard.press("Tab")
        chip = page.locator(":focus")
        assert chip.get_attribute("data-part") == "title"
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        page.keyboard.press("Space")
        assert chip.get_attribute("aria-pressed") == "false"
        assert page.evaluate(ink) == "rgba(0, 0, 0, 0)" != coloured
        page.get_by_role("button", name="all").click()
        assert page.evaluate(ink) == coloured


def test_a_record_leads_to_its_bytes(browser: Browser, listing: Path) -> None:
    """A part in the panel is a link to its first stretch; a stretch opens its record."""
    with opened(browser, listing) as page:
        cards = page.locator("details.record")
        assert cards.count() == 6
        page.locator(".s.p-title").nth(2).click()
        assert cards.nth(2).get_attribute("open") is not None
        cards.nth(2).locator(".jumps a", has_text="tag").click()
        page.wait_for_function("document.activeElement.dataset.name === 'tag'")
        assert "record 3" in page.locator("#status").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(browser: Browser, listing: Path, scheme: Any) -> None:
    """All words stand out from what is behind them: 4.5 to 1 at least, in both schemes."""
    with opened(browser, listing, color_scheme=scheme) as page:
        page.locator(".chip").first.click()  # one is off: it must be readable too
        weak = page.evaluate(_CONTRAST)
        assert weak == []


@pytest.mark.parametrize("width", [320, 390])
def test_phone(browser: Browser, listing: Path, width: int) -> None:
    """Nothing runs out of a narrow screen, and the records follow the page."""
    with opened(browser, listing, viewport={"width": width, "height": 700}) as page:
        assert page.evaluate("document.documentElement.scrollWidth") == width
        sheet, side = page.locator("#page").bounding_box(), page.locator(".side").bounding_box()
        assert sheet is not None
        assert side is not None
        assert side["y"] > sheet["y"] + sheet["height"]


def test_paper(browser: Browser, listing: Path) -> None:
    """On paper there are no tools, and every record is open."""
    with opened(browser, listing) as page:
        page.emulate_media(media="print")
        assert not page.locator("#status").is_visible()
        assert not page.locator("#names").is_visible()
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator("details.record[open]").count() == 6


# Text that is seen, with the colour behind it: that of the nearest element which has one.
_CONTRAST = """
() => {
  const parse = (color) => (color.match(/[\\d.]+/g) || []).map(Number);
  const linear = (n) => (n /= 255) <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const color = parse(getComputedStyle(node).backgroundColor);
      if (color.length === 3 || color[3] > 0) return color;
    }
  };
  const weak = [];
  for (const node of document.querySelectorAll("body *:not(script)")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    if (!own || !node.checkVisibility() || node.ariaHidden === "true") continue;
    const [a, b] = [light(parse(getComputedStyle(node).color)), light(behind(node))].sort((x, y) => y - x);
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < 4.5) weak.push([node.className, node.textContent.slice(0, 40), contrast]);
  }
  return weak;
}
"""
