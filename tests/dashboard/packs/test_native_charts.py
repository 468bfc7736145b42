"""Every kind of chart as an office draws it: floating bars, bands, funnels, marks and numbers at bars."""

import io
import zipfile
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from xml.etree import ElementTree

import numpy as np
import pytest

from dashboard.figures import trend
from dashboard.figures.bars import Bar, bar_chart
from dashboard.figures.bridge import Step, bridge_chart
from dashboard.figures.chart import Chart
from dashboard.figures.differences import difference_chart
from dashboard.figures.funnel import Unit, funnel_chart
from dashboard.figures.trend import Point, trend_plot
from dashboard.packs.contents.pack import Contents
from dashboard.packs.contents.page import Page, Table
from dashboard.packs.contents.pages import level
from dashboard.packs.formats.docx.write import docx_of
from dashboard.packs.formats.pptx.write import pptx_of
from dashboard.packs.formats.xlsx.write import xlsx_of
from dashboard.packs.office.plot import plot_of
from ingest.loading.load import load_path
from rtt.benchmark.funnel import DifferenceFunnel, proportions_funnel
from rtt.terms.wording import number_text, share_text
from tests.dashboard.packs import making

STEPS = [
    Step("Joined", 386.0, "+386"),
    Step("Treated", -214.0, "−214"),
    Step("Removed", None, "under 8"),
    Step("Moved in less moved out", -3.0, "−3"),
]


def bridge():
    return bridge_chart(
        ("List before", 5662.0, "5,662"), ("List now", 5826.0, "5,826"), STEPS, title="t", caption="c"
    )


def funnel():
    """Two units of one size among twelve, and one far above the others."""
    sizes = np.array([900.0, 900.0, *(4_000.0 * row for row in range(1, 11))])
    shares = np.array([0.50, 0.51, 0.80, *(0.5 + 0.002 * row for row in range(9))])
    units = [Unit(f"R{row}", f"Trust {row}", float(size), "") for row, size in enumerate(sizes)]
    rates = proportions_funnel(shares * sizes, sizes, level=95)
    return funnel_chart(units, rates, title="t", caption="c", measure="Within 18 weeks"), units, rates


def differences():
    lower, upper = np.array([-0.03, 0.01, -0.06]), np.array([0.03, 0.05, -0.02])
    difference = np.array([0.05, 0.02, -0.04])
    zero = np.zeros(3)
    found = DifferenceFunnel(
        level=99.8, rate=0.6 + difference, national=zero + 0.6, difference=difference, lower=lower,
        upper=upper, side=np.array([1, 0, 0], dtype=np.int8), tau_squared=zero, borrowed=zero > 1,
    )  # fmt: skip
    units = [Unit(name, name, 100.0, "") for name in ("Urology", "Cardiology", "Other")]
    return difference_chart(units, found, title="t", caption="c", measure="Within 18 weeks")


def pack_of(chart):
    page = Page("Chart", chart.title, (chart.caption,), chart)
    return Contents("t", "s", "f", "", (page,), (), datetime(2026, 1, 1, tzinfo=UTC))


def slide_chart(chart):
    deck = making.slides(pptx_of(pack_of(chart)))
    (frame,) = [shape for slide in deck for shape in slide.shapes if shape.has_chart]
    assert next(frame._element.iter("{*}cNvPr")).get("descr") == chart.alt
    return frame.chart


def series_of(chart):
    return {series.name: series for part in chart.plots for series in part.series}


def sheet_of(chart):
    rows = making.workbook(chart.part.chart_workbook.xlsx_part.blob).active.iter_rows(values_only=True)
    head, *others = rows
    return head, others


