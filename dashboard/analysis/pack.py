"""What a board pack is made from: the scope's figures and charts, its specialties, and what people wrote.

The figures are those that the audience may see: whoever calls `load` has settled that. Nothing here knows a
slide; `load` finds what the page needs, and `whole` adds what only files hold.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection, select

from dashboard.analysis.control_charts import Charted, charted, series_of
from dashboard.analysis.facts import series, specialties
from dashboard.analysis.findings import Figures, figures_of
from dashboard.analysis.forecasts import Forecast, forecasts_of, left_out_words, no_forecast_for
from dashboard.analysis.hazards import ListForecast, list_forecast
from dashboard.analysis.ladder import Bands, Split, bands_of, passing_of, split_of
from dashboard.analysis.list_pace import NOTHING, ListPace, pace_of, read_ahead
from dashboard.scope.scope import Scope, compared_with
from dashboard.store.ledger import in_utc
from dashboard.store.series import Series
from dashboard.store.written import Rebase, rebases
from ingest.store.schema import WEEKLY, extract, narrative, pack_issue
from ingest.store.schema import load as loads
from rtt.forecast.monthly.forecast_words import NO_INTERVAL
from rtt.forecast.monthly.projection import REASONS
from rtt.measures.tip_ins import Passing

MEASURES = (
    "share_within_18",
    "total",
    "over_52",
    "share_over_52",
    "over_65",
    "over_78",
    "over_104",
    "median_weeks",
    "high_percentile_weeks",
    "passing_18_in_4_weeks",
    "starts",
    "stops",
    "clearance_weeks",
    "unreported_removals",
)
"""The measures of the summary, in its order."""

OF_SPECIALTIES = ("total", "share_within_18", "over_52", "median_weeks", "passing_18_in_4_weeks")


@dataclass(frozen=True, slots=True)
class Narrative:
    """What somebody wrote beside an exception, carried forward until it is closed."""

    id: int
    series: Series
    opened_on: date
    why: str
    actions: str
    owner: str
    due: date | None
    author: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class Issued:
    """An earlier pack of the scope: its census, and measure -> (figure as shown, value)."""

    census_date: date
    data_hash: str
    figures: dict[str, tuple[str, float | None]]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Which data: a hash of the files in place, the newest load, rows read and left out of the newest."""

    data_hash: str
    loaded_at: datetime
    file_names: tuple[str, ...]
    rows_read: int
    rows_left_out: int


@dataclass(frozen=True, slots=True, eq=False)
class Weekly:
    """Of a PTL: who passes 18 weeks within four weeks, what was issued about that day, and at what pace the
    last weeks ran.
    """

    passing: Passing
    bands: Bands
    split: Split | None
    forecast: ListForecast | None
    pace: ListPace = NOTHING


@dataclass(frozen=True, slots=True)
class PackFacts:
    """Everything that a pack says, before it is said."""

    scope: Scope
    figures: Figures
    charts: dict[str, Charted]
    specialties: Figures
    compared: date | None
    narratives: dict[str, Narrative]
    rebases: tuple[Rebase, ...]
    forecast: Forecast | None
    no_forecast: str
    provenance: Provenance | None = None
    last: Issued | None = None
    weekly: Weekly | None = None


def load(connection: Connection, scope: Scope, *, whole: bool = False) -> PackFacts | None:
    """None on an empty database. Six statements beside those that settle the choice; eight for a `whole`.

    A `whole` pack of a tracking list needs four more.
    """
    if scope.census is None:
        return None
    compared = compared_with(scope.asking(compare=""), "year")
    dates = (scope.census,) if compared is None else (compared, scope.census)
    figures = figures_of(scope, series(connection, scope))
    started = rebases(connection, series_of(scope))
    provenance = provenance_of(connection, scope) if whole else None
    no_forecast = no_forecast_for(scope)
    issued = None if no_forecast else _forecast(connection, scope)
    no_forecast = no_forecast or _why_none(connection, scope, issued)
    return PackFacts(
        scope=scope,
        figures=figures,
        charts=charted(figures, MEASURES, rules=scope.rules, rebases=started),
        specialties=figures_of(
            scope,
            specialties(connection, scope, dates, flows=False),
            apart="treatment_function",
            keys=OF_SPECIALTIES,
        ),
        compared=compared,
        narratives=narratives(connection, series_of(scope), scope.census),
        rebases=started,
        forecast=issued,
        no_forecast=no_forecast,
        provenance=provenance,
        last=last_issue(connection, scope, provenance.data_hash) if provenance else None,
        weekly=weekly_of(connection, scope) if whole and scope.source == WEEKLY else None,
    )


