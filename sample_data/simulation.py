"""Pathway by pathway, week by week: who is seen, decided for, booked, cancelled, treated, removed.

The open pathways move one week at a time, in arrays; events fall on days within the week. Each week's
random numbers depend on the seed and the week alone, so a longer history repeats a shorter one exactly.
"""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sample_data import choosing, season
from sample_data import rates as usual_rates
from sample_data.disruptions import Course, Disruption
from sample_data.pathways import (
    ADMISSION,
    ADMITTED,
    APPOINTMENT,
    HOSPITAL_CANCELLED,
    KEPT,
    NEVER,
    NON_ADMITTED,
    NOT_ATTENDED,
    NULLIFIED,
    PATIENT_CANCELLED,
    REMOVED,
    Simulation,
)
from sample_data.places import TRACKED, Trust
from sample_data.referrals import TWO_WEEK_WAIT, referrals
from sample_data.state import Numbers, State

Random = np.random.Generator
Shares = NDArray[np.float64]
"""One value per group."""

SEED = 20261
_WARM_UP = 104
# Histories begin on a grid, so that a later last day keeps the same beginning for a year.
_GRID = 52
# Of a booking in a week that loses all its capacity, this share is cancelled on the day or before.
_LOST_ON_THE_DAY, _LOST_AHEAD = 0.8, 0.5
_STATUS_AT_VISIT, _STATUS_SHARES = np.array([30, 34, 32, 31, 35]), np.array([0.70, 0.90, 0.96, 0.99])
_STATUS_REPORTED = np.array([34, 35, 36, 31, 32])


def simulate(
    *,
    until: date,
    seed: int = SEED,
    weeks: int = 104,
    size: int | None = None,
    trusts: tuple[Trust, ...] = (TRACKED,),
    disruptions: tuple[Disruption, ...] = (),
) -> Simulation:
    """The trusts' pathways up to the last Sunday before `until`, settled for `weeks` weeks or more.

    `size` replaces every trust's usual number of open pathways; `disruptions` befall all of them. Equal
    arguments give equal arrays, and a disruption changes nothing before its first week but the bookings that
    are called off for it in the week before.
    """
    if size is not None:
        trusts = tuple(replace(trust, size=size) for trust in trusts)
    return _simulated(until, seed, weeks, trusts, disruptions, ahead=0)[0]


def simulate_and_run_on(
    *, until: date, seed: int, weeks: int, trusts: tuple[Trust, ...], ahead: int
) -> tuple[Simulation, Simulation]:
    """What `simulate` gives, and the same run on for `ahead` more weeks, in one pass."""
    return _simulated(until, seed, weeks, trusts, (), ahead=ahead)