def test_a_bridge_floats_on_a_foot_that_is_not_seen_and_its_steps_are_those_of_the_table():
    chart = slide_chart(bridge())
    series = series_of(chart)
    foot, added, taken, lists = series.values()
    assert foot._element.find(".//{*}spPr/{*}noFill") is not None
    levels = list(accumulate((step.change or 0.0 for step in STEPS), initial=5662.0))
    for row, (before, after, step) in enumerate(zip(levels, levels[1:], STEPS, strict=False), 1):
        if step.change is None:
            assert foot.values[row] is added.values[row] is taken.values[row] is None
            continue
        up, down = added.values[row] or 0.0, taken.values[row] or 0.0
        assert up - down == step.change
        assert foot.values[row] == min(before, after)
        assert foot.values[row] + up + down == max(before, after)
    assert (lists.values[0], lists.values[-1]) == (5662.0, 5826.0)
    assert [each.label for each in chart.plots[0].categories] == [
        "List before", "Joined", "Treated", "Removed: under 8", "Moved in less moved out", "List now",
    ]  # fmt: skip


def test_a_bridge_prints_the_sign_of_its_steps_and_its_key_leaves_the_foot_out():
    chart = slide_chart(bridge())
    _, added, taken, lists = series_of(chart).values()
    formats = [
        each._element.find(".//{*}dLbls/{*}numFmt").get("formatCode") for each in (added, taken, lists)
    ]
    assert formats == ["+#,##0", "−#,##0", "#,##0"]
    gone = [each.get("val") for each in chart.legend._element.findall(".//{*}legendEntry/{*}idx")]
    assert gone == ["0"]


def test_the_workbook_of_a_bridge_holds_a_row_for_each_of_its_table():
    told = bridge()
    head, rows = sheet_of(slide_chart(told))
    assert head[1:] == ("Foot of the bars (not shown)", "Added", "Taken off", "The list")
    assert [row[0].split(":")[0] for row in rows] == [row[0] for row in told.rows]
    assert rows[1][2] == 386
    assert rows[2][3] == 214


def test_bars_between_limits_are_stacked_above_and_below_zero_with_their_marks_over_them():
    plot = plot_of(differences())
    stacks = [series for series in plot.series if not series.line]
    marks = [series for series in plot.series if series.line]
    for row, (low, high) in enumerate(((-3, 3), (1, 5), (-6, -2))):
        values = [series.values[row] or 0.0 for series in stacks]
        unseen = [series.values[row] or 0.0 for series in stacks if series.unseen]
        assert sum(value for value in values if value > 0) == pytest.approx(max(high, 0))
        assert sum(value for value in values if value < 0) == pytest.approx(min(low, 0))
        assert sum(unseen) == pytest.approx(low if low > 0 else high if high < 0 else 0)
    points = [next(value for mark in marks if (value := mark.values[row]) is not None) for row in range(3)]
    assert points == pytest.approx([5, 2, -4])
    assert {mark.name for mark in marks} == {"Above the upper limit", "Within the limits"}


def test_a_funnel_keeps_units_of_one_size_apart_its_scale_and_the_names_of_those_outside():
    told, units, rates = funnel()
    chart = slide_chart(told)
    assert chart._chartSpace.find(".//{*}scaling/{*}logBase").get("val") == "10"
    points = set()
    for series in chart.plots[0].series:
        xs = [float(each.text) for each in series._element.findall(".//{*}xVal//{*}v")]
        if len(xs) < 20:  # a limit has many
            points |= set(zip(xs, series.values, strict=True))
    assert points == {(unit.size, float(rate)) for unit, rate in zip(units, rates.rate, strict=True)}
    outside = {unit.label for unit, side in zip(units, rates.side, strict=True) if side}
    assert outside
    labels = chart._chartSpace.findall(".//{*}dLbl")
    assert {each.text for label in labels for each in label.iter("{*}t")} == outside


def test_a_bar_prints_its_number_and_one_that_is_kept_back_says_so():
    bars = [Bar("ENT", "ENT", 0.603, "60.3%", ""), Bar("Other", "Other", None, "under 8", "")]
    chart = slide_chart(
        bar_chart(bars, unit="share", title="t", caption="c", what="w", columns=("Specialty", "Share"))
    )
    (series,) = chart.plots[0].series
    assert series._element.find(".//{*}dLbls/{*}numFmt").get("formatCode") == "0.0%"
    assert [each.label for each in chart.plots[0].categories] == ["ENT", "Other: under 8"]


