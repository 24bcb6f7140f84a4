"""Names of territories in many languages: CLDR's, with a short list of everyday forms.

CLDR (which ships in Babel under the Unicode licence) names countries, continents and the
large alliances in every language. What newspapers print instead (`U.S.`, `EE. UU.`) is not
in it, so the forms that everybody knows stand here.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

# What a CLDR code is called in entities.yaml: alpha-2 codes are countries, UN M.49 numbers
# are continents and their parts; these are neither.
_ORGANISATIONS = frozenset({"EU", "EZ", "UN"})
# The world, and codes that stand for no place.
_NO_PLACE = frozenset({"001", "XA", "XB", "ZZ", "QO"})
# From a CLDR code to the forms; a code that CLDR lacks is an organisation.
_EVERYDAY: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "US": ("US", "U.S.", "USA", "U.S.A."),
        "GB": ("UK", "U.K.", "Britain", "Great Britain"),
        "AE": ("UAE",),
        "TR": ("Turkey",),
        "HK": ("Hong Kong",),
        "CZ": ("Czech Republic",),
        "EU": ("EU", "E.U."),
        "UN": ("UN", "U.N."),
        "NATO": ("NATO",),
    },
    "fr": {
        "US": ("USA",),
        "GB": ("Grande-Bretagne",),
        "HK": ("Hong Kong",),
        "EU": ("UE",),
        "UN": ("ONU", "Onu"),
        "NATO": ("OTAN", "Otan"),
    },
    "de": {
        "US": ("USA",),
        "GB": ("Großbritannien",),
        "HK": ("Hongkong",),
        "EU": ("EU",),
        "UN": ("UN", "UNO"),
        "NATO": ("NATO", "Nato"),
    },
    "it": {
        "US": ("USA", "Usa"),
        "GB": ("Gran Bretagna",),
        "HK": ("Hong Kong",),
        "EU": ("UE", "Ue"),
        "UN": ("ONU", "Onu"),
        "NATO": ("NATO", "Nato"),
    },
    "es": {
        "US": ("EE. UU.", "EE.UU.", "EEUU", "USA"),
        "GB": ("Gran Bretaña",),
        "HK": ("Hong Kong",),
        "EU": ("UE",),
        "UN": ("ONU",),
        "NATO": ("OTAN",),
    },
}
_OTHER_NAME = re.compile(r"(.+) \((.+)\)")


@dataclass(frozen=True)
class Territories:
    """The names known in one language.

    Attributes:
        labels: From a name as printed to its entity label.
        automaton: Finds the longest of the names from left to right, letter case counting.
    """

    labels: dict[str, str]
    automaton: Any

    def find(self, text: str) -> list[tuple[int, int]]:
        """Return where names stand in `text`, in order, without overlaps, boundaries aside."""
        return [(start, end) for _, start, end in self.automaton.find_matches_as_indexes(text)]


@lru_cache(maxsize=32)
def load_territories(language: str) -> Territories:
    """Return the names in `language` (BCP 47); English ones where CLDR does not know it."""
    from ahocorasick_rs import AhoCorasick, MatchKind  # noqa: PLC0415 - only to suggest

    locale = _locale(language)
    labels = {
        name: _label(code)
        for code, names in locale.territories.items()
        if code not in _NO_PLACE
        for name in _variants(names, locale)
    }
    everyday = _EVERYDAY.get(locale.language, {})
    labels |= {form: _label(code) for code, forms in everyday.items() for form in forms}
    names = sorted(labels)
    return Territories(labels, AhoCorasick(names, matchkind=MatchKind.LeftmostLongest))


def cldr_version() -> str:
    """Return the version of the CLDR data in use."""
    from babel.core import get_cldr_version  # noqa: PLC0415 - only to suggest

    return str(get_cldr_version())


def _locale(language: str) -> Any:
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - only to suggest

    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = None
    return locale if locale is not None and locale.territories else Locale.parse("en")


def _label(code: str) -> str:
    if code.isdigit():
        return "LOC"
    return "ORG" if code in _ORGANISATIONS or len(code) > 2 else "GPE"


def _variants(name: str, locale: Any) -> list[str]:
    """Return how a running text prints CLDR's `name`: a list form is no newspaper form."""
    other = _OTHER_NAME.fullmatch(name)
    if other:
        return list(other.groups())
    if " & " in name:
        pair = locale.list_patterns["standard"]["2"]
        return [pair.format(*name.split(" & ", 1))]
    # One character would match inside any word of a language that is written without spaces.
    return [name] if len(name) > 1 else []