def _simulated(
    until: date,
    seed: int,
    weeks: int,
    trusts: tuple[Trust, ...],
    disruptions: tuple[Disruption, ...],
    *,
    ahead: int,
) -> tuple[Simulation, Simulation]:
    last = season.week_of(season.day_number(until) - 7)
    span = range((last - weeks - _WARM_UP) // _GRID * _GRID, last + ahead + 1)
    usual = usual_rates.rates(trusts)
    course = Course(len(trusts), seed, disruptions)
    who = referrals(trusts, usual, weeks=span, course=course)
    state = State(trusts, span, usual, who)
    joining = [np.arange(first, end) for first, end in pairwise(who.joins)]
    _begin(state, joining[0], np.random.default_rng([seed, 3, span[0]]))
    truth = None
    for week, joins in zip(span, joining[1:], strict=True):
        _pass_week(state, week, joins, course)
        if week == last:
            truth = state.result(week)
    assert truth is not None
    return truth, state.result(span[-1]) if ahead else truth


def _begin(state: State, waiting: Numbers, rng: Random) -> None:
    """Some of the opening list already have a decision to admit; none is booked."""
    share = state.usual.decided / np.where(state.usual.waiting > 0, state.usual.waiting, 1)
    decided = waiting[rng.random(len(waiting)) < share[state.group[waiting]]]
    state.latest[waiting] = season.monday(state.weeks[0]) - 1
    state.decide(decided, state.latest[decided], rng)
    state.open = waiting


def _pass_week(state: State, week: int, joining: Numbers, course: Course) -> None:
    rng = np.random.default_rng([course.seed, 4, week])
    state.open = np.concatenate([state.open, joining])
    quick = joining[state.who.quick[joining]]
    state.book(APPOINTMENT, quick, state.who.start[quick], rng.integers(0, 8, len(quick)))
    loss, next_loss = course.lost(week), course.lost(week + 1)
    _clinics(state, week, loss, rng)
    _theatres(state, week, loss, rng)
    state.forget_ended()
    _cancel_ahead(state, week, next_loss, rng)
    _remove(state, week, course.removals(week), rng)
    state.forget_ended()
    _fill(state, week, course.capacity(week), rng)


def _clinics(state: State, week: int, loss: Shares, rng: Random) -> None:
    due = state.due(week, decided=False)
    u = rng.random(len(due))
    hospital = usual_rates.CANCELLED_BY_HOSPITAL + _lost_on_the_day(loss)[state.group[due]]
    patient = hospital + usual_rates.CANCELLED_BY_PATIENT
    missed = patient + usual_rates.NOT_ATTENDED
    outcomes = [HOSPITAL_CANCELLED, PATIENT_CANCELLED, NOT_ATTENDED]
    outcome = np.select([u <= hospital, u <= patient, u <= missed], outcomes, KEPT)
    state.settle(due, outcome)
    off = (outcome == HOSPITAL_CANCELLED) | (outcome == PATIENT_CANCELLED)
    state.rebook(APPOINTMENT, due[off], 0.6, rng)
    _not_attended(state, due[outcome == NOT_ATTENDED], rng)
    _seen(state, due[outcome == KEPT], rng)


def _lost_on_the_day(loss: Shares) -> Shares:
    """The share of the week's bookings that is cancelled late; where nothing runs, all of them."""
    return np.where(loss >= 1, 1.0, _LOST_ON_THE_DAY * loss)


def _seen(state: State, seen: Numbers, rng: Random) -> None:
    """After a visit: a stop, a decision to admit, or another visit to come."""
    state.seen[seen] = True
    u, quick = rng.random((2, len(seen))), state.who.quick[seen]
    disposed = u[0] < np.where(quick, 0.85, usual_rates.DISPOSED_AT_VISIT)
    admit = disposed & (u[1] < state.usual.decision_to_admit[state.group[seen]])
    _decided(state, seen[admit], rng)
    treated = seen[disposed & ~admit]
    status = _STATUS_AT_VISIT[np.searchsorted(_STATUS_SHARES, rng.random(len(treated)))]
    state.end(treated, state.latest[treated], NON_ADMITTED, status)
    again = seen[~disposed]
    again = again[rng.random(len(again)) < 0.5]
    state.book(APPOINTMENT, again, state.latest[again], rng.integers(28, 85, len(again)))


def _decided(state: State, pathways: Numbers, rng: Random) -> None:
    """A decision to admit; those who came quickly mostly get a date within the week."""
    state.decide(pathways, state.latest[pathways], rng)
    swift = pathways[state.who.quick[pathways] & (rng.random(len(pathways)) < 0.7)]
    state.book(ADMISSION, swift, state.latest[swift], rng.integers(0, 8, len(swift)))


def _not_attended(state: State, missed: Numbers, rng: Random) -> None:
    """A first appointment missed may nullify the clock; a later one may end in discharge."""
    u, first = rng.random(len(missed)), ~state.seen[missed]
    # A two-week-wait patient who misses the first appointment keeps the clock (data dictionary).
    protected = state.who.priority[missed] == TWO_WEEK_WAIT
    nullified = first & ~protected & (u < usual_rates.NULLIFIED_AT_FIRST)
    discharged = ~first & (u < 0.3)
    state.end(missed[nullified], state.latest[missed[nullified]], NULLIFIED, 33)
    state.end(missed[discharged], state.latest[missed[discharged]], NON_ADMITTED, 34)
    state.rebook(APPOINTMENT, missed[~nullified & ~discharged], 0.5, rng)


def _theatres(state: State, week: int, loss: Shares, rng: Random) -> None:
    due = state.due(week, decided=True)
    u = rng.random(len(due))
    cancelled = usual_rates.ADMISSION_CANCELLED + _lost_on_the_day(loss)[state.group[due]]
    declined = cancelled + usual_rates.ADMISSION_DECLINED
    outcome = np.select([u < cancelled, u < declined], [HOSPITAL_CANCELLED, PATIENT_CANCELLED], KEPT)
    day = state.settle(due, outcome)
    kept = outcome == KEPT
    state.end(due[kept], day[kept], ADMITTED, 30)
    state.rebook(ADMISSION, due[~kept], 0.55, rng)


def _cancel_ahead(state: State, week: int, next_loss: Shares, rng: Random) -> None:
    """Bookings called off before their day: a few always, many before a week of lost capacity."""
    booked = state.open[state.diary.is_booked(state.open)]
    soon = state.diary.due_by(booked, season.sunday(week + 1))
    ahead = _LOST_AHEAD * next_loss[state.group[booked]]
    off = booked[rng.random(len(booked)) < 0.008 + np.where(soon, ahead, 0.0)]
    outcome = np.where(rng.random(len(off)) < 0.5, PATIENT_CANCELLED, HOSPITAL_CANCELLED)
    state.settle(off, outcome, state.day_in(week, off, rng))
    decided = state.decided[off] < NEVER
    state.rebook(ADMISSION, off[decided], 0.55, rng)
    state.rebook(APPOINTMENT, off[~decided], 0.6, rng)


def _remove(state: State, week: int, pressed: Shares, rng: Random) -> None:
    """Validation, transfers, deaths, patients who decline: reported as stops, or silently gone."""
    waiting = state.open
    long = season.sunday(week) - state.who.start[waiting] > 126
    # Validation is pressed before the year's end, 31 March.
    sprint = 1.6 if season.as_date(season.monday(week)).month == 3 else 0.95
    booked = np.where(state.diary.is_booked(waiting), 0.5, 1.3)
    silent = state.usual.unreported_removal[state.group[waiting]] * np.where(long, 1.5, 0.6) * sprint * booked
    silent = silent * pressed[state.group[waiting]]
    u, day = rng.random(len(waiting)), state.day_in(week, waiting, rng)
    gone, reported = u < silent, u > 1 - usual_rates.REPORTED_REMOVAL * booked
    transferred = rng.random(int(gone.sum())) < 0.25
    state.end(waiting[gone], day[gone], REMOVED, np.where(transferred, 21, 34))
    status = _STATUS_REPORTED[rng.integers(0, len(_STATUS_REPORTED), int(reported.sum()))]
    state.end(waiting[reported], day[reported], NON_ADMITTED, status)


def _fill(state: State, week: int, capacity: Shares, rng: Random) -> None:
    """Share out the week's slots for bookings to come, specialty by specialty."""
    usual, aim = state.usual, season.trend(week)
    decided, free = state.decided[state.open] < NEVER, ~state.diary.is_booked(state.open)
    for kind, here, slots, target in (
        (APPOINTMENT, ~decided, usual.clinic_slots, usual.waiting - usual.decided),
        (ADMISSION, decided, usual.theatre_slots, usual.decided),
    ):
        waiting = np.bincount(state.group[state.open[here]], minlength=len(slots))
        # Extra sessions when a list runs above its plan: without this it would wander off.
        excess = waiting / np.maximum(target * aim, 1.0) - 1
        luck = rng.lognormal(0, 0.12, len(slots))
        offered = slots * capacity * luck * np.clip(1 + 1.2 * excess, 0.5, 1.7)
        _offer(state, kind, state.open[here & free], offered, week, rng)


def _offer(
    state: State, kind: int, waiting: Numbers, slots: NDArray[np.float64], week: int, rng: Random
) -> None:
    """Give the slots to those chosen, for days after this week."""
    clinic = kind == APPOINTMENT
    priority = (state.who.priority if clinic else state.procedure_priority)[waiting]
    weeks_waited = (season.sunday(week) - state.who.start[waiting]) // 7
    weight = (choosing.clinic_weight if clinic else choosing.theatre_weight)(weeks_waited, priority)
    u = rng.random((2, len(waiting)))
    picked = choosing.chosen(weight, state.group[waiting], slots, u[0])
    made = state.day_in(week, waiting[picked], rng)
    lead = (choosing.clinic_lead if clinic else choosing.theatre_lead)(priority[picked], u[1][picked])
    state.book(kind, waiting[picked], made, np.maximum(lead, season.monday(week + 1) - made))
