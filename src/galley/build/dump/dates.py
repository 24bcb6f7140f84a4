"""Dates on pages: which lines are nothing but one, and when a page was published.

The names of months come from CLDR, through Babel.
"""

import json
import re
from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
_MOST = 90  # code points of a line that is nothing but a date
_AGES = 40  # code points of a line that says how long ago something was, or a time
_SPARE = 28  # letters around a date
_DIGITS = 16  # digits around a date
_YEARS = range(1980, 2100)
_PAST = range(1450, 1980)  # years that articles tell of; earlier ones may be another calendar's
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_DAY_BEFORE = re.compile(r"(?<!\d)\d{1,2}\S{0,3}\s*(?:\w{1,3}\s|d’|d'|-)?\s*$")
_NUMBER_AFTER = re.compile(r"[.,]?[\s-]*(?:\w{2,3}\s)?(?:\d{4}|\d{1,2})(?!\d)")
_TWO = 2  # years in a line that says when it was published and changed
_DIGIT = re.compile(r"\d")
_AROUND = " .|·•-–—()"  # a date
_CLOCK = re.compile(
    r"(?<!\d)([01]?\d|2[0-3])[:.h時시点點时]\s?([0-5]\d)(?:[:.分분]?\s?([0-5]\d))?(?![\d])\s*(?:(?P<half>[ap])\.?m\b\.?)?",
    re.IGNORECASE,
)
_ISO = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/.](0?[1-9]|1[0-2])[-/.](0?[1-9]|[12]\d|3[01])(?!\d)")
_EAST = re.compile(
    r"((?:19|20)\d\d)\s?[年년]\s?(0?[1-9]|1[0-2])\s?[月월]\s?(0?[1-9]|[12]\d|3[01])\s?[日일]"
)
_NUMBERS = re.compile(
    r"(?<!\d)(0?[1-9]|[12]\d|3[01])([./-])\s?(0?[1-9]|[12]\d|3[01])\2\s?((?:19|20)\d\d)(?!\d)"
)
# "3 hours ago": a number and a word, before or after a word of the list.
_AGO = re.compile(
    r"\d+\s?(?:h|hrs?|hours?|m|min(?:ute)?s?|days?|weeks?|months?|years?|d|w)\.? ago|\d+[hdw]"
    r"|(?:vor|il y a|hace|há|acum|пред|πριν|منذ|לפני|för)\s.{0,14}\d+.{0,12}"
    r"|.{0,6}\d+\s?\S{1,9}\s?(?:ago|fa|atrás|geleden|temu|назад|тому(?: назад)?|sedan|siden"
    r"|sitten|önce|lalu|yang lalu|trước|پیش|전|前|पहले|আগে|ที่แล้ว|óta|zpátky|síðan)",
    re.IGNORECASE,
)
# "an hour ago", where a language has a word for one or two of them.
_UNIT = (
    r"(?:seconds?|minutes?|hours?|days?|weeks?|stunde|minute|tag|heure|jour|semaine|hora|día|dia"
    r"|ora|giorno|uur|minuut|dag|week|godzin\w+|minut\w+|dzień|час\w*|минут\w+|день|годин\w+"
    r"|хвилин\w+|time|dag|timme|tunti\w*|órája|oră|ώρα|saat|dakika|gün|jam|hari|giờ|phút|ngày"
    r"|ساعة|ساعتين|دقيقة|دقيقتين|يوم|يومين|שעה|שעתיים|דקה|יום|יומיים|ساعت|دقیقه|روز)"
)
_LATELY = re.compile(
    rf"(?:vor|il y a|hace|há|acum|πριν(?: από)?|منذ|לפני|for|för) (?:\S{{1,6}} )?{_UNIT}"
    rf"(?: siden| sedan)?|(?:\S{{1,6}} )?{_UNIT} (?:ago|fa|atrás|geleden|temu|назад|тому|sedan"
    r"|siden|sitten|önce|lalu|yang lalu|trước|پیش)",
    re.IGNORECASE,
)
_GAPS = range(1, 6)  # spaces in what that matches: a headline has more of them, a tag none
_WORD = re.compile(r"[^\s\d.,:;|/()–—-]+(?:['’.][^\s\d.,:;|/()–—-]+)*\.?")
_THAI_YEAR = re.compile(r"(?<!\d)2[45]\d\d(?!\d)")
# Forms that show a date without saying which: two digits of the year, months that are numbers.
_SHORT = re.compile(
    r"(?<!\d)\d{1,2}\s?[./-]\s?\d{1,2}\s?[./-]\s?(?:\d{2}|\d{4})(?!\d)"
    r"|(?<!\d)\d{4}/\d{1,2}/\d{1,2}(?!\d)|\d{1,2} (?:فروردین|اردیبهشت|خرداد|تیر|مرداد|شهریور|مهر"
    r"|آبان|آذر|دی|بهمن|اسفند)(?: ماه)? \d{4}"
    r"|\d{1,2} tháng \d{1,2},?(?: năm)? \d{4}|\d{4}\.\s\d{1,2}\.\s\d{1,2}(?!\d)",
    re.IGNORECASE,
)


