"""`galley validate`: check anyone's data."""

from pathlib import Path

import click

from galley.cli.output import Output, with_output, with_workspace
from galley.errors import WorkspaceError
from galley.layout import Layout
from galley.lean import without_pandas
from galley.schema.issue import Issue


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--schema",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The schema to check against.",
    show_default="the workspace's; outside of one, the default schema",
)
@click.option("--all", "every", is_flag=True, help="Name every issue, not only the first 20.")
@with_workspace
@with_output
def command(path: Path, schema: Path | None, every: bool, folder: Path, output: Output) -> int:
    """Check Parquet or JSON Lines against the schema.

    PATH is a file, JSON Lines also compressed (.gz, .zst), or a folder of Parquet files. Columns
    are compared with the fields first; then each row is checked by the schema, and its hash,
    offsets and characters by Galley's own rules. Exit code 1 means that there are issues.
    """
    from galley.schema.contract import Contract  # noqa: PLC0415 - after --help

    if schema is None and (layout := _find_workspace(folder)):
        schema = layout.schema
    contract = Contract.default() if schema is None else Contract.load(schema)
    output.note(f"checking against {schema or 'the default schema'}")
    with without_pandas():
        from galley.schema.validate import validate  # noqa: PLC0415 - it takes pyarrow along

        report = validate(path, contract, limit=None if every else 20)
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
