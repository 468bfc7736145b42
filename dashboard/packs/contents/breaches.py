"""Predicted breaches of a weekly list: who passes 18 weeks within four; what is expected, as issued.

The two stand on pages of their own and never share a label, as on the dashboard. Small numbers are kept back
as there for a reader without access.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dashboard.analysis.expected_shown import expected_of, why_none
from dashboard.analysis.ladder_shown import Table as Ladder
from dashboard.analysis.ladder_shown import of_bands, of_split
from dashboard.analysis.pack import PackFacts, Weekly
from dashboard.figures.chart import Chart
from dashboard.figures.ladder import Rung, height, ladder_chart
from dashboard.packs.contents.page import Page, Table
from rtt.findings import tip_in_words
from rtt.forecast.weekly import expected_words
from rtt.forecast.weekly.expected import OVER_18, PASSING_18, PASSING_52, SHARE_WITHIN_18
from rtt.terms.treatment_functions import TOTAL, short_name_of

NAMES = ("Predicted breaches", "Expected breaches")


def weekly_breaches(found: PackFacts, weekly: Weekly, sentence: str) -> Iterator[Page]:
    """The count and the expectation; `sentence` is that of the finding of the summary."""
    yield _counted(found, weekly, sentence)
    yield _expected(found, weekly)


def _counted(found: PackFacts, weekly: Weekly, sentence: str) -> Page:
    scope, passing = found.scope, weekly.passing
    split = of_split(scope, weekly.split, weekly.bands, passing) if weekly.split else None
    if weekly.split is None or split is None or scope.conceals:
        ladder = of_bands(weekly.bands, passing)
        columns: tuple[str, ...] = ("Specialty", f"Pass {passing.weeks} weeks")
        order: Sequence[int] = (0,)
        why = () if split else (tip_in_words.NOT_HELD,)
        told: tuple[str, ...] = (sentence, tip_in_words.COUNT_NOT_FORECAST, *why)
    else:
        ladder = split
        columns = ("Specialty", f"Pass {passing.weeks} weeks", *tip_in_words.STATES)
        order = (-1, *range(len(tip_in_words.STATES)))
        told = (sentence, tip_in_words.COUNT_NOT_FORECAST, tip_in_words.WHAT_COUNTS)
    title = tip_in_words.title(ladder.shown(-1, -1), passing)
    rows = [
        (_name(found, code), *(ladder.shown(row, at) for at in order))
        for row, code in enumerate(ladder.codes)
    ]
    caption = f"Who will {tip_in_words.by_when(passing)}, by specialty"
    return Page(
        name=NAMES[0],
        title=f"Predicted breaches: {title[0].lower()}{title[1:]}",
        paragraphs=told,
        chart=_states(found, split, title) if split else None,
        height=height(tip_in_words.STATES),
        tables=(Table(caption, columns, tuple(rows)),),
    )


def _states(found: PackFacts, ladder: Ladder, title: str) -> Chart:
    """The states of all who pass, as the page draws them."""
    rungs = [
        Rung(
            name=name,
            count=None if ladder.hidden[-1, state] else float(ladder.counts[-1, state]),
            shown=ladder.shown(-1, state),
            share=ladder.share(state, conceals=found.scope.conceals) if ladder.counts[-1, -1] else "",
        )
        for state, name in enumerate(tip_in_words.STATES)
    ]
    return replace(ladder_chart(rungs, title=title, caption=tip_in_words.COUNT_NOT_FORECAST), hrefs=())


def _expected(found: PackFacts, weekly: Weekly) -> Page:
    forecast, ends = weekly.forecast, weekly.passing.ends
    if (reason := why_none(found.scope, forecast, ends, weekly.bands)) or forecast is None:
        return Page(name=NAMES[1], title=expected_words.HEADING, paragraphs=(reason,))
    told = expected_of(found.scope, forecast, ends)
    # Of two specialties together nothing was forecast, and the figure of all is not theirs.
    one = len(told.chosen) == 1 or not found.scope.functions
    sentence = expected_words.sentence(
        *(told.shown(told.headline, measure) for measure in (PASSING_52, OVER_18, SHARE_WITHIN_18)),
        ends=ends,
        whose="" if told.headline == TOTAL else short_name_of(told.headline),
    )
    rows = [(_name(found, code), *told.row(code)) for code in told.rows]
    few = any(told.too_few(code) for code in told.rows)
    return Page(
        name=NAMES[1],
        title=expected_words.title(told.shown(told.headline, PASSING_18), ends)
        if one
        else expected_words.HEADING,
        paragraphs=(
            sentence if one else expected_words.ONE_OR_ALL,
            *weekly.pace.sentences,
            expected_words.NOT_A_COUNT,
            f"{expected_words.INTERVALS} {expected_words.kind_sentence(told.kind)}",
            *([f"{expected_words.TOO_FEW}: {expected_words.NONE_OF_SO_FEW}"] if few else []),
            expected_words.CANNOT_KNOW,
        ),
        tables=(Table(expected_words.table_caption(ends), expected_words.COLUMNS, tuple(rows)),),
    )


def _name(found: PackFacts, code: str) -> str:
    if code != TOTAL:
        return short_name_of(code)
    return "Total" if found.scope.functions else "All specialties"
