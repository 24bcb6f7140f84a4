"""The report: one page on a release, with its figures and a browser of its records."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from galley.releases.changelog import describe
from galley.releases.diff import Change
from galley.releases.edition import UNRELEASED, Edition
from galley.releases.index import Entry
from galley.releases.text import interval
from galley.report.catalogue import LISTED, WHOLE, Catalogue
from galley.report.charts import STATUSES, Chart, bars, columns, course, growth, matrix
from galley.report.page import render
from galley.report.survey import LENGTHS, Survey, ranked
from galley.report.work import Outcome, Person, Work
from galley.schema.vocabulary import Labels

_WORDS = 8  # of a label
_MEASURES = {
    "alpha_masi": "tags: alpha, MASI distance",
    "alpha_nominal": "tags: alpha, nominal distance",
    "f1_exact": "entities: F1, exact",
    "f1_partial": "entities: F1, partial",
    "alpha_unitizing": "entities: unitizing alpha",
}
_COURSES = {
    "alpha_masi": "Agreement on tags by month: alpha",
    "f1_exact": "Agreement on entities by month: F1",
}
_FEW = 2  # people: figures about fewer are figures about one


class Figure(NamedTuple):
    """A number that the page begins with."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Report:
    """What the page says.

    Attributes:
        edition: The release, or what would be one.
        labels: The entity labels, with their colours.
        work: What people did.
        private: Whether it may say what each single annotator did: it stays on this machine.
        agreement: How far people agree; None where nothing can be said.
    """

    edition: Edition
    labels: Labels
    work: Work
    private: bool
    agreement: Mapping[str, Any] | None = None

    def render(self) -> str:
        """Return the page."""
        edition, survey = self.edition, Survey()
        unreleased = edition.imprint.version == UNRELEASED
        catalogue = Catalogue.choose(
            edition.entries, self.labels.names, self.work.stories, seed=edition.seed
        )
        for record, entry in zip(edition.records(), edition.entries, strict=True):
            survey.add(record)
            catalogue.add(record, entry)
        used = [name for name in self.labels.names if name in survey.surfaces]
        return render(
            "report.html.jinja",
            [label.color for label in self.labels.labels],
            own="report",
            report=self,
            edition=edition,
            version="as it stands" if unreleased else edition.imprint.version,
            facts=edition.facts,
            figures=list(self._figures()),
            sections=list(self._sections(survey)),
            surfaces={name: ranked(survey.surfaces[name], _WORDS) for name in used},
            places={name: number for number, name in enumerate(self.labels.names)},
            blocks=catalogue.blocks(),
            options={
                kind: sorted(filter(None, names.names)) for kind, names in catalogue.names.items()
            },
            listed=min(LISTED, len(edition.entries)),
            whole=min(WHOLE, len(edition.entries)),
        )

    def _figures(self) -> Iterator[Figure]:
        facts = self.edition.facts
        share = f"{facts.reviewed / facts.records:.0%} by people"
        yield Figure("records", f"{facts.records:,}", share)
        yield Figure("entities", f"{facts.entities:,}", f"{len(facts.labels)} labels")
        yield Figure("tags", f"{len(facts.tags):,}", "in use")
        yield Figure("characters", f"{facts.characters:,}", f"median {facts.median:,} a text")
        named = [*[*facts.languages][:4], *(["…"] if len(facts.languages) > 4 else [])]
        yield Figure("languages", f"{len(facts.languages):,}", ", ".join(named))
        yield Figure("publishers", f"{len(facts.publishers):,}")
        yield Figure("near-duplicates", f"{facts.clustered:,}", f"in {facts.clusters:,} clusters")
        dated = facts.records - facts.undated
        # A date is not broken at its hyphens, where the screen is narrow.
        period = f"{facts.earliest} – {facts.latest}".replace("-", "\u2011") if dated else ""
        yield Figure("dated", f"{dated / facts.records:.0%}", period)

    def _sections(self, survey: Survey) -> Iterator[tuple[str, str, list[Chart]]]:
        """Yield the charts: the name of each section, what stands above it, and its charts."""
        facts = self.edition.facts
        corpus = [columns("Records by publication", "period", survey.periods())]
        corpus += [bars("Length of the texts", "characters", _lengths(survey))]
        corpus += [
            bars(title, noun, [*counts.items()])
            for title, noun, counts in (
                ("Languages", "language", facts.languages),
                ("Publishers", "publisher", facts.publishers),
                ("Licences", "licence", facts.licenses),
                ("Layouts of the pages", "layout", facts.layouts),
            )
        ]
        yield "corpus", "Corpus", [chart for chart in corpus if chart.rows]
        tags = [*facts.tags]
        labels = [bars("Entities by label", "label", [*facts.labels.items()])]
        labels += [bars("Records by tag", "tag", [*facts.tags.items()])]
        labels += [matrix("Tags that come together", tags, survey.pairs)] if survey.pairs else []
        yield "labels", "Tags and entities", [chart for chart in labels if chart.rows]
        days = sorted(self.work.days.items())
        if days:
            charts = [growth("Records that people annotated", "records", days)]
            # One day is no growth.
            yield "work", "Work", [*(charts if len(days) > 1 else []), *self._courses()]

    def _courses(self) -> Iterator[Chart]:
        """Yield how agreement went from month to month, where there are several."""
        months = (self.agreement or {}).get("months", {})
        for measure, title in _COURSES.items():
            found = {month: estimates[measure] for month, estimates in sorted(months.items())}
            if sum(estimate["value"] is not None for estimate in found.values()) > 1:
                yield course(title, "month", found)

    @property
    def outcomes(self) -> dict[str, Outcome]:
        """What became of suggestions by label, if that tells of more than one person."""
        if not self.private and len(self.work.people) < _FEW:
            return {}
        return dict(sorted(self.work.outcomes.items()))

    @property
    def agreed(self) -> list[tuple[str, str]]:
        """How far people agree: what was measured, and the figure with its interval."""
        if self.agreement is None:
            return []
        rows = [(name, self.agreement["overall"].get(key)) for key, name in _MEASURES.items()]
        rows += [(f"{n}: F1, exact", item["f1_exact"]) for n, item in self._by("labels")]
        rows += [(f"tag {n}: alpha", item["alpha_nominal"]) for n, item in self._by("tags")]
        return [(name, interval(found)) for name, found in rows if found]

    def _by(self, part: str) -> list[tuple[str, Any]]:
        return [*(self.agreement or {})[part].items()]

    @property
    def people(self) -> dict[str, Person]:
        """What each annotator did; nothing where that must not leave the machine."""
        return dict(sorted(self.work.people.items())) if self.private else {}

    @property
    def changes(self) -> dict[str, list[str]]:
        """What changed since the version before: sentences under titles, without empty ones."""
        change = self.edition.change
        if self.private and change == Change():
            return {"Nothing": ["Records, labels and fields are what they were."]}
        found = {} if change is None else describe(change)
        return {title: lines for title, lines in found.items() if lines}

    @property
    def splits(self) -> dict[str, Counter[str]]:
        """The records of each split by status, and in all under the empty name."""
        found: dict[str, Counter[str]] = {}
        for entry in self.edition.entries:
            found.setdefault(entry.split, Counter()).update((entry.status, ""))
        return found

    @property
    def statuses(self) -> list[str]:
        """The statuses that there are, from adjudicated to source."""
        return [status for status in STATUSES if status in self.edition.facts.statuses]

    @property
    def leaks(self) -> dict[str, int]:
        """How often something lies in more than one split, by what it is."""
        return {
            "texts": _spread(self.edition.entries, "text_sha256"),
            "clusters": _spread(self.edition.entries, "cluster"),
        }


def _lengths(survey: Survey) -> list[tuple[str, int]]:
    """Return the classes of length between the shortest and the longest that there is."""
    names = [f"under {LENGTHS[0]:,}"]
    names += [f"{LENGTHS[n]:,} – {LENGTHS[n + 1]:,}" for n in range(len(LENGTHS) - 1)]
    names += [f"{LENGTHS[-1]:,} and more"]
    found: Mapping[int, int] = survey.lengths
    return [(names[n], found.get(n, 0)) for n in range(min(found), max(found) + 1)]


def _spread(entries: list[Entry], name: str) -> int:
    """Return how many values of an attribute lie in more than one split."""
    splits: dict[Any, set[str]] = {}
    for entry in entries:
        splits.setdefault(getattr(entry, name), set()).add(entry.split)
    return sum(len(found) > 1 for found in splits.values())
