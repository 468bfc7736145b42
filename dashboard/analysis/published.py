"""NHS England's own figures for the months of which no extract is loaded, marked as such on every page.

Of England as a whole they are its time series since 2007, of anybody else its workbooks of each month. They
stand before the first extract, and between two where one is missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from dashboard.analysis.published_organisations import (
    PublishedOfOrganisation,
    months_of_tables,
    published_of_organisation,
)
from dashboard.analysis.published_series import is_published, published_series
from dashboard.filters import THEN
from dashboard.scope.scope import Scope
from rtt.findings.findings import Finding
from rtt.measures.indicators import INDICATORS
from rtt.terms.calendar import month_ends
from rtt.terms.lineage import SUMS
from rtt.terms.wording import list_text, month_text, plural

SERIES, FIGURES = "Published series", "Published figures"
SINCE = "2007"
"""What an address says where these months are asked for."""


@dataclass(frozen=True, slots=True)
class Published:
    """The published months of a measure.

    before: beside `days`, every month from the first that is published to the one before the first extract;
    None where nothing is. between: the months among the extracts. estimated: those of `before` that have
    estimates for missing trusts, with these. caveat: what cannot be told, in a sentence.
    """

    days: tuple[date, ...] = ()
    before: tuple[Finding | None, ...] = ()
    between: tuple[Finding, ...] = ()
    estimated: tuple[Finding, ...] = ()
    name: str = FIGURES
    caveat: str = ""

    def __bool__(self) -> bool:
        return bool(self.before or self.between)

    @property
    def at(self) -> dict[date, Finding]:
        """Month -> what is published for it."""
        return {each.census_date: each for each in (*self.before, *self.between) if each is not None}

    @property
    def words(self) -> str:
        """Which part of a chart they are, and what cannot be told."""
        verb = "is" if self.name == SERIES else "shows"
        what = f"{verb} NHS England’s {self.name.lower()}"
        told = []
        if self.days:
            told.append(f"Up to {month_text(self.days[-1])} the paler line {what}.")
        if self.between:
            months = [month_text(each.census_date) for each in self.between]
            named = list_text(months) if len(months) <= MOST_NAMED else plural(len(months), "month")
            told.append(f"No extract is loaded for {named}: the paler line {what} there too.")
        return " ".join((*told, *([self.caveat] if self.caveat else [])))


MOST_NAMED = 4
NONE_PUBLISHED = Published()


def published_beside(
    connection: Connection,
    scope: Scope,
    key: str,
    days: Sequence[date],
    *,
    series: bool = True,
    estimates: bool = False,
) -> Published:
    """Of the chart of a measure whose months are `days`. One statement where a workbook may have any.

    `series`: England's too; without it nothing is asked for England as a whole. `estimates`: those of the
    series too, by a statement more.
    """
    if is_published(scope, key):
        found = published_series(connection, scope, key) if series else ()
        whole = published_series(connection, scope, key, estimates=True) if found and estimates else ()
        beside = _beside(scope, found, days, name=SERIES)
        return replace(beside, estimated=tuple(each for each in whole if each.census_date < days[0]))
    told = published_of_organisation(connection, scope, key)
    return _beside(scope, told.findings, days, caveat=_caveat(key, told))


def with_published(scope: Scope) -> Scope:
    """The scope that asks for these months where a workbook may have any: so that its mergers are told."""
    return scope.asking(since=SINCE) if months_of_tables(scope) else scope


def as_it_was(connection: Connection, scope: Scope, key: str, days: Sequence[date]) -> bool:
    """Whether there are published months of an ICB or region as it was then, which is now another sum."""
    if scope.organisation.level not in SUMS or not scope.is_joined:
        return False
    return bool(published_beside(connection, scope.asking(history=THEN), key, days))


def offer_words(scope: Scope, key: str, published: Published) -> str:
    """What a link says that shows these months; "" where there are none."""
    if is_published(scope, key):
        return f"Since {SINCE}, with the published series"
    if published.days:
        return f"Since {month_text(published.days[0])}, with published figures"
    return "With published figures of the months in between" if published else ""


def _beside(
    scope: Scope,
    found: Sequence[Finding],
    days: Sequence[date],
    *,
    name: str = FIGURES,
    caveat: str = "",
) -> Published:
    held = set(scope.dates)
    # Of many years a chart has the newest; before them stand extracts, not published figures.
    first = min(days[0], *held)
    at = {each.census_date: each for each in found}
    earlier = [day for day in at if day < first]
    every = tuple(month_ends(min(earlier), first)[:-1]) if earlier else ()
    return Published(
        days=every,
        before=tuple(at.get(day) for day in every),
        between=tuple(at[day] for day in days if day in at and day not in held),
        name=name,
        caveat=caveat,
    )


def _caveat(key: str, told: PublishedOfOrganisation) -> str:
    if told.not_added:
        name, last = INDICATORS[key].name, month_text(told.not_added[-1])
        return f"{name} of several trusts cannot be added up, so it is not known up to {last}."
    if told.lacking:
        months, last = plural(len(told.lacking), "month"), month_text(told.lacking[-1])
        what = "one of the trusts added up has no published figure"
        return f"In {months} up to {last} {what}, so their sum is not known."
    return ""
