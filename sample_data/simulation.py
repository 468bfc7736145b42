"""Pathway by pathway, week by week: who is seen, decided for, booked, cancelled, treated, removed.

The state of the open pathways moves one week at a time, in arrays; events fall on days within the week. Each
week's random numbers depend on the seed and the week, so a longer history repeats a shorter one exactly.
"""

from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sample_data import choosing, season
from sample_data import rates as usual_rates
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
    STILL_OPEN,
    WITHDRAWN,
    Simulation,
)
from sample_data.places import TRACKED, Trust
from sample_data.profile import FUNCTIONS
from sample_data.diary import Diary
from sample_data.referrals import TWO_WEEK_WAIT, Referrals, referrals

Ints = NDArray[np.int64]

_WARM_UP = 104
# Histories begin on a grid, so that a later last day keeps the same beginning for a year.
_GRID = 52
_STATUS_AT_VISIT = np.array([30, 34, 32, 31, 35])
_STATUS_SHARES = np.array([0.70, 0.90, 0.96, 0.99])
_STATUS_REMOVED = np.array([34, 35, 36, 31, 32])


def simulate(
    *, until: date, seed: int = 20261, weeks: int = 104, size: int | None = None, trusts: tuple[Trust, ...] = (TRACKED,)
) -> Simulation:
    """The trusts' pathways up to the last Sunday before `until`, settled for at least `weeks` weeks before it.

    `size` replaces every trust's usual number of open pathways. Equal arguments give equal arrays.
    """
    if size is not None:
        trusts = tuple(Trust(t.code, t.name, size, t.sites, t.shares, t.absent) for t in trusts)
    last = season.week_of(season.day_number(until) - 7 if until.weekday() == 6 else season.day_number(until) - 7)
    first = (last - weeks - _WARM_UP) // _GRID * _GRID
    return _Run(trusts, range(first, last + 1), seed).result()


