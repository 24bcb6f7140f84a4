"""Licences of texts, from the addresses that name them."""

import re

_DEED = re.compile(
    r"creativecommons\.org/(?P<kind>licenses|publicdomain)/(?P<code>[a-z-]+)(?:/(?P<version>\d\.\d))?"
    r"(?:/(?P<port>[a-z]{2,5}))?(?![a-z])",
    re.IGNORECASE,
)
# Of the licences that Creative Commons ported to the law of a country, SPDX names these.
_PORTS = {
    "AT": {"CC-BY-3.0", "CC-BY-SA-3.0"},
    "AU": {"CC-BY-2.5", "CC-BY-3.0"},
    "DE": {
        "CC-BY-3.0",
        "CC-BY-NC-3.0",
        "CC-BY-NC-ND-3.0",
        "CC-BY-NC-SA-2.0",
        "CC-BY-NC-SA-3.0",
        "CC-BY-ND-3.0",
        "CC-BY-SA-3.0",
    },
    "FR": {"CC-BY-NC-SA-2.0"},
    "IGO": {"CC-BY-3.0", "CC-BY-NC-ND-3.0", "CC-BY-NC-SA-3.0", "CC-BY-SA-3.0"},
    "JP": {"CC-BY-SA-2.1"},
    "NL": {"CC-BY-3.0"},
    "UK": {"CC-BY-NC-SA-2.0", "CC-BY-SA-2.0"},
    "US": {"CC-BY-3.0"},
}
_CODES = {"by", "by-sa", "by-nc", "by-nd", "by-nc-sa", "by-nc-nd"}
_DOMAIN = {"zero": "CC0-1.0", "mark": "CC-PDM-1.0"}


def name_license(address: str) -> str | None:
    """Return the SPDX identifier of the licence at `address`, its URL where SPDX has none.

    Returns:
        None for what is no licence: no URL, or a list of licences.

    Example:
        >>> name_license("http://creativecommons.org/licenses/by-sa/3.0/deed.fr")
        'CC-BY-SA-3.0'
        >>> name_license("https://creativecommons.org/licenses/by/2.0/ch/")
        'https://creativecommons.org/licenses/by/2.0/ch/'
    """
    if "creativecommons.org" not in address.lower():
        return address if re.match(r"https?://\S+\Z", address) else None
    deed = _DEED.search(address)
    if deed is None or not deed["version"]:
        return None
    code = deed["code"].lower()
    if code not in _CODES or deed["kind"].lower() == "publicdomain":
        return _DOMAIN.get(code)
    port = deed["port"].lower() if deed["port"] and deed["port"].lower() != "deed" else ""
    name = f"CC-{code.upper()}-{deed['version']}"
    if not port:
        return name
    if name in _PORTS.get(port.upper(), ()):
        return f"{name}-{port.upper()}"
    return f"https://creativecommons.org/licenses/{code}/{deed['version']}/{port}/"
