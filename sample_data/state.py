"""The open pathways of a simulation and what can happen to one: booked, decided for, ended.

The verbs keep the diary, the dates and the status in step. When they are used is the simulation's business.
"""

import numpy as np
from numpy.typing import NDArray

from sample_data import season
from sample_data.diary import Diary
from sample_data.pathways import NEVER, STILL_OPEN, WITHDRAWN, Simulation
from sample_data.places import Trust
from sample_data.profile import FUNCTIONS
from sample_data.rates import Rates
from sample_data.referrals import Referrals

Numbers = NDArray[np.int64]
Days = NDArray[np.integer]


class State:
    """One value per pathway ever, in arrays; `open` numbers those still on the list."""

    def __init__(self, trusts: tuple[Trust, ...], weeks: range, usual: Rates, who: Referrals) -> None:
        self.trusts, self.weeks, self.usual, self.who = trusts, weeks, usual, who
        self.group = who.trust * len(FUNCTIONS) + who.function
        n = len(who.start)
        self.stop = np.full(n, NEVER, np.int32)
        self.kind = np.full(n, STILL_OPEN, np.int32)
        self.status = np.full(n, 20, np.int32)
        self.decided = np.full(n, NEVER, np.int32)
        self.procedure_priority = np.zeros(n, np.int32)
        self.seen = np.zeros(n, bool)
        self.latest = who.start.copy()
        self.diary = Diary(n, first=season.monday(weeks[0]), last=season.sunday(weeks[-1]) + 120)
        self.open = np.zeros(0, np.int64)

    def due(self, week: int, *, decided: bool) -> Numbers:
        """Open pathways with a booking in the week, with or without a decision to admit."""
        waiting = self.open[(self.decided[self.open] < NEVER) == decided]
        return np.asarray(waiting[self.diary.due_by(waiting, season.sunday(week))])

    def book(self, kind: int, pathways: Numbers, made: Days, notice: Days) -> None:
        self.diary.book(kind, pathways, made=made, notice=notice)
        self.latest[pathways] = np.maximum(self.latest[pathways], made)

    def settle(self, pathways: Numbers, outcome: Days, day: Days | None = None) -> Days:
        """End the bookings with their outcomes, on `day` or when due; returns the days."""
        self.latest[pathways] = self.diary.close(pathways, outcome, day=day)
        return self.latest[pathways]

    def rebook(self, kind: int, pathways: Numbers, share: float, rng: np.random.Generator) -> None:
        """Some get their new date at once; the others wait for a slot again."""
        at_once = pathways[rng.random(len(pathways)) < share]
        self.book(kind, at_once, self.latest[at_once], rng.integers(10, 43, len(at_once)))

    def decide(self, pathways: Numbers, day: Days, rng: np.random.Generator) -> None:
        """A decision to admit, with a procedure priority of 2 to 4."""
        self.decided[pathways] = day
        u, urgent = rng.random(len(pathways)), self.who.priority[pathways] > 1
        second, third = np.where(urgent, 0.5, 0.08), np.where(urgent, 0.8, 0.35)
        self.procedure_priority[pathways] = np.select([u < second, u < third], [2, 3], 4)

    def end(self, pathways: Numbers, day: Days, kind: int, status: int | Days) -> None:
        """Take the pathways off the list, and their standing bookings with them."""
        self.stop[pathways], self.kind[pathways], self.status[pathways] = day, kind, status
        self.diary.close(pathways, np.full(len(pathways), WITHDRAWN), day=day)

    def day_in(self, week: int, pathways: Numbers, rng: np.random.Generator) -> Days:
        """A working day of the week for each pathway, not before its latest event."""
        days = np.array(season.working_days(week))
        chosen = days[rng.integers(0, len(days), len(pathways))]
        return np.asarray(np.maximum(chosen, self.latest[pathways]))

    def forget_ended(self) -> None:
        self.open = self.open[self.stop[self.open] == NEVER]

    def result(self, week: int) -> Simulation:
        """What stands at the end of the week that has just passed, of those who had joined by then."""
        who = self.who.up_to(weeks=week - self.weeks[0] + 1)
        joined = slice(len(who.start))
        return Simulation(
            trusts=self.trusts,
            first_day=season.monday(self.weeks[0]),
            last_day=season.sunday(week),
            referrals=who,
            stop=self.stop[joined].copy(),
            kind=self.kind[joined].copy(),
            status=self.status[joined].copy(),
            decided=self.decided[joined].copy(),
            procedure_priority=self.procedure_priority[joined].copy(),
            bookings=self.diary.bookings(),
        )
