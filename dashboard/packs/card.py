"""A single chart as a pack of one page: the same formats, with the scope and data said on it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time

from dashboard import PRODUCT
from dashboard.figures.chart import Chart
from dashboard.packs.audience import audience_of
from dashboard.packs.contents import LICENCE, Contents
from dashboard.packs.page import Page
from dashboard.queries.choices import Choice, scope_words
from rtt.wording import date_text


def card_contents(
    chart: Chart,
    choice: Choice,
    *,
    notes: Sequence[str],
    data_hash: str,
    draft: Sequence[str] = (),
    moment: datetime | None = None,
) -> Contents:
    """The contents; `notes` say what the chart is, of what scope and which data.

    `draft` and `moment` as for `contents_of`.
    """
    assert choice.census is not None
    said = " ".join(note if note.endswith(".") else f"{note}." for note in notes)
    audience = audience_of(choice)
    return Contents(
        audience=audience,
        title=chart.title,
        subtitle=f"{scope_words(choice)}, {date_text(choice.census)}",
        footer=f"{audience.label}. {said} Data {data_hash[:12]}. {PRODUCT}.",
        licence=LICENCE if choice.source == "monthly" else "",
        pages=(Page(name="Chart", title=chart.title, paragraphs=(chart.caption,), chart=chart),),
        draft=tuple(draft),
        moment=moment or datetime.combine(choice.census, time(0), UTC),
    )
