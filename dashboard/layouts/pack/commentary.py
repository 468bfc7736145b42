"""One form for the commentary of a pack: what the board is asked to do, and why, action, owner and date of
each page. It says what is missing; nothing has to be written.
"""

from dataclasses import asdict
from typing import Any

from dash import dcc

from dashboard.analysis.control_charts import series_of
from dashboard.analysis.pack import PackFacts
from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html, native
from dashboard.packs.contents.commentary import Asked, asked_of, asks_of, boxes_of, missing_words
from dashboard.packs.contents.page import ASKED
from dashboard.scope.scope import Scope
from dashboard.store.series import BOARD_ASK, LINE_BREAK, NAME_LENGTH
from dashboard.store.writing import NARRATIVE_LENGTH
from dashboard.store.written import Narrative
from rtt.terms.wording import plural

Component = Any
PATH = "/pack"
OWN_ASK = "In your own words, one line each. If it is empty, the pack has the list above."


def draw(scope: Scope, found: PackFacts) -> Component:
    """The form; for who may not write, what was written."""
    asked = asked_of(found)
    said = [html.P(_how_complete(asked)), _ask_as_it_is(found)]
    if not scope.reader.may_write:
        said += [part for each in asked for part in _as_written(each)]
        return show.section("Commentary", *said, name="commentary")
    series = asdict(series_of(found.scope))
    hidden = {
        **series,
        "back": f"{PATH}{to_query(scope.filters)}",
        "opened_on": found.scope.census.isoformat() if found.scope.census else "",
    }
    form = html.Form(
        [
            *(_hidden(name, value) for name, value in hidden.items()),
            _ask(found.narratives.get(BOARD_ASK)),
            *map(_fields, asked),
            html.Button("Save commentary", type="submit", className="rtt-button"),
        ],
        action="/narratives",
        method="post",
        className="rtt-pack-form",
    )
    return show.section("Commentary", *said, form, name="commentary")


def _how_complete(asked: tuple[Asked, ...]) -> str:
    full = sum(not each.missing for each in asked)
    return (
        f"{full} of {plural(len(asked), 'page')} {'has' if full == 1 else 'have'} full commentary. Write it "
        "before you download the pack; what is left empty leaves no gap in it."
    )


def _ask_as_it_is(found: PackFacts) -> Component:
    return html.Div(
        [html.P(html.Strong(f"{ASKED}:")), html.Ul([html.Li(words) for words in asks_of(found)])],
        className="rtt-pack-asks",
    )


def _ask(narrative: Narrative | None) -> Component:
    own = narrative.why.replace(LINE_BREAK, "\n") if narrative else ""
    return html.Fieldset(
        [
            html.Legend("What the board is asked to do", className="nhsuk-heading-s"),
            _hidden(f"shown.{BOARD_ASK}", str(narrative.id) if narrative else ""),
            html.Div(_labelled(OWN_ASK, _words(f"why.{BOARD_ASK}", own))),
        ]
    )


def _fields(asked: Asked) -> Component:
    """The fields of a page behind its name and what is missing; what is folded is sent all the same."""
    name = f"{asked.name}. {missing_words(asked)}."
    summary = html.Summary(
        html.Span(name, className="nhsuk-details__summary-text"), className="nhsuk-details__summary"
    )
    return html.Details([summary, _boxes(asked)], className="nhsuk-details")


def _boxes(asked: Asked) -> Component:
    key, own = asked.measure, asked.narrative
    return html.Fieldset(
        [
            html.Legend(asked.name, className="nhsuk-u-visually-hidden"),
            html.P(asked.reason, className="rtt-small"),
            _hidden(f"shown.{key}", str(own.id) if own else ""),
            html.Div(
                [
                    _labelled("Why", _words(f"why.{key}", own.why if own else "")),
                    _labelled("Action", _words(f"actions.{key}", own.actions if own else "")),
                    _labelled(
                        "Owner",
                        native.Input(
                            name=f"owner.{key}", value=own.owner if own else "", maxLength=NAME_LENGTH
                        ),
                    ),
                    _labelled(
                        "Date",
                        native.Input(
                            name=f"due.{key}",
                            type="date",
                            value=own.due.isoformat() if own and own.due else "",
                        ),
                    ),
                ],
                className="rtt-pack-fields",
            ),
        ]
    )


def _as_written(asked: Asked) -> list[Component]:
    boxes = boxes_of(asked.narrative)
    if not boxes:
        return []
    said = [html.P([html.Strong(f"{box.heading}: "), box.text]) for box in boxes]
    return [html.H3(asked.name, className="nhsuk-heading-s"), *said]


def _words(name: str, value: str) -> Component:
    return dcc.Textarea(name=name, value=value, maxLength=NARRATIVE_LENGTH, rows=3)


def _labelled(text: str, field: Component) -> Component:
    return html.Label(
        [html.Span(text, className="rtt-label"), field], className="rtt-filter rtt-filter--wide"
    )


def _hidden(name: str, value: str) -> Component:
    return dcc.Input(name=name, value=value, type="hidden")
