"""The pages as text: what their policy allows, and what a colour may be."""

import base64
import hashlib
import re
from dataclasses import replace
from pathlib import Path

from galley.build.inspect import inspect
from galley.build.source import Source, SourceFile
from galley.report.dossier import Dossier
from galley.report.page import file_page, record_page
from galley.schema.check import Checker
from galley.schema.contract import Contract
from tests.factory import LABELS, make_corrected


def make_page(**changes: object) -> str:
    """Return the page of a record."""
    return record_page(Dossier(make_corrected(**changes), [], []), LABELS)


def test_the_policy_names_what_is_there() -> None:
    """One style and one script, by their hashes; nothing else, from nowhere."""
    page = make_page()
    policy = re.search(r'Policy" content="([^"]+)"', page)
    assert policy is not None
    for tag in ("style", "script"):
        (body,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert f"{tag}-src &#39;sha256-{digest}&#39;" in policy[1]
    assert policy[1].startswith("default-src &#39;none&#39;")
    assert "unsafe" not in policy[1]


def test_nothing_is_loaded() -> None:
    """One file: no address of a picture, font, style, script or frame; links stay inside."""
    page = make_page(url="https://example.org/a")
    assert re.findall(r"<(?:img|link|iframe|object|embed|base|form)\b", page) == []
    assert re.findall(r"\ssrc=|url\(|@import|\sstyle=", page) == []
    assert set(re.findall(r'href="(.)', page)) == {"#"}


def test_the_share_of_what_is_there_is_never_nothing() -> None:
    """A part of a few bytes in a long page has a share that says so."""
    long = "The council of the old town met on Monday and spoke about the bridge for hours. " * 400
    data = f"A bridge too late\n\nMenu\n\nA bridge too late\n\n{long}\n".encode()
    file = SourceFile(Path("page.txt"), "page.txt", Source("test", languages=("en",)))
    page = file_page(inspect(file, data, checker=Checker(Contract.default())))
    assert "&lt;0.1%" in page
    assert ">0.0%" not in page


def test_a_colour_is_a_colour() -> None:
    """What entities.yaml calls a colour goes into the style only if it is one."""
    evil = tuple(replace(label, color="red}</style><script>") for label in LABELS.labels)
    page = record_page(Dossier(make_corrected(), [], []), replace(LABELS, labels=evil))
    assert "--hue: #666666" in page
    assert page.count("<script>") == 1
