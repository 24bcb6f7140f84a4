"""`galley quarantine`: what the build refused."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from galley.cli.output import Output, with_output, with_workspace
from galley.desk import Workspace
from galley.report.visible import escape

if TYPE_CHECKING:
    from galley.build.quarantine import Entry, Verdict


@click.group("quarantine")
def command() -> None:
    """See what the build refused, and try it again.

    What cannot be read is never dropped: each file, article or entry that the build refused has
    a line in build/out/quarantine.jsonl, with the bytes, the reason, and an id that stays the
    same as long as they do.
    """


@command.command("list")
@with_workspace
@with_output
def list_entries(folder: Path, *, output: Output) -> None:
    """List what was refused, and how much for which reason."""
    from galley.build.quarantine import count_reasons  # noqa: PLC0415 - after --help

    entries = Workspace.open(folder).quarantine.entries()
    counts = count_reasons(entries)
    value = {"entries": [entry.to_json() for entry in entries], "reasons": counts}
    output.result(value, *_table(entries), *_counts(counts))


@command.command("show")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@with_workspace
@with_output
def show(ids: tuple[str, ...], *, folder: Path, output: Output) -> None:
    """Show the bytes of entries, why they were refused and what to do.

    An ID may be shortened to its first digits.
    """
    quarantine = Workspace.open(folder).quarantine
    pairs = [(entry, quarantine.excerpt(entry)) for entry in quarantine.entries(ids)]
    value = {"entries": [entry.to_json() | {"excerpt": text} for entry, text in pairs]}
    output.result(value, *(line for entry, text in pairs for line in _describe(entry, text)))


@command.command("replay")
@click.argument("ids", metavar="[ID]...", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Replay all that was refused.")
@with_workspace
@with_output
def replay(ids: tuple[str, ...], *, every: bool, folder: Path, output: Output) -> int:
    """Read refused files again by the rules and the schema of today.

    Says which would be read now, and why the others would still be refused. Nothing is
    written: `galley build` takes up what can be read. Exit code 1 if anything is still refused.
    """
    if every == bool(ids):
        raise click.UsageError("name the IDs to replay, or give --all")
    quarantine = Workspace.open(folder).quarantine
    with output.progress("files") as advance:
        entries = quarantine.entries(ids)
        verdicts = []
        for verdict in quarantine.replay(entries):
            verdicts.append(verdict)
            advance(len(verdicts), len(entries))
    states = [verdict.state for verdict in verdicts]
    counts = {state: states.count(state) for state in ("read", "refused", "gone")}
    value = counts | {"verdicts": [verdict.to_json() for verdict in verdicts]}
    output.result(value, *map(_say, verdicts), *_advice(counts))
    return int(counts["refused"] > 0)


def _table(entries: "Sequence[Entry]") -> Iterator[str]:
    """Yield a table of the entries; the last column may be of any width."""
    rows = [
        (entry.id, entry.reason, _place(entry), escape(f"{entry.source_file}: {entry.detail}"))
        for entry in entries
    ]
    widths = [max((len(row[index]) for row in rows), default=0) for index in range(3)]
    for row in rows:
        yield "  ".join([*(cell.ljust(widths[i]) for i, cell in enumerate(row[:3])), row[3]])


def _place(entry: "Entry") -> str:
    return f"{entry.byte_start}–{entry.byte_end}"


def _counts(counts: dict[str, int]) -> Iterator[str]:
    if not counts:
        yield "nothing is quarantined"
        return
    yield ""
    yield from (f"{number:>5}  {reason}" for reason, number in counts.items())
    yield "what to do about one: galley quarantine show ID"


def _describe(entry: "Entry", excerpt: str | None) -> Iterator[str]:
    yield f"{entry.id}  {escape(entry.source_file)}  bytes {_place(entry)}"
    yield f"  why       {entry.reason}: {entry.meaning.sentence}"
    yield f"  detail    {escape(entry.detail)}"
    yield f"  what now  {entry.meaning.hint or 'no advice'}"
    yield f"  by        {entry.extractor or 'no extractor got so far'}, schema {entry.schema[:12]}"
    if excerpt is None:
        yield "  the raw file is gone, or has changed since: `galley build` brings this up to date"
        return
    yield ""
    if excerpt:
        yield from (f"  │ {escape(line)}" for line in excerpt.split("\n"))
        yield ""


def _say(verdict: "Verdict") -> str:
    entry = verdict.entry
    where = f"{entry.id}  {escape(entry.source_file)}"
    if verdict.state == "gone":
        return f"{where}: no longer among the sources"
    if verdict.state == "refused":
        return f"{where}: still refused, {verdict.reason}: {escape(verdict.detail)}"
    changed = " (the file has changed)" if verdict.changed else ""
    return f"{where}: would be read, {verdict.records} records{changed}"


def _advice(counts: dict[str, int]) -> Iterator[str]:
    if counts["read"] or counts["gone"]:
        yield "next: galley build"
