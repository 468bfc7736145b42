"""A plot as Office draws it: categories and series, made from the values alone.

Office has no bands, no marks that differ within a series, no bars that float, and no marks over horizontal
bars: a band is its two ends, marks are a series for each signal, a floating bar is a stack whose offset is
not seen, and stands vertical. A map of squares and a plot without a point give None: the table stands in for
it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from dashboard.figures import plot as typed
from dashboard.figures import theme
from dashboard.figures.chart import Chart
from dashboard.figures.plot import Band, Bars, Line, Reference, RowMarks, Style, colour_and_shape
from dashboard.packs.contents.page import Page, Table
from dashboard.packs.office.series import (
    Kind,
    Plot,
    Series,
    label_format,
    labels_apart,
    named_apart,
    number_format,
    round_ends,
)
from rtt.terms.printed import MINUS

OFFSET = "Foot of the bars (not shown)"
ADDED, TAKEN = "Added", "Taken off"
Days = Sequence[date]
Pair = tuple[float, float] | None


def plot_of(chart: Chart) -> Plot | None:
    """The office chart; None where there is nothing to draw in it."""
    plot = chart.plot
    if plot.kind == "tiles":
        return None
    measure = chart.columns[min(1, len(chart.columns) - 1)]
    drawn = _floating(plot) if _floats(plot) else _DRAWN[plot.kind](plot, measure)
    # Lines over bars are no chart without them.
    own = [each for each in drawn.series if not each.line]
    there = bool(own) and any(value is not None for each in drawn.series for value in each.values)
    return _titled(drawn, chart, measure) if there else None


UNITS = {
    "share": "%",
    "points": "percentage points",
    "weeks": "weeks",
    "band": "weeks",
    "pathways": "pathways",
}


def _titled(drawn: Plot, chart: Chart, measure: str) -> Plot:
    """With the names of its axes: what the values are, and what they stand along."""
    plot = chart.plot
    unit = UNITS.get(plot.axis.unit, "")
    up = plot.axis.title or (f"{measure}, {unit}" if unit and unit not in measure.lower() else measure)
    along = plot.along_title or {"Census": "Census date"}.get(chart.columns[0], chart.columns[0])
    return replace(_with_uprights(drawn, plot), up_title=up, along_title=along)


def _with_uprights(drawn: Plot, plot: typed.Plot) -> Plot:
    """Each line between bars as a point at the top of the axis, from which the line falls."""
    if not plot.uprights:
        return drawn
    _, high, step = round_ends(plot.axis)
    lines = tuple(
        Series(
            words,
            tuple(high if at == place else None for at in range(len(drawn.categories))),
            Style(theme.TEXT),
            line=True,
            in_legend=False,
            upright=True,
        )
        for place, words in plot.uprights
    )
    return replace(drawn, series=(*drawn.series, *lines), high=high, step=step)


def tables_of(page: Page, plot: Plot | None) -> tuple[Table, ...]:
    """The tables of a page; that of its chart among them where there is no `plot` of it."""
    if page.chart is None or plot:
        return page.tables
    chart = page.chart
    return (Table(f"{chart.title}: the chart as a table", chart.columns, chart.rows), *page.tables)


def _floats(plot: typed.Plot) -> bool:
    return any(isinstance(each, Bars) and each.bases for each in plot.series)


def _over_time(plot: typed.Plot, measure: str) -> Plot:
    """Lines and points over dates."""
    drawn = [each for each in plot.series if not _is_echo(each)]
    at = sorted({day for each in drawn for day in _days_of(each)})
    lines = [part for each in drawn for part in _lines(each, at, measure)]
    # The mark at the end of a line that has its name would say it again, on top of it and in the legend.
    first = {each.name: row for row, each in reversed(list(enumerate(lines)))}
    lines = [
        replace(each, named=False, in_legend=False) if each.named and first[each.name] != row else each
        for row, each in enumerate(lines)
    ]
    series = [
        *_ends_of_bands([each for each in drawn if isinstance(each, Band)], at),
        *(each for each in lines if any(value is not None for value in each.values)),
    ]
    low, high, step = round_ends(plot.axis)
    return Plot(
        kind="dates",
        categories=tuple(at),
        series=tuple(named_apart(series)),
        number_format=number_format(plot.axis),
        low=low,
        high=high,
        step=step,
        label=label_format(plot.axis),
    )


def _is_echo(series: typed.Series) -> bool:
    """Whether it is the last point again, larger."""
    return isinstance(series, Line) and len(series.at) == 1 and not series.hover


def _days_of(series: typed.Series) -> Iterator[date]:
    places = (series.starts, series.ends) if isinstance(series, Reference) else getattr(series, "at", ())
    yield from (day for day in places if isinstance(day, date))


def _lines(series: typed.Series, at: Days, measure: str) -> Iterator[Series]:
    if isinstance(series, Reference):
        style, point = series.style, series.starts == series.ends and series.style.marker
        # At every date between its ends, so that it is drawn through.
        values = tuple(series.value if series.starts <= day <= series.ends else None for day in at)
        own = replace(style, width=0.0) if point else replace(style, marker="")
        yield Series(series.name, values, own, named=True)
    elif isinstance(series, Line) and series.marks:
        yield from _by_signal(series, at)
    elif isinstance(series, Line):
        yield Series(series.name or measure, _at_days(series, series.values, at), series.style)


def _at_days(line: Line, values: Sequence[float | None], at: Days) -> tuple[float | None, ...]:
    known = dict(zip(line.at, values, strict=True))
    return tuple(known.get(day) for day in at)


def _by_signal(line: Line, at: Days) -> Iterator[Series]:
    """Marks that differ in signal, colour and shape, as one series each."""
    kinds = [(_signal_name(mark), *colour_and_shape(mark)) for mark in line.marks]
    for kind in dict.fromkeys(kinds):
        name, colour, shape = kind
        values = [value if each == kind else None for value, each in zip(line.values, kinds, strict=True)]
        yield Series(name, _at_days(line, values, at), Style(colour, marker=shape, size=8))


def _signal_name(mark: typed.Mark) -> str:
    word = mark.signal.icon.word.capitalize() if mark.signal else "Not judged"
    return f"{word}, bank holiday" if mark.bank_holiday else word


def _ends_of_bands(bands: Sequence[Band], at: Days) -> Iterator[Series]:
    """Two lines for all bands of a name: their upper ends and their lower."""
    for name in dict.fromkeys(each.name for each in bands):
        alike = [each for each in bands if each.name == name]
        upper = {day: end for band in alike for day, end in zip(band.at, band.high, strict=True)}
        lower = {day: end for band in alike for day, end in zip(band.at, band.low, strict=True)}
        style = alike[0].style
        yield Series(name, tuple(upper.get(day) for day in at), style)
        yield Series(f"{name}, lower end", tuple(lower.get(day) for day in at), style, in_legend=False)


def _horizontal(plot: typed.Plot, measure: str) -> Plot:
    return _from_zero(plot, [each for each in plot.series if isinstance(each, Bars)], measure, labelled=True)


def _vertical(plot: typed.Plot, measure: str) -> Plot:
    """Bars, with lines drawn over them."""
    series = [each for each in plot.series if isinstance(each, Bars | Line)]
    return _from_zero(plot, series, measure, labelled=len(plot.names) <= typed.LABELLED)


def _from_zero(plot: typed.Plot, series: Sequence[Bars | Line], measure: str, *, labelled: bool) -> Plot:
    labels = label_format(plot.axis) if labelled and len(series) == 1 else ""
    drawn = (
        Series(
            each.name or measure,
            each.values,
            Style(each.colour) if isinstance(each, Bars) else each.style,
            line=isinstance(each, Line),
            shown=labels,
        )
        for each in series
    )
    kind: Kind = "bars" if plot.kind == "horizontal" else "columns"
    names = plot.short_names or plot.names
    return Plot(kind, names, tuple(named_apart(drawn)), number_format(plot.axis), 0.0, None)


def _points(plot: typed.Plot, measure: str) -> Plot:
    """Points over a scale, such as a funnel: every series has places of its own, and words at its points."""
    low, high, step = round_ends(plot.axis)
    lines = [each for each in plot.series if isinstance(each, Line)]
    return Plot(
        kind="points",
        categories=(),
        series=labels_apart(tuple(named_apart(_point_series(each, measure) for each in lines)), plot.log),
        number_format=number_format(plot.axis),
        low=low,
        high=high,
        step=step,
        log=plot.log,
    )


def _point_series(line: Line, measure: str) -> Series:
    there = [row for row, value in enumerate(line.values) if value is not None]
    return Series(
        line.name or measure,
        tuple(line.values[row] for row in there),
        line.style,
        at=tuple(place for row in there if not isinstance(place := line.at[row], date)),
        labels=tuple(line.labels[row] for row in there) if line.labels else (),
    )


_DRAWN: dict[typed.Kind, Callable[[typed.Plot, str], Plot]] = {
    "dates": _over_time,
    "horizontal": _horizontal,
    "vertical": _vertical,
    "points": _points,
}


def _floating(plot: typed.Plot) -> Plot:
    """Bars between two numbers, and marks at single numbers over them."""
    length, shown = len(plot.names), number_format(plot.axis)
    (bars,) = (each for each in plot.series if isinstance(each, Bars))
    marks = [_marks(each, length) for each in plot.series if isinstance(each, RowMarks)]
    if len(marks) == 1:
        # The only kind of mark beside the bars: its number stands at it.
        marks = [replace(marks[0], shown=shown)]
    low, high, step = round_ends(plot.axis)
    return Plot("stacked", plot.names, (*_stacks(bars, length, shown), *marks), shown, low, high, step)


def _marks(marks: RowMarks, length: int) -> Series:
    values: list[float | None] = [None] * length
    for row, value in zip(marks.rows, marks.values, strict=True):
        values[row] = value
    style = replace(marks.style, width=0.0)
    style = replace(style, size=20) if style.marker == "line" else style
    return Series(marks.name, tuple(values), style, line=True)


def _stacks(bars: Bars, length: int, shown: str) -> list[Series]:
    """The offset and what stands on it, above zero and below it apart; those of nothing left out."""
    ends: list[Pair] = [None] * length
    for row, (base, change) in enumerate(zip(bars.bases, bars.values, strict=True), bars.first):
        ends[row] = None if change is None or change != change else (base, base + change)
    if any(pair and pair[1] < pair[0] for pair in ends):
        return _rising_and_falling(ends, shown)
    # The palest bar has an edge on the page; without it, it would be lost on white.
    style = Style(theme.GRID if bars.colour == theme.PAGE else bars.colour)
    below = (
        _each(ends, lambda low, high: min(high, 0.0)),
        _each(ends, lambda low, high: min(low, 0.0) - min(high, 0.0)),
    )
    above = (
        _each(ends, lambda low, high: max(low, 0.0)),
        _each(ends, lambda low, high: max(high, 0.0) - max(low, 0.0)),
    )
    found: list[Series] = []
    for (offset, values), words in ((below, "below zero"), (above, "above zero")):
        if any(offset):
            found.append(_unseen(f"{OFFSET}, {words}", offset))
        if any(values):
            # One style, so one entry in the legend.
            second = any(each.in_legend for each in found)
            name = f"{bars.name}, {words}" if second else bars.name
            found.append(Series(name, values, style, in_legend=not second))
    return found


def _unseen(name: str, values: tuple[float | None, ...]) -> Series:
    return Series(name, values, Style(theme.CARD), in_legend=False, unseen=True)


def _each(ends: Sequence[Pair], of: Callable[[float, float], float]) -> tuple[float | None, ...]:
    return tuple(None if pair is None else of(*pair) for pair in ends)


def _rising_and_falling(ends: Sequence[Pair], shown: str) -> list[Series]:
    """Steps: those that add and those that take off differ in colour, and in the sign of their number."""
    added = tuple(None if pair is None or pair[1] < pair[0] else pair[1] - pair[0] for pair in ends)
    taken = tuple(None if pair is None or pair[1] >= pair[0] else pair[0] - pair[1] for pair in ends)
    return [
        _unseen(OFFSET, _each(ends, min)),
        # Pale or hollow, so that a number can be read on them.
        Series(ADDED, added, Style(theme.PALE_BLUE), shown=f"+{shown}"),
        # A bar has no length below nothing: the format gives the number its sign.
        Series(TAKEN, taken, Style(theme.ORANGE), shown=f"{MINUS}{shown}", fill=False),
    ]
