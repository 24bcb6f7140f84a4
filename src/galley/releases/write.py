"""Write the files of a release into a folder."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from datasets import Features

from galley.files import write_json, write_text
from galley.manifest import Manifest, hash_files
from galley.parquet import write_groups
from galley.releases import index
from galley.releases.card import FILE_NAME as CARD
from galley.releases.card import Card
from galley.releases.citation import CITATION, LICENSE, cite, state_licenses
from galley.releases.configs import count_rows, list_configs
from galley.releases.croissant import FILE_NAME as CROISSANT
from galley.releases.croissant import Subject
from galley.releases.datasheet import answered
from galley.releases.edition import UNRELEASED, Edition, Imprint
from galley.releases.history import CONTRACT, REPORT, Release
from galley.releases.index import Entry, write_index
from galley.releases.material import Material
from galley.releases.rows import Rows
from galley.releases.split import Assignment
from galley.releases.text import render

AGREEMENT = "agreement.json"
DATASHEET = "DATASHEET.md"
# Rows in a group; one id in so many may end it.
_LEAST, _MOST, _ENDS = 16_000, 32_000, 4_000


@dataclass(frozen=True)
class Draft:
    """A release that has no name yet.

    Attributes:
        material: What it is made from.
        rows: The records, those that are withheld too.
        assignment: Where they go.
        last: The release before, if there is one.
    """

    material: Material
    rows: Rows
    assignment: Assignment
    last: Release | None

    @cached_property
    def features(self) -> Features:
        """The features of its rows."""
        return self.material.codec.features

    def entries(self, version: str) -> list[Entry]:
        """Return the index of the release when it is called `version`, in order."""
        before = {} if self.last is None else {entry.id: entry for entry in self.last.entries}
        entries = []
        for number, candidate in enumerate(self.rows.candidates):
            place, old = self.assignment.places.get(candidate.id), before.get(candidate.id)
            if place is None:
                continue
            digest = self.rows.entry_hash(number, place.cluster)
            same = old is not None and old.row_sha256 == digest
            entry = Entry(
                id=candidate.id,
                cluster=place.cluster,
                split=place.split,
                first_release=version if old is None else old.first_release,
                changed_in=old.changed_in if old is not None and same else version,
                text_sha256=candidate.text_sha256,
                row_sha256=digest,
                status=candidate.status,
            )
            entries.append(entry)
        return sorted(entries, key=lambda entry: entry.order)

    def edition(self, imprint: Imprint, entries: list[Entry]) -> Edition:
        """Return what a report on the release is made from."""
        facts, seed = self.rows.measure(entries), self.material.config.release.seed
        return Edition(self.material.config.title, seed, imprint, self.rows, entries, facts)

    def present(self) -> Edition:
        """Return what a report on what would be released now is made from."""
        imprint = Imprint(UNRELEASED, None, self.material.ledger, self.last)
        return self.edition(imprint, self.entries(UNRELEASED))


def row_groups(entries: list[Entry]) -> Iterator[list[Entry]]:
    """Yield `entries`, in their order, in groups that a change elsewhere leaves as they are.

    A group ends at a record whose id says so. If every group had as many rows as the next, one
    record less would move the ends of all that follow, and the Hub's store would hold little of
    the next version. It reuses most with large groups, and its viewer wants 100 to 300 MB in
    each: 20,000 articles of 7 KB are about 140 MB.
    """
    start = 0
    for end, entry in enumerate(entries, 1):
        ends = int(entry.id, 16) % _ENDS == 0
        if end - start == _MOST or (ends and end - start >= _LEAST):
            yield entries[start:end]
            start = end
    if start < len(entries):
        yield entries[start:]


def write_data(folder: Path, rows: Rows, entries: list[Entry]) -> None:
    """Write the data files of `entries`, whose order the rows of each file keep."""
    files: dict[str, list[Entry]] = {}
    for entry in entries:
        files.setdefault(entry.file, []).append(entry)
    for path, group in files.items():
        parts = (rows.select(part) for part in row_groups(group))
        write_groups(folder / path, rows.codec.schema, parts)


def write_report(folder: Path, material: Material, edition: Edition) -> None:
    """Write the page on a release, if there is what writes one."""
    if material.page is not None:
        write_text(folder / REPORT, material.page(edition))


def write_release(folder: Path, draft: Draft, imprint: Imprint) -> None:
    """Write all files of a release into the empty `folder`, the manifest last.

    Raises:
        ReleaseError: The datasheet names a field that is not there.
    """
    version, date = imprint.version, imprint.date
    entries = draft.entries(version)
    write_data(folder, draft.rows, entries)
    write_report(folder, draft.material, draft.edition(imprint, entries))
    write_index(folder / index.FILE_NAME, entries)
    schema = json.dumps(draft.material.contract.document, ensure_ascii=False, indent=2)
    write_text(folder / CONTRACT, schema + "\n")
    _write_words(folder, draft, entries, version=version, date=date)
    Manifest(
        kind="release",
        inputs={
            **draft.material.inputs(),
            "records": draft.rows.built_hash(entries),
            "previous": None if draft.last is None else draft.last.reference,
        },
        files=hash_files(folder),
        facts={
            "version": version,
            "date": date,
            "configs": count_rows(entries),
            "features": draft.features.to_dict(),
            "withheld": dict(Counter(issue.code for issue in draft.assignment.withheld)),
        },
    ).write(folder)


def _write_words(
    folder: Path, draft: Draft, entries: list[Entry], *, version: str, date: str | None
) -> None:
    material, rows = draft.material, count_rows(entries)
    card = Card(
        config=material.config,
        contract=material.contract,
        labels=material.labels,
        facts=draft.rows.measure(entries),
        files=list_configs(entries),
        rows=rows,
        version=version,
        date=date,
        agreement=material.agreement(),
    )
    if card.agreement is not None:
        write_json(folder / AGREEMENT, card.agreement)
    write_text(folder / CARD, card.render(folder, draft.features))
    _write_datasheet(folder, draft, card)


def _write_datasheet(folder: Path, draft: Draft, card: Card) -> None:
    """Write the datasheet, and what says the same to programs."""
    material, license_name = draft.material, card.config.release.license
    values: dict[str, Any] = {
        "title": card.title,
        "version": card.version,
        "date": card.date,
        "facts": card.facts,
        "configs": card.rows,
        "license": license_name,
        "agreement": card.agreement,
    }
    datasheet = render(material.datasheet, DATASHEET, values)
    write_text(folder / DATASHEET, datasheet)
    subject = Subject(card=card, answers=answered(datasheet), files=_data_files(folder))
    write_json(folder / CROISSANT, subject.describe())
    write_text(folder / CITATION, cite(card))
    write_text(folder / LICENSE, state_licenses(card))


def _data_files(folder: Path) -> dict[str, dict[str, Any]]:
    return {path: entry for path, entry in hash_files(folder).items() if path.startswith("data/")}
