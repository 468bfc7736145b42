"""The bookings: at most one stands for a pathway at a time, and all are kept with their outcome.

It knows on which days clinics and theatres run, and nothing of why a booking is made.
"""

import numpy as np
from numpy.typing import NDArray

from sample_data import season
from sample_data.pathways import NEVER, UNDECIDED, Bookings

Ints = NDArray[np.integer]


class Diary:
    """Standing bookings of `pathways` pathways, and the record of all bookings."""

    def __init__(self, pathways: int, *, first: int, last: int) -> None:
        self._first = first
        self._running = season.next_working_day(first, last)
        self._due = np.full(pathways, NEVER, np.int32)
        self._row = np.full(pathways, -1, np.int64)
        self._made: list[tuple[Ints, Ints, Ints, Ints]] = []
        self._closed: list[tuple[Ints, Ints, Ints]] = []
        self._rows = 0

    def is_booked(self, pathways: Ints) -> NDArray[np.bool_]:
        return self._due[pathways] < NEVER

    def due_by(self, pathways: Ints, day: int) -> NDArray[np.bool_]:
        return self._due[pathways] <= day

    def book(self, kind: int, pathways: Ints, *, made: Ints, notice: Ints) -> None:
        """Book each pathway for the first running day at least `notice` days after `made`."""
        due = self._running[made + notice - self._first]
        self._due[pathways] = due
        self._row[pathways] = self._rows + np.arange(len(pathways))
        self._rows += len(pathways)
        self._made.append((pathways, np.full(len(pathways), kind), made, due))

    def close(self, pathways: Ints, outcome: Ints, *, day: Ints | None = None) -> Ints:
        """End the standing bookings of those that hold one, on `day` or when due; returns the days."""
        days = self._due[pathways].copy() if day is None else np.asarray(day)
        held = self._row[pathways] >= 0
        self._closed.append((self._row[pathways][held], days[held], np.asarray(outcome)[held]))
        self._due[pathways] = NEVER
        self._row[pathways] = -1
        return days

    def bookings(self) -> Bookings:
        """Every booking in the order it was made."""
        pathway, kind, made, due = (
            np.concatenate(column).astype(np.int32) for column in zip(*self._made, strict=True)
        )
        closed = np.full(self._rows, NEVER, np.int32)
        outcome = np.full(self._rows, UNDECIDED, np.int32)
        for rows, days, outcomes in self._closed:
            closed[rows], outcome[rows] = days, outcomes
        return Bookings(pathway, kind, made, due, closed, outcome)
