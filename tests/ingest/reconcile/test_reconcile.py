"""Our figures stand beside the published ones, and every difference is told."""

from datetime import date

import pytest
from sqlalchemy import update

from ingest.loading.load import load_path
from ingest.reconcile.england import reconcile, summary
from ingest.store.schema import ENGLAND, pathway_counts
from tests.ingest import workbooks
from tests.ingest.workbooks import (
    ADMITTED,
    ALL,
    ESTIMATES,
    INCOMPLETE,
    MEDIAN,
    NEW,
    NON_ADMITTED,
    OVER_52,
    P92,
    P95,
    REMOVALS,
    SHARE,
    WAITING,
    WITHIN,
)

FEBRUARY, MARCH = date(2025, 2, 28), date(2025, 3, 31)
NEW_PERIODS = (NEW, "No. of new RTT periods")
UNREPORTED = (REMOVALS, "Total unreported removals")

# 100 wait in February. In March 40 start, 10 are admitted, 20 treated otherwise and 5 go without a stop, so
# 105 wait: 65 in the first band, 30 between 20 and 21 weeks, 10 past 52 weeks.
LIST_IN_FEBRUARY = {("RTD", "01A", "2", "C_110"): {0: 100}}
IN_MARCH = {
    ("RTD", "01A", "2", "C_110"): {0: 65, 20: 20},
    ("RTD", "91Q", "2", "C_100"): {20: 10, 60: 10},
    # Counted by no published figure of England.
    ("RTD", "NONC", "2", "C_100"): {104: 50},
    ("RTD", "01A", "1A", "C_110"): {3: 8, "unknown": 2},
    ("RTD", "01A", "1B", "C_110"): {1: 20},
    ("RTD", "01A", "3", "C_110"): 40,
}
# By hand: the median position is 52.5 of 65 in the first band; the 92nd percentile position 96.6 lies 1.6 of
# 10 into the band past 60 weeks. Ten known admissions are too few for a percentile; of 20 stops the median
# position 10 is half of the band from 1 to 2 weeks, the 95th position 19 is 0.95 of it.
PRINTED = {
    (INCOMPLETE, MEDIAN): 52.5 / 65,
    (INCOMPLETE, P92): 60.16,
    (INCOMPLETE, WITHIN): 65,
    (INCOMPLETE, SHARE): 65 / 105,
    (INCOMPLETE, OVER_52): 10,
    (INCOMPLETE, WAITING): 105,
    (INCOMPLETE, WAITING + ESTIMATES): 105,
    (ADMITTED, WITHIN): 8,
    (ADMITTED, ALL): 10,
    (NON_ADMITTED, MEDIAN): 1.5,
    (NON_ADMITTED, P95): 1.95,
    (NON_ADMITTED, ALL): 20,
    NEW_PERIODS: 40,
    UNREPORTED: 5,
}


@pytest.fixture
def load(tmp_path, make_extract):
    def load(engine, extracts, printed=None, **layout):
        layouts = {census: layout if census == MARCH else {} for census in extracts}
        paths = [make_extract(facts, census=census, **layouts[census]) for census, facts in extracts.items()]
        for vintage, months in (printed or {}).items():
            months = {workbooks.first(month): figures for month, figures in months.items()}
            paths.append(
                workbooks.save(tmp_path / f"{vintage}.xlsx", months, period=f"April 2007 to {vintage}")
            )
        for path in paths:
            (result,) = load_path(engine, path)
            assert result.state == "loaded", result.problems

    return load


def comparisons(engine):
    with engine.connect() as connection:
        return reconcile(connection)


def states(engine, month=MARCH):
    return {(each.section, each.measure): each.state for each in comparisons(engine) if each.month == month}


def test_every_printed_measure_is_equal_without_non_english_commissioners(engine, load):
    load(engine, {FEBRUARY: LIST_IN_FEBRUARY, MARCH: IN_MARCH}, {"March 2025": {MARCH: PRINTED}})
    of_march = [each for each in comparisons(engine) if each.month == MARCH]
    assert len(of_march) == len(PRINTED)
    assert [each for each in of_march if each.state != "equal"] == []
    assert {each.vintage for each in of_march} == {"2025-03"}


@pytest.mark.parametrize("key", PRINTED, ids=lambda key: " ".join(key).strip())
def test_a_figure_that_is_off_by_a_little_differs(sqlite_engine, load, key):
    little = 2e-6 if isinstance(PRINTED[key], float) else 1
    figures = PRINTED | {key: PRINTED[key] + little}
    if key == (INCOMPLETE, WAITING):
        figures[INCOMPLETE, WAITING + ESTIMATES] = figures[key]
    load(sqlite_engine, {FEBRUARY: LIST_IN_FEBRUARY, MARCH: IN_MARCH}, {"March 2025": {MARCH: figures}})
    told = summary(comparisons(sqlite_engine))
    if key == (INCOMPLETE, WAITING + ESTIMATES):
        assert not told.differing  # more than was returned: somebody's missing figure was estimated
    else:
        assert told.differing
        assert all(each.difference == pytest.approx(-little, rel=1e-6) for each in told.differing)
        assert told.sentence == "Equals the published figure for 0 of 1 month"


