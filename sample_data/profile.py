"""England's list by treatment function in February 2026, which the simulation is calibrated to.

Facts of NHS England's full extract for February 2026 (Open Government Licence v3.0), NONC left out. Wait
distributions are not imposed: they come out of how the simulated trusts book.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Function:
    """One row of the return. Counts are England's; `codes` are what a tracking list shows for it."""

    row: str
    name: str
    incomplete: int
    decided_to_admit: int
    admitted_stops: int
    non_admitted_stops: int
    codes: tuple[str, ...]


FUNCTIONS = (
    Function("C_100", "General Surgery Service", 384999, 115794, 24643, 48551, ("100",)),
    Function("C_101", "Urology Service", 385949, 75999, 19281, 54789, ("101",)),
    Function("C_110", "Trauma and Orthopaedic Service", 829478, 270324, 44546, 97465, ("110", "110", "108")),
    Function("C_120", "Ear Nose and Throat Service", 586374, 74659, 12925, 87248, ("120",)),
    Function("C_130", "Ophthalmology Service", 600584, 148931, 50119, 104631, ("130",)),
    Function("C_140", "Oral Surgery Service", 322205, 56125, 13450, 38415, ("140", "144")),
    Function("C_150", "Neurosurgical Service", 55893, 10049, 2123, 7520, ("150",)),
    Function("C_160", "Plastic Surgery Service", 102692, 45441, 12190, 10130, ("160",)),
    Function("C_170", "Cardiothoracic Surgery Service", 9056, 3238, 1318, 1080, ("172", "173")),
    Function("C_300", "General Internal Medicine Service", 35394, 2328, 863, 7138, ("300",)),
    Function("C_301", "Gastroenterology Service", 378852, 45593, 16949, 52638, ("301",)),
    Function("C_320", "Cardiology Service", 381409, 34564, 9391, 61345, ("320",)),
    Function("C_330", "Dermatology Service", 380657, 29109, 10932, 93680, ("330",)),
    Function("C_340", "Respiratory Medicine Service", 184441, 4384, 2102, 40532, ("340",)),
    Function("C_400", "Neurology Service", 213567, 1664, 532, 33117, ("400",)),
    Function("C_410", "Rheumatology Service", 113997, 2127, 1360, 25571, ("410",)),
    Function("C_430", "Elderly Medicine Service", 26508, 586, 468, 8284, ("430",)),
    Function("C_502", "Gynaecology Service", 564193, 82137, 15675, 88126, ("502",)),
    Function(
        "X02", "Other - Medical Services", 622846, 41389, 14837, 134430, ("302", "303", "307", "361", "191")
    ),
    Function("X03", "Other - Mental Health Services", 3028, 48, 12, 961, ("710",)),
    Function("X04", "Other - Paediatric Services", 315129, 42292, 9485, 58585, ("257", "258", "214", "171")),
    Function("X05", "Other - Surgical Services", 474835, 86757, 22353, 105584, ("103", "104", "107")),
    Function("X06", "Other - Other Services", 152866, 8774, 4089, 47693, ("650", "654", "800")),
)
ENGLAND_INCOMPLETE = 7_124_952
WEEKS_OF_STOPS = 4.0
# NHS England's time series, June 2024 to May 2026: derived unreported removals as a share of all removals.
UNREPORTED_SHARE = 0.143
