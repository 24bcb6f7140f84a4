"""When something was published, as ISO 8601 in the precision of what was said."""

import re
from datetime import datetime

_ISO = re.compile(
    r"(?P<date>\d{4}(?:-\d{2}(?:-\d{2})?)?)"
    r"(?:[T ](?P<time>\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)"
    r" ?(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?",
    re.IGNORECASE,
)
_MAIL = re.compile(
    r"(?:[a-z]{3,9}\.?,? *)?(?P<day>\d{1,2})[ -](?P<month>[a-z]{3})[a-z]*\.?[ -]"
    r"(?P<year>\d{4}|\d{2})"
    r"(?:,? +(?P<time>\d{1,2}:\d{2}(?::\d{2})?)(?: *(?P<zone>[a-z]{1,5}|[+-]\d{2}:?\d{2}))?)?",
    re.IGNORECASE,
)
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
# The names that RFC 5322 gives a meaning; what others mean depends on where one is.
_ZONES = {
    **dict.fromkeys(("UT", "UTC", "GMT", "Z", "-0000"), "Z"),
    **dict.fromkeys(("EDT",), "-04:00"),
    **dict.fromkeys(("EST", "CDT"), "-05:00"),
    **dict.fromkeys(("CST", "MDT"), "-06:00"),
    **dict.fromkeys(("MST", "PDT"), "-07:00"),
    **dict.fromkeys(("PST",), "-08:00"),
}


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
    """Read a date as in e-mail, such as `Mon, 06 May 2024 10:00:00 GMT`, or the day alone."""
    match = _MAIL.fullmatch(stated)
    if match is None or match["month"].lower() not in _MONTHS:
        return None
    year = match["year"]
    century = "" if len(year) == 4 else "20" if year < "50" else "19"
    month = _MONTHS.index(match["month"].lower()) + 1
    found = f"{century}{year}-{month:02}-{int(match['day']):02}"
    if match["time"]:
        hours, rest = match["time"].split(":", 1)
        found += f"T{hours:0>2}:{rest}{_zone(match['zone'])}"
    return found if _exists(found) else None


def _zone(zone: str | None) -> str:
    """Return an offset; a name that has no one meaning gives none."""
    if not zone:
        return ""
    if zone.upper() in _ZONES or zone[0] not in "+-":
        return _ZONES.get(zone.upper(), "")
    return zone if ":" in zone else f"{zone[:3]}:{zone[3:]}"


def _exists(found: str) -> bool:
    """Return whether the calendar knows the day and the clock the hour."""
    whole = found + "-01-01"[len(found) - 4 :] if len(found) < 10 else found
    try:
        datetime.fromisoformat(re.sub(r"\.\d+", "", whole))
    except ValueError:
        return False
    return True
