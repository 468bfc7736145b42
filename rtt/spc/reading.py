"""What one control chart says: the signals on each point in words, and its variation icon.

Icon, word, shape and arrow are made in one place (`variation_icon`) so that they cannot contradict each
other: the arrow is the direction of the data, word and shape say whether that is good.

Source: the variation icons of NHS Making Data Count; order of naming as NHSRplotthedots 0.2.2.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from rtt.spc.charts import FEWEST_POINTS, ControlCharts, Kind, directions
from rtt.spc.rules import RULES, Rule
from rtt.terms.arrays import Bools, Floats
from rtt.terms.wording import plural

Direction = Literal["up", "down"]
Good = Literal["higher", "lower"]
Meaning = Literal["improving", "concerning", "common cause", "neutral"]
Shape = Literal["triangle-up", "triangle-down", "square", "circle", "diamond"]

WORDS: dict[Meaning, str] = {
    "improving": "improving",
    "concerning": "concerning",
    "common cause": "no significant change",
    "neutral": "special cause, neither improvement nor concern",
}

# High and low. A stock has no trend rule: see `rtt.spc.charts.stock_charts`.
PHRASES: dict[tuple[Kind, Rule], tuple[str, str]] = {
    ("flow", "outside"): ("above the upper limit", "below the lower limit"),
    ("flow", "trend"): ("{run} points in a row rising", "{run} points in a row falling"),
    ("flow", "two_in_three"): (
        "2 of 3 points in a row far above what was expected",
        "2 of 3 points in a row far below what was expected",
    ),
    ("flow", "shift"): (
        "{run} points in a row above what was expected",
        "{run} points in a row below what was expected",
    ),
    ("stock", "outside"): ("a rise beyond the limits of change", "a fall beyond the limits of change"),
    ("stock", "two_in_three"): (
        "2 of 3 changes in a row large and upwards",
        "2 of 3 changes in a row large and downwards",
    ),
    ("stock", "shift"): ("{run} changes in a row upwards", "{run} changes in a row downwards"),
}


@dataclass(frozen=True, slots=True)
class Signal:
    """One rule that one point breaks. run: how many points in a row share it (1 for a single point)."""

    rule: Rule
    direction: Direction
    run: int
    words: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One series of `ControlCharts`: arrays (time,); signals of each point, the first-named first."""

    kind: Kind
    values: Floats
    centre: Floats
    lower: Floats
    upper: Floats
    trial: Bools
    points_in_limits: int
    signals: tuple[tuple[Signal, ...], ...]


@dataclass(frozen=True, slots=True)
class Icon:
    """meaning and word for the reader, shape and arrow for the eye; arrow is None without a signal."""

    meaning: Meaning
    word: str
    shape: Shape
    arrow: Direction | None


@dataclass(frozen=True, slots=True)
class Variation:
    """The icon of one point, the signals that earned it, and those that point the other way."""

    icon: Icon
    signals: tuple[Signal, ...]
    against: tuple[Signal, ...]


def one(charts: ControlCharts, i: int) -> Reading:
    """The chart of series `i`, with its signals in words. points_in_limits is that of the last phase."""
    first = directions(charts)[i]
    flagged: Bools = np.logical_or.reduce(charts.high[:, i] | charts.low[:, i], axis=0)
    return Reading(
        kind=charts.kind,
        values=charts.values[i],
        centre=charts.centre[i],
        lower=charts.lower[i],
        upper=charts.upper[i],
        trial=charts.trial[i],
        points_in_limits=int(charts.points[i, -1]),
        signals=tuple(
            _signals_at(charts, i, t, int(first[t])) if flagged[t] else () for t in range(len(first))
        ),
    )


def variation(reading: Reading, *, good: Good | None, at: int = -1) -> Variation | None:
    """The variation at one point, the last unless told; None where it or its limits are missing, or trial.

    The first-named signal gives the icon. A signal the other way does not cancel it: both are told.
    """
    if reading.trial[at] or np.isnan(reading.values[at]) or np.isnan(reading.upper[at]):
        return None
    signals = reading.signals[at]
    direction = signals[0].direction if signals else None
    return Variation(
        icon=variation_icon(direction, good=good),
        signals=tuple(signal for signal in signals if signal.direction == direction),
        against=tuple(signal for signal in signals if signal.direction != direction),
    )


def variation_icon(direction: Direction | None, *, good: Good | None) -> Icon:
    """Meaning, word, shape and arrow of a signal in this direction (None: no signal).

    good: which way is better, None where neither is. A triangle points where the data went.
    """
    if direction is None:
        return Icon("common cause", WORDS["common cause"], "circle", None)
    if good is None:
        return Icon("neutral", WORDS["neutral"], "diamond", direction)
    if (direction == "up") == (good == "higher"):
        shape: Shape = "triangle-up" if direction == "up" else "triangle-down"
        return Icon("improving", WORDS["improving"], shape, direction)
    return Icon("concerning", WORDS["concerning"], "square", direction)


def variation_sentence(found: Variation) -> str:
    """ "Concerning: 9 changes in a row upwards." and, if so, "At the same time: ..." for the other way."""
    named = found.icon.word.capitalize()
    if not found.signals:
        return f"{named}."
    sentence = f"{named}: {_listed(found.signals)}."
    return f"{sentence} At the same time: {_listed(found.against)}." if found.against else sentence


def limits_note(reading: Reading) -> str | None:
    """What to say of limits made from too few points; None if there are 13 or more."""
    if not reading.trial[-1]:
        return None
    points = plural(reading.points_in_limits, "point")
    return f"Trial limits: {points}, {FEWEST_POINTS} are needed to judge variation."


def _signals_at(charts: ControlCharts, i: int, t: int, first: int) -> tuple[Signal, ...]:
    found: list[Signal] = []
    for flags, sign in ((charts.high, 1), (charts.low, -1)):
        for rule, flag in zip(RULES, flags[:, i, t], strict=True):
            if flag:
                found.append(_signal(charts, i, t, rule, sign))
    ahead: Direction = "up" if first > 0 else "down"
    return tuple(sorted(found, key=lambda signal: (RULES.index(signal.rule), signal.direction != ahead)))


def _signal(charts: ControlCharts, i: int, t: int, rule: Rule, sign: int) -> Signal:
    direction: Direction = "up" if sign > 0 else "down"
    run = _run(charts, i, t, rule, sign)
    upwards, downwards = PHRASES[charts.kind, rule]
    return Signal(rule, direction, run, (upwards if sign > 0 else downwards).format(run=run))


def _run(charts: ControlCharts, i: int, t: int, rule: Rule, sign: int) -> int:
    """Length of the whole run that the point belongs to, in both directions of time."""
    last = charts.values.shape[1] - 1
    start = end = t
    if rule == "shift":
        sides, phases = charts.side[i], charts.phases[i]
        while start > 0 and sides[start - 1] == sign and phases[start - 1] == phases[t]:
            start -= 1
        while end < last and sides[end + 1] == sign and phases[end + 1] == phases[t]:
            end += 1
    elif rule == "trend":
        steps = charts.step[i]
        while steps[start] == sign:  # the first point of a series has step 0
            start -= 1
        while end < last and steps[end + 1] == sign:
            end += 1
    return end - start + 1


def _listed(signals: tuple[Signal, ...]) -> str:
    return "; ".join(signal.words for signal in signals)
