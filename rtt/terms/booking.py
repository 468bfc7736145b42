"""Whether a pathway is booked, and in time: the one rule that ingest, the pages and all counts ask.

The date that counts is, with a decision to admit, that of admission (TCI); without one, the next out-patient
appointment, which may not be treatment. A TCI date without a decision to admit is no booking, but a matter of
data quality. A date before the census is none either, and is told apart from those without any.
"""

from typing import Any

BOOKINGS = ("in time", "too late", "appointment in time", "appointment too late", "no date", "date past")
IN_TIME, TOO_LATE, APPOINTMENT_IN_TIME, APPOINTMENT_TOO_LATE, NO_DATE, DATE_PAST = range(6)

# In the place of the days from the census to the date that counts.
WITHOUT_DATE, BEFORE_CENSUS = -1, -2


def bookings(*, days_waited: Any, decided: Any, booked_in: Any, last_day: int) -> tuple[Any, ...]:
    """For each of BOOKINGS, which pathways are so; in time is on or before the `last_day` of a wait.

    `booked_in` is the days from the census to the date that counts, or one of the two codes above. Written
    with operators alone: arrays, frames and the columns of a database are asked the same.
    """
    booked = booked_in >= 0
    in_time = days_waited + booked_in <= last_day
    return (
        decided & booked & in_time,
        decided & booked & ~in_time,
        ~decided & booked & in_time,
        ~decided & booked & ~in_time,
        booked_in == WITHOUT_DATE,
        booked_in == BEFORE_CENSUS,
    )
