"""Who is in a census, as it names them, which specialties it has, and who sent a list in which month."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from sys import intern
from typing import Any

from sqlalchemy import Connection, Select, String, cast, exists, literal, or_, select, union_all

from dashboard.store import lineage
from dashboard.store.cache import cached, keeps
from dashboard.store.compositions import compositions
from dashboard.store.counts import Selection, conditions
from dashboard.store.loaded_extracts import ABOVE, NON_ENGLISH, Organisation, loaded_extracts
from ingest.extracts.monthly.compositions import compositions_of, statement
from ingest.store import parents, successions
from ingest.store.closures import recorded
from ingest.store.schema import MONTHLY, extract, organisation, pathway_counts
from rtt.terms.organisation_names import title_case
from rtt.terms.parts import INCOMPLETE

_BECAME = "became "


@cached
def organisations(connection: Connection, ids: tuple[int, ...], level: str) -> tuple[Organisation, ...]:
    """Everybody in one census, by level and name, and its treatment functions as level 'function'.

    Without the commissioner NONC: pages show what is published, and that leaves its pathways out. Beside a
    PTL come the ICBs and regions of the newest month, as levels 'above icb' and 'above region'. One
    statement. The functions are those of a whole level, so that a specialty stays on offer, and chosen, when
    the reader moves to another organisation. The extracts and level come from `resolve`.
    """
    o, c = organisation.c, pathway_counts.c
    people = select(o.level, o.code, o.name, o.parent_code, o.parent_name, o.kind).where(
        o.extract_id.in_(ids), or_(o.level != "commissioner", o.code != NON_ENGLISH)
    )
    # A tracking list has its trust's code alone; the newest monthly extract may know the name.
    newest = select(extract.c.id).where(extract.c.source == "monthly").order_by(extract.c.census_date.desc())
    providers = select(extract.c.provider_code).where(extract.c.id.in_(ids), extract.c.source == "weekly")
    known_by = o.extract_id == newest.limit(1).scalar_subquery()
    named_by = select(literal("name"), o.code, o.name, o.parent_code, o.parent_name, o.kind).where(
        known_by, o.level == "provider", o.code.in_(providers)
    )
    above = select(literal(ABOVE) + o.level, o.code, o.name, o.parent_code, o.parent_name, o.kind).where(
        known_by, o.level.in_(("icb", "region")), exists(providers)
    )
    nothing = [literal("").label(name) for name in ("name", "parent_code", "parent_name", "kind")]
    functions = (
        select(literal("function"), c.treatment_function, *nothing)
        .where(c.extract_id.in_(ids), c.level == level)
        .distinct()
    )
    rows = {Organisation(*row) for row in _read(connection, people, functions, named_by, above)}
    known = {row.code: row for row in rows if row.level == "name"}
    named = {_named(row, known) for row in rows if row.level != "name"}
    return tuple(sorted(named, key=lambda each: (each.level, each.name.casefold(), each.code)))


def _read(connection: Connection, *branches: Select[Any]) -> Iterable[Any]:
    """The rows of all branches; those of `senders`, `closures`, `compositions` and `lineage` come with them.

    Their rows are told from people by their first column, and are of texts as those are.
    """
    months = loaded_extracts(connection).censuses(MONTHLY)
    if not months or not keeps(connection) or senders.has(connection, months):
        return connection.execute(union_all(*branches)).all()
    nothing = literal("")
    lists, made_of = _lists(connection, months), statement()
    month, provider, pathways = lists.selected_columns
    kind, what, of_month, count, total = made_of.selected_columns
    lists = lists.with_only_columns(
        literal("list"), provider, _text(month), _text(pathways), nothing, nothing
    )
    made_of = made_of.with_only_columns(
        literal("composition"), kind, what, _text(of_month), _text(count), _text(total)
    )
    code, day = (closed := recorded()).selected_columns
    closed = closed.with_only_columns(literal("closed"), code, _text(day), nothing, nothing, nothing)
    became, under = successions.statement(), parents.statement()
    became = became.with_only_columns(
        literal(_BECAME) + became.selected_columns.kind, *list(became.selected_columns)[1:]
    )
    under = under.with_only_columns(literal("under"), *under.selected_columns, nothing)
    found = connection.execute(union_all(*branches, lists, made_of, closed, became, under)).all()
    lineage.succession_facts.put(
        successions.facts_of(
            (row[0].removeprefix(_BECAME), *row[1:]) for row in found if row[0].startswith(_BECAME)
        ),
        connection,
    )
    lineage.moved_parents.put(parents.parents_of(row[1:5] for row in found if row[0] == "under"), connection)
    gone = {row[1]: date.fromisoformat(row[2]) for row in found if row[0] == "closed"}
    closures.put({**lineage.ended(connection), **gone}, connection)
    sent = ((date.fromisoformat(row[2]), row[1], int(row[3])) for row in found if row[0] == "list")
    senders.put(by_month(sent), connection, months)
    rows = ((*row[1:3], date.fromisoformat(row[3]), *row[4:]) for row in found if row[0] == "composition")
    compositions.put(compositions_of(rows), connection)
    others = ("list", "composition", "closed", "under")
    return (row for row in found if row[0] not in others and not row[0].startswith(_BECAME))


@cached
def senders(connection: Connection, months: tuple[date, ...]) -> Mapping[date, frozenset[str]]:
    """Month -> the providers that sent a list of anybody; one statement."""
    return by_month(connection.execute(_lists(connection, months)))


@cached
def closures(connection: Connection) -> Mapping[str, date]:
    """Provider -> the day on which it closed, as recorded or by the facts; two statements."""
    noted = {row.provider_code: row.closed_on for row in connection.execute(recorded())}
    return {**lineage.ended(connection), **noted}


def _lists(connection: Connection, months: tuple[date, ...]) -> Select[Any]:
    """(month, provider, pathways) of every list of these months."""
    lists = Selection(source=MONTHLY, level="provider", codes=None, parts=(INCOMPLETE,), dates=months)
    c = pathway_counts.c
    return select(c.census_date, c.organisation_code, c.total).where(*conditions(connection, lists))


def by_month(lists: Iterable[Any]) -> dict[date, frozenset[str]]:
    """Month -> who sent a list of anybody, by (month, provider, pathways)."""
    sent: dict[date, set[str]] = defaultdict(set)
    for month, provider, pathways in lists:
        if pathways:
            sent[month].add(intern(provider))
    return {month: frozenset(providers) for month, providers in sent.items()}


def _text(column: Any) -> Any:
    return cast(column, String)


def _named(row: Organisation, known: dict[str, Organisation]) -> Organisation:
    """With the name that a person would write. Here, where names enter: pages, packs and screens agree."""
    if row.level == "provider" and row.name in ("", row.code) and row.code in known:
        row = replace(known[row.code], level="provider")
    if row.name == row.code:
        return row
    return replace(row, name=title_case(row.name), parent_name=title_case(row.parent_name))
