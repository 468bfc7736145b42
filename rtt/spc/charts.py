"""Process control charts (XmR) as NHS Making Data Count draws them, for many series at once.

A *flow* (clock starts, stops, removals) is charted as it is, around its average. A *stock* (list size, share
within 18 weeks, long waiters) carries nearly all of last month into this month, so limits on its level flag
everything: it is charted as its change from one census to the next, around zero, so that steady drift is a
signal.

Arrays are (series, time) in time order, one column a period, nan where a period is missing.

Source: NHS Making Data Count; limits and screening as NHSRplotthedots 0.2.2, and for a constant series too.
"""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from rtt.spc.expected import expected_flows, newest, season_of_changes
from rtt.spc.rules import RULES, Rule, shift, trend, two_in_three
from rtt.spc.settings import DEFAULT_RULES, Rules
from rtt.terms.arrays import Bools, Floats, Ints, Signs

Kind = Literal["flow", "stock"]

# Making Data Count rounds 3 / 1.128, so limits differ from those of abspc and qikit by under 0.02 %.
LIMIT_FACTOR = 2.66
SCREENING_FACTOR = 3.267
NEAR = 2 / 3
# The spreadsheet of Making Data Count shows limits and icons from 13 points; NHSRplotthedots only warns.
FEWEST_POINTS = 13

# Sums of floating-point numbers miss the true value by about 1e-15 of it. Without an allowance a constant
# series of 0.1 would lie outside its own limits.
ROUNDING = 1e-11


@dataclass(frozen=True, slots=True)
class ControlCharts:
    """Charts of many series; arrays (series, time), `high` and `low` (rule as in RULES, series, time).

    values: what is charted (for stocks the changes). centre, lower, upper: nan where the phase has no moving
    range. phases: the number of each point's phase. points: how many points made its limits; trial: fewer
    than 13 did. slack: the allowance for rounding. trends: the trend rule applies. side: above the centre 1,
    below -1, on it or missing 0. step: above the point before 1, below -1, level, missing or a new phase 0.
    high, low: this rule found the point high (rising), low (falling).
    """

    kind: Kind
    values: Floats
    centre: Floats
    lower: Floats
    upper: Floats
    phases: Ints
    points: Ints
    trial: Bools
    slack: Floats
    trends: bool
    side: Signs
    step: Signs
    high: Bools
    low: Bools


def flow_charts(
    values: npt.ArrayLike, *, phases: npt.ArrayLike | None = None, rules: Rules = DEFAULT_RULES
) -> ControlCharts:
    """Ordinary XmR charts: the centre line is the average of the phase, all four rules apply.

    phases: (time,) or (series, time) whole numbers that never fall (see `phases_from`); None is one phase.
    """
    # Limits on a flow hold for independent values only; pages judge with `judged_flow_charts`.
    charted = _as_series(values)
    return _charts(charted, _as_phases(phases, charted), kind="flow", rules=rules)


def stock_charts(
    levels: npt.ArrayLike,
    *,
    turn: npt.ArrayLike | None = None,
    phases: npt.ArrayLike | None = None,
    rules: Rules = DEFAULT_RULES,
) -> ControlCharts:
    """Charts of the change since the period before, around zero: 0 +- 2.66 x screened average moving range.

    turn: (time,) the place of each period in the year; the season of two years and more is then taken out
    (`rtt.spc.expected`). The first change, one to or from a missing period and the step into a new phase are
    nan. Seven changes in a row of one sign are a shift.
    """
    # Zero, not the average change: with England's list of June 2021 to September 2023 24 of 27 changes signal
    # upwards around zero and one around the average, and that a fall: the drift would have become the norm.
    # No trend rule: seven ever larger changes are a shift if they share a sign, and if they do not
    # (-70, -60, ... -10) the rule would call a falling list rising.
    series = _as_series(levels)
    numbers = _as_phases(phases, series)
    changes = _changes(series, numbers)
    course = season_of_changes(changes, numbers, _as_turn(turn))
    return _charts(changes, numbers, kind="stock", rules=rules, course=course)


