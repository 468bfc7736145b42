"""The 23 rows of the return and their total, and which row each of some 178 treatment functions belongs to.

The return has 18 rows of single specialties, five of "Other" and the total.

Source: NHS England, Recording and reporting RTT waiting times, v5.0, section 10.1.4; names as the full
extracts print them; codes and names of the 178 from the NHS Data Model and Dictionary (May 2026).
"""

import re
from dataclasses import dataclass

from rtt.terms import reference

# C_999 is the published total of the other rows: adding it to them would count every pathway twice.
TOTAL = "C_999"


@dataclass(frozen=True, slots=True)
class TreatmentFunction:
    """A row of the return: name as published, short name for screens, group for ordering and menus."""

    code: str
    name: str
    short_name: str
    group: str  # Surgical | Medical | Other | Total


ROWS: dict[str, TreatmentFunction] = {
    row["code"]: TreatmentFunction(**row) for row in reference.table("return_rows")
}
SPECIALTIES: tuple[str, ...] = tuple(code for code in ROWS if code != TOTAL)

# Until March 2021 the five "Other" rows were one. It is named, yet it is no row of today's return.
_RETIRED = {"X01": TreatmentFunction("X01", "Other", "Other (to March 2021)", "Other")}
_NAMED = ROWS | _RETIRED

_CODES = {entry["code"]: entry for entry in reference.table("treatment_functions")}
RETURN_ROWS: dict[str, str] = {code: entry["row"] for code, entry in _CODES.items()}


def return_row(text: str) -> str | None:
    """The row of the return for a treatment function: "130" -> "C_130", "108" -> "C_110", "191" -> "X02".

    A code of the return itself is its own row. Spaces, case and a spreadsheet's ".0" do not matter. None for
    a code the guidance does not list: the caller decides, and says so.
    """
    code = re.sub(r"\.0+$", "", text.strip().upper())
    return code if code in _NAMED else RETURN_ROWS.get(code)


def as_published(text: str) -> str:
    """A code as extracts have it: "110" and "c_110" are C_110, "c_x02" is X02; known or not."""
    code = text.strip().upper().removeprefix("C_")
    return f"C_{code}" if code.isdigit() else code


def name_of(code: str) -> str:
    """The published name of a row ("C_130") or of one treatment function ("130"); else the code itself."""
    if code in _NAMED:
        return _NAMED[code].name
    return _CODES[code]["name"] or code if code in _CODES else code


def short_name_of(code: str) -> str:
    """The name for screens, "Trauma & orthopaedics"; the published name or the code where there is none."""
    return _NAMED[code].short_name if code in _NAMED else name_of(code)


def in_order(code: str) -> tuple[int, str]:
    """Sort key: rows as the return prints them, unknown codes next, the total last."""
    order = list(_NAMED)
    if code == TOTAL:
        return len(order) + 1, code
    return (order.index(code) if code in _NAMED else len(order)), code