@pytest.mark.parametrize(
    "told", [bridge(), funnel()[0], differences()], ids=["bridge", "funnel", "differences"]
)
def test_word_and_excel_have_the_same_chart_with_its_text(told):
    document = making.document(docx_of(pack_of(told)))
    (part,) = [part for part in document.part.package.iter_parts() if "/charts/" in part.partname]
    plain = part.blob.decode()
    for series in plot_of(told).series:
        assert f"<c:v>{series.name}</c:v>" in plain
    assert [each.get("descr") for each in document.element.iter("{*}docPr")] == [told.alt]
    book = making.workbook(xlsx_of(pack_of(told)))
    (drawn,) = book["Chart"]._charts
    assert len(drawn.series) + sum(len(each.series) for each in drawn._charts[1:]) == len(
        plot_of(told).series
    )


def test_an_office_file_of_a_chart_is_the_same_every_time():
    for write in (pptx_of, docx_of, xlsx_of):
        assert write(pack_of(bridge())) == write(pack_of(bridge()))
        assert io.BytesIO(write(pack_of(bridge()))).read(2) == b"PK"


UNITS = {"pathways": "#,##0", "share": "0.0%", "weeks": "0.0"}


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("values", [(1.0,), (1.0, 0.0), (0.4, 0.7), (0.02,), (5_000.0, 3.0)])
def test_the_format_of_a_number_comes_from_the_unit_of_its_measure_never_from_its_size(unit, values):
    """Fault 30: one pathway was labelled 100.0%."""
    bars = [Bar(f"S{at}", f"S{at}", value, "x", "") for at, value in enumerate(values)]
    told = bar_chart(bars, unit=unit, title="t", caption="c", what="w", columns=("Specialty", "What"))
    assert told.figure["layout"]["xaxis"]["tickformat"].endswith("%") is (unit == "share")
    chart = slide_chart(told)
    (series,) = chart.plots[0].series
    assert series._element.find(".//{*}dLbls/{*}numFmt").get("formatCode") == UNITS[unit]
    (drawn,) = making.workbook(xlsx_of(pack_of(told)))["Chart"]._charts
    assert drawn.series[0].dLbls.numFmt == UNITS[unit]


@pytest.mark.parametrize(
    ("key", "shown"), [("over_104", "#,##0"), ("median_weeks", "0.0"), ("share_within_18", "0.0%")]
)
def test_the_newest_number_of_a_level_is_written_as_the_table_has_it(sample, key, shown):
    facts = making.facts_of(sample, "?source=monthly&level=provider&org=R9B")
    told = level(facts, facts.charts[key])
    plot = plot_of(told)
    assert plot.label == shown
    chart = slide_chart(told)
    formats = {each.get("formatCode") for each in chart._chartSpace.iter("{*}numFmt")}
    assert shown in formats
    if key == "over_104":
        assert not any("%" in each for each in formats)


def months(first, count):
    return [day - timedelta(days=1) for day in (month_starts(first, count + 1))[1:]]


def month_starts(first, count):
    return [
        date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1)
        for n in range(count)
    ]


def over_time(days):
    points = [Point(day, 0.5 + at / 1000, "x") for at, day in enumerate(days)]
    rows = tuple((day.isoformat(), "x") for day in days)
    return Chart(trend_plot(points, []), "t", "c", "a", ("Census", "Share"), rows)


@pytest.mark.parametrize("count", [2, 7, 24, 36, 120])
def test_labels_of_months_stand_at_their_census_in_every_office(count):
    """Fault 8: the label of a month stands over the point of its last day, never over the next."""
    days = months(date(2023, 4, 1), count)
    told = over_time(days)
    axis = slide_chart(told)._chartSpace.find(".//{*}dateAx")
    excel = _date_axis(xlsx_of(pack_of(told)))
    for each in (axis, excel):
        # Counted in months, a point and the label of its month are one place.
        assert each.find("{*}baseTimeUnit").get("val") == "months"
        assert each.find("{*}majorTimeUnit").get("val") == "months"
        step = int(each.find("{*}majorUnit").get("val"))
        assert count / step <= 8
        assert each.find("{*}numFmt").get("formatCode") == "mmm yy"


