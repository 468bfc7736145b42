"""Complete censuses of a lake into the database that pages read, one transaction a census.

Facts alone: band counts, movement, data quality. Nothing of a single pathway leaves the lake, but for the
newest list of a trust that is named: its own people need it to book. What is in place already is left; what
is in place of another origin is replaced by the rule of the loader. England, its regions and ICBs are sums of
the trusts that are there, and the ledger says who is missing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, insert

from ingest.extracts import Facts, LoadOptions, Parsed
from ingest.extracts.row_tuples import FrameRows
from ingest.files.problems import Problem, Refused
from ingest.lake import manifest, parquet
from ingest.lake.derive import rows_of
from ingest.lake.entries import Entry, entry_at, refusals
from ingest.lake.in_place import (
    forget_pathways_before,
    held_from_lake,
    incoming,
    is_in_place,
    mark_of,
    marks_in_place,
    publish_refusals,
)
from ingest.lake.layout import FACTS, digest
from ingest.lake.manifest import Manifest, TrustFacts
from ingest.lake.parquet import NotOfThisLake
from ingest.lake.stores import NotThere, Store
from ingest.lake.sums import sums_of
from ingest.lake.tasks import Part
from ingest.loading.incoming import IncomingFile, Report
from ingest.loading.ledger import extract_to_replace, finish_ledger, take_out, write_extract
from ingest.loading.load import refuse_other_kind, turn, write_facts
from ingest.store import schema
from ingest.store.closures import has_closed, recorded
from ingest.store.database import freshen
from ingest.store.dataset import raise_version
from ingest.store.newest_parents import newest_parents
from ingest.store.schema import SUMS, WEEKLY

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a census: `written` parts of it, or why it was left."""

    census_date: date
    written: int
    refusals: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()  # trusts whose lists are not built: nothing was published


def publish(
    engine: Engine,
    store: Store,
    *,
    options: LoadOptions,
    today: date,
    census: date | None = None,
    pathways_of: Collection[str] = (),
    report: Report = lambda _: None,
) -> Iterator[Published]:
    """Every census of the lake, oldest first, or one. `pathways_of`: the trusts whose newest list is wanted.
    `today`: ICBs and regions are those of the newest month up to it that names a trust.

    Raises `OtherDataset`, and what the store and the database raise; a census is there whole or as before.
    """
    every = list(manifest.censuses(store))
    days = [day for day in every if census in (None, day)]
    with engine.connect() as connection:
        marks = marks_in_place(connection)
        parents = _Parents(*(newest_parents(connection, level, today) for level in ("provider", "icb")))
        closed = {row.provider_code: row.closed_on for row in connection.execute(recorded())}
    newest = _newest_lists(store, every) if pathways_of else {}
    for day in days:
        try:
            found = manifest.manifest_of(store, day)
        except NotOfThisLake as fault:
            yield Published(day, 0, (str(fault),))
            continue
        if found is None:  # taken away since the listing
            continue
        if not found.is_complete:
            yield Published(day, 0, waiting=found.waiting)
            continue
        of = {who for who in pathways_of if newest.get(who) == day}
        of_census = _Census(store, _less_closed(found, closed), options, of, parents, report)
        # Of two years of weeks there is something to do in one or two: the others open no transaction.
        if not of and of_census.marks() <= marks.keys():
            yield Published(day, 0)
            continue
        try:
            yield of_census.publish(engine)
        except NotOfThisLake as fault:
            yield Published(day, 0, (str(fault),))
    publish_refusals(engine, list(refusals(store)), days)


def _less_closed(found: Manifest, closed: Mapping[str, date]) -> Manifest:
    """A manifest in which nobody is missing who is noted to have closed (`rtt closed`)."""
    missing = (
        each for each in found.missing if not has_closed(each.provider_code, found.census_date, closed)
    )
    return replace(found, missing=tuple(missing))


def _newest_lists(store: Store, days: Sequence[date]) -> dict[str, date]:
    newest: dict[str, date] = {}
    for day in days:
        found = manifest.readable(store, day)
        newest |= {trust.provider_code: day for trust in (found.trusts if found else ()) if trust.is_listed}
    return newest


