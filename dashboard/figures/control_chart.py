"""The process control chart of one indicator: changes of a stock, or a flow, with limits and signals.

Colour, shape and word of a point come from `rtt.spc.reading`, as those of the tile and the table do. The line
breaks at gaps and where a new phase begins. A level is drawn by `figures.level_chart`.
"""

from collections.abc import Sequence
from datetime import date

import numpy as np

from dashboard.analysis.control_charts import NOT_WHOLE, Charted, first_of
from dashboard.figures.chart import Chart
from dashboard.figures.control_plot import control_plot
from dashboard.figures.notes import Note, with_notes
from dashboard.figures.plot import Mark
from rtt.findings import sentences
from rtt.findings.findings import Earlier, Finding, display, remarks_of
from rtt.spc.reading import Icon, limits_note, variation
from rtt.terms.calendar import is_bank_holiday_week
from rtt.terms.printed import PrintedDay
from rtt.terms.wording import (
    NOT_KNOWN,
    date_text,
    is_known,
    month_text,
    number_text,
    percent,
    plural,
    share_text,
    signed_text,
)


def control_chart(
    found: Charted, findings: Sequence[Finding | None], *, points: int, notes: Sequence[Note] = ()
) -> Chart:
    """The chart of the newest `points` periods, from the first on of which the figure is known. `findings`
    stand beside `found.days`, None in a gap.
    """
    # There is no usual change, and there are no limits, of months of which nothing is known.
    known = np.flatnonzero(~np.isnan(found.levels))
    first = max(0, len(found.days) - points, int(known[0]) if known.size else 0)
    at = range(first, len(found.days))
    days = [found.days[t] for t in at]
    marks = [_mark(found, t) for t in range(len(found.days))]
    icons = [mark.signal.icon if mark.signal else None for mark in marks[first:]]
    shown = [point_text(found, findings, t) for t in at]
    newest_first = list(reversed(at))
    chart = Chart(
        plot=control_plot(found, first, marks[first:], shown, amount=lambda value: amount_text(found, value)),
        title=title(found),
        caption=caption(found, findings, days, icons),
        alt=_alt(found, days, icons, shown[-1]),
        columns=_columns(found),
        rows=tuple(_row(found, findings, t, marks[t]) for t in newest_first),
    )
    return with_notes(chart, notes, [found.days[t] for t in newest_first])


def title(found: Charted) -> str:
    """The active title: the measure, and the word of its newest point."""
    name = sentences.name(found.last)
    seen = found.variation
    if seen:
        return f"{name}: {seen.icon.word}"
    return f"{name}: too few points to judge" if limits_note(found.reading) else sentences.title(found.last)


def caption(
    found: Charted,
    findings: Sequence[Finding | None],
    days: Sequence[date],
    icons: Sequence[Icon | None],
) -> str:
    """The figure, its signal or why there is none, the standard, the year, and what one mark is."""
    last = found.judged
    told = [
        sentences.sentence(last),
        *(remark.sentence for remark in last.remarks),
        year_words(found, findings),
        f"Each mark is {what_marks_are(found)}.",
        _signals_told(found, icons),
        *(["Hollow marks: weeks with a bank holiday."] if any(_is_short(found, day) for day in days) else []),
    ]
    return " ".join(words for words in told if words)


def what_marks_are(found: Charted) -> str:
    """What one mark of the chart counts."""
    period = "week" if found.scope.source == "weekly" else "month"
    if found.reading.kind == "stock":
        seasonal = bool((np.nan_to_num(found.reading.centre) != 0).any())
        middle = "the usual seasonal change" if seasonal else "no change"
        return f"the change from one census to the next, a {period} apart; the centre line is {middle}"
    expected = f"the centre line is the value expected after the {period} before"
    if period == "month":
        expected += " and by its season"
    if found.indicator.unit == "share":
        return f"the share in one {period}; {expected}"
    per = " per working day" if found.per_working_day else ""
    return f"the {found.indicator.numerator}{per} of one {period}; {expected}"


def amount_text(found: Charted, value: float) -> str:
    """A charted value or limit: "+0.4 points", "1,204.3 a working day", "61.0%"."""
    unit, stock = found.indicator.unit, found.reading.kind == "stock"
    if not is_known(value):
        return NOT_KNOWN
    if unit == "share":
        return signed_text(percent(value), unit=" points") if stock else share_text(value)
    if unit == "pathways":
        # Limits of small counts would all read 0 or 1 without a decimal.
        places = 1 if abs(value) < 100 else 0
        return signed_text(value, places) if stock else number_text(value, places)
    return f"{signed_text(value, 1) if stock else number_text(value, 1)} weeks"


def _mark(found: Charted, t: int) -> Mark:
    """What the table and every drawing say of a point."""
    seen = variation(found.reading, good=found.indicator.good, at=t)
    return Mark(seen, bank_holiday=_is_short(found, found.days[t]))


def _is_short(found: Charted, day: date) -> bool:
    return found.scope.source == "weekly" and found.indicator.kind == "flow" and is_bank_holiday_week(day)


