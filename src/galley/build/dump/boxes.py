"""Boxes of links that a page sets between the paragraphs of an article.

"Read also", and under it the headlines of one or of a few other articles: such a box does not
end an article, if more of it comes after. A list under the article looks the same; but there
nothing follows, or one lone teaser under each headline.
"""

import re

from galley.build.dump import lexicon
from galley.build.dump.kinds import LONG, TEXT, Kind, bare, is_item
from galley.build.lines import Line

_AROUND = frozenset({Kind.LABEL, Kind.CAPTION, Kind.NOTICE})  # what may stand beside a box
_ITEMS = frozenset({Kind.SHORT, Kind.LABEL, Kind.READ_MORE, Kind.RELATED, Kind.CUT_OFF})
_LAST = frozenset({Kind.BYLINE, Kind.READ_MORE, Kind.COMMENTS, Kind.COMMENT_FORM, Kind.ABOUT})
_MOST = 10  # lines of a box
_BEFORE = 4  # lines above an addition, most of them text
_UPDATE = re.compile(
    r"(?:update|nachtrag|ergänzung|aktualisierung|mise à jour|ajout|aggiornamento|actualización"
    r"|adenda|atualização|aktualizacja|aktualizace|doplnění|uppdatering|opdatering|oppdatering"
    r"|päivitys|frissítés|actualizare|ενημέρωση|güncelleme|обновление|дополнение|оновлення"
    r"|актуализация|pembaruan|cập nhật|تحديث|עדכון|追記|更新|업데이트)(?!\w)",
    re.IGNORECASE,
)
_COLONS = (":", "：", "-", "–", "—")
_SHORTER = 0.75  # of a headline's weight a subhead has at most
_SUBHEAD = 48  # weight up to which a line between paragraphs may be a subhead
_SOON = 6  # lines in which a text that goes on has two paragraphs in a row
_BUTTONS = 9  # lines in which the buttons of two teasers stand
_HEADLINE = 16  # weight from which a line may be a headline rather than a tag


def without_boxes(lines: list[Line], kinds: list[Kind]) -> list[Kind]:
    """Return `kinds`, those of the lines in a box between paragraphs as `read_more`."""
    kinds = _chronicled(_updated(lines, kinds))
    for head in reversed(range(len(lines))):
        stop = _end(lines, kinds, head)
        if stop and _goes_on(lines, kinds, head, stop):
            kinds[head:stop] = [Kind.READ_MORE] * (stop - head)
    return kinds


def _updated(lines: list[Line], kinds: list[Kind]) -> list[Kind]:
    """Return `kinds`, dates under which an article was later gone on with as its subheads."""
    kinds = list(kinds)
    for index in range(_BEFORE, len(kinds) - 1):
        if kinds[index] is not Kind.DATE:
            continue
        texts = [kind in TEXT for kind in kinds[index - _BEFORE : index]]
        follows = kinds[index + 1] in TEXT or is_item(lines[index + 1])
        if texts[-1] and sum(texts) > _BEFORE / 2 and follows:
            stated = _UPDATE.match(lines[index].text)
            kinds[index] = Kind.SHORT if stated else Kind.DATE
    return kinds


def _chronicled(kinds: list[Kind]) -> list[Kind]:
    """Return `kinds`, dates that stand between paragraphs again and again as times of day."""
    inner = range(1, len(kinds) - 1)
    dated = [i for i in inner if kinds[i] is Kind.DATE and {kinds[i - 1], kinds[i + 1]} <= TEXT]
    again = set(dated) if len(dated) > 1 else set()
    return [Kind.TIME if index in again else kind for index, kind in enumerate(kinds)]


