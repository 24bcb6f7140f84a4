"""What a workspace does with versions: cut them, make them again, take records out of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from galley.errors import WorkspaceError
from galley.hashing import sha256_file
from galley.manifest import hash_records
from galley.workspace.agreeing import Agreeing
from galley.workspace.building import Building

if TYPE_CHECKING:
    from galley.releases.compatibility import Compatibility
    from galley.releases.edition import Edition
    from galley.releases.facts import Facts
    from galley.releases.gates import Gate
    from galley.releases.material import Material
    from galley.releases.stage import Outcome
    from galley.report.retraction import Retraction
    from galley.schema.issue import Issue


class Releasing(Building, Agreeing):
    """From corrections to releases."""

    def release(
        self, version: str | None = None, *, allow_move: bool = False, dry_run: bool = False
    ) -> "Outcome":
        """Cut the next release; nothing happens if the newest one holds just this.

        Args:
            version: A version above the computed one.
            allow_move: Whether near-duplicates that were released in different splits move into
                one; this raises the first number.
            dry_run: Whether to find out what it would be, and write nothing.

        Raises:
            ReleaseError: There is nothing to release, or `version` is too low or taken.
        """
        from galley.releases import datasheet  # noqa: PLC0415 - stages load lazily
        from galley.releases.grounds import BUILT, Grounds  # noqa: PLC0415
        from galley.releases.stage import Terms, cut  # noqa: PLC0415

        def keep(facts: "Facts") -> None:
            lock = datasheet.read_lock(self.layout.datasheet_lock)
            lock = datasheet.renew(self._datasheet(), facts, lock)
            datasheet.write_lock(self.layout.datasheet_lock, lock)

        terms = Terms(self._gates(), allow_move, dry_run, keep)
        built, material = hash_records(self.layout.out), self._material()
        outcome = cut(self.layout.releases, material, version, terms=terms)
        if not dry_run:
            read = Grounds(str(outcome.release.version), {**material.inputs(), BUILT: built})
            read.keep(self.layout)
        return outcome

    def _gates(self) -> "list[Gate]":
        from galley.annotations.access import find_secrets  # noqa: PLC0415 - as above
        from galley.annotations.pseudonym import find_annotators  # noqa: PLC0415
        from galley.releases import gates  # noqa: PLC0415
        from galley.releases.datasheet import read_lock  # noqa: PLC0415

        layout = self.layout
        people = frozenset(event.annotator for event in self.ledger.events())
        key = layout.private / "annotator.key"
        return [
            gates.DatasheetGate(read_lock(layout.datasheet_lock)),
            gates.LeakageGate(self.config.build.near_duplicate),
            gates.AddressGate(find_annotators(key, layout.annotator_fingerprint, people)),
            gates.SecretGate(people | find_secrets(layout.private)),
        ]

    def datasheet(self, confirmed: Sequence[str] = ()) -> "list[Issue]":
        """Return which questions of the datasheet wait for an answer, or for another one.

        Args:
            confirmed: Numbers of questions whose answers hold for the present data.

        Raises:
            WorkspaceError: Nothing is built yet.
            ReleaseError: A number is no question that rests on facts.
        """
        from galley.releases import datasheet  # noqa: PLC0415 - stages load lazily
        from galley.releases.stage import make_draft  # noqa: PLC0415

        template, path = self._datasheet(), self.layout.datasheet_lock
        draft = make_draft(self.layout.releases, self._material())
        facts = draft.rows.measure(draft.entries("0.0.0"))
        lock = datasheet.read_lock(path)
        if confirmed:
            lock = datasheet.confirm(template, facts, lock, confirmed)
            datasheet.write_lock(path, lock)
        return [*datasheet.check_blank(template), *datasheet.check_stale(template, facts, lock)]

    def rebuild(self, version: str | None = None) -> "Outcome":
        """Make the data files of a committed release again, bit for bit.

        Args:
            version: The release; None for the newest.

        Raises:
            ReleaseError: There is no such release, or what is here gives other files.
            LedgerError: The ledger does not hold the events that the release was made from.
        """
        from galley.releases.history import find_release  # noqa: PLC0415 - stages load lazily
        from galley.releases.rebuild import rebuild  # noqa: PLC0415

        release = find_release(self.layout.releases, version)
        return rebuild(release, self._material(release.manifest.inputs["ledger"]))

    def retract(self, record_id: str, reason: str, *, dry_run: bool = False) -> "Retraction":
        """Take a record out of the workspace for good, and say what still holds it.

        Args:
            record_id: The record, all 32 digits; or an alias of it.
            reason: Why, in words that may be published.
            dry_run: Only say what would be done.

        Raises:
            WorkspaceError: There is no such record.
        """
        from galley.annotations.turn import turn  # noqa: PLC0415 - stages load lazily
        from galley.report.retraction import Retractor  # noqa: PLC0415

        retractor = Retractor(self.layout, self.ledger, lambda: self.build().records)
        if dry_run:
            return retractor.run(record_id, reason, dry_run=True)
        with turn(self.layout.private / "server.lock"):  # it rewrites what pulls append to
            return retractor.run(record_id, reason, dry_run=False)

    def _material(self, head: dict[str, Any] | None = None) -> "Material":
        """Return what a release is made from, with the ledger at `head` or as it is.

        It is read more than once, while a pull may append to it: all of it is read up to one
        state.
        """
        from galley.releases.grounds import hash_migrations, hash_sources  # noqa: PLC0415 - as above
        from galley.releases.material import Material, find_date  # noqa: PLC0415

        layout = self.layout
        head = self.ledger.head() if head is None else head
        return Material(
            records=self.merged(head=head),
            contract=self.contract,
            labels=self.labels,
            config=self.config,
            datasheet=self._datasheet(),
            ledger=head,
            date=find_date(event.at for event in self.ledger.events(head)),
            hashes=hash_sources(layout),
            page=self._page,
            migrations=hash_migrations(layout),
            merge=self._policies.to_json(),
            agreement=lambda: self._public_agreement(head),
        )

    def _page(self, edition: "Edition", *, private: bool = False) -> str:
        """Return the report on `edition`; `private` says what each annotator did, too."""
        from galley.report.overview import Report  # noqa: PLC0415 - as above
        from galley.report.work import Work  # noqa: PLC0415

        head = edition.imprint.ledger
        events, agreement = self._events(head), self._public_agreement(head)
        ids = frozenset(entry.id for entry in edition.entries)
        work = Work.tell(events, ids, self._aliases())
        return Report(edition, self.labels, work, private=private, agreement=agreement).render()

    def _datasheet(self) -> str:
        try:
            return self.layout.datasheet.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise WorkspaceError(
                f"cannot read {self.layout.datasheet}: {error}",
                code="no_datasheet",
                hint="`galley init DIR` lays one out: copy it and answer its questions",
            ) from error

    def compatibility(self, against: str | None = None) -> "list[Compatibility]":
        """Return whether releases can be read by the present schema, by version.

        Args:
            against: A version, the folder of a release, or a schema file; None for all releases.

        Raises:
            ReleaseError: There is no such release, or its data files are damaged.
        """
        from galley.releases.compatibility import Reader, compare_releases  # noqa: PLC0415 - as above

        labels, tags = tuple(self.labels.names), self.taxonomy.names
        reader = Reader(self.contract, labels, tags, sha256_file(self.layout.tags))
        return compare_releases(self.layout.releases, reader, against)
