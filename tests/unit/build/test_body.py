"""Captions, subheads and what opens and closes a running text."""

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from galley.build.dump.body import read_body
from galley.build.dump.credits import Evidence
from galley.record import Part

OTHER = (
    "It was the third time. When the ferry left, the crowd went home and the harbour was still. "
)


def parts(body: str, part: Part, *, title: str = "A title", more: str = "") -> list[str]:
    """Return the pieces of `body` that are `part`, on a page that also holds `more`."""
    evidence = Evidence([body, more])
    found = read_body(body, title, language="en", evidence=evidence)
    return [body[start:end] for (start, end), kind in found.marks if kind is part]


@pytest.mark.parametrize(
    ("body", "credit"),
    [
        ("He left. The quay at noon. | Ann Lee/Agence Mar When he came back it rained.", "| Ann Lee/Agence Mar"),
        ("He left. The quay at noon. | Norfoto/Belmedia/KPX “We wait,” he said.", "| Norfoto/Belmedia/KPX"),
        ("He left. The quay at noon. | Bo Ek via Reuters Olsen said he would go.", "| Bo Ek via Reuters"),
        ("He left. The quay at noon. | Harbour Museum of Oslo The ship is gone.", "| Harbour Museum of Oslo"),
        ("He left. The quay at noon. | Ann Lee/AFP via Getty Images", "| Ann Lee/AFP via Getty Images"),
    ],
)  # fmt: skip
def test_credit_ends_where_the_text_goes_on(body: str, credit: str) -> None:
    """A credit ends before the sentence that a scraper glued to it."""
    assert parts(body, Part.CREDIT, more=OTHER) == [credit]
    assert parts(body, Part.CAPTION, more=OTHER) == ["The quay at noon."]


def test_a_bar_without_a_name_is_text() -> None:
    """A bar between lower-case words opens no credit."""
    assert parts("Choose left | right and go on. Then stop.", Part.CREDIT) == []


@pytest.mark.parametrize(
    ("body", "subheads"),
    [
        ("He fled. LEAVING THE WAR The first of them came.", ["LEAVING THE WAR"]),
        ("He fled. A QUIET HARBOUR EU leaders met in Oslo.", ["A QUIET HARBOUR"]),
        ("He fled. NO WAY BACK A man stood there.", ["NO WAY BACK"]),
        ("He fled. “AN OLD QUARREL” U.S. President Lee spoke.", ["“AN OLD QUARREL”"]),
        ("He fled. NATO leaders met. The EU and NATO agreed.", []),
        ("The sign said: DANCE ALL NIGHT, in red.", []),
        ("He works for the BBC. UK firms face new rules.", []),
        ("They came. 2019: THE YEAR OF RAIN It rained for weeks.", ["2019: THE YEAR OF RAIN"]),
    ],
)
def test_subheads(body: str, subheads: list[str]) -> None:
    """Capitals between sentences are a subhead, in a sentence they are not."""
    assert parts(body, Part.SUBHEAD, more="He was a man of the sea.") == subheads


@pytest.mark.parametrize(
    "dateline",
    ["PARIS —", "LYON, France (AFP) –", "BERLIN, 3. Mai —", "Oslo (NTB) –", "SÃO PAULO -"],
)
def test_dateline(dateline: str) -> None:
    """A place and a dash before the first sentence are a dateline."""
    assert parts(f"{dateline} The council met on Monday.", Part.DATELINE) == [dateline]


@pytest.mark.parametrize(
    "line",
    [
        "Ann Lee and Bo Ek contributed to this report.",
        "Unter Mitarbeit von Ann Lee in Bern.",
        "Ann Lee a contribué à cet article.",
        "Ha collaborato Ann Lee.",
        "Con información de Ann Lee.",
        "Ann Lee helped from Oslo.",
    ],
)
def test_contributor_line(line: str) -> None:
    """A last sentence that thanks people is taken out."""
    body = f"The council met on Monday. It agreed on nothing. {line}"
    assert parts(body, Part.CONTRIBUTOR) == [line]


def test_opening_of_a_feature() -> None:
    """Title again, deck, byline and illustrator stand before the text."""
    body = (
        "THE LONG WAY HOME Three ships, one storm. By ANN LEE Illustration by Bo Ek/Norfoto "
        "The storm came late."
    )
    title = "The long way home"
    assert parts(body, Part.REPEATED_TITLE, title=title) == ["THE LONG WAY HOME"]
    assert parts(body, Part.DECK, title=title) == ["Three ships, one storm."]
    assert parts(body, Part.BYLINE, title=title) == ["By ANN LEE"]
    assert parts(body, Part.TEXT, title=title) == ["The storm came late."]


def test_note_about_the_author_only_if_not_in_the_news() -> None:
    """A first sentence about somebody whom the text goes on about is text."""
    note = "Ann Lee is a professor of history in Oslo."
    assert parts(f"{note} The war began late. It ended soon.", Part.BYLINE) == [note]
    assert parts(f"{note} Lee said the war began late.", Part.BYLINE) == []


@given(st.lists(st.text(alphabet="aAbBé ’2_.", max_size=40), max_size=4))
def test_evidence_of_words(bodies: list[str]) -> None:
    """What is looked up when it is asked for is what counting all words gives."""
    words = Counter(word for body in bodies for word in re.findall(r"[^\W\d_]+", body))
    evidence = Evidence(bodies)
    for word in {*words, "a", "A", "aB", "a’", ""}:
        assert evidence.is_lower(word) == (word[:1].islower() and words[word] > 0)
        assert evidence.recurs(word) == (not word[:1].islower() and words[word] > 1)
