"""What a board pack is made from: the scope's figures and charts, its specialties, and what people wrote.

The figures are those that the audience may see: whoever calls `load` has settled that. Nothing here knows a
slide; `load` finds what the page needs, and what only files hold for a `whole` pack.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from dashboard.analysis.attention import Attention, attention
from dashboard.analysis.control_charts import Charted, series_of
from dashboard.analysis.facts import every_census, read_bands, specialties
from dashboard.analysis.findings import Figures, figures_of
from dashboard.analysis.forecasts import forecasts_of, left_out_words, no_forecast_for
from dashboard.analysis.hazards import list_forecast
from dashboard.analysis.initiatives_said import concerns
from dashboard.analysis.list_pace import NOTHING, ListPace, pace_of, read_ahead
from dashboard.analysis.peers import MONTHS, PeersOverTime, choose, peers_over_time
from dashboard.analysis.plan_shown import lines_beside, month_of
from dashboard.analysis.planning.answer import Answer
from dashboard.analysis.planning.initiatives import Result, result_of
from dashboard.analysis.planning.on_line import Line
from dashboard.analysis.planning.work_out import answer_of
from dashboard.analysis.published import NONE_PUBLISHED, Published, published_beside, with_published
from dashboard.analysis.quality_shown import Quality, quality_of
from dashboard.analysis.report import Report, report
from dashboard.analysis.will_breach import Bands, Split, bands_of, split_of, will_breach_of
from dashboard.scope.scope import Scope, compared_with
from dashboard.store.forecasts import Forecast
from dashboard.store.initiatives import Initiative, initiatives
from dashboard.store.list_forecasts import ListForecast
from dashboard.store.packs import Issued, Provenance, last_issue, provenance_of
from dashboard.store.plan_pages import plan_pages
from dashboard.store.written import Narrative, Rebase
from ingest.store.schema import WEEKLY
from rtt.benchmark.deciles import place_words
from rtt.benchmark.funnel import FEWEST_PEERS
from rtt.findings.exceptions import Expected, exception_of, forecast_of
from rtt.findings.findings import Finding, Remark
from rtt.forecast.monthly.forecast_words import NO_INTERVAL
from rtt.forecast.monthly.projection import REASONS
from rtt.measures.indicators import shown_in
from rtt.measures.will_breach import WillBreach
from rtt.terms.treatment_functions import TOTAL

MEASURES = shown_in("pack")
"""The measures of the summary, in its order."""

HEADLINE = "share_within_18"
OF_SPECIALTIES = ("total", "share_within_18", "over_52", "median_weeks", "passing_18_in_4_weeks")


@dataclass(frozen=True, slots=True, eq=False)
class Weekly:
    """Of a PTL: who passes 18 weeks within four weeks, what was issued about that day, and at what pace the
    last weeks ran.
    """

    will_breach: WillBreach
    bands: Bands
    split: Split | None
    forecast: ListForecast | None
    pace: ListPace = NOTHING


@dataclass(frozen=True, slots=True)
class PackFacts:
    """Everything that a pack says, before it is said.

    peers: a provider among them, where its place can be told. published: of the headline, the months of
    which no extract is loaded. attention: what needs it, unranked. ahead: what is forecast of three months
    ahead, by indicator. exceptions: the measures that a board should hear about, each with its figure and
    why. specialties: by code, in the order of the return, the figures of those with anybody waiting. plan: of
    a whole pack, what the next milestone takes, where the scope `has_plan`. initiatives: those that concern
    it, each with its result.
    """

    scope: Scope
    figures: Figures
    charts: dict[str, Charted]
    exceptions: tuple[tuple[Charted, Finding], ...]
    specialties: dict[str, dict[str, Finding]]
    narratives: dict[str, Narrative]
    rebases: tuple[Rebase, ...]
    attention: Attention
    forecast: Forecast | None
    ahead: dict[str, Expected]
    no_forecast: str
    provenance: Provenance | None = None
    last: Issued | None = None
    weekly: Weekly | None = None
    quality: Quality | None = None
    peers: PeersOverTime | None = None
    published: Published = NONE_PUBLISHED
    has_plan: bool = False
    has_initiatives: bool = False
    plan: Answer | None = None
    lines: tuple[Line, ...] = ()
    initiatives: tuple[tuple[Initiative, Result], ...] = ()

    @property
    def expected(self) -> tuple[Remark, ...]:
        """What is forecast, in words; `mark` is the indicator's key."""
        return tuple(
            replace(forecast_of(self.charts[key].last, each), mark=key) for key, each in self.ahead.items()
        )