def year_words(found: Charted, findings: Sequence[Finding | None]) -> str:
    """The change on the same census a year before, which stands beside every change of a stock.

    Where less than a year is loaded, or too little to judge, the change over all of it: the figure at each
    end.
    """
    if found.last.value is None:
        return ""
    first = first_of(findings)
    whole = sentences.ends_words(found.last, first) if first else ""
    if found.reading.kind == "flow":
        return whole if limits_note(found.reading) else ""
    before = len(findings) - 1 - periods_a_year(found)
    then = findings[before] if before >= 0 else None
    told = ""
    if then and alike(findings[-1], then):
        if then.value is not None and (found.last.about or then.about):
            return "No change since the year before is given, because the figures are rounded."
        told = sentences.change_words(found.last, Earlier(then.value, then.census_date))
    if told:
        return f"{told[0].upper()}{told[1:]}."
    return whole or "The figure a year before is not known."


def signals_told(found: Charted, points: int) -> str:
    """How many of the newest `points` marks are signals; '' where none is judged."""
    first = max(0, len(found.days) - points)
    marks = [_mark(found, t) for t in range(first, len(found.days))]
    return _signals_told(found, [mark.signal.icon if mark.signal else None for mark in marks])


def _signals_told(found: Charted, icons: Sequence[Icon | None]) -> str:
    judged_marks = [icon for icon in icons if icon is not None]
    signals = sum(icon.arrow is not None for icon in judged_marks)
    if not judged_marks:
        return ""
    period = "week" if found.scope.source == "weekly" else "month"
    marks = plural(len(judged_marks), "change" if found.reading.kind == "stock" else period)
    if not signals:
        return f"None of the {marks} shown is a signal."
    return f"{signals} of the {marks} shown {'is a signal' if signals == 1 else 'are signals'}."


def _columns(found: Charted) -> tuple[str, ...]:
    if found.reading.kind == "stock":
        year = "Since 52 weeks before" if found.scope.source == "weekly" else "Since a year before"
        return ("Census", found.indicator.name, "Change", "Limits of change", "Signal", year, "Status")
    count = ("Count", "Per working day") if found.per_working_day else (found.indicator.name,)
    return ("Period", *count, "Expected", "Limits", "Signal", "Status")


def _row(found: Charted, findings: Sequence[Finding | None], t: int, mark: Mark) -> tuple[str, ...]:
    finding, reading = findings[t], found.reading
    shown = display(finding) if finding else "No census"
    limits = _limits_text(found, t)
    status = finding.status if finding else ""
    if reading.kind == "stock":
        return (
            date_text(found.days[t]),
            shown,
            change_since(findings, t, t - 1),
            limits,
            _signal_text(found, t, mark),
            change_since(findings, t, t - periods_a_year(found)),
            status,
        )
    rate = (amount_text(found, float(reading.values[t])),) if found.per_working_day else ()
    centre = amount_text(found, float(reading.centre[t]))
    return (_period_text(found, t), shown, *rate, centre, limits, _signal_text(found, t, mark), status)


def periods_a_year(found: Charted) -> int:
    """How many periods lie between a census and that of a year before."""
    return 52 if found.scope.source == "weekly" else 12


def point_text(found: Charted, findings: Sequence[Finding | None], t: int) -> str:
    """The value of a point as the table has it: a change is taken between the figures as shown."""
    if found.reading.kind == "stock":
        return change_since(findings, t, t - 1)
    return amount_text(found, float(found.reading.values[t]))


def change_since(findings: Sequence[Finding | None], t: int, before: int) -> str:
    """The change between two periods as shown; "Not known" where either is not."""
    now, then = findings[t], findings[before] if before >= 0 else None
    if now is None or then is None or not alike(now, then):
        return NOT_KNOWN
    return sentences.short_change(now, Earlier(then.value, then.census_date, then.about))


def alike(*findings: Finding | None) -> bool:
    """Whether no part of either month is missing, so that their difference is a change."""
    return not any(remarks_of(each, NOT_WHOLE.kind) for each in findings if each)


def _period_text(found: Charted, t: int) -> str:
    day = found.days[t]
    if found.scope.source == "monthly":
        return month_text(day)
    holiday = ", bank holiday" if _is_short(found, day) else ""
    words = f"Week to {date_text(day)}{holiday}"
    return PrintedDay(words, day, f'"Week to "d mmm yyyy"{holiday}"' if holiday else '"Week to "d mmm yyyy')


def _limits_text(found: Charted, t: int) -> str:
    lower, upper = float(found.reading.lower[t]), float(found.reading.upper[t])
    if not is_known(lower):
        return NOT_KNOWN
    trial = " (trial)" if found.reading.trial[t] else ""
    return f"{amount_text(found, lower)} to {amount_text(found, upper)}{trial}"


def _signal_text(found: Charted, t: int, mark: Mark) -> str:
    if np.isnan(found.reading.values[t]):
        return NOT_KNOWN
    seen = mark.signal
    if seen is None:
        return "Not judged"
    if not seen.signals:
        return "None"
    told = "; ".join(signal.words for signal in (*seen.signals, *seen.against))
    return f"{seen.icon.word[0].upper()}{seen.icon.word[1:]}: {told}"


def _alt(found: Charted, days: Sequence[date], icons: Sequence[Icon | None], last: str) -> str:
    reading = found.reading
    lower, upper = (amount_text(found, float(each[-1])) for each in (reading.lower, reading.upper))
    limits = f"limits {lower} to {upper}" if is_known(float(reading.lower[-1])) else "no limits yet"
    return (
        f"Process control chart of {sentences.name(found.last).lower()}, "
        f"{sentences.scope_words(found.last.scope)}, {date_text(days[0])} to {date_text(days[-1])}. "
        f"Newest point {last}, {limits}. {_signals_told(found, icons)} The same figures are in the table "
        "below the chart."
    )
