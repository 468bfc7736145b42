"""What can be expected of the list after usual treatment: breaches with their intervals, by specialty.

An expectation, in a table and a chart, beside the count of the ladder, and labelled so. Only what was issued
is shown; a list without a forecast says why, and what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from dash import html
from sqlalchemy import Connection

from dashboard.figures.expected_bars import Expectation, expected_chart, height
from dashboard.filters import to_query
from dashboard.layouts import breaches_ladder
from dashboard.layouts import components as show
from dashboard.queries.choices import Choice
from dashboard.queries.hazards import ListForecast, asked_of, list_forecasts
from dashboard.queries.ladder import passing_of
from rtt import expected_words as words
from rtt.dispersion import FEWEST_LISTS
from rtt.expected import OVER_18, OVER_52, PASSING_18, PASSING_52, SHARE_WITHIN_18, TOTAL
from rtt.issued_score import Said
from rtt.list_shape import count_words
from rtt.small_numbers import Mask, rate_withheld
from rtt.small_tables import withheld_in_table
from rtt.tip_ins import Passing
from rtt.treatment_functions import TOTAL as ALL
from rtt.treatment_functions import in_order, short_name_of
from rtt.wording import date_text

Component = Any
Figures = dict[tuple[str, str], Said]
COUNTS = (PASSING_18, OVER_18, PASSING_52, OVER_52)
PASSING = {18: PASSING_18, 52: PASSING_52}
MOST_ROWS = 12
"""Specialties that are drawn: the largest say where the breaches will be, the table above holds them all."""


@dataclass(frozen=True, slots=True)
class Found:
    """The horizon asked for, what was said about it (None: nothing), and the count of those at risk."""

    passing: Passing
    forecast: ListForecast | None
    ladder: breaches_ladder.Found | None = None

    @property
    def figures(self) -> Figures:
        """What was said about the horizon, by treatment function and measure."""
        return self.forecast.about(self.passing.ends) if self.forecast else {}


def load(connection: Connection, choice: Choice) -> Found:
    """One statement beside those of the ladder; none for a monthly return."""
    passing, asked = passing_of(choice), asked_of(choice)
    if asked is None:
        return Found(passing, None)
    made = list_forecasts(connection, asked)
    own = next((each for each in made if each.census == choice.census), None)
    return Found(passing, own, breaches_ladder.load(connection, choice))


def draw(choice: Choice, found: Found) -> list[Component]:
    """The expectation, or why there is none; nothing for a monthly return."""
    if choice.source != "weekly":
        return []
    forecast, figures = found.forecast, found.figures
    if (reason := _none_because(choice, found)) or forecast is None:
        return [show.section(words.HEADING, html.P(reason), name="expected")]
    order = sorted({code for code, _ in figures} - {ALL}, key=in_order)
    chosen = [code for code in order if not choice.functions or code in choice.functions]
    hidden = _hidden(figures, order) if choice.conceals else {}
    one = chosen[0] if len(chosen) == 1 else ALL
    rows = [*chosen, ALL] if not choice.functions else chosen
    return [
        show.section(
            words.title(_figure(figures, hidden, one, PASSING_18), found.passing.ends),
            html.P(
                words.sentence(
                    *(_figure(figures, hidden, one, m) for m in (PASSING_52, OVER_18, SHARE_WITHIN_18)),
                    ends=found.passing.ends,
                    whose="" if one == ALL else short_name_of(one),
                )
            ),
            html.P(words.NOT_A_COUNT),
            show.scrolling(
                show.table(
                    words.table_caption(found.passing.ends),
                    words.COLUMNS,
                    [_row(choice, figures, hidden, code) for code in rows],
                ),
                label="Expected breaches by specialty, table",
            ),
            html.P([words.INTERVALS, " ", words.kind_sentence(forecast.kind)], className="rtt-small"),
            html.P(words.CANNOT_KNOW, className="rtt-small"),
            name="expected",
            as_csv=True,
        ),
        *_chart(choice, found, hidden, chosen),
    ]


def _none_because(choice: Choice, found: Found) -> str:
    """Why no expectation is shown; '' if one is."""
    filters = choice.filters
    if filters.site or filters.priority or filters.pathway:
        return words.NOT_NARROWED
    if found.forecast is None:
        lists = len(choice.dates)
        return words.too_few(lists, FEWEST_LISTS) if lists < FEWEST_LISTS else words.NOT_ISSUED
    if not found.figures:
        return words.NO_SUCH_HORIZON
    return ""


def _row(choice: Choice, figures: Figures, hidden: dict[str, Mask], code: str) -> list[Component]:
    name = short_name_of(code)
    first = "All specialties" if code == ALL else show.link(name, to_query(choice.filters, tf=(code,)))
    shown = (_figure(figures, hidden, code, measure) for measure in (*COUNTS, SHARE_WITHIN_18))
    return [first, *(words.with_interval(figure) for figure in shown)]


def _figure(figures: Figures, hidden: dict[str, Mask], code: str, measure: str) -> words.Shown:
    figure = figures.get((code, measure))
    if figure is None:
        return words.not_known()
    place = (*COUNTS, SHARE_WITHIN_18).index(measure)
    if code in hidden and hidden[code][place]:
        return words.Shown(count_words(figure.value, hidden=True), words.NOTHING)
    return words.shown(figure.value, *figure.limits[1], share=measure == SHARE_WITHIN_18)


def _hidden(figures: Figures, order: list[str]) -> dict[str, Mask]:
    """By specialty, which of COUNTS and the share would point at a few people, or give such a one away."""
    codes = [*order, ALL]
    counts = np.array([[_value(figures, code, measure) for measure in COUNTS] for code in codes])
    masks = np.column_stack([withheld_in_table(counts[:, [i]])[:, 0] for i in range(len(COUNTS))])
    total = np.array([_value(figures, code, TOTAL) for code in codes])
    share = rate_withheld(total - counts[:, COUNTS.index(OVER_18)], total)
    return dict(zip(codes, np.column_stack([masks, share]), strict=True))


def _value(figures: Figures, code: str, measure: str) -> float:
    figure = figures.get((code, measure))
    return figure.value if figure else 0.0


def _chart(choice: Choice, found: Found, hidden: dict[str, Mask], chosen: Sequence[str]) -> list[Component]:
    """The largest expectations beside the count at risk; none about a threshold of which nothing is said, and
    none where nothing may be drawn.
    """
    measure = PASSING.get(found.passing.weeks)
    if measure is None or found.ladder is None:
        return []
    table = breaches_ladder.at_risk(choice, found.ladder)
    rows = [_expectation(choice, found, hidden, table, code, measure) for code in chosen]
    rows = [row for row in rows if row.counted != "0" or row.said != "0"]
    rows.sort(key=lambda row: -row.expected[0] if row.expected else 1.0)
    if not any(row.expected for row in rows):
        return []
    drawn = rows[:MOST_ROWS]
    whole = "" if choice.functions else table.shown(-1, -1)
    chart = expected_chart(
        drawn,
        title=words.chart_title(
            drawn[0].name, drawn[0].with_interval, found.passing.weeks, one=len(rows) == 1
        ),
        caption=words.chart_caption(
            _figure(found.figures, hidden, ALL, measure),
            whole,
            found.passing,
            left_out=len(rows) - len(drawn),
        ),
        weeks=found.passing.weeks,
        by=date_text(found.passing.ends),
    )
    return [show.card("expected-chart", chart, height=height(drawn))]


def _expectation(
    choice: Choice,
    found: Found,
    hidden: dict[str, Mask],
    table: breaches_ladder.Table,
    code: str,
    measure: str,
) -> Expectation:
    said, shown = found.figures.get((code, measure)), _figure(found.figures, hidden, code, measure)
    row = table.codes.index(code) if code in table.codes else None
    withheld = row is not None and bool(table.hidden[row, -1])
    return Expectation(
        name=short_name_of(code),
        expected=(said.value, *said.limits[1]) if said and shown.interval else None,
        said=shown.value,
        interval=shown.interval,
        count=None if withheld or row is None else float(table.counts[row, -1]),
        counted="0" if row is None else table.shown(row, -1),
        href=to_query(choice.filters, tf=(code,)),
    )
