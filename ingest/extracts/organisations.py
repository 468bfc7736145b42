"""Who an organisation is: the region of an ICB and the kind of a provider, from dated tables in the package.

Names and parents come from each extract itself, as they were that month. Nothing here counts pathways.
"""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from ingest.store.schema import columns_of, organisation
from rtt.terms.text_edges import name_or

# The commissioner parent is blank for the hubs and regions of NHS England that commission themselves.
NON_ENGLISH = "NONC"
DIRECT = "-"
DIRECT_NAME = "NHS England (direct commissioning)"
NON_ENGLISH_NAME = "Non-English commissioners"
UNKNOWN_REGION, UNKNOWN_REGION_NAME = "unknown", "Region not known"
NO_NAME = ("", "#N/A", "N/A", "NA", "NULL", "-")

ORGANISATION_COLUMNS = columns_of(organisation)


@dataclass(frozen=True, slots=True)
class _Entry:
    value: str
    name: str
    valid_from: date
    valid_to: date


@cache
def _table(file: str, code: str, value: str) -> dict[str, list[_Entry]]:
    text = resources.files("ingest").joinpath("reference", file).read_text(encoding="utf-8")
    entries: dict[str, list[_Entry]] = {}
    for row in csv.DictReader(text.splitlines()):
        entry = _Entry(
            row[value],
            row.get("region_name", ""),
            date.fromisoformat(row["valid_from"] or "0001-01-01"),
            date.fromisoformat(row["valid_to"] or "9999-12-31"),
        )
        entries.setdefault(row[code], []).append(entry)
    return entries


def _on(entries: Iterable[_Entry], day: date) -> _Entry | None:
    return next((entry for entry in entries if entry.valid_from <= day <= entry.valid_to), None)


def region_names() -> dict[str, str]:
    """The name of each region in the table, and of what stands for none."""
    regions = {
        entry.value: entry.name
        for entries in _table("icb_regions.csv", "icb_code", "region_code").values()
        for entry in entries
    }
    return regions | {DIRECT: DIRECT_NAME, UNKNOWN_REGION: UNKNOWN_REGION_NAME}


def region_of(icb: str, on: date) -> str:
    """The region code of an ICB on a day. Regions were the commissioners' parents before April 2020."""
    if icb in region_names():
        return icb
    entries = _table("icb_regions.csv", "icb_code", "region_code").get(icb, [])
    # Until June 2022 the codes of today's ICBs were those of the STPs before them, in the same regions.
    entry = _on(entries, on) or next((each for each in entries if on < each.valid_from), None)
    return entry.value if entry else UNKNOWN_REGION


def kind_of(provider: str, on: date) -> str:
    """'nhs', 'independent' or 'unknown'. A trust's code has three characters and begins with R."""
    # Independent providers have codes such as NT447; some of three characters (NWX) do not begin with R.
    if re.fullmatch(r"R[0-9A-Z]{2}", provider):
        return "nhs"
    entry = _on(_table("provider_kinds.csv", "provider_code", "kind").get(provider, ()), on)
    return entry.value if entry else "unknown"


def icb_name(code: str, name: str) -> str:
    return DIRECT_NAME if code == DIRECT else name_of(code, name)


def name_of(code: str, published: str) -> str:
    # Names of NONC and of the regions are blank in most months and '#N/A' in January 2026.
    if code == NON_ENGLISH:
        return NON_ENGLISH_NAME
    name = name_or(published, "")
    return region_names().get(code, code) if name.upper() in NO_NAME else name
