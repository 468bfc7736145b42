"""What the checks found, census by census; which providers are missing; the two sources beside each other.

Counts alone, as ingest stored them. What they mean, and how far they could move a figure:
`rtt.measures.data_quality`.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import Connection

from dashboard.analysis.disclosure.checks import checks_seen
from dashboard.scope.scope import Scope
from dashboard.settings.areas import WHOLE
from dashboard.store.cache import cached
from dashboard.store.lineage import succession_facts
from dashboard.store.loaded_extracts import LoadedExtracts, loaded_extracts
from dashboard.store.quality import Totals, checks, list_rows, list_totals, monthly_checks
from ingest.store.schema import ENGLAND, MONTHLY, WEEKLY
from rtt.disclosure.small_numbers import is_small
from rtt.terms import parts
from rtt.terms.calendar import sunday_on_or_before
from rtt.terms.treatment_functions import TOTAL

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Count:
    """Failed of checked rows; how many of the failed are within 18 weeks, None where that was not asked."""

    failed: int
    checked: int
    within: int | None
    counted: bool  # the failed rows are in the figures
    hidden: bool = False  # from this reader


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The counts of a scope by (check, census); `days` oldest first."""

    days: tuple[date, ...]
    counts: dict[tuple[str, date], Count]

    def at(self, key: str, day: date | None) -> Count | None:
        """None where the check was not made, as for a column that a file does not have."""
        return self.counts.get((key, day)) if day else None


@dataclass(frozen=True, slots=True)
class Listed:
    """A provider's list at one census."""

    code: str
    name: str
    total: int
    known: int
    within: int


@dataclass(frozen=True, slots=True, eq=False)
class Providers:
    """Every provider's list now and at the census before, None where nothing was held then; and who ended
    between the two, whose patients are another's now.
    """

    now: dict[str, Listed]
    before: dict[str, Listed] | None
    ended: frozenset[str] = frozenset()

    @property
    def missing(self) -> tuple[Listed, ...]:
        """Those with a list before and none now that have not ended, largest first."""
        there = self.now.keys() | self.ended
        gone = [each for code, each in (self.before or {}).items() if code not in there]
        return tuple(sorted(gone, key=lambda each: (-each.total, each.code)))


@dataclass(frozen=True, slots=True)
class BothSources:
    """One trust on the last Sunday of a month (or within the six days before its end) and in its return.

    Counts are None where the source does not hold them; flows are of the week after `sunday`.
    """

    code: str
    name: str
    month_end: date
    sunday: date
    monthly: Listed
    weekly: Listed
    following: Listed | None
    starts: int | None
    stops: int | None
    share_instead: str = ""  # of the share of the weekly list, where that would tell a small number


def checks_found(connection: Connection, scope: Scope) -> Found:
    """The checks of the scope at every census of its window up to the chosen one. One statement.

    A tracking list's checks are its trust's, by specialty; a month's are a provider's, else England's.
    """
    owners = scope.codes if scope.organisation.level == "provider" else (ENGLAND,)
    functions = scope.functions if scope.source == WEEKLY and scope.functions else (TOTAL,)
    found = _found(connection, scope.source, scope.recent, owners, functions)
    return _told(connection, scope, found) if scope.conceals else found


def _told(connection: Connection, scope: Scope, found: Found) -> Found:
    """With what is hidden from the reader marked: small numbers, and what filters would tell by them."""
    keys = tuple(dict.fromkeys(key for key, _ in found.counts))
    seen = checks_seen(connection, scope, keys, found.days)
    place = {day: at for at, day in enumerate(found.days)}
    others = [code for code in scope.codes if scope.areas_in(code) != (WHOLE,)]
    rests = [_rest(connection, scope, code, found.days) for code in others]

    def hidden(key: str, day: date) -> bool:
        few = any(rest is None or _is_few(rest.at(key, day)) for rest in rests)
        # Over 12 weeks is no limit that the list is counted at elsewhere.
        return few or key == "unvalidated" or not seen[key][place[day]]

    counts = {at: replace(each, hidden=True) if hidden(*at) else each for at, each in found.counts.items()}
    return Found(found.days, counts)


