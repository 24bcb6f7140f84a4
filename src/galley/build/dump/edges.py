"""What stands at the two ends of a main text and is none of it: a deck, a note about the author."""

import re
from dataclasses import dataclass

from galley.build.dump import lexicon
from galley.build.dump.authors import find_authors
from galley.build.dump.heading import Heading
from galley.build.dump.kinds import LONG, PROSE, TEXT, Kind, byline_names, is_cased_name, is_item
from galley.build.lines import Line

_NAME = PROSE / 2  # weight up to which a line may be a name
_TAIL = 8  # lines at the end in which a note begins
_NOTES = 3  # paragraphs of a note
_SAID, _LONG = 50, 500  # their weight
_HEAD = 20  # lines between a headline and the text
_DECK, _SENTENCE = 300, 110  # weight of a deck, and of one above nothing but a name
_BUTTON = 30  # weight of one
_LICENSED = re.compile(
    r"creative commons|المشاع الإبداعي|کریتیو کامنز|크리에이티브 커먼즈|クリエイティブ・コモンズ"
    r"|知识共享|創用|क्रिएटिव कॉमन्स|ครีเอทีฟคอมมอนส์|קריאייטיב קומונס|\bcc[ -]by\b",
    re.IGNORECASE,
)
# Who pays: one word is enough in a last short sentence that the text does not prepare.
_SOLD = re.compile(
    r"subscri|abonn|abbonat|suscri|assinant|prenumer|подписчик|передплат|předplat|előfizet|abonat"
    r"|συνδρομητ|abone|会員|會員|会员|订阅|訂閱|구독|مشترك|مشترک|מנוי|tilaaj|pelanggan"
    r"|free articles?",
    re.IGNORECASE,
)
_PITCH = 110  # weight up to which a sentence may offer a subscription
_ASKING = ("?", "？", "؟")
_ANSWER = 14  # weight of an answer
_STATED = frozenset({Kind.DATE, Kind.TIME, Kind.BYLINE})


