"""Predicted breaches of a weekly list: who passes 18 weeks within four; what is expected, as issued.

The two stand on pages of their own and never share a label, as on the dashboard. Small numbers are kept back
as there for a reader without access.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dashboard.analysis.expected_shown import expected_of, why_none
from dashboard.analysis.pack import PackFacts, Weekly
from dashboard.analysis.will_breach_shown import Table as Counted
from dashboard.analysis.will_breach_shown import of_bands, of_split
from dashboard.figures.chart import Chart
from dashboard.figures.ladder import Rung, height, ladder_chart
from dashboard.packs.contents.page import Page, Table
from rtt.findings import will_breach_words
from rtt.forecast.weekly import expected_words
from rtt.forecast.weekly.expected import OVER_18, PASSING_18, PASSING_52, SHARE_WITHIN_18
from rtt.terms.treatment_functions import TOTAL, short_name_of

NAMES = ("Predicted breaches", "Expected breaches")


def weekly_breaches(found: PackFacts, weekly: Weekly, sentence: str) -> Iterator[Page]:
    """The count and the expectation; `sentence` is that of the finding of the summary."""
    yield _counted(found, weekly, sentence)
    yield _expected(found, weekly)


def _counted(found: PackFacts, weekly: Weekly, sentence: str) -> Page:
    scope, will_breach = found.scope, weekly.will_breach
    split = of_split(scope, weekly.split, weekly.bands, will_breach) if weekly.split else None
    if weekly.split is None or split is None or scope.conceals:
        table = of_bands(weekly.bands, will_breach)
        columns: tuple[str, ...] = ("Specialty", f"Will breach {will_breach.weeks} weeks")
        order: Sequence[int] = (0,)
        why = () if split else (will_breach_words.NOT_HELD,)
        told: tuple[str, ...] = (sentence, will_breach_words.COUNT_NOT_FORECAST, *why)
    else:
        table = split
        columns = ("Specialty", f"Will breach {will_breach.weeks} weeks", *will_breach_words.STATES)
        order = (-1, *range(len(will_breach_words.STATES)))
        told = (sentence, will_breach_words.COUNT_NOT_FORECAST, will_breach_words.WHAT_COUNTS)
    title = will_breach_words.title(table.shown(-1, -1), will_breach)
    rows = [
        (_name(found, code), *(table.shown(row, at) for at in order)) for row, code in enumerate(table.codes)
    ]
    caption = f"Who will {will_breach_words.by_when(will_breach)}, by specialty"
    return Page(
        name=NAMES[0],
        title=f"Predicted breaches: {title[0].lower()}{title[1:]}",
        paragraphs=told,
        chart=_states(found, split, title) if split else None,
        height=height(will_breach_words.STATES),
        tables=(Table(caption, columns, tuple(rows)),),
    )


def _states(found: PackFacts, table: Counted, title: str) -> Chart:
    """The states of all who pass, as the page draws them."""
    rungs = [
        Rung(
            name=name,
            count=None if table.hidden[-1, state] else float(table.counts[-1, state]),
            shown=table.shown(-1, state),
            share=table.share(state, conceals=found.scope.conceals) if table.counts[-1, -1] else "",
        )
        for state, name in enumerate(will_breach_words.STATES)
    ]
    return replace(ladder_chart(rungs, title=title, caption=will_breach_words.COUNT_NOT_FORECAST), hrefs=())


def _expected(found: PackFacts, weekly: Weekly) -> Page:
    forecast, ends = weekly.forecast, weekly.will_breach.ends
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