def load(connection: Connection, scope: Scope, *, whole: bool = False) -> PackFacts | None:
    """None on an empty database.

    Five statements beside those that settle the choice, of a PTL two more, of a provider of the return one;
    where published workbooks tell months without an extract one more; of a `whole` pack two more, England's
    series and those of data quality.
    """
    census = scope.census
    if census is None:
        return None
    scope = with_published(scope)
    _read_ahead(connection, scope)
    own, at = report(connection, scope, MEASURES, commentary=True), series_of(scope)
    written = own.narratives
    has_plan, has_initiatives = _plan_pages(connection, scope)
    made_from = provenance_of(connection, scope.source, census) if whole else None
    audience = scope.filters.audience or "public"
    # What went out is as now: a pack of each month as it was is not compared with it.
    compared = made_from if scope.shows_usual_history else None
    last = last_issue(connection, at, audience, compared.data_hash) if compared else None
    no_forecast = no_forecast_for(scope)
    issued = None if no_forecast else _forecast(connection, scope)
    plan = answer_of(connection, scope, as_it_opens=True) if whole and has_plan else None
    return PackFacts(
        scope=scope,
        figures=own.figures,
        charts=own.charts,
        exceptions=tuple(_exceptions(own.charts, written)),
        specialties=_specialties(connection, scope),
        narratives=written,
        rebases=own.rebases,
        forecast=issued,
        attention=attention(connection, scope, own.figures, own.charts),
        ahead=_ahead(issued),
        no_forecast=no_forecast or _why_none(connection, scope, issued),
        provenance=made_from,
        last=last,
        weekly=weekly_of(connection, scope) if scope.source == WEEKLY else None,
        quality=quality_of(connection, scope) if whole else None,
        peers=_peers(connection, scope, MONTHS if whole else 1),
        published=published_beside(connection, scope, HEADLINE, own.charts[HEADLINE].days, series=whole),
        has_plan=has_plan,
        has_initiatives=has_initiatives,
        plan=plan,
        lines=_lines(scope, own, plan, issued),
        initiatives=_initiatives(connection, scope) if whole and has_initiatives else (),
    )


def _lines(scope: Scope, own: Report, plan: Answer | None, issued: Forecast | None) -> tuple[Line, ...]:
    """Of a whole pack, whether the headline is on its lines."""
    if plan is None:
        return ()
    said = [step.said[HEADLINE] for step in issued.steps if HEADLINE in step.said] if issued else []
    return lines_beside(scope, plan.whole, own.figures, own.charts[HEADLINE].days, own.own_plan, said)


def _initiatives(connection: Connection, scope: Scope) -> tuple[tuple[Initiative, Result], ...]:
    """Those that concern the scope, newest first. One statement, and one for their results."""
    told = [each for each in initiatives(connection) if concerns(scope, each.trusts)]
    return tuple((each, result_of(connection, each)) for each in told)


def _plan_pages(connection: Connection, scope: Scope) -> tuple[bool, bool]:
    """Whether the scope has a plan, and an initiative that concerns it. One statement, of a return."""
    census, place = month_of(scope), scope.organisation
    if census is None:
        return False, False
    found = plan_pages(connection, place.level, place.code, census)
    one = len(scope.functions) <= 1
    planned = one and (scope.functions[0] if scope.functions else TOTAL) in found.planned
    return planned, any(concerns(scope, trusts) for trusts in found.initiatives)


