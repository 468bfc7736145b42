"""What can be expected of the list after usual treatment: breaches with their intervals, by specialty.

An estimate, in a chart and a folded table, beside the count of the ladder, and labelled so. Only what was
issued is shown; a list without a forecast says why, and what to do.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from dashboard.analysis.expected_shown import MEASURES, Expected, expected_of, why_none
from dashboard.analysis.hazards import list_forecast
from dashboard.analysis.list_pace import NOTHING, ListPace, pace_of
from dashboard.analysis.will_breach import will_breach_of
from dashboard.analysis.will_breach_shown import Table
from dashboard.figures.expected_bars import Expectation, expected_chart, height
from dashboard.filters import to_query
from dashboard.layouts.breaches import ladder as breaches_ladder
from dashboard.layouts.breaches.for_analysts import for_analysts
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.folded import folded
from dashboard.scope.scope import Scope
from dashboard.store.list_forecasts import ListForecast
from rtt.findings.left_out import left_out_words
from rtt.forecast.weekly import expected_words as words
from rtt.forecast.weekly.expected import OVER_18, OVER_52, PASSING_18, PASSING_52, SHARE_WITHIN_18
from rtt.measures.will_breach import WillBreach
from rtt.terms.treatment_functions import TOTAL as ALL
from rtt.terms.treatment_functions import short_name_of
from rtt.terms.wording import date_text

Component = Any
PASSING = {18: PASSING_18, 52: PASSING_52}
MOST_ROWS = 12
"""Specialties that are drawn: the largest say where the breaches will be, the table above holds them all."""


@dataclass(frozen=True, slots=True)
class Found:
    """The horizon asked for, what was said about it (None: nothing), the count of those at risk, and at what
    pace the last weeks ran.
    """

    passing: WillBreach
    forecast: ListForecast | None
    ladder: breaches_ladder.Found | None = None
    pace: ListPace = NOTHING


def load(connection: Connection, scope: Scope) -> Found:
    """One statement beside those of the ladder and of what is read ahead; none for a monthly return."""
    passing = will_breach_of(scope)
    if scope.source != "weekly":
        return Found(passing, None)
    return Found(
        passing,
        list_forecast(connection, scope),
        breaches_ladder.load(connection, scope),
        pace_of(connection, scope),
    )


def draw(scope: Scope, found: Found) -> list[show.Part]:
    """The expectation, or why there is none; nothing for a monthly return."""
    if scope.source != "weekly":
        return []
    ends = found.passing.ends
    bands = found.ladder.bands if found.ladder else None
    if (reason := why_none(scope, found.forecast, ends, bands)) or found.forecast is None:
        command = for_analysts(scope, "rtt forecast") if reason == words.NOT_ISSUED else None
        return [show.section(words.HEADING, html.P(reason), command, name="expected-made")]
    told = expected_of(scope, found.forecast, ends)
    weeks = 52 if found.passing.weeks == 52 else 18
    one = len(told.chosen) == 1 or not scope.functions
    title = words.title(told.shown(told.headline, PASSING[weeks]), ends, weeks=weeks)
    return [
        show.section(
            # Of two specialties together nothing was forecast, and the figure of all is not theirs.
            title if one else words.HEADING,
            *([_sentence(told, ends, weeks)] if one else [html.P(words.ONE_OR_ALL)]),
            *([html.P(instead)] if (instead := words.other_threshold(found.passing.weeks)) else []),
            *([show.notice(*(html.P(each) for each in pace))] if (pace := found.pace.sentences) else []),
            html.P(words.NOT_A_COUNT),
            html.P([words.INTERVALS, " ", words.kind_sentence(told.kind)], className="rtt-small"),
            html.P(words.CANNOT_KNOW, className="rtt-small"),
            name="expected-made",
        ),
        *_chart(scope, found, told),
        folded("Every specialty and measure, with 80% intervals", _table(scope, told, ends, weeks)),
    ]


def _table(scope: Scope, told: Expected, ends: date, weeks: int) -> show.Card:
    rows = [[_name(scope, code), *told.row(code)] for code in told.rows]
    figures = [_sorted_by(told, code) for code in told.rows]
    return show.table_card(
        "Expected breaches by specialty",
        show.Table(
            words.table_caption(ends),
            words.COLUMNS,
            rows,
            label="Expected breaches by specialty, table",
            name="expected",
            values=[[show.text(row[0]), *own] for row, own in zip(rows, figures, strict=True)],
            worst=(3 if weeks == 52 else 1, "desc"),
        ),
        *_too_few(told),
        name="expected",
        as_csv=True,
    )


def _sorted_by(told: Expected, code: str) -> list[float | None]:
    """The figures by which a row is sorted, of those that are shown: the others have no place in an order."""
    said = {measure: told.figures.get((code, measure)) for measure in MEASURES}
    return [
        figure.value if figure is not None and told.shown(code, measure).interval else None
        for measure, figure in said.items()
    ]


def _too_few(told: Expected) -> list[Component]:
    few = any(told.too_few(code) for code in told.rows)
    return [html.P(f"{words.TOO_FEW}: {words.NONE_OF_SO_FEW}", className="rtt-small")] if few else []


def _sentence(told: Expected, ends: date, weeks: int) -> Component:
    others = (PASSING_18, OVER_52) if weeks == 52 else (PASSING_52, OVER_18)
    return html.P(
        words.sentence(
            *(told.shown(told.headline, measure) for measure in (*others, SHARE_WITHIN_18)),
            ends=ends,
            whose="" if told.headline == ALL else short_name_of(told.headline),
            weeks=weeks,
        )
    )


def _name(scope: Scope, code: str) -> Component:
    if code == ALL:
        return "All specialties"
    return show.link(short_name_of(code), to_query(scope.filters, tf=(code,)))


def _chart(scope: Scope, found: Found, told: Expected) -> list[show.Card]:
    """The largest expectations beside the count at risk; none about a threshold of which nothing is said, and
    none where nothing may be drawn.
    """
    measure = PASSING.get(found.passing.weeks)
    if measure is None or found.ladder is None:
        return []
    table = breaches_ladder.at_risk(scope, found.ladder)
    rows = [_expectation(scope, told, table, code, measure) for code in told.chosen]
    rows = [row for row in rows if row.counted != "0" or row.said != "0"]
    rows.sort(key=lambda row: -row.expected[0] if row.expected else 1.0)
    if not any(row.expected and row.expected[0] for row in rows):
        return []
    ranked = [row for row in rows if row.expected]
    drawn = ranked[:MOST_ROWS]
    without = [(row.name, row.said) for row in rows if not row.expected]
    whole = "" if scope.functions else table.shown(-1, -1)
    chart = expected_chart(
        drawn,
        title=words.chart_title(
            drawn[0].name, drawn[0].with_interval, found.passing.weeks, one=len(rows) == 1
        ),
        caption=words.chart_caption(
            told.shown(ALL, measure),
            whole,
            found.passing,
            left_out=left_out_words(len(drawn), len(ranked), without, where="the table above has"),
        ),
        weeks=found.passing.weeks,
        by=date_text(found.passing.ends),
    )
    return [
        show.card(
            "expected-chart",
            chart,
            height=height(drawn),
            measures=(f"passing_{found.passing.weeks}_in_4_weeks",),
        )
    ]


def _expectation(scope: Scope, told: Expected, table: Table, code: str, measure: str) -> Expectation:
    said, shown = told.figures.get((code, measure)), told.shown(code, measure)
    row = table.codes.index(code) if code in table.codes else None
    withheld = row is not None and bool(table.hidden[row, -1])
    return Expectation(
        name=short_name_of(code),
        expected=(said.value, *said.limits[1]) if said and shown.interval else None,
        said=shown.value,
        interval=shown.interval,
        count=None if withheld or row is None else float(table.counts[row, -1]),
        counted="0" if row is None else table.shown(row, -1),
        href=to_query(scope.filters, tf=(code,)),
    )
