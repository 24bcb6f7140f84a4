"""What a web page says under its article's pictures: captions, and whose the pictures are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

from galley.build.dump import lexicon
from galley.build.web.markup import MARGINS, inside, labels, words

_SHOWN = "img|picture|video|audio|iframe|object|embed|canvas|svg"
_OTHER = ("blockquote", "table", "pre")  # figures that are no pictures
_CAPTION = re.compile(
    r"(?:^|\s)(?:wp-caption-text|(?:image|img|photo|picture|media|figure|gallery)[-_]+caption"
    r"(?:[-_]+text)?|caption[-_]+text)(?=\s|$)"
)
_CREDIT = re.compile(
    r"(?:^|[\s_-])(?:credits?|copyright|photographer|attribution|(?:image|photo)[-_]?source"
    r"|(?:image|photo|picture)?creator)(?=$|[\s_-])"
)
_OWNED = frozenset({"copyrightHolder", "creditText", "author", "creator", "copyrightNotice"})
_BRACKETED = re.compile(r"[(\[（【]([^()\[\]（）【】]{3,120})[)\]）】][.\s]*$")
_TAIL = 90  # code points at the end of a caption in which a credit begins
_FRAME = " \xa0|–—-/•·"
_MOST = 500  # code points of a caption: more is text


@dataclass(slots=True)
class Pictures:
    """What stands under the pictures of an article, in order.

    Attributes:
        captions: Without the credits.
        credits: As stated.
    """

    captions: list[str] = field(default_factory=list)
    credits: list[str] = field(default_factory=list)

    def add(self, text: str, credit: str = "") -> None:
        """Take what stands under one picture; a credit is found in it where none was marked."""
        caption, found = (text, credit) if credit else split_credit(text)
        for value, known in ((caption, self.captions), (found, self.credits)):
            if value and value not in known:
                known.append(value)


def take_pictures(tree: HtmlElement) -> Pictures:
    """Return what stands under the pictures of the page's article, and cut it out of `tree`."""
    found = Pictures()
    for node in list(_captions(_article(tree))):
        if node.getparent() is None or len(words(node)) > _MOST:
            continue
        marked = [words(part) for part in _marked(node)]
        for part in list(_marked(node)):
            part.drop_tree()
        found.add(words(node).strip(_FRAME), " ".join(marked).strip(_FRAME))
        node.drop_tree()
    return found


def split_credit(text: str) -> tuple[str, str]:
    """Return a caption without its credit, and the credit; both as they stand.

    Example:
        >>> split_credit("The old quay. (Photo: Ann Lee)")
        ('The old quay.', 'Photo: Ann Lee')
        >>> split_credit("The old quay. | Ann Lee/Norfoto")
        ('The old quay.', 'Ann Lee/Norfoto')
        >>> split_credit("A photo of the quay.")
        ('A photo of the quay.', '')
    """
    caption, bar, credit = text.rpartition(" | ")
    if bar and len(credit) <= _TAIL:
        return caption.strip(), credit.strip()
    bracket = _BRACKETED.search(text)
    if bracket and lexicon.pattern("picture").search(bracket[1] + ")"):
        return text[: bracket.start()].strip(), bracket[1].strip()
    begin = max(len(text) - _TAIL, 0)
    match = lexicon.pattern("picture").search(text, begin)
    before = text[: match.start()].rstrip() if match else ""
    # In the middle of a sentence it is a word like others.
    if match and (not before or before[-1] in '.!?…。！？)”"»’|/–—-•'):
        return before.rstrip(f"{_FRAME}(["), _closed(text[match.start() :].strip(_FRAME))
    return text, ""


def _closed(credit: str) -> str:
    """Return `credit` without a bracket at its end that was opened before it."""
    opened = credit.count("(") + credit.count("[") >= credit.count(")") + credit.count("]")
    return credit if opened else credit.rstrip(".)] ")


def _article(tree: HtmlElement) -> HtmlElement:
    """Return the element that holds the article: that with the most paragraphs, else the page."""
    holders = [node for node in tree.iter("article", "main") if not inside(node, MARGINS)]
    sizes = [sum(len(words(part)) for part in node.iter("p")) for node in holders]
    best = max(sizes, default=0)
    every = sum(len(words(part)) for part in tree.iter("p"))
    return holders[sizes.index(best)] if best * 2 > every else tree


def _captions(article: HtmlElement) -> Iterator[HtmlElement]:
    for node in article.iter("figcaption", "p", "div", "span", "dd"):
        if node.tag == "figcaption":
            figure = next(node.iterancestors("figure"), None)
        elif _CAPTION.search(labels(node)) and not node.xpath(".//figcaption|.//p[2]"):
            figure = node.getparent()
        else:
            continue
        if figure is None or not figure.xpath("|".join(f".//{tag}" for tag in _SHOWN.split("|"))):
            continue
        if next(figure.iter(*_OTHER), None) is None and not inside(node, MARGINS):
            yield node


def _marked(node: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the elements in a caption that say whose the picture is."""
    for part in node.iterdescendants():
        named = isinstance(part.tag, str) and part.tag not in {"a", "br"}
        if named and (_CREDIT.search(labels(part)) or part.get("itemprop") in _OWNED):
            around = part.iterancestors()
            if not any(_CREDIT.search(labels(other)) for other in _until(around, node)):
                yield part


def _until(around: Iterator[etree._Element], node: etree._Element) -> Iterator[HtmlElement]:
    for element in around:
        if element is node:
            return
        yield element
