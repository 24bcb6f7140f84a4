"""How well a page fits as a listing, and the listing that it is, as far as that is asked for.

Most pages are none. How well such a page fits at most is far sooner known than how well it does:
what recurs below its paragraphs, and which of its lines may be tags, need not be found out.
"""

from collections import Counter
from collections.abc import Callable
from functools import partial
from statistics import fmean, median

from galley.build.dump.furniture import RECURS, mask_of
from galley.build.dump.groups import Group, find_groups, heft
from galley.build.dump.kinds import Kind, Kinds
from galley.build.dump.listing import Listing, names_tag
from galley.build.dump.profile import Profile
from galley.build.dump.reading import Reading, Slice
from galley.build.dump.series import Series, find_series, may_recur
from galley.build.dump.tags import OPENING, Tagging, is_sentence, may_be_labelled
from galley.build.dump.wrapped import split_page
from galley.build.language import Detector
from galley.build.lines import Line
from galley.build.once import once
from galley.record import Part

_SURE = 0.97  # score from which nearly all articles are read as texts of one line
_FITS = 0.4  # score from which they may be
_MOST = 15  # tags of an article
_STRAYS = 5  # lines below an article that are neither tags nor known to be none
_ALIKE = 0.8  # share of the articles that have a title and tags on a page of blank lines
_FULL = 0.6  # share of the lines that are theirs there
_TELLING = 4  # articles that tell whether headlines end with a full stop, or are marked
_RARELY = 0.34  # share of the headlines that do where some do
_BULLETS = ("- ", "– ", "— ", "* ", "• ", "· ")
_TITLE = 20  # median weight of headlines: those who comment have shorter names
_LONGEST = 160  # weight of a headline
_AGAIN = 0.6  # share that is left of the score of a page that says its first line again
_TEXT = 200  # mean weight of the texts there


class Search:
    """A page in which a listing is looked for.

    Args:
        lines: Of the page.
    """

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.kinds = Kinds(lines)
        self._groups = find_groups(lines, self.kinds)

    @once
    def highest(self) -> float:
        """The score that the listing has at most; 0 if there is none."""
        if self._most < _FITS:
            return max(self._most, self._series.score if self._series else 0.0)
        return 1.0 if self._may_be_series else self._most

    @once
    def listing(self) -> Listing | None:
        """The page as a listing, or None if it has no article with a title."""
        if self._most < _FITS and self._series and self._series.score > self._most:
            return _listing(self.lines, self._series)
        single = self._single
        if single is not None and _is_sure(single):
            return single
        series = self._series
        if series is None or (single and single.score >= series.score):
            return single
        if single and single.score >= _FITS and not series.broken:
            return single
        return _listing(self.lines, series)

    @property
    def score(self) -> float:
        """How well the listing fits; 0 if there is none."""
        return self.listing.score if self.listing else 0.0

    @once
    def _single(self) -> Listing | None:
        """The page as a listing whose texts are of one line each."""
        if not self._groups:
            return None
        tagging = Tagging.of(self.lines, self.kinds, self._groups)
        score = self._score(partial(_fits, tagging, bio=self._bio))
        return Listing(self._head, self._groups, tagging, score)

    @once
    def _most(self) -> float:
        """The score that it has at most, as is known before it is known what its tags are."""
        first = self._groups[:_TELLING]
        if len(first) == _TELLING and not self._spaced and all(map(self._may_fit, first)):
            return 1.0  # it looks like one: the others would be looked at for nothing
        return self._score(self._may_fit) if self._groups else 0.0

    @once
    def _may_be_series(self) -> bool:
        return may_recur(self.lines) and not _repeats_title(self.lines)

    @once
    def _series(self) -> Series | None:
        """The articles of a page whose texts run over several lines."""
        if not self._may_be_series:
            return None
        return find_series(self.lines, self.kinds, says=_says)

    @property
    def _head(self) -> list[Line]:
        return self.lines[: self._groups[0].title]

    @once
    def _said(self) -> bool:
        """Whether the head of the page says that it is one of a tag."""
        return any(_says(line.text) for line in self._head)

    @once
    def _spaced(self) -> bool:
        """Whether blank lines stand between all lines, and so say nothing."""
        apart = sum(self.lines[group.body.start].blank_before for group in self._groups)
        return 2 * apart > len(self._groups)

    @property
    def _bio(self) -> bool:
        """Whether one sentence may stand below a text: where blank lines part all it is prose."""
        return self._said or not self._spaced

    def _score(self, fits: Callable[[Group], bool]) -> float:
        """Return how regular the page is: the share of lines in title, body, tags groups.

        A listing has no paragraphs: two long lines that follow each other speak against it. Where
        blank lines stand between all lines they say nothing, and what a page of one article looks
        like too is one only if it is regular all through.

        Args:
            fits: Tells whether an article has one text, and tags below it; the more do, the
                higher is the score.
        """
        groups, said = self._groups, self._said
        named = _headlines([self.lines[group.title] for group in groups])
        pairs = zip(groups, named, strict=True)
        found = [group for group, fine in pairs if (fine or said) and fits(group)]
        share = sum(2 + len(group.head) + len(group.tail) for group in found) / len(self.lines)
        if 2 * len(found) < len(groups):
            share /= 2
        if _repeats_title(self.lines):
            share *= _AGAIN
        titles = median(heft(self.lines[group.title]) for group in groups)
        if not self._spaced:
            return share if said or titles >= _TITLE else share / 3
        most = len(found) > (1 if said else 2) and len(found) >= _ALIKE * len(groups)
        texts = fmean(heft(self.lines[group.body.start]) for group in groups)
        rich = titles >= _TITLE and texts >= (_TEXT / 2 if said else _TEXT)
        return 1.0 if most and share >= _FULL and rich else share / 3

    def _may_fit(self, group: Group) -> bool:
        """Return whether an article may have one text, and tags below it."""
        near = self._spaced or not self.lines[group.body.start].blank_before
        if len(group.body) > 1 or not near or not _is_headline(self.lines[group.title]):
            return False
        sentences = [index for index in group.tail if is_sentence(self.lines[index])]
        if len(sentences) == len(group.tail):
            return any(may_be_labelled(self.lines[index].text) for index in sentences)
        if len(sentences) <= self._bio or sum(map(self._is_stray, sentences)) <= self._bio:
            return True
        return self._offers(group)

    def _is_stray(self, index: int) -> bool:
        """Return whether a sentence below a text is neither a notice nor a template's."""
        alone = self._masks[mask_of(self.lines[index].text)] < RECURS
        return alone and self.kinds[index] is not Kind.NOTICE

    @once
    def _masks(self) -> Counter[str]:
        """How often each line below a text is said, its numbers aside."""
        below = (index for group in self._groups for index in group.tail)
        return Counter(mask_of(self.lines[index].text) for index in below)

    def _offers(self, group: Group) -> bool:
        """Return whether a line below a text may announce others: their sentences are theirs."""
        return not OPENING.isdisjoint(self.kinds[index] for index in group.tail)


