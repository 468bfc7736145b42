"""The board pack: what will stand in it, the exceptions that people write about, and the files to take.

The page is drawn from the pack's own contents, so that it cannot say another thing than the files: what a
public pack hides is hidden here too, whoever looks.
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from sqlalchemy import Connection

from dashboard.analysis import pack
from dashboard.analysis.control_charts import series_of
from dashboard.analysis.pack import PackFacts
from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame.attributes import attributes
from dashboard.layouts.frame.empty import nothing_loaded
from dashboard.packs.contents.audience import INTERNAL, PUBLIC, Audience, audience_of, for_audience
from dashboard.packs.contents.exceptions import why_flagged, written
from dashboard.packs.contents.pack import outline
from dashboard.packs.contents.page import Table
from dashboard.packs.contents.pages import summary
from dashboard.packs.formats.all import FORMATS
from dashboard.scope.scope import Scope
from dashboard.store.packs import Narrative
from dashboard.store.series import NAME_LENGTH
from dashboard.store.writing import NARRATIVE_LENGTH
from rtt.findings import sentences
from rtt.findings.findings import Finding

Component = Any
PATH = "/pack"
_OTHER = {
    PUBLIC: "For your own meetings choose “Internal” under “Files for”.",
    INTERNAL: "If it holds small numbers, the download is recorded in the audit trail.",
}


def load(connection: Connection, scope: Scope) -> PackFacts | None:
    """None on an empty database; six statements beside those of the shell."""
    return pack.load(connection, for_audience(scope))


def draw(scope: Scope, found: PackFacts | None) -> Component:
    """The page."""
    if found is None:
        return nothing_loaded()
    headline = found.charts["share_within_18"].last
    return html.Div(
        [
            html.H1(f"Board pack: {sentences.scope_words(headline.scope)}"),
            html.P(
                f"What goes to the board, and with what commentary? {sentences.source_line(headline)}",
                className="rtt-question",
            ),
            _files(scope, audience_of(found.scope)),
            *show.placed(parts(scope, found), scope.filters),
        ]
    )


def _files(scope: Scope, audience: Audience) -> Component:
    query = to_query(scope.filters)
    links = [
        html.Li(
            html.A(
                f"{each.title} (.{name})", href=f"{PATH}.{name}{query}", download="", className="nhsuk-link"
            )
        )
        for name, each in FORMATS.items()
    ]
    return show.section(
        "Download board pack",
        html.P(
            [
                html.Strong(f"{audience.label}. "),
                f"{audience.sentence} {_OTHER[audience.name]}",
            ]
        ),
        html.Ul(links, className="nhsuk-list nhsuk-list--bullet"),
        html.P(
            [
                "You can edit the charts in PowerPoint, Word and Excel. To use your trust’s templates: ",
                html.Code("rtt pack --template trust.pptx --template trust.docx"),
                ". For downloads from this page, your administrator sets them with ",
                html.Code("RTT_PACK_TEMPLATES"),
                ".",
            ],
            className="rtt-small",
        ),
        name="files",
    )


def parts(scope: Scope, found: PackFacts) -> list[show.Part]:
    """The cards that files can be taken from, and what stands between them."""
    return [_summary(found), _exceptions(scope, found), _contents(outline(found))]


def _summary(found: PackFacts) -> show.Card:
    page = summary(found)
    return show.table_card(
        page.title, *map(html.P, page.paragraphs), *map(_table, page.tables), name="summary", as_csv=True
    )


def _table(table: Table) -> show.Table:
    return show.Table(table.caption, table.columns, table.rows, text_columns=table.text_columns)


def _contents(names: Sequence[str]) -> Component:
    return show.section("Pages of the pack", html.Ol([html.Li(name) for name in names]), name="contents")


def _exceptions(scope: Scope, found: PackFacts) -> Component:
    if not found.exceptions:
        said: list[Component] = [html.P("No measure is an exception at this census.")]
    else:
        said = [
            _exception(scope, found, finding, found.narratives.get(chart.indicator.key))
            for chart, finding in found.exceptions
        ]
    return show.section("Exceptions", *said, name="exceptions")


def _exception(scope: Scope, found: PackFacts, finding: Finding, narrative: Narrative | None) -> Component:
    key = finding.indicator_key
    name = sentences.name(finding)
    said = [html.P([html.Strong(f"{box.heading}: "), box.text]) for box in written(narrative)]
    return html.Article(
        [
            html.H3(
                show.link(name, f"/trends{to_query(scope.filters, measure=key)}"),
                className="nhsuk-heading-s",
            ),
            html.P(f"{sentences.sentence(finding)} {why_flagged(finding)}"),
            *said,
            *(_forms(scope, found, key, name, narrative) if scope.reader.may_write else []),
        ],
        **attributes(aria_label=name),
    )


def _forms(
    scope: Scope, found: PackFacts, key: str, name: str, narrative: Narrative | None
) -> list[Component]:
    series = asdict(series_of(found.scope, key))
    back = f"{PATH}{to_query(scope.filters)}"
    hidden = [_hidden(field, value) for field, value in {**series, "back": back}.items()]
    day = found.scope.census.isoformat() if found.scope.census else ""
    fields = [
        _labelled("Why", _words("why", narrative.why if narrative else "")),
        _labelled("Actions", _words("actions", narrative.actions if narrative else "")),
        _labelled(
            "Owner",
            dbc.Input(
                name="owner", value=narrative.owner if narrative else "", maxlength=NAME_LENGTH, required=True
            ),
        ),
        _labelled("Date", dbc.Input(name="due", type="date", value=_day(narrative))),
    ]
    title = f"{'Change' if narrative else 'Add'} commentary"
    form = html.Form(
        [*hidden, _hidden("opened_on", day), *fields, _button("Save", name)],
        action="/narratives",
        method="post",
        className="nhsuk-details__text rtt-form",
    )
    summary = html.Summary(
        html.Span(
            [title, html.Span(f": {name}", className="nhsuk-u-visually-hidden")],
            className="nhsuk-details__summary-text",
        ),
        className="nhsuk-details__summary",
    )
    closing = (
        [
            html.Form(
                [_hidden("back", back), _button("Close this exception", name, link=True)],
                action=f"/narratives/{narrative.id}/withdraw",
                method="post",
                className="rtt-inline-form",
            )
        ]
        if narrative
        else []
    )
    return [html.Details([summary, form], className="nhsuk-details"), *closing]


def _day(narrative: Narrative | None) -> str:
    return narrative.due.isoformat() if narrative and narrative.due else ""


def _button(text: str, name: str, *, link: bool = False) -> Component:
    return html.Button(
        [text, html.Span(f": {name}", className="nhsuk-u-visually-hidden")],
        type="submit",
        className="rtt-link-button" if link else "rtt-button",
    )


def _words(name: str, value: str) -> Component:
    return dcc.Textarea(name=name, value=value, maxLength=NARRATIVE_LENGTH, required=True, rows=3)


def _labelled(text: str, field: Component) -> Component:
    return html.Label(
        [html.Span(text, className="rtt-label"), field], className="rtt-filter rtt-filter--wide"
    )


def _hidden(name: str, value: str) -> Component:
    return dcc.Input(name=name, value=value, type="hidden")
