"""Who is in a census, as it names them, and which specialties it has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, String, cast, literal, or_, select, union_all

from dashboard.scope.absent_lists import absences, lists_statement
from dashboard.scope.returns import absences_of
from dashboard.store.cache import cached, keeps
from dashboard.store.compositions import compositions
from dashboard.store.loaded_extracts import NON_ENGLISH, Organisation, loaded_extracts
from ingest.extracts.monthly.compositions import compositions_of, statement
from ingest.store.closures import recorded
from ingest.store.schema import MONTHLY, extract, organisation, pathway_counts


@cached
def organisations(connection: Connection, ids: tuple[int, ...], level: str) -> tuple[Organisation, ...]:
    """Everybody in one census, by level and name, and its treatment functions as level 'function'.

    Without the commissioner NONC: pages show what is published, and that leaves its pathways out. One
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
    names = select(literal("name"), o.code, o.name, o.parent_code, o.parent_name, o.kind).where(
        o.extract_id == newest.limit(1).scalar_subquery(), o.level == "provider", o.code.in_(providers)
    )
    nothing = [literal("").label(name) for name in ("name", "parent_code", "parent_name", "kind")]
    functions = (
        select(literal("function"), c.treatment_function, *nothing)
        .where(c.extract_id.in_(ids), c.level == level)
        .distinct()
    )
    rows = {Organisation(*row) for row in _read(connection, people, functions, names)}
    known = {row.code: row for row in rows if row.level == "name"}
    named = {_named(row, known) for row in rows if row.level != "name"}
    return tuple(sorted(named, key=lambda each: (each.level, each.name, each.code)))


def _read(connection: Connection, *branches: Select[Any]) -> Iterable[Any]:
    """The rows of all branches; what `absences` and `compositions` are about to be asked for comes with them.

    Their rows are told from people by their first column, and are of texts as those are.
    """
    months = loaded_extracts(connection).censuses(MONTHLY)
    if not months or not keeps(connection) or absences.has(connection, months):
        return connection.execute(union_all(*branches)).all()
    nothing = literal("")
    lists, made_of = lists_statement(connection, months), statement()
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
    found = connection.execute(union_all(*branches, lists, made_of, closed)).all()
    gone = {row[1]: date.fromisoformat(row[2]) for row in found if row[0] == "closed"}
    sent = ((date.fromisoformat(row[2]), row[1], int(row[3])) for row in found if row[0] == "list")
    absences.put(absences_of(sent, months, gone), connection, months)
    rows = ((*row[1:3], date.fromisoformat(row[3]), *row[4:]) for row in found if row[0] == "composition")
    compositions.put(compositions_of(rows), connection)
    return (row for row in found if row[0] not in ("list", "composition", "closed"))


def _text(column: Any) -> Any:
    return cast(column, String)


def _named(row: Organisation, known: dict[str, Organisation]) -> Organisation:
    if row.level == "provider" and row.name in ("", row.code) and row.code in known:
        return replace(known[row.code], level="provider")
    return row