def _rest(connection: Connection, scope: Scope, code: str, days: tuple[date, ...]) -> Found | None:
    """The checks of one list, less those of the specialties that the reader sees anyway. None where checks do
    not tell them apart: they are not kept by site.
    """
    whole = _found(connection, scope.source, days, (code,), (TOTAL,))
    areas = scope.areas_in(code)
    if any(area.sites is not None for area in areas):
        return None
    functions = frozenset().union(*(area.functions or () for area in areas))
    if not functions:
        return whole
    own = _found(connection, scope.source, days, (code,), tuple(sorted(functions)))
    return Found(days, {place: _less(each, own.at(*place)) for place, each in whole.counts.items()})


def _more(one: Count, other: Count) -> Count:
    """The same check of two lists."""
    within = None if one.within is None or other.within is None else one.within + other.within
    failed, checked = one.failed + other.failed, one.checked + other.checked
    return Count(failed, checked, within, one.counted or other.counted)


def _less(whole: Count, own: Count | None) -> Count:
    if own is None:
        return whole
    return replace(whole, failed=whole.failed - own.failed, checked=whole.checked - own.checked)


def _is_few(count: Count | None) -> bool:
    if count is None:
        return False
    return any(is_small(each) for each in (count.failed, count.checked - count.failed, count.checked))


@cached
def _found(
    connection: Connection,
    source: str,
    days: tuple[date, ...],
    owners: tuple[str, ...],
    functions: tuple[str, ...],
) -> Found:
    day_of = {held.id: held.census_date for held in loaded_extracts(connection).of(source)}
    ids = [one for one, day in day_of.items() if day in days]
    rows = (
        monthly_checks(connection, ids, owners, days[-1])
        if source == MONTHLY and days
        else checks(connection, ids, owners, functions)
    )
    counts: dict[tuple[str, date], Count] = {}
    for extract, key, failed, checked, within, counted in rows:
        place = key, day_of[extract]
        one = Count(int(failed), int(checked), None if within is None else int(within), bool(counted))
        # The trusts of a group have each a list of the same day.
        counts[place] = _more(counts[place], one) if place in counts else one
    return Found(days, counts)


@cached
def provider_lists(connection: Connection, census: date, before: date | None) -> Providers:
    """Every provider's waiting list at both censuses of the monthly return. One statement, and that of the
    facts of mergers.
    """
    days = [day for day in (census, before) if day]
    lists: dict[date, dict[str, Listed]] = {day: {} for day in days}
    for day, code, name, total, unknown, within in list_rows(connection, days):
        lists[day][code] = Listed(code, name, total, total - unknown, within)
    if before is None:
        return Providers(lists[census], None)
    ends = succession_facts(connection).successions
    ended = frozenset(each for each in lists[before] if ends.next_end(each, before, census))
    return Providers(lists[census], lists[before], ended)


@cached
def both_sources(connection: Connection, code: str, name: str, until: date) -> BothSources | None:
    """The newest month up to `until` that both sources hold of a trust; None where there is none."""
    held = loaded_extracts(connection)
    sundays = {e.census_date for e in held.of(WEEKLY) if e.provider_code == code}
    months = [day for day in held.censuses(MONTHLY) if day <= until and sunday_on_or_before(day) in sundays]
    if not months:
        return None
    month_end = months[-1]
    sunday = sunday_on_or_before(month_end)
    totals = list_totals(connection, code, month_end, (sunday, sunday + _WEEK))

    def listed(source: str, day: date) -> Listed | None:
        found = totals.get((source, day, parts.INCOMPLETE))
        return Listed(code, name, found[0], found[0] - found[1], found[2]) if found else None

    monthly, weekly = listed(MONTHLY, month_end), listed(WEEKLY, sunday)
    if monthly is None or weekly is None:
        return None
    stops = [_flow(held, totals, "stops", code, sunday + _WEEK, part) for part in parts.COMPLETED]
    return BothSources(
        code,
        name,
        month_end,
        sunday,
        monthly,
        weekly,
        listed(WEEKLY, sunday + _WEEK),
        _flow(held, totals, "starts", code, sunday + _WEEK, parts.NEW_PERIODS),
        None if None in stops else sum(stop or 0 for stop in stops),
    )


def _flow(held: LoadedExtracts, totals: Totals, section: str, code: str, week: date, part: str) -> int | None:
    """Clocks of a week; None if its section was not loaded, zero if it was and holds none."""
    loaded = any(
        (e.source, e.section, e.provider_code, e.census_date) == (WEEKLY, section, code, week)
        for e in held.extracts
    )
    return totals.get((WEEKLY, week, part), (0, 0, 0))[0] if loaded else None
