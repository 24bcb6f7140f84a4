"""An annotator's hands: a real browser on the labeling screen.

Example:
    ```python
    with annotator(chromium, status.url) as hands:
        hands.login(status.username, status.password)
        hands.open(project=1, task=7)
        hands.delete(10, 17)
        hands.add(20, 26, "ORG")
        hands.submit()
    ```
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, ViewportSize, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
_SCREEN: ViewportSize = {"width": 1280, "height": 860}
_TEXT = ".galley-text .lsf-richtext__container"
# Label Studio draws each line end as <br>; everything else is text. Offsets are code points.
_TEXT_NODES = """
  const root = document.querySelector(selector), nodes = [];
  if (!root) return null;  // Label Studio draws a task twice when the machine is busy
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
  let length = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.nodeName === "BR") { length += 1; continue; }
    if (node.nodeType !== Node.TEXT_NODE) continue;
    nodes.push({node, at: length});
    length += [...node.data].length;
  }
  const place = (offset, late) => {
    const fits = nodes.filter(({node, at}) =>
      late ? at < offset : at <= offset && offset < at + [...node.data].length);
    const found = fits[fits.length - 1];
    if (!found) return null;
    const unit = [...found.node.data].slice(0, offset - found.at).join("").length;
    return [found.node, unit];
  };
  const stretch = (from, to) => {
    const first = place(from, false), last = place(to, true);
    if (!first || !last) return null;
    const range = document.createRange();
    range.setStart(...first);
    range.setEnd(...last);
    return range;
  };
  const boxes = range => [...range.getClientRects()].filter(rect => rect.width > 0);
