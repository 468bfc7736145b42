"""More slots a week on a tracking list: against a loop over pathways, days and slots, and by properties."""

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from rtt.measures.will_breach import THRESHOLDS, WillBreach, by_week_and_booking
from rtt.planning import more_slots
from rtt.planning.more_slots import (
    ORDERS,
    PREVENTED,
    STILL,
    effect,
    give_out,
    queue_of,
    slots_needed,
    slots_to_end,
)
from rtt.terms.booking import BOOKINGS, bookings
from tests.rtt.planning.naive_more_slots import One, counted, run, still

CENSUS = date(2026, 11, 15)
STATES = ("booked", "appointment", "prevented", "still")
# Close to a threshold and at it, over it by far, or not known.
WAITS = st.sampled_from([90, 112, 119, 120, 125, 126, 127, 140, 350, 363, 364, 365, 400]) | st.integers(
    0, 460
)
DATES = st.none() | st.integers(-3, 60)
PATHWAYS = st.lists(st.tuples(st.none() | WAITS, st.booleans(), DATES), max_size=30).map(
    lambda rows: [One(key, *row) for key, row in enumerate(rows)]
)
SLOTS, WEEKS, DAYS = st.integers(0, 20), st.sampled_from(THRESHOLDS), st.integers(1, 8).map(lambda n: 7 * n)
ORDER = st.sampled_from(ORDERS)


def passing_of(weeks, days):
    return WillBreach(weeks=weeks, census=CENSUS, days=days)


def arrays(pathways):
    waited = [-1 if each.waited is None else each.waited for each in pathways]
    booked = [-1 if each.ahead is None else -2 if each.ahead < 0 else each.ahead for each in pathways]
    return waited, [each.decided for each in pathways], booked


def queue(pathways):
    return queue_of(*arrays(pathways))


def told(pathways, slots, order, passing, at=None):
    own = queue(pathways)
    return effect(own, give_out(own, slots, order, passing), slots, at or passing)


def by_state(table):
    return {(int(week), STATES[state]): int(table[week, state]) for week, state in np.argwhere(table)}


