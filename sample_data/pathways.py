"""What a simulation leaves behind: every pathway with its end, every booking with its outcome.

The truth behind the files. It holds no blemish: those are planted when files are written.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sample_data.places import Trust
from sample_data.referrals import Referrals

Ints = NDArray[np.int32]

# A day no simulation reaches: still open, not decided, not closed.
NEVER = np.int32(2**30)
STILL_OPEN, ADMITTED, NON_ADMITTED, NULLIFIED, REMOVED = range(5)
APPOINTMENT, ADMISSION = range(2)
UNDECIDED, KEPT, PATIENT_CANCELLED, HOSPITAL_CANCELLED, NOT_ATTENDED, WITHDRAWN = range(6)


@dataclass(frozen=True, slots=True)
class Bookings:
    """One value per booking. It stands from `made` until the day `closed`; a kept one closes on `due`."""

    pathway: Ints
    kind: Ints
    made: Ints
    due: Ints
    closed: Ints
    outcome: Ints


@dataclass(frozen=True, slots=True)
class Simulation:
    """One value per pathway in each array; days since 1970-01-01, `NEVER` where it has not happened.

    `stop` is the day the pathway left the list and `kind` how: admitted and non-admitted stops are
    reported, nullified ones (first appointment not attended) and removals are not. `status` is the RTT
    status at the end ('20' while open, '21' transferred). `procedure_priority` is 2 to 4 once there is a
    decision to admit, else 0.
    """

    trusts: tuple[Trust, ...]
    first_day: int
    last_day: int
    referrals: Referrals
    stop: Ints
    kind: Ints
    status: Ints
    decided: Ints
    procedure_priority: Ints
    bookings: Bookings

    def open_on(self, day: int) -> NDArray[np.bool_]:
        """Started on or before the day and not yet stopped or removed at its end."""
        return (self.referrals.start <= day) & (self.stop > day)

    def decided_on(self, day: int) -> NDArray[np.bool_]:
        return self.open_on(day) & (self.decided <= day)

    def started(self, first: int, last: int) -> NDArray[np.bool_]:
        return (self.referrals.start >= first) & (self.referrals.start <= last)

    def ended(self, first: int, last: int, kind: int) -> NDArray[np.bool_]:
        """Pathways that left the list in that way from `first` to `last`, both included."""
        return np.asarray((self.stop >= first) & (self.stop <= last) & (self.kind == kind))


def week_bands(days: NDArray[np.integer]) -> NDArray[np.int64]:
    """The return's band of each wait in days: 0 to 7 days are band 0, 729 and over band 104."""
    return np.clip((days - 1) // 7, 0, 104)
