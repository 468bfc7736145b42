"""Whom a trust books next, and how far ahead: the part of the simulation that shapes the waits.

Bookers favour clinical priority and those near a target, and lose interest just after 18 weeks: the dip
that published hazards show at targets comes from here.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.integer]

_WEEKS = np.arange(0, 260)
_CLINIC_BY_WAIT = np.interp(
    _WEEKS,
    [0, 6, 12, 17, 18, 24, 36, 44, 51, 53, 65, 104],
    [1.5, 1.1, 1.0, 1.2, 0.6, 0.55, 0.8, 2.1, 8, 6, 14, 25],
)
_THEATRE_BY_WAIT = np.interp(
    _WEEKS, [0, 12, 17, 18, 24, 36, 44, 51, 53, 65, 104], [1.2, 1.0, 1.2, 0.7, 0.65, 0.85, 2.2, 9, 7, 16, 25]
)
_CLINIC_BY_PRIORITY = np.array([0, 1.0, 3.0, 10.0])
_THEATRE_BY_PRIORITY = np.array([0, 0, 6.0, 2.0, 1.0])
# Days from booking to appointment, by referral priority; to admission, by procedure priority.
_CLINIC_LEAD = np.array([[0, 0], [14, 56], [7, 28], [3, 12]])
_THEATRE_LEAD = np.array([[0, 0], [0, 0], [5, 21], [10, 42], [14, 63]])


def clinic_weight(weeks_waited: Ints, priority: Ints) -> Floats:
    """How strongly each pathway competes for its specialty's next clinic slots."""
    return np.asarray(_CLINIC_BY_WAIT[np.clip(weeks_waited, 0, 259)] * _CLINIC_BY_PRIORITY[priority])


def theatre_weight(weeks_waited: Ints, procedure_priority: Ints) -> Floats:
    """How strongly each pathway competes for its specialty's next admission slots."""
    by_wait = _THEATRE_BY_WAIT[np.clip(weeks_waited, 0, 259)]
    return np.asarray(by_wait * _THEATRE_BY_PRIORITY[procedure_priority])


def chosen(weight: Floats, group: Ints, slots: Floats, draw: Floats) -> NDArray[np.bool_]:
    """Which candidates get one of their group's slots: the expected number is the slots, or all who wait."""
    total = np.bincount(group, weight, minlength=len(slots))
    share = slots / np.where(total > 0, total, 1.0)
    return draw < -np.expm1(-weight * share[group])


def clinic_lead(priority: Ints, draw: Floats) -> Ints:
    return _between(_CLINIC_LEAD[priority], draw)


def theatre_lead(procedure_priority: Ints, draw: Floats) -> Ints:
    return _between(_THEATRE_LEAD[procedure_priority], draw)


def _between(limits: Ints, draw: Floats) -> Ints:
    return (limits[:, 0] + draw * (limits[:, 1] - limits[:, 0] + 1)).astype(np.int32)