@given(PATHWAYS, SLOTS, ORDER, WEEKS, DAYS)
def test_the_effect_is_that_of_a_loop_over_pathways_days_and_slots(pathways, slots, order, weeks, days):
    passing = passing_of(weeks, days)
    done = run(pathways, slots, order, weeks, days)
    for other in THRESHOLDS:
        assert by_state(told(pathways, slots, order, passing, passing_of(other, days))) == counted(
            done, other, days
        )
    own = queue(pathways)
    given_out = give_out(own, slots, order, passing)
    for week in range(1, days // 7 + 1):
        mine = [done[at] for at in more_slots.of_week(own, given_out, slots, week)]
        assert {each.key for each in mine} == {
            each.key for each in done if each.slot_on and 7 * (week - 1) < each.slot_on <= 7 * week
        }
        assert [each.slot_on for each in mine] == sorted(each.slot_on for each in mine)
        assert more_slots.taken(given_out, slots, week)[-1] == len(mine)


@given(PATHWAYS, ORDER, WEEKS, DAYS)
def test_no_slot_leaves_the_predicted_breaches_to_the_pathway(pathways, order, weeks, days):
    passing = passing_of(weeks, days)
    waited, decided, booked = map(np.array, arrays(pathways))
    states = bookings(days_waited=waited, decided=decided.astype(bool), booked_in=booked, last_day=7 * weeks)
    counts = np.array(states, dtype=np.int64).T.reshape(-1, len(BOOKINGS))
    # A wait that is not known is left out of the count, as in the statement that counts.
    known = waited >= 0 if len(waited) else np.zeros(0, dtype=bool)
    breaches = by_week_and_booking(
        days_waited=waited[known].astype(np.int64),
        counts=counts[known],
        places=(),
        sizes=(),
        will_breach=passing,
    )
    now = told(pathways, 0, order, passing)
    assert now[:, PREVENTED].sum() == 0
    assert now.sum(axis=1).tolist() == breaches.sum(axis=1).tolist()
    assert now[:, 0].tolist() == breaches[:, 0].tolist()
    assert now[:, 1].tolist() == breaches[:, 2].tolist()
    assert now[:, STILL].tolist() == breaches[:, [1, 3, 4, 5]].sum(axis=1).tolist()


@given(PATHWAYS, SLOTS, ORDER, WEEKS, DAYS)
def test_more_slots_never_leave_more_breaches_in_any_week_up_to_the_date(pathways, slots, order, weeks, days):
    passing = passing_of(weeks, days)
    less, more = (told(pathways, many, order, passing) for many in (slots, slots + 1))
    assert (less.sum(axis=1) == more.sum(axis=1)).all()
    assert more[:, STILL].sum() <= less[:, STILL].sum()
    if order == "longest":
        assert (more[:, STILL] <= less[:, STILL]).all()


@given(PATHWAYS, ORDER, WEEKS, DAYS, st.integers(0, 6))
def test_the_answer_is_the_least_that_leaves_at_most_so_many(pathways, order, weeks, days, most):
    needed = slots_needed(queue(pathways), order, passing_of(weeks, days), most=most)
    if needed.slots is None:
        assert needed.too_late > most
        assert still(pathways, 7 * 60, order, weeks, days) == needed.too_late or order == "longest"
        return
    assert still(pathways, needed.slots, order, weeks, days) <= most
    if needed.slots:
        assert still(pathways, needed.slots - 1, order, weeks, days) > most


@given(PATHWAYS, WEEKS, DAYS)
def test_the_slots_that_end_new_breaches_are_the_least_that_leave_the_last_week_without(
    pathways, weeks, days
):
    passing = passing_of(weeks, days)
    least = slots_to_end(queue(pathways), passing)

    def last_week(slots):
        anew = [One(each.key, each.waited, each.decided, each.ahead) for each in pathways]
        left = counted(run(anew, slots, "longest", weeks, days), weeks, days)
        # The day after the list comes before any slot.
        soon = [each for each in anew if each.passes(weeks, days) and each.last_day(weeks) == 0]
        first = sum(1 for each in soon if not each.date_in_time(weeks)) if days == 7 else 0
        return left.get((days // 7 - 1, "still"), 0) - first

    assert last_week(least) == 0
    if least:
        assert last_week(least - 1) > 0


@given(PATHWAYS, SLOTS, ORDER, WEEKS, DAYS)
def test_who_is_booked_in_time_for_the_next_threshold_or_has_no_start_never_takes_a_slot(
    pathways, slots, order, weeks, days
):
    own = queue(pathways)
    takers = {
        pathways[own.places[at]].key for at in give_out(own, slots, order, passing_of(weeks, days)).group
    }
    for each in pathways:
        if each.waited is None:
            assert each.key not in takers
            continue
        following = [each_weeks for each_weeks in THRESHOLDS if each.waited <= 7 * each_weeks]
        if following and each.date_in_time(following[0]):
            assert each.key not in takers
        if each.ahead is None or each.ahead < 0:
            assert each.key in takers


@given(PATHWAYS, SLOTS, ORDER, WEEKS, DAYS)
def test_the_order_is_total_by_clock_start_then_key(pathways, slots, order, weeks, days):
    own = queue(pathways)
    given_out = give_out(own, slots, order, passing_of(weeks, days))
    assert len(set(given_out.group.tolist())) == len(given_out.group)
    line = [pathways[own.places[at]] for at in given_out.group]
    cut = len(line)
    if order == "next":
        falls = [
            at
            for at in range(1, len(line))
            if (-line[at].waited, line[at].key) < (-line[at - 1].waited, line[at - 1].key)
        ]
        assert len(falls) <= 1
        cut = falls[0] if falls else cut
    for part in (line[:cut], line[cut:]):
        assert part == sorted(part, key=lambda each: (-each.waited, each.key))


@given(PATHWAYS, SLOTS, ORDER, WEEKS, DAYS)
def test_groups_of_pathways_that_are_alike_count_as_their_pathways(pathways, slots, order, weeks, days):
    passing = passing_of(weeks, days)
    many: dict[tuple, int] = {}
    for row in zip(*arrays(pathways), strict=True):
        many[row] = many.get(row, 0) + 1
    waited, decided, booked = zip(*many, strict=True) if many else ((), (), ())
    grouped = queue_of(waited, decided, booked, list(many.values()))
    given_out = give_out(grouped, slots, order, passing)
    for other in (18, 52, 65):
        alone = told(pathways, slots, order, passing, passing_of(other, days))
        together = effect(grouped, given_out, slots, passing_of(other, days))
        assert (alone == together).all()
    assert slots_needed(grouped, order, passing) == slots_needed(queue(pathways), order, passing)


def test_twelve_slots_a_week_by_hand():
    """20 over 18 weeks and 12 with two weeks left: longest first they wait until the 20 have had theirs."""
    waited = [200] * 20 + [112] * 12
    own = queue_of(waited, [True] * 32, [-1] * 32)
    passing = passing_of(18, 28)
    longest, soonest = (effect(own, give_out(own, 12, each, passing), 12, passing) for each in ORDERS)
    # By day 14 there have been 24 slots: 4 of the 12 are in time.
    assert longest.tolist() == [[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 4, 8], [0, 0, 0, 0]]
    assert soonest[:, STILL].sum() == 0
    assert (more_slots.none_from(longest), more_slots.none_from(soonest)) == (4, 1)
    # 32 slots within two weeks; or 12.
    assert [slots_needed(own, each, passing).slots for each in ORDERS] == [16, 6]
    assert slots_needed(own, "longest", passing, most=8).slots == 12
