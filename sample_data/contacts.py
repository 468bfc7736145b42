"""What a trust's system shows of each pathway on one day: its dates, its next booking, its status.

Read off the record of bookings as it stood at the end of that day, never with hindsight.
"""

from dataclasses import dataclass, fields

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sample_data.blemishes import stale_admission, status_unknown, unknown_start
from sample_data.pathways import (
    ADMISSION,
    APPOINTMENT,
    HOSPITAL_CANCELLED,
    KEPT,
    NEVER,
    NOT_ATTENDED,
    PATIENT_CANCELLED,
    Bookings,
    Simulation,
)

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Contacts:
    """One value per chosen pathway, `NEVER` where there is no such day. `stale`: the admission date is
    past.
    """

    next_appointment: Ints
    next_admission: Ints
    admission_given: Ints
    first_seen: Ints
    last_seen: Ints
    last_appointment: Ints
    last_missed: Ints
    last_cancelled: Ints
    stale: NDArray[np.bool_]


def contacts(truth: Simulation, bookings: Bookings, chosen: NDArray[np.integer], day: int) -> Contacts:
    """The chosen pathways (by number) as the system shows them at the end of `day`."""
    asked = np.zeros(len(truth.stop), np.bool_)
    asked[chosen] = True
    theirs = asked[bookings.pathway]
    b = Bookings(*(getattr(bookings, each.name)[theirs] for each in fields(Bookings)))
    clinic, past = b.kind == APPOINTMENT, b.closed <= day
    standing = (b.made <= day) & ~past
    missed = past & (b.outcome == NOT_ATTENDED)
    cancelled = past & ((b.outcome == PATIENT_CANCELLED) | (b.outcome == HOSPITAL_CANCELLED))
    seen = past & clinic & (b.outcome == KEPT)
    last = _Latest(len(truth.stop), b, chosen)
    next_admission = last.of(standing & ~clinic, b.due)
    given = last.of((standing | (past & (b.outcome == KEPT))) & ~clinic, b.made)
    gone_by = last.of(cancelled & (b.kind == ADMISSION) & (b.due <= day) & (b.closed == b.due), b.due)
    # An admission cancelled on the day whose record nobody has updated, for up to five weeks.
    stale = (
        stale_admission(truth)[chosen] & (next_admission == NEVER) & (gone_by < day) & (gone_by > day - 35)
    )
    return Contacts(
        next_appointment=last.of(standing & clinic, b.due),
        next_admission=np.where(stale, gone_by, next_admission),
        admission_given=given,
        first_seen=last.of(seen, b.due, first=True),
        last_seen=last.of(seen, b.due),
        last_appointment=last.of(past & clinic & (b.due <= day), b.due),
        last_missed=last.of(missed, b.due),
        last_cancelled=last.of(cancelled, b.closed),
        stale=stale,
    )


class _Latest:
    """Picks, for each chosen pathway, a day from the last of its bookings that meet a condition."""

    def __init__(self, pathways: int, bookings: Bookings, chosen: NDArray[np.integer]) -> None:
        self._place = np.full(pathways, NEVER, np.int32)
        self._pathway, self._chosen = bookings.pathway, chosen

    def of(self, condition: NDArray[np.bool_], days: Ints, *, first: bool = False) -> Ints:
        rows = np.flatnonzero(condition)
        # A pathway's bookings stand in the order they were made, and a later assignment overwrites.
        rows = rows[::-1] if first else rows
        self._place[self._chosen] = NEVER
        self._place[self._pathway[rows]] = days[rows]
        return np.asarray(self._place[self._chosen].copy())


def columns(truth: Simulation, seen: Contacts, chosen: NDArray[np.integer], day: int) -> dict[str, pl.Series]:
    """The changing columns of a weekly file for the chosen pathways."""
    decided = np.where(truth.decided[chosen] <= day, truth.decided[chosen], NEVER)
    admitted = decided < NEVER
    visited = seen.first_seen < NEVER
    status = np.where(status_unknown(truth)[chosen], "99", np.where(visited | admitted, "20", "10"))
    ended = truth.stop[chosen] <= day
    status = np.where(ended, truth.status[chosen].astype(str), status)
    method = np.where(seen.next_admission < NEVER, "12", "11")
    priority = np.char.add("P", truth.procedure_priority[chosen].astype(str))
    return {
        "Waiting_List_Type": pl.Series(np.where(admitted, "IRTT", "ORTT")),
        "Current_Pathway_Period_Start_Date": _dates(
            np.where(unknown_start(truth)[chosen], NEVER, truth.referrals.start[chosen])
        ),
        "Outpatient_Future_Appointment_Date": _dates(seen.next_appointment),
        "Outpatient_Appointment_Date": _dates(seen.last_appointment),
        "Date_Last_Attended": _dates(seen.last_seen),
        "Last_DNA_Date": _dates(seen.last_missed),
        "Cancellation_Date": _dates(seen.last_cancelled),
        "OUTCOME_OF_ATTENDANCE_CODE": pl.Series(
            np.where(~visited, "", np.where(seen.next_appointment < NEVER, "2", "3"))
        ),
        "TCI_Date": _dates(seen.next_admission),
        "TCI_Date_Provided": _dates(seen.admission_given),
        "REFERRAL_TO_TREATMENT_PERIOD_STATUS": pl.Series(status),
        "DECISION_TO_ADMIT_DATE": _dates(decided),
        "DECISION_TO_TREAT_DATE": _dates(decided),
        "ADMISSION_METHOD_CODE_HOSPITAL_PROVIDER_SPELL": pl.Series(np.where(admitted, method, "")),
        "INTENDED_MANAGEMENT_CODE": pl.Series(np.where(admitted, np.where(chosen % 4 == 0, "1", "2"), "")),
        "Procedure_Priority_Code": pl.Series(np.where(admitted, priority, "")),
        "FIRST_ACTIVITY_DATE": _dates(seen.first_seen),
        "Inclusion_On_Cancer_PTL": pl.Series(np.where(truth.referrals.priority[chosen] == 3, "Y", "N")),
    }


def _dates(days: NDArray[np.integer]) -> pl.Series:
    return pl.Series(days.astype(np.int32)).set(pl.Series(days >= NEVER), None).cast(pl.Date)
