"""The changelog: entries on top, people's words kept, the manifest's hash read back."""

from galley.releases.changelog import Note, describe, insert, manifest_hash
from galley.releases.diff import Change
from galley.releases.version import Version

ONE, TWO, THREE = Version(0, 1, 0), Version(0, 2, 0), Version(0, 3, 0)


def note(version: Version, digit: str, change: Change | None = None) -> Note:
    return Note(version, "2024-05-03", digit * 64, change, records=3)


def test_the_newest_entry_stands_on_top_and_words_are_kept() -> None:
    """What a person wrote into an older entry or above all stays."""
    first = insert("", note(ONE, "a"), newest=None) + "\nThanks to Ada.\n"
    text = insert(
        first.replace("# Changelog\n", "# Changelog\n\nMine.\n"),
        note(TWO, "b", Change()),
        newest=ONE,
    )
    assert text.index("Mine.") < text.index("## [0.2.0]") < text.index("## [0.1.0] - 2024-05-03")
    assert text.endswith("Thanks to Ada.\n")


def test_the_hash_of_a_version_is_read_back() -> None:
    """Each version has its own; one that is not there has none."""
    text = insert(insert("", note(ONE, "a"), newest=None), note(TWO, "b", Change()), newest=ONE)
    assert manifest_hash(text, ONE) == "a" * 64
    assert manifest_hash(text, TWO) == "b" * 64
    assert manifest_hash(text, THREE) is None


def test_an_entry_that_no_release_followed_is_dropped() -> None:
    """A killed run announced 0.2.0; what is cut now is something else."""
    text = insert(insert("", note(ONE, "a"), newest=None), note(TWO, "b", Change()), newest=ONE)
    again = insert(text, note(THREE, "c", Change()), newest=ONE)
    assert manifest_hash(again, TWO) is None
    assert manifest_hash(again, ONE) == "a" * 64


def test_sentences_count_each_record_once() -> None:
    """Corrected and retexted records are not counted again as otherwise changed."""
    change = Change(changed=["a", "b", "c"], corrected=["a"], retexted=["b"], removed=["d"])
    assert describe(change) == {
        "Added": [],
        "Changed": [
            "1 record corrected by people for the first time.",
            "1 record with another text.",
            "1 record with other tags, entities or metadata.",
        ],
        "Removed": ["1 record removed: `d`."],
    }


def test_what_stands_stays_as_it_is() -> None:
    """However many entries come above it: it is under version control, and read by its changes."""
    text = insert("", note(ONE, "a"), newest=None)
    for version, last in ((TWO, ONE), (THREE, TWO)):
        longer = insert(text, note(version, "b", Change()), newest=last)
        head, entries = text.split("\n## ", 1)
        assert longer.startswith(head)
        assert longer.endswith(f"\n## {entries}")
        assert "\n\n\n" not in longer
        text = longer
