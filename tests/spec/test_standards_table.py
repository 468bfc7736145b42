"""Which standard a figure was held against on a date, and what each asks: the facts for England."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from rtt.measures.standards import (
    applicable,
    every_standard,
    is_met,
    milestones,
    own_target,
    standard_words,
    standards,
    target_words,
)

#  measure            scope           level       on                    in words
HELD_AGAINST = [
    ("share_within_18", "incomplete", "national", date(2012, 3, 31), None),
    ("share_within_18", "incomplete", "national", date(2012, 4, 30), "the 92% standard"),
    ("share_within_18", "incomplete", "national", date(2026, 3, 31), "the 92% standard"),
    ("share_within_18", "incomplete", "provider", date(2030, 1, 31), "the 92% standard"),
    ("share_within_18", "admitted", "national", date(2012, 3, 31), "the 90% standard"),
    ("share_within_18", "admitted", "national", date(2015, 9, 30), "the 90% standard"),
    ("share_within_18", "admitted", "national", date(2015, 10, 31), None),
    ("share_within_18", "admitted", "national", date(2026, 3, 31), None),
    ("share_within_18", "non-admitted", "provider", date(2010, 1, 31), "the 95% standard"),
    ("share_within_18", "non-admitted", "provider", date(2015, 10, 31), None),
    ("over_52", "incomplete", "national", date(2025, 4, 30), None),  # superseded
    ("over_52", "incomplete", "provider", date(2025, 4, 30), None),  # its present force is not sourced
    ("over_65", "incomplete", "national", date(2024, 8, 31), None),
    ("over_65", "incomplete", "national", date(2024, 9, 30), "the milestone of none by 30 Sep 2024"),
    ("over_78", "incomplete", "national", date(2025, 3, 31), "the milestone of none by 30 Apr 2023"),
    ("over_104", "incomplete", "national", date(2025, 3, 31), "the milestone of none by 31 Jul 2022"),
    (
        "share_over_52",
        "incomplete",
        "national",
        date(2026, 3, 31),
        "the milestone of under 1% by 31 Mar 2026",
    ),
    (
        "share_over_52",
        "incomplete",
        "provider",
        date(2026, 3, 31),
        "the milestone of under 1% by 31 Mar 2026",
    ),
    ("share_over_52", "incomplete", "national", date(2026, 4, 30), None),
    ("median_weeks", "incomplete", "national", date(2026, 3, 31), None),
]

#  on, level, the next milestone for the share within 18 weeks
AHEAD = [
    (date(2025, 12, 31), "national", "the milestone of 65% by 31 Mar 2026"),
    (date(2026, 3, 31), "national", "the milestone of 70% by 31 Mar 2027"),
    (date(2027, 3, 31), "national", "the milestone of 92% by 31 Mar 2029"),
    (
        date(2025, 12, 31),
        "provider",
        "the milestone of the greater of 60% and 5 points above the baseline by 31 Mar 2026",
    ),
]

#  the rule's year, the organisation's baseline, its own target
OWN = [
    (2026, 0.50, 0.60),
    (2026, 0.55, 0.60),
    (2026, 0.614, 0.664),
    (2027, 0.55, 0.65),
    (2027, 0.62, 0.69),
]


@pytest.mark.parametrize(("measure", "scope", "level", "on", "words"), HELD_AGAINST)
def test_a_figure_is_held_against(measure, scope, level, on, words):
    found = applicable(measure, on=on, scope=scope, level=level)
    assert (found and standard_words(found)) == words


@pytest.mark.parametrize(("after", "level", "words"), AHEAD)
def test_the_next_milestone(after, level, words):
    due = milestones("share_within_18", first=after + timedelta(days=1), last=date.max, level=level)
    assert standard_words(due[0]) == words


def test_after_the_last_milestone_there_is_none():
    assert milestones("share_within_18", first=date(2029, 4, 1), last=date.max) == ()


def own_rule(year):
    found = standards(measure="share_within_18", level="provider", on=date(year, 3, 31))
    return next(standard for standard in found if standard.plus)


@pytest.mark.parametrize(("year", "baseline", "target"), OWN)
def test_a_provider_has_a_target_of_its_own(year, baseline, target):
    asked = []

    def share_of(month):
        asked.append(month)
        return baseline

    found = own_target(own_rule(year), share_of, baseline_month=date(2026, 3, 31))
    assert found is not None
    assert found.value == target
    # November 2024 is written in the table; for 2026/27 the month is not sourced and the caller's is taken.
    assert asked == [date(2024, 11, 30) if year == 2026 else date(2026, 3, 31)]


def test_without_a_baseline_there_is_no_own_target():
    assert own_target(own_rule(2026), lambda month: None) is None
    assert own_target(own_rule(2027), lambda month: 0.6) is None


def test_milestones_are_points():
    points = milestones("share_within_18", first=date(2026, 1, 1), last=date(2027, 3, 31))
    assert [(point.starts, point.value) for point in points] == [
        (date(2026, 3, 31), 0.65),
        (date(2027, 3, 31), 0.7),
    ]


def test_a_local_trajectory_comes_before_the_published_standard():
    published = applicable("share_within_18", on=date(2026, 1, 31))
    assert published is not None
    local = replace(
        published, kind="trajectory", value=0.633, starts=date(2026, 1, 1), source="Board, May 2025"
    )
    found = applicable("share_within_18", on=date(2026, 1, 31), local=[local])
    assert found == local
    assert standard_words(local) == "the trajectory of 63.3%"
    assert applicable("share_within_18", on=date(2025, 12, 31), local=[local]) == published


@pytest.mark.parametrize(
    ("measure", "on", "value", "met"),
    [
        ("share_within_18", date(2026, 3, 31), 0.92, True),
        ("share_within_18", date(2026, 3, 31), 0.91999, False),
        ("share_over_52", date(2026, 3, 31), 0.00999, True),
        ("share_over_52", date(2026, 3, 31), 0.01, False),
        ("over_65", date(2026, 3, 31), 0, True),
        ("over_65", date(2026, 3, 31), 1, False),
    ],
)
def test_a_standard_is_met_by_the_figure_unrounded(measure, on, value, met):
    standard = applicable(measure, on=on)
    assert standard is not None
    assert is_met(standard, value) is met


def test_every_standard_has_a_source_and_words():
    for one in every_standard():
        assert one.source or "not sourced" in one.status
        assert target_words(one)
        assert one.ends is None or one.starts <= one.ends
    assert is_met(own_rule(2026), 0.9) is None
