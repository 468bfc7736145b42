"""A slow, literal second implementation of the control charts: one series, exact fractions, plain loops.

It follows the description of the rules, not the code of `rtt.spc.charts`. A missing period is None.
"""

from fractions import Fraction
from itertools import pairwise


def flow(values, phases, length, two_sigma):
    return _chart(_exact(values), phases, length, two_sigma, around_zero=False, trends=True)


def stock(levels, phases, length, two_sigma):
    levels = _exact(levels)
    changes = [None]
    for t in range(1, len(levels)):
        known = levels[t] is not None and levels[t - 1] is not None and phases[t] == phases[t - 1]
        changes.append(levels[t] - levels[t - 1] if known else None)
    return _chart(changes[: len(levels)], phases, length, two_sigma, around_zero=True, trends=False)


def _exact(values):
    return [None if value is None else Fraction(value) for value in values]


def _chart(values, phases, length, two_sigma, *, around_zero, trends):
    """{"centre", "lower", "upper"}: lists; {"high", "low"}: set of (rule, position)."""
    centre, lower, upper = ([None] * len(values) for _ in range(3))
    high, low = set(), set()
    for phase in sorted(set(phases)):
        places = [t for t in range(len(values)) if phases[t] == phase]
        middle, width = _limits([values[t] for t in places], around_zero)
        for t in places:
            # Around zero, a centre without limits is not drawn.
            centre[t] = None if around_zero and width is None else middle
            if width is not None:
                lower[t], upper[t] = middle - width, middle + width
        series = [None if values[t] is None or middle is None else values[t] - middle for t in places]
        opposite = [None if value is None else -value for value in series]
        for signals, one_way in ((high, series), (low, opposite)):
            for rule, at in _signals(one_way, width, length, two_sigma, trends):
                signals.add((rule, places[at]))
    return {"centre": centre, "lower": lower, "upper": upper, "high": high, "low": low}


def _limits(values, around_zero):
    kept, seen = list(values), 0
    for at in reversed(range(len(kept))):
        seen += kept[at] is not None
        if seen > 36:
            kept[at] = None
    known = [value for value in kept if value is not None]
    average = sum(known) / len(known) if known else None
    middle = Fraction(0) if around_zero else average
    ranges = [abs(b - a) for a, b in pairwise(kept) if a is not None and b is not None]
    if not ranges:
        return middle, None
    average = sum(ranges) / len(ranges)
    screened = [moved for moved in ranges if moved < Fraction("3.267") * average]
    if any(screened):
        average = sum(screened) / len(screened)
    return middle, Fraction("2.66") * average


def _signals(series, width, length, two_sigma, trends):
    """Signals upwards of values less their centre."""
    found = set()

    def outside(at):
        return series[at] is not None and width is not None and series[at] > width

    def counts(at):
        if series[at] is None or width is None or series[at] <= width * Fraction(2, 3):
            return False
        return two_sigma == "beyond" or not outside(at)

    def above(at):
        return series[at] is not None and series[at] > 0

    found |= {("outside", at) for at in range(len(series)) if outside(at)}
    for start in range(len(series) - length + 1):
        window = range(start, start + length)
        if all(above(at) for at in window):
            found |= {("shift", at) for at in window}
        known = all(series[at] is not None for at in window)
        if trends and known and all(series[at] > series[at - 1] for at in window[1:]):
            found |= {("trend", at) for at in window}
    for start in range(len(series) - 2):
        window = range(start, start + 3)
        if all(above(at) for at in window) and sum(counts(at) for at in window) >= 2:
            found |= {("two_in_three", at) for at in window if counts(at)}
    return found