@pytest.mark.parametrize("missing", [(), (3, 4), (1, 2, 3, 5)])
def test_labels_of_weeks_stand_on_sundays_that_have_a_list(missing):
    """Fault 8: a label is a census, not the first of a month between two of them."""
    days = [date(2025, 9, 7) + timedelta(weeks=at) for at in range(24) if at not in missing]
    told = over_time(days)
    for axis in (slide_chart(told)._chartSpace.find(".//{*}dateAx"), _date_axis(xlsx_of(pack_of(told)))):
        assert axis.find("{*}baseTimeUnit").get("val") == "days"
        step = int(axis.find("{*}majorUnit").get("val"))
        assert step % 7 == 0
        assert 24 * 7 / step <= 8
        assert axis.find("{*}numFmt").get("formatCode") == "d mmm yy"


def _date_axis(book):
    with zipfile.ZipFile(io.BytesIO(book)) as package:
        (name,) = [each for each in package.namelist() if each.startswith("xl/charts/chart")]
        axis = ElementTree.fromstring(package.read(name)).find(".//{*}dateAx")
    tags = [each.tag.rpartition("}")[2] for each in axis]
    order = ("auto", "lblOffset", "baseTimeUnit", "majorUnit", "majorTimeUnit")
    assert [tag for tag in tags if tag in order] == list(order), "the order that the schema asks for"
    return axis


def test_words_in_a_column_of_names_stay_words():
    table = Table("t", ("Site", "Waiting"), (("110", number_text(1234)), ("60.3%", share_text(0.603))))
    page = Page("Chart", "t", ("c",), tables=(table,))
    pack = Contents("t", "s", "f", "", (page,), (), datetime(2026, 1, 1, tzinfo=UTC))
    sheet = making.workbook(xlsx_of(pack))["Chart"]
    found = {
        (cell.value, cell.data_type) for row in sheet.iter_rows() for cell in row if cell.value is not None
    }
    assert {("110", "s"), (1234, "n"), ("60.3%", "s"), (0.603, "n")} <= found


def test_the_pack_of_a_provider_with_one_pathway_counts_it(sqlite_engine, make_extract):
    """Fault 30: `rtt pack --scope V5F1D` labelled one pathway 100.0%."""
    path = make_extract({("V5F1D", "01A", "2", "C_110"): {15: 1}}, census=date(2025, 3, 31))
    (result,) = load_path(sqlite_engine, path)
    assert result.state == "loaded", result.problems
    pack = making.contents(sqlite_engine, "?source=monthly&level=provider&org=V5F1D")
    (page,) = [page for page in pack.pages if page.name == "Predicted breaches"]
    plot = plot_of(page.chart)
    assert (plot.series[0].values, plot.series[0].shown, plot.number_format) == ((1.0,), "#,##0", "#,##0")


@pytest.mark.parametrize("query", ["?source=monthly", "?source=weekly"])
def test_charts_name_their_axes_and_mark_standards_and_weeks(sample, query):
    """Fault 11: native charts were poorer than the page."""
    pack = making.contents(sample, query)
    deck = making.slides(pptx_of(pack))
    charts = [shape.chart for slide in deck for shape in slide.shapes if shape.has_chart]
    named = [page for page in pack.pages if page.chart]
    assert len(charts) == len(named)
    for page, chart in zip(named, charts, strict=True):
        for axis in (chart.value_axis, chart.category_axis):
            assert axis.has_title, page.name
            assert axis.axis_title.text_frame.text.strip(), page.name
        names = {each.name for part in chart.plots for each in part.series}
        if page.name == "18 weeks":
            assert any(name.startswith("Standard 92%") for name in names)
            assert chart.value_axis.maximum_scale >= 0.92
        if page.name == "18 weeks, change":
            assert {"Upper limit", "Lower limit"} <= names
        if page.name == "List shape":
            assert {"18 weeks", "52 weeks"} <= names
            for each in ("18 weeks", "52 weeks"):
                series = series_of(chart)[each]
                at = [place for place, value in enumerate(series.values) if value is not None]
                assert at == [int(each.split()[0])]
                assert series._element.find(".//{*}errBars/{*}errBarType").get("val") == "minus"
                assert series.values[at[0]] == chart.value_axis.maximum_scale


