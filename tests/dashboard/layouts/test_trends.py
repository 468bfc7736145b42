"""Trends: one reading behind icon, table, chart and caption; gaps, phases, notes, settings, trial limits."""

import itertools
from datetime import UTC, date, datetime

import numpy as np
import plotly.graph_objects as go
import pytest
from sqlalchemy import event

from dashboard.analysis.control_charts import charted, series_of
from dashboard.analysis.facts import series, specialties
from dashboard.analysis.findings import figures_of
from dashboard.analysis.parts_over_time import MEASURES, latest_signals, parts_over_time
from dashboard.filters import from_query
from dashboard.layouts.frame.spc_notes import rule_words
from dashboard.layouts.trends import draw as trends
from dashboard.scope.scope import resolve
from dashboard.server.access import Reader
from dashboard.settings import SettingError
from dashboard.settings.settings import from_environment
from dashboard.store import writing
from dashboard.store.cache import reading
from rtt.findings.findings import display
from rtt.measures.indicators import INDICATORS, compute
from rtt.spc.charts import judged_flow_charts, stock_charts
from rtt.spc.reading import one, variation
from rtt.spc.settings import Rules
from tests.dashboard import enquiries, served_pages
from tests.dashboard.months import (
    database,
    drawn,
    graph,
    kind,
    looks,
    months_from,
    parts_of,
    prop,
    table_rows,
    text_of,
)

FIRST, MONTHS, MISSING = date(2024, 1, 31), 18, date(2024, 5, 31)
WRITER = Reader(name="A. Smith", may_write=True)
NOW = datetime(2025, 7, 1, tzinfo=UTC)
GENERAL, EYES = "C_100", "C_130"
# February 2025 has 20 days from Monday to Friday and no bank holiday; April 2025 has 22, less Good Friday and
# Easter Monday; May 2025 has 22, less two.
WORKING_DAYS = {date(2025, 2, 28): 20, date(2025, 4, 30): 20, date(2025, 5, 31): 20, date(2025, 6, 30): 21}


def changes(page) -> dict:
    """The figure of the chart with limits, which stands below that of the level."""
    return next(
        prop(each, "figure")
        for each in parts_of(page)
        if kind(each) == "Graph" and prop(each, "id")["name"] == "control-chart"
    )


def month(at: int) -> dict:
    """General surgery grows by 10 and by 90 in turn; ophthalmology goes up and down."""
    jitter = (3, -5, 4, -2)[at % 4]
    return {
        GENERAL: ({3: 400 + 50 * at - 40 * (at % 2), 30: 100, 60: 20}, 50, 100 + jitter, 200),
        EYES: ({3: 300 + jitter, 60: 10 - at % 2}, 20, 40, 63 + jitter),
    }


@pytest.fixture(scope="module")
def growing(tmp_path_factory):
    """Eighteen months, one of them missing, of a list that grows steadily."""
    folder = tmp_path_factory.mktemp("growing")
    held = {day: month(at) for at, day in enumerate(months_from(FIRST, MONTHS)) if day != MISSING}
    engine = database(folder, held)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    """Twelve months of the same list."""
    folder = tmp_path_factory.mktemp("short")
    engine = database(folder, {day: month(at) for at, day in enumerate(months_from(FIRST, 12))})
    yield engine
    engine.dispose()


def test_a_steady_rise_is_the_same_signal_in_title_caption_tables_and_marks(growing):
    _, found, page = drawn(growing, "/trends?measure=total")
    words = "12 changes in a row upwards"
    chart = found.charts["total"]
    shown = trends._change(found.figures.scope, found, chart, [])
    assert shown.title == "Waiting list: concerning"
    assert f"Concerning: {words}." in shown.caption
    assert shown.rows[0][4] == f"Concerning: {words}"
    (summary,) = [row for row in table_rows(page, "All measures of this scope") if row[0] == "Waiting list"]
    assert summary[1] == f"Concerning: {words}."
    signals = table_rows(page, "Signals among specialties")
    assert ["General surgery", "Waiting list", "1,330", "concerning ↑"] in signals
    newest = changes(page)["data"][-1]["marker"]
    assert newest["symbol"][-1] == "square"
    assert "rtt-mark--square" in looks(page)


def test_the_row_of_a_chart_subtracts_as_a_reader_would(growing):
    _, _, page = drawn(growing, "/trends?measure=total&points=36")
    rows = table_rows(page, "Waiting list: concerning")
    assert len(rows) == MONTHS
    for newer, older in itertools.pairwise(rows):
        if "No census" not in (newer[1], older[1]):
            difference = int(newer[1].replace(",", "")) - int(older[1].replace(",", ""))
            assert newer[2] == f"{difference:+d}".replace("-", "−")


