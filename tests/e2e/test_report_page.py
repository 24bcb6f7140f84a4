"""The report in a real browser: safe, searchable, accessible, quick with many records."""

import time
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from galley.record import Record
from galley.releases.edition import UNRELEASED, Edition, Imprint
from galley.releases.index import Entry
from galley.releases.rows import collect_rows
from galley.report.overview import Report
from galley.report.work import Work
from galley.schema.features import Codec
from galley.schema.vocabulary import Label, Labels
from tests.e2e.pages import opened
from tests.e2e.test_inspect_page import EVIL
from tests.factory import contract, make_corrected, make_record
from tests.unit.report.test_work import make_event

LABELS = Labels("1", tuple(Label(name, color="#b3541e") for name in ("PER", "ORG", "GPE", "LOC")))


def write(
    path: Path,
    records: list[Record],
    *,
    title: str = "Ferries",
    work: Work | None = None,
    agreement: dict[str, Any] | None = None,
) -> Path:
    """Write the report on `records` to `path`."""
    rows = collect_rows(records, Codec(contract(), tuple(LABELS.names)))
    entries = [
        Entry(
            *(record["id"], record["cluster"], ("train", "test")[number % 3 == 0]),
            *("0.1.0", "0.1.0", record["text_sha256"], rows.hashes[number]),
            record["annotation"]["status"],
        )
        for number, record in enumerate(records)
    ]
    imprint = Imprint(UNRELEASED, None, {}, None)
    edition = Edition(title, "", imprint, rows, entries, rows.measure(entries))
    page = Report(edition, LABELS, work or Work(), private=True, agreement=agreement).render()
    path.write_text(page, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the report on a few records."""
    records = [make_corrected(number) for number in range(3)]
    records += [
        make_record(number, published=f"20{number:02}-05-03", tags=["rail", "trade"][: number % 3])
        for number in range(3, 90)
    ]
    return write(tmp_path_factory.mktemp("report") / "report.html", records)


def ready(page: Page) -> None:
    """Wait until the list can be searched."""
    page.wait_for_selector("html[data-ready]")


def test_search_and_filter(browser: Browser, small: Path) -> None:
    """Words, filters and their combination narrow the list; it says how many are left."""
    with opened(browser, small) as page:
        ready(page)
        found = page.locator("#found")
        assert found.inner_text() == "90 records"
        assert page.locator("#results > li").count() == 50
        page.locator("#more").click()
        assert page.locator("#results > li").count() == 90
        page.locator("[data-filter=statuses]").select_option("corrected")
        assert found.inner_text() == "3 of 90 records"
        page.locator("[data-filter=statuses]").select_option("")
        page.locator("#query").fill("NO. 17.")
        expect(found).to_have_text("1 of 90 records")
        assert page.locator("#results h3").all_inner_texts() == ["Ferry 17 leaves"]
        page.locator("#query").fill("no such words")
        expect(found).to_have_text("0 of 90 records")


def test_record_by_keyboard(browser: Browser, small: Path) -> None:
    """Enter opens a record: its text with the entities where they are, and where it is from."""
    with opened(browser, small) as page:
        ready(page)
        page.locator("#results button").first.focus()
        page.keyboard.press("Enter")
        box = page.locator(".open").first
        assert box.locator("mark").all_inner_texts() == ["Marlow Sound", "Ada Quill"]
        assert box.locator(".prose h4").all_inner_texts() == ["TIMES"]
        assert "bytes" in box.inner_text()
        assert page.locator("#results button").first.get_attribute("aria-expanded") == "true"
        page.keyboard.press("Enter")
        assert not box.is_visible()


def test_nothing_of_a_record_runs(browser: Browser, tmp_path: Path) -> None:
    """Scripts, pictures and links of hostile records and names are words."""
    evil = dict.fromkeys(("title", "deck", "dateline", "publisher"), EVIL + "\u202e")
    lists = {name: [EVIL] for name in ("authors", "source_tags", "captions", "credits")}
    hostile = [make_corrected(number) | evil | lists for number in range(3)]
    path = write(tmp_path / "report.html", hostile, title=f"A {EVIL}")
    with opened(browser, path) as page:
        ready(page)
        page.locator("#results button").first.click()
        assert page.evaluate("window.pwned") is None
        assert page.locator("img, iframe, #records a").count() == 0
        assert EVIL in (page.locator("#results h3").first.text_content() or "")
        assert "\u202e" not in (page.locator("main").text_content() or "")
        assert "U+202E" in page.locator("i.esc").all_text_contents()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_accessible(browser: Browser, small: Path, scheme: str, width: int) -> None:
    """axe-core finds nothing serious, and nothing is wider than the screen."""
    settings: dict[str, Any] = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
    with opened(browser, small, **settings) as page:
        ready(page)
        page.locator("#results button").first.click()
        page.locator("summary").first.click()
        found = Axe().run(page).response["violations"]
        assert [(item["id"], item["nodes"][0]["html"]) for item in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_story_of_a_record(browser: Browser, tmp_path: Path) -> None:
    """What people changed is told with the record: before and after."""
    record = make_corrected()
    event = make_event(1, record_id=record["id"])
    work = Work.tell([event], frozenset({record["id"]}), {})
    path = write(tmp_path / "report.html", [record], work=work)
    with opened(browser, path) as page:
        ready(page)
        page.locator("#results button").click()
        told = page.locator(".known ol").inner_text()
        assert "relabelled: LOC “Sound” → GPE “Sound”" in told
        assert "tag removed: trade" in told


def test_tables_on_a_phone(browser: Browser, tmp_path: Path) -> None:
    """No word of a table is broken letter by letter."""
    record = make_corrected()
    work = Work.tell([make_event(1, record_id=record["id"])], frozenset({record["id"]}), {})
    path = write(tmp_path / "report.html", [record], work=work)
    with opened(browser, path, viewport={"width": 390, "height": 844}) as page:
        ready(page)
        heads = page.locator("#work th:first-child")
        heights = heads.evaluate_all("found => found.map(th => th.offsetHeight)")
        assert len(heights) > 3
        assert max(heights) < 90


def test_agreement_by_month(browser: Browser, tmp_path: Path) -> None:
    """How far people agree is drawn month by month, once there are two; a single one is no course."""
    records = [make_corrected(1)]
    event = make_event(1, record_id=records[0]["id"])
    work = Work.tell([event], frozenset({event.record_id}), {})
    assert work.days
    low = {"value": 0.6, "low": 0.4, "high": 0.7, "records": 9}
    months = {
        "2024-05": {"alpha_masi": low, "f1_exact": low},
        "2024-06": {"alpha_masi": low | {"value": 0.65}, "f1_exact": low | {"value": None}},
    }
    agreement = {"overall": {}, "labels": {}, "tags": {}, "months": months}
    path = write(tmp_path / "report.html", records, work=work, agreement=agreement)
    with opened(browser, path) as page:
        ready(page)
        charts = page.locator("#work figcaption").all_inner_texts()
        assert charts == ["Agreement on tags by month: alpha"]
        assert page.locator("#work svg").count() == 1
        assert "0.65 (0.40 to 0.70)" in page.locator("#work figure table").inner_html()
        assert Axe().run(page).response["violations"] == []


@pytest.mark.torture
def test_twenty_thousand_records(browser: Browser, tmp_path: Path) -> None:
    """20,000 records of 5 KB: under 15 MB, open in 2 s, and searched in a blink."""
    records = [
        make_record(
            number,
            text=f"The ferry {number} left. "
            + f"It sailed {number} miles, and {number * 7919 % 10007} more. " * 120,
            published=f"20{number % 24:02}-05-03",
        )
        for number in range(20_000)
    ]
    path = write(tmp_path / "report.html", records)
    assert path.stat().st_size < 15_000_000
    start = time.perf_counter()
    with opened(browser, path) as page:
        ready(page)
        assert time.perf_counter() - start < 2
        took = page.evaluate(
            """() => new Promise((done) => {
              const start = performance.now();
              const status = document.getElementById("statuses");
              const select = document.querySelector("[data-filter=splits]");
              select.value = "test";
              new MutationObserver(() => done(performance.now() - start))
                .observe(document.getElementById("found"), {childList: true});
              select.dispatchEvent(new Event("change"));
            })"""
        )
        assert took < 200
        found = Axe().run(page).response["violations"]
        assert [(item["id"], item["nodes"][0]["html"]) for item in found] == []
