"""What the weeks of a PTL teach: who left, had a decision to admit, was given, kept or lost a date.

Sums the weekly movement counts into cubes of states, recent weeks counting most, because hazards change with
policy. New dates are not counted by the movements; they follow from them: whoever has a date now, had none
that could have stayed, and did not join or move in, was given one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rtt.forecast.weekly.states import (
    ADMITTED,
    DATE_AXIS,
    DUE,
    FUNCTION_AXIS,
    FURTHEST,
    NON_ADMITTED,
    Grid,
    a_week_back,
)
from rtt.terms.arrays import AnyInts, Floats
from rtt.terms.calendar import working_days

COUNTED = (
    "at_risk",
    "treated",
    "other_stop",
    "removed",
    "moved_out",
    "moved_in",
    "joined",
    "tci_cancelled",
    "lost_date",
)
WEEKDAYS = 5
HALF_LIFE = 13.0  # weeks
# Of those who join the last weeks are remembered by themselves too: see `rtt.forecast.weekly.hazards`.
# With 13 weeks alone a doubling of referrals left the list forecast 11 % low (methods 10).
LATELY_HALF_LIFE = 2.0
# Of the dates in the open class, the share that comes within it in a week.
NEARER = 0.25
_LATELY = ("lately_joined", "lately_weeks")
# Gaps between lists are left out: two weeks are not one week twice.
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, eq=False)
class Week:
    """The movement counts between two lists: rows of a state and its counts (rows, len(COUNTED))."""

    previous: date
    census: date
    states: AnyInts
    counts: NDArray[Any]

    def list_before(self, grid: Grid) -> Floats:
        return grid.counts(self.states, self.counts[:, 0])


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """Recency-weighted counts of pathways: cubes of the grid's shape unless said."""

    grid: Grid
    weeks: Floats  # (): weeks of full weight
    working_weeks: Floats  # (): the same in working weeks of five days
    lately_weeks: Floats  # (): working weeks behind `lately_joined`
    at_risk: Floats
    treated: Floats
    other_stop: Floats
    removed: Floats
    decided: Floats  # decisions to admit, where they were taken
    waiting: Floats  # neither left nor decided for
    lost: Floats  # of those: had a date and have none now
    cancelled: Floats  # admission dates withdrawn, moved or not kept
    joined: Floats  # as they were at their first census
    lately_joined: Floats  # (functions,): with a shorter memory than the rest
    undated: Floats  # without the date axis: working weeks that a pathway waited without a date
    given: Floats  # without the date axis: of those, how often it was given one
    decided_into: Floats  # (priorities, date states): what those decided for had at the next census
    renewed: Floats  # without the date axis: dates that came round in the week and were followed by another
    new_dates: Floats  # (stages, priorities, bands, weeks to the date): every date given, first or renewed


def learn(
    evidence: Evidence | None,
    week: Week,
    list_after: Floats,
    grid: Grid,
    *,
    half_life: float = HALF_LIFE,
    lately: float = LATELY_HALF_LIFE,
) -> Evidence | None:
    """The evidence faded by a week, and that of `week` with it; `list_after`: the list at its end by state.

    Who joined lately fades with the half-life `lately`, all else with the other.

    A week that is not seven days long only lets the earlier ones fade.
    """
    new = _of_week(week, list_after, grid) if week.census - week.previous == WEEK else None
    if evidence is None or new is None:
        return evidence if new is None else new
    names = [f.name for f in fields(Evidence) if f.name != "grid"]
    kept = {name: 0.5 ** (1 / (lately if name in _LATELY else half_life)) for name in names}
    return Evidence(
        grid, **{name: kept[name] * getattr(evidence, name) + getattr(new, name) for name in names}
    )


def newest_run(weeks: Sequence[Week]) -> list[Week]:
    """The last of the weeks, oldest first, that follow each other: each begins where one ended."""
    run: list[Week] = []
    for week in reversed(weeks):
        if run and week.census != run[0].previous:
            break
        run.insert(0, week)
    return run