@dataclass(frozen=True)
class Ends:
    """A page with the stretch of its main text as found so far."""

    lines: list[Line]
    kinds: list[Kind]
    heading: Heading

    def trimmed(self, core: range) -> range:
        """Return `core` without a deck, a note about the author and what trails behind."""
        start = self._below_deck(core) if self.heading.confirmed else core.start
        stop = self._above_offer(range(start, core.stop))
        stop = self._above_note(range(start, stop))
        stop = self._above_colophon(range(start, stop))
        while stop > start + 1 and not self._closes(stop - 1):
            stop -= 1
        return range(start, stop)

    def _closes(self, index: int) -> bool:
        """Return whether a text may end with the line at `index`."""
        return self.kinds[index] in TEXT or (
            self.kinds[index] is Kind.SHORT and is_item(self.lines[index])
        )

    def _below_deck(self, core: range) -> int:
        """Return where the text begins: below a lone first paragraph that a byline follows."""
        above = range(self.heading.start, core.start)
        if len(above) > _HEAD or any(self._signs(index) for index in above):
            return core.start
        index = core.start + 1
        while index < core.stop and self.kinds[index] not in TEXT:
            index += 1
        gap = range(core.start + 1, index)
        stated = any(self.kinds[other] in _STATED for other in gap)
        named = any(self._names(other) for other in gap)
        most = _DECK if stated else _SENTENCE if named else 0
        return index if self.lines[core.start].weight < most and index < core.stop else core.start

    def _signs(self, index: int) -> bool:
        """Return whether the line at `index` says when or by whom an article was written."""
        return self.kinds[index] in _STATED or bool(self._names(index))

    def _names(self, index: int) -> list[str]:
        """Return the names in a line that is nothing but a byline, or nothing but names."""
        text = self.lines[index].text.strip("()（） ")
        if self.lines[index].weight >= _NAME or self.kinds[index] in TEXT:
            return []
        return byline_names(text) or (lexicon.split_names(text) if is_cased_name(text) else [])

    def _above_note(self, core: range) -> int:
        """Return where the text ends before a name and what is said of its bearer."""
        signed = self._signatures(core)
        for index in range(max(core.stop - _TAIL, core.start + 1), core.stop):
            note = [i for i in range(index + 1, core.stop) if self.kinds[i] in TEXT]
            weight = sum(self.lines[i].weight for i in note)
            if len(note) > _NOTES or not _SAID < weight < _LONG or self.kinds[index] in TEXT:
                continue
            if self._is_headlined(index):
                continue
            if self.lines[index].plain in signed or self._is_about(index, note):
                return index
        return core.stop

    def _above_colophon(self, core: range) -> int:
        """Return where the text ends before a licence, an offer, what is said of its author."""
        texts = [index for index in core if self.kinds[index] in TEXT]
        if len(texts) < 2:
            return core.stop
        authors = find_authors(self.lines, self.kinds, core.start)
        authors = {name for name in authors if name not in self.heading.title.text}
        stop = core.stop
        for _ in range(_NOTES):
            foot = self._foot(texts, authors)
            if not foot or len(texts) - foot < 2:
                break
            stop, texts = texts[-foot], texts[:-foot]
        return stop

    def _foot(self, texts: list[int], authors: set[str]) -> int:
        """Return how many of the last paragraphs are none of the text.

        A word that is said elsewhere in the text too is rather what it is about.
        """
        last = self.lines[texts[-1]]
        if last.weight >= _LONG:
            return 0
        said = [_LICENSED.search(last.text)]
        starts = [name for name in authors if last.text.startswith(name)]
        words = [match[0] for match in said if match] + starts
        if any(not self._is_said(word, texts[:-1]) for word in words):
            return 1
        if last.text.endswith(_ASKING) and self._has_answers(texts[-1]):
            return 1
        for foot in (1, 2):
            tail = texts[-foot:]
            short = all(self.lines[index].weight < _PITCH for index in tail)
            whole = short and len(tail) == foot
            sold = _SOLD.search(self.lines[tail[0]].text) if whole else None
            if sold and not self._is_said(sold[0], texts[:-foot]):
                return foot
        return 0

    def _is_said(self, word: str, texts: list[int]) -> bool:
        return any(word.lower() in self.lines[index].text.lower() for index in texts)

    def _has_answers(self, index: int) -> bool:
        """Return whether two words stand below a question: "Yes", "No"."""
        below = self.lines[index + 1 : index + 3]
        return len(below) > 1 and all(line.weight <= _ANSWER and not line.stops for line in below)

    def _signatures(self, core: range) -> set[str]:
        """Return the short lines above the text that name its author, or stand by its date."""
        above = range(self.heading.start, min(core.start, self.heading.start + _HEAD))
        dated = {i for i in above if self.kinds[i] in _STATED}
        return {
            self.lines[i].plain
            for i in above
            if self._names(i)
            or (
                self.kinds[i] is Kind.SHORT
                and self.lines[i].weight < _NAME
                and {i - 1, i + 1} & dated
            )
        }

    def _is_headlined(self, index: int) -> bool:
        """Return whether the headline names who is named at `index`: the article is about him."""
        return self.lines[index].plain in self.heading.title.plain

    def _is_about(self, index: int, note: list[int]) -> bool:
        """Return whether one who is named at `index` is named again in the `note` below."""
        said = " ".join(self.lines[other].text for other in note)
        return any(word in said for name in self._names(index) for word in name.split())

    def _above_offer(self, core: range) -> int:
        """Return where the text ends before an offer: what announces it, a sentence, a button."""
        last, before = core.stop - 1, core.stop - 2
        if before <= core.start or self.kinds[before] is not Kind.NOTICE:
            return core.stop
        button = core.stop < len(self.lines) and self.lines[core.stop].weight < _BUTTON
        offer = button and self.kinds[last] in TEXT and self.lines[last].weight < LONG
        return before if offer else core.stop
