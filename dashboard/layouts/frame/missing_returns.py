"""Who did not report, month by month, and the scope as if everybody had: two cards for the pages."""

from typing import Any

from dashboard.analysis.findings import Figures
from dashboard.analysis.not_whole import (
    AS_IF,
    AS_IF_COLUMNS,
    AS_IF_WORDS,
    NotReported,
    as_if,
    not_reported,
    not_whole_words,
)
from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.folded import folded
from dashboard.scope.scope import Scope
from rtt.terms.wording import month_text, number_text, plural, share_text

Component = Any

MOST_ROWS = 40
TITLE = "Providers that did not report"


def as_if_section(scope: Scope, figures: Figures) -> list[show.Card]:
    """Who is missing, and the reported figures with the last lists beside them; [] for a whole month."""
    rows = as_if(scope, figures)
    if not rows:
        return []
    return [
        show.table_card(
            AS_IF,
            html.P(f"{not_whole_words(scope)[-1]}."),
            show.Table(AS_IF, AS_IF_COLUMNS, rows, label=f"{AS_IF}, table"),
            html.P(AS_IF_WORDS, className="rtt-small"),
            html.P(show.link("Who did not report, by month", way_to_absent(scope))),
            name="as-if",
            as_csv=True,
        )
    ]


def way_to_absent(scope: Scope) -> str:
    """The address of the table of absences."""
    return f"/quality{to_query(scope.filters, tab=('absent.table',))}#absent-title"


def absent_section(scope: Scope) -> show.Part:
    """Every month in which a provider of the scope had no list although it had one before."""
    found = not_reported(scope)
    if not found:
        words = "Every provider that reported in an earlier loaded month has reported in each later month."
        return show.section(TITLE, html.P(words), name="absent")
    columns = ["Month", "Provider", "Last list", "Pathways of this scope then", "Share of the scope", "Gap"]
    more = len(found) - MOST_ROWS
    rest = f" The first {MOST_ROWS} rows are shown; {plural(more, 'more')} are left out." if more > 0 else ""
    card = show.table_card(
        TITLE,
        html.P(
            "A provider that stops reporting stays here until it reports again or is known to have "
            "closed or merged. If it had a large enough share of the scope, the month is a gap: no "
            f"change is judged across it.{rest}"
        ),
        show.Table(
            TITLE,
            columns,
            [_row(each) for each in found[:MOST_ROWS]],
            text_columns=3,
            label=f"{TITLE}, table",
        ),
        name="absent",
        as_csv=True,
    )
    return folded(f"{TITLE}, by month", card)


def _row(each: NotReported) -> list[str]:
    absent = each.absent
    return [
        month_text(each.month),
        absent.code if absent.name == absent.code else f"{absent.name} ({absent.code})",
        month_text(absent.last),
        number_text(absent.listed.total),
        share_text(absent.share),
        "Yes" if each.counts else "No",
    ]
