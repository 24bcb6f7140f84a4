"""Texts that tools have trouble with, and spans in them; the same ones every time."""

from random import Random

from galley.record import Entity, Span, make_entity, normalise

# Words whose characters count differently in UTF-8, UTF-16, code points and graphemes.
_WORDS = (
    *("Oslo", "l’Unesco", "Zürich", "Ørsted", "a&b", "<b>bold</b>", "&amp;", '"quoted"', "\\n"),
    *(
        "🚢",
        "🌪\ufe0f",
        "👩\u200d👩\u200d👧\u200d👦",
        "🇳🇴",
        "𝕏𝕐",
        "𠮷野家",
        "e\u0301\u0323",
        "q\u0303\u0308",
    ),
    *(
        "שלום",
        "مرحبا",
        "हिन्दी",
        "ภาษาไทย",
        "한국어",
        "東京都",
        "a\u00adb",
        "x\u200by",
        "\u200ez\u200f",
    ),
    *("ﬁne", "ß", "İstanbul", "№", "…", "{{mustache}}", "$text", "%s", "\u202eevil\u202c"),
)
_GAPS = (
    " ",
    " ",
    " ",
    "  ",
    "\t",
    "\u00a0",
    "\u2009",
    "\u3000",
    "\r\n",
    "\n\n",
    "\n",
    "   \t ",
    ", ",
)
LABELS = ("PER", "ORG", "GPE", "LOC")


def hostile(number: int) -> tuple[str, list[Entity]]:
    """Return text `number` as a build would set it, with seven spans that do not overlap.

    Spans are one to three words with what stands between them; none begins or ends in white
    space.
    """
    draw = Random(number)
    raw, places = "", []
    for _ in range(30):
        word = draw.choice(_WORDS)
        places.append((len(normalise(raw)), len(normalise(raw + word))))
        raw += word + draw.choice(_GAPS)
    text = normalise(raw.strip())
    entities = []
    for first in sorted(draw.sample(range(0, 28, 3), 7)):
        last = first + draw.randrange(3)
        span = Span(places[first][0], places[last][1])
        entities.append(make_entity(text, span, label=draw.choice(LABELS)))
    return text, entities