def is_date_line(text: str) -> bool:
    """Return whether a line says a day, or how long ago something was, and hardly more.

    Example:
        >>> is_date_line("Published 3 May 2024, 14:05"), is_date_line("In May 2024 she left.")
        (True, False)
    """
    if _DIGIT.search(text) is None:
        return len(text) < _AGES and _is_lately(text.strip(_AROUND))
    if len(text) < _AGES and _is_age(text.strip(_AROUND)):
        return True
    if len(text) > _MOST or text.rstrip().endswith(("!", "?")):
        return False
    years = _YEAR.findall(text)
    return not any(int(year) in _PAST for year in years) and _is_day(text, len(years))


def _is_lately(text: str) -> bool:
    """Return whether a text says without a number how long ago something was."""
    return text.count(" ") in _GAPS and _LATELY.fullmatch(text) is not None


def _is_age(text: str) -> bool:
    """Return whether a text with a digit says how long ago something was."""
    return _is_lately(text) or _AGO.fullmatch(text) is not None


def _is_day(text: str, years: int) -> bool:
    """Return whether a text says a day, or two with two years, and hardly more."""
    rest = _SHORT.sub(" ", _EAST.sub(" ", _ISO.sub(" ", text)))
    names = [word for word in _WORD.finditer(rest) if _is_month(rest, word)]
    if rest == text and not names:
        return False
    others = [word[0].casefold().rstrip(".") for word in _WORD.finditer(rest) if word not in names]
    spare = sum(len(word) for word in others if word not in _days())
    most = _DIGITS * (2 if years == _TWO else 1)
    return spare <= _SPARE and sum(char.isdigit() for char in rest) <= most


def is_time_line(text: str) -> bool:
    """Return whether a line says a time of day and hardly anything else."""
    if len(text) > _AGES or not _CLOCK.search(text) or re.search(r"\d:\d\d:\d\d", text):
        return False
    rest = _CLOCK.sub(" ", text)
    return sum(char.isalnum() for char in rest) <= _SPARE // 2


def _is_month(text: str, word: re.Match[str]) -> bool:
    """Return whether a word is a month's name beside a number that is a day or a year."""
    name = word[0].casefold().rstrip(".")
    if name not in _months() and name.removeprefix("ב") not in _months():
        return False
    before = _DAY_BEFORE.search(text[: word.start()])
    return bool(before or _NUMBER_AFTER.match(text[word.end() :]))


@cache
def _months() -> dict[str, frozenset[int]]:
    """Return the numbers of the months that a name may stand for, in any common language."""
    found: defaultdict[str, set[int]] = defaultdict(set)
    for language in LANGUAGES:
        for name, number in _names(language).items():
            found[name].add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


# Languages in which a line may be known as a date before the language of its page is.
LANGUAGES = (
    *(
        "en",
        "de",
        "fr",
        "es",
        "pt",
        "it",
        "nl",
        "sv",
        "da",
        "nb",
        "nn",
        "fi",
        "is",
        "pl",
        "cs",
        "sk",
    ),
    *(
        "hu",
        "ro",
        "lt",
        "lv",
        "et",
        "ru",
        "uk",
        "be",
        "bg",
        "sr",
        "hr",
        "bs",
        "sl",
        "mk",
        "el",
        "tr",
    ),
    *(
        "ar",
        "he",
        "fa",
        "ur",
        "hi",
        "bn",
        "ta",
        "th",
        "vi",
        "id",
        "ms",
        "ca",
        "eu",
        "gl",
        "sq",
        "hy",
    ),
    *("ka", "az", "kk", "af", "sw", "lb", "mt", "ga", "cy"),
)


