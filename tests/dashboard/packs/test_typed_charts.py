"""A chart is values: each renderer draws them itself, and none reads what another has made."""

from dataclasses import replace

import pytest

from dashboard.callbacks.csv_text import csv_text
from dashboard.figures import control_chart, theme
from dashboard.figures.plot import Bars, Line, Mark, RowMarks
from dashboard.filters import Filters
from dashboard.layouts.frame import components
from dashboard.packs.contents.pages import control
from dashboard.packs.formats.docx.write import docx_of
from dashboard.packs.formats.xlsx.write import xlsx_of
from dashboard.packs.office.plot import plot_of
from rtt.spc.reading import Signal, Variation, variation_icon
from tests.dashboard.packs import making
from tests.dashboard.packs.test_native_charts import (
    bridge,
    differences,
    funnel,
    pack_of,
    series_of,
    slide_chart,
)

SCOPE = "?source=monthly&level=provider&org=R9B"
MEANINGS = {
    "Improving": ("up", "higher", theme.BLUE, "triangle-up"),
    "Concerning": ("down", "higher", theme.ORANGE, "square"),
    "Special cause, neither improvement nor concern": ("up", None, theme.PURPLE, "diamond"),
    "No significant change": (None, "higher", theme.GREY, "circle"),
}


@pytest.mark.parametrize("word", MEANINGS)
def test_a_signal_reaches_every_renderer_from_one_mark(sample, monkeypatch, word):
    direction, good, colour, shape = MEANINGS[word]
    signals = (Signal("shift", direction, 7, "7 changes in a row"),) if direction else ()
    mark = Mark(Variation(variation_icon(direction, good=good), signals, ()))
    facts = making.facts_of(sample, SCOPE)
    newest = len(facts.charts["total"].days) - 1
    others = Mark(None)
    monkeypatch.setattr(control_chart, "_mark", lambda _found, t: mark if t == newest else others)
    chart = control(facts, facts.charts["total"])

    points = chart.figure["data"][-1]
    assert (points["marker"]["color"][-1], points["marker"]["symbol"][-1]) == (colour, shape)
    assert points["text"][-1].endswith(f", {mark.signal.icon.word}")

    value = points["y"][-1]
    series = series_of(slide_chart(chart))
    assert [each for each in series[word].values if each is not None] == [value]
    assert all(each != value or at < newest for at, each in enumerate(series["Not judged"].values))

    document = making.document(docx_of(pack_of(chart)))
    (part,) = [part for part in document.part.package.iter_parts() if "/charts/" in part.partname]
    assert f"<c:v>{word}</c:v>" in part.blob.decode()

    sheet = making.workbook(xlsx_of(pack_of(chart)))["Chart"]
    heads = {cell.value: cell.column for row in sheet.iter_rows() for cell in row if cell.value == word}
    (column,) = heads.values()
    drawn = [cell.value for (cell,) in sheet.iter_rows(min_col=column, max_col=column)]
    assert [each for each in drawn if isinstance(each, float | int)] == [value]

    told = f"{word}: 7 changes in a row" if direction else "None"
    at = chart.columns.index("Signal")
    assert chart.rows[0][at] == told
    assert {row[at] for row in chart.rows[1:]} <= {"Not judged", "Not known"}
    table = components.card("control-chart", chart).lines(Filters())
    assert csv_text(table).splitlines()[1].count(told) == 1


def without_words(plot):
    """The plot with everything changed that browsers alone show."""
    web = {"told": None, "hrefs": None, "web": {}}
    series = [
        replace(each, **web, **({} if isinstance(each, Bars) else {"hover": "other %{text}"}))
        if isinstance(each, Bars | Line | RowMarks)
        else each
        for each in plot.series
    ]
    # The last point again, larger, is told by having no words at the pointer.
    kept = [new if getattr(old, "hover", "") else old for old, new in zip(plot.series, series, strict=True)]
    return replace(plot, series=tuple(kept), along={}, web={})


def test_words_at_the_pointer_change_no_office_chart(sample):
    facts = making.facts_of(sample, SCOPE)
    charts = [control(facts, facts.charts[key]) for key in ("total", "share_within_18", "over_52")]
    charts += [bridge(), funnel()[0], differences()]
    for chart in charts:
        assert plot_of(replace(chart, plot=without_words(chart.plot))) == plot_of(chart), chart.title


def test_a_workbook_holds_the_full_figure(sample):
    facts = making.facts_of(sample, SCOPE)
    pack = making.contents(sample, SCOPE)
    finding = facts.charts["share_within_18"].last
    assert round(finding.value, 3) != finding.value, "else this proves nothing"
    rows = list(making.workbook(xlsx_of(pack))["Measures"].iter_rows())
    head = next(row for row in rows if row[0].value == "Measure")
    latest = next(cell.column for cell in head if cell.value == "Latest") - 1
    (row,) = [row for row in rows if row[0].value == "Within 18 weeks"]
    assert row[latest].value == finding.value
    assert row[latest].number_format == "#,##0.0%"
