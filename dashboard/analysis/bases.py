"""Why a figure differs from another published one: the bases of a scope, and the bridge between two of them.

The counts come from the loaded month and from the published workbooks; what each basis adds is added up here,
and the steps are made by `rtt.measures.bases`. Of tracking lists there is one basis alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

from sqlalchemy import Connection

from dashboard.scope.returns import Listed
from dashboard.scope.scope import Scope
from dashboard.store.bases import COUNTS, LATE, Place, basis_counts, printed_counts
from ingest.extracts.published.published_measures import WITH_ESTIMATES
from ingest.store.schema import ENGLAND, MONTHLY
from ingest.store.schema import NONC as OTHERS
from rtt.measures.bases import (
    CARRIED,
    COMMISSIONER,
    ENGLISH,
    ESTIMATED,
    EVERYBODY,
    EXTRACT,
    FIRST,
    FORMULAS,
    KNOWN,
    OWN,
    PROVIDER,
    REPORTED,
    REVISED,
    Amount,
    Basis,
    Counts,
    amount_of,
)
from rtt.terms.parts import COMPLETED, INCOMPLETE
from rtt.terms.treatment_functions import TOTAL

SECTIONS = {"incomplete": "2", "admitted": "1A", "non_admitted": "1B", "new_periods": "3"}
"""Section of the time series -> the part of the return."""
SERIES_COUNTS = ("total", "within_18", *LATE)
CARRIED_COUNTS = ("total", "within_18", "over_52")
OF_STARTS = ("stops", "starts_less_stops", "stops_admitted", "stops_non_admitted", "share_stops_admitted")

_NOTHING: Counts = {}


@dataclass(frozen=True, slots=True, eq=False)
class Bases:
    """Everything that the files say of a scope and census, by basis.

    own: side and commissioners -> counts. printed: vintage -> counts; estimates: vintage of the series -> the
    counts with its estimates. carried: what the last lists add, None where nobody is missing.
    """

    own: Mapping[tuple[str, str], Counts]
    printed: Mapping[str, Counts] = field(default_factory=dict)
    estimates: Mapping[str, Counts] = field(default_factory=dict)
    carried: Counts | None = None
    has_sides: bool = False
    has_others: bool = False

    def figure(self, key: str, basis: Basis) -> Amount | None:
        """The figure of a measure on a basis; None where the files do not say it."""
        counts = self._counts(basis)
        return amount_of(FORMULAS[key], counts) if counts is not None else None

    def offers(self, key: str, basis: Basis) -> bool:
        """Whether a figure of a measure is published, or can be counted, on this basis."""
        if basis.starts == KNOWN and key not in OF_STARTS:
            return False
        if basis.side == PROVIDER and not self.has_sides:
            return False
        if basis.commissioners == EVERYBODY and not (self.has_others or basis.side == PROVIDER):
            return False
        # What others print is counted in one way: theirs. Lists that were not sent have few counts.
        counted_here = replace(basis, vintage=EXTRACT, missing=REPORTED) != OWN
        if counted_here and (basis.vintage != EXTRACT or basis.missing != REPORTED):
            return False
        if basis.vintage != EXTRACT and basis.missing == CARRIED:
            return False
        amount = self.figure(key, basis)
        return amount is not None and amount.value is not None

    def _counts(self, basis: Basis) -> Counts | None:
        base = self.own.get((basis.side, basis.commissioners))
        added = [self._of_missing(basis), self._of_vintage(basis)]
        if base is None or None in added:
            return None
        if basis.starts == KNOWN:
            base = {
                (part, count): size - (base[part, "unknown"] if count == "total" and part in COMPLETED else 0)
                for (part, count), size in base.items()
            }
        for more in added:
            base = _together(base, more) if more else base
        return base

    def _of_missing(self, basis: Basis) -> Counts | None:
        if basis.missing == REPORTED:
            return _NOTHING
        if basis.missing == CARRIED:
            return self.carried
        vintage = basis.vintage or max(self.estimates, default="")
        whole, reported = self.estimates.get(vintage), self.printed.get(vintage)
        return None if whole is None or reported is None else _less(whole, reported)

    def _of_vintage(self, basis: Basis) -> Counts | None:
        if basis.vintage == EXTRACT:
            return _NOTHING
        printed = self.printed.get(basis.vintage)
        return None if printed is None else _less(printed, self.own[COMMISSIONER, ENGLISH])


def _together(counts: Counts, more: Counts) -> Counts:
    """What both know, added up: a measure that one of them does not have is not known on that basis."""
    return {key: counts[key] + more[key] for key in counts.keys() & more.keys()}


def _less(counts: Counts, others: Counts) -> Counts:
    return {key: counts[key] - others[key] for key in counts.keys() & others.keys()}


def bases_of(connection: Connection, scope: Scope) -> Bases | None:
    """The bases of the census of a scope; None of a tracking list. Two statements."""
    if scope.source != MONTHLY or scope.census is None:
        return None
    sides = _sides(scope)
    functions = scope.functions or (TOTAL,)
    rows = basis_counts(connection, scope.census, tuple(sides.values()), functions)
    own = {
        (side, commissioners): _counts_of(rows, place[0], with_others=commissioners == EVERYBODY)
        for side, place in sides.items()
        for commissioners in (ENGLISH, EVERYBODY)
    }
    printed, estimates = _printed(connection, scope)
    level = scope.organisation.level
    return Bases(
        own=own,
        printed=printed,
        estimates=estimates,
        carried=_carried(scope),
        has_sides=PROVIDER in sides,
        has_others=level in ("england", "provider"),
    )


def _sides(scope: Scope) -> dict[str, Place]:
    """The rows of the place's patients, and those of the providers at home in it."""
    level, listed = scope.organisation.level, scope.organisations
    own = {COMMISSIONER: (level, scope.codes)}
    icbs = set(scope.codes) if level == "icb" else set()
    if level == "region":
        icbs = {each.code for each in listed if each.level == "icb" and each.parent_code in scope.codes}
    home = tuple(each.code for each in listed if each.level == "provider" and each.parent_code in icbs)
    return own | ({PROVIDER: ("provider", home)} if home else {})


