"""Where a workspace stands: gathered from what the stages wrote, without asking over a network."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from galley.workspace.publishing import Publishing
from galley.workspace.status import Funnel, Stale, Status
from galley.workspace.survey import Survey
from galley.workspace.waiting import find_queues

_PUSH, _RELEASE = "galley push", "galley release"


class Surveying(Publishing):
    """From everything to one view of it."""

    def status(self) -> Status:
        """Return where the dataset stands, what is out of date, what waits, and what is next.

        Raises:
            ConfigError: `build/sources.toml` cannot be read.
            LedgerError: The ledger is damaged.
        """
        survey = Survey(self)
        with ThreadPoolExecutor(max_workers=1) as pool:
            pool.submit(lambda: survey.progress)  # the columns are read beside what comes first
            stale = [
                *_stale_build(survey),
                *_stale_push(survey),
                *_stale_datasheet(survey),
                *_stale_release(survey),
                *_stale_published(survey, self.published()),
            ]
        funnel, release = _funnel(survey, self.published()), survey.release
        command, because = _next(funnel, stale, skipped=len(survey.progress.skipped))
        return Status(
            name=self.config.name,
            funnel=funnel,
            stale=stale,
            queues=[queue for queue in find_queues(survey) if queue.waiting],
            next=command,
            because=because,
            release=None if release is None else str(release.version),
            published=self.published(),
        )


def _funnel(survey: Survey, published: dict[str, str]) -> Funnel:
    newest = max(survey.rows_of(version) for version in published.values()) if published else None
    return Funnel(
        source_files=survey.source_files,
        records=None if survey.build is None else len(survey.records),
        pushed=None if survey.standing is None else survey.standing.records,
        corrected=survey.progress.corrected,
        adjudicated=survey.progress.adjudicated,
        released=None if survey.release is None else survey.rows_of(str(survey.release.version)),
        published=newest,
    )


def _stale_build(survey: Survey) -> Iterator[Stale]:
    if survey.build is None:
        return
    if survey.raw is not None and survey.raw.changes:
        why = f"raw files: {', '.join(survey.raw.changes)}"
        yield Stale("build", why, "galley build")
    if changed := survey.changed_inputs:
        yield Stale("build", f"changed since the build: {', '.join(changed)}", "galley build")


def _stale_push(survey: Survey) -> Iterator[Stale]:
    standing, now = survey.standing, survey.standing_now
    if survey.build is None or standing is None:
        return
    if standing.screen != now.screen:
        yield Stale("push", "tags, labels or guidelines changed since the last push", _PUSH)
    if left := max(0, len(survey.records) - standing.records):
        yield Stale("push", f"{left:,} records are not pushed", _PUSH)
    elif standing.built != now.built:
        yield Stale("push", "the records are not those of the last whole push", _PUSH)


def _stale_datasheet(survey: Survey) -> Iterator[Stale]:
    if blank := survey.blank_answers:
        why = f"{len(blank)} questions without an answer: {_some(blank)}"
        yield Stale("datasheet", why, "galley datasheet")
    if stale := survey.stale_answers:
        why = f"{len(stale)} answers were given for other data: {_some(stale)}"
        yield Stale("datasheet", why, "galley datasheet")


def _stale_release(survey: Survey) -> Iterator[Stale]:
    if survey.release is None:
        return
    version = survey.release.version
    if new := survey.unreleased_events:
        yield Stale("release", f"{new:,} events of the ledger are later than {version}", _RELEASE)
    if changed := survey.changed_since_release:
        yield Stale("release", f"changed since {version}: {', '.join(changed)}", _RELEASE)
    if survey.build is not None and (changes := survey.lag.changes):
        yield Stale("release", f"records against {version}: {', '.join(changes)}", _RELEASE)


def _stale_published(survey: Survey, published: dict[str, str]) -> Iterator[Stale]:
    for place, version in published.items():
        if survey.release is not None and str(survey.release.version) != version:
            why = f"{place} has {version}, the newest release is {survey.release.version}"
            yield Stale("published", why, f"galley publish --to {place}")


def _next(funnel: Funnel, stale: list[Stale], *, skipped: int) -> tuple[str, str]:
    """Return the next command and why: first whatever others rest on."""
    early = [item for item in stale if item.what in {"build", "push"}]
    unseen = not funnel.corrected if funnel.pushed is None else not funnel.pushed
    left = (funnel.pushed or 0) - funnel.corrected - skipped
    steps = [
        (funnel.records is None, "galley build", "nothing is built yet"),
        *((True, item.command, item.why) for item in early),
        (unseen, _PUSH, "nobody has the records before them yet"),
        (not funnel.corrected, "galley pull", "nobody's corrections are in the ledger yet"),
        *((True, item.command, item.why) for item in stale),
        (funnel.released is None, _RELEASE, "nothing is released yet"),
        (funnel.published is None, "galley publish", "it was not published from here"),
        (left > 0, "galley pull", f"{left:,} records wait for annotators"),
        (True, "", ""),
    ]
    return next((command, because) for holds, command, because in steps if holds)


def _some(names: list[str]) -> str:
    return f"{', '.join(names[:5])}{', …' if len(names) > 5 else ''}"