def _end(lines: list[Line], kinds: list[Kind], head: int) -> int | None:
    """Return the line after the box that begins at `head`, or None if there is none."""
    if not _heads(lines[head], kinds[head]) or not _after_text(kinds, head):
        return None
    stop = head + 1
    while stop < len(lines) and kinds[stop] in _ITEMS and stop - head <= _MOST:
        stop += 1
    if stop == len(lines) or kinds[stop] not in TEXT:
        return None
    stop -= _is_subhead(lines[stop - 1], kinds[stop - 1]) and stop > head + 1
    words = [line for line in lines[head + 1 : stop] if any(map(str.isalpha, line.text))]
    return stop if all(line.weight >= _HEADLINE for line in words) else None


def _is_subhead(line: Line, kind: Kind) -> bool:
    """Return whether the last line of a box heads the text below: it is short for a headline."""
    return kind is Kind.SHORT and line.weight < _HEADLINE and any(map(str.isalpha, line.text))


def _heads(line: Line, kind: Kind) -> bool:
    """Return whether a line announces links rather than being one."""
    if kind is not Kind.READ_MORE:
        return kind is Kind.RELATED
    alone = lexicon.pattern("read_more").fullmatch(bare(line.text.rstrip("?!")))
    return alone is not None or line.text.endswith(_COLONS)


def _after_text(kinds: list[Kind], head: int) -> bool:
    before = head - 1
    while before >= 0 and kinds[before] in _AROUND:
        before -= 1
    return before >= 0 and kinds[before] in TEXT


def _goes_on(lines: list[Line], kinds: list[Kind], head: int, start: int) -> bool:
    """Return whether the text at `start` runs on: into more text, or up to the next box.

    Below a line that ends in a colon, or is itself the link, a paragraph is enough; below
    another a long one, with a line after it that is shorter than the headlines in the box.
    """
    if kinds[start] not in TEXT:
        start += 1  # below a subhead
    if _runs(kinds, start) or (
        _is_plain_list(lines, range(head + 1, start))
        and (_is_sectioned(lines, kinds, start) or _has_end(kinds, start))
    ):
        return True
    after = start + 1
    while after < len(kinds) and kinds[after] in _AROUND:
        after += 1
    follows = kinds[after] if after < len(kinds) else None
    if follows in TEXT:
        return True
    if follows is Kind.READ_MORE and not _is_button(lines, head, after):
        return True
    if start == head + 1 or lines[head].text.endswith(_COLONS):
        return kinds[start] is Kind.PROSE
    shorter = lines[after].weight < _SHORTER * lines[start - 1].weight if follows else False
    return follows is Kind.SHORT and shorter and lines[start].weight >= LONG


def _is_button(lines: list[Line], head: int, after: int) -> bool:
    """Return whether a line that leads on stands below each of some teasers, unlike their head."""
    plain = lines[after].plain
    again = sum(line.plain == plain for line in lines[after : after + _BUTTONS])
    return plain != lines[head].plain and again > 1


def _runs(kinds: list[Kind], start: int) -> bool:
    """Return whether two paragraphs follow each other at `start` or below a subhead."""
    before: Kind | None = None
    for kind in kinds[start : start + _SOON]:
        if kind in _AROUND:
            continue
        if kind in TEXT and before in TEXT:
            return True
        if kind not in TEXT and (kind is not Kind.SHORT or before not in TEXT):
            return False
        before = kind
    return False


def _is_plain_list(lines: list[Line], box: range) -> bool:
    """Return whether a box holds headlines alone: none has a teaser, so the last neither."""
    return sum(any(map(str.isalpha, lines[index].text)) for index in box) > 1


def _is_sectioned(lines: list[Line], kinds: list[Kind], start: int) -> bool:
    """Return whether a subhead and another paragraph follow that at `start`."""
    prose = kinds[start] is Kind.PROSE and kinds[start + 1 : start + 3] == [Kind.SHORT, Kind.PROSE]
    return prose and lines[start + 1].weight <= _SUBHEAD


def _has_end(kinds: list[Kind], start: int) -> bool:
    """Return whether below the paragraph at `start` stands what only an article ends with."""
    return kinds[start] is Kind.PROSE and bool(set(kinds[start + 1 : start + 2]) & _LAST)
