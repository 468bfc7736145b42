"""Predicted breaches of a weekly list: who passes 18 weeks within four; what is expected, as issued.

The two stand on pages of their own and never share a label, as on the dashboard. Small numbers are kept back
as there for a reader without access.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dashboard.analysis.expected_shown import Expected, expected_of, why_none
from dashboard.analysis.pack import PackFacts, Weekly
from dashboard.analysis.will_breach_shown import UNBOOKED, of_bands, of_split
from dashboard.analysis.will_breach_shown import Table as Counted
from dashboard.figures import bars
from dashboard.figures.chart import Chart
from dashboard.figures.ladder import Rung, height, ladder_chart
from dashboard.packs.contents.axes import in_units, with_axes
from dashboard.packs.contents.page import Box, Page, Table
from rtt.findings import sentences, will_breach_words
from rtt.forecast.weekly import expected_words
from rtt.forecast.weekly.expected import OVER_18, PASSING_18, PASSING_52, SHARE_WITHIN_18
from rtt.terms.printed import Printed
from rtt.terms.treatment_functions import TOTAL, short_name_of
from rtt.terms.wording import list_text

MOST_DRAWN = 12
NOT_ISSUED = "No forecast was issued from this census, so that none is shown."
NAMES = ("Predicted breaches", "Expected breaches")


def weekly_breaches(found: PackFacts, weekly: Weekly, boxes: tuple[Box, ...]) -> Iterator[Page]:
    """The count, with what people wrote of it; and the estimate, where there is one."""
    yield replace(_counted(found, weekly), boxes=boxes)
    if has_estimate(found):
        yield _expected(found, weekly)


def has_estimate(found: PackFacts) -> bool:
    """Whether anything is expected of the scope's PTL by the day that the count ends."""
    weekly = found.weekly
    return weekly is not None and not why_none(
        found.scope, weekly.forecast, weekly.will_breach.ends, weekly.bands
    )


def _counted(found: PackFacts, weekly: Weekly) -> Page:
    scope, will_breach = found.scope, weekly.will_breach
    split = of_split(scope, weekly.split, weekly.bands, will_breach) if weekly.split else None
    if weekly.split is None or split is None or scope.conceals:
        table = of_bands(weekly.bands, will_breach)
        columns: tuple[str, ...] = ("Specialty", f"Will breach {will_breach.weeks} weeks")
        order: Sequence[int] = (0,)
    else:
        table = split
        columns = ("Specialty", f"Will breach {will_breach.weeks} weeks", *will_breach_words.STATES)
        order = (-1, *range(len(will_breach_words.STATES)))
    rows = [
        (_name(found, code), *(table.shown(row, at) for at in order)) for row, code in enumerate(table.codes)
    ]
    count = table.shown(-1, -1)
    title = f"{count[0].upper()}{count[1:]} will {will_breach_words.by_when(will_breach)}"
    if split is not None and not split.hidden[-1, [UNBOOKED, -1]].any():
        title = f"{title}; {split.shown(-1, UNBOOKED)} of them are not booked"
    elif not title.startswith("No"):
        title = f"{title} unless treated"
    return Page(
        name=NAMES[0],
        title=title,
        paragraphs=(
            sentences.sentence(found.charts["passing_18_in_4_weeks"].last),
            *([_most(rows)] if len(rows) > 2 else []),
            *(() if split else (will_breach_words.NOT_HELD,)),
        ),
        chart=_states(found, split, title) if split else None,
        height=height(will_breach_words.STATES),
        tables=(
            Table(f"Who will {will_breach_words.by_when(will_breach)}, by specialty", columns, tuple(rows)),
        ),
    )


