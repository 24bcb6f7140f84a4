"""How a release is cited and under which licences it comes: `CITATION.cff`, `LICENSE.md`."""

import yaml

from galley.releases.card import Card
from galley.releases.croissant import license_link
from galley.releases.facts import UNKNOWN
from galley.releases.text import cell

CITATION = "CITATION.cff"
LICENSE = "LICENSE.md"


def cite(card: Card) -> str:
    """Return `CITATION.cff`, in the Citation File Format 1.2.0."""
    license_name = card.config.release.license
    spdx = license_name if license_name and "://" not in license_name else None
    value = {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite this version of it.",
        "type": "dataset",
        "title": card.title,
        "authors": [{"name": f"The makers of {card.title}"}],
        "version": card.version,
        **({"date-released": card.date} if card.date else {}),
        **({"license": spdx} if spdx else {}),
        **({"license-url": license_name} if license_name and not spdx else {}),
    }
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=100)


def state_licenses(card: Card) -> str:
    """Return `LICENSE.md`: the licence of the whole, and those of the records."""
    license_name = card.config.release.license
    whole = _link(license_name) if license_name else "no licence was stated: ask before you use it"
    rows = [f"| {_link(name)} | {number} |" for name, number in card.facts.licenses.items()]
    lines = [
        f"# Licence of {card.title}",
        "",
        f"The dataset as a whole: {whole}.",
        "",
        "Each record has a licence of its own in `license`:",
        "",
        "| licence | records |",
        "|---|---:|",
        *rows,
    ]
    return "\n".join(lines) + "\n"


def _link(name: str) -> str:
    return "none stated" if name == UNKNOWN else f"[{cell(name)}](<{license_link(name)}>)"