def _says(text: str) -> bool:
    """Return whether a line says that the page is one of a tag."""
    return names_tag(text)[0]


def _listing(lines: list[Line], series: Series) -> Listing:
    first = series.groups[0]
    start = first.before.start if first.before else first.title
    return Listing(lines[:start], series.groups, series.tagging, series.score, several=True)


def _is_sure(listing: Listing) -> bool:
    """Return whether the texts of a page are known to be of one line each."""
    if not _FITS <= listing.score < _SURE:
        return listing.score >= _SURE
    return all(_fits(listing.tagging, group, bio=True) for group in listing.groups)


def read_listing(text: str, detector: Detector, *, profile: Profile) -> Reading | None:
    """Return `text` read as a listing, or None if it has no article with a title.

    Args:
        text: The page.
        detector: Tells the language.
        profile: What other pages of the source say too; a sentence of it is no tag.
    """
    known, lines = profile.split(split_page(text))
    found = Search(lines).listing
    if found is None:
        return None
    reading = found.read(text, detector)
    reading.slices += [Slice(*line.span, Part.BOILERPLATE) for line in known]
    reading.slices.sort(key=lambda piece: piece.start)
    return reading


def _headlines(titles: list[Line]) -> list[bool]:
    """Return of each line whether it may be a headline beside the others.

    An item of a list is none where others are no items, nor a sentence where most are none,
    or few tell.
    """
    items = [line.text.startswith(_BULLETS) for line in titles]
    stopped = [line.text.endswith((".", "。")) for line in titles]
    lists = all(items) and len(titles) >= _TELLING
    rare = len(titles) >= _TELLING and sum(stopped) <= _RARELY * len(titles)
    return [
        (lists or not item) and (rare or not stop)
        for item, stop in zip(items, stopped, strict=True)
    ]


def _repeats_title(lines: list[Line]) -> bool:
    """Return whether a page begins with a headline that it says again: it has one article."""
    return lines[0].text.startswith(
        tuple([line.text for line in lines[1:] if line.weight >= _TITLE])
    )


def _fits(tagging: Tagging, group: Group, *, bio: bool) -> bool:
    """Return whether an article has one text, and tags below it; `bio` allows one sentence."""
    lines, tail = tagging.lines, tagging.tail(group)
    if len(group.body) != 1 or not 0 < len(tail) <= _MOST:
        return False
    title = lines[group.title]
    prose = title.stops and title.sentences > 1  # a paragraph over another is no headline
    if prose or heft(title) > _LONGEST:
        return False
    between = range(group.body.stop, tail[0])
    near = not lines[group.body.start].blank_before and all(map(tagging.is_aside, between))
    if not near and not tagging.spaced:
        return False
    held = set(tail)
    strays = [i for i in group.tail if i not in held and not tagging.is_aside(i)]
    foot = group.tail.stop == len(lines)  # where a site states its rights
    if len(strays) > _STRAYS and not foot:
        return False
    fixed = tagging.furniture.fixed
    said = [i for i in group.tail if is_sentence(lines[i]) and i not in fixed]
    if len(said) <= bio:
        return True
    said = [i for i in said if tagging.kinds[i] is not Kind.NOTICE]
    return len(set(said) - tagging.offered(group.tail)) <= bio


def _is_headline(title: Line) -> bool:
    """Return whether a line may be a headline: a paragraph over another is none."""
    return heft(title) <= _LONGEST and not (title.stops and title.sentences > 1)
