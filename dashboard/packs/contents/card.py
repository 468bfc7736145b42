"""A single chart as a pack of one page: the same formats, with the scope and data said on it."""

from collections.abc import Sequence
from datetime import UTC, datetime, time

from dashboard import PRODUCT
from dashboard.figures.chart import Chart
from dashboard.packs.contents.audience import audience_of
from dashboard.packs.contents.pack import Contents
from dashboard.packs.contents.page import Page
from dashboard.scope.scope import Scope, scope_words
from rtt.findings.sentences import LICENCE
from rtt.terms.wording import date_text


def card_contents(
    chart: Chart,
    scope: Scope,
    *,
    notes: Sequence[str],
    data_hash: str,
    draft: Sequence[str] = (),
    moment: datetime | None = None,
) -> Contents:
    """The contents; `notes` say what the chart is, of what scope and which data.

    `draft` and `moment` as for `contents_of`.
    """
    assert scope.census is not None
    said = " ".join(note if note.endswith(".") else f"{note}." for note in notes)
    audience = audience_of(scope)
    return Contents(
        audience=audience,
        title=chart.title,
        subtitle=f"{scope_words(scope)}, {date_text(scope.census)}",
        footer=f"{audience.label}. {said} Data {data_hash[:12]}. {PRODUCT}.",
        licence=LICENCE if scope.source == "monthly" else "",
        pages=(Page(name="Chart", title=chart.title, paragraphs=(chart.caption,), chart=chart),),
        draft=tuple(draft),
        moment=moment or datetime.combine(scope.census, time(0), UTC),
    )
