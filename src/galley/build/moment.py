"""When something was published, as ISO 8601 in the precision of what was said."""

import re
from datetime import datetime
from email.utils import parsedate_to_datetime

_ISO = re.compile(
    r"(?P<date>\d{4}(?:-\d{2}(?:-\d{2})?)?)"
    r"(?:[T ](?P<time>\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)"
    r" ?(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?",
    re.IGNORECASE,
)


def read_moment(stated: str) -> str | None:
    """Return the point in time that `stated` names, or None if it names none for certain.

    Forms of ISO 8601 and those of e-mail are understood: in others, day and month are a guess.

    Example:
        >>> read_moment("2019-04-30 15:10:10+0200")
        '2019-04-30T15:10:10+02:00'
        >>> read_moment("2019-04")
        '2019-04'
    """
    stated = stated.strip()
    match = _ISO.fullmatch(stated)
    if match is None:
        return _mail(stated)
    if not match["time"]:
        found = match["date"]
    elif len(match["date"]) < 10:
        return None
    else:
        found = f"{match['date']}T{match['time']}{_zone(match['zone'])}"
    return found if _exists(found) else None


def _mail(stated: str) -> str | None:
    """Read a date such as `Mon, 06 May 2024 10:00:00 GMT`."""
    if not re.match(r"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d", stated):
        return None
    try:
        return parsedate_to_datetime(stated).isoformat()
    except ValueError:
        return None


def _zone(zone: str | None) -> str:
    if not zone or zone.upper() in {"Z", "UTC", "GMT"}:
        return "Z" if zone else ""
    return zone if ":" in zone else f"{zone[:3]}:{zone[3:]}"


def _exists(found: str) -> bool:
    """Return whether the calendar knows the day and the clock the hour."""
    whole = found + "-01-01"[len(found) - 4 :] if len(found) < 10 else found
    try:
        datetime.fromisoformat(re.sub(r"\.\d+", "", whole))
    except ValueError:
        return False
    return True
