"""Which data is shown: one pill of shape and words in the header, which opens all there is to say of it.

`status_words` are also what is printed on the files that are taken from a page.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard.analysis.not_whole import not_whole_words
from dashboard.layouts.frame import fetching, html
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.components import link
from dashboard.layouts.frame.missing_returns import way_to_absent
from dashboard.scope.feeds import due_date
from dashboard.scope.scope import Scope
from rtt.terms.calendar import moment_text
from rtt.terms.possible_dates import has_come
from rtt.terms.wording import (
    date_text,
    list_text,
    month_text,
    number_text,
    plural,
    share_text,
    weekday_text,
)

Component = Any
SAMPLE = "Sample data: not a real trust"


@dataclass(frozen=True, slots=True)
class Pill:
    """The data in a few words, and the look whose shape says the same."""

    look: str  # "good", "late", "part", "sample"
    words: str


SHAPES = {"good": "circle", "late": "triangle-up", "part": "square", "sample": "diamond"}


def status_line(scope: Scope, *, today: date) -> Component:
    """The pill, and under it which data, of which day, how old, when loaded, when the next is due."""
    pill = pill_of(scope, today=today)
    sample: list[Component] = []
    if scope.loaded.kind == "sample":
        sample = [html.P(_sample_words(scope), className="rtt-sample"), *_real_months(scope)]
    words = html.Ul([html.Li(_with_way(scope, word)) for word in status_words(scope, today=today)])
    on = html.P(link("Data status: what is loaded, late or refused", "/status"))
    late = scope.census is not None and (_due(scope) < today or not has_come(scope.census, today))
    look = " rtt-status--late" if late else ""
    line = html.Div([*sample, words, on], className=f"rtt-popup__panel rtt-status{look}")
    summary = html.Summary(pill.words, className=f"rtt-pill rtt-mark--{SHAPES[pill.look]}")
    return html.Section(
        html.Details([summary, line], className=f"rtt-popup rtt-data rtt-data--{pill.look}"),
        **attributes(aria_label="Data status"),
    )


def pill_of(scope: Scope, *, today: date) -> Pill:
    """ "List of 22 Nov, up to date", "Late: March return, next was due 12 Jun", "Sample: list of 22 Nov"."""
    if scope.census is None:
        return Pill("late", "No data is loaded yet")
    what = _what(scope, today)
    if scope.loaded.kind == "sample":
        return Pill("sample", f"Sample: {what[0].lower() if what.startswith('List') else what[0]}{what[1:]}")
    if not has_come(scope.census, today):
        return Pill("late", f"{what}: dated after today")
    if _missing_words(scope):
        return Pill("part", f"{what}: part missing")
    due = _due(scope)
    if due < today:
        what = f"{what[0].lower()}{what[1:]}" if what.startswith("List") else what
        return Pill("late", f"Late: {what}, next was due {_day(due, today)}")
    newest = scope.loaded.censuses(scope.source)[-1]
    if scope.census != newest:
        return Pill("part", f"{what}: not the newest")
    return Pill("good", f"{what}, up to date")


def _what(scope: Scope, today: date) -> str:
    assert scope.census is not None
    if scope.source == "weekly":
        return f"List of {_day(scope.census, today)}"
    month = month_text(scope.census)
    return f"{month.removesuffix(f' {today.year}')} return"


def _day(day: date, today: date) -> str:
    """Without its year where that is this one."""
    return date_text(day).removesuffix(f" {today.year}")


def _sample_words(scope: Scope) -> list[Component]:
    words: list[Component] = [SAMPLE]
    if scope.filters.data:
        words += [". ", link("Show my data", "/", **attributes(data_own="yes"))]
    return words


def _real_months(scope: Scope) -> list[Component]:
    """From the sample to real figures, for those who may load."""
    return [fetching.button(scope)] if fetching.may_fetch(scope) else []


def _with_way(scope: Scope, word: str) -> Component:
    """Who did not report leads to the table of absences."""
    is_absence = word.startswith("PART MISSING") and scope.source == "monthly"
    return link(word, way_to_absent(scope)) if is_absence else word


def status_words(scope: Scope, *, today: date) -> list[str]:
    """The status line in words, for the page and for what is taken from it."""
    if scope.census is None:
        return ["No data is loaded yet"]
    held = next(h for h in scope.loaded.of(scope.source) if h.census_date == scope.census)
    weekly = scope.source == "weekly"
    what = "Weekly PTL (patient tracking list), unvalidated" if weekly else "Monthly return, submitted"
    revised = " (revised)" if held.revision and not weekly else ""
    left_out = held.rows_left_out / held.rows_read if held.rows_read else 0.0
    day = weekday_text(scope.census) if weekly else f"Census {date_text(scope.census)}"
    return [
        f"{what}{revised}",
        f"{day}, {_age((today - scope.census).days)}",
        f"Loaded {moment_text(held.loaded_at)}",
        _due_words(_due(scope), today),
        f"{share_text(left_out)} of rows left out" if left_out else "No rows left out",
        *_missing_words(scope),
    ]


def _due(scope: Scope) -> date:
    newest = scope.loaded.censuses(scope.source)[-1]
    return due_date(scope.enquiry.settings, scope.source, newest)


def _due_words(due: date, today: date) -> str:
    if due < today:
        return f"LATE: next was due {date_text(due)}"
    return "Next due today" if due == today else f"Next due {date_text(due)}"


def _missing_words(scope: Scope) -> list[str]:
    """What is not there: who sent no return, which part of a week was not loaded."""
    if scope.source != "weekly":
        return not_whole_words(scope)
    there = {
        h.section for h in scope.loaded.extracts if (h.source, h.census_date) == ("weekly", scope.census)
    }
    gone = [f"clock {section}" for section in ("starts", "stops") if section not in there]
    return [f"PART MISSING: {list_text(gone)} of this week"] if gone else []


def _age(days: int) -> str:
    if days < 0:
        return f"DATED AFTER TODAY, by {plural(-days, 'day')}"
    return "today" if days == 0 else "1 day ago" if days == 1 else f"{number_text(days)} days ago"
