"""The words of expected breaches: an estimate with its interval, never a count.

What is counted has its own words (`rtt.findings.will_breach_words`), and the two never share a label.
"""

from datetime import date
from math import ceil, floor
from typing import NamedTuple

from rtt.forecast.score import words as score_words
from rtt.forecast.score.issued import Issued, Tally
from rtt.forecast.weekly.expected import OVER_18, OVER_52, PASSING_18, PASSING_52, SHARE_WITHIN_18, TOTAL
from rtt.measures.will_breach import WillBreach
from rtt.terms.printed import printed
from rtt.terms.wording import date_text, number_text, plural, rounded

NOTHING = ""
HOW_THEY_DIFFER = (
    "The count is everyone on the list who breaches if nothing is done. The estimate is how many of them are "
    "likely to, because usual treatment stops some of their clocks before the day. Book from the count; plan "
    "with the estimate."
)
WEEKLY_ONLY = "Estimates need a trust’s weekly PTL."
NO_SUCH_THRESHOLD = "Estimates are made for 18 and for 52 weeks."
ONE_OR_ALL = "Estimates are made for one specialty or for all: the table below has each."
HEADING = "Expected after usual treatment"
COLUMNS = (
    "Specialty",
    "Expected to breach 18 weeks",
    "Expected over 18 weeks",
    "Expected to breach 52 weeks",
    "Expected over 52 weeks",
    "Expected % within 18 weeks",
)
NAMES = {
    PASSING_18: "Breaching 18 weeks",
    OVER_18: "Over 18 weeks",
    PASSING_52: "Breaching 52 weeks",
    OVER_52: "Over 52 weeks",
    TOTAL: "Waiting list",
    SHARE_WITHIN_18: "Within 18 weeks",
}
NOT_A_COUNT = (
    "An estimate: each pathway is weighted by its probability of still waiting on that date. This follows "
    "from its specialty, stage, priority, wait and booked date, and how often this trust’s dates are kept. "
    "Patients who will breach are on this PTL now; the other figures include those who will join it."
)
INTERVALS = (
    "Four of five such forecasts should fall within their interval. Its width comes from the errors of "
    "forecasts of this trust’s past lists; it is wider after three weeks that forecasts missed on one side."
)
CANNOT_KNOW = "Strikes, extra sessions, new sites and national schemes are not predicted."
NOT_NARROWED = (
    "Estimates are made for the whole PTL and for each specialty, not by site, priority or pathway."
)
NOT_ISSUED = "No forecast was made from this PTL. Whoever loads the data can make one from the newest PTL."
NO_SUCH_HORIZON = (
    "There is no forecast for this day. Forecasts are made for each of the next 26 weeks and the next three "
    "month ends."
)
TOO_FEW = "Too few"
FEWEST_PATHWAYS = 20
NONE_OF_SO_FEW = (
    f"No estimate is given for a specialty with fewer than {FEWEST_PATHWAYS} pathways: too much of it would "
    "be chance."
)

SCORE_HEADING = "How good the forecasts have been"
ONE_AT_A_TIME = "Forecasts are scored for the whole PTL or for one specialty: choose one."


SCORE_NOTE = (
    "Each forecast is kept as issued, to one decimal, and compared with the PTL for that date now loaded "
    "(version shown). “No change” is the same figure on the day of the forecast or, of those who will "
    "breach a threshold, how many breached in as many weeks before it. Forecasts for a month’s end "
    "between two lists are not scored."
)
BACK_TEST = (
    "Forecasts made again from this trust’s past lists, each from its own past alone and with the interval "
    "of its day. This is a back-test of the method, not what was issued. Includes periods when the forecast "
    "did worse than no change."
)


class Shown(NamedTuple):
    value: str
    interval: str


def shown(value: float, low: float, high: float, *, share: bool = False) -> Shown:
    """412 and "400 to 424"; a share, given in points, as 65.5% and "64.8% to 66.2%".

    The bounds of a count are the whole numbers within the interval: rounded outwards, those of a specialty's
    few patients over 52 weeks held 97 % of the time where 80 % is said. The figure itself is never outside.
    """
    # As rounded in a workbook too: the decimals of an estimate help to tell the few whom it is made of.
    if share:
        points = rounded(value, 1)
        told = printed(f"{number_text(points)}%", float(points) / 100, places=1, unit="%")
        return Shown(told, f"{number_text(low, 1)}% to {number_text(high, 1)}%")
    figure = int(rounded(value, 0))
    return Shown(
        number_text(figure),
        f"{number_text(min(ceil(low), figure))} to {number_text(max(floor(high), figure))}",
    )


def not_known() -> Shown:
    """Where nobody is expected to wait, or no figure was forecast."""
    return Shown("No pathways", NOTHING)


def with_interval(figure: Shown) -> str:
    """ "412 (400 to 424)"."""
    return f"{figure.value} ({figure.interval})" if figure.interval else figure.value


def title(passing: Shown, ends: date, *, weeks: int = 18) -> str:
    """ "About 412 (400 to 424) can be expected to breach 18 weeks by 13 Dec 2026"."""
    said = with_interval(passing)
    said = said if said.startswith("under") else f"about {said}"
    return f"{said[0].upper()}{said[1:]} can be expected to breach {weeks} weeks by {date_text(ends)}"


def sentence(passing: Shown, over: Shown, share: Shown, *, ends: date, whose: str, weeks: int = 18) -> str:
    """What else is expected by then, in one sentence; `weeks`: the threshold of the title.

    `passing` is of the other threshold, `over` of this one; `whose` is a specialty, '' for all.
    """
    of = f" in {whose}" if whose else ""
    other = 18 if weeks == 52 else 52
    return (
        f"By {date_text(ends)}{of}, {with_interval(passing)} can be expected to breach {other} weeks; "
        f"{with_interval(over)} would then wait over {weeks} weeks, and {with_interval(share)} of the "
        "list within 18 weeks."
    )


