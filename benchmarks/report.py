"""RESULTS.md: what was measured, in tables."""

from collections.abc import Iterator, Sequence
from statistics import median
from typing import Any

from benchmarks.contest import ratio
from benchmarks.goals import Results, by_name, goals, validation_rates, whole

_HEAD = """# Benchmarks

Written by `make bench`; do not edit. Every figure is of whole processes, from start to exit:
wall clock, processor (user and system, all processes), peak memory (PSS, summed over all
processes). Contenders run one after another on the same files, round after round, each round
beginning with another; the tables have the median and, in brackets, the least and the most.
Ratios are medians of the rounds' ratios. A first round, which is not timed, brings files into
the cache and compiles modules; memory is watched in it. Read ratios, not seconds.
"""


_MANY = (10**7, 10**9)
_BUSY = 2.0  # load average from which a measurement says little
# What the machine is described by, and what it says where that is not one for all parts.
_APART = {"processor": "on different machines", "Galley": "at different commits"}


def render(results: Results) -> str:
    """Return the page."""
    parts = [_HEAD, *_machine(results), *_goals(results)]
    for name, section in _SECTIONS.items():
        if name in results:
            parts += section(results)
    return "\n".join(parts)


def _machine(results: Results) -> Iterator[str]:
    described = next(iter(results.values()))["machine"]
    yield from (f"- {name}: {value}" for name, value in described.items())
    loads = [f"{name} {result['load']:.1f}" for name, result in results.items()]
    yield f"- load average when each part began (0 is a quiet machine): {', '.join(loads)}"
    if max(result["load"] for result in results.values()) > _BUSY:
        yield (
            "- **the machine was busy with other work**: who uses all cores lost more by it than "
            "who uses one, and seconds of processor are too many, too"
        )
    for name, apart in _APART.items():
        if len({result["machine"].get(name) for result in results.values()}) > 1:
            yield f"- the parts were measured {apart}"
    yield ""


def _goals(results: Results) -> Iterator[str]:
    rows = [
        [
            goal.what,
            f"{'at least' if goal.least else 'at most'} {_figure(goal.bound)}",
            _figure(goal.figure),
            "met" if goal.met else "**missed**",
        ]
        for goal in goals(results)
    ]
    yield "## Goals\n"
    yield _table(["what", "goal", "measured", ""], rows)


def _build(results: Results) -> Iterator[str]:
    part = results["build"]
    facts = part["facts"]
    yield f"## Build: {facts['bytes'] / 1e6:.0f} MB of listing pages\n"
    yield (
        f"{facts['articles']:,} articles in {facts['files']:,} files, of which "
        f"{facts['quarantined']} cannot be read. Galley accounts for every byte, records where "
        "each text comes from, tells languages, validates, gives ids; in a workspace it also keeps "
        "them for the next build. The others cut lines and write them; the limit reads, decodes "
        "and writes.\n"
    )
    yield _contest(part, beside=("plain script", "datatrove", "limit"))
    for name, found in part["found"].items():
        if found:
            clusters = facts["records"] if name == "galley" else facts["clusters"]
            planted = f"**planted {facts['records']:,} in {clusters:,}**"
            if (found["records"], found["clusters"]) == (facts["records"], clusters):
                planted = "as planted"
            yield (
                f"- {name}: {found['records']:,} records in {found['clusters']:,} clusters, "
                + planted
                + f"; the account of bytes takes {found['account'] / 1e6:.1f} MB more"
            )
    yield ""


def _near(results: Results) -> Iterator[str]:
    part = results["near"]
    yield "## Near-duplicates alone, on the texts that Galley built\n"
    yield (
        "Shingles of three words, 128 hashes in 32 bands, Jaccard 0.7, from Parquet to clusters. "
        "gaoya has threads of its own; for the others four processes make the sketches.\n"
    )
    yield _contest(part, beside=("gaoya",))
    said = (f"{score['name']} {score['said'].strip()}" for score in part["scores"])
    yield f"Clusters found: {', '.join(said)}.\n"


def _validation(results: Results) -> Iterator[str]:
    part = results["validation"]
    rates = validation_rates(part)
    slow = rates.get("jsonschema")
    yield "## Validation: records with thirty entities each\n"
    yield (
        "Galley as whole processes; the libraries from the first byte of the file to the last "
        f"verdict, without their start, jsonschema on {part['slowly']:,} of the records.\n"
    )
    scores = by_name(part)
    rows = [
        [
            name,
            f"{rate:,.0f}",
            f"{rate / slow:.0f}" if slow else "—",
            _spread(scores[name]["walls"]),
            _spread(scores[name]["cpus"]),
            f"{scores[name]['pss'] / 1e6:.0f}",
        ]
        for name, rate in rates.items()
    ]
    heads = ["", "records a second", "to jsonschema", "wall, s", "processor, s", "memory, MB"]
    yield _table(heads, rows)


def _rebuild(results: Results) -> Iterator[str]:
    yield "## Again: a workspace, near-duplicates, seconds\n"
    rows = [
        [
            f"{row['facts']['files']:,}",
            f"{row['facts']['bytes'] / 1e6:.0f}",
            f"{row['first']:.2f}",
            _spread(row["nothing"]),
            _spread(row["more"]),
        ]
        for row in results["rebuild"]["rows"]
    ]
    yield _table(["files", "MB", "from nothing", "nothing new", "one file more"], rows)