class _Run:
    """The moving state. One value per pathway ever; `self.open` numbers those still on the list."""

    def __init__(self, trusts: tuple[Trust, ...], weeks: range, seed: int) -> None:
        self.trusts, self.weeks, self.seed = trusts, weeks, seed
        self.usual = usual_rates.rates(trusts)
        self.who: Referrals = referrals(trusts, self.usual, weeks=weeks, seed=seed)
        self.group = self.who.trust * len(FUNCTIONS) + self.who.function
        n = len(self.who.start)
        self.stop = np.full(n, NEVER, np.int32)
        self.kind = np.full(n, STILL_OPEN, np.int32)
        self.status = np.full(n, 20, np.int32)
        self.decided = np.full(n, NEVER, np.int32)
        self.procedure_priority = np.zeros(n, np.int32)
        self.seen = np.zeros(n, bool)
        self.latest = self.who.start.copy()
        self.diary = Diary(n, first=season.monday(weeks[0]), last=season.sunday(weeks[-1]) + 120)
        self.open = np.zeros(0, np.int64)

    def result(self) -> Simulation:
        """Run every week and hand over the truth."""
        joins = list(pairwise(self.who.joins))
        self._begin(np.arange(*joins[0]))
        for week, (first, last) in zip(self.weeks, joins[1:], strict=True):
            self._week(week, np.arange(first, last))
        return Simulation(
            self.trusts, season.monday(self.weeks[0]), season.sunday(self.weeks[-1]), self.who,
            self.stop, self.kind, self.status, self.decided, self.procedure_priority, self.diary.bookings(),
        )

    def _begin(self, waiting: Ints) -> None:
        """Some of the opening list already have a decision to admit; none is booked."""
        rng = np.random.default_rng([self.seed, 3, self.weeks[0]])
        share = self.usual.decided / np.where(self.usual.waiting > 0, self.usual.waiting, 1)
        decided = waiting[rng.random(len(waiting)) < share[self.group[waiting]]]
        self.latest[waiting] = season.monday(self.weeks[0]) - 1
        self._decide(decided, self.latest[decided], rng)
        self.open = waiting

    def _week(self, week: int, joining: Ints) -> None:
        rng = np.random.default_rng([self.seed, 4, week])
        self.open = np.concatenate([self.open, joining])
        quick = joining[self.who.quick[joining]]
        self._book(APPOINTMENT, quick, self.who.start[quick], rng.integers(0, 8, len(quick)))
        loss = season.lost_capacity(week, seed=self.seed)
        self._clinics(week, loss, rng)
        self._theatres(week, loss, rng)
        self._cancel_ahead(week, rng)
        self._remove(week, rng)
        self.open = self.open[self.stop[self.open] == NEVER]
        self._fill(week, rng)

    def _clinics(self, week: int, loss: float, rng: np.random.Generator) -> None:
        """This week's appointments: cancelled, not attended, or attended with an outcome."""
        due = self.open[self.diary.due_by(self.open, season.sunday(week)) & (self.decided[self.open] == NEVER)]
        u = rng.random((2, len(due)))
        hospital = usual_rates.CANCELLED_BY_HOSPITAL + 0.8 * loss
        edges = np.cumsum([hospital, usual_rates.CANCELLED_BY_PATIENT, usual_rates.NOT_ATTENDED])
        edges[1:] = np.minimum(edges[1:], 1.0)
        outcome = np.array([HOSPITAL_CANCELLED, PATIENT_CANCELLED, NOT_ATTENDED, KEPT])[np.searchsorted(edges, u[0])]
        day = self.diary.close(due, outcome)
        self.latest[due] = day
        self._rebook(APPOINTMENT, due[outcome <= HOSPITAL_CANCELLED][outcome[outcome <= HOSPITAL_CANCELLED] > KEPT], 0.6, rng)
        self._not_attended(due[outcome == NOT_ATTENDED], rng)
        self._seen(due[outcome == KEPT], u[1][outcome == KEPT], rng)

    def _seen(self, seen: Ints, draw: NDArray[np.float64], rng: np.random.Generator) -> None:
        """After a visit: a stop, a decision to admit, or another visit to come."""
        self.seen[seen] = True
        day = self.latest[seen]
        disposed = draw < np.where(self.who.quick[seen], 0.85, usual_rates.DISPOSED_AT_VISIT)
        admit = disposed & (rng.random(len(seen)) < self.usual.decision_to_admit[self.group[seen]])
        self._decide(seen[admit], day[admit], rng)
        swift = seen[admit & self.who.quick[seen]]
        swift = swift[rng.random(len(swift)) < 0.7]
        self._book(ADMISSION, swift, self.latest[swift], rng.integers(0, 8, len(swift)))
        treated = disposed & ~admit
        status = _STATUS_AT_VISIT[np.searchsorted(_STATUS_SHARES, rng.random(treated.sum()))]
        self._end(seen[treated], day[treated], NON_ADMITTED, status)
        again = seen[~disposed]
        again = again[rng.random(len(again)) < 0.5]
        self._book(APPOINTMENT, again, self.latest[again], rng.integers(28, 85, len(again)))

    def _not_attended(self, missed: Ints, rng: np.random.Generator) -> None:
        """A first appointment missed may nullify the clock; a later one may end in discharge."""
        u, first = rng.random(len(missed)), ~self.seen[missed]
        protected = self.who.priority[missed] == TWO_WEEK_WAIT
        nullified = first & ~protected & (u < usual_rates.NULLIFIED_AT_FIRST)
        discharged = ~first & (u < 0.3)
        self._end(missed[nullified], self.latest[missed[nullified]], NULLIFIED, 33)
        self._end(missed[discharged], self.latest[missed[discharged]], NON_ADMITTED, 34)
        self._rebook(APPOINTMENT, missed[~nullified & ~discharged], 0.5, rng)

    def _theatres(self, week: int, loss: float, rng: np.random.Generator) -> None:
        """This week's admissions: a stop on the day, or a cancellation with the clock running on."""
        due = self.open[self.diary.due_by(self.open, season.sunday(week)) & (self.decided[self.open] < NEVER)]
        u = rng.random(len(due))
        cancelled = usual_rates.ADMISSION_CANCELLED + 0.8 * loss
        declined = cancelled + usual_rates.ADMISSION_DECLINED
        outcome = np.select([u < cancelled, u < declined], [HOSPITAL_CANCELLED, PATIENT_CANCELLED], KEPT)
        day = self.diary.close(due, outcome)
        self.latest[due] = day
        kept = outcome == KEPT
        self._end(due[kept], day[kept], ADMITTED, 30)
        self._rebook(ADMISSION, due[~kept], 0.55, rng)

    def _cancel_ahead(self, week: int, rng: np.random.Generator) -> None:
        """Bookings called off before their day: a few always, many before a week of lost capacity."""
        booked = self.open[self.diary.is_booked(self.open) & (self.stop[self.open] == NEVER)]
        soon = self.diary.due_by(booked, season.sunday(week + 1))
        u = rng.random(len(booked))
        coming_loss = season.lost_capacity(week + 1, seed=self.seed)
        off = booked[u < 0.008 + np.where(soon, 0.5 * coming_loss, 0.0)]
        outcome = np.where(rng.random(len(off)) < 0.5, PATIENT_CANCELLED, HOSPITAL_CANCELLED)
        day = self._day_in(week, off, rng)
        self.diary.close(off, outcome, day=day)
        self.latest[off] = day
        with_decision = self.decided[off] < NEVER
        self._rebook(ADMISSION, off[with_decision], 0.55, rng)
        self._rebook(APPOINTMENT, off[~with_decision], 0.6, rng)

    def _remove(self, week: int, rng: np.random.Generator) -> None:
        """Validation, transfers, deaths, patients who decline: reported as stops, or silently gone."""
        waiting = self.open[self.stop[self.open] == NEVER]
        long = season.sunday(week) - self.who.start[waiting] > 126
        sprint = 1.6 if season.as_date(season.monday(week)).month == 3 else 0.95
        booked = np.where(self.diary.is_booked(waiting), 0.5, 1.3)
        silent = self.usual.unreported_removal[self.group[waiting]] * np.where(long, 1.5, 0.6) * sprint * booked
        u = rng.random(len(waiting))
        gone, reported = u < silent, u > 1 - usual_rates.REPORTED_REMOVAL * booked
        day = self._day_in(week, waiting, rng)
        self._end(waiting[gone], day[gone], REMOVED, np.where(rng.random(gone.sum()) < 0.25, 21, 34))
        status = _STATUS_REMOVED[rng.integers(0, len(_STATUS_REMOVED), reported.sum())]
        self._end(waiting[reported], day[reported], NON_ADMITTED, status)

    def _fill(self, week: int, rng: np.random.Generator) -> None:
        """Share out the week's slots for bookings to come, specialty by specialty."""
        steer = season.capacity(week, seed=self.seed) * rng.lognormal(0, 0.12, len(self.usual.waiting))
        admit = self.decided[self.open] < NEVER
        free = ~self.diary.is_booked(self.open)
        aim = season.trend(week)
        for kind, here in ((APPOINTMENT, ~admit), (ADMISSION, admit)):
            usual, target = (
                (self.usual.clinic_slots, self.usual.waiting - self.usual.decided)
                if kind == APPOINTMENT
                else (self.usual.theatre_slots, self.usual.decided)
            )
            waiting = np.bincount(self.group[self.open[here]], minlength=len(usual))
            # Extra sessions when a list runs above its plan: without this it would wander off.
            excess = waiting / np.maximum(target * aim, 1.0) - 1
            slots = usual * steer * np.clip(1 + 1.2 * excess, 0.5, 1.7)
            self._offer(kind, self.open[here & free], slots, week, rng)

    def _offer(
        self, kind: int, waiting: Ints, slots: NDArray[np.float64], week: int, rng: np.random.Generator
    ) -> None:
        weeks_waited = (season.sunday(week) - self.who.start[waiting]) // 7
        priority = (self.who.priority if kind == APPOINTMENT else self.procedure_priority)[waiting]
        weigh = choosing.clinic_weight if kind == APPOINTMENT else choosing.theatre_weight
        lead = choosing.clinic_lead if kind == APPOINTMENT else choosing.theatre_lead
        u = rng.random((2, len(waiting)))
        picked = choosing.chosen(weigh(weeks_waited, priority), self.group[waiting], slots, u[0])
        made = self._day_in(week, waiting[picked], rng)
        notice = np.maximum(lead(priority[picked], u[1][picked]), season.monday(week + 1) - made)
        self._book(kind, waiting[picked], made, notice)

    def _decide(self, pathways: Ints, day: NDArray[np.integer], rng: np.random.Generator) -> None:
        self.decided[pathways] = day
        u = rng.random(len(pathways))
        urgent = self.who.priority[pathways] > 1
        priority = np.select([u < np.where(urgent, 0.5, 0.08), u < np.where(urgent, 0.8, 0.35)], [2, 3], 4)
        self.procedure_priority[pathways] = priority

    def _rebook(self, kind: int, pathways: Ints, share: float, rng: np.random.Generator) -> None:
        """Some get their new date at once; the others wait for a slot again."""
        at_once = pathways[rng.random(len(pathways)) < share]
        self._book(kind, at_once, self.latest[at_once], rng.integers(10, 43, len(at_once)))

    def _book(self, kind: int, pathways: Ints, made: NDArray[np.integer], notice: NDArray[np.integer]) -> None:
        self.diary.book(kind, pathways, made=made, notice=notice)
        self.latest[pathways] = np.maximum(self.latest[pathways], made)

    def _end(
        self, pathways: Ints, day: NDArray[np.integer], kind: int, status: int | NDArray[np.integer]
    ) -> None:
        self.stop[pathways] = day
        self.kind[pathways] = kind
        self.status[pathways] = status
        self.diary.close(pathways, np.full(len(pathways), WITHDRAWN), day=day)

    def _day_in(self, week: int, pathways: Ints, rng: np.random.Generator) -> NDArray[np.integer]:
        """A working day of the week, not before the pathway's latest event."""
        days = np.array(season.working_days(week))
        return np.maximum(days[rng.integers(0, len(days), len(pathways))], self.latest[pathways])
