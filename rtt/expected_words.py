"""The words of expected breaches: an expectation with its interval, never a count.

What is counted has its own words (`rtt.tip_in_words`), and the two never share a label.
"""

from __future__ import annotations

from datetime import date
from math import ceil, floor
from typing import NamedTuple

from rtt.wording import date_text, number_text, plural

NOTHING = ""
HEADING = "Expected after usual treatment"
COLUMNS = (
    "Specialty",
    "Expected to pass 18 weeks",
    "Expected over 18 weeks",
    "Expected to pass 52 weeks",
    "Expected over 52 weeks",
    "Expected % within 18 weeks",
)
NOT_A_COUNT = (
    "An expectation, not a count: the pathways of this list, each weighed by its chance of still waiting "
    "then, given its specialty, stage, priority, wait and date, and how often this trust’s dates are kept. "
    "Those who pass are on the list now; the other figures include who will join it."
)
INTERVALS = (
    "In four of five such forecasts the figure should fall within its interval; its width comes from how far "
    "off forecasts of this trust’s past lists were."
)
CANNOT_KNOW = (
    "No forecast from these lists can know of a strike to come, extra sessions, a new site or a policy "
    "sprint."
)
NOT_NARROWED = (
    "Expectations are made for the whole list and for each specialty, not by site, priority or pathway."
)
NOT_ISSUED = "No forecast was made from this list. One is made, from the newest list, by: rtt forecast"
NO_SUCH_HORIZON = (
    "Nothing was said about this day. Expectations are made for each of the next 26 weeks and the next three "
    "month ends."
)


class Shown(NamedTuple):
    """A figure and its interval as they are printed."""

    value: str
    interval: str


def shown(value: float, low: float, high: float, *, share: bool = False) -> Shown:
    """412 and "400 to 424"; a share, given in points, as 65.5% and "64.8% to 66.2%".

    The bounds of a count are the whole pathways that hold the interval.
    """
    if share:
        return Shown(f"{number_text(value, 1)}%", f"{number_text(low, 1)}% to {number_text(high, 1)}%")
    return Shown(number_text(value), f"{number_text(floor(low))} to {number_text(ceil(high))}")


def not_known() -> Shown:
    """Where nobody is expected to wait, or nothing was said."""
    return Shown("No pathways", NOTHING)


def with_interval(figure: Shown) -> str:
    """ "412 (400 to 424)"."""
    return f"{figure.value} ({figure.interval})" if figure.interval else figure.value


def title(passing: Shown, ends: date) -> str:
    """ "About 412 (400 to 424) can be expected to pass 18 weeks by 13 Dec 2026"."""
    said = with_interval(passing)
    said = said if said.startswith("under") else f"about {said}"
    return f"{said[0].upper()}{said[1:]} can be expected to pass 18 weeks by {date_text(ends)}"


def sentence(passing_52: Shown, over_18: Shown, share: Shown, *, ends: date, whose: str) -> str:
    """What else is expected by then, in one sentence; `whose` is a specialty, '' for all."""
    of = f" in {whose}" if whose else ""
    return (
        f"By {date_text(ends)}{of}, {with_interval(passing_52)} can be expected to pass 52 weeks; "
        f"{with_interval(over_18)} would then wait over 18 weeks, and {with_interval(share)} of the list "
        "within 18 weeks."
    )


def table_caption(ends: date) -> str:
    """What the table holds."""
    return f"Expected breaches by {date_text(ends)}, by specialty, with 80% intervals"


def kind_sentence(kind: str) -> str:
    """Whether it was issued or made in hindsight."""
    if kind == "issued":
        return "Issued when this list was the newest, and not changed since."
    return "A back-test: made when a later list had been loaded before."


def too_few(lists: int, fewest: int) -> str:
    """Why a short record is not forecast from."""
    return (
        f"Expectations need {fewest} weekly lists to learn from and to be scored on; {plural(lists, 'list')} "
        f"{'is' if lists == 1 else 'are'} held up to this one. The count above is exact; the last value is "
        "the best guess of the rest."
    )