@dataclass(frozen=True, slots=True)
class _Parents:
    icbs: Mapping[str, str]  # of trusts
    regions: Mapping[str, str]  # of ICBs


@dataclass(frozen=True, slots=True)
class _Census:
    store: Store
    manifest: Manifest
    options: LoadOptions
    pathways_of: Collection[str]
    parents: _Parents
    report: Report
    left_out: frozenset[tuple[str, str]] = frozenset()  # trust and section of what was refused

    @property
    def day(self) -> date:
        return self.manifest.census_date

    def publish(self, engine: Engine) -> Published:
        refusals: list[str] = []
        left_out: set[tuple[str, str]] = set()
        with turn(engine, f"census of {self.day.isoformat()}", self.report) as connection:
            refuse_other_kind(connection, self.options)
            written = 0
            for trust in self.manifest.trusts:
                for section in trust.facts:
                    try:
                        written += self._section(connection, trust, section)
                    except Refused as refusal:
                        refusals += [str(problem) for problem in refusal.problems]
                        left_out.add((trust.provider_code, section))
            written += replace(self, left_out=frozenset(left_out))._sums(connection)
            if written:
                raise_version(connection, kind=self.options.kind)
        if self.pathways_of and written:
            freshen(engine, schema.pathway.name)
        return Published(self.day, written, tuple(refusals))

    def _section(self, connection: Connection, trust: TrustFacts, section: str) -> bool:
        """Publish one section of a trust; whether it was not in place."""
        mark, parts = mark_of(trust, section), list(trust.facts[section])
        with_pathways = section == "open" and trust.provider_code in self.pathways_of
        if is_in_place(connection, mark, with_pathways=with_pathways):
            return False
        entry = self._entry(trust.entries[section])
        if with_pathways:
            parts += [part for part in entry.parts if part.table == schema.pathway.name]
        file = incoming(entry.file_name, mark, entry.content_sha256, trust.entries[section], entry.added_at)
        tables = {part.table: self._facts(part, trust.provider_code) for part in parts}
        file.parsed = _parsed(entry, tables)
        self._write(connection, file, file.parsed, entry.notes)
        if schema.pathway.name in tables:
            self._note_pathways(connection, entry)
        if section == "open":
            forget_pathways_before(connection, trust.provider_code, self.day)
        return True

    def _note_pathways(self, connection: Connection, entry: Entry) -> None:
        """The audit trail says that single pathways came in, as it says who looks at them."""
        line = {
            "at": datetime.now(UTC),
            "reader": "rtt lake publish",
            "action": "loaded",
            "scope": f"source=weekly&org={entry.provider_code}&census={self.day.isoformat()}",
            "rows": entry.rows,
            "purpose": "the pathways of its newest PTL, from the lake",
        }
        connection.execute(insert(schema.audit).values(**line))

    def _entry(self, name: str) -> Entry:
        """Raises `NotOfThisLake`, with what to do."""
        try:
            return entry_at(self.store, name)
        except NotThere:
            raise NotOfThisLake(
                f"{name} is not there. Add its list again, at the trust, then build"
            ) from None
        except NotOfThisLake as fault:
            way = "Remove this file, add its list again, at the trust, then build"
            raise NotOfThisLake(f"{fault}. {way}") from None

    def _facts(self, part: Part, provider: str) -> Facts:
        rows = self._rows(part, provider)
        found = parquet.facts_of(part.table, rows, census=self.day, provider=provider)
        return Facts(tuple(found.columns), FrameRows(found))

    def _rows(self, part: Part, provider: str) -> pl.DataFrame:
        """Raises `NotOfThisLake`, with what to do: a census that lacks a file is left as it was."""
        try:
            return rows_of(self.store, part)
        except (NotOfThisLake, NotThere) as fault:
            way = "Add its list again, at the trust, with --replace."
            if part.path.startswith(f"{FACTS}/"):
                way = f"Run rtt lake build --again --census {self.day.isoformat()} --provider {provider}"
            raise NotOfThisLake(f"{part.path}: {fault}. {way}") from None

    def marks(self) -> set[str]:
        """What everything of the census is known by once it is in place."""
        each = {mark_of(trust, section) for trust in self.manifest.trusts for section in trust.facts}
        return {*each, self._mark_of_sums()}

    def _listed(self) -> list[TrustFacts]:
        return [trust for trust in self.manifest.trusts if trust.facts]

    def _counts(self) -> list[tuple[str, Part]]:
        """Trust and file of every band count of the census."""
        return [
            (trust.provider_code, part)
            for trust in self._listed()
            for section, own in trust.facts.items()
            for part in own
            if part.table == schema.pathway_counts.name
            and (trust.provider_code, section) not in self.left_out
        ]

    def _above(self) -> dict[str, tuple[str, str]]:
        """Trust -> its ICB and region, '' where not known."""
        icbs = {who.provider_code: self.parents.icbs.get(who.provider_code, "") for who in self._listed()}
        return {who: (icb, self.parents.regions.get(icb, "")) for who, icb in icbs.items()}

    def _mark_of_sums(self) -> str:
        told = [f"{who} {icb} {region}" for who, (icb, region) in sorted(self._above().items())]
        paths = (part.path for _, part in self._counts())
        return digest("\n".join([str(self.day), *paths, *told, *self._missing_words()]).encode())

    def _sums(self, connection: Connection) -> bool:
        """England, regions and ICBs; whether they were not in place."""
        mark, missing = self._mark_of_sums(), self._missing_words()
        if is_in_place(connection, mark):
            return False
        counts = (self._rows(part, who) for who, part in self._counts())
        rows = sums_of(counts, self._above(), census=self.day)
        lists = sum(
            trust.is_listed and (trust.provider_code, "open") not in self.left_out for trust in self._listed()
        )
        file = incoming(f"England {self.day.isoformat()}", mark, mark, "sums", datetime.now(UTC))
        file.parsed = Parsed(
            source=WEEKLY,
            census_date=self.day,
            section=SUMS,
            rows_read=0,
            providers=lists,
            tables={schema.pathway_counts.name: Facts(tuple(rows.columns), FrameRows(rows))},
            message=f"{lists} trusts",
        )
        self._write(connection, file, file.parsed, missing)
        return True

    def _missing_words(self) -> list[str]:
        """Who is not in the sums, for the ledger."""
        absent = [
            f"{each.provider_code} sent no list; its last is of {each.last.isoformat()}."
            for each in self.manifest.missing
        ]
        unusable = [
            f"The newest list of {each.provider_code} cannot be used."
            for each in self.manifest.trusts
            if each.refusal
        ]
        refused = [
            f"{who}'s {section} list in the lake was not published." for who, section in sorted(self.left_out)
        ]
        return [*absent, *unusable, *refused, *self._without_icb()]

    def _without_icb(self) -> list[str]:
        """Who counts for England alone."""
        if not self.parents.icbs:
            return ["No month of the return is loaded that says under which ICBs trusts stand."]
        alone = [who for who, (icb, _) in sorted(self._above().items()) if not icb]
        return [f"{who} is in no month of the return: it counts in no ICB and no region." for who in alone]

    def _write(
        self, connection: Connection, file: IncomingFile, parsed: Parsed, notes: Sequence[Problem | str]
    ) -> None:
        """Put an extract in the place of the one that is there. Raises `Refused`, by the loader's rule."""
        held = held_from_lake(connection, parsed)
        if held is None:
            way = "To publish it anyway, use --replace."
            held = extract_to_replace(connection, file, parsed, self.options, way=way)
        if held is not None:
            take_out(connection, held, state="replaced")
        extract_id = write_extract(connection, file, parsed)
        for table, facts in parsed.tables.items():
            write_facts(connection, table, facts, extract_id, file.name, self.report)
        finish_ledger(connection, extract_id, notes, file.seconds())


def _parsed(entry: Entry, tables: dict[str, Facts]) -> Parsed:
    return Parsed(
        source=WEEKLY,
        census_date=entry.census_date,
        provider_code=entry.provider_code,
        section=entry.section,
        revision=entry.revision,
        rows_read=entry.rows_read,
        rows_left_out=entry.rows_left_out,
        providers=1,
        tables=tables,
        message=entry.message,
    )