def _peers(connection: Connection, scope: Scope, months: int) -> PeersOverTime | None:
    """A provider of the return among all of its kind, in so many months: whether it has a place the newest
    one tells. None where its place among them cannot be told.

    One statement where there are enough of them.
    """
    own = scope.organisation
    if scope.source == WEEKLY or own.level != "provider" or own.kind == "group":
        return None
    choice = choose(connection, scope.asking(among="", kind=""))
    if len(choice.units) < FEWEST_PEERS:
        return None
    found = peers_over_time(connection, scope, choice, HEADLINE, months=months)
    now = found.own[-1].value if found.own[-1] else None
    return found if now is not None and place_words(now, found.deciles.values[:, -1]) else None


def _exceptions(charts: dict[str, Charted], written: Container[str]) -> Iterator[tuple[Charted, Finding]]:
    """The measures flagged, and those whose narrative is still open, in the order of the summary."""
    for key, chart in charts.items():
        remark = exception_of(chart.judged, chart.met, chart.standard)
        if remark or key in written:
            remarks = (*chart.judged.remarks, *([remark] if remark else []))
            yield chart, replace(chart.judged, remarks=remarks)


def _ahead(issued: Forecast | None) -> dict[str, Expected]:
    step = next((each for each in issued.steps if each.horizon == 3), None) if issued else None
    found = {}
    for key, part in (("share_within_18", 100.0), ("over_52", 1.0)):
        said = step.said.get(key) if step else None
        if said is not None:
            low, high = said.limits[1]
            found[key] = Expected(said.target, said.value / part, low / part, high / part)
    return found


def _specialties(connection: Connection, scope: Scope) -> dict[str, dict[str, Finding]]:
    facts = specialties(connection, scope, _dates_of_specialties(scope), flows=False)
    figures = figures_of(scope, facts, apart="treatment_function", keys=OF_SPECIALTIES)
    found = {
        code: {key: finding for key in OF_SPECIALTIES if (finding := figures.find(key, unit=code))}
        for code in scope.functions or scope.offered_functions
    }
    return {code: mine for code, mine in found.items() if mine and mine["total"].value != 0}


def _read_ahead(connection: Connection, scope: Scope) -> None:
    """The scope over time, its specialties, and what breaches and pace of a PTL stand on: one statement."""
    specialties_now = scope.selection(_dates_of_specialties(scope), each_function=True)
    asked = ((every_census(scope), "", True), (specialties_now, "treatment_function", False))
    if scope.source == WEEKLY:
        read_ahead(connection, _usual(scope), *asked)
    else:
        read_bands(connection, *asked)


def _dates_of_specialties(scope: Scope) -> tuple[date, ...]:
    # With the year before: a specialty that had a list then and has none now is named, as not known.
    return scope.since(compared_with(scope.asking(compare=""), "year"))


def _usual(scope: Scope) -> Scope:
    return scope.asking(threshold="", horizon="")


def weekly_of(connection: Connection, scope: Scope) -> Weekly:
    """The usual threshold and horizon, whatever the address says: those of the summary. Two statements."""
    usual = _usual(scope)
    will_breach = will_breach_of(usual)
    return Weekly(
        will_breach,
        bands_of(connection, usual),
        split_of(connection, usual, will_breach),
        list_forecast(connection, usual),
        pace_of(connection, usual),
    )


def _forecast(connection: Connection, scope: Scope) -> Forecast | None:
    """The one that was issued from the census of the pack, if any; without steps where it says nothing."""
    found = [each for each in forecasts_of(connection, scope) if each.census == scope.census]
    return found[-1] if found else None


def _why_none(connection: Connection, scope: Scope, issued: Forecast | None) -> str:
    """Why a forecast that was made says nothing of the scope; '' if it does, or none was made."""
    if issued is None:
        return left_out_words(connection, scope)
    return "" if issued.steps else REASONS[issued.standing] or NO_INTERVAL
