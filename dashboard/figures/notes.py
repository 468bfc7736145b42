"""Notes on a series, drawn on any chart over time: a line at the day, its text above, a column in the table.

What people wrote is shown as text: Plotly would read "<" and "&" as markup.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from typing import Any

from dashboard.analysis.through_time import Mark, changes_of_the_return, marks_of
from dashboard.figures import theme
from dashboard.figures.chart import Chart
from dashboard.scope.scope import Scope
from rtt.terms.wording import date_text

LONGEST = 32
LEVELS = 3  # heights that neighbouring notes take in turn, so that they do not cover each other


@dataclass(frozen=True, slots=True)
class Note:
    """Something that happened on a day, as somebody wrote it; a new phase of the chart, if it says so."""

    day: date
    text: str
    author: str
    starts_phase: bool = False
    label: str = ""  # what stands on the chart, where the text would not fit


def mergers(scope: Scope, measure: str = "") -> list[Note]:
    """The notes that are written for the reader: who merged into the scope, what changed in the return."""
    marks = changes_of_the_return(scope, measure)
    changed = (Note(mark.day, mark.words, "", label=mark.label) for mark in marks)
    found = [Note(mark.day, mark.words, "", label=_short(mark)) for mark in marks_of(scope)]
    return sorted([*found, *changed], key=lambda note: note.day)


def _short(mark: Mark) -> str:
    return mark.words if len(mark.words) <= LONGEST else f"Merger, {date_text(mark.day)}"


def words(note: Note) -> str:
    """The note in full, for the table and the list under a chart. What nobody wrote says its own day."""
    if not note.author:
        return note.text
    begins = "New limits from here: " if note.starts_phase else ""
    return f"{begins}{note.text} ({note.author}, {date_text(note.day)})"


def with_notes(
    chart: Chart, notes: Sequence[Note], days: Sequence[date], *, until: Sequence[date] = ()
) -> Chart:
    """The chart with the notes of its days. `days` are those of `chart.rows`, in the same order; `until` what
    is drawn beside them later.

    A note between two censuses stands in the row of the later one.
    """
    first, last = min(days, default=date.max), max(days, default=date.min)
    shown = [note for note in notes if first <= note.day <= last]
    if not shown:
        return chart
    plot, web = chart.plot, chart.plot.web
    drawn_days = (first, last, *plot.days, *until)
    ends = min(drawn_days), max(drawn_days)
    drawn = {
        **web,
        "shapes": [*web.get("shapes", []), *(_line(note) for note in shown)],
        "annotations": [
            *web.get("annotations", []),
            *(_label(note, at % LEVELS, *ends) for at, note in enumerate(shown)),
        ],
        "margin": web["margin"] | {"t": 46 + 18 * min(len(shown), LEVELS)},
    }
    told = {day: [words(note) for note in shown if _row_of(note, days) == day] for day in days}
    return replace(
        chart,
        plot=replace(plot, web=drawn),
        columns=(*chart.columns, "Notes"),
        rows=tuple((*row, "; ".join(told[day])) for row, day in zip(chart.rows, days, strict=True)),
    )


def _row_of(note: Note, days: Sequence[date]) -> date:
    return min(day for day in days if day >= note.day)


def _line(note: Note) -> dict[str, Any]:
    return {
        "type": "line",
        "x0": note.day.isoformat(),
        "x1": note.day.isoformat(),
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"color": theme.SECONDARY, "width": 1, "dash": "dash" if note.starts_phase else "dot"},
    }


def _label(note: Note, level: int, first: date, last: date) -> dict[str, Any]:
    text = note.label or note.text
    text = text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"
    # Above its line where there is room at both sides: on a phone a label is half as wide as the chart.
    third = (note.day - first).days * 3 // max((last - first).days, 1)
    return theme.text_at(
        note.day.isoformat(),
        1,
        escape(text, quote=False),
        yref="paper",
        yanchor="bottom",
        # Above what stands at the top left of the chart already.
        yshift=24 + 18 * level,
        xanchor=("left", "center", "right")[min(third, 2)],
        font={"size": 13, "color": theme.SECONDARY},
    )
