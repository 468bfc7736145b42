"""Whether a list is on its line: held to the figures of the design, and to the words."""

from datetime import date

import pytest

from dashboard.analysis.planning.on_line import Milestone, lines_of, of_anchors, of_issued, sentences_of
from rtt.forecast.score.issued import Issued
from rtt.planning.anchor import Anchor
from rtt.planning.chance import chance
from rtt.planning.line import between, line_begins, milestone_line, own_line

NOVEMBER, MARCH, DUE = date(2024, 11, 30), date(2025, 3, 31), date(2026, 3, 31)
SHARES = {NOVEMBER: 57.7784, MARCH: 60.3511}
QUANTILES = (50.43978722, 55.83963227, 59.16017283, 61.53403736, 67.93774594, 72.25827967, 77.62576658)


def nothing_known(measure, day):
    return None


def test_the_line_of_a_milestone_begins_with_the_month_that_its_rule_compares_with():
    """57.7784% in November 2024 and five points more: 59.02325597% in March 2025 (planning_cases, p63)."""
    found = milestone_line(SHARES, MARCH, 62.7784, DUE, "provider")
    assert found.line == pytest.approx(59.02325597, rel=1e-6)
    assert found.on
    below = milestone_line({**SHARES, MARCH: 59.0}, MARCH, 62.7784, DUE, "provider")
    assert not below.on


@pytest.mark.parametrize(
    ("level", "due", "begins"),
    [
        ("provider", DUE, NOVEMBER),
        ("england", DUE, NOVEMBER),
        ("icb", date(2027, 3, 31), DUE),
        ("provider", date(2027, 3, 31), DUE),
        ("england", date(2029, 3, 31), date(2027, 3, 31)),
    ],
)
def test_where_the_source_names_no_month_it_begins_with_the_milestone_before(level, due, begins):
    assert line_begins(due, level) == begins


def test_there_is_no_line_where_its_beginning_is_not_held_or_it_is_past():
    assert milestone_line({MARCH: 60.0}, MARCH, 62.8, DUE, "provider") is None
    assert milestone_line({NOVEMBER: 57.8}, MARCH, 62.8, DUE, "provider") is None
    assert milestone_line({**SHARES, DUE: 61.0}, DUE, 62.8, DUE, "provider") is None


def test_an_own_plan_is_straight_between_its_months_and_nothing_outside_of_them():
    plan = {date(2025, 1, 31): 58.0, date(2025, 5, 31): 64.0}
    days = (MARCH - date(2025, 1, 31)).days / (date(2025, 5, 31) - date(2025, 1, 31)).days
    assert between(plan, MARCH) == pytest.approx(58 + 6 * days)
    assert between(plan, date(2025, 5, 31)) == 64.0
    assert between(plan, date(2024, 12, 31)) is None
    assert between(plan, date(2025, 6, 30)) is None
    assert between({}, MARCH) is None


def test_a_list_is_on_its_line_from_there_down_and_a_share_from_there_up():
    plan = {MARCH: 100.0}
    for measure, figure, on in (
        ("total", 99.0, True), ("total", 101.0, False), ("over_52", 100.0, True),
        ("share_within_18", 99.0, False), ("share_within_18", 100.0, True),
    ):  # fmt: skip
        assert own_line(measure, plan, {MARCH: figure}, MARCH).on is on


def test_the_sentences_have_both_figures_and_the_chance():
    own = {"share_within_18": {date(2025, 2, 28): 61.0, DUE: 64.0}, "total": {MARCH: 21_000.0}}
    figures = {"share_within_18": SHARES, "total": {MARCH: 21_133.0}}
    anchor = Anchor(DUE, (1.0,) * 7, tuple(value / 100 for value in QUANTILES), (1.0,) * 7)
    milestone = Milestone("provider", 62.77900705, DUE, "the milestone of 62.8% by 31 Mar 2026")
    lines = lines_of(MARCH, figures, own, milestone, of_anchors([anchor]))
    said = sentences_of(lines, own, MARCH)
    assert said[0] == (
        "On the line to the milestone of 62.8% by 31 Mar 2026: 60.4% on 31 Mar 2025, and the line is at "
        "59.0%. The chance of reaching it is 45 in 100, if things go on as they have."
    )
    assert said[1].startswith(
        "Under the line of your own plan, 64.0% within 18 weeks by 31 Mar 2026: 60.4% on 31 Mar 2025, and"
    )
    assert said[2] == (
        "Over the line of your own plan, 21,000 on the list by 31 Mar 2025: 21,133 on 31 Mar 2025, and the "
        "line is at 21,000."
    )
    assert [line.chance for line in lines] == [
        pytest.approx(0.4478361735, rel=1e-6), pytest.approx(chance(QUANTILES, 64.0)), None
    ]  # fmt: skip


def test_an_own_plan_that_is_still_to_begin_says_when():
    own = {"share_within_18": {DUE: 64.0}}
    lines = lines_of(MARCH, {"share_within_18": SHARES}, own, None, nothing_known)
    assert lines == ()
    assert sentences_of(lines, own, MARCH) == [
        "Your own plan begins on 31 Mar 2026, so nothing can be on its line yet."
    ]


def test_the_chance_of_tile_and_page_is_the_same_between_two_forecast_days():
    days = date(2025, 12, 31), DUE
    anchors = [Anchor(day, (1.0,) * 7, tuple((value + at) / 100 for value in QUANTILES), (1.0,) * 7)
               for at, day in enumerate(days)]  # fmt: skip
    issued = [
        Issued(
            MARCH, day, 9 + 3 * at, "share_within_18", QUANTILES[3] + at,
            tuple((QUANTILES[2 - n] + at, QUANTILES[4 + n] + at) for n in range(3)), 60.0,
        )
        for at, day in enumerate(days)
    ]  # fmt: skip
    own = {"share_within_18": {MARCH: 60.0, date(2026, 2, 15): 62.0}}
    figures = {"share_within_18": SHARES}
    page, tile = (
        lines_of(MARCH, figures, own, None, known)[0].chance
        for known in (of_anchors(anchors), of_issued(issued))
    )
    assert page == pytest.approx(tile, rel=1e-9)
    assert 0.4 < page < 0.6