def weekly_of(connection: Connection, scope: Scope) -> Weekly:
    """The usual threshold and horizon, whatever the address says: those of the summary. Four statements."""
    usual = scope.asking(threshold="", horizon="")
    passing = passing_of(usual)
    read_ahead(connection, usual)
    return Weekly(
        passing,
        bands_of(connection, usual),
        split_of(connection, usual, passing),
        list_forecast(connection, usual),
        pace_of(connection, usual),
    )


def narratives(connection: Connection, scope: Series, census: date) -> dict[str, Narrative]:
    """Measure -> its open narrative, of those written at a census up to this one; one statement."""
    c = narrative.c
    rows = connection.execute(
        select(narrative).where(*_of(c, scope), c.opened_on <= census, c.withdrawn_at.is_(None))
    )
    return {
        row.measure: Narrative(
            row.id,
            replace(scope, measure=row.measure),
            row.opened_on,
            row.why,
            row.actions,
            row.owner,
            row.due,
            row.author,
            in_utc(row.written_at),
        )
        for row in rows
    }


def last_issue(connection: Connection, scope: Scope, data_hash: str) -> Issued | None:
    """The newest pack of the scope, for the same audience, that was made from other data; one statement."""
    c, audience = pack_issue.c, scope.filters.audience or "public"
    row = connection.execute(
        select(c.census_date, c.data_hash, c.figures)
        .where(*_of(c, series_of(scope)), c.audience == audience, c.data_hash != data_hash)
        .order_by(c.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    figures = {key: (shown, value) for key, (shown, value) in json.loads(row.figures).items()}
    return Issued(row.census_date, row.data_hash, figures)


def provenance_of(connection: Connection, scope: Scope) -> Provenance:
    """Which files the censuses up to the chosen one stand on; one statement."""
    e = extract.c
    rows = connection.execute(
        select(
            e.census_date,
            e.section,
            e.provider_code,
            e.revision,
            loads.c.file_sha256,
            loads.c.file_name,
            loads.c.started_at,
            loads.c.rows_read,
            loads.c.rows_left_out,
        )
        .join(loads, loads.c.id == e.load_id)
        .where(e.source == scope.source, e.census_date <= scope.census)
        .order_by(e.census_date, e.section, e.provider_code)
    ).all()
    contents = [
        [str(row.census_date), row.section, row.provider_code, row.revision, row.file_sha256] for row in rows
    ]
    newest = [row for row in rows if row.census_date == scope.census]
    return Provenance(
        data_hash=hashlib.sha256(json.dumps(contents).encode()).hexdigest(),
        loaded_at=in_utc(max(row.started_at for row in newest)),
        file_names=tuple(dict.fromkeys(row.file_name for row in newest)),
        rows_read=sum(row.rows_read for row in newest),
        rows_left_out=sum(row.rows_left_out for row in newest),
    )


def _of(c: object, scope: Series) -> list[object]:
    names = ("source", "level", "organisation_code", "treatment_function")
    return [getattr(c, name) == getattr(scope, name) for name in names]


def _forecast(connection: Connection, scope: Scope) -> Forecast | None:
    """The one that was issued from the census of the pack, if any; without steps where it says nothing."""
    found = [each for each in forecasts_of(connection, scope) if each.census == scope.census]
    return found[-1] if found else None


def _why_none(connection: Connection, scope: Scope, issued: Forecast | None) -> str:
    """Why a forecast that was made says nothing of the scope; '' if it does, or none was made."""
    if issued is None:
        return left_out_words(connection, scope)
    return "" if issued.steps else REASONS[issued.standing] or NO_INTERVAL
