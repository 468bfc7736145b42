"""The weekly lists of all trusts side by side, and how the data of each stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np
from sqlalchemy import Connection

from dashboard.analysis.disclosure.seen import seen_of_whole_lists
from dashboard.analysis.facts import counted_facts, facts_of
from dashboard.analysis.findings import Figures, figures_of
from dashboard.scope.scope import Scope
from dashboard.store.ledger import in_utc, refused_lists
from dashboard.store.loaded_extracts import LoadedExtract
from dashboard.store.organisations import closures, organisations
from ingest.store.closures import has_closed
from ingest.store.schema import WEEKLY

KEYS = ("total", "share_within_18", "over_52")
EVERYBODY = "provider"
"""The unit of `TrustLists.together`: the level at which its rows are added up."""
WEEKS = 13

State = Literal["present", "revised", "refused", "missing"]


@dataclass(frozen=True, slots=True)
class Standing:
    """One trust at the census. `last`: its newest list up to then; `refused`: a newer file of it was."""

    code: str
    name: str
    state: State
    last: LoadedExtract


@dataclass(frozen=True, slots=True)
class Week:
    """One census: which trusts have a list, and who has none that sent one before."""

    day: date
    here: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class TrustLists:
    """Trusts by their figures at the census and before; all of them together, week by week."""

    standings: tuple[Standing, ...]
    figures: Figures  # units are trusts
    together: Figures
    weeks: tuple[Week, ...]
    before: date | None


def trust_lists(connection: Connection, scope: Scope) -> TrustLists:
    """Every trust that has sent a weekly list; at most eight statements. The scope has a census of lists."""
    assert scope.census is not None
    whole = _whole(scope)
    days = tuple(day for day in scope.loaded.censuses(WEEKLY) if day <= scope.census)[-WEEKS:]
    before = days[-2] if len(days) > 1 else None
    closed = closures(connection)
    standings = _standings(connection, scope, closed)
    # Of a trust that has closed since, what the weeks before hold is judged all the same.
    sent = {each.provider_code for each in scope.loaded.of(WEEKLY) if each.census_date in days}
    codes = tuple(sorted(sent.union(each.code for each in standings)))
    everybody = whole.of_all_trusts(codes)
    each = facts_of(
        connection, whole.selection(days[-2:], by="provider"), by="organisation_code", flows=False
    )
    summed = counted_facts(connection, whole.selection(days, by="provider"), by="level")
    if any(whole.of_trust(code).conceals for code in codes):
        seen = seen_of_whole_lists(connection, whole, codes, days)
        places = [codes.index(unit) for unit in each.units]
        each = replace(each, seen=seen.each(lambda mask: mask[places][:, -len(each.dates) :]))
        # What all have together, less what is told of all but one, is that one's.
        joint = seen.each(lambda mask: np.asarray(mask.all(axis=0, keepdims=True)))
        summed = replace(summed, seen=replace(joint, known_in_part=everybody.is_known_in_part))
    return TrustLists(
        standings=standings,
        figures=figures_of(whole, each, apart="provider", keys=KEYS),
        together=figures_of(everybody, summed, keys=KEYS),
        weeks=tuple(_week(scope, day, closed) for day in days),
        before=before,
    )


def _whole(scope: Scope) -> Scope:
    """The scope without the splits of a list: sites are a trust's own, and two splits tell no waits."""
    return scope.asking(site="", pathway="", priority="")


def _until(scope: Scope, day: date, closed: Mapping[str, date]) -> dict[str, LoadedExtract]:
    """Trust -> its newest list up to a day, of those that are not known to have closed since."""
    newest = {each.provider_code: each for each in scope.loaded.of(WEEKLY) if each.census_date <= day}
    return {
        code: each
        for code, each in newest.items()
        if each.census_date == day or not has_closed(code, day, closed)
    }


def _week(scope: Scope, day: date, closed: Mapping[str, date]) -> Week:
    newest = _until(scope, day, closed)
    missing = tuple(sorted(code for code, last in newest.items() if last.census_date < day))
    return Week(day, tuple(sorted(newest.keys() - set(missing))), missing)


def _standings(connection: Connection, scope: Scope, closed: Mapping[str, date]) -> tuple[Standing, ...]:
    assert scope.census is not None
    newest, refused = _until(scope, scope.census, closed), refused_lists(connection)
    names = {each.code: each.name for each in scope.organisations if each.level == "provider"}
    gone = tuple(sorted(each.id for code, each in newest.items() if code not in names))
    if gone:
        listed = organisations(connection, gone, "provider")
        names |= {each.code: each.name for each in listed if each.level == "provider"}
    found = []
    for code, last in sorted(newest.items()):
        at = refused.get((code, scope.census))
        is_late = last.census_date < scope.census
        state: State = "missing" if is_late else "revised" if last.revision else "present"
        if at is not None and (is_late or at > in_utc(last.loaded_at)):
            state = "refused"
        found.append(Standing(code, names.get(code, code), state, last))
    return tuple(found)