def other_threshold(weeks: int) -> str:
    """What is shown where a threshold was asked for that no estimate is made of; '' for the others."""
    return "" if weeks in (18, 52) else f"Estimates are made for 18 and 52 weeks, not for {weeks}."


def table_caption(ends: date) -> str:
    return f"Expected breaches by {date_text(ends)}, by specialty, with 80% intervals"


def kind_sentence(kind: str) -> str:
    if kind == "issued":
        return "Issued when this PTL was the newest, and not changed since."
    return "A back-test: made when a later list had been loaded before."


def too_few(lists: int, fewest: int, present: str = "") -> str:
    """Why a short record is not forecast from; `present`: what waits now, '' where it may not be shown."""
    now = f": {present}" if present else ""
    return (
        f"Forecasts need {fewest} weekly lists to learn from and to be scored on; {plural(lists, 'list')} "
        f"{'is' if lists == 1 else 'are'} loaded up to this one. The count above is exact. Until then the "
        f"best estimate is no change{now}."
    )


def present_text(over_18: float, over_52: float, share: float) -> str:
    """What waits now: the figures of a forecast of no change; `share` in points."""
    return (
        f"{number_text(over_18)} over 18 weeks, {number_text(over_52)} over 52 weeks, "
        f"{number_text(share, 1)}% within 18 weeks"
    )


def chart_title(name: str, figure: str, weeks: int, *, one: bool) -> str:
    """ "Most are expected in Urology: 120 (100 to 141)"; of one specialty alone without "most"."""
    return f"{f'Expected to breach {weeks} weeks' if one else 'Most are expected'} in {name}: {figure}"


def chart_caption(whole: Shown, counted: str, passing: WillBreach, *, left_out: str) -> str:
    """What ring and bar are, and of all specialties together how many are expected of how many; `counted` is
    '' where not all are told, `left_out` those that are not drawn.
    """
    ends = date_text(passing.ends)
    finding = ""
    if counted:
        finding = (
            f"Of the {counted} at risk of breaching {passing.weeks} weeks by {ends}, "
            f"{with_interval(whole)} can be expected to breach and still wait. "
        )
    more = f" {left_out}" if left_out else ""
    return (
        f"{finding}Grey bar: the count at risk, all who will breach unless their clocks stop first. Ring: "
        f"the expectation with its 80% interval.{more}"
    )


# The score: figures as they are frozen, to one decimal, so that errors can be checked against them.


def scored_figure(measure: str, value: float) -> str:
    return f"{number_text(value, 1)}%" if measure == SHARE_WITHIN_18 else number_text(value)


def frozen(said: Issued) -> str:
    """ "412.3 (80%: 400.2 to 423.9)"; a share as "65.5% (80%: 64.8% to 66.2%)"."""
    unit = "%" if said.measure == SHARE_WITHIN_18 else ""
    value, low, high = (f"{number_text(each, 1)}{unit}" for each in (said.value, *said.limits[1]))
    return f"{value} (80%: {low} to {high})"


def error_text(measure: str, error: float) -> str:
    """11.7 pathways; 0.4 points; 1.2% of the list."""
    return score_words.error_text(measure, error, places=1)


def ahead_text(weeks: int) -> str:
    return plural(weeks, "week")


class ScoreSoFar(NamedTuple):
    """The PTLs forecast from, how many figures are scored and withheld, the target of the next; the horizon
    asked for in weeks, and the tally of its figures (None: none is scored, or none may be shown).
    """

    issued: tuple[date, ...]
    scored: int
    withheld: int
    next_target: date | None
    weeks: int
    tally: Tally | None


def score_sentence(found: ScoreSoFar, measure: str) -> str:
    """How many were issued and scored, and how far off those of the horizon asked for were."""
    if not found.issued:
        return "No forecast of this PTL has been issued yet."
    since = f"{plural(len(found.issued), 'forecast')} issued since {date_text(found.issued[0])}"
    then = f"can be scored with the PTL of {date_text(found.next_target)}." if found.next_target else ""
    if not found.scored:
        return f"{since}. No figure can be scored yet." + (f" The first {then}" if then else "")
    parts = [
        f"{since}; {plural(found.scored, 'figure')} scored.",
        f"{plural(found.withheld, 'figure')} withheld (small numbers)." if found.withheld else "",
        _how_good(found, measure),
        f"The next {then}" if then else "",
    ]
    return " ".join(part for part in parts if part)


def _how_good(found: ScoreSoFar, measure: str) -> str:
    tally = found.tally
    if tally is None:
        return f"None {ahead_text(found.weeks)} ahead can be shown yet."
    held = (
        f"{ahead_text(tally.horizon)} ahead, {tally.held[1]} of {tally.n} figures lay within their 80% "
        f"interval; the mean error was {error_text(measure, tally.error)}"
    )
    if not tally.compared:
        return f"{held}."
    beside = f", {score_words.skill_text(tally.skill)}" if tally.skill is not None else ""
    return f"{held}, that of no change {error_text(measure, tally.error_naive)}{beside}."


def score_note(not_known: int) -> str:
    """What is compared with what, and how many figures cannot be."""
    missing = ""
    if not_known:
        verb = "is" if not_known == 1 else "are"
        missing = (
            f" {plural(not_known, 'figure')} of past days {verb} not scored: no PTL of that day, or of a "
            "week before it, is loaded."
        )
    return SCORE_NOTE + missing
