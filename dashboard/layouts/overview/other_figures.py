"""The figures of the set that no tile tells, and whether our figures equal the published ones."""

from typing import Any

from dashboard.filters import to_query
from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from dashboard.layouts.frame.signals import signal_line
from dashboard.layouts.overview.load import CHARTED, Overview
from dashboard.layouts.overview.tiles import OF_TILES, Get
from dashboard.scope.scope import Scope
from ingest.reconcile.england import Reconciliation
from rtt.findings import sentences
from rtt.findings.findings import display, remarks_of
from rtt.findings.left_out import cut_words
from rtt.terms.wording import date_text, plural

Component = Any
MOST_DIFFERENT = 5


def table(scope: Scope, found: Overview, get: Get) -> show.Card:
    """A row for each figure: the newest, its change, and its signal if there is one."""
    before = date_text(scope.previous) if scope.previous else "the census before"
    columns = ["Measure", "Latest", f"Since {before}", "Signal"]
    rows = [_row(scope, found, key, get) for key in CHARTED if key not in OF_TILES]
    return show.table_card(
        "Other key figures",
        show.Table("Other key figures of this scope", columns, rows),
        name="other-figures",
    )


def _row(scope: Scope, found: Overview, key: str, get: Get) -> list[Component]:
    finding, judged = get(key), found.charts[key].judged
    return [
        show.link(sentences.name(finding), f"/trends{to_query(scope.filters, measure=key)}"),
        display(finding),
        sentences.short_change(finding),
        (signal_line(judged) if remarks_of(judged, "signal") else "") or "Not judged yet",
    ]


def reconciled(found: Reconciliation | None) -> list[show.Part]:
    """Whether England's figures equal the published ones; [] where no workbook is loaded to compare with."""
    if found is None or not found.compared:
        return []
    differing = found.differing
    more = cut_words(MOST_DIFFERENT, len(differing))
    said = (
        f"{plural(len(differing), 'figure')} {'differs' if len(differing) == 1 else 'differ'}: "
        + "; ".join(
            f"{date_text(each.month)} {each.section} {each.measure}: ours {each.ours}, "
            f"published {each.published}"
            for each in differing[:MOST_DIFFERENT]
        )
        + (f". {more}" if more else "")
    )
    return [
        show.section(
            "Against the published figures",
            html.P([f"{found.sentence}. ", show.link("Every comparison", "/about")]),
            *([html.P(said)] if differing else []),
            name="reconciliation",
        )
    ]
