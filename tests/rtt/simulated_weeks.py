"""A simulated trust's weeks as the hazards see them, by way of the product's own movement counts.

The truth of each pathway stays beside them: whether it is open at any later census.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import polars as pl

from ingest.extracts.ptl.booking import NO_DISTANCE, PAST, booking_distance, booking_state
from ingest.extracts.ptl.list_image import LISTED
from ingest.extracts.ptl.movements import STOPPED, movement
from rtt.forecast.weekly.states import PRIORITIES, STAGES, Grid, date_states
from rtt.forecast.weekly.weeks import COUNTED, Week
from sample_data import simulate
from sample_data.contacts import contacts
from sample_data.pathways import ADMITTED, NEVER, NON_ADMITTED
from sample_data.profile import FUNCTIONS
from sample_data.season import as_date

ROWS = tuple(function.row for function in FUNCTIONS)
GRID = Grid(ROWS)


@dataclass(frozen=True)
class Listed:
    """The list of one census: pathway numbers of the simulation, states and days waited."""

    census: date
    numbers: np.ndarray
    states: np.ndarray
    days: np.ndarray


@dataclass(frozen=True)
class Lists:
    """Consecutive weekly lists, the movement between them, and the truth."""

    truth: object
    lists: list[Listed]
    weeks: list[Week]

    def still_open(self, at, weeks):
        """Of the list with index `at`: who is open `weeks` weeks later."""
        day = (self.lists[at].census - date(1970, 1, 1)).days + 7 * weeks
        return self.truth.stop[self.lists[at].numbers] > day


def simulated(*, seed, censuses, until=date(2026, 11, 15), size=None, disruptions=(), history=None) -> Lists:
    """The last `censuses` weekly lists of a simulated trust, of a history of `history` weeks or more."""
    truth = simulate(
        until=until,
        seed=seed,
        weeks=max(52, history or censuses),
        size=size,
        disruptions=tuple(disruptions),
    )
    days = [truth.last_day - 7 * back for back in range(censuses - 1, -1, -1)]
    frames = [_list(truth, day) for day in days]
    stops = _stops(truth)
    weeks = []
    for (before, after), (first, last) in zip(pairwise(frames), pairwise(days), strict=True):
        ended = stops.filter(pl.col("stopped_on").is_between(as_date(first + 1), as_date(last)))
        counts = movement(before, after, ended, previous=as_date(first), census=as_date(last))
        weeks.append(Week(as_date(first), as_date(last), *_rows(counts)))
    lists = [_listed(frame, as_date(day)) for frame, day in zip(frames, days, strict=True)]
    return Lists(truth, lists, weeks)


def _list(truth, day):
    numbers = np.flatnonzero(truth.open_on(day))
    seen = contacts(truth, truth.bookings, numbers, day)
    decided = truth.decided[numbers] <= day
    waited = day - truth.referrals.start[numbers]
    frame = pl.DataFrame(
        {
            "token": numbers.astype(str),
            "site_code": "R9A01",
            "treatment_function": np.array(ROWS)[truth.referrals.function[numbers]],
            "stage": np.where(decided, "admitted", "non-admitted"),
            "priority": truth.referrals.priority[numbers].astype(str),
            "basis": "english",
            "clock_start": _dates(truth.referrals.start[numbers]),
            "days_waited": waited.astype(np.int32),
            "week_band": np.clip((waited - 1) // 7, 0, 104).astype(np.int32),
            "tci_date": _dates(seen.next_admission),
            "next_appointment": _dates(seen.next_appointment),
            "decision_to_admit": _dates(np.where(decided, truth.decided[numbers], NEVER)),
        }
    )
    return frame.with_columns(booking_state=booking_state(as_date(day))).select(*LISTED)


def _dates(days):
    return pl.Series(days.astype(np.int32)).set(pl.Series(days >= NEVER), None).cast(pl.Date)


def _stops(truth):
    """As the weekly files report them: nullified clocks are no stops, other statuses no treatment."""
    ended = np.flatnonzero((truth.stop < NEVER) & np.isin(truth.kind, [ADMITTED, NON_ADMITTED]))
    frame = pl.DataFrame(
        {
            "token": ended.astype(str),
            "stopped_on": _dates(truth.stop[ended]),
            "kind": np.where(truth.status[ended] == 30, "treated", "other"),
        }
    )
    return frame.cast(STOPPED)


def _rows(counts):
    return _states(counts, counts["booking_distance"]), counts.select(COUNTED).to_numpy()


def _listed(frame, census):
    states = _states(frame, frame.select(d=booking_distance(census))["d"])
    return Listed(census, frame["token"].cast(pl.Int64).to_numpy(), states, frame["days_waited"].to_numpy())


def _states(frame, distance):
    place = {name: frame[name].to_numpy() for name in ("treatment_function", "stage", "priority")}
    dates = date_states(distance=distance.to_numpy(), past=(frame["booking_state"] == PAST).to_numpy())
    assert NO_DISTANCE == -1
    return GRID.states(
        function=_places(place["treatment_function"], ROWS),
        stage=_places(place["stage"], STAGES),
        priority=_places(place["priority"], PRIORITIES),
        band=frame["week_band"].to_numpy(),
        date_state=dates,
    )


def _places(values, order):
    """The place of each value in `order`."""
    ordered = np.argsort(order)
    return ordered[np.searchsorted(np.array(order)[ordered], values.astype(str))]


__all__ = ["GRID", "Lists", "simulated", "timedelta"]