def _counts_of(rows: Sequence[Any], level: str, *, with_others: bool) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {
        (part, count): 0 for part in ("1A", "1B", "2", "2A", "3") for count in (*COUNTS, *LATE)
    }
    for of, basis, part, *counts in rows:
        if of == level and (with_others or basis != OTHERS):
            for name, count in zip((*COUNTS, *LATE), counts, strict=True):
                if count is None:
                    found.pop((part, name), None)
                elif (part, name) in found:
                    found[part, name] += count
    return found


def _carried(scope: Scope) -> Counts | None:
    assert scope.census is not None
    lists = scope.carried(scope.census)
    if not lists:
        return None
    added = sum((each.listed for each in lists), Listed())
    found = {(INCOMPLETE, name): getattr(added, name) for name in CARRIED_COUNTS}
    return found | {(INCOMPLETE, "unknown"): 0}


def _printed(connection: Connection, scope: Scope) -> tuple[dict[str, Counts], dict[str, Counts]]:
    """The counts of each published vintage of the scope, and those with estimates of the series."""
    functions = scope.functions or (TOTAL,)
    if len(scope.codes) > 1 or len(functions) > 1:
        return {}, {}
    names = {
        f"{section}.{count}": (part, count) for section, part in SECTIONS.items() for count in SERIES_COUNTS
    }
    asked = tuple(name + more for name in names for more in ("", WITH_ESTIMATES))
    level = scope.organisation.level
    of_series = asked if level == "england" and functions == (TOTAL,) else ()
    code = ENGLAND if level == "england" else scope.codes[0]
    assert scope.census is not None
    printed: dict[str, dict[tuple[str, str], int]] = {}
    estimates: dict[str, dict[tuple[str, str], int]] = {}
    rows = printed_counts(connection, scope.census, level, code, functions[0], of_series)
    for kind, vintage, part, measure, value, _ in rows:
        if kind == "table":
            vintage = FIRST if vintage == "0" else REVISED
            if measure in SERIES_COUNTS:
                printed.setdefault(vintage, {})[part, measure] = round(value)
        elif value == round(value):  # estimates of flows are no whole numbers, and are not offered
            plain = measure.removesuffix(WITH_ESTIMATES)
            of = printed if plain == measure else estimates
            of.setdefault(vintage, {})[names[plain]] = round(value)
    for counts in (*printed.values(), *estimates.values()):
        # The publisher's lists have no unknown clock starts.
        counts[INCOMPLETE, "unknown"] = 0
    return dict(printed), dict(estimates)


def offered(found: Bases, key: str) -> list[Basis]:
    """Every basis that has a figure of a measure, this dashboard's own first."""
    vintages = (EXTRACT, *sorted(found.printed))
    every = (
        Basis(*each)
        for each in product(
            vintages, (REPORTED, CARRIED, ESTIMATED), (ENGLISH, EVERYBODY), ("", KNOWN), ("", PROVIDER)
        )
    )
    return [basis for basis in every if found.offers(key, basis)]


def other_than(found: Bases, key: str, first: Basis) -> Basis:
    """What a figure is held against where nobody has chosen: a publication that gives another, else what
    changes least of those that do; any where none does.
    """
    others = [basis for basis in offered(found, key) if basis != first]
    differ = [basis for basis in others if found.figure(key, basis) != found.figure(key, first)]
    return min(differ or others, key=lambda basis: (not basis.vintage, basis.text.count(".")), default=first)


def not_offered(found: Bases, scope: Scope, key: str) -> list[tuple[str, str]]:
    """The kinds of basis that a figure does not have, each with the reason."""
    level, bases = scope.organisation.level, offered(found, key)
    missing = {basis.missing for basis in bases}
    why = []
    if not any(basis.commissioners for basis in bases):
        why.append(("Non-English commissioners", "the patients of an English commissioner are English"))
    if not any(basis.side for basis in bases):
        same = "every English patient waits at some provider, so both are the same"
        why.append(("By provider", same if level == "england" else "only regions and ICBs have both"))
    if key not in OF_STARTS:
        why.append(("Known clock starts only", "they are told apart among completed pathways alone"))
    if CARRIED not in missing:
        few = "the last lists have the total, those within 18 weeks and those over 52 weeks alone"
        none = "no trust of this scope is missing in this month"
        why.append(("The last lists of missing trusts", few if found.carried else none))
    if ESTIMATED not in missing:
        only = "NHS England estimates for England as a whole alone, and for some measures"
        absent = "no time series that is loaded prints this month"
        why.append(("NHS England’s estimates", absent if level == "england" and not found.printed else only))
    if not any(basis.vintage for basis in bases):
        none = "no workbook that is loaded prints this figure, and one file of a month is kept"
        why.append(("Another publication", none))
    return why