def _growth(results: Results) -> Iterator[str]:
    yield "## Growth: one run each\n"
    rows = [
        [
            row["name"],
            f"{row['bytes'] / 1e6:.0f}",
            _spread(row["walls"]),
            _spread(row["cpus"]),
            f"{row['pss'] / 1e6:.0f}",
            f"{row['bytes'] / 1e6 / median(row['walls']):.1f}" if row["walls"] else "—",
        ]
        for row in results["growth"]["rows"]
    ]
    yield _table(["", "MB", "wall, s", "processor, s", "memory, MB", "MB a second"], rows)


def _ray(results: Results) -> Iterator[str]:
    part = results["ray"]
    yield f"## Ray on the same machine: {part['facts']['bytes'] / 1e6:.0f} MB, near-duplicates\n"
    yield (
        "A cluster of one process per core that is there already; that Galley connects to it is "
        "counted, and in its row no processor and no memory, which are the cluster's.\n"
    )
    yield _contest(part, beside=("galley",))
    yield f"Files: {'the same bytes' if part['same'] else '**other bytes**'}.\n"


def _steps(results: Results) -> Iterator[str]:
    part = results["steps"]
    costs, sizes = part["seconds"], part["bytes"]
    yield "## Steps: processor for one record, on one core\n"
    yield (
        f"{part['records']:,} records of {sizes['text']:,.0f} bytes of text, which make "
        f"{sizes['Parquet']:,.0f} bytes of Parquet and {sizes['sketch']} of sketch.\n"
    )
    rows = [
        [name, f"{cost * 1e6:,.0f}", *(f"{cost * number / 3600:,.1f}" for number in _MANY)]
        for name, cost in {**costs, "all": whole(costs)}.items()
    ]
    yield _table(["", "µs", "hours for 10^7 records", "hours for 10^9"], rows)


def _suggest(results: Results) -> Iterator[str]:
    cost = results["suggest"]["cost"]
    yield "## Suggesters\n"
    yield (
        f"Taught with {cost['corrected']:,} generated records of {cost['bytes'] / 1e3:.1f} KB in "
        f"{cost['teach']:.1f} s, asked about {cost['asked']:,} in {cost['suggest']:.1f} s; both "
        f"took {cost['cpu'] - cost['made']:.0f} s of processor.\n"
    )


def _tags(results: Results) -> Iterator[str]:
    found = results["tags"]["rows"]
    methods = list(found[0]["scores"])
    yield "## Tags\n"
    yield "Micro-F1 of tags, 1,000 records of each corpus, after so many corrected ones:\n"
    rows = [
        [row["corpus"], f"{row['n']:,}", *(f"{row['scores'][name]:.3f}" for name in methods)]
        for row in found
    ]
    yield _table(["corpus", "n", *methods], rows)


def _names(results: Results) -> Iterator[str]:
    rows = results["names"]["rows"]
    yield "## Names: the learning curve\n"
    yield (
        "F1 of names, both ends and the label right, in a quarter of each corpus, after so many "
        "corrected sentences of the rest; in brackets the seconds of learning.\n"
    )
    names = ("gazetteer", "spacy", "learned")
    cells = [
        [f"{score['f1']:.3f} ({score['seconds']:.1f} s)" for score in map(row["scores"].get, names)]
        for row in rows
    ]
    yield _table(
        ["corpus", "n", *names],
        [[row["corpus"], f"{row['n']:,}", *cell] for row, cell in zip(rows, cells, strict=True)],
    )


def _suspects(results: Results) -> Iterator[str]:
    rows = results["suspects"]["rows"]
    kinds = list(rows[0]["kinds"])
    yield "## Suspects: planted mistakes in the first tenth of the ranking\n"
    yield (
        "One sentence in 25 got a mistake; what the corpora have of their own stands among them. "
        "By kind: another label, a name unmarked, a word too few, a word too many, a word marked "
        "that is no name.\n"
    )
    yield _table(
        ["corpus", "sentences", "all", *kinds],
        [
            [
                row["corpus"],
                f"{row['records']:,}",
                f"{row['found']} of {row['planted']}",
                *(f"{found} of {there}" for found, there in row["kinds"].values()),
            ]
            for row in rows
        ],
    )


_SECTIONS = {
    "build": _build,
    "near": _near,
    "validation": _validation,
    "rebuild": _rebuild,
    "growth": _growth,
    "ray": _ray,
    "steps": _steps,
    "suggest": _suggest,
    "tags": _tags,
    "names": _names,
    "suspects": _suspects,
}


def _contest(part: dict[str, Any], *, beside: Sequence[str]) -> str:
    scores = by_name(part)
    rows = []
    for name, score in scores.items():
        if score["failed"]:
            rows.append([name, "did not get through"])
            continue
        ratios = [ratio(score, scores[other]) for other in beside]
        rows.append(
            [
                name,
                _spread(score["walls"]),
                *("—" if value is None else f"{value:.2f}" for value in ratios),
                _spread(score["cpus"]),
                f"{score['pss'] / 1e6:.0f}",
                f"{score['size'] / 1e6:.1f}" if score["size"] else "",
            ]
        )
    heads = ["", "wall, s", *(f"to {other}" for other in beside)]
    return _table([*heads, "processor, s", "memory, MB", "Parquet, MB"], rows)


def _spread(values: Sequence[float]) -> str:
    if len(values) < 2:
        return "".join(f"{value:.2f}" for value in values) or "—"
    return f"{median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def _figure(value: float) -> str:
    return f"{value:.0f}" if value >= 20 else f"{value:.2f}"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    width = len(head)
    lines = [head, ["---"] * width, *([*row, *[""] * (width - len(row))] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
