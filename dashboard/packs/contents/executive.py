"""The first page of a pack: where we stand, what changed, what we expect, and what the board is asked to do.

Every figure is that of a finding or of a forecast as issued; nothing is worked out here.
"""

from dataclasses import replace

from dashboard.analysis.expected_shown import expected_of, why_none
from dashboard.analysis.not_whole import not_whole_words
from dashboard.analysis.pack import MEASURES, PackFacts
from dashboard.packs.contents import conclusions
from dashboard.packs.contents.commentary import asks_of
from dashboard.packs.contents.page import Message, Page
from rtt.findings import sentences
from rtt.findings.exceptions import Expected
from rtt.findings.findings import Finding, display
from rtt.forecast.weekly.expected import PASSING_18
from rtt.forecast.weekly.expected_words import Shown
from rtt.measures.indicators import INDICATORS
from rtt.terms.wording import NOT_KNOWN, date_text

STANDS, CHANGED, EXPECTED = "Where we stand", "What changed", "What we expect"


def executive(found: PackFacts) -> Page:
    """The page; its three messages fit a slide at the longest names, for none holds one."""
    return Page(
        name="Summary",
        title=title(found),
        paragraphs=tuple(f"{said}." for said in not_whole_words(found.scope)),
        messages=(_stands(found), _changed(found), _expected(found)),
        asks=asks_of(found),
    )


def title(found: PackFacts) -> str:
    """Level, signal or change, and what is expected, in one line."""
    chart = found.charts["share_within_18"]
    signal = chart.variation.icon.word if chart.variation else conclusions.since_then(found, chart)
    level = sentences.title(chart.last)
    return f"{level}{', ' if signal else ''}{signal}; {_ahead_in_short(found)}"


def _stands(found: PackFacts) -> Message:
    share, total, over = (found.charts[key].last for key in ("share_within_18", "total", "over_52"))
    distance = sentences.versus_standard(share)
    lines = [
        f"within 18 weeks{', ' if distance else ''}{distance}.",
        f"{sentences.title(total)}; {_lower(sentences.title(over))}.",
    ]
    return Message(STANDS, display(share), " ".join(lines))


def _changed(found: PackFacts) -> Message:
    share = found.charts["share_within_18"]
    figure = sentences.short_change(share.last)
    figure = "No change" if figure == "0.0 points" else figure
    before = share.last.earlier
    since = f"within 18 weeks since {date_text(before.census_date)}" if before else "within 18 weeks"
    others = [_moved(found.charts[key].last) for key in ("total", "over_52")]
    said = "; ".join(each for each in others if each)
    lines = [
        f"{since}.",
        f"{said[0].upper()}{said[1:]}." if said else "",
        conclusions.signals(found, MEASURES),
    ]
    if figure == NOT_KNOWN:
        figure, lines = display(share.last), ["within 18 weeks; the census before cannot be compared."]
    return Message(CHANGED, figure, " ".join(line for line in lines if line))


def _moved(finding: Finding) -> str:
    change = sentences.short_change(finding)
    return "" if change == NOT_KNOWN else f"{_lower(INDICATORS[finding.indicator_key].name)} {change}"


def _expected(found: PackFacts) -> Message:
    passing = found.charts["passing_18_in_4_weeks"].last
    if told := _of_list(found):
        ends = date_text(found.weekly.will_breach.ends) if found.weekly else ""
        interval = f", 80% interval {told.interval}" if told.interval else ""
        return Message(
            EXPECTED,
            told.value,
            f"can be expected to breach 18 weeks by {ends}{interval}. At risk if no clock stops: "
            f"{display(passing)}.",
        )
    if ahead := found.ahead.get("share_within_18"):
        middle, low, high = _printed(found, ahead)
        return Message(
            EXPECTED,
            middle,
            f"within 18 weeks is forecast for {date_text(ahead.on)} at the present rate of starts and stops, "
            f"80% interval {low} to {high}. Will breach 18 weeks in the next four unless treated: "
            f"{display(passing)}.",
        )
    return Message(
        EXPECTED,
        display(passing),
        "will breach 18 weeks within the next four unless their clocks stop first. It is a count of those "
        "waiting.",
    )


def _printed(found: PackFacts, ahead: Expected) -> tuple[str, ...]:
    """The middle of a forecast and the ends of its interval."""
    last = found.charts["share_within_18"].last
    then = replace(last, census_date=ahead.on, withheld="", about=False)
    return tuple(display(replace(then, value=value)) for value in (ahead.value, ahead.low, ahead.high))


def _of_list(found: PackFacts) -> Shown | None:
    """What is expected of a PTL, as issued and as its readers may see it."""
    weekly = found.weekly
    if weekly is None or weekly.forecast is None:
        return None
    ends = weekly.will_breach.ends
    if why_none(found.scope, weekly.forecast, ends, weekly.bands):
        return None
    told = expected_of(found.scope, weekly.forecast, ends)
    if found.scope.functions and len(told.chosen) != 1:
        return None
    return told.shown(told.headline, PASSING_18)


def _ahead_in_short(found: PackFacts) -> str:
    if told := _of_list(found):
        ends = date_text(found.weekly.will_breach.ends) if found.weekly else ""
        said = told.value if told.value.startswith(("under", "No")) else f"about {told.value}"
        return f"{_lower(said)} can be expected to breach by {ends}"
    if ahead := found.ahead.get("share_within_18"):
        return f"{_printed(found, ahead)[0]} forecast for {date_text(ahead.on)}"
    return f"{sentences.title(found.charts['passing_18_in_4_weeks'].last)} unless treated"


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