def test_a_figure_with_estimates_is_not_comparable_and_says_so(sqlite_engine, load):
    figures = PRINTED | {(INCOMPLETE, WAITING + ESTIMATES): 150}
    load(sqlite_engine, {FEBRUARY: LIST_IN_FEBRUARY, MARCH: IN_MARCH}, {"March 2025": {MARCH: figures}})
    odd = [
        each for each in comparisons(sqlite_engine) if each.state == "not comparable" and each.month == MARCH
    ]
    assert [(each.measure, each.reason) for each in odd] == [
        ("total_with_estimates", "holds estimates for trusts that did not submit")
    ]


def test_unreported_removals_need_the_month_before(sqlite_engine, load):
    load(sqlite_engine, {MARCH: IN_MARCH}, {"March 2025": {MARCH: PRINTED}})
    (odd,) = [each for each in comparisons(sqlite_engine) if each.state == "not comparable"]
    assert (odd.section, odd.ours) == ("unreported removals", None)
    assert "month before" in odd.reason
    assert summary(comparisons(sqlite_engine)).sentence == "Equals the published figure for 1 of 1 month"


def test_the_newest_vintage_that_prints_a_month_wins(engine, load):
    wrong = PRINTED | {(INCOMPLETE, WITHIN): 64}
    load(
        engine,
        {FEBRUARY: LIST_IN_FEBRUARY, MARCH: IN_MARCH},
        {
            "April 2025": {MARCH: PRINTED},
            "March 2025": {MARCH: wrong, FEBRUARY: {(INCOMPLETE, WAITING): 100}},
            # A later one whose months were taken out prints nothing of March.
            "May 2025": {date(2025, 4, 30): PRINTED},
        },
    )
    assert set(states(engine).values()) == {"equal"}
    assert {each.vintage for each in comparisons(engine)} == {"2025-04", "2025-03"}


def test_a_month_that_no_workbook_prints_is_named_and_not_counted(sqlite_engine, load):
    load(sqlite_engine, {FEBRUARY: LIST_IN_FEBRUARY, MARCH: IN_MARCH}, {"March 2025": {MARCH: PRINTED}})
    (odd,) = [each for each in comparisons(sqlite_engine) if each.month == FEBRUARY]
    assert (odd.state, odd.reason) == ("not comparable", "no workbook that is loaded prints this month")
    assert summary(comparisons(sqlite_engine)).sentence == "Equals the published figure for 1 of 1 month"


def test_without_a_workbook_nothing_is_claimed(sqlite_engine, load):
    load(sqlite_engine, {MARCH: IN_MARCH})
    assert summary(comparisons(sqlite_engine)).sentence.startswith("Not compared with the published figures")
    assert summary([]).compared == ()


@pytest.mark.parametrize(
    ("census", "printed", "state"),
    [
        (date(2022, 9, 30), 1.54, "equal"),
        (date(2022, 9, 30), 1.56, "differs"),
        (date(2022, 10, 31), 1.50001, "differs"),
        (date(2022, 10, 31), 1.5, "equal"),
    ],
)
def test_medians_before_october_2022_are_compared_to_one_decimal_place(
    sqlite_engine, load, census, printed, state
):
    facts = {("RTD", "01A", "1B", "C_110"): {1: 20}}
    load(
        sqlite_engine,
        {census: facts},
        {f"{census:%B %Y}": {census: {(NON_ADMITTED, MEDIAN): printed, (INCOMPLETE, WAITING): 0}}},
    )
    assert states(sqlite_engine, census)["non-admitted", "median_weeks"] == state


@pytest.mark.parametrize(
    ("open_band", "printed", "state"),
    [
        (52, "52+", "equal"),
        (52, 51.9, "differs"),
        (104, "104+", "equal"),
        (104, 104, "equal"),
        (104, "52+", "differs"),
    ],
)
def test_a_percentile_off_the_scale_is_text(sqlite_engine, load, open_band, printed, state):
    facts = {("RTD", "01A", "2", "C_110"): {0: 20, open_band: 80}}
    figures = {(INCOMPLETE, P92): printed, (INCOMPLETE, "No. > 65 weeks"): 80}
    load(sqlite_engine, {MARCH: facts}, {"March 2025": {MARCH: figures}}, open_band=open_band)
    (percentile, over_65) = sorted(comparisons(sqlite_engine), key=lambda each: each.measure, reverse=True)
    if state == "differs":
        assert percentile.state == "differs"
    else:
        assert (percentile.state, percentile.ours) == ("equal", f"{open_band}+")
    assert over_65.state == ("not comparable" if open_band == 52 else "equal")


def test_a_count_of_ours_that_is_wrong_is_found(engine, load):
    load(engine, {FEBRUARY: LIST_IN_FEBRUARY, MARCH: IN_MARCH}, {"March 2025": {MARCH: PRINTED}})
    counts = pathway_counts.c
    with engine.begin() as connection:
        connection.execute(
            update(pathway_counts)
            .where(
                counts.organisation_code == ENGLAND, counts.treatment_function == "C_999", counts.part == "1B"
            )
            .values(total=counts.total + 1)
        )
    differing = summary(comparisons(engine)).differing
    assert {(each.section, each.difference) for each in differing} == {
        ("non-admitted", 1),
        ("unreported removals", -1),
    }
