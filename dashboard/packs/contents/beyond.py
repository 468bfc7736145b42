"""Beyond the scope and its months: a provider among the deciles of its peers, England since 2007, and what
the publisher's workbooks tell of anybody else before the extracts.

A page stands where it says something: among ten peers or more with a figure, and where the publisher's series
or a workbook of such a month is loaded.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dashboard.analysis.control_charts import findings_beside
from dashboard.analysis.pack import PackFacts
from dashboard.analysis.published_series import is_published
from dashboard.figures.among_peers import among_peers, lines_told, place_among
from dashboard.packs.contents.axes import in_units, with_axes
from dashboard.packs.contents.page import Page
from dashboard.packs.contents.pages import level
from rtt.benchmark.deciles import MEDIAN
from rtt.findings.findings import Finding, display, is_open_ended
from rtt.measures.standards import is_met, target_words
from rtt.terms.wording import month_text, number_text, percent, share_text

AMONG_PEERS, SINCE_2007, PUBLISHED = "Among peers", "England since 2007", "Published months"
MEASURE = "share_within_18"


def names(found: PackFacts) -> list[str]:
    """The names of the pages that stand in the pack."""
    peers = [AMONG_PEERS] if found.peers else []
    return [*peers, *([_name(found)] if is_published(found.scope, MEASURE) or found.published else [])]


def beyond(found: PackFacts) -> Iterator[Page]:
    """Peers are a provider's alone."""
    yield from _peers(found)
    yield from _history(found)


def _peers(found: PackFacts) -> Iterator[Page]:
    """Where the provider stands, and how its distance to the median moved."""
    if not (peers := found.peers):
        return
    # The name stands at the foot of every page, and may be long.
    title = f"{display(found.charts[MEASURE].last)} within 18 weeks: {place_among(peers)}"
    drawn = replace(among_peers(found.scope, peers), title=title)
    yield Page(
        name=AMONG_PEERS,
        title=title,
        paragraphs=(*_distance(found), lines_told(peers, "this provider")),
        chart=with_axes(drawn, in_units("Within 18 weeks", "share")),
    )


def _distance(found: PackFacts) -> Iterator[str]:
    """ "6.1 points above the median of the peers, 57.8%; 1.2 points above it in April 2024."."""
    peers = found.peers
    known = [
        (day, own.value, float(median))
        for day, own, median in zip(
            peers.days if peers else (),
            peers.own if peers else (),
            peers.deciles.values[MEDIAN] if peers else (),
            strict=True,
        )
        if own is not None and own.value is not None and median == median
    ]
    if not known:
        return
    (first, *before), (_, now, median) = known[0], known[-1]
    then = f"; {_apart(*before)} in {month_text(first)}" if len(known) > 1 else ""
    said = _apart(now, median)
    yield f"{said[0].upper()}{said[1:]} of the peers, {share_text(median)}{then}."


def _apart(value: float, median: float) -> str:
    points = percent(value) - percent(median)
    if not points:
        return "at the median"
    return f"{number_text(abs(points))} points {'above' if points > 0 else 'below'} the median"


def _history(found: PackFacts) -> Iterator[Page]:
    """The share with its published months: when the standard was last met, and the ends that it reached."""
    chart, published = found.charts[MEASURE], found.published
    if not published:
        return
    held = {each.census_date: each for each in findings_beside(found.figures, chart) if each is not None}
    every = sorted((published.at | held).values(), key=lambda each: each.census_date)
    yield Page(
        name=_name(found),
        title=_title_of_history(every),
        paragraphs=(*_ends(every), published.words),
        chart=level(found, chart, published=published),
    )


def _name(found: PackFacts) -> str:
    return SINCE_2007 if is_published(found.scope, MEASURE) else PUBLISHED


def _title_of_history(every: Sequence[Finding]) -> str:
    """ "England last met the 92% standard in February 2016; 59.8% now wait within 18 weeks".

    The name of anybody else stands at the foot of every page, and may be long.
    """
    last = every[-1]
    who = "England" if last.scope.level == "england" else ""
    judged = [each for each in every if each.standard and each.value is not None]
    met = [each for each in judged if each.standard and each.value and is_met(each.standard, each.value)]
    now = f"{display(last)} now wait within 18 weeks"
    if not met or not met[-1].standard:
        return f"{f'{who}: ' if who else ''}{now}, in a series since {month_text(every[0].census_date)}"
    words = f"the {target_words(met[-1].standard)} standard"
    if met[-1] is last:
        return f"{who} meets {words}: {now}" if who else f"{words[0].upper()}{words[1:]} is met: {now}"
    month = month_text(met[-1].census_date)
    return f"{who} last met {words} in {month}; {now}" if who else f"Last met {words} in {month}; {now}"


def _ends(every: Sequence[Finding]) -> Iterator[str]:
    """The highest and the lowest share of the series, each with its newest month."""
    known = [(each.value, each) for each in every if each.value is not None and not is_open_ended(each)]
    if not known:
        return
    newest_first = known[::-1]
    highest = max(newest_first, key=lambda each: each[0])[1]
    lowest = min(newest_first, key=lambda each: each[0])[1]
    top, bottom = month_text(highest.census_date), month_text(lowest.census_date)
    yield (
        f"Since {month_text(every[0].census_date)} the share was highest in {top}, {display(highest)}, and "
        f"lowest in {bottom}, {display(lowest)}."
    )
