"""Notes and rebases under a chart: what people wrote, by whom and when, and the forms to write more.

Plain forms: they post, the server answers with the way back (`dashboard.callbacks.writing`). Who may not
write sees what is written and no form.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from dash import dcc

from dashboard.analysis.control_charts import Charted, series_of
from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html, native
from dashboard.layouts.frame.withdrawal import withdrawal
from dashboard.scope.scope import Scope
from dashboard.store.written import Annotation
from rtt.terms.possible_dates import EARLIEST
from rtt.terms.wording import date_text

Component = Any

LONGEST = 500  # as `dashboard.store.writing` accepts


def notes_section(found: Charted, notes: Sequence[Annotation]) -> Component:
    """Notes and rebases of the chart above, and the forms for those who may write."""
    scope = found.scope
    items = [
        *(
            _item(scope, "notes", each.id, each.noted_on, each.text, each.author, each.written_at.date())
            for each in notes
        ),
        *(
            _item(
                scope,
                "rebases",
                each.id,
                each.starts_on,
                f"New limits from here: {each.reason}",
                each.author,
                each.written_at.date(),
            )
            for each in found.rebases
        ),
    ]
    listed = (
        html.Ul(items, className="rtt-notes") if items else html.P("No notes yet.", className="rtt-small")
    )
    forms = [_note_form(found), _rebase_form(found)] if scope.reader.may_write else []
    return show.section("Notes on this chart", listed, *forms, name="notes")


def _item(
    scope: Scope, kind: str, number: int, day: date, text: str, author: str, written: date
) -> Component:
    said: list[Component] = [
        html.Strong(date_text(day)),
        f" {text} ",
        html.Span(f"{author}, {date_text(written)}", className="rtt-by"),
    ]
    if not scope.reader.may_write:
        return html.Li(said)
    way, what = f"/{kind}/{number}/withdraw", f"the note of {date_text(day)}"
    return html.Li([*said, withdrawal(way, what, back=_back(scope))])


def _note_form(found: Charted) -> Component:
    newest = (found.scope.census or found.days[-1]).isoformat()
    return _form(
        found,
        "Add a note",
        "/notes",
        [
            _labelled(
                "Day", _input("noted_on", type="date", value=newest, min=EARLIEST.isoformat(), required=True)
            ),
            _labelled("Note", _input("text", type="text", maxLength=LONGEST, required=True), wide=True),
        ],
    )


def _rebase_form(found: Charted) -> Component:
    newest = found.days[-1].isoformat()
    return _form(
        found,
        "Start new limits",
        "/rebases",
        [
            _labelled(
                "First census of the new limits",
                _input("starts_on", type="date", value=newest, required=True),
            ),
            _labelled(
                "Reason: what changed in the process",
                _input("reason", type="text", maxLength=LONGEST, required=True),
                wide=True,
            ),
        ],
    )


def _form(found: Charted, title: str, action: str, fields: Sequence[Component]) -> Component:
    series = asdict(series_of(found.scope, found.indicator.key))
    hidden = [_hidden(name, value) for name, value in {**series, "back": _back(found.scope)}.items()]
    button = html.Button(title, type="submit", className="rtt-button")
    return html.Details(
        [
            html.Summary(
                html.Span(title, className="nhsuk-details__summary-text"), className="nhsuk-details__summary"
            ),
            html.Form(
                [*hidden, *fields, button],
                action=action,
                method="post",
                className="nhsuk-details__text rtt-form",
            ),
        ],
        className="nhsuk-details",
    )


def _back(scope: Scope) -> str:
    return f"/trends{to_query(scope.filters)}"


def _labelled(text: str, field: Component, *, wide: bool = False) -> Component:
    return html.Label(
        [html.Span(text, className="rtt-label"), field],
        className="rtt-filter" + (" rtt-filter--wide" if wide else ""),
    )


def _input(name: str, **properties: Any) -> Component:
    return native.Input(name=name, **properties)


def _hidden(name: str, value: str) -> Component:
    return dcc.Input(name=name, value=value, type="hidden")
