"""Did the initiative work, against the rest of England?

Each is registered first, frozen and dated; the smallest effect that could be seen is told before its result.
Only placebos decide a verdict: `rtt.planning.initiatives`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from dashboard.analysis.initiatives_said import COLUMNS, result_sentences, row_of, where_words
from dashboard.analysis.planning.initiatives import Result, result_of
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.empty import nothing_loaded
from dashboard.layouts.frame.withdrawal import withdrawal
from dashboard.layouts.initiatives.form import MEASURES, form
from dashboard.scope.scope import Scope
from dashboard.store.initiatives import Initiative, initiatives
from ingest.store.schema import MONTHLY
from rtt.findings import initiative_words as words
from rtt.terms.wording import date_text, month_text

Component = Any
PATH = "/initiatives"
MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Found:
    """Every initiative with its result, the newest first."""

    results: tuple[tuple[Initiative, Result], ...]


def load(connection: Connection, scope: Scope) -> Found | None:
    """None on an empty database; one statement for the register, and one for each result."""
    if scope.census is None:
        return None
    if MONTHLY not in scope.loaded.sources:
        return Found(())
    registered = sorted(initiatives(connection), key=lambda each: -each.id)
    return Found(tuple((each, result_of(connection, each)) for each in registered))


def draw(scope: Scope, found: Found | None) -> Component:
    """The page."""
    if found is None:
        return nothing_loaded(scope)
    return html.Div(
        [
            html.H1("Initiatives"),
            html.P(
                "Did it change these trusts more than the rest of England changed?", className="rtt-question"
            ),
            *_body(scope, found),
        ]
    )


def _body(scope: Scope, found: Found) -> list[Component]:
    if MONTHLY not in scope.loaded.sources:
        return [show.empty("Initiatives are judged by the monthly return, and none is loaded.")]
    may_write = scope.reader.may_write
    none = [] if found.results else [show.empty("No initiative is registered yet.")]
    return [
        *none,
        *([form(scope, PATH)] if may_write else []),
        *show.placed(parts(scope, found), scope.filters),
        *_method(),
    ]


def parts(scope: Scope, found: Found) -> list[show.Part]:
    """The register as a table, then each initiative with its result."""
    if not found.results:
        return []
    rows = [row_of(scope, each, result) for each, result in found.results]
    table = show.Table(
        "Initiatives, newest first", COLUMNS, rows, text_columns=len(COLUMNS), name="initiatives"
    )
    shown = [_one(scope, each, result) for each, result in found.results[:MOST_SHOWN]]
    return [show.table_card("Register", table, name="register", as_csv=True), *shown]


def _one(scope: Scope, each: Initiative, result: Result) -> Component:
    """The register's lines as they were frozen, the smallest effect to be seen, then the result."""
    registered = (
        f"Registered on {date_text(each.written_at.date())} by {each.author}, when the newest month was "
        f"{month_text(each.newest_month)}."
    )
    lines = {
        "What": each.what,
        "Where": where_words(scope, each),
        "From": month_text(each.starts_on),
        "Measure": MEASURES[each.measure],
        "Expected effect": words.effect_text(each.measure, each.expected),
        "Why these trusts": each.why_these + (" Chosen because they were worst." if each.worst else ""),
    }
    told = [part for term, said in lines.items() for part in (html.Dt(term), html.Dd(said))]
    return show.section(
        each.name,
        html.P(registered, className="rtt-small"),
        html.Dl(told, className="rtt-terms"),
        *(html.P(said) for said in result_sentences(each, result)),
        *_panel(each, result),
        *_withdrawal(scope, each),
        name=f"initiative-{each.id}",
    )


def _panel(each: Initiative, result: Result) -> list[Component]:
    """The figures of both methods, for who asks how."""
    if result.evaluation is None:
        return []
    rows = words.method_rows(each.measure, result.evaluation)
    table = show.table(f"Both methods: {each.name}", words.METHOD_COLUMNS, rows)
    return _details(
        "How the result is worked out", [show.scrolling(table, label=f"Both methods: {each.name}, table")]
    )


def _withdrawal(scope: Scope, each: Initiative) -> list[Component]:
    if not scope.reader.may_write or scope.reader.name != each.author:
        return []
    return [withdrawal(f"{PATH}/{each.id}/withdraw", each.name, back=PATH)]


def _method() -> list[Component]:
    return _details("How initiatives are judged", [html.P(each) for each in words.METHOD])


def _details(title: str, children: Iterable[Component]) -> list[Component]:
    summary = html.Summary(
        html.Span(title, className="nhsuk-details__summary-text"), className="nhsuk-details__summary"
    )
    inside = html.Div(list(children), className="nhsuk-details__text")
    return [html.Details([summary, inside], className="nhsuk-details")]
