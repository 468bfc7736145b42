"""How many pathways come, are seen and are admitted in an ordinary week, by trust and treatment function.

Worked out from England's profile by Little's law: a list, its stops and its removals fix the referrals.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sample_data.places import Trust
from sample_data.profile import FUNCTIONS, UNREPORTED_SHARE, WEEKS_OF_STOPS

Floats = NDArray[np.float64]

# The simulated trusts clear a smaller share of their list in a week than England did in February 2026 (which
# would be 1): their waits are those of the two years before.
_TURNOVER = 0.9

# What becomes of a booked appointment or admission in an ordinary week.
CANCELLED_BY_HOSPITAL, CANCELLED_BY_PATIENT, NOT_ATTENDED = 0.05, 0.05, 0.06
ADMISSION_CANCELLED, ADMISSION_DECLINED = 0.05, 0.03
DISPOSED_AT_VISIT = 0.72
NULLIFIED_AT_FIRST = 0.35
REPORTED_REMOVAL = 0.0015


@dataclass(frozen=True, slots=True)
class Rates:
    """One value per group; a group is one trust's treatment function, at trust x functions + function.

    Lists are pathways; referrals and the two kinds of slot are per week; the rest are probabilities.
    """

    waiting: Floats
    decided: Floats
    referrals: Floats
    clinic_slots: Floats
    theatre_slots: Floats
    decision_to_admit: Floats
    unreported_removal: Floats


def rates(trusts: tuple[Trust, ...]) -> Rates:
    """The ordinary week of every group of these trusts."""
    waiting, decided, admitted, non_admitted = (
        np.concatenate([_scaled(trust, field) for trust in trusts])
        for field in ("incomplete", "decided_to_admit", "admitted_stops", "non_admitted_stops")
    )
    admitted, non_admitted = admitted * _TURNOVER / WEEKS_OF_STOPS, non_admitted * _TURNOVER / WEEKS_OF_STOPS
    stops = admitted + non_admitted
    unreported = stops * UNREPORTED_SHARE / (1 - UNREPORTED_SHARE)
    referrals = stops + unreported
    decisions = admitted + 0.008 * decided
    disposals = np.maximum(stops - admitted - REPORTED_REMOVAL * waiting, 0.3 * stops) + decisions
    seen = 1 - CANCELLED_BY_HOSPITAL - CANCELLED_BY_PATIENT - NOT_ATTENDED
    with np.errstate(invalid="ignore"):
        return Rates(
            waiting=waiting,
            decided=decided,
            referrals=referrals,
            clinic_slots=disposals / (DISPOSED_AT_VISIT * seen),
            theatre_slots=admitted / (1 - ADMISSION_CANCELLED - ADMISSION_DECLINED),
            decision_to_admit=np.nan_to_num(decisions / disposals),
            unreported_removal=np.nan_to_num(1.15 * (unreported - 0.02 * referrals) / waiting),
        )


def _scaled(trust: Trust, field: str) -> Floats:
    """England's figures for the functions the trust has, scaled to the trust's list."""
    here = np.array([f.row not in trust.absent for f in FUNCTIONS])
    size = trust.size / sum(f.incomplete for f in FUNCTIONS if f.row not in trust.absent)
    rates = np.array([getattr(f, field) for f in FUNCTIONS], dtype=float)
    return np.asarray(rates * here * size)
