"""The organisations that the rows of a monthly extract name: their parents, and their rows of `organisation`.

Who an organisation is stands in `organisations`, which pages need too: this needs polars, which none does.
"""

from datetime import date

import polars as pl

from ingest.extracts.organisations import (
    DIRECT,
    NON_ENGLISH,
    UNKNOWN_REGION,
    icb_name,
    kind_of,
    name_of,
    region_names,
    region_of,
)
from ingest.files.problems import Problem, note
from ingest.store.schema import ENGLAND
from rtt.terms.wording import list_text


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
            ("icb", code, icb_name(code, name), region, regions.get(region, region), "")
            for code, name, region in icbs
        ),
        *(
            ("provider", code, name_of(code, name), parent, name_of(parent, parent_name), kind_of(code, on))
            for code, name, parent, parent_name in providers
        ),
        *(
            ("commissioner", code, name_of(code, name), icb, icb_name(icb, parent_name), "")
            for code, name, icb, parent_name in commissioners
        ),
    ]


def _one_each(table: pl.DataFrame, code: str, *columns: str) -> list[tuple[str, ...]]:
    """One row for each code, in their order: the last spelling where a file has two."""
    return table.group_by(code).agg(pl.col(columns).last()).sort(code).rows()
