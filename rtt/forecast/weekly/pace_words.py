"""What is said beside a forecast when the last weeks ran outside usual variation, and what that means."""

from collections.abc import Sequence
from typing import NamedTuple

from rtt.forecast.weekly.pace import RECENT, Pace
from rtt.terms.wording import date_text, list_text, number_text

STOPS, STARTS, REMOVALS = "stops", "starts", "removals"
_RAN = {
    STOPS: "ran at {share} of usual clock stops",
    STARTS: "brought {share} of usual clock starts",
    REMOVALS: "saw {share} of usual removals without a clock stop",
}
_NOUN = {
    STOPS: "clock stops",
    STARTS: "clock starts",
    REMOVALS: "removals without a clock stop",
}
# What it means if it goes on: (flow, more than usual).
_MEANING = {
    (STOPS, False): "If this continues, more patients will be waiting than the estimate says.",
    (STOPS, True): "If this continues, fewer patients will be waiting than the estimate says.",
    (STARTS, False): "If this continues, the list will be shorter than the estimate says; "
    "forecasts take about six weeks to follow a change of referrals.",
    (STARTS, True): "If this continues, the list will be longer than the estimate says; "
    "forecasts take about six weeks to follow a change of referrals.",
    (REMOVALS, False): "If this continues, more patients will be waiting than the estimate says.",
    (REMOVALS, True): "If this continues, fewer patients will be waiting than the estimate says.",
}
_MEANING_OF_MANY = {
    STOPS: "Their estimates assume that most of this is temporary.",
    STARTS: "Their estimates take about six weeks to follow.",
}
MOST_NAMED = 5


class Told(NamedTuple):
    """The pace of one flow of a list or of one specialty (`name`; '' for all); `figure`: may be shown."""

    flow: str
    name: str
    pace: Pace
    figure: bool


def sentences(told: Sequence[Told]) -> list[str]:
    """Of the list or of the one specialty chosen: how each flow ran, and what it means."""
    return [f"{_ran(each)} {_MEANING[each.flow, each.pace.share > 1]}" for each in told]


def of_specialties(told: Sequence[Told]) -> list[str]:
    """One sentence a flow: the specialties outside their own usual variation, the furthest first."""
    found = []
    for flow in (STOPS, STARTS):
        named = sorted(
            (each for each in told if each.flow == flow), key=lambda each: -abs(each.pace.share - 1)
        )
        if named:
            more = len(named) - MOST_NAMED
            names = [f"{each.name} ({_size(each)})" for each in named[:MOST_NAMED]]
            if more > 0:
                names.append("1 other specialty" if more == 1 else f"{more} other specialties")
            found.append(
                f"Outside their own usual {_NOUN[flow]} in the last {RECENT} weeks: {list_text(names)}. "
                + _MEANING_OF_MANY[flow]
            )
    return found


def _ran(each: Told) -> str:
    where = f" in {each.name}" if each.name else ""
    begin = f"The last {RECENT} weeks{where}, to {date_text(each.pace.ends)},"
    if not each.figure:
        side = "above" if each.pace.share > 1 else "below"
        return f"{begin} ran well {side} usual {_NOUN[each.flow]}."
    ran = _RAN[each.flow].format(share=_share(each.pace.share))
    return f"{begin} {ran} (usual variation: {_share(each.pace.low)} to {_share(each.pace.high)})."


def _size(each: Told) -> str:
    if each.figure:
        return f"{_share(each.pace.share)} of usual"
    return "above usual" if each.pace.share > 1 else "below usual"


def _share(share: float) -> str:
    return f"{number_text(100 * share)}%"