def _most(rows: Sequence[tuple[str, ...]]) -> str:
    """The specialties with the largest counts that are shown."""
    known = [(cell.value, row[0], cell) for row in rows[:-1] if isinstance(cell := row[1], Printed)]
    largest = sorted(known, key=lambda each: (-each[0], each[1]))[:3]
    named = [f"{name} ({shown})" for value, name, shown in largest if value]
    return f"Most are in {list_text(named)}." if named else ""


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
    drawn = ladder_chart(rungs, title=title, caption=will_breach_words.COUNT_NOT_FORECAST)
    return with_axes(replace(drawn, hrefs=()), "Pathways")


def _expected(found: PackFacts, weekly: Weekly) -> Page:
    forecast, ends = weekly.forecast, weekly.will_breach.ends
    assert forecast is not None
    told = expected_of(found.scope, forecast, ends)
    # Of two specialties together nothing was forecast, and the figure of all is not theirs.
    one = len(told.chosen) == 1 or not found.scope.functions
    sentence = expected_words.sentence(
        *(told.shown(told.headline, measure) for measure in (PASSING_52, OVER_18, SHARE_WITHIN_18)),
        ends=ends,
        whose="" if told.headline == TOTAL else short_name_of(told.headline),
    )
    rows = [(_name(found, code), *told.row(code)) for code in told.rows]
    title = (
        expected_words.title(told.shown(told.headline, PASSING_18), ends) if one else expected_words.HEADING
    )
    drawn = _largest(told, title)
    return Page(
        name=NAMES[1],
        title=title,
        paragraphs=(
            sentence if one else expected_words.ONE_OR_ALL,
            *weekly.pace.sentences,
            expected_words.CANNOT_KNOW,
        ),
        chart=drawn,
        height=bars.height(drawn.rows) if drawn else 0,
        tables=(Table(expected_words.table_caption(ends), expected_words.COLUMNS, tuple(rows)),),
    )


def _largest(told: Expected, title: str) -> Chart | None:
    """The specialties in which most are expected; None where fewer than two may be drawn."""
    known: list[tuple[Printed, str, str]] = []
    for code in told.chosen:
        figure = told.shown(code, PASSING_18)
        if figure.interval and isinstance(figure.value, Printed):
            known.append((figure.value, figure.interval, short_name_of(code)))
    if len(known) < 2:
        return None
    known.sort(key=lambda each: (-each[0].value, each[2]))
    drawn = [
        bars.Bar(name, name, figure.value, figure, "", others=(interval,))
        for figure, interval, name in known[:MOST_DRAWN]
    ]
    name = expected_words.COLUMNS[1]
    chart = bars.bar_chart(
        drawn,
        unit="pathways",
        title=title,
        caption=expected_words.NOT_A_COUNT,
        what=f"{name.lower()} by specialty",
        columns=("Specialty", name, "80% interval"),
    )
    return with_axes(replace(chart, hrefs=()), in_units(name, "pathways"))


def method(found: PackFacts) -> tuple[str, ...]:
    """What count and estimate are, and why there is no estimate where there is none: for the appendix."""
    weekly = found.weekly
    if weekly is None:
        return (found.no_forecast,) if found.no_forecast else (() if found.forecast else (NOT_ISSUED,))
    told = [will_breach_words.COUNT_NOT_FORECAST]
    told += [will_breach_words.WHAT_COUNTS] if weekly.split is not None else []
    if has_estimate(found) and weekly.forecast is not None:
        expected = expected_of(found.scope, weekly.forecast, weekly.will_breach.ends)
        few = any(expected.too_few(code) for code in expected.rows)
        told += [expected_words.NOT_A_COUNT]
        told += [f"{expected_words.INTERVALS} {expected_words.kind_sentence(expected.kind)}"]
        told += [f"{expected_words.TOO_FEW}: {expected_words.NONE_OF_SO_FEW}"] if few else []
    else:
        ends = weekly.will_breach.ends
        told += [why_none(found.scope, weekly.forecast, ends, weekly.bands)]
    return tuple(told)


def _name(found: PackFacts, code: str) -> str:
    if code != TOTAL:
        return short_name_of(code)
    return "Total" if found.scope.functions else "All specialties"