def learnt(
    weeks: Sequence[Week],
    lists: Sequence[Floats],
    grid: Grid,
    *,
    half_life: float = HALF_LIFE,
    lately: float = LATELY_HALF_LIFE,
) -> Iterator[Evidence | None]:
    """For each list after the first: what the weeks before it taught.

    `lists` are those of a run of weeks by state, from the first's beginning to the last's end.
    """
    evidence: Evidence | None = None
    for week, list_after in zip(weeks, lists[1:], strict=True):
        evidence = learn(evidence, week, list_after, grid, half_life=half_life, lately=lately)
        yield evidence


def working_share(previous: date, census: date) -> float:
    """Working days after `previous` up to `census`, as a share of an ordinary week's five."""
    return working_days(previous + timedelta(days=1), census) / WEEKDAYS


def _of_week(week: Week, list_after: Floats, grid: Grid) -> Evidence:
    seen = {name: grid.counts(week.states, week.counts[:, i]) for i, name in enumerate(COUNTED)}
    work = working_share(week.previous, week.census)
    staying = seen["at_risk"] - seen["treated"] - seen["other_stop"] - seen["removed"]
    into = seen["moved_in"][:, ADMITTED].sum(axis=(0, 2))
    decided = _decided(seen)
    lost = _lost(seen, decided, into)
    # Those who moved are found among those who moved in, so dates given are counted among the others.
    kept = (staying - seen["moved_out"] - lost)[..., DUE:]
    found = a_week_back(list_after - seen["joined"] - seen["moved_in"])[..., DUE:]
    undated = (staying - seen["moved_out"])[..., :DUE]
    return Evidence(
        grid=grid,
        weeks=np.array(1.0),
        working_weeks=np.array(work),
        lately_weeks=np.array(work),
        lately_joined=seen["joined"].sum(axis=(1, 2, 3, 4)),
        **{name: seen[name] for name in ("at_risk", "treated", "other_stop", "removed", "joined")},
        decided=decided,
        waiting=staying - decided,
        lost=lost,
        cancelled=seen["tci_cancelled"],
        undated=undated.sum(axis=DATE_AXIS) * work,
        given=(found - kept).sum(axis=DATE_AXIS),
        decided_into=into,
        renewed=kept[..., 0],
        new_dates=_new_dates(found, kept),
    )


def _decided(seen: dict[str, Floats]) -> Floats:
    """Decisions to admit: moves are counted without their destination, but those that brought more into the
    admitted stage than left it were decisions; the other moves change nothing that matters here.
    """
    moved_out = seen["moved_out"]
    arrived = seen["moved_in"][:, ADMITTED].sum() - moved_out[:, ADMITTED].sum()
    decided = np.zeros_like(moved_out)
    share = np.clip(arrived / max(moved_out[:, NON_ADMITTED].sum(), 1.0), 0.0, 1.0)
    decided[:, NON_ADMITTED] = share * moved_out[:, NON_ADMITTED]
    return decided


def _lost(seen: dict[str, Floats], decided: Floats, into: Floats) -> Floats:
    """Dates lost by those who wait on. Who was decided for and has no date yet is counted among the lost;
    taken out by average, so that single states may fall below nought, and their sums do not.
    """
    undated = into[:, :DUE].sum(axis=1) / np.maximum(into.sum(axis=1), 1.0)
    lost = seen["lost_date"] - decided * undated[:, None, None]
    lost[..., :DUE] = 0.0
    return np.asarray(lost)


def _new_dates(found: Floats, kept: Floats) -> Floats:
    """Dates given by stage, priority, band and weeks ahead: those found, less those a week nearer."""
    found, kept = (dates.sum(axis=FUNCTION_AXIS) for dates in (found, kept))
    new = found.copy()
    new[..., :FURTHEST] -= kept[..., 1:]
    new[..., FURTHEST - 1] += (1 - NEARER) * kept[..., FURTHEST]
    new[..., FURTHEST] -= (1 - NEARER) * kept[..., FURTHEST]
    return new
