"""Who did not report, month by month, and the scope as if everybody had: two cards for the pages."""

from typing import Any

from dashboard.analysis.as_if import AS_IF, as_if_words
from dashboard.analysis.findings import Figures
from dashboard.analysis.not_whole import (
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
from dashboard.layouts.frame.why import why_line
from dashboard.scope.returns import LONGEST_CARRIED, Absent
from dashboard.scope.scope import Scope
from rtt.terms.wording import month_text, number_text, plural, share_text

Component = Any

MOST_ROWS = 40
OVER_TIME = "Who did not report, over time"
MONTHS = 12
_SIZE = ("Pathways of this scope then", "Share of the scope")
TITLE = "Providers that did not report"


def as_if_section(scope: Scope, figures: Figures) -> list[show.Card]:
    """Who is missing, and the reported figures with the last lists beside them; [] for a whole month."""
    rows, total = as_if(scope, figures), figures.find("total")
    if not rows or total is None:
        return []
    return [
        show.table_card(
            AS_IF,
            *(html.P(f"{words}.") for words in not_whole_words(scope) if words.startswith("PART MISSING")),
            html.P(as_if_words(total, scope)),
            show.Table(AS_IF, AS_IF_COLUMNS, rows, label=f"{AS_IF}, table"),
            html.P(AS_IF_WORDS, className="rtt-small"),
            html.P(show.link("Who did not report, by month", way_to_absent(scope))),
            *why_line(scope, "total"),
            name="as-if",
            as_csv=True,
        )
    ]


def way_to_absent(scope: Scope) -> str:
    """The address of the table of absences."""
    return f"/quality{to_query(scope.filters, tab=('absent.table',))}#absent-title"


def absent_section(scope: Scope) -> list[show.Part]:
    """Every month in which a provider of the scope had no list although it had one before."""
    found = not_reported(scope)
    if not found:
        words = "Every provider that reported in an earlier loaded month has reported in each later month."
        return [show.section(TITLE, html.P(words), name="absent")]
    columns = ["Month", "Provider", "Last list", "Carried", *_SIZE, "Gap"]
    more = len(found) - MOST_ROWS
    rest = f" The first {MOST_ROWS} rows are shown; {plural(more, 'more')} are left out." if more > 0 else ""
    card = show.table_card(
        TITLE,
        html.P(
            "A provider that stops reporting stays here until it reports again or is known to have "
            "closed or merged. If it had a large enough share of the scope, the month is a gap: no "
            f"change is judged across it. Its last list is carried for {LONGEST_CARRIED} months at "
            f"most.{rest}"
        ),
        show.Table(
            TITLE,
            columns,
            [_row(each) for each in found[:MOST_ROWS]],
            text_columns=4,
            label=f"{TITLE}, table",
        ),
        name="absent",
        as_csv=True,
    )
    return [folded(OVER_TIME, _over_time(scope, found)), folded(f"{TITLE}, by month", card)]


def _over_time(scope: Scope, found: list[NotReported]) -> show.Card:
    """A row for each provider that missed any of the newest months, a column for each of them."""
    months = scope.dates[-MONTHS:]
    rows = []
    for code in dict.fromkeys(each.absent.code for each in found if each.month in months):
        missed = {each.month: each for each in found if each.absent.code == code}
        first = next(iter(missed.values())).absent
        rows.append([_name(first), *(_cell(missed.get(month)) for month in months)])
    return show.table_card(
        OVER_TIME,
        html.P(
            "“No, 2” means: no list, for the second month. Its last list is carried in the figures “As if "
            "every trust had reported” unless a star stands there; the table below says why."
        ),
        show.Table(
            OVER_TIME,
            ["Provider", *(month_text(month) for month in months)],
            rows,
            text_columns=len(months) + 1,
            label=f"{OVER_TIME}, table",
        ),
        name="absent-months",
        as_csv=True,
    )


def _cell(missed: NotReported | None) -> str:
    if missed is None:
        return "Yes"
    return f"No, {missed.absent.months_before(missed.month)}{'*' if missed.not_carried else ''}"


def _name(absent: Absent) -> str:
    return absent.code if absent.name == absent.code else f"{absent.name} ({absent.code})"


def _row(each: NotReported) -> list[str]:
    absent = each.absent
    return [
        month_text(each.month),
        _name(absent),
        month_text(absent.last),
        f"Not carried: {each.not_carried}" if each.not_carried else _months(absent.months_before(each.month)),
        number_text(absent.listed.total),
        share_text(absent.share),
        "Yes" if each.counts else "No",
    ]


def _months(count: int) -> str:
    return f"For {plural(count, 'month')}"