"""
_LOCATE = f"""
([selector, start, end]) => {{
  {_TEXT_NODES}
  const range = stretch(start, end);
  range.startContainer.parentElement.scrollIntoView({{block: "center"}});
  const rects = boxes(range), first = rects[0], last = rects[rects.length - 1];
  return {{
    text: range.toString(),
    from: [first.left + 1, first.top + first.height / 2],
    to: [last.right - 1, last.top + last.height / 2],
  }};
}}
"""
# Where to press and to release the mouse so that exactly this is selected, as far as there are
# such points: the browser is asked which place in the text it sees at each of some points near
# the edges, for in texts that run both ways the first character may end on either side.
_POINTS = f"""
([selector, start, end]) => {{
  {_TEXT_NODES}
  const rects = (from, to) => {{
    const range = stretch(from, to);
    return range ? boxes(range) : [];
  }};
  const seen = (x, y) => {{
    const caret = document.caretRangeFromPoint(x, y);
    const found = caret && nodes.find(({{node}}) => node === caret.startContainer);
    if (!found) return -1;
    return found.at + [...found.node.data.slice(0, caret.startOffset)].length;
  }};
  const point = (offset, places) => {{
    for (const box of places) {{
      const y = box.top + box.height / 2;
      for (const x of [box.left, box.right])
        for (const shift of [0.5, -0.5, 1.5, -1.5, 0])
          if (seen(x + shift, y) === offset) return [x + shift, y];
    }}
    return null;
  }};
  place(start, false)[0].parentElement.scrollIntoView({{block: "center"}});
  let head = [], tail = [];
  for (let size = 1; size <= 12 && !head.length; size++) head = rects(start, start + size);
  for (let size = 1; size <= 12 && !tail.length; size++) tail = rects(end - size, end);
  return [point(start, head), point(end, tail.reverse())];
}}
"""
# The browser's own selection, without a pointer: in texts that run both ways, a drag from the
# left edge of the first character to the right edge of the last selects something else.
_SELECT = f"""
([selector, start, end]) => {{
  {_TEXT_NODES}
  const selection = window.getSelection(), range = stretch(start, end);
  selection.removeAllRanges();
  selection.addRange(range);
  const last = range.endContainer.parentElement;
  last.dispatchEvent(new MouseEvent("mouseup", {{bubbles: true, button: 0}}));
}}
"""
# A region of several lines is drawn in several pieces, and only the ends say where it is.
_REGIONS = """
selector => {
  const regions = {};
  for (const mark of document.querySelectorAll(selector + " .htx-highlight")) {
    const region = regions[mark.classList[1]] ??= {};
    Object.assign(region, mark.dataset);
  }
  return Object.values(regions).map(
    region => [Number(region.start), Number(region.end), region.label]);
}
"""


# Start, end and label of an entity on the screen.
Region = tuple[int, int, str]


class Annotator:
    """One person at one screen; all offsets are code points into the task's text.

    Args:
        page: A page of the browser.
        url: The address of Label Studio.
    """

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url

    def login(self, email: str, password: str) -> None:
        """Log in by the form."""
        self.page.goto(f"{self.url}/user/login", wait_until="domcontentloaded")
        self.page.fill("input[name=email]", email)
        self.page.fill("input[name=password]", password)
        self.page.click("button[type=submit]")
        self.page.wait_for_url(lambda url: "login" not in url, wait_until="commit")

    def open(self, *, project: int, task: int, fresh: bool = False) -> None:
        """Open a task and wait until its text and suggestions are drawn.

        Args:
            project: Its project's number.
            task: Its number.
            fresh: Whether to begin an annotation of one's own beside another person's.
        """
        address = f"{self.url}/projects/{project}/data?task={task}"
        self.page.goto(address, wait_until="domcontentloaded")
        self.page.locator(_TEXT).wait_for()
        self.page.locator("[data-testid^=bottombar-]:visible").first.wait_for()
        if fresh:
            self.page.locator("[aria-label='Create an annotation']").click()
            self.page.locator("[data-testid=bottombar-submit-button]").wait_for()

    def regions(self) -> set[tuple[int, int, str]]:
        """Return start, end and label of each entity on the screen."""
        found = self.page.evaluate(_REGIONS, _TEXT)
        return {(start, end, label.split(":")[-1]) for start, end, label in found}

    def tags(self) -> list[str]:
        """Return the tags on the screen, as people see them."""
        chosen = self.page.locator(".galley-tags .ant-select-selection-item")
        return [str(item.get_attribute("title")) for item in chosen.all()]

    def add(self, start: int, end: int, label: str) -> None:
        """Mark a stretch of text by dragging the mouse over it."""
        self._pick(label)
        place = self._place(start, end)
        mouse = self.page.mouse
        mouse.move(*place["from"])
        mouse.down()
        mouse.move(*place["to"], steps=4)
        mouse.up()
        self._mark(start, end).first.wait_for()
        self.page.keyboard.press("Escape")

    def draw(self, region: Region, *, beside: set[Region]) -> bool:
        """Mark a stretch of text with the mouse if it can be had so, else by selecting it.

        Args:
            region: Start, end and label.
            beside: What is marked already.

        Returns:
            Whether the mouse did it. Some places lie between two characters of which one has
            no width: no point on the screen is theirs alone.
        """
        press, release = self._points(*region[:2])
        if press and release:
            self._take(region[2])
            mouse = self.page.mouse
            mouse.move(*press)
            mouse.down()
            mouse.move(*release, steps=3)
            mouse.up()
            if self._is_drawn(region):
                return True
        self._leave(beside)
        for _ in range(3):  # a label chosen a moment ago may still count
            self._take(region[2])
            self.page.evaluate(_SELECT, [_TEXT, *region[:2]])
            drawn = self._is_drawn(region)
            self._leave(beside | {region})
            if drawn:
                return False
        raise AssertionError(f"{region} cannot be drawn beside {beside}")

    def _leave(self, regions: set[Region]) -> None:
        """Delete all entities but these."""
        for other in self.regions() - regions:
            self._remove(other)

    def _remove(self, region: Region) -> None:
        """Delete an entity that may lie on several lines, each of them a piece of its own."""
        first = self.page.locator(f"{_TEXT} .htx-highlight[data-start='{region[0]}']").first
        for _ in range(60):
            if region not in self.regions():
                return
            first.click(force=True)
            self.page.keyboard.press("Backspace")
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{region} cannot be deleted")

    def _points(self, start: int, end: int) -> tuple[Any, Any]:
        for _ in range(100):
            if points := self.page.evaluate(_POINTS, [_TEXT, start, end]):
                return points[0], points[1]
            self.page.wait_for_timeout(100)
        raise AssertionError("the text is not drawn")

    def _is_drawn(self, region: Region) -> bool:
        """Wait until an entity is marked, and let go of it; what is being drawn looks odd."""
        for _ in range(60):
            if region in self.regions():
                self.page.keyboard.press("Escape")
                return True
            self.page.wait_for_timeout(50)
        self.page.keyboard.press("Escape")
        return False

    def wait_for(self, regions: set[Region]) -> None:
        """Wait until these entities are marked and no others."""
        for _ in range(200):
            if self.regions() == regions:
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{self.regions()} are marked, not {regions}")

    def delete(self, start: int, end: int) -> None:
        """Delete an entity from the keyboard."""
        mark = self._mark(start, end)
        mark.first.click()
        self.page.keyboard.press("Backspace")
        mark.first.wait_for(state="detached")

    def relabel(self, start: int, end: int, label: str) -> None:
        """Give an entity another label."""
        self._mark(start, end).first.click()
        self._pick(label)
        self.page.locator(f"{self._selector(start, end)}[data-label$=':{label}']").first.wait_for()
        self.page.keyboard.press("Escape")

    def add_tag(self, label: str) -> None:
        """Choose a tag by searching for it."""
        tree = self._open_tree()
        tree.locator("[data-testid=taxonomy-search]").fill(label)
        name = self.page.get_by_text(label, exact=True)
        tree.locator(".ant-select-tree-node-content-wrapper").filter(has=name).click()
        self._tag(label).wait_for()
        self.page.locator(".galley h2").click()  # closes the list
        tree.wait_for(state="hidden")

    def _open_tree(self) -> Locator:
        """Open the list of tags: a click on it closes it again if it is open already."""
        tree = self.page.locator(".ant-select-dropdown:visible")
        search = tree.locator("[data-testid=taxonomy-search]")
        box = self.page.locator(".galley-tags .ant-select-selector")
        for _ in range(3):
            box.click(position={"x": 6, "y": 6})
            try:
                search.wait_for(timeout=2000)
            except PlaywrightTimeoutError:
                continue
            break
        return tree

    def remove_tag(self, label: str) -> None:
        """Take a tag away."""
        self._tag(label).locator(".ant-select-selection-item-remove").click()
        self._tag(label).wait_for(state="detached")

    def submit(self) -> None:
        """Submit the annotation, and wait until the server has it."""
        self._send("submit", "POST")

    def update(self) -> None:
        """Save changes to an annotation submitted earlier."""
        self._send("update", "PATCH")

    def delete_annotation(self) -> None:
        """Delete the annotation that is open, and wait until the server has done so."""
        self.page.locator(".lsf-annotation-button__trigger").first.click()
        self.page.get_by_text("Delete Annotation").click()
        with self.page.expect_response(lambda answer: answer.request.method == "DELETE") as answer:
            self.page.locator(".lsf-modal-ls, .ant-modal, [role=dialog]").get_by_role(
                "button", name="Delete"
            ).or_(self.page.get_by_role("button", name="Proceed")).or_(
                self.page.get_by_role("button", name="OK")
            ).first.click()
        assert answer.value.ok, answer.value.status

    def stream(self, *, project: int) -> None:
        """Open whatever task is next."""
        self.page.goto(f"{self.url}/projects/{project}/data?labeling=1")
        self.page.locator(_TEXT).wait_for()

    @contextmanager
    def other(self) -> Iterator["Annotator"]:
        """Yield another person at another screen."""
        browser = self.page.context.browser
        assert browser
        with browser.new_context(viewport=_SCREEN) as context:
            context.set_default_timeout(20_000)
            yield Annotator(context.new_page(), self.url)

    def skip(self) -> None:
        """Pass the task over: only in the stream is there a button for that."""
        self._send("skip", "POST")

    def screenshot(self, path: Path) -> None:
        """Save what the screen shows."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path)

    def _send(self, button: str, method: str) -> None:
        with self.page.expect_response(
            lambda answer: "/annotations" in answer.url and answer.request.method == method
        ) as answer:
            self.page.click(f"[data-testid=bottombar-{button}-button]")
        assert answer.value.ok, f"{button}: {answer.value.status}"

    def _pick(self, label: str) -> None:
        name = self.page.get_by_text(label, exact=True)
        self.page.locator(".galley-labels .lsf-label").filter(has=name).click()

    def _take(self, label: str) -> None:
        """Choose a label to mark with, and make sure that it is this one alone."""
        chosen = self.page.locator(".galley-labels .lsf-label_selected")
        for _ in range(100):
            found = [text.rstrip("0123456789") for text in chosen.all_inner_texts()]
            found = [text.split()[0] for text in found]
            if found == [label]:
                return
            if found:
                self.page.keyboard.press("Escape")
            else:
                self._pick(label)
            self.page.wait_for_timeout(60)
        raise AssertionError(f"{label} cannot be chosen, {found} is")

    def _place(self, start: int, end: int) -> dict[str, Any]:
        place: dict[str, Any] = self.page.evaluate(_LOCATE, [_TEXT, start, end])
        return place

    def _selector(self, start: int, end: int) -> str:
        return f"{_TEXT} .htx-highlight[data-start='{start}'][data-end='{end}']"

    def _mark(self, start: int, end: int) -> Locator:
        return self.page.locator(self._selector(start, end))

    def _tag(self, label: str) -> Locator:
        return self.page.locator(f".galley-tags .ant-select-selection-item[title='{label}']")


@contextmanager
def annotator(chromium: str, url: str, *, timeout: float = 20.0) -> Iterator[Annotator]:
    """Yield an annotator in a browser of its own, with nothing remembered.

    Args:
        chromium: The path of the browser.
        url: The address of Label Studio.
        timeout: Seconds that any one step may take.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(_FLAGS))
        try:
            page = browser.new_page(viewport=_SCREEN)
            page.set_default_timeout(timeout * 1000)
            yield Annotator(page, url)
        finally:
            browser.close()