def test_beside_the_change_stands_that_on_the_same_month_a_year_before(growing):
    _, found, page = drawn(growing, "/trends?measure=total&points=36")
    rows = table_rows(page, "Waiting list: concerning")
    levels = {row[0]: row[1] for row in rows}
    assert rows[0][0] == "30 Jun 2025"
    change = int(levels["30 Jun 2025"].replace(",", "")) - int(levels["30 Jun 2024"].replace(",", ""))
    assert rows[0][5] == f"+{change}"
    assert rows[1][5] == "Not known"  # May 2024 is missing
    assert (
        f"Up {change} since 30 Jun 2024."
        in trends._change(found.figures.scope, found, found.charts["total"], []).caption
    )


def test_a_missing_month_is_a_gap_with_no_signal_that_breaks_the_line_and_the_run(growing):
    _, _found, page = drawn(growing, "/trends?measure=total&points=36")
    by_day = {row[0]: row for row in table_rows(page, "Waiting list: concerning")}
    assert by_day["31 May 2024"][1:3] == ["No census", "Not known"]
    assert by_day["30 Jun 2024"][2] == "Not known"  # the change since a census that is not there
    assert by_day["30 Apr 2024"][4] == "None"  # three rises before the gap are no seven
    marks = dict(zip(changes(page)["data"][-1]["x"], changes(page)["data"][-1]["y"], strict=True))
    assert marks["2024-05-31"] is None
    assert marks["2024-06-30"] is None
    assert marks["2024-07-31"] is not None


def test_monthly_flows_are_charted_per_working_day_with_the_count_in_the_table(growing):
    _, found, page = drawn(growing, "/trends?measure=stops&points=36")
    chart = found.charts["stops"]
    rate = dict(zip(chart.days, chart.reading.values, strict=True))
    level = dict(zip(chart.days, chart.levels, strict=True))
    for day, days in WORKING_DAYS.items():
        assert rate[day] == level[day] / days
    newest = table_rows(page, trends._change(found.figures.scope, found, chart, []).title)[0]
    assert newest[:3] == ["June 2025", "205", "9.8"]  # 50 + 95 + 20 + 40 over 21 days


def test_stocks_are_not_divided_by_working_days(growing):
    _, found, _ = drawn(growing, "/trends")
    chart = found.charts["total"]
    assert not chart.per_working_day
    changes = np.diff(chart.levels)
    np.testing.assert_array_equal(chart.reading.values[1:], changes)


@pytest.mark.parametrize("two_sigma", ["beyond", "between"])
def test_every_cell_says_what_a_chart_of_its_own_series_from_the_bands_says(growing, two_sigma):
    rules = Rules(two_sigma=two_sigma)
    with reading(growing) as connection:
        scope = resolve(connection, from_query("")[0], enquiries.by())
        found = parts_over_time(
            connection, scope.selection(scope.dates, each_function=True), "treatment_function"
        )
        facts = specialties(connection, scope, scope.dates, flows=True)
    signals = latest_signals(found, rules)
    measured = compute(facts.facts, MEASURES)
    kept = [position for position, day in enumerate(found.days) if day != MISSING]
    for key in MEASURES:
        make = stock_charts if INDICATORS[key].kind == "stock" else judged_flow_charts
        turn = [(day.month - 1) / 12 for day in found.days]
        for row, unit in enumerate(found.units):
            values = np.full(len(found.days), np.nan)
            values[kept] = measured[key].value[facts.units.index(unit)]
            if INDICATORS[key].kind == "flow":
                values = values / [np.busday_count(*_span(day), holidays=_BANK) for day in found.days]
            alone = variation(one(make(values, turn=turn, rules=rules), 0), good=INDICATORS[key].good)
            assert alone is not None
            assert signals.cells[key][row].icon == alone.icon
            assert signals.cells[key][row].value == measured[key].value[facts.units.index(unit)][-1]


# England's bank holidays from January 2024 to June 2025, as gov.uk lists them.
_BANK = np.array(
    ["2024-01-01", "2024-03-29", "2024-04-01", "2024-05-06", "2024-05-27", "2024-08-26", "2024-12-25",
     "2024-12-26", "2025-01-01", "2025-04-18", "2025-04-21", "2025-05-05", "2025-05-26"],
    dtype="datetime64[D]",
)  # fmt: skip


def _span(day: date) -> tuple[np.datetime64, np.datetime64]:
    first = np.datetime64(day.replace(day=1))
    return first, np.datetime64(day) + np.timedelta64(1, "D")


