"""The board pack: the commentary that its pages ask for, the files to take, and what will stand in them.

The page is drawn from the pack's own contents, so that it cannot say another thing than the files: what a
public pack hides is hidden here too, whoever looks.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from dashboard.analysis import pack
from dashboard.analysis.pack import PackFacts
from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.empty import nothing_loaded
from dashboard.layouts.frame.folded import folded
from dashboard.layouts.pack import commentary
from dashboard.packs.contents.audience import INTERNAL, PUBLIC, Audience, audience_of, for_audience
from dashboard.packs.contents.executive import executive
from dashboard.packs.contents.pack import outline
from dashboard.packs.contents.page import Table
from dashboard.packs.contents.pages import measures
from dashboard.packs.formats.all import FORMATS
from dashboard.scope.scope import Scope
from rtt.findings import sentences

Component = Any
PATH = commentary.PATH
_OTHER = {
    PUBLIC: "For your own meetings choose “Internal” under “Files for”.",
    INTERNAL: "If it holds small numbers, the download is recorded in the audit trail.",
}


def load(connection: Connection, scope: Scope) -> PackFacts | None:
    """None on an empty database; thirteen statements beside those of the shell."""
    return pack.load(connection, for_audience(scope))


def draw(scope: Scope, found: PackFacts | None) -> Component:
    """The page."""
    if found is None:
        return nothing_loaded(scope)
    headline = found.charts["share_within_18"].last
    return html.Div(
        [
            html.H1(f"Board pack: {sentences.scope_words(headline.scope)}"),
            html.P(
                f"What goes to the board, and with what commentary? {sentences.source_line(headline)}",
                className="rtt-question",
            ),
            *show.placed(parts(scope, found), scope.filters),
        ]
    )


def parts(scope: Scope, found: PackFacts) -> list[show.Part]:
    """Commentary first, then the files, what the first pages will say, and the list of pages."""
    files = _files(scope, audience_of(found.scope))
    return [commentary.draw(scope, found), files, *_summary(found), _contents(outline(found))]


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
        html.Ul(links, className="nhsuk-list rtt-pack-files"),
        html.P(
            [
                "You can edit the charts in PowerPoint, Word and Excel. Take the PDF where an ",
                "accessible file is needed. Your analyst can put in the ",
                "templates of your trust: ",
                show.link("how", "/status#analysts-title"),
                ".",
            ],
            className="rtt-small",
        ),
        name="files",
    )


def _summary(found: PackFacts) -> list[show.Part]:
    """The executive page in words, and the measures in a table."""
    first, page = executive(found), measures(found)
    said = [
        html.P([html.Strong(f"{each.heading}: "), f"{each.figure} {each.text}"]) for each in first.messages
    ]
    return [
        show.section(first.title, *map(html.P, first.paragraphs), *said, name="executive"),
        folded(
            page.title, show.table_card(page.title, *map(_table, page.tables), name="summary", as_csv=True)
        ),
    ]


def _table(table: Table) -> show.Table:
    return show.Table(table.caption, table.columns, table.rows, text_columns=table.text_columns)


def _contents(names: Sequence[str]) -> Component:
    return show.section(
        "Pages of the pack",
        html.Ol([html.Li(name) for name in names], className="rtt-pack-contents"),
        name="contents",
    )
