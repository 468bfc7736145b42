"""PTLs in which every identifier is planted: in its own column and, one row each, in every other, as if a
cell had slipped. What is made of them is searched for all of them.
"""

from pathlib import Path

from ingest.extracts.ptl.fields import FIELDS
from tests.tracking_lists import as_csv, pathway, start, stop

PLANTED = {
    "nhs_number": "9434765919",
    "spaced NHS number": "943 476 5870",
    "local_patient_id": "R9A7766554",
    "short local number": "H765432",
    "pathway_id": "TH00012345678901",
    "referral_id": "RF99887766",
    "name": "ZEBEDEE",
    "whole name": "Zebedee Quince-Adams",
    "birth_date": "1948-03-17",
    "birth_date as written": "17/03/1948",
    "postcode": "ZX99 9ZZ",
    "free text": "rang Zebedee, happy to wait",
    "formula": "=cmd|'/c calc'!A1",
    "markup": "<b>Zebedee</b>",
}
SECTIONS = {"open": pathway, "stops": stop, "starts": start}
_EVENTS = ("procedure_priority", "last_appointment", "last_attended", "last_dna", "last_cancelled")
_PATIENT = ("nhs_number", "local_patient_id", "birth_date", "last_validated")
_GROUPS = ("deprivation", "ethnicity", "sex")
# Columns of a section that an ordinary row of the tests does not have.
MORE = {"open": (*_EVENTS, *_PATIENT, *_GROUPS), "stops": (*_EVENTS, *_PATIENT), "starts": _PATIENT[:2]}


# Every third row is planted: without this the list would be refused as a whole.
ALL_MAY_GO = "[list]\nmost_left_out = 1\n"


def rows(section):
    """Ordinary rows, one with everything in its place, and one for each identifier in each column."""

    def row(**said):
        return SECTIONS[section](**{**dict.fromkeys(MORE[section], ""), **said})

    own = {key: PLANTED[key] for key in ("nhs_number", "local_patient_id", "pathway_id", "birth_date")}
    known = row()
    # Days before the census everywhere but for an end: a column of nothing but identifiers is refused.
    dated = {field: "2026-09-01" for field in known if FIELDS[field].kind == "date" and not known[field]}
    dated |= {"clock_stop": "2026-12-01"} if "clock_stop" in dated else {}
    made = [row(**dated) for _ in range(600)] + [row(**{key: own[key] for key in own if key in known})]
    return made + [row(**{field: value}) for field in known for value in PLANTED.values()]


def secrets():
    """Each identifier, and what is left of it in capitals, without spaces, or as a date."""
    for value in PLANTED.values():
        yield from {value, value.upper(), value.replace(" ", ""), value.title()}
    yield from ("Zebedee", "Quince", "19480317")


MAPPINGS = [f'[columns]\ndeprivation = "{heading}"' for heading in ("Decile", "PATIENT_NAME")]
MAPPINGS += ['[columns]\nethnicity = "Ethnic"\nsex = "Gender"', '[columns]\nethnicity = "PATIENT_NAME"']
"""Columns that a mapping names; one of them is the column of names."""


def write(folder: Path, *, named: str = "") -> Path:
    """A file of each section into a new folder. `named`: what else stands in the names of the files."""
    folder.mkdir()
    for section in SECTIONS:
        data = as_csv(
            rows(section), headings={"deprivation": "Decile", "ethnicity": "Ethnic", "sex": "Gender"}
        )
        lines = data.decode().split("\r\n")
        # Columns that the reader does not know: they hold the patient's name and a free text.
        heading, cells = ",PATIENT_NAME,Last_PAS_Validation_Comments", ",Zebedee Quince,rang Zebedee"
        unknown = [heading, *[cells] * (len(lines) - 2)]
        written = "\r\n".join(line + more for line, more in zip(lines, [*unknown, ""], strict=True))
        (folder / f"{section}-20261115{named}.csv").write_text(written)
    return folder