@cache
def _known() -> dict[str, Any]:
    """Return what `tools/month_names.py` took out of the CLDR."""
    text = (_HERE / "months.json").read_text(encoding="utf-8")
    known: dict[str, Any] = json.loads(text)
    return known


def _tables() -> dict[str, dict[str, int]]:
    """Return for each language the names of its months."""
    tables: dict[str, dict[str, int]] = _known()["months"]
    return tables


@cache
def _names(language: str) -> dict[str, int]:
    """Return the names of a language's months, none if the CLDR has no such language."""
    subtags = language.split("-")
    tags = ("-".join(subtags[:number]) for number in range(len(subtags), 0, -1))
    return next((_tables()[tag] for tag in tags if tag in _tables()), {})


@cache
def _days() -> frozenset[str]:
    """Return the names of the days of the week."""
    return frozenset(_known()["days"])


def find_published(text: str, language: str) -> str | None:
    """Return the one date that a line says, in ISO 8601, with the time if it says one.

    Args:
        text: A line above or below an article.
        language: BCP 47 tag of the page; its names of months are the ones that count.

    Returns:
        None where there is no date, or where it could be several.

    Example:
        >>> find_published("Published 3 May 2024, 14:05", "en")
        '2024-05-03T14:05'
    """
    if not text.isascii():
        text = _DIGIT.sub(lambda digit: str(int(digit[0])), text)  # of any script
    dates = {*_by_digits(text), *_by_names(text, language)}
    if len(dates) != 1:
        return None
    found = dates.pop()
    return f"{found.isoformat()}{_clock(text)}"


def _date(year: str, month: int | str, day: str) -> list[date]:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return []
    return [found] if found.year in _YEARS else []


def _by_digits(text: str) -> list[date]:
    """Return the dates written in digits, but for those that read two ways."""
    found: list[date] = []
    for match in (*_ISO.finditer(text), *_EAST.finditer(text)):
        found += _date(*match.groups())
    for match in _NUMBERS.finditer(text):
        first, mark, second, year = match.groups()
        if mark == "." or int(first) > 12 or first == second:
            found += _date(year, second, first)
        elif int(second) > 12:
            found += _date(year, first, second)
        else:
            found += [*_date(year, second, first), *_date(year, first, second)]
    return found


def _by_names(text: str, language: str) -> list[date]:
    """Return the dates with a month's name: "3 May 2024", "May 3, 2024"."""
    names = _names(language)
    if language.partition("-")[0] == "th":  # years count from the death of the Buddha
        text = _THAI_YEAR.sub(lambda year: str(int(year[0]) - 543), text)
    found: list[date] = []
    for word in _WORD.finditer(text):
        name = word[0].casefold().rstrip(".")
        month = names.get(name) or names.get(name.removeprefix("ב"))  # "in", of Hebrew
        if month is None:
            continue
        before = re.search(
            r"(?<!\d)(\d{1,2})(?:\.|º|er|-?го)?\s*(?:de |d’|d')?\s*$", text[: word.start()]
        )
        after = re.match(r"\.?,?\s*(?:de |del )?((?:19|20)\d\d)(?!\d)", text[word.end() :])
        if before and after:
            found += _date(after[1], month, before[1])
            continue
        american = re.match(
            r"\.?\s*(\d{1,2})(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)(?!\d)", text[word.end() :]
        )
        if american:
            found += _date(american[2], month, american[1])
    return found


def _clock(text: str) -> str:
    """Return the one time of day that a line says, as ISO 8601 puts it behind a date."""
    rest = _EAST.sub(" ", _ISO.sub(" ", _NUMBERS.sub(" ", text)))
    times = {(match[1], match[2], (match["half"] or "").lower()) for match in _CLOCK.finditer(rest)}
    if len(times) != 1:
        return ""
    hour, minute, half = times.pop()
    if half and not 1 <= int(hour) <= 12:
        return ""
    number = int(hour) % 12 + (12 if half == "p" else 0) if half else int(hour)
    return f"T{number:02}:{minute}"
