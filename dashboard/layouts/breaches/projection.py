"""The projection of the chosen census as it was issued: a fan, every measure in figures, and its flows.

Nothing is forecast here. A census without a forecast says so; a list that may not be forecast says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from dashboard.analysis.forecasts import (
    fitted_as,
    forecasts_of,
    jump_words,
    left_out_words,
    no_forecast_for,
    targets_of,
    truth_of,
)
from dashboard.figures.fan import fan_chart
from dashboard.figures.notes import mergers
from dashboard.filters import to_query
from dashboard.layouts.breaches.for_analysts import for_analysts
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.controls import select
from dashboard.layouts.frame.folded import folded
from dashboard.scope.scope import Scope, scope_words
from dashboard.store.forecasts import FLOWS, Forecast, Method, Step, methods_of
from ingest.store.schema import MONTHLY
from rtt.forecast.monthly import forecast_words as words
from rtt.forecast.monthly.origins import FORECASTS
from rtt.forecast.monthly.projection import REASONS
from rtt.forecast.monthly.skill import NO_CHANGE
from rtt.forecast.score.issued import Issued
from rtt.terms.wording import NOT_KNOWN, date_text, number_text, target_text

Component = Any
MEASURES = ("share_within_18", "total", "over_52", "over_18", "median", "percentile_92")
USUAL_MEASURE = "share_within_18"
HORIZONS_SHOWN = (1, 3, 6, 12, 24)
LAST_VALUES = ("share_within_18", "total", "over_52")
FLOW_NAMES = ("Opening list", "Clock starts", "Clock stops", "Removals", "Closing list")


@dataclass(frozen=True, slots=True)
class Found:
    """Why there is nothing to show, or the forecasts of the scope, how they were made, what is published.

    `left_out`: why the forecast of the chosen census has none of this scope; '' if it has, or there is none.
    """

    reason: str
    forecasts: tuple[Forecast, ...] = ()
    methods: dict[tuple[str, int], Method] | None = None
    truth: dict[str, dict[date, float]] | None = None
    left_out: str = ""


def measure_of(scope: Scope) -> str:
    """The measure of the address, % within 18 weeks if it names none of ours."""
    return scope.filters.measure if scope.filters.measure in MEASURES else USUAL_MEASURE


def of_census(scope: Scope, forecasts: Sequence[Forecast]) -> Forecast | None:
    """The forecast made from the chosen census."""
    return next((each for each in forecasts if each.census == scope.census), None)


def load(connection: Connection, scope: Scope) -> Found:
    """Three statements."""
    reason = no_forecast_for(scope)
    if reason:
        return Found(reason)
    forecasts = forecasts_of(connection, scope)
    chosen = of_census(scope, forecasts)
    methods = methods_of(connection, chosen.id, fitted_as(scope)) if chosen else {}
    left_out = "" if chosen else left_out_words(connection, scope)
    return Found("", forecasts, methods, truth_of(connection, scope), left_out)


def draw(scope: Scope, found: Found) -> list[show.Part]:
    """The fan and its figures; a sentence where there is no forecast."""
    if found.reason:
        way_on = _monthly(scope) if scope.source != MONTHLY else None
        return [show.section("Projection", show.empty(found.reason, way_on), name="projection")]
    chosen = of_census(scope, found.forecasts)
    if chosen is None:
        return [show.section("Projection", _not_made(scope, found), name="projection")]
    if not chosen.steps:
        reason = REASONS[_standing(chosen)] or words.NO_INTERVAL
        return [show.section("Projection", show.empty(reason, _last_value(chosen, found)), name="projection")]
    return [
        *_fan(scope, chosen, found),
        _figures(scope, chosen, found),
        folded("Projected list and flows for each month", _flows(chosen)),
    ]


def _last_value(chosen: Forecast, found: Found) -> Component | None:
    """The figures of the census itself, where nothing better can be said of the months to come."""
    if _standing(chosen) != "short history":
        return None
    truth = found.truth or {}
    said = [
        f"{words.NAMES[measure]}: {words.figure_text(measure, truth[measure][chosen.census])}"
        for measure in LAST_VALUES
        if chosen.census in truth.get(measure, {})
    ]
    return html.P(f"On {date_text(chosen.census)}: {'; '.join(said)}.") if said else None


def _standing(chosen: Forecast) -> Any:
    return chosen.standing


def _monthly(scope: Scope) -> Component | None:
    if MONTHLY not in scope.loaded.sources:
        return None
    return show.link(
        "The projection of the monthly return", to_query(scope.filters, source=MONTHLY, census=None)
    )


def _not_made(scope: Scope, found: Found) -> Component:
    assert scope.census is not None
    if found.left_out:
        return show.empty(found.left_out)
    newest = scope.loaded.censuses(MONTHLY)[-1]
    if scope.census == newest:
        return show.notice(
            html.P(
                f"No forecast has been issued from the newest census, {date_text(newest)}. Whoever loads the "
                "data can issue it."
            ),
            for_analysts(scope, "rtt forecast"),
        )
    made = [each.census for each in found.forecasts]
    link = None
    if made:
        link = show.link(f"The forecast from {date_text(made[-1])}", to_query(scope.filters, census=made[-1]))
    return show.empty(
        f"No forecast was issued from {date_text(scope.census)}. A forecast is issued once, when its census "
        "is the newest, and never in hindsight.",
        link,
    )


def _fan(scope: Scope, chosen: Forecast, found: Found) -> list[show.Part]:
    measure = measure_of(scope)
    said = [step.said[measure] for step in chosen.steps if measure in step.said]
    control = select("measure", "Measure", [(key, words.NAMES[key]) for key in MEASURES], measure)
    heading = html.Div(control, className="rtt-filters")
    history = (found.truth or {}).get(measure, {})
    if not said or chosen.census not in history:
        return [heading, show.empty(f"{words.NAMES[measure]}: {NOT_KNOWN.lower()} from this census.")]
    targets = targets_of(scope, found.truth or {}) if measure == "share_within_18" else []
    chart = fan_chart(said, history, where=scope_words(scope), targets=targets, notes=mergers(scope))
    told = [
        *(words.target_sentence(each, value, name) for value, name, each in _due(targets, said)),
        jump_words(found.truth or {}, chosen.census),
        _issued_words(chosen),
        REASONS[_standing(chosen)],
        words.CANNOT_KNOW,
    ]
    return [
        heading,
        show.card("projection", chart, measures=(measure,)),
        *(html.P(each, className="rtt-small") for each in told if each),
    ]


def _issued_words(chosen: Forecast) -> str:
    day = date_text(chosen.issued_at.date())
    if chosen.kind != "issued":
        return (
            f"A back-test made on {day}: a later census was already loaded, so it does not count as an "
            "issued forecast."
        )
    revision = f", revision {chosen.revision}" if chosen.revision else ""
    return f"Issued on {day} from {chosen.file_name}{revision}, and kept as issued."


def _due(targets: Sequence[tuple[date, float, str]], said: Sequence[Any]) -> list[tuple[float, str, Any]]:
    by_day = {each.target: each for each in said}
    return [
        (value, f"The milestone of {target_text(value / 100)} for {date_text(day)}", by_day[day])
        for day, value, _ in targets
        if day in by_day
    ]


def _figures(scope: Scope, chosen: Forecast, found: Found) -> show.Card:
    steps = [step for step in chosen.steps if step.horizon in HORIZONS_SHOWN]
    columns = ["Measure", f"Actual, {date_text(chosen.census)}"]
    columns += [f"{date_text(step.target)} ({words.horizon_text(step.horizon)})" for step in steps]
    rows = [_measure_row(measure, steps) for measure in MEASURES]
    return show.table_card(
        "Expected figures with their 80% intervals",
        show.Table("Expected figures by measure and date", columns, rows, label="Expected figures, table"),
        html.P("How each was made:", className="rtt-small"),
        html.Ul([html.Li(each) for each in _method_words(chosen, found)], className="rtt-small"),
        name="projected-figures",
        as_csv=True,
    )


def _measure_row(measure: str, steps: Sequence[Step]) -> list[Component]:
    said = [step.said.get(measure) for step in steps]
    last = next((words.figure_text(measure, each.last) for each in said if each), NOT_KNOWN)
    return [
        words.NAMES[measure], last, *(_cell(each) if each else NOT_KNOWN for each in said)
    ]  # fmt: skip


def _cell(said: Issued) -> Component:
    """The figure with its 80% interval, on one line: the table scrolls, the pair stays together."""
    figure = words.figure_text(said.measure, said.value).removesuffix(" weeks")
    return html.Span(
        f"{figure} ({words.interval_text(said.measure, said.limits[1]).removesuffix(' weeks')})",
        style={"whiteSpace": "nowrap"},
    )


def _method_words(chosen: Forecast, found: Found) -> list[str]:
    """One sentence for each run of horizons of a measure that were made the same way."""
    if chosen.standing != "forecast":
        return [REASONS[_standing(chosen)]]
    methods, told = found.methods or {}, []
    for measure in ("share_within_18", "total", "over_52", "over_18"):
        own = [(h, methods[measure, h]) for h in range(1, FORECASTS + 1) if (measure, h) in methods]
        for given_up in (False, True):
            of = [(h, each) for h, each in own if (each.method == NO_CHANGE) == given_up]
            if of:
                made = [each for _, each in of]
                skills = [each.skill for each in made if each.skill is not None]
                sentence = words.method_sentence(
                    measure, made[0].method, skills, max(each.origins for each in made)
                )
                told.append(f"{_span([h for h, _ in of])}: {sentence}")
    return told


def _span(horizons: Sequence[int]) -> str:
    if len(horizons) == 1:
        return words.horizon_text(horizons[0]).capitalize()
    return f"{horizons[0]} to {horizons[-1]} months" if horizons[-1] - horizons[0] == len(horizons) - 1 else (
        f"{', '.join(map(str, horizons))} months"
    )  # fmt: skip


def _flows(chosen: Forecast) -> show.Card:
    steps = [step for step in chosen.steps if step.horizon <= FORECASTS]
    rows = [
        [name, *(NOT_KNOWN if (flow := step.flows[key]) is None else number_text(flow) for step in steps)]
        for key, name in zip(FLOWS, FLOW_NAMES, strict=True)
    ]
    return show.table_card(
        "Projected list and flows for each month",
        show.Table(
            "Flows of each month",
            ["", *(date_text(step.target) for step in steps)],
            rows,
            label="Flows of each month, table",
        ),
        html.P(
            "Opening list + clock starts − clock stops − removals = closing list. Clock starts and "
            "stops continue at their recent rate; removals (pathways that leave without a reported "
            "clock stop) are the balance.",
            className="rtt-small",
        ),
        name="projected-flows",
        as_csv=True,
    )
