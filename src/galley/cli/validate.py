"""`galley validate`: check anyone's data."""

from pathlib import Path
from typing import Any

import click

from galley.cli.output import Output, with_output, with_workspace
from galley.errors import WorkspaceError
from galley.layout import Layout
from galley.lean import set_lean, without_pandas
from galley.schema.issue import Issue


@click.command()
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option(
    "--schema",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The schema to check against.",
    show_default="the workspace's; outside of one, the default schema",
)
@click.option("--all", "every", is_flag=True, help="Name every issue, not only the first 20.")
@click.option("--staged", is_flag=True, help="Check what is staged in git, instead of a PATH.")
@click.option(
    "--since",
    metavar="BRANCH",
    help="With --staged: where a pull request goes to; compares with what it went off from.",
    show_default="the last commit",
)
@with_workspace
@with_output
def command(
    path: Path | None, *, staged: bool, since: str | None, folder: Path, output: Output, **how: Any
) -> int:
    """Check Parquet or JSON Lines against the schema.

    PATH is a file, JSON Lines also compressed (.gz, .zst), or a folder of Parquet files. Columns
    are compared with the fields first; then each row is checked by the schema, and its hash,
    offsets and characters by Galley's own rules. Exit code 1 means that there are issues.

    With --staged, what git would commit is checked, whatever lies in the folder: settings, schema,
    vocabularies and migrations can be read, every event of the ledger is what it was and none is
    gone, suggestions are whole, no answer of the datasheet and no file of a release is lost or
    changed. It is what the pre-commit hook and the checks of a pull request run.
    """
    if staged == (path is not None) or (since is not None and not staged):
        raise click.UsageError("give a PATH, or --staged with or without --since BRANCH")
    if path is None:
        return _check_staged(folder, since, output)
    return _check(path, folder, output, **how)


def _check_staged(folder: Path, since: str | None, output: Output) -> int:
    from galley.workspace.staged import check_staged  # noqa: PLC0415 - after --help

    found = check_staged(folder, since)
    if found.unanswered:
        output.note(f"{found.unanswered} questions of the datasheet have no answer yet")
    issues = f"{len(found.issues)} issue{'s' * (len(found.issues) != 1)}"
    files = f"{len(found.files)} staged file{'s' * (len(found.files) != 1)}"
    said = f"{files}, {issues if found.issues else 'no issues'}"
    output.result(found.to_json(), *map(_staged_line, found.issues), said)
    return int(bool(found.issues))


def _check(path: Path, folder: Path, output: Output, *, schema: Path | None, every: bool) -> int:
    from galley.schema.contract import Contract  # noqa: PLC0415 - after --help

    if schema is None and (layout := _find_workspace(folder)):
        schema = layout.schema
    contract = Contract.default() if schema is None else Contract.load(schema)
    output.note(f"checking against {schema or 'the default schema'}")
    set_lean()
    with without_pandas():
        from galley.schema.validate import pool_for, validate  # noqa: PLC0415 - takes pyarrow along

        limit = None if every else 20
        with pool_for(path, contract) as pool, output.progress("rows") as advance:
            report = validate(path, contract, limit=limit, advance=advance, pool=pool)
    lines = [_line(issue) for issue in report.issues]
    if report.total > len(lines):
        lines.append(f"{report.total - len(lines)} more: --all names them")
    rows = f"{report.rows} row{'s' * (report.rows != 1)}"
    issues = f"{report.total} issue{'s' * (report.total != 1)}" if report.total else "no issues"
    output.result(report.to_json(), *lines, f"{path}: {rows}, {issues}")
    return 0 if report.ok else 1


def _find_workspace(folder: Path) -> Layout | None:
    """Return the workspace at `folder`; the current directory need not be one."""
    try:
        return Layout.find(folder)
    except WorkspaceError:
        if folder != Path():
            raise
        return None


def _line(issue: Issue) -> str:
    if issue.code.startswith("schema_"):  # the schema's words say what was found
        return f"{issue.path}: {issue.code}: {issue.expected}"
    return f"{issue.path}: {issue.code}: expected {issue.expected}, got {issue.got}"


def _staged_line(issue: Issue) -> str:
    """Return what is wrong with a staged file, and what Galley asks of it."""
    why = f" ({issue.expected})" if issue.expected else ""
    return f"{issue.path}: {issue.code}: {issue.got}{why}"
