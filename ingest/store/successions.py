"""Which organisation became which: the package's own facts, those of a newer file, and what people noted.

The package brings facts of the Organisation Data Service. A file that is loaded (`rtt load
organisations.json`) stands in their place unless its day is before theirs; a closure that somebody
recorded with its successors (`rtt closed`) is a fact beside either.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from sqlalchemy import Connection, Select, String, cast, literal, select, union_all

from ingest.store.schema import ORGANISATIONS, extract, provider_closure, succession
from rtt.terms.successions import Succession, Successions, circle_in


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known, as of which day, and who says so."""

    successions: Successions
    as_of: date
    source: str


@cache
def packaged() -> Facts:
    """The facts that the package brings."""
    file = resources.files("ingest").joinpath("reference", "organisations.json")
    told = json.loads(file.read_text(encoding="utf-8"))
    facts = [
        Succession(each["code"], date.fromisoformat(each["ended_on"]), successor, each["name"])
        for each in told["successions"]
        for successor in each["became"]
    ]
    return Facts(Successions(tuple(facts)), date.fromisoformat(told["as_of"]), told["source"])


def statement() -> Select[Any]:
    """(kind, code, day, successor, name, as of) as texts: "loaded" facts of every file, "noted" closures."""
    facts, noted = succession.c, provider_closure.c
    nothing = literal("")
    both = union_all(
        select(
            literal("loaded").label("kind"),
            facts.code.label("code"),
            cast(facts.ended_on, String).label("day"),
            facts.successor.label("successor"),
            facts.name.label("name"),
            cast(extract.c.census_date, String).label("as_of"),
        )
        .join(extract, extract.c.id == facts.extract_id)
        .where(extract.c.source == ORGANISATIONS),
        select(
            literal("noted"),
            noted.provider_code,
            cast(noted.closed_on, String),
            noted.successors,
            nothing,
            nothing,
        ).where(noted.successors != ""),
    ).subquery()
    return select(*both.c)


def facts_of(rows: Iterable[Any]) -> Facts:
    """The facts in force, by the rows of `statement`."""
    loaded: list[tuple[str, Succession]] = []
    noted: list[Succession] = []
    for kind, code, day, successors, name, as_of in rows:
        if kind == "loaded":
            loaded.append((as_of, Succession(code, date.fromisoformat(day), successors, name)))
        else:
            ended = date.fromisoformat(day)
            noted += [Succession(code, ended, each) for each in successors.split()]
    own = packaged()
    newest = max((as_of for as_of, _ in loaded), default="")
    if newest and date.fromisoformat(newest) >= own.as_of:
        told = tuple(fact for as_of, fact in loaded if as_of == newest)
        own = Facts(Successions(told), date.fromisoformat(newest), "the file that was loaded")
    if not noted:
        return own
    instead = {each.code for each in noted}
    facts = (*(each for each in own.successions.facts if each.code not in instead), *noted)
    # A note that leads back to where it began says nothing.
    return own if circle_in(facts) else Facts(Successions(facts), own.as_of, own.source)


def successions_held(connection: Connection) -> Facts:
    """The facts in force; one statement."""
    return facts_of(connection.execute(statement()))


def ends(facts: Facts) -> Mapping[str, date]:
    """Code -> the last day on which it ended."""
    found: dict[str, date] = {}
    for each in facts.successions.facts:
        found[each.code] = max(each.on, found.get(each.code, each.on))
    return found
