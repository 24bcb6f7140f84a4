"""Write the names of months and days that dates are found by, from the CLDR in Babel.

    .venv/bin/python tools/month_names.py

Read at run time, the data of sixty locales would take 60 MB and half a second a process. And
what Babel says of a language depends on which others it was asked for before: it writes what
one inherits into what it keeps of another.
"""

import json
from pathlib import Path
from typing import Any

from babel import Locale, localedata

from galley.build.dump.dates import LANGUAGES

OUT = Path(__file__).resolve().parent.parent / "src/galley/build/dump/months.json"


def names() -> dict[str, Any]:
    """Return what the file holds: months of all languages, and days of the common ones."""
    tags = sorted({_language(name) for name in localedata.locale_identifiers()})
    days = {name for language in LANGUAGES for name in _days(_locale(language))}
    return {"months": {tag: _months(_locale(tag)) for tag in tags}, "days": sorted(days)}


def _language(identifier: str) -> str:
    """Return a locale's language, with its script if it says one, as BCP 47 has it."""
    language, *rest = identifier.split("_")
    return "-".join([language, *(part for part in rest if len(part) == len("Latn"))])


def _locale(tag: str) -> Locale:
    localedata._cache.clear()  # noqa: SLF001 - see above
    return Locale.parse(tag, sep="-")


def _months(locale: Locale) -> dict[str, int]:
    found: dict[str, int] = {}
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in locale.months[context][width].items():
                plain = str(name).casefold().rstrip(".")
                if not plain.isdigit() and len(plain) > 2:
                    found.setdefault(plain, int(number))
    return found


def _days(locale: Locale) -> set[str]:
    contexts = [locale.days[context] for context in locale.days]
    said = [width[key].values() for width in contexts for key in ("wide", "abbreviated")]
    return {str(name).casefold().rstrip(".") for values in said for name in values}


def main() -> None:
    """Write the file."""
    text = json.dumps(names(), ensure_ascii=False, indent=0, sort_keys=True)
    OUT.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