def test_twelve_months_show_trial_limits_calmly_and_judge_nothing(short):
    _, _, page = drawn(short, "/trends?measure=total")
    words = text_of(page)
    assert looks(page) == []
    assert "Waiting list: too few points to judge" in words
    assert words.count("Trial limits: 11 points, 13 are needed to judge variation.") == 1
    assert "no series has the 13 points" in words
    page_but_rules = words.split("How signals are found")[0].lower()
    for claim in ("improv", "worsen", "deteriorat", "concerning", "no significant change"):
        assert claim not in page_but_rules
    rows = table_rows(page, "Waiting list: too few points to judge")
    assert {row[4] for row in rows} == {"Not judged", "Not known"}
    assert all(row[3].endswith("(trial)") for row in rows)


def test_a_level_has_no_limits_until_they_are_asked_for_and_then_the_caution(growing):
    _, _, plain = drawn(growing, "/trends?measure=total")
    assert "Judge the changes instead." not in text_of(plain)
    assert not any("limit" in note["text"] for note in graph(plain)["layout"]["annotations"])
    _, _found, asked = drawn(growing, "/trends?measure=total&view=limits")
    words = text_of(asked)
    assert "Each census carries over most of the one before (correlation 0.8" in words
    assert "Judge the changes instead." in words
    assert any("Upper limit" in note["text"] for note in graph(asked)["layout"]["annotations"])
    assert "Signals are judged on the changes, not on the level." in words


def test_the_page_states_its_rules_and_the_false_alarms_to_expect(growing):
    _, _found, page = drawn(growing, "/trends")
    words = text_of(page)
    # 8 stocks of the summary and 4 of two specialties (clearance takes three months in a row, and one is
    # missing: too few to judge); 3 flows and 2 of two specialties, all judged.
    assert "% of latest points would still be flagged" in words
    assert "of the 16 series here" in words
    assert "of the 7 series here" in words
    assert "Shift: 7 or more points in a row" in words
    assert "Points outside the limits count too (Making Data Count since November 2023)" in words


def test_the_settings_of_an_organisation_are_used_and_stated(growing):
    asked = enquiries.by(spc_shift=8, spc_two_sigma="between")
    with reading(growing) as connection:
        scope = resolve(connection, from_query("measure=total")[0], asked)
        page = trends.draw(scope, trends.load(connection, scope))
    words = text_of(page)
    assert "Shift: 8 or more points in a row" in words
    assert "Points outside the limits do not count (the rule before November 2023)" in words


def test_settings_that_cannot_be_meant_are_refused_by_name():
    assert from_environment({"RTT_SPC_SHIFT": "6", "RTT_SPC_TWO_SIGMA": "between"}).rules == Rules(
        length=6, two_sigma="between"
    )
    with pytest.raises(SettingError, match="RTT_SPC_SHIFT"):
        from_environment({"RTT_SPC_SHIFT": "5"})
    with pytest.raises(SettingError, match="RTT_SPC_TWO_SIGMA"):
        from_environment({"RTT_SPC_TWO_SIGMA": "about"})


def test_a_rebase_begins_new_limits_and_is_told_with_reason_author_and_day(growing):
    address = "/trends?measure=stops&points=36"
    _, before, _ = drawn(growing, address)
    series_named = series_of(before.figures.scope, "stops")
    number = writing.start_phase(
        growing, WRITER, series_named, starts_on=date(2024, 9, 15), reason="new theatre", at=NOW
    )
    try:
        _, found, page = drawn(growing, address)
        chart = found.charts["stops"]
        starts = chart.days.index(date(2024, 9, 30))  # the first census on or after the day
        assert chart.phases.tolist() == [0] * starts + [1] * (len(chart.days) - starts)
        assert chart.reading.points_in_limits == len(chart.days) - starts == 10
        assert chart.variation is None  # ten points: trial limits again
        assert found.charts["total"].phases.max() == 0
        assert "New limits from here: new theatre (A. Smith, 15 Sep 2024)" in text_of(page)
        line = next(trace for trace in changes(page)["data"] if None in trace["x"])
        assert line["x"].index(None) == starts
    finally:
        writing.withdraw(growing, WRITER, "rebase", number, at=NOW)
    _, after, page = drawn(growing, address)
    assert after.charts["stops"].phases.max() == 0
    assert "new theatre" not in text_of(page)


