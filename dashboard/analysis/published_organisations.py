"""What NHS England published of an organisation, month by month, as findings.

The workbooks by provider and commissioner hold every organisation and specialty, in months of which no
extract may be loaded. Counts of trusts that have merged are added up where all of them stand, and shares are
made of such sums; weeks cannot be added. Where both are held they equal the extracts
(`ingest.reconcile.tables`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from dashboard.analysis.findings import scope_of
from dashboard.scope.scope import Scope
from dashboard.store.published_tables import Figure, PublishedRow, table_rows
from ingest.store.schema import ENGLAND, MONTHLY
from rtt.findings.findings import Finding, standard_for
from rtt.measures.indicators import INDICATORS
from rtt.terms.parts import ADMITTED, INCOMPLETE, NEW_PERIODS, NON_ADMITTED
from rtt.terms.treatment_functions import TOTAL

STATUS = "published figure"
"""The status of a figure that comes from a workbook of its month and not from an extract."""

Rows = Mapping[tuple[date, str], PublishedRow]


@dataclass(frozen=True, slots=True)
class _Made:
    """Of which counts an indicator is made: `plus` less `minus`, a share of `over`; or printed alone."""

    plus: tuple[Figure, ...] = ()
    minus: tuple[Figure, ...] = ()
    over: tuple[Figure, ...] = ()
    printed: tuple[Figure, ...] = ()

    @property
    def every(self) -> tuple[Figure, ...]:
        """With the size of the list, which says whether anybody waits at all."""
        return tuple(dict.fromkeys((*self.plus, *self.minus, *self.over, *self.printed, _LIST)))


def _of_list(measure: str) -> tuple[Figure, ...]:
    return ((INCOMPLETE, measure),)


_LIST = (INCOMPLETE, "total")
_ADMITTED, _NON_ADMITTED = (ADMITTED, "total"), (NON_ADMITTED, "total")
MADE: Mapping[str, _Made] = {
    "share_within_18": _Made(plus=_of_list("within_18"), over=(_LIST,)),
    "total": _Made(plus=(_LIST,)),
    "over_18": _Made(plus=(_LIST,), minus=_of_list("within_18")),
    **{f"over_{weeks}": _Made(plus=_of_list(f"over_{weeks}")) for weeks in (52, 65, 78, 104)},
    "share_over_52": _Made(plus=_of_list("over_52"), over=(_LIST,)),
    "median_weeks": _Made(printed=_of_list("median_weeks")),
    "high_percentile_weeks": _Made(printed=_of_list("p92_weeks")),
    "starts": _Made(plus=((NEW_PERIODS, "total"),)),
    "stops": _Made(plus=(_ADMITTED, _NON_ADMITTED)),
    "stops_admitted": _Made(plus=(_ADMITTED,)),
    "stops_non_admitted": _Made(plus=(_NON_ADMITTED,)),
}


@dataclass(frozen=True, slots=True)
class PublishedOfOrganisation:
    """Findings by month, oldest first, and the months of which the trusts that merged tell nothing."""

    findings: tuple[Finding, ...] = ()
    lacking: tuple[date, ...] = ()  # one of those that merged is not printed
    not_added: tuple[date, ...] = ()  # weeks of several


NOTHING = PublishedOfOrganisation()


def months_of_tables(scope: Scope) -> frozenset[date]:
    """The months up to the census of which a workbook is loaded, and no extract."""
    census = scope.census
    held = {each for each in scope.loaded.published_months if census and each <= census}
    return frozenset(held.difference(scope.dates))


def may_be_printed(scope: Scope, key: str) -> bool:
    """Whether workbooks that are loaded may tell this measure of months without an extract: of an
    organisation's list, whole or of one specialty. Asks nothing.
    """
    place = scope.organisation
    return (
        key in MADE
        and scope.source == MONTHLY
        and not scope.is_part
        and len(scope.functions) <= 1
        and (place.level != "england" or place.code == ENGLAND)
        and bool(months_of_tables(scope))
    )


def published_of_organisation(connection: Connection, scope: Scope, key: str) -> PublishedOfOrganisation:
    """Each month that a workbook prints and no extract holds. One statement, where there may be any."""
    if not may_be_printed(scope, key):
        return NOTHING
    months = sorted(months_of_tables(scope))
    whose = scope.codes_in(months)
    if whose is None:
        return NOTHING
    codes = tuple(sorted({code for each in whose.values() for code in each}))
    function = scope.functions[0] if scope.functions else TOTAL
    rows = table_rows(connection, scope.organisation.level, codes, function, MADE[key].every)
    findings, lacking, not_added = [], [], []
    for month in months:
        standing = [code for code in whose[month] if _is_expected(scope, rows, code, month)]
        printed = [rows[month, code] for code in standing if (month, code) in rows]
        if not printed:
            continue
        if len(printed) < len(standing):
            lacking.append(month)
        elif MADE[key].printed and len(printed) > 1:
            not_added.append(month)
        else:
            findings.append(_finding(scope, key, month, printed))
    return PublishedOfOrganisation(tuple(_from_the_first(findings)), tuple(lacking), tuple(not_added))


def _is_expected(scope: Scope, rows: Rows, code: str, month: date) -> bool:
    """Whether an organisation was there in a month: one that a merger formed later stands in none before."""
    facts = scope.lineage.successions.facts if scope.lineage else ()
    formed = min((each.on for each in facts if each.successor == code and each.on > month), default=date.max)
    return any(of == code and day < formed for day, of in rows)


def _from_the_first(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Not the months at the beginning that do not print the measure yet."""
    begun = False
    for each in findings:
        begun = begun or each.value is not None
        if begun:
            yield each


def _finding(scope: Scope, key: str, month: date, printed: Sequence[PublishedRow]) -> Finding:
    made, population = MADE[key], scope_of(scope)
    if made.printed:
        value, over = printed[0].figures.get(made.printed[0]), _sum(printed, (_LIST,))
    else:
        value, over = _sum(printed, made.plus), _sum(printed, made.over)
        less = _sum(printed, made.minus)
        value = value - less if value is not None and less is not None else None
    if made.over:
        value = value / over if value is not None and over else None
    return Finding(
        indicator_key=key,
        value=value,
        numerator=None,
        denominator=over,
        unit=INDICATORS[key].unit,
        scope=population,
        census_date=month,
        source=MONTHLY,
        status=STATUS,
        standard=standard_for(key, population, month),
        open_band=min(each.open_band for each in printed),
    )


def _sum(printed: Sequence[PublishedRow], wanted: Sequence[Figure]) -> float | None:
    """0 of nothing; None where one is not printed."""
    counts = [each.figures.get(figure) for each in printed for figure in wanted]
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None
