"""When the article of a web page was published."""

import re
from copy import deepcopy

import trafilatura
from lxml import html
from lxml.html import HtmlElement

from galley.build.moment import read_moment
from galley.build.web.linked import Linked
from galley.build.web.markup import MARGINS, inside, labels, look, metas

_STATED = (
    *("article:published_time", "og:published_time", "datepublished", "dc.date.created"),
    *("dcterms.created", "dc.date.issued", "dcterms.issued", "dc.date", "date", "pubdate"),
    *("publishdate", "publish-date", "publication_date", "citation_publication_date"),
    *("parsely-pub-date", "sailthru.date", "shareaholic:article_published_time"),
)
# Where dates are those of comments, of other articles, or of the last change.
_UNDATED = re.compile(rf"{MARGINS.pattern}|\b(?:page-info|\w*revision\w*|modified)\b")
# Without the thorough search, which takes any number for a date; the latest day is no clock's.
_SEARCH = {"original_date": True, "extensive_search": False, "max_date": "9999-12-31"}


def find_published(tree: HtmlElement, linked: Linked) -> str | None:
    """Return when the page says it was published, in its precision, or None."""
    stated = [*linked.texts("datePublished"), *metas(tree, _STATED), *_times(tree)]
    found = next((moment for text in stated if (moment := read_moment(text))), None)
    return found or _search(tree)


def _times(tree: HtmlElement) -> list[str]:
    """Return the machine's form of the dates that are shown as those of publication."""
    return [
        node.get("datetime", "")
        for node in tree.iter("time")
        if (
            node.get("itemprop") == "datePublished"
            or node.get("pubdate") is not None
            or re.search(r"publi|entry-date", labels(node))
        )
        and not inside(node, MARGINS)
    ]


def _search(tree: HtmlElement) -> str | None:
    """Return the day that trafilatura makes out, without looking at comments and margins."""
    bare = deepcopy(tree)
    for node in [node for node in bare.iterfind("body//*") if _UNDATED.search(look(node))]:
        node.drop_tree()
    found = trafilatura.extract_metadata(bare, date_config=_SEARCH).date
    return _as_said(found, html.tostring(bare, encoding="unicode")) if found else None


def _as_said(day: str, page: str) -> str:
    """Return `day` without the parts that the search added to a month or a year."""
    year, month, first = day.split("-")
    if first != "01":
        return day
    orders = (
        rf"{year}\W?{month}\W?0?1\b",
        rf"\b0?1(?:\.|st|er|º)?\W+(?:0?{int(month)}|[^\W\d]+)\W+(?:de\s+)?{year}",
        rf"[^\W\d]+\W+0?1\W+{year}",
    )
    said = any(re.search(order, page) for order in orders)
    return day if said else day[: 4 if month == "01" else 7]