def test_a_note_shows_on_the_chart_in_its_table_and_below_it_as_text(growing):
    address = "/trends?measure=total"
    _, found, _ = drawn(growing, address)
    text = "<b>EPR</b> & go-live, with a long story told besides"
    number = writing.annotate(
        growing, WRITER, series_of(found.figures.scope, ""), noted_on=date(2025, 3, 3), text=text, at=NOW
    )
    try:
        for scope in (address, "/trends?measure=stops", "/trends?measure=total&view=level"):
            _, _, page = drawn(growing, scope)
            labels = [note["text"] for note in graph(page)["layout"]["annotations"]]
            (label,) = [each for each in labels if "EPR" in each]
            assert label.startswith("&lt;b&gt;EPR&lt;/b&gt; &amp; go-live")
            assert label.endswith("…")
            assert f"{text} (A. Smith, 3 Mar 2025)" in text_of(page)
        _, _, elsewhere = drawn(growing, "/trends?measure=total&tf=C_130")
        assert "go-live" not in text_of(elsewhere)
    finally:
        writing.withdraw(growing, WRITER, "note", number, at=NOW)


def test_the_row_of_a_note_is_that_of_the_census_it_lies_before(growing):
    _, found, _ = drawn(growing, "/trends?measure=total")
    named = series_of(found.figures.scope, "total")
    number = writing.annotate(growing, WRITER, named, noted_on=date(2025, 3, 3), text="moved", at=NOW)
    try:
        _, _, page = drawn(growing, "/trends?measure=total")
        rows = {row[0]: row[-1] for row in table_rows(page, "Waiting list: concerning")}
        # A month held across a change of the return says so in its own row.
        community = "Consultant-led community services left the return, 1 Feb 2024"
        noted = {day: note for day, note in rows.items() if note}
        assert {day for day, note in noted.items() if note != community} == {"31 Mar 2025"}
        assert noted["29 Feb 2024"] == community
    finally:
        writing.withdraw(growing, WRITER, "note", number, at=NOW)


def test_who_may_not_write_sees_no_form(growing):
    scope, _found, page = drawn(growing, "/trends")
    assert not scope.reader.may_write
    forms = [each for each in parts_of(page) if kind(each) == "Form"]
    assert not [each for each in forms if prop(each, "method") == "post"]


def test_every_measure_and_view_gives_a_figure_plotly_takes_and_at_most_ten_statements(growing):
    statements = []
    event.listen(growing, "before_cursor_execute", lambda *said: statements.append(said[2]))
    for key in trends.MEASURES:
        for view in ("", "limits", "all"):
            statements.clear()
            _, _, page = drawn(growing, f"/trends?measure={key}&view={view}&points=12")
            if view != "all":
                go.Figure(graph(page))
                go.Figure(changes(page))
            assert len([each for each in statements if each.startswith("SELECT")]) <= 10
            if view == "all":
                told = [prop(each, "alt") for each in parts_of(page) if kind(each) == "Img"]
                # Clearance needs three months in a row, and the oldest are not held.
                assert len(told) >= len(trends.MEASURES) - 1
            else:
                told = [prop(each, "aria-label") for each in parts_of(page) if prop(each, "role") == "img"]
                # A share of a flow is drawn once: its level is what its limits stand around.
                once = INDICATORS[key].kind == "flow" and INDICATORS[key].unit != "pathways"
                assert len(told) == (1 if once else 2)
            assert all(any(figure.isdigit() for figure in words) for words in told)


def test_a_measure_that_is_not_charted_falls_back(growing):
    scope, _, page = drawn(growing, "/trends?measure=list_change")
    assert trends.measure_of(scope) == "share_within_18"
    assert "Within 18 weeks" in text_of(page)


def test_a_wait_in_the_open_band_is_a_gap_of_the_chart_and_words_in_the_table(tmp_path):
    held = {day: {GENERAL: ({104: 50}, 5, 5, 5)} for day in months_from(FIRST, 3)}
    engine = database(tmp_path, held)
    _, found, page = drawn(engine, "/trends?measure=median_weeks")
    assert np.isnan(found.charts["median_weeks"].levels).all()
    assert "104+ weeks" in text_of(page)
    engine.dispose()


def test_weeks_with_a_bank_holiday_are_marked(demo):
    _, found, page = drawn(demo, "/trends?source=weekly&measure=stops&points=36")
    chart = found.charts["stops"]
    rows = table_rows(page, trends._change(found.figures.scope, found, chart, []).title)
    marked = {row[0] for row in rows if "bank holiday" in row[0]}
    assert {"Week to 28 Dec 2025, bank holiday", "Week to 4 Jan 2026, bank holiday"} <= marked
    assert not any(row[0].startswith("Week to 14 Dec 2025,") for row in rows)
    marks = changes(page)["data"][-1]
    opened = {
        day for day, symbol in zip(marks["x"], marks["marker"]["symbol"], strict=True) if "open" in symbol
    }
    assert {"2025-12-28", "2026-01-04"} <= opened
    assert "2025-12-14" not in opened