def judged_flow_charts(
    values: npt.ArrayLike,
    *,
    turn: npt.ArrayLike | None,
    phases: npt.ArrayLike | None = None,
    rules: Rules = DEFAULT_RULES,
) -> ControlCharts:
    """Flows as pages judge them: against their own season and the point before (`rtt.spc.expected`).

    The centre of each point is what was expected of it, the limits are made of the moving ranges of what
    differs from that. turn: (time,) the place of each period in the year, None without a season. The trend
    rule is not used: a season rises and falls for months.
    """
    series = _as_series(values)
    numbers = _as_phases(phases, series)
    course = expected_flows(series, numbers, _as_turn(turn))
    return _charts(series, numbers, kind="flow", rules=rules, course=course)


def with_rules(charts: ControlCharts, rules: Rules) -> ControlCharts:
    off, width = charts.values - charts.centre, charts.upper - charts.centre
    # What did not change is no rise and no fall, whatever its season would have had it do.
    unchanged = (charts.values == 0) & (charts.kind == "stock")
    high, low = (
        ~unchanged
        & _signals(sign * off - charts.slack, width, charts.side == sign, charts.step == sign, charts, rules)
        for sign in (1, -1)
    )
    return replace(charts, high=high, low=low)


def phases_from(periods: int, rebased_at: tuple[int, ...]) -> Ints:
    """Phase numbers (time,): a new phase starts at each of these positions. Positions outside are ignored."""
    starts = np.zeros(periods, dtype=np.int64)
    starts[[at for at in rebased_at if 0 < at < periods]] = 1
    return np.cumsum(starts)


def directions(charts: ControlCharts) -> Signs:
    """(series, time) the direction of each point's first-named signal: high 1, low -1, no signal 0.

    Rules are named in the order of RULES. A point at the end of one trend and the start of the next takes the
    next one's direction. Other signals on the point stay in `high` and `low`, and are to be told as well.
    """
    first = np.zeros(charts.values.shape, dtype=np.int8)
    following = np.zeros_like(first)
    following[:, :-1] = charts.step[:, 1:]
    for high, low in zip(charts.high[::-1], charts.low[::-1], strict=True):
        first = np.where(high & low, following, np.where(high, 1, np.where(low, -1, first))).astype(np.int8)
    return first


def lag_one_autocorrelation(values: npt.ArrayLike) -> Floats:
    """(series,) correlation of each period with the one before; nan for a constant or under 3 pairs.

    With gaps as R's acf(na.action = na.pass): products of complete pairs over their number plus one, squares
    over the number of values. Without gaps this is the usual estimate.
    """
    series = _as_series(values)
    seen = ~np.isnan(series)
    count = seen.sum(axis=1)
    off = np.where(seen, series - _mean(series, seen)[:, None], 0.0)
    varies = np.abs(off).max(axis=1, initial=0.0) > _allowance(series, seen)
    pairs = (seen[:, 1:] & seen[:, :-1]).sum(axis=1)
    covariance = (off[:, 1:] * off[:, :-1]).sum(axis=1) / (pairs + 1)
    variance = (off**2).sum(axis=1) / np.maximum(count, 1)
    return np.where(varies & (pairs >= 3), covariance / np.where(varies, variance, 1.0), np.nan)


def _changes(levels: Floats, phases: Ints) -> Floats:
    changes = np.full_like(levels, np.nan)
    changes[:, 1:] = np.where(phases[:, 1:] == phases[:, :-1], np.diff(levels, axis=1), np.nan)
    return changes


def _charts(
    values: Floats, phases: Ints, *, kind: Kind, rules: Rules, course: Floats | None = None
) -> ControlCharts:
    """Around the average (a flow) or zero (a stock), or around the `course` expected of each point."""
    if course is None:
        centre, width, slack, points = _limits(values, phases, around_zero=kind == "stock")
    else:
        _, width, slack, points = _limits(values - course, phases, around_zero=True)
        slack = np.maximum(slack, ROUNDING * np.nanmax(np.abs(values), axis=1, initial=0.0)[:, None])
        centre = np.where(np.isnan(width), np.nan, course)
    none = np.zeros((len(RULES), *values.shape), dtype=np.bool_)
    unjudged = ControlCharts(
        kind=kind,
        values=values,
        centre=centre,
        lower=centre - width,
        upper=centre + width,
        phases=phases,
        points=points,
        trial=points < FEWEST_POINTS,
        slack=slack,
        side=_sign(values - centre, slack),
        step=_steps(values, slack, phases),
        trends=kind == "flow" and course is None,
        high=none,
        low=none,
    )
    return with_rules(unjudged, rules)


