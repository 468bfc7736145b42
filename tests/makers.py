"""Small monthly extracts in the layout NHS England publishes, written from a few facts that a test can state.

A fact is (provider, commissioner, part, treatment function) -> {week band: pathways}, with the key "unknown"
for unknown clock starts (1A and 1B); for part 3 simply the number of new periods. The rows of C_999 are made
here, as the publisher makes them. `table` is open to a test that damages it before `as_csv` writes it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal

Key = tuple[str, str, str, str]
Bands = Mapping[int | Literal["unknown"], int]
Facts = Mapping[Key, Bands | int]

PARTS = {
    "1A": "Completed Pathways For Admitted Patients",
    "1B": "Completed Pathways For Non-Admitted Patients",
    "2": "Incomplete Pathways",
    "2A": "Incomplete Pathways with DTA",
    "3": "New RTT Periods - All Patients",
}
FUNCTIONS = {
    "C_100": "General Surgery Service",
    "C_110": "Trauma and Orthopaedic Service",
    "C_120": "Ear Nose and Throat Service",
    "C_130": "Ophthalmology Service",
    "C_502": "Gynaecology Service",
    "X02": "Other - Medical Services",
    "C_999": "Total",
}
# Commissioner -> the integrated care board above it, as published: hubs and NONC have a blank parent.
PARENTS = {"00R": "QE1", "01A": "QE1", "91Q": "QKS", "13Q": "", "NONC": ""}
NAMES = {
    "QE1": "NHS LANCASHIRE AND SOUTH CUMBRIA INTEGRATED CARE BOARD",
    "QKS": "NHS KENT AND MEDWAY INTEGRATED CARE BOARD",
    "00R": "NHS LANCASHIRE AND SOUTH CUMBRIA ICB - 00R",
    "01A": "NHS LANCASHIRE AND SOUTH CUMBRIA ICB - 01A",
    "91Q": "NHS KENT AND MEDWAY ICB - 91Q",
    "13Q": "NATIONAL COMMISSIONING HUB 1",
    "NONC": "",
    "": "",
}
IDENTIFIERS = (
    "Period", "Provider Parent Org Code", "Provider Parent Name", "Provider Org Code", "Provider Org Name",
    "Commissioner Parent Org Code", "Commissioner Parent Name", "Commissioner Org Code",
    "Commissioner Org Name", "RTT Part Type", "RTT Part Description", "Treatment Function Code",
    "Treatment Function Name",
)  # fmt: skip
TOTALS = ("Total", "Patients with unknown clock start date", "Total All")


def table(
    facts: Facts, *, census: date, open_band: int = 104, parents: Mapping[str, str] = PARENTS
) -> list[list[str]]:
    """The heading and the rows of an extract, as text. Every provider lies under QE1."""
    weeks = [f"Gt {week:02d} To {week + 1:02d} Weeks SUM 1" for week in range(open_band)]
    heading = [*IDENTIFIERS, *weeks, f"Gt {open_band} Weeks SUM 1", *TOTALS]
    rows = [_row(key, value, census, open_band, parents) for key, value in with_totals(facts).items()]
    return [heading, *rows]


def with_totals(facts: Facts) -> dict[Key, Bands | int]:
    """The facts and the C_999 of each provider, commissioner and part."""
    sums: dict[Key, Bands | int] = {}
    for (provider, commissioner, part, _), value in facts.items():
        key = (provider, commissioner, part, "C_999")
        before = sums.get(key)
        if isinstance(value, int):
            sums[key] = value + (before if isinstance(before, int) else 0)
        else:
            sums[key] = Counter(before if isinstance(before, Mapping) else {}) + Counter(value)
    return {**facts, **sums}


def period(census: date) -> str:
    return f"RTT-{census:%B-%Y}"


def file_name(census: date, *, revised: bool = False) -> str:
    """The name the publisher gives the csv of a month."""
    return f"{census:%Y%m%d}-{period(census)}-full-extract{'-revised' if revised else ''}.csv"


def as_csv(rows: Iterable[Iterable[str]], *, separator: str = ",", newline: str = "\r\n") -> str:
    """The rows as the publisher writes them: quotes only round what holds a separator."""
    quoted = ([f'"{cell}"' if separator in cell else cell for cell in row] for row in rows)
    return "".join(separator.join(row) + newline for row in quoted)


def _row(key: Key, value: Bands | int, census: date, open_band: int, parents: Mapping[str, str]) -> list[str]:
    provider, commissioner, part, function = key
    parent = parents[commissioner]
    identifiers = [
        period(census), "QE1", NAMES["QE1"], provider, f"{provider} HOSPITALS NHS TRUST",
        parent, NAMES.get(parent, parent), commissioner, NAMES.get(commissioner, commissioner),
        f"Part_{part}", PARTS[part], function, FUNCTIONS.get(function, function),
    ]  # fmt: skip
    if isinstance(value, int):  # Part_3 has no bands
        return [*identifiers, *[""] * (open_band + 1), "", "", str(value)]
    bands = [value.get(band, 0) for band in range(open_band + 1)]
    unknown, known = value.get("unknown", 0), sum(bands)
    completed = part in {"1A", "1B"}
    totals = [known, unknown, known + unknown] if completed else ["", "", known]
    return [*identifiers, *map(str, bands), *map(str, totals)]
