"""Which row of the return a treatment function code belongs to, and what the rows are called.

Source: NHS England, Recording and reporting RTT waiting times, v5.0, section 10.1.4; names as in the full
extract of March 2025.
"""

from collections import Counter

import pytest

from rtt.terms.treatment_functions import (
    RETURN_ROWS,
    ROWS,
    SPECIALTIES,
    TOTAL,
    in_order,
    name_of,
    return_row,
    short_name_of,
)

CODES = [
    ("100", "C_100", "its own row"),
    ("130", "C_130", "its own row"),
    ("108", "C_110", "spinal surgery counts as trauma and orthopaedics"),
    ("111", "C_110", "orthopaedics"),
    ("115", "C_110", "trauma surgery"),
    ("144", "C_140", "maxillofacial surgery counts as oral surgery"),
    ("145", "C_140", "oral and maxillofacial surgery"),
    ("170", "C_170", "its own row"),
    ("172", "C_170", "cardiac surgery"),
    ("173", "C_170", "thoracic surgery"),
    ("174", "X05", "cardiothoracic transplantation is not cardiothoracic surgery"),
    ("300", "C_300", "general internal medicine"),
    ("306", "X02", "hepatology, not in 300"),
    ("307", "X02", "diabetes, not in 300"),
    ("308", "X02", "blood and marrow transplantation, not in 300"),
    ("309", "X02", "haemophilia, not in 300"),
    ("330", "C_330", "dermatology, which is not 300"),
    ("191", "X02", "other medical"),
    ("710", "X03", "other mental health"),
    ("214", "X04", "paediatric trauma and orthopaedics is paediatric"),
    ("420", "X02", "the general paediatric service is listed as medical"),
    ("103", "X05", "other surgical"),
    ("650", "X06", "other"),
    ("502", "C_502", "gynaecology"),
    ("348", "X02", "in use, though not in the dictionary"),
    (" 130 ", "C_130", "spaces"),
    ("130.0", "C_130", "as a spreadsheet writes it"),
    ("c_130", "C_130", "a row is its own row"),
    ("X05", "X05", "a row is its own row"),
    ("C_999", "C_999", "the total is its own row"),
    ("X01", "X01", "the single Other of before April 2021"),
    ("999", None, "not a code of the guidance"),
    ("13", None, "not a code of the guidance"),
    ("", None, "nothing"),
]

NAMES = [
    ("C_100", "General Surgery Service", "General surgery"),
    ("C_101", "Urology Service", "Urology"),
    ("C_110", "Trauma and Orthopaedic Service", "Trauma & orthopaedics"),
    ("C_120", "Ear Nose and Throat Service", "Ear, nose & throat"),
    ("C_130", "Ophthalmology Service", "Ophthalmology"),
    ("C_140", "Oral Surgery Service", "Oral surgery"),
    ("C_150", "Neurosurgical Service", "Neurosurgery"),
    ("C_160", "Plastic Surgery Service", "Plastic surgery"),
    ("C_170", "Cardiothoracic Surgery Service", "Cardiothoracic surgery"),
    ("C_300", "General Internal Medicine Service", "General internal medicine"),
    ("C_301", "Gastroenterology Service", "Gastroenterology"),
    ("C_320", "Cardiology Service", "Cardiology"),
    ("C_330", "Dermatology Service", "Dermatology"),
    ("C_340", "Respiratory Medicine Service", "Respiratory medicine"),
    ("C_400", "Neurology Service", "Neurology"),
    ("C_410", "Rheumatology Service", "Rheumatology"),
    ("C_430", "Elderly Medicine Service", "Elderly medicine"),
    ("C_502", "Gynaecology Service", "Gynaecology"),
    ("X02", "Other - Medical Services", "Other medical"),
    ("X03", "Other - Mental Health Services", "Other mental health"),
    ("X04", "Other - Paediatric Services", "Other paediatric"),
    ("X05", "Other - Surgical Services", "Other surgical"),
    ("X06", "Other - Other Services", "Other"),
    ("C_999", "Total", "All specialties"),
]


@pytest.mark.parametrize(("code", "row", "why"), CODES)
def test_a_code_belongs_to_a_row(code, row, why):
    assert return_row(code) == row, why


@pytest.mark.parametrize(("code", "name", "short_name"), NAMES)
def test_a_row_has_its_published_name_and_one_for_screens(code, name, short_name):
    assert (name_of(code), short_name_of(code)) == (name, short_name)
    assert (ROWS[code].name, ROWS[code].short_name) == (name, short_name)


def test_the_return_has_23_rows_and_their_total_in_the_published_order():
    assert list(ROWS) == [code for code, _, _ in NAMES]
    assert sorted(ROWS, key=in_order) == list(ROWS)
    assert (len(SPECIALTIES), TOTAL in SPECIALTIES) == (23, False)


def test_the_guidance_lists_178_codes():
    assert len(RETURN_ROWS) == 178
    assert set(RETURN_ROWS.values()) == set(SPECIALTIES)
    others = Counter(row for row in RETURN_ROWS.values() if row.startswith("X"))
    assert others == {"X02": 61, "X03": 16, "X04": 40, "X05": 12, "X06": 24}


def test_an_unknown_code_is_its_own_name_and_sorts_before_the_total():
    assert (name_of("C_777"), short_name_of("C_777")) == ("C_777", "C_777")
    assert name_of("108") == "Spinal Surgery Service"
    assert name_of("348") == "348"
    assert sorted(["C_999", "C_777", "X06"], key=in_order) == ["X06", "C_777", "C_999"]
