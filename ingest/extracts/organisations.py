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

import polars as pl

from ingest.files.problems import Problem, note
from ingest.store.schema import ENGLAND, columns_of, organisation
from rtt.terms.text_edges import name_or
from rtt.terms.wording import list_text

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


def places_of(table: pl.DataFrame) -> pl.DataFrame:
    """The providers and commissioners of an extract as its rows name them, each set of names once."""
    names = [name for name in table.columns if name.startswith(("provider", "commissioner"))]
    # A file is sorted by them: one row in thirteen differs from that above it, and only those are hashed.
    begins = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift()) for name in names)
    return table.select(names).filter(table.select(begins).to_series()).unique(maintain_order=True)


def with_parents(places: pl.DataFrame, on: date) -> pl.DataFrame:
    """`places` with `icb` and `region`, made from `commissioner` and `commissioner_parent`."""
    parent = pl.col("commissioner_parent")
    icb = pl.when(parent == "").then(pl.lit(DIRECT)).otherwise(parent)
    places = places.with_columns(
        icb=pl.when(pl.col("commissioner") == NON_ENGLISH).then(pl.lit("")).otherwise(icb)
    )
    regions = {code: region_of(code, on) for code in places["icb"].unique().to_list()}
    return places.with_columns(region=pl.col("icb").replace_strict(regions))


def unknown_regions(file: str, places: pl.DataFrame) -> list[Problem]:
    unknown = sorted(set(places.filter(pl.col("region") == UNKNOWN_REGION)["icb"].unique()) - {""})
    whose = "its" if len(unknown) == 1 else "their"
    said = f"The region of {list_text(unknown)} is not known: {whose} figures are under {UNKNOWN_REGION!r}."
    return [note(file, said, field="Commissioner Parent Org Code")] if unknown else []


def organisations(places: pl.DataFrame, on: date) -> list[tuple[str, ...]]:
    """Rows of `organisation`, in the order of ORGANISATION_COLUMNS, for everyone in an extract.

    `places` with their parents.
    """
    english = places.filter(pl.col("icb") != "")
    icbs = _one_each(english, "icb", "commissioner_parent_name", "region")
    regions = region_names()
    providers = _one_each(places, "provider", "provider_name", "provider_parent", "provider_parent_name")
    commissioners = _one_each(places, "commissioner", "commissioner_name", "icb", "commissioner_parent_name")
    return [
        ("england", ENGLAND, "England", "", "", ""),
        *(
            ("region", code, regions.get(code, code), ENGLAND, "England", "")
            for code in sorted(set(english["region"]))
        ),
        *(
            ("icb", code, _icb_name(code, name), region, regions.get(region, region), "")
            for code, name, region in icbs
        ),
        *(
            ("provider", code, _name(code, name), parent, _name(parent, parent_name), kind_of(code, on))
            for code, name, parent, parent_name in providers
        ),
        *(
            ("commissioner", code, _name(code, name), icb, _icb_name(icb, parent_name), "")
            for code, name, icb, parent_name in commissioners
        ),
    ]


def _icb_name(code: str, name: str) -> str:
    return DIRECT_NAME if code == DIRECT else _name(code, name)


def _name(code: str, published: str) -> str:
    # Names of NONC and of the regions are blank in most months and '#N/A' in January 2026.
    if code == NON_ENGLISH:
        return NON_ENGLISH_NAME
    name = name_or(published, "")
    return region_names().get(code, code) if name.upper() in NO_NAME else name


def _one_each(table: pl.DataFrame, code: str, *columns: str) -> list[tuple[str, ...]]:
    """One row for each code, in their order: the last spelling where a file has two."""
    return table.group_by(code).agg(pl.col(columns).last()).sort(code).rows()
