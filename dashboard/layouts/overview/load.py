"""What Overview shows, found in one go: the scope over time, its parts now, what to do next."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from dashboard.analysis.attention import Attention
from dashboard.analysis.attention import attention as to_do_next
from dashboard.analysis.beside import Beside, places_beside, to_read
from dashboard.analysis.control_charts import Charted
from dashboard.analysis.facts import every_census, facts_of, read_bands, specialties
from dashboard.analysis.findings import Figures, figures_of
from dashboard.analysis.forecasts import projection_of
from dashboard.analysis.plan_shown import lines_beside, plan_of_scope, plans_beside
from dashboard.analysis.planning.on_line import Line
from dashboard.analysis.published import NONE_PUBLISHED, Published, published_beside
from dashboard.analysis.report import report
from dashboard.layouts.frame.drill_down import next_level, selection_below
from dashboard.layouts.frame.icb_map import icb_map_selection, load_icb_map
from dashboard.scope.scope import Scope, compared_with
from dashboard.store.counts import Selection
from dashboard.store.plans import PlanRow
from dashboard.store.reconciliation import reconciliation
from dashboard.store.written import Annotation
from ingest.reconcile.england import Reconciliation
from ingest.store.schema import MONTHLY
from rtt.forecast.score.issued import Issued
from rtt.measures.indicators import shown_in

HERO = "share_within_18"
CHARTED = shown_in("overview")
# The list and its share first, with the change of the share; then the others.
TABLE_KEYS = tuple(dict.fromkeys(("total", HERO, *shown_in("specialties"))))


@dataclass(frozen=True, slots=True)
class Overview:
    """The scope over time with its control charts and notes, its specialties now and at the census compared
    with, the organisations below it and England to hold them against, what to do next.

    published: NHS England's months of which no extract is loaded. projection:
    what was forecast of the share within 18 weeks from this census.
    """

    figures: Figures
    charts: dict[str, Charted]
    notes: tuple[Annotation, ...]  # on the share within 18 weeks
    specialties: Figures
    compared: date | None
    reconciled: Reconciliation | None
    below: Figures | None  # the organisations one level down
    england: Figures | None
    icbs: Figures | None  # for the map
    attention: Attention
    beside: tuple[Beside, ...] = ()
    published: Published = NONE_PUBLISHED
    projection: tuple[Issued, ...] = ()
    plan: PlanRow | None = None  # what the next milestone would take
    lines: tuple[Line, ...] = ()  # that of the milestone, and of an own plan


def load(connection: Connection, scope: Scope) -> Overview | None:
    """None on an empty database; at most eight statements with those of the shell."""
    if scope.census is None:
        return None
    compared = compared_with(scope, "year")
    dates = scope.since(compared)
    read_bands(
        connection,
        (every_census(scope), "", True),
        (scope.selection(dates, each_function=True), "treatment_function", False),
        (selection_below(scope), "organisation_code", False),
        (_england_beside(scope), "", False),
        (icb_map_selection(scope), "organisation_code", False),
        *to_read(scope),
    )
    own = report(connection, scope, CHARTED)
    since = bool(scope.filters.since)
    projection = projection_of(connection, scope, HERO)
    plan = plan_of_scope(plans_beside(connection, scope), scope)
    return Overview(
        figures=own.figures,
        charts=own.charts,
        notes=tuple(each for each in own.notes if each.series.measure in ("", HERO)),
        specialties=figures_of(
            scope,
            specialties(connection, scope, dates, flows=False),
            apart="treatment_function",
            keys=TABLE_KEYS,
        ),
        compared=compared,
        reconciled=reconciliation(connection) if _is_published(scope) else None,
        below=next_level(connection, scope),
        england=_england(connection, scope),
        icbs=load_icb_map(connection, scope),
        attention=to_do_next(connection, scope, own.figures, own.charts),
        beside=places_beside(connection, scope, (HERO,)),
        published=published_beside(connection, scope, HERO, own.charts[HERO].days, series=since),
        projection=projection,
        plan=plan,
        lines=lines_beside(scope, plan, own.figures, own.charts[HERO].days, own.own_plan, projection),
    )


def _is_published(scope: Scope) -> bool:
    return scope.source == MONTHLY and scope.loaded.kind == "real"


def _england_beside(scope: Scope) -> Selection | None:
    """England's list at this census, where the organisations below are to be held against it."""
    below = selection_below(scope)
    if below is None or scope.census is None or scope.organisation.level == "england":
        return None
    return scope.of_england().selection((scope.census,))


def _england(connection: Connection, scope: Scope) -> Figures | None:
    selection = _england_beside(scope)
    if selection is None:
        return None
    facts = facts_of(connection, selection, by="", flows=False)
    return figures_of(scope.of_england(), facts, keys=(HERO,))
