"""England since 2007: NHS England's published series of a measure, as findings, for every page and pack.

The months before the first extract that is loaded are the publisher's own figures and say so; the extracts
take over from there. Where both are held they are equal (`ingest.reconcile.england` compares them all).
"""

from dataclasses import replace
from datetime import date
from math import inf

from sqlalchemy import Connection

from dashboard.analysis.as_if import AS_IF, KEYS
from dashboard.analysis.findings import scope_of
from dashboard.scope.scope import Scope
from dashboard.store.published_series import PublishedFigure, published_figures
from ingest.extracts.published.published_measures import WITH_ESTIMATES
from ingest.store.schema import MONTHLY, PUBLISHED
from rtt.findings.findings import Finding, standard_for
from rtt.measures.indicators import INDICATORS
from rtt.terms.parts import INCOMPLETE
from rtt.terms.waits import OPEN_BAND

STATUS = "published series"
"""The status of a figure that comes from the workbook and not from an extract."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "share_within_18": ("incomplete.share_within_18",),
    "total": ("incomplete.total",),
    "over_18": ("incomplete.over_18",),
    "over_52": ("incomplete.over_52",),
    "share_over_52": ("incomplete.share_over_52",),
    "over_65": ("incomplete.over_65",),
    "over_78": ("incomplete.over_78",),
    "over_104": ("incomplete.over_104",),
    "median_weeks": ("incomplete.median_weeks",),
    "high_percentile_weeks": ("incomplete.p92_weeks",),
    "starts": ("new_periods.total",),
    "stops": ("admitted.total", "non_admitted.total"),
    "stops_admitted": ("admitted.total",),
    "stops_non_admitted": ("non_admitted.total",),
    "unreported_removals": ("unreported_removals.total",),
}
"""Indicator -> the columns of the workbook whose sum it is: as trusts returned them, without estimates."""


def is_published(scope: Scope, key: str) -> bool:
    """Whether the published series tells this measure of this scope: England, its whole list."""
    return (
        key in COLUMNS
        and scope.source == MONTHLY
        and scope.organisation.level == "england"
        and scope.is_whole
        and scope.part == INCOMPLETE
        and any(each.source == PUBLISHED and " " not in each.section for each in scope.loaded.extracts)
    )


def published_series(
    connection: Connection, scope: Scope, key: str, *, estimates: bool = False
) -> tuple[Finding, ...]:
    """The published figures of a measure up to the chosen census, oldest first; () where there are none.

    A month that the workbook leaves out has none. `estimates`: those with estimates for trusts that did not
    report, of the months that have any. One statement.
    """
    if not is_published(scope, key) or scope.census is None:
        return ()
    if estimates:
        return _estimated(connection, scope, key)
    columns = COLUMNS[key]
    printed = published_figures(connection, columns)
    months = sorted(set.intersection(*(set(printed[each]) for each in columns)))
    found = (_finding(scope, key, month, [printed[each][month] for each in columns]) for month in months)
    return tuple(each for each in found if each.census_date <= scope.census)


def _estimated(connection: Connection, scope: Scope, key: str) -> tuple[Finding, ...]:
    """One column alone has estimates: that of a list; they differ from it where a trust did not report."""
    if key not in KEYS:
        return ()
    (column,) = COLUMNS[key]
    printed = published_figures(connection, (column, column + WITH_ESTIMATES))
    reported, whole = printed[column], printed[column + WITH_ESTIMATES]
    found = (
        replace(_finding(scope, key, month, [whole[month]]), status=AS_IF.lower())
        for month in sorted(reported.keys() & whole.keys())
        if _differ(reported[month].value, whole[month].value) and scope.census and month <= scope.census
    )
    return tuple(found)


def _differ(reported: float | None, whole: float | None) -> bool:
    # A share of the same counts may differ in its last digit as it is kept.
    return reported is not None and whole is not None and abs(whole - reported) > 1e-12 * abs(reported)


def _finding(scope: Scope, key: str, month: date, printed: list[PublishedFigure]) -> Finding:
    population = scope_of(scope)
    off_the_scale = [each.shown for each in printed if each.value is None]
    return Finding(
        indicator_key=key,
        value=inf if off_the_scale else sum(each.value or 0.0 for each in printed),
        numerator=None,
        denominator=None,
        unit=INDICATORS[key].unit,
        scope=population,
        census_date=month,
        source=MONTHLY,
        status=STATUS,
        standard=standard_for(key, population, month),
        # "52+": the bands of the time ended at 52 weeks.
        open_band=int(off_the_scale[0].rstrip("+")) if off_the_scale else OPEN_BAND,
    )
