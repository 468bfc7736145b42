"""From the rows of a monthly extract to wide facts at every level, all treatment functions together included.

ICB and region are the commissioner's. NONC, non-English commissioners, stands apart (basis 'nonc') and is in
no published figure. Published totals (C_999) are not read: they are made here from their parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import repeat
from typing import Any

import numpy as np
import polars as pl

from ingest.extracts.monthly.cells import summed
from ingest.extracts.monthly.sums import Key, Month, Sums, combined
from ingest.extracts.organisations import NON_ENGLISH
from ingest.store.schema import ENGLAND, ENGLISH, MONTHLY, NONC, columns_of, commissioned_list, pathway_counts
from rtt.terms.parts import INCOMPLETE
from rtt.terms.waits import BAND_COLUMNS

_HEAD = tuple(name for name in columns_of(pathway_counts) if name not in BAND_COLUMNS)
FACT_COLUMNS = (*_HEAD, *BAND_COLUMNS)
COMMISSIONED_COLUMNS = columns_of(commissioned_list)
_BASES = (ENGLISH, NONC)
_THRESHOLDS = (18, 52, 65, 78, 104)

Row = tuple[Any, ...]
Level = tuple[str, Sequence[str], Sums]  # its name, the codes that the first key numbers, the sums


def monthly_facts(month: Month, places: pl.DataFrame, *, census_date: date) -> Iterator[Row]:
    """`pathway_counts` without `extract_id`, in the order of FACT_COLUMNS and of the table's key.

    `places` have commissioner, commissioner_parent, icb and region.
    """
    for level, codes, sums in sorted(_levels(month, places), key=lambda each: each[0]):
        organisation, part, function, basis = sums.sized
        # The published extract leaves out rows with nothing; so do the facts.
        both = sums.beside(sums.by(organisation, part, month.together(function), basis))
        yield from _rows(level, codes, month, both, census_date)


def _levels(month: Month, places: pl.DataFrame) -> Iterator[Level]:
    """The sums of each level by organisation, part, treatment function and basis."""
    provider, commissioner, parent, part, function = month.parts.sized
    yield "provider", month.names[0], month.parts.by(provider, part, function, _basis(month, commissioner))
    # Each wider level is added up from the one below, which has far fewer rows than the file.
    below = month.parts.by(commissioner, parent, part, function)
    commissioner, parent, part, function = below.sized
    basis = _basis(month, commissioner)
    yield "commissioner", month.names[1], below.by(commissioner, part, function, basis)
    yield "england", (ENGLAND,), below.by((np.zeros_like(part[0]), 1), part, function, basis)
    english = below.of_rows(np.flatnonzero(basis[0] == _BASES.index(ENGLISH)))
    commissioner, parent, part, function = english.sized
    nowhere = np.zeros_like(part[0]), len(_BASES)
    columns = ("commissioner", "commissioner_parent", "icb", "region")
    homes = {tuple(row[:2]): row[2:] for row in places.select(columns).iter_rows()}
    own = [
        homes[month.names[1][code], month.names[2][above]]
        for code, above in zip(commissioner[0].tolist(), parent[0].tolist(), strict=True)
    ]
    for level, at in (("icb", 0), ("region", 1)):
        codes, numbers = np.unique([home[at] for home in own], return_inverse=True)
        key = numbers.astype(np.int64), max(len(codes), 1)
        yield level, codes.tolist(), english.by(key, part, function, nowhere)


def _basis(month: Month, commissioner: Key) -> Key:
    is_abroad = np.array([name == NON_ENGLISH for name in month.names[1]], dtype=np.int64)
    return is_abroad[commissioner[0]], len(_BASES)


def _rows(level: str, codes: Sequence[str], month: Month, sums: Sums, census_date: date) -> Iterator[Row]:
    organisation, part, function, basis = (each.tolist() for each in sums.keys)
    open_band = len(sums.cells.bands) - 1
    between = sums.cells.between((0, *_THRESHOLDS)).astype(np.int64)
    # over[:, i]: from the i-th threshold on.
    over = between[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:]
    values: dict[str, Iterable[Any]] = {
        "source": repeat(MONTHLY),
        "census_date": repeat(census_date.isoformat()),
        "level": repeat(level),
        "organisation_code": [codes[at] for at in organisation],
        "part": [month.names[-2][at] for at in part],
        "treatment_function": [month.names[-1][at] for at in function],
        "basis": [_BASES[at] for at in basis],
        "total": sums.total.astype(np.int64).tolist(),  # Total All: "Total" is blank for part 2
        "unknown_clock_start": sums.unknown.astype(np.int64).tolist(),
        "within_18": between[:, 0].tolist(),
        **{
            f"over_{weeks}": over[:, at].tolist() if weeks <= open_band else repeat(None)
            for at, weeks in enumerate(_THRESHOLDS)
        },
    }
    # Sites, stages and priorities are those of tracking lists; a band that the month has not is zero.
    heads = (values.get(name, repeat("")) for name in _HEAD)
    absent = [repeat(0)] * (len(BAND_COLUMNS) - open_band - 1)
    return zip(*heads, *sums.cells.dense().T.tolist(), *absent, strict=False)


def commissioned_lists(month: Month) -> list[Row]:
    """`commissioned_list` without `extract_id`: English part 2 by provider, commissioner and function."""
    providers, commissioners, _, parts, functions = month.names
    _, commissioner, _, part, _ = month.parts.sized
    is_list = np.array([name == INCOMPLETE for name in parts])[part[0]]
    lists = month.parts.of_rows(
        np.flatnonzero(is_list & (_basis(month, commissioner)[0] == _BASES.index(ENGLISH)))
    )
    provider, commissioner, _, _, function = lists.sized
    between = lists.cells.between((0, 18, 52))
    counts = lists.total, between[:, 0], between[:, 2]
    each = combined((provider, function, commissioner)), *counts
    together, group = np.unique(
        combined((provider, month.together(function), commissioner)), return_inverse=True
    )
    sums = together, *(summed(group, count, len(together)) for count in counts)
    key, *values = (np.concatenate(pair) for pair in zip(each, sums, strict=True))
    order = np.argsort(key)
    order = order[values[0][order] != 0]
    sizes = provider[1], function[1], commissioner[1]
    columns: dict[str, Iterable[Any]] = {
        name: [names[at] for at in number.tolist()]
        for name, names, number in zip(
            ("provider_code", "treatment_function", "commissioner_code"),
            (providers, functions, commissioners),
            np.unravel_index(key[order], sizes),
            strict=True,
        )
    }
    for name, count in zip(("total", "within_18", "over_52"), values, strict=True):
        columns[name] = count[order].astype(np.int64).tolist()
    return list(zip(*(columns[name] for name in COMMISSIONED_COLUMNS), strict=True))