def test_small_numbers_of_a_tracking_list_reach_neither_cell_nor_chart(demo):
    scope, found, _ = drawn(demo, "/trends?source=weekly&measure=over_65")
    assert scope.conceals
    cells = [cell for key in ("total", "over_52") for cell in found.parts.signals.cells[key]]
    assert not [cell for cell in cells if cell.value is not None and 0 < cell.value < 8]
    assert "under 8" in [cell.words for cell in cells]
    levels = found.charts["over_65"].levels
    assert not ((levels > 0) & (levels < 8)).any()


def test_only_signals_have_a_line_and_the_rest_are_counted(growing):
    """Fault 6: 120 lines of "no significant change" hid the few that said something."""
    _, found, page = drawn(growing, "/trends")
    cells = [cell for key in MEASURES for cell in found.parts.signals.cells[key]]
    signals = [cell for cell in cells if cell.icon and cell.icon.arrow]
    same = [cell for cell in cells if cell.icon and not cell.icon.arrow]
    rows = table_rows(page, "Signals among specialties")
    words = text_of(page)
    # Each part and measure is a series; their total is a row of no part.
    parts = [part.code for part in found.parts.parts]
    at = [found.parts.signals.units.index(code) for code in parts]
    own = [found.parts.signals.cells[key][place] for key in MEASURES for place in at]
    shown = [cell for cell in own if cell.icon and cell.icon.arrow]
    assert 0 < len(rows) == len(shown) <= len(signals)
    calm = sum(1 for cell in own if cell.icon and not cell.icon.arrow)
    assert f"{len(rows)} of {len(own)} series show a signal" in words
    assert f"{calm} {'shows' if calm == 1 else 'show'} no significant change." in words
    assert calm <= len(same)
    assert [row[3].split(" ")[0] for row in rows] == sorted(
        (row[3].split(" ")[0] for row in rows), key=["concerning", "improving", "special"].index
    )


def test_every_measure_stands_in_the_view_of_all_and_leads_to_its_charts(growing):
    scope = "level=provider&org=RTD&tf=C_100"
    _, found, page = drawn(growing, f"/trends?view=all&{scope}")
    tiles = [each for each in parts_of(page) if prop(each, "className") == "rtt-tile"]
    links = [next(prop(each, "href") for each in parts_of(tile) if kind(each) == "A") for tile in tiles]
    assert links == [f"?{scope}&measure={key}" for key in trends.MEASURES]
    for key, tile in zip(trends.MEASURES, tiles, strict=True):
        _, own, _ = drawn(growing, f"/trends?{scope}&measure={key}")
        assert display(own.charts[key].last) in text_of(tile)
        assert found.charts[key].variation == own.charts[key].variation


def test_the_level_stands_above_its_change(growing):
    """Fault 1: the page opened on the change, and the level hid behind a menu."""
    _, found, page = drawn(growing, "/trends?measure=total")
    graphs = [each for each in parts_of(page) if kind(each) == "Graph"]
    assert [prop(each, "id")["name"] for each in graphs] == ["level", "control-chart"]
    line = max(prop(graphs[0], "figure")["data"], key=lambda trace: len(trace["y"]))["y"]
    assert [value for value in line if value is not None] == [
        level for level in found.charts["total"].levels.tolist() if level == level
    ]


def test_the_chart_of_the_scope_and_the_cells_come_from_the_same_censuses(growing):
    with reading(growing) as connection:
        scope = resolve(connection, from_query("census=2025-02")[0], enquiries.by())
        figures = figures_of(scope, series(connection, scope))
        chart = charted(figures, ("total",))["total"]
        over_time = parts_over_time(
            connection, scope.selection(scope.dates, each_function=True), "treatment_function"
        )
    assert chart.days[-1] == over_time.days[-1] == date(2025, 2, 28)
    assert chart.levels[-1] == over_time.listed["total"].sum(axis=0)[-1] / 2  # each specialty and their total


def test_about_and_trends_tell_the_same_rules(growing, tmp_path):
    """Fault 12: About told of a trend rule for all series, Trends for flows alone."""
    client = served_pages.client_of(growing, tmp_path, today=date(2025, 9, 1))
    told = [served_pages.words(served_pages.drawn(client, path)["page"]) for path in ("/about", "/trends")]
    for rule in rule_words(Rules()):
        assert all(rule in page for page in told), rule
    assert all(page.count("trend rule") == 1 for page in told)
