"""The columns of a tracking list that we read, by our own names and by the data set's.

The names are those of the Waiting List Minimum Data Set (WLMDS); a trust with other headings maps them
(`ptl_mapping`). Columns that are not listed here (names, comments, consultants) are never read at all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

OPEN, STOPS, STARTS = "open", "stops", "starts"
SECTIONS = (OPEN, STOPS, STARTS)
FEWEST_KNOWN = 3  # headings of a line, for it to be the one that names the columns


@dataclass(frozen=True, slots=True)
class Field:
    """One column: our key, what its cells are, and the headings by which it is known without a mapping."""

    key: str
    kind: Literal["date", "code", "identity"]
    headings: tuple[str, ...]


def _date(key: str, *headings: str) -> Field:
    return Field(key, "date", headings)


def _code(key: str, *headings: str) -> Field:
    return Field(key, "code", headings)


def _identity(key: str, *headings: str) -> Field:
    return Field(key, "identity", headings)


_FIELDS = (
    _date("week_ending", "Week_Ending_Date"),
    _code("provider", "ORGANISATION_IDENTIFIER_CODE_OF_PROVIDER"),
    _code("site", "ORGANISATION_SITE_IDENTIFIER_OF_TREATMENT"),
    _code("commissioner", "ORGANISATION_IDENTIFIER_CODE_OF_COMMISSIONER"),
    _code("treatment_function", "ACTIVITY_TREATMENT_FUNCTION_CODE"),
    _code("list_type", "Waiting_List_Type"),
    _code("measurement_type", "WAITING_TIME_MEASUREMENT_TYPE"),
    _code("rtt_status", "REFERRAL_TO_TREATMENT_PERIOD_STATUS"),
    _code("admission_method", "ADMISSION_METHOD_CODE_HOSPITAL_PROVIDER_SPELL"),
    _code("priority", "PRIORITY_TYPE_CODE"),
    _code("procedure_priority", "Procedure_Priority_Code"),
    _code("completed_type", "Completed_Type"),
    _code("deprivation"),  # only where a mapping names it
    _date("clock_start", "REFERRAL_TO_TREATMENT_PERIOD_START_DATE"),
    _date("clock_stop", "REFERRAL_TO_TREATMENT_PERIOD_END_DATE"),
    _date("decision_to_admit", "DECISION_TO_ADMIT_DATE"),
    _date("tci_date", "TCI_Date"),
    _date("next_appointment", "Outpatient_Future_Appointment_Date"),
    _date("last_appointment", "Outpatient_Appointment_Date"),
    _date("last_attended", "Date_Last_Attended"),
    _date("last_dna", "Last_DNA_Date"),
    _date("last_cancelled", "Cancellation_Date"),
    _date("last_validated", "Last_PAS_Validation_Date"),
    _date("birth_date", "PERSON_BIRTH_DATE"),
    _identity("issuer", "ORGANISATION_CODE_PATIENT_PATHWAY_IDENTIFIER_ISSUER"),
    _identity("pathway_id", "PATIENT_PATHWAY_IDENTIFIER"),
    _identity("referral_id", "Referral_Identifier"),
    _identity("nhs_number", "NHS_NUMBER", "Pseudo NHS_NUMBER"),
    _identity("local_patient_id", "LOCAL_PATIENT_IDENTIFIER"),
)
FIELDS: dict[str, Field] = {field.key: field for field in _FIELDS}
IDENTITIES = tuple(field.key for field in _FIELDS if field.kind == "identity")


def plain(heading: str) -> str:
    """A heading without case, spaces and punctuation, as headings are compared."""
    return re.sub(r"[^a-z0-9]", "", heading.lower())


WLMDS: dict[str, str] = {plain(heading): field.key for field in _FIELDS for heading in field.headings}

# Columns that the data set has in one section only: they tell what a file is.
ONLY_STOPS = frozenset({plain("Completed_Type"), plain("OPCS_Code")})
ONLY_LISTS = ("list_type", "tci_date", "decision_to_admit", "site", "clock_stop", "next_appointment")

ADMITTED_LISTS = ("IRTT", "PTLI", "RTTI")
NON_ADMITTED_LISTS = ("ORTT", "PTLO", "RTTO")
OTHER_LISTS = ("INON", "ONON", "PLD", "PLN")
OPEN_STATUSES = ("10", "11", "12", "20", "99")
STATUSES = (*OPEN_STATUSES, "21", "30", "31", "32", "33", "34", "35", "36", "90", "91", "92", "98")
PRIORITIES = ("1", "2", "3")
PROCEDURE_PRIORITIES = ("P1A", "P1B", "P2", "P3", "P4", "P5", "P6")
