"""Write the names of months and days that dates are found by, from the CLDR in Babel.

    .venv/bin/python tools/month_names.py

Read at run time, the data of sixty locales would take 60 MB and half a second a process.
"""

import json
from pathlib import Path

from galley.build.dates import LANGUAGES, read_days, read_months

OUT = Path(__file__).resolve().parent.parent / "src/galley/build/months.json"


def main() -> None:
    """Write the file."""
    months = {language: read_months(language) for language in LANGUAGES}
    value = {"months": months, "days": sorted(read_days())}
    text = json.dumps(value, ensure_ascii=False, indent=0, sort_keys=True)
    OUT.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
