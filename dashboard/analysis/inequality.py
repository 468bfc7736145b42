"""Waits by deprivation fifth, ethnic group, sex and age band of a PTL, raw and standardised for specialty and
priority, as a reader may see them.

Small numbers: each table is a list cut into its groups, at 18 and 52 weeks, and goes through the rules of
every such table (`rtt.disclosure.limits`). Readers without access see whole lists alone: a part beside the
whole would tell the rest. So each list of a group of trusts is judged by itself, and without what a service
lead sees anyway. What needs more than counts is rounded for them, and shown for 100 and more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection

from dashboard.scope.scope import Scope
from dashboard.settings.areas import areas_hold
from dashboard.store.groups_waiting import GROUPINGS, WantedGroups, waiting_by
from ingest.store.schema import WEEKLY
from rtt.benchmark.between_groups import Beside, beside_the_whole
from rtt.disclosure.limits import limits_of
from rtt.disclosure.small_numbers import Mask, rate_withheld
from rtt.measures.percentiles import percentile_weeks
from rtt.terms.arrays import Floats
from rtt.terms.waits import BANDS

NOT_KNOWN = ""
FEWEST_DERIVED = 100
"""Of a group, for an expected share or a median to be shown to readers without access."""
NAMES: Mapping[str, Mapping[str, str]] = {
    "deprivation": {
        "1": "Most deprived fifth",
        "2": "Second",
        "3": "Third",
        "4": "Fourth",
        "5": "Least deprived fifth",
    },
    "ethnicity": {
        "asian": "Asian",
        "black": "Black",
        "mixed": "Mixed",
        "white": "White",
        "other": "Other ethnic groups",
    },
    "sex": {"female": "Female", "male": "Male", "other": "Other"},
    "age_band": {each: each for each in ("0-17", "18-34", "35-49", "50-64", "65-74", "75-84", "85+")},
}
_ORDER = (2, 3, 1)  # 18 weeks first, then 52, then unknown clock starts


@dataclass(frozen=True, slots=True, eq=False)
class Grouped:
    """One grouping of a list: arrays by group, those not known last. `hidden` where a count may not be shown.

    within_18 is a share of those with a known clock start, over_52 of all. derived: whether what needs more
    than counts is shown.
    """

    grouping: str
    groups: tuple[str, ...]
    listed: Floats
    counts: Floats  # (group, 4): unknown clock start, up to 18 weeks, up to 52, over 52
    within_18: Beside
    over_52: Beside
    median: Floats
    hidden_listed: Mask
    hidden_within: Mask
    hidden_over: Mask
    derived: Mask
    rounded: bool

    @property
    def not_known(self) -> float:
        """The share of pathways whose group is not known."""
        return float(self.listed[-1] / self.listed.sum()) if self.listed.sum() else 0.0


def inequality(connection: Connection, scope: Scope) -> list[Grouped] | None:
    """The groupings that the list has; None where the reader may not be told of this part of it. At most four
    statements.
    """
    if scope.conceals and not scope.is_whole:
        return None
    if scope.source != WEEKLY or scope.census is None:
        return []
    asked = WantedGroups(scope.codes, scope.census, scope.functions, scope.filters.site)
    found = [_grouped(scope, each, waiting_by(connection, asked, each)) for each in GROUPINGS]
    return [each for each in found if each is not None]


def _grouped(scope: Scope, grouping: str, rows: Sequence[Any]) -> Grouped | None:
    fifths = _to_fifths([row[0] for row in rows]) if grouping == "deprivation" else {}
    named = [(fifths.get(group, group), *rest) for group, *rest in rows]
    known = tuple(name for name in NAMES[grouping] if any(row[0] == name for row in named))
    if not known:
        return None
    groups = (*known, NOT_KNOWN)
    bands = _bands(named, groups)
    started = bands[..., :BANDS]
    within, over = started[..., :18].sum(axis=-1), started[..., 52:].sum(axis=-1)
    counts = _counts(bands)
    rests = [_counts(_bands(rows, groups)) for rows in _judged(scope, named)]
    seen = (
        np.logical_and.reduce([_seen(rest) for rest in rests]) if rests else np.ones((len(groups), 5), bool)
    )
    listed = counts.sum(axis=1)
    hidden_within = ~(seen[:, 0] & seen[:, 1] & seen[:, 2] & seen[:, 4])
    derived = listed > 0
    if scope.conceals:
        hidden_within |= rate_withheld(counts[:, 1], counts[:, 1:].sum(axis=1))
        derived = (listed >= FEWEST_DERIVED) & ~hidden_within & (not scope.is_known_in_part)
    for size in (rest.sum(axis=1) for rest in rests):
        derived &= (size == 0) | (size >= FEWEST_DERIVED)
    return Grouped(
        grouping=grouping,
        groups=groups,
        listed=listed,
        counts=counts,
        within_18=beside_the_whole(within, started.sum(axis=-1)),
        over_52=beside_the_whole(over, bands.sum(axis=-1)),
        median=percentile_weeks(started.sum(axis=1), 0.5, open_band=scope.open_band),
        hidden_listed=~(seen[:, 0] & seen[:, 4]),
        hidden_within=hidden_within,
        hidden_over=~(seen[:, 0] & seen[:, 3] & seen[:, 4]),
        derived=derived,
        rounded=scope.conceals,
    )


def _judged(scope: Scope, rows: Sequence[Any]) -> list[list[Any]]:
    """What no small number may be told of: each list, less the pathways that the reader may see anyway."""
    if not scope.conceals:
        return []
    each = {code: scope.areas_in(code) for code in scope.codes}
    rest = [row for row in rows if not areas_hold(each.get(row[4], ()), (row[1],), row[5])]
    return [[row for row in rest if row[4] == code] for code in scope.codes]


def _bands(rows: Sequence[Any], groups: Sequence[str]) -> Floats:
    """(group, stratum, 106): the week bands, then unknown clock starts; a stratum: specialty and priority."""
    at_stratum = {name: at for at, name in enumerate(sorted({(row[1], row[2]) for row in rows}))}
    place = {name: at for at, name in enumerate(groups)}
    bands = np.zeros((len(groups), len(at_stratum), BANDS + 1))
    for group, function, priority, band, _, _, number in rows:
        where = place.get(group, place[NOT_KNOWN]), at_stratum[function, priority]
        bands[(*where, BANDS if band is None else band)] += number
    return bands


def _counts(bands: Floats) -> Floats:
    """(group, 4): unknown clock start, up to 18 weeks, up to 52, over 52."""
    edges = ((BANDS, BANDS + 1), (0, 18), (18, 52), (52, BANDS))
    return np.stack([bands[..., first:after].sum(axis=(1, 2)) for first, after in edges], axis=-1)


def _seen(counts: Floats) -> Mask:
    """Which of the five limits (two ends among them) may be seen of each group."""
    limits = limits_of(counts[None], _ORDER)
    return np.stack([limits.seen(np.arange(len(counts)) == at)[0] for at in range(len(counts))])


def _to_fifths(groups: Sequence[str]) -> dict[str, str]:
    """Fifths of a list that has tenths: 1 and 2 are the most deprived. A list of fifths has none over 5."""
    numbers = {int(each) for each in groups if each}
    return {str(each): str((each + 1) // 2) for each in numbers} if numbers and max(numbers) > 5 else {}
