"""What waits for a person. A new queue is one more function here, and its name in `QUEUES`."""

from collections import Counter
from collections.abc import Callable, Iterator

from galley.workspace.status import Queue
from galley.workspace.survey import Survey, pick

_DIGITS = 10  # of an id: enough to tell records apart


def find_queues(survey: Survey) -> Iterator[Queue]:
    """Yield all queues, empty ones too."""
    for queue in QUEUES:
        yield queue(survey)


def _quarantine(survey: Survey) -> Queue:
    number = 0 if survey.build is None else int(survey.build.facts["quarantined"])
    what = "entries of raw files that the build refused"
    return Queue("quarantine", number, what, "galley quarantine list")


def _misfits(survey: Survey) -> Queue:
    path = survey.of.layout.annotations_quarantine
    number = path.read_bytes().count(b"\n") if path.exists() else 0
    what = "annotations that do not fit their text or the vocabularies"
    return Queue("annotations", number, what, f"less {path.relative_to(survey.of.layout.root)}")


def _reanchor(survey: Survey) -> Queue:
    """Look at the few records whose text is another than the one that was annotated."""
    from galley.annotations.correction import Corrections  # noqa: PLC0415 - stages load lazily

    moved, lost = survey.progress.moved, 0
    if moved:
        aliases = survey.of._aliases()  # noqa: SLF001 - of the same package
        about = moved | {old for old, new in aliases.items() if new in moved}
        corrections = Corrections.collect(survey.of.ledger.events(about=about), aliases)
        found = (corrections.of(record) for record in survey.texts(moved))
        lost = sum(bool(correction and correction.lost) for correction in found)
    what = "records with a marked name that has no place in their new text"
    return Queue("reanchor", lost, what, "galley push --queue reanchor")


def _adjudicate(survey: Survey) -> Queue:
    """Look at the records that several annotations stand for, if no policy settles them all."""
    from galley.annotations.correction import Corrections  # noqa: PLC0415 - stages load lazily

    policies, waiting = survey.of._policies, 0  # noqa: SLF001 - of the same package
    shared = frozenset[str]() if policies.are_latest else survey.progress.shared
    if shared:
        aliases = survey.of._aliases()  # noqa: SLF001 - of the same package
        about = shared | {old for old, new in aliases.items() if new in shared}
        events = survey.of.ledger.events(about=about)
        corrections = Corrections.collect(events, aliases, policies=policies).by_text
        rows = pick(survey.records, shared).select(["id", "text_sha256"]).to_pylist()
        found = (corrections.get((row["id"], row["text_sha256"])) for row in rows)
        waiting = sum(bool(correction and correction.open) for correction in found)
    what = "records of which people said different things that no policy settles"
    return Queue("adjudicate", waiting, what, "galley push --queue adjudicate")


def _unmapped(survey: Survey) -> Queue:
    """Count the tags that publishers print and `tags.yaml` does not know."""
    import pyarrow.compute as pc  # noqa: PLC0415 - slow to import

    printed: Counter[str] = Counter()
    for column in ("source_tags", "listing_tags"):
        for pair in pc.value_counts(pc.list_flatten(survey.records[column])).to_pylist():
            if survey.of.taxonomy.resolve(pair["values"]) is None:
                printed[pair["values"]] += pair["counts"]
    often = sorted(printed, key=lambda tag: (-printed[tag], tag))[:3]
    what = "printed tags that tags.yaml does not know" + (f": {', '.join(often)}" if often else "")
    return Queue("unmapped_tags", len(printed), what, "edit schema/tags.yaml")


def _skipped(survey: Survey) -> Queue:
    """Count the records that people passed over: mostly pages that the build read wrongly."""
    ids = sorted(survey.progress.skipped)
    named = f": {', '.join(name[:_DIGITS] for name in ids[:3])}" if ids else ""
    return Queue("skipped", len(ids), f"records that people skipped{named}", "galley inspect ID")


QUEUES: tuple[Callable[[Survey], Queue], ...] = (
    *(_quarantine, _misfits, _reanchor, _adjudicate, _skipped, _unmapped),
)
