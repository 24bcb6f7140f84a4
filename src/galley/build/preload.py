"""What a build loads and compiles once, for all of its workers: importing this does it.

Processes that are forked share what was there before: the model that tells languages, the
patterns of the lexicon. So two small pages are read here, one of each layout. They do without
pandas, which pyarrow would import here if it is installed: 46 MB and a third of a second.
"""

from galley.lean import collect_seldom, without_pandas

collect_seldom()  # a fifth of the time, while modules are loaded

with without_pandas():  # the first array that a module makes asks for it, and no later one
    import galley.build.extractor
    import galley.build.finish  # noqa: F401 - for those who write
    from galley.build.extract import extract
    from galley.build.source import Source
    from galley.schema.check import Checker
    from galley.schema.contract import Contract

_TEXT = (
    "The harbour opens again in May, the council said. A crane lifts the first stone. | "
    "Ann Lee/Press The work took two years and cost less than planned. It was paid by all. "
)
_LISTING = f"Tag - Harbour\n\nThe Harbour Opens Again\n{_TEXT * 2}\nHarbour\nWork in Town\n"
_PAGE = f"Home › News\n\nThe Harbour Opens Again\n\n{_TEXT}\n\nBy Ann Lee\n\n{_TEXT}\n\nRead more\n"

for _number, _text in enumerate((_LISTING, _PAGE)):
    extract(
        f"{_number}.txt",
        _text.encode(),
        source=Source("preload"),
        checker=Checker(Contract.default()),
    )
