"""More slots a week on a tracking list: who takes them, and who then no longer breaches. Exact counts.

Slots come on top of the dates already booked, evenly over the days of each week: by day d after the census
`slots * d // 7` have been given out, each to the next of an order. A slot prevents a breach on or before the
last day within the threshold. Nobody joins or leaves the list here but by a date or a slot: who else will be
treated is not judged.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from rtt.measures.will_breach import THRESHOLDS, WEEK, WillBreach, who_will_breach
from rtt.terms.arrays import Bools, Ints
from rtt.terms.booking import APPOINTMENT_IN_TIME, IN_TIME, bookings

LONGEST, NEXT = "longest", "next"
"""The longest wait first; or first those who breach within the horizon, the next to do so leading."""
ORDERS = (LONGEST, NEXT)
BOOKED, APPOINTMENT, PREVENTED, STILL = range(4)
STATES = 4


@dataclass(frozen=True, slots=True, eq=False)
class Queue:
    """Pathways of one specialty in groups that are alike, the longest wait first; every array has shape (n,).

    `days_waited` at the census, negative where the clock start is not known; `booked_in` as
    `rtt.terms.booking` has it; `places` are where the groups stood when they were given.
    """

    days_waited: Ints
    decided: Bools
    booked_in: Ints
    counts: Ints
    places: Ints

    @property
    def takes_a_slot(self) -> Bools:
        """Whoever has no date, or one that comes after a threshold not yet passed; never an unknown start."""
        passes = np.zeros(len(self.days_waited), dtype=bool)
        ends = self.days_waited + self.booked_in
        for weeks in THRESHOLDS:
            passes |= (self.days_waited <= WEEK * weeks) & (ends > WEEK * weeks)
        return np.asarray((self.days_waited >= 0) & ((self.booked_in < 0) | passes))

    def in_time(self, weeks: int) -> tuple[Bools, Bools]:
        """Who is booked in time for a threshold, and who has an appointment in time."""
        states = bookings(
            days_waited=self.days_waited,
            decided=self.decided,
            booked_in=self.booked_in,
            last_day=WEEK * weeks,
        )
        return np.asarray(states[IN_TIME]), np.asarray(states[APPOINTMENT_IN_TIME])


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """The slots given out: parts of groups in the order of the slots, each `first` slots after the start."""

    group: Ints
    counts: Ints
    first: Ints


@dataclass(frozen=True, slots=True)
class Needed:
    """The least slots a week that leave at most so many; None where no number does.

    `too_late` breach on the day after the census, before a slot can be given.
    """

    slots: int | None
    too_late: int


def queue_of(
    days_waited: ArrayLike, decided: ArrayLike, booked_in: ArrayLike, counts: ArrayLike | None = None
) -> Queue:
    """The longest wait first; equal waits keep the order given, which must be that of the key."""
    days = np.asarray(days_waited, dtype=np.int64)
    order = np.argsort(-days, kind="stable")
    many = np.ones(len(days), dtype=np.int64) if counts is None else np.asarray(counts, dtype=np.int64)
    decisions, dates = np.asarray(decided, dtype=bool), np.asarray(booked_in, dtype=np.int64)
    return Queue(days[order], decisions[order], dates[order], many[order], order)


def give_out(queue: Queue, slots: int, order: str, passing: WillBreach) -> Given:
    """Everybody who takes a slot, in the order in which they would get one of `slots` a week.

    In the order NEXT whoever no slot reaches in time is passed over, and has one after those in time.
    """
    waiting = np.flatnonzero(queue.takes_a_slot)
    counts = queue.counts[waiting]
    if order == LONGEST:
        return _in_turn(waiting, counts)
    first = np.zeros(len(waiting), dtype=np.int64)
    soon = _preventable(queue, passing)[waiting]
    left = _days_left(queue, passing.weeks)[waiting]
    first[soon] = _reached(left[soon], counts[soon], slots)
    rest = counts - first
    return _in_turn(
        np.concatenate([waiting[first > 0], waiting[rest > 0]]),
        np.concatenate([first[first > 0], rest[rest > 0]]),
    )


def effect(queue: Queue, given: Given, slots: int, passing: WillBreach) -> Ints:
    """Those who pass a threshold by week: shape (passing.weeks_ahead, STATES), each counted once.

    Booked in time, with an appointment in time (which may not be treatment), with a slot in time, still to
    breach. The sum of a week is the count of `rtt.measures.will_breach`, whatever the slots.
    """
    booked, appointment = queue.in_time(passing.weeks)
    left = _days_left(queue, passing.weeks)[given.group]
    in_time = np.zeros(len(queue.counts), dtype=np.int64)
    np.add.at(in_time, given.group, np.clip(slots * left // WEEK - given.first, 0, given.counts))
    chosen = who_will_breach(queue.days_waited, passing)
    held = booked | appointment
    prevented = np.where(held, 0, in_time)
    parts = (
        np.where(booked, queue.counts, 0),
        np.where(appointment, queue.counts, 0),
        prevented,
        np.where(held, 0, queue.counts - prevented),
    )
    week = (passing.last_day - queue.days_waited[chosen]) // WEEK
    found = np.zeros((passing.weeks_ahead, STATES), dtype=np.int64)
    for state, part in enumerate(parts):
        np.add.at(found[:, state], week, part[chosen])
    return found


def taken(given: Given, slots: int, weeks: int) -> Ints:
    """How many slots of each week find somebody: shape (weeks,)."""
    waiting = int(given.counts.sum())
    before = slots * np.arange(weeks + 1, dtype=np.int64)
    return np.asarray(np.diff(np.minimum(before, waiting)))


def of_week(queue: Queue, given: Given, slots: int, week: int) -> Ints:
    """Places, as they were given, of those with a slot in a week (the first is 1); groups of one pathway."""
    mine = given.group[slots * (week - 1) : slots * week]
    return np.asarray(queue.places[mine])


def none_from(by_week: Ints) -> int | None:
    """The first week (from 1) from which nobody breaches up to the horizon; None: in the last some do."""
    still = np.flatnonzero(by_week[:, STILL])
    week = int(still[-1]) + 2 if len(still) else 1
    return week if week <= len(by_week) else None


def slots_needed(queue: Queue, order: str, passing: WillBreach, *, most: int = 0) -> Needed:
    """The least slots a week with which at most `most` still breach within the horizon."""
    waiting = np.flatnonzero(queue.takes_a_slot)
    counts, left = queue.counts[waiting], _days_left(queue, passing.weeks)[waiting]
    soon = _preventable(queue, passing)[waiting]
    many, days = counts[soon], left[soon]
    too_late = _still(queue, passing) - int(many.sum())
    if too_late > most:
        return Needed(None, too_late)
    spare = most - too_late
    # With nobody passed over, a pathway at a place in the order needs a slot for each before it and its own.
    ahead = (np.cumsum(counts) - counts)[soon] if order == LONGEST else np.cumsum(many) - many
    places = np.repeat(ahead - (np.cumsum(many) - many), many) + np.arange(int(many.sum()))
    each = np.sort(-(-WEEK * (places + 1) // np.repeat(days, many)))[::-1]
    if spare >= len(each):
        return Needed(0, too_late)
    if order == LONGEST or not spare:
        return Needed(int(each[spare]), too_late)
    return Needed(_least(days, many, spare, int(each[0])), too_late)


def slots_to_end(queue: Queue, passing: WillBreach) -> int:
    """The least slots a week, the longest wait first, with which nobody breaches in the last week."""
    waiting = np.flatnonzero(queue.takes_a_slot)
    counts, left = queue.counts[waiting], _days_left(queue, passing.weeks)[waiting]
    week = left // WEEK
    last = _preventable(queue, passing)[waiting] & (week == passing.weeks_ahead - 1)
    # Of those alike the last in turn asks for most.
    each = -(-WEEK * np.cumsum(counts)[last] // left[last])
    return int(each.max(initial=0))


# Steps


def _days_left(queue: Queue, weeks: int) -> Ints:
    """Days from the census to the last day within a threshold."""
    return np.asarray(WEEK * weeks - queue.days_waited)


def _preventable(queue: Queue, passing: WillBreach) -> Bools:
    """Who passes and is not held by a date in time, if a slot can still come before."""
    booked, appointment = queue.in_time(passing.weeks)
    soon = who_will_breach(queue.days_waited, passing) & (_days_left(queue, passing.weeks) > 0)
    return np.asarray(soon & ~booked & ~appointment)


def _still(queue: Queue, passing: WillBreach) -> int:
    """Those who pass without a date in time."""
    booked, appointment = queue.in_time(passing.weeks)
    chosen = who_will_breach(queue.days_waited, passing) & ~booked & ~appointment
    return int(queue.counts[chosen].sum())


def _in_turn(group: Ints, counts: Ints) -> Given:
    group, counts = np.asarray(group, dtype=np.int64), np.asarray(counts, dtype=np.int64)
    return Given(group, counts, np.cumsum(counts) - counts)


def _reached(left: Ints, counts: Ints, slots: int) -> Ints:
    """How many of each group a slot reaches in time, the fewest days left first.

    Nobody whose day has passed is given one, so that as many as can be are in time.
    """
    reached = np.zeros(len(left), dtype=np.int64)
    before = 0
    for at, (day, many) in enumerate(zip(left.tolist(), counts.tolist(), strict=True)):
        reached[at] = min(many, max(0, slots * day // WEEK - before))
        before += int(reached[at])
    return reached


def _least(left: Ints, counts: Ints, spare: int, enough: int) -> int:
    """The least slots a week that reach all but `spare`; `enough` reach everybody. More never reach fewer."""
    whole = int(counts.sum())
    low, high = 0, enough
    while low < high:
        middle = (low + high) // 2
        if whole - int(_reached(left, counts, middle).sum()) <= spare:
            high = middle
        else:
            low = middle + 1
    return high
