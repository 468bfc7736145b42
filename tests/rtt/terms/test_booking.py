"""The rule of what is booked and in time, as a table, for arrays."""

import numpy as np
import pytest

from rtt.terms.booking import BEFORE_CENSUS, BOOKINGS, WITHOUT_DATE, bookings

LAST_DAY = 126


def bookings_of(pathways: list[dict], *, last_day: int) -> np.ndarray:
    """Which of BOOKINGS each pathway is in, (n, 6); dates of a pathway are days after the census."""
    ahead = [p["tci"] if p["decided"] else p["appointment"] for p in pathways]
    coded = [WITHOUT_DATE if day is None else day if day >= 0 else BEFORE_CENSUS for day in ahead]
    states = bookings(
        days_waited=np.array([p["waited"] for p in pathways], dtype=int),
        decided=np.array([p["decided"] for p in pathways], dtype=bool),
        booked_in=np.array(coded, dtype=int),
        last_day=last_day,
    )
    return np.array(states).T


@pytest.mark.parametrize(
    ("decided", "tci", "appointment", "booking"),
    [
        (True, 6, None, "in time"),  # day 126 exactly
        (True, 7, None, "too late"),
        (True, 0, None, "in time"),  # the census day itself
        (True, -1, 3, "date past"),  # an appointment does not stand in for an admission
        (True, None, 3, "no date"),
        (False, None, 6, "appointment in time"),
        (False, None, 7, "appointment too late"),
        (False, 3, None, "no date"),  # an admission date without a decision to admit
        (False, None, -1, "date past"),
        (False, None, None, "no date"),
    ],
)
def test_what_counts_as_a_booking(decided, tci, appointment, booking):
    pathway = {"waited": 120, "decided": decided, "tci": tci, "appointment": appointment}

    (found,) = bookings_of([pathway], last_day=LAST_DAY)

    assert [BOOKINGS[state] for state in np.flatnonzero(found)] == [booking]