def test_excel_has_the_same_marks_and_names_of_axes(sample):
    with zipfile.ZipFile(io.BytesIO(xlsx_of(making.contents(sample, "?source=monthly")))) as package:
        texts = [package.read(name).decode() for name in package.namelist() if "charts/chart" in name]
    for text in texts:
        for axis in ("catAx", "dateAx", "valAx"):
            for found in ElementTree.fromstring(text).iter(f"{{{C}}}{axis}"):
                assert (
                    found.find(f"{{{C}}}title") is not None or found.find(f"{{{C}}}delete").get("val") == "1"
                )
    shape = next(text for text in texts if "Weeks waited" in text)
    assert shape.count("<c:errBars>") == 2


C = "http://schemas.openxmlformats.org/drawingml/2006/chart"


def test_bars_of_a_workbook_begin_at_the_left_with_the_first_row_on_top():
    """Their value axis was turned round: bars grew from the right."""
    bars = [Bar(name, name, value, str(value), "") for name, value in (("A", 2.0), ("B", 1.0))]
    told = bar_chart(bars, unit="pathways", title="t", caption="c", what="w", columns=("Specialty", "Count"))
    with zipfile.ZipFile(io.BytesIO(xlsx_of(pack_of(told)))) as package:
        (name,) = [each for each in package.namelist() if each.startswith("xl/charts/chart")]
        root = ElementTree.fromstring(package.read(name))
    turned = {
        axis: root.find(f".//{{{C}}}{axis}/{{{C}}}scaling/{{{C}}}orientation").get("val")
        for axis in ("catAx", "valAx")
    }
    assert turned == {"catAx": "maxMin", "valAx": "minMax"}


def test_names_in_a_funnel_never_lie_on_one_another():
    """Labels of units of one size ran together."""
    sizes = np.full(12, 5_000.0) * np.linspace(1, 1.02, 12)
    shares = np.array([0.3 + 0.002 * row for row in range(6)] + [0.8 + 0.002 * row for row in range(6)])
    units = [
        Unit(f"R{row}", f"A Trust with a Long Name {row}", float(size), "") for row, size in enumerate(sizes)
    ]
    rates = proportions_funnel(shares * sizes, sizes, level=95)
    plot = plot_of(funnel_chart(units, rates, title="t", caption="c", measure="Within 18 weeks"))
    shown = [side for series in plot.series for side in series.sides if side]
    assert len(shown) < 12
    (frame_chart,) = [
        slide_chart(funnel_chart(units, rates, title="t", caption="c", measure="Within 18 weeks"))
    ]
    assert len(frame_chart._chartSpace.findall(".//{*}dLbl")) == len(shown)


def near_a_milestone(newest):
    """A level that ends at `newest`, and a milestone of 62% due a year after it."""
    days = [date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31)]
    points = [
        Point(day, value, share_text(value)) for day, value in zip(days, (0.5, 0.52, newest), strict=True)
    ]
    due = trend.Step(date(2026, 3, 31), None, 0.62, "Milestone 62% by 31 Mar 2026", milestone=True)
    plot = trend_plot(points, [due], axis_format="", unit="share")
    return Chart(
        plot, "Within 18 weeks", "Within 18 weeks.", "Within 18 weeks.", ("Census", "Within 18 weeks"), ()
    )


@pytest.mark.parametrize(("newest", "below"), [(0.61, True), (0.58, True), (0.4, False)])
def test_a_milestone_is_in_the_legend_once_and_its_name_off_the_newest_number(newest, below):
    """The mark at its end was an entry of its own, "(2)", and its name lay on the number."""
    plot = plot_of(near_a_milestone(newest))
    lines = [each for each in plot.series if each.name.startswith("Milestone")]
    assert [each.in_legend for each in lines] == [True, *[False] * (len(lines) - 1)]
    assert len(lines) == 2
    assert plot.is_newest_below is below
