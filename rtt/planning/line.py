"""Whether a list is on its line: straight in days from where a plan began to what it asks for when it is due.

A milestone's line begins with the month that its rule compares with, where the source names one, else with
the day of the milestone before it. An organisation's own plan is its line, straight between its months.

Source: docs/planning.md, "The line".
"""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from rtt.measures.standards import MILESTONE, NATIONAL, PROVIDER, standards
from rtt.planning.chance import trajectory
from rtt.planning.target import MEASURE


class OnLine(NamedTuple):
    """A figure and its line on one day, and what the line leads to: per cent within 18 weeks, or pathways."""

    measure: str
    day: date
    value: float
    line: float
    target: float
    due: date

    @property
    def on(self) -> bool:
        """A share is on its line from there up, a list and its long waits from there down."""
        return self.value >= self.line if self.measure == MEASURE else self.value <= self.line


def line_begins(due: date, level: str) -> date | None:
    """The month end from which the line of the milestone of a day is drawn; None where none is known."""
    own, other = (PROVIDER, NATIONAL) if level == "provider" else (NATIONAL, PROVIDER)
    each = {kind: [one for one in standards(measure=MEASURE, level=kind) if one.kind == MILESTONE]
            for kind in (own, other)}  # fmt: skip
    for kind in (own, other):
        named = [one.baseline_month for one in each[kind] if one.starts == due and one.baseline_month]
        if named:
            return named[0]
    before = [one.starts for one in each[own] if one.starts < due]
    return max(before, default=None)


def milestone_line(
    shares: Mapping[date, float], census: date, target: float, due: date, level: str
) -> OnLine | None:
    """Of the share within 18 weeks (per cent, by month end); None where its beginning is not known."""
    begins = line_begins(due, level)
    if begins is None or begins not in shares or census not in shares or not begins <= census < due:
        return None
    line = trajectory(shares[begins], begins, target, due, census)
    return OnLine(MEASURE, census, shares[census], line, target, due)


def own_line(
    measure: str, planned: Mapping[date, float], figures: Mapping[date, float], census: date
) -> OnLine | None:
    """Of an own plan, by month end; None where the census lies outside its months, or has no figure."""
    line = between(planned, census)
    if line is None or census not in figures:
        return None
    last = max(planned)
    return OnLine(measure, census, figures[census], line, planned[last], last)


def between(planned: Mapping[date, float], day: date) -> float | None:
    """The value of a day on the straight lines between months; None outside of them."""
    if day in planned:
        return planned[day]
    for first, last in pairwise(sorted(planned)):
        if first < day < last:
            return trajectory(planned[first], first, planned[last], last, day)
    return None
