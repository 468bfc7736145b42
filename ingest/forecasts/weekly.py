"""Expected breaches of every tracking list held, made and frozen: `rtt.forecast.weekly.expected` run on its
newest list.

Called by `rtt forecast`. What a horizon's interval rests on is back-tested here each time; what is issued is
kept by `ingest.forecasts.issue`. Too short a run of lists is forecast by nobody.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

import numpy as np
from sqlalchemy import Engine

from ingest.forecasts.issue import Issue, issue_weekly, issued_weekly, keep_back_test
from ingest.forecasts.rows import Expectation
from ingest.forecasts.weekly_inputs import ListInputs, list_inputs, trusts_with_lists
from ingest.store import schema
from rtt.forecast.weekly.back_test import list_back_test
from rtt.forecast.weekly.dispersion import FEWEST_LISTS, Scored, dispersion, intervals, scored_forecasts
from rtt.forecast.weekly.expected import MEASURES, expected
from rtt.forecast.weekly.hazards import Hazards, hazards
from rtt.forecast.weekly.outcomes import in_bands, joined_in_bands, naive_forecast, whole_weeks
from rtt.forecast.weekly.survival import Chances
from rtt.forecast.weekly.weeks import WEEK, learnt
from rtt.terms.arrays import Floats
from rtt.terms.calendar import LONDON, add_months, month_end
from rtt.terms.possible_dates import last_census
from rtt.terms.treatment_functions import TOTAL

MOST_WEEKS_AHEAD = 26
MONTH_ENDS = 3
SCORED_WEEKS = (1, 2, 4, 8, 13)
# Past lists that are forecast again: all of a short record, every other of a long one.
LONG_RECORD = 40


def issue_lists(engine: Engine, *, now: datetime) -> list[Issue]:
    """Forecast the newest list of every trust and freeze what is said; none where the record is too short.

    `now` carries its zone.
    """
    issued = []
    until = last_census(now.astimezone(LONDON).date())
    with engine.connect() as connection:
        trusts = trusts_with_lists(connection)
    for provider_code in trusts:
        with engine.connect() as connection:
            inputs = list_inputs(connection, provider_code, until=until)
        if inputs is not None and inputs.lists >= FEWEST_LISTS:
            record = scored_of(inputs)
            census_date = inputs.listing.census
            # What was said once stands, so it need not be worked out again; the record may have changed.
            issue = issued_weekly(engine, provider_code, census_date)
            if issue is None and (said := expectations(inputs, record)):
                issue = issue_weekly(engine, provider_code, census_date, said, now=now)
            if issue is not None:
                issued.append(issue)
                kept = list_back_test(record)
                keep_back_test(engine, schema.WEEKLY, census_date, kept, provider_code=provider_code)
    return issued


def expectations(inputs: ListInputs, record: Sequence[Scored]) -> list[Expectation]:
    """Every figure of every horizon: the coming weeks, and the coming month ends.

    `record`: forecasts of past lists beside what came, which say how wide the intervals must be.
    """
    found = hazards_of(inputs)
    if found is None:
        return []
    chances = Chances(found)
    return [
        each
        for horizon in horizons(inputs.listing.census)
        for each in _at(inputs, found, chances, record, horizon)
    ]


def horizons(census_date: date) -> list[date]:
    """The Sundays of the next 26 weeks and the next three month ends, in order."""
    weeks = {census_date + week * WEEK for week in range(1, MOST_WEEKS_AHEAD + 1)}
    first = month_end(census_date + timedelta(days=1))
    return sorted(weeks | {add_months(first, month) for month in range(MONTH_ENDS)})


def hazards_of(inputs: ListInputs) -> Hazards | None:
    """The hazards of the newest list; None where no two lists lie a week apart."""
    taught = deque(learnt(inputs.weeks, _lists(inputs), inputs.grid), maxlen=1)
    return hazards(taught[0]) if taught and taught[0] is not None else None


def scored_of(inputs: ListInputs) -> list[Scored]:
    """Forecasts of past lists beside what came."""
    every = 2 if len(inputs.weeks) >= LONG_RECORD else 1
    now = _lists(inputs)[-1]
    return scored_forecasts(inputs.weeks, now, inputs.grid, horizons=SCORED_WEEKS, every=every)


def _lists(inputs: ListInputs) -> list[Floats]:
    grid = inputs.grid
    return [*(week.list_before(grid) for week in inputs.weeks), grid.counts(inputs.listing.states)]


def _at(
    inputs: ListInputs, found: Hazards, chances: Chances, record: Sequence[Scored], horizon: date
) -> Iterator[Expectation]:
    ahead = (horizon - inputs.listing.census).days
    widening = dispersion(record, weeks=max(round(ahead / 7), 1))
    if widening is None:
        return
    made = expected(found, inputs.listing, horizon, chances)
    bounds = intervals(made, widening)
    naive = naive_of(inputs, ahead)
    for row, measure in enumerate(MEASURES):
        for column, code in enumerate((*inputs.grid.functions, TOTAL)):
            if np.isfinite(made.mean[row, column]):
                low_high = [(float(low), float(high)) for low, high in bounds[:, :, row, column]]
                last = float(naive[row, column])
                yield Expectation(
                    treatment_function=code,
                    measure=measure,
                    target_date=horizon,
                    value=float(made.mean[row, column]),
                    limits=(low_high[0], low_high[1], low_high[2]),
                    naive=last if np.isfinite(last) else None,
                )


def naive_of(inputs: ListInputs, ahead: int) -> Floats:
    """The forecast of no change, (measures, functions + 1), `ahead` days ahead: see `naive_forecast`."""
    weeks, rest = divmod(ahead, 7)
    seen = not rest and len(inputs.weeks) >= weeks and whole_weeks(inputs.weeks[-weeks:])
    before = [joined_in_bands(week, inputs.grid) for week in inputs.weeks[-weeks:]] if seen else None
    return naive_forecast(in_bands(inputs.grid.counts(inputs.listing.states)), before)
