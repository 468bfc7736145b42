"""What can be expected of the list after usual treatment: breaches with their intervals, by specialty.

An expectation beside the count of the ladder, and labelled so. Only what was issued is shown; a list without
a forecast says why, and what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from dash import html
from sqlalchemy import Connection

from dashboard.filters import to_query
from dashboard.layouts import components as show
from dashboard.queries.choices import Choice
from dashboard.queries.hazards import Figure, ListForecast, list_forecast
from dashboard.queries.ladder import passing_of
from rtt import expected_words as words
from rtt.dispersion import FEWEST_LISTS
from rtt.expected import OVER_18, OVER_52, PASSING_18, PASSING_52, SHARE_WITHIN_18, TOTAL
from rtt.list_shape import count_words
from rtt.small_numbers import Mask, rate_withheld
from rtt.small_tables import withheld_in_table
from rtt.tip_ins import Passing
from rtt.treatment_functions import TOTAL as ALL
from rtt.treatment_functions import in_order, short_name_of

Component = Any
COUNTS = (PASSING_18, OVER_18, PASSING_52, OVER_52)


@dataclass(frozen=True, slots=True)
class Found:
    """The horizon asked for and what was said about it; None where nothing was."""

    passing: Passing
    forecast: ListForecast | None


def load(connection: Connection, choice: Choice) -> Found:
    """One statement; none for a monthly return."""
    passing = passing_of(choice)
    return Found(passing, list_forecast(connection, choice, passing.ends))


def draw(choice: Choice, found: Found) -> list[Component]:
    """The expectation, or why there is none; nothing for a monthly return."""
    if choice.source != "weekly":
        return []
    forecast = found.forecast
    if (reason := _none_because(choice, found)) or forecast is None:
        return [show.section(words.HEADING, html.P(reason), name="expected")]
    order = sorted(forecast.functions() - {ALL}, key=in_order)
    chosen = [code for code in order if not choice.functions or code in choice.functions]
    hidden = _hidden(forecast, order) if choice.conceals else {}
    one = chosen[0] if len(chosen) == 1 else ALL
    rows = [*chosen, ALL] if not choice.functions else chosen
    return [
        show.section(
            words.title(_figure(forecast, hidden, one, PASSING_18), found.passing.ends),
            html.P(
                words.sentence(
                    *(_figure(forecast, hidden, one, m) for m in (PASSING_52, OVER_18, SHARE_WITHIN_18)),
                    ends=found.passing.ends,
                    whose="" if one == ALL else short_name_of(one),
                )
            ),
            html.P(words.NOT_A_COUNT),
            show.scrolling(
                show.table(
                    words.table_caption(found.passing.ends),
                    words.COLUMNS,
                    [_row(choice, forecast, hidden, code) for code in rows],
                ),
                label="Expected breaches by specialty, table",
            ),
            html.P([words.INTERVALS, " ", words.kind_sentence(forecast.kind)], className="rtt-small"),
            html.P(words.CANNOT_KNOW, className="rtt-small"),
            name="expected",
            as_csv=True,
        )
    ]


def _none_because(choice: Choice, found: Found) -> str:
    """Why no expectation is shown; '' if one is."""
    filters = choice.filters
    if filters.site or filters.priority or filters.pathway:
        return words.NOT_NARROWED
    if found.forecast is None:
        lists = len(choice.dates)
        return words.too_few(lists, FEWEST_LISTS) if lists < FEWEST_LISTS else words.NOT_ISSUED
    if not found.forecast.figures:
        return words.NO_SUCH_HORIZON
    return ""


def _row(choice: Choice, forecast: ListForecast, hidden: dict[str, Mask], code: str) -> list[Component]:
    name = short_name_of(code)
    first = "All specialties" if code == ALL else show.link(name, to_query(choice.filters, tf=(code,)))
    shown = (_figure(forecast, hidden, code, measure) for measure in (*COUNTS, SHARE_WITHIN_18))
    return [first, *(words.with_interval(figure) for figure in shown)]


def _figure(forecast: ListForecast, hidden: dict[str, Mask], code: str, measure: str) -> words.Shown:
    figure = forecast.figures.get((code, measure))
    if figure is None:
        return words.not_known()
    place = (*COUNTS, SHARE_WITHIN_18).index(measure)
    if code in hidden and hidden[code][place]:
        return words.Shown(count_words(figure.value, hidden=True), words.NOTHING)
    return words.shown(figure.value, figure.low, figure.high, share=measure == SHARE_WITHIN_18)


def _hidden(forecast: ListForecast, order: list[str]) -> dict[str, Mask]:
    """By specialty, which of COUNTS and the share would point at a few people, or give such a one away."""
    codes = [*order, ALL]
    counts = np.array([[_value(forecast, code, measure) for measure in COUNTS] for code in codes])
    masks = np.column_stack([withheld_in_table(counts[:, [i]])[:, 0] for i in range(len(COUNTS))])
    total = np.array([_value(forecast, code, TOTAL) for code in codes])
    share = rate_withheld(total - counts[:, COUNTS.index(OVER_18)], total)
    return dict(zip(codes, np.column_stack([masks, share]), strict=True))


def _value(forecast: ListForecast, code: str, measure: str) -> float:
    figure: Figure | None = forecast.figures.get((code, measure))
    return figure.value if figure else 0.0
