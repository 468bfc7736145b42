"""The columns of a tracking list that we read, by our own names and by the data set's.

The names are those of the Waiting List Minimum Data Set (WLMDS); a trust with other headings maps them
(`ptl_mapping`). Columns that are not listed here (names, comments, consultants) are never read at all.
"""

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


_DATES: dict[str, tuple[str, ...]] = {
    "week_ending": ("Week_Ending_Date",),
    "clock_start": ("REFERRAL_TO_TREATMENT_PERIOD_START_DATE",),
    "clock_stop": ("REFERRAL_TO_TREATMENT_PERIOD_END_DATE",),
    "decision_to_admit": ("DECISION_TO_ADMIT_DATE",),
    "tci_date": ("TCI_Date",),
    "next_appointment": ("Outpatient_Future_Appointment_Date",),
    "last_appointment": ("Outpatient_Appointment_Date",),
    "last_attended": ("Date_Last_Attended",),
    "last_dna": ("Last_DNA_Date",),
    "last_cancelled": ("Cancellation_Date",),
    "last_validated": ("Last_PAS_Validation_Date",),
    "birth_date": ("PERSON_BIRTH_DATE",),
}
_CODES: dict[str, tuple[str, ...]] = {
    "provider": ("ORGANISATION_IDENTIFIER_CODE_OF_PROVIDER",),
    "site": ("ORGANISATION_SITE_IDENTIFIER_OF_TREATMENT",),
    "commissioner": ("ORGANISATION_IDENTIFIER_CODE_OF_COMMISSIONER",),
    "treatment_function": ("ACTIVITY_TREATMENT_FUNCTION_CODE",),
    "list_type": ("Waiting_List_Type",),
    "measurement_type": ("WAITING_TIME_MEASUREMENT_TYPE",),
    "rtt_status": ("REFERRAL_TO_TREATMENT_PERIOD_STATUS",),
    "admission_method": ("ADMISSION_METHOD_CODE_HOSPITAL_PROVIDER_SPELL",),
    "priority": ("PRIORITY_TYPE_CODE",),
    "procedure_priority": ("Procedure_Priority_Code",),
    "completed_type": ("Completed_Type",),
    # Only where a mapping names them: whoever loads the list decides that they are kept.
    "deprivation": (),
    "ethnicity": (),
    "sex": (),
}
_IDENTITIES: dict[str, tuple[str, ...]] = {
    "issuer": ("ORGANISATION_CODE_PATIENT_PATHWAY_IDENTIFIER_ISSUER",),
    "pathway_id": ("PATIENT_PATHWAY_IDENTIFIER",),
    "referral_id": ("Referral_Identifier",),
    "nhs_number": ("NHS_NUMBER", "Pseudo NHS_NUMBER"),
    "local_patient_id": ("LOCAL_PATIENT_IDENTIFIER",),
}
FIELDS: dict[str, Field] = {
    **{key: Field(key, "date", headings) for key, headings in _DATES.items()},
    **{key: Field(key, "code", headings) for key, headings in _CODES.items()},
    **{key: Field(key, "identity", headings) for key, headings in _IDENTITIES.items()},
}
IDENTITIES = tuple(_IDENTITIES)


def plain(heading: str) -> str:
    """A heading without case, spaces and punctuation, as headings are compared."""
    return re.sub(r"[^a-z0-9]", "", heading.lower())


WLMDS: dict[str, str] = {plain(heading): field.key for field in FIELDS.values() for heading in field.headings}

# Columns that the data set has in one section only: they tell what a file is.
ONLY_STOPS = frozenset({plain("Completed_Type"), plain("OPCS_Code")})
ONLY_LISTS = ("list_type", "tci_date", "decision_to_admit", "site", "clock_stop", "next_appointment")

# A trust may still write the names that the data set had before (PTLI, RTTI; PTLO, RTTO).
ADMITTED_LISTS = ("IRTT", "PTLI", "RTTI")
NON_ADMITTED_LISTS = ("ORTT", "PTLO", "RTTO")
OTHER_LISTS = ("INON", "ONON", "PLD", "PLN")  # not RTT; the last two are diagnostic lists
# 99 (not yet known) counts as 20, by the Data Dictionary; 21 is a transfer, whose clock runs elsewhere.
OPEN_STATUSES = ("10", "11", "12", "20", "99")
STATUSES = (*OPEN_STATUSES, "21", "30", "31", "32", "33", "34", "35", "36", "90", "91", "92", "98")
# Ethnic category, by the headings of the NHS Data Dictionary. Z (not stated) and 99 count as not known.
ETHNIC_GROUPS = {
    **dict.fromkeys("ABC", "white"),
    **dict.fromkeys("DEFG", "mixed"),
    **dict.fromkeys("HJKL", "asian"),
    **dict.fromkeys("MNP", "black"),
    **dict.fromkeys("RS", "other"),
}
# Person stated gender: 9 is indeterminate, X not known.
SEXES = {"1": "male", "2": "female", "9": "other", "M": "male", "F": "female"}
PRIORITIES = ("1", "2", "3")  # routine, urgent, two-week wait
PROCEDURE_PRIORITIES = ("P1A", "P1B", "P2", "P3", "P4", "P5", "P6")
