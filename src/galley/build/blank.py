"""What every record has in common, whatever its file was."""

import unicodedata
from dataclasses import dataclass

from galley.build.source import Source
from galley.record import Record


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record was found, but for its bytes: the entry of its `sources`.

    Attributes:
        file: What records call the file.
        sha256: Of its bytes, as they lie on disk.
        layout: How it was read.
        extractor: By which rules, with their version.
        encoding: What its characters were decoded from.
    """

    file: str
    sha256: str
    layout: str
    extractor: str
    encoding: str


def blank_record() -> Record:
    """Return the fields of a record that nothing is known of yet, as a build leaves them."""
    return {
        "deck": None,
        "dateline": None,
        "publisher": None,
        "url": None,
        "published": None,
        "license": None,
        "changed_in": None,
        "subheads": [],
        "authors": [],
        "contributors": [],
        "captions": [],
        "credits": [],
        "source_tags": [],
        "listing_tags": [],
        "tags": [],
        "entities": [],
        "annotation": {"status": "source", "annotators": 0, "guideline": None, "taxonomy": None},
    }


def configure(record: Record, source: Source, origin: Origin) -> Record:
    """Give `record` its `sources`, and what `sources.toml` says where it is silent; return it."""
    known = {"publisher": source.publisher, "license": source.license}
    used = [key for key, value in known.items() if record[key] is None and value is not None]
    record |= {key: known[key] for key in used}
    entry = {
        "file": unicodedata.normalize("NFC", origin.file),
        "sha256": origin.sha256,
        "layout": origin.layout,
        "extractor": origin.extractor,
        "encoding": origin.encoding,
        "configured": used,
    }
    record["sources"] = [entry]
    return record