def _sign(distance: Floats, slack: Floats) -> Signs:
    # A comparison with nan is False: a gap has no sign.
    return (distance > slack).astype(np.int8) - (distance < -slack).astype(np.int8)


def _steps(values: Floats, slack: Floats, phases: Ints) -> Signs:
    steps = np.zeros(values.shape, dtype=np.int8)
    within = phases[:, 1:] == phases[:, :-1]
    steps[:, 1:] = np.where(within, _sign(np.diff(values, axis=1), slack[:, 1:]), 0)
    return steps


def _limits(values: Floats, phases: Ints, *, around_zero: bool) -> tuple[Floats, Floats, Floats, Ints]:
    """Centre, distance from it to a limit, rounding allowance, points used: of each point's phase."""
    centre, width, slack = (np.full_like(values, np.nan) for _ in range(3))
    points = np.zeros(values.shape, dtype=np.int64)
    for number in np.unique(phases):
        here = phases == number
        # Older points do not shape today's limits, but are judged by them.
        used = newest(~np.isnan(values) & here)
        rounding = _allowance(values, used)
        middle = np.zeros(len(values)) if around_zero else _mean(values, used)
        reach = LIMIT_FACTOR * _average_moving_range(values, used, rounding)
        for whole, found in ((centre, middle), (width, reach), (slack, rounding)):
            np.copyto(whole, found[:, None], where=here)
        np.copyto(points, used.sum(axis=1)[:, None], where=here)
    return centre, width, slack, points


def _average_moving_range(values: Floats, used: Bools, slack: Floats) -> Floats:
    """(series,) mean |difference| of neighbouring points, screened once; nan without two neighbours.

    Ranges of 3.267 times the mean and more are left out. If nothing that varies is left (a constant series, a
    single jump) the unscreened mean stands: limits without width would flag every point.
    """
    ranges = np.abs(np.diff(values, axis=1))
    known = used[:, 1:] & used[:, :-1]
    plain = _mean(ranges, known)
    screened = _mean(ranges, known & (ranges < (SCREENING_FACTOR * plain - slack)[:, None]))
    return np.where(screened > slack, screened, plain)


def _signals(
    distance: Floats, width: Floats, side: Bools, moved: Bools, charts: ControlCharts, rules: Rules
) -> Bools:
    """(rule, series, time) for one direction. distance: from the centre that way, less the allowance."""
    outside = distance > width
    beyond = distance > NEAR * width
    counted = beyond if rules.two_sigma == "beyond" else beyond & ~outside
    found: dict[Rule, Bools] = {
        "outside": outside,
        "trend": trend(moved, length=rules.length) if charts.trends else np.zeros_like(side),
        "two_in_three": two_in_three(side, counted, charts.phases),
        "shift": shift(side, charts.phases, length=rules.length),
    }
    return np.stack([found[rule] for rule in RULES])


def _mean(values: Floats, used: Bools) -> Floats:
    count = used.sum(axis=1)
    total = np.where(used, values, 0.0).sum(axis=1)
    mean: Floats = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return mean


def _allowance(values: Floats, used: Bools) -> Floats:
    largest: Floats = np.abs(np.where(used, values, 0.0)).max(axis=1, initial=0.0)
    return ROUNDING * largest


def _as_series(values: npt.ArrayLike) -> Floats:
    series = np.atleast_2d(np.asarray(values, dtype=np.float64))
    if series.ndim != 2:
        raise ValueError(f"expected (series, time), not {series.ndim} dimensions")
    if np.isinf(series).any():
        raise ValueError("a series holds an infinite value: give nan where a figure is in the open week band")
    return series


def _as_turn(turn: npt.ArrayLike | None) -> Floats | None:
    return None if turn is None else np.asarray(turn, dtype=np.float64)


def _as_phases(phases: npt.ArrayLike | None, series: Floats) -> Ints:
    given = np.zeros(series.shape[1]) if phases is None else phases
    numbers = np.broadcast_to(np.asarray(given, dtype=np.int64), series.shape)
    if (np.diff(numbers, axis=1) < 0).any():
        raise ValueError("phase numbers fall: phases follow one another in time")
    return numbers
