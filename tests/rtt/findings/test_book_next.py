"""Whom to book next: a table for the priorities, and an order that no list can break."""

from itertools import pairwise, product

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.extracts.ptl.waiting import _urgency
from rtt.findings.book_next import (
    APART_WITH_DECISION,
    APART_WITHOUT,
    STAGES,
    book_next,
    effects,
    effects_by_group,
    urgency,
    urgency_words,
)

PRIORITIES = [
    # decision to admit, procedure priority, referral priority, words
    (True, "P1A", "1", "P1a, within 24 hours"),
    (True, "P1B", "3", "P1b, within 72 hours"),
    (True, "P2", "1", "P2, within 1 month"),
    (True, "P3", "3", "P3, within 3 months"),
    (True, "P4", "2", "P4, over 3 months"),
    (True, "P5", "3", "Not known"),  # postponed by the patient: says nothing of urgency
    (True, "P6", "3", "Not known"),
    (True, "C", "3", "Not known"),
    (True, "", "3", "Not known"),  # a referral's priority is not a procedure's
    (False, "P1A", "3", "Two-week wait"),
    (False, "", "2", "Urgent"),
    (False, "P2", "1", "Routine"),
    (False, "P2", "unknown", "Not known"),
    (False, "", "", "Not known"),
]


@pytest.mark.parametrize(("decided", "procedure", "referral", "words"), PRIORITIES)
def test_the_priority_is_that_of_the_procedure_once_there_is_a_decision(decided, procedure, referral, words):
    place = urgency(with_decision=decided, procedure_priority=procedure, priority=referral)
    assert urgency_words(place) == words


def test_more_urgent_is_a_smaller_place():
    admitted = [urgency(with_decision=True, procedure_priority=p, priority="") for p in _ADMITTED]
    others = [urgency(with_decision=False, procedure_priority="", priority=p) for p in ("3", "2", "1")]
    assert admitted == sorted(set(admitted))
    assert others == sorted(set(others))
    assert max(admitted) < APART_WITH_DECISION < min(others) < APART_WITHOUT


_ADMITTED = ("P1A", "P1B", "P2", "P3", "P4")


def test_a_loaded_list_has_the_places_of_the_rule():
    every = list(product((True, False), ("P1A", "P1B", "P2", "P3", "P4", "P5", "P6", ""), "123u"))
    rows = pl.DataFrame(
        {
            "decision_to_admit": ["2026-01-01" if decided else None for decided, _, _ in every],
            "procedure_priority": [procedure for _, procedure, _ in every],
            "priority": [referral for _, _, referral in every],
        }
    )
    expected = [urgency(with_decision=d, procedure_priority=p, priority=r) for d, p, r in every]
    assert rows.select(_urgency())["urgency"].to_list() == expected


places = st.sampled_from([*STAGES["admitted"], *STAGES["non-admitted"], APART_WITH_DECISION, APART_WITHOUT])
days = st.one_of(st.just(float("nan")), st.integers(0, 900).map(float))
lists = st.lists(st.tuples(places, days), max_size=60)


@given(lists, st.sampled_from(sorted(STAGES)), st.integers(0, 70))
def test_nobody_is_placed_above_a_higher_priority_or_a_longer_wait_of_the_same(rows, stage, slots):
    urgencies, waits = [row[0] for row in rows], np.array([row[1] for row in rows])
    found = book_next(urgencies, waits, stage=stage, slots=slots)
    order = [*found.chosen, *found.after]
    for above, below in pairwise(order):
        assert urgencies[above] <= urgencies[below]
        if urgencies[above] == urgencies[below]:
            assert waits[above] >= waits[below]
    # In particular nobody over 52 weeks stands after a shorter wait of the same priority.
    for at, one in enumerate(order):
        if waits[one] > 364:
            assert not [
                other
                for other in order[:at]
                if urgencies[other] == urgencies[one] and waits[other] < waits[one]
            ]


@given(lists, st.sampled_from(sorted(STAGES)), st.integers(0, 70))
def test_everybody_has_exactly_one_place_and_the_unknown_have_none_in_the_order(rows, stage, slots):
    urgencies, waits = [row[0] for row in rows], np.array([row[1] for row in rows])
    found = book_next(urgencies, waits, stage=stage, slots=slots)
    assert sorted([*found.chosen, *found.after, *found.apart]) == list(range(len(rows)))
    can = [at for at, row in enumerate(rows) if row[0] in STAGES[stage] and row[1] == row[1]]
    assert sorted([*found.chosen, *found.after]) == can
    assert len(found.chosen) == min(slots, len(can))


def test_slots_cannot_be_negative():
    with pytest.raises(ValueError, match="-1"):
        book_next([], [], stage="admitted", slots=-1)


@given(lists, st.integers(1, 182), st.data())
def test_the_effect_is_that_of_a_plain_loop_and_always_at_both_thresholds(rows, horizon, data):
    waits = [row[1] for row in rows]
    chosen = data.draw(st.lists(st.sampled_from(range(len(rows))), unique=True)) if rows else []
    both = effects(waits, chosen, horizon=horizon)
    assert [effect.weeks for effect in both] == [18, 52]
    for effect in both:
        limit = 7 * effect.weeks
        over = [at for at, wait in enumerate(waits) if wait > limit]
        passing = [at for at, wait in enumerate(waits) if wait <= limit < wait + horizon]
        assert effect.over_chosen == len(set(over) & set(chosen))
        assert effect.over_left == len(set(over) - set(chosen))
        assert effect.passing_chosen == len(set(passing) & set(chosen))
        assert effect.passing_left == len(set(passing) - set(chosen))


def test_the_effect_by_deprivation_group_says_who_is_not_known_first():
    found = effects_by_group([10, 30, 50, float("nan"), 70], [1, 4], ["2", "10", "2", "", "10"])
    assert [(each.group, each.waiting, each.chosen) for each in found] == [
        ("", 1, 0),
        ("2", 2, 0),
        ("10", 2, 2),
    ]
    assert [(each.days_chosen, each.days_left) for each in found] == [
        (None, None),
        (None, 30.0),
        (50.0, None),
    ]
