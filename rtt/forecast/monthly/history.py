"""What a forecast is made from: the monthly lists of many units, and England's long published series.

A unit is an organisation, or one treatment function of one organisation (of a provider: a cell). Whatever a
forecast may know comes through `until`, so a later month cannot leak into an earlier origin.
"""

from dataclasses import dataclass, fields, replace
from datetime import date

import numpy as np

from rtt.measures.percentiles import percentiles_weeks
from rtt.terms.arrays import Bools, Floats, Ints
from rtt.terms.sums import added_up
from rtt.terms.waits import over, within

# A list that moves by more than this in one month (as a change of its logarithm) has merged, split or lost
# a return; it says nothing about how patients move. Source: methods 9.2 b.
JUMP = 0.15
PERCENTILES = (0.5, 0.92)
# Kinds of provider, whose errors differ in shape: independent ones are small and open and close contracts.
NHS, INDEPENDENT = 0, 1


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Consecutive month ends, oldest first, of many units; `reported` is False where no return was made."""

    months: tuple[date, ...]
    keys: tuple[tuple[str, ...], ...]
    bands: Floats  # (units, months, 105): incomplete pathways by week band
    starts: Floats  # (units, months): clock starts in the month
    stops: Floats  # (units, months): completed pathways in the month, admitted and not
    reported: Bools  # (units, months)
    provider: Ints  # (units,): index of the provider, or of the region, ICB or commissioner
    treatment_function: Ints  # (units,): index of the treatment function
    kind: Ints  # (units,): NHS or INDEPENDENT; NHS where no provider owns the unit


@dataclass(frozen=True, slots=True, eq=False)
class EnglandSeries:
    """England's published incomplete pathways, consecutive month ends, oldest first; nan if not published."""

    months: tuple[date, ...]
    total: Floats
    share_within_18: Floats  # per cent
    over_52: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Measures:
    """The measures of a history, each (units, months); nan where no return was made or the list is 0.

    The percentiles are in weeks, nan too where they are not computed or lie in the open band.
    """

    total: Floats
    share_within_18: Floats  # per cent
    over_52: Floats
    over_18: Floats
    median: Floats
    percentile_92: Floats


@dataclass(frozen=True, slots=True)
class Level:
    """How units of one kind are fitted.

    `smallest` list at the origin that is forecast; `penalty` of the ridge in rows; `size_classes` the lower
    edges of the classes whose errors are pooled; `by_specialty`: survival shrinks through the treatment
    function and the provider before the unit's own (cells), rather than straight to England (providers).
    `organisations`: the level of organisation that its units, or the owners of its units, are. `few`: so few
    units that most of an error is shared by all of them. `by_kind`: errors are pooled by kind of provider.
    `to_be_proven`: skill is claimed only where past errors show it beyond chance.
    `grows_apart`: units move so much by themselves that even a short history shows how errors grow with the
    horizon.
    """

    name: str
    smallest: int
    penalty: float
    size_classes: tuple[int, ...]
    by_specialty: bool
    organisations: str
    few: bool = False
    by_kind: bool = False
    to_be_proven: bool = False
    grows_apart: bool = True


# Source of the thresholds and penalties: methods 9.2.
ENGLAND = Level("england", 1, 300.0, (0,), False, "england", few=True, grows_apart=False)
PROVIDERS = Level("provider", 5001, 300.0, (0, 5001), False, "provider", by_kind=True)
CELL_SIZES = (0, 50, 100, 200, 500, 1000, 2000, 5000)
CELLS = Level("cell", 200, 3000.0, CELL_SIZES, True, "provider", by_kind=True)


def _commissioned(organisations: str) -> tuple[Level, Level]:
    whole, parts = (
        replace(level, organisations=organisations, by_kind=False, to_be_proven=True)
        for level in (PROVIDERS, CELLS)
    )
    few = organisations == "region"
    return (
        replace(whole, name=organisations, few=few, grows_apart=False),
        replace(parts, name=f"{organisations} tf"),
    )


# Fitted as providers and cells are, each with errors of its own: the organisations of a level, all their
# treatment functions together, and each treatment function of each ("tf").
COMMISSIONED = tuple(map(_commissioned, ("region", "icb", "commissioner")))


def until(history: History, origin: int) -> History:
    """The history as it stood at month index `origin`, that month included."""
    end = origin + 1
    return replace(
        history,
        months=history.months[:end],
        bands=history.bands[:, :end],
        starts=history.starts[:, :end],
        stops=history.stops[:, :end],
        reported=history.reported[:, :end],
    )


def england_until(series: EnglandSeries, census_date: date) -> EnglandSeries:
    """England's series up to and including `census_date`. Raises ValueError if that month is not in it."""
    if census_date not in series.months:
        raise ValueError(f"England's series has no month {census_date}")
    end = series.months.index(census_date) + 1
    return EnglandSeries(*(getattr(series, field.name)[:end] for field in fields(EnglandSeries)))


def carried_on(series: EnglandSeries, history: History) -> EnglandSeries:
    """England's published series carried on with the sum of `history` for the months it does not hold.

    Months of the history must follow the last published one without a gap; the sum of the extracts equals
    the published series, so the two join without a step.
    """
    later = [i for i, month in enumerate(history.months) if month > series.months[-1]]
    bands = history.bands[:, later].sum(axis=0)
    total = bands.sum(axis=-1)
    share = 100 * within(bands, 18) / total
    return EnglandSeries(
        series.months + tuple(history.months[i] for i in later),
        np.concatenate([series.total, total]),
        np.concatenate([series.share_within_18, share]),
        np.concatenate([series.over_52, over(bands, 52)]),
    )


def rolled_up(history: History, by: Ints, keys: tuple[tuple[str, ...], ...]) -> History:
    """The sums of the units that share an index in `by` (units,), as units `keys`: providers from cells.

    A sum is reported where any part of it is. Each new unit counts as its own provider, of the kind of its
    parts; of parts of both kinds as NHS.
    """
    n = len(keys)
    kind = np.full(n, INDEPENDENT, dtype=np.int64)
    np.minimum.at(kind, by, history.kind)

    def summed(values: Floats) -> Floats:
        return added_up(values, by, n)

    reported = summed(history.reported.astype(np.float64)) > 0
    return History(
        history.months,
        keys,
        summed(history.bands),
        summed(history.starts),
        summed(history.stops),
        reported,
        np.arange(n),
        np.zeros(n, dtype=np.int64),
        kind,
    )


def measures_until(now: Measures, origin: int) -> Measures:
    """`measures(until(history, origin))` from `measures(history)`: each month's figures are its own."""
    parts = (getattr(now, field.name)[:, : origin + 1] for field in fields(Measures))
    return Measures(*parts)


def measures(history: History) -> Measures:
    total = lists(history)
    known = np.isfinite(total)
    over_18 = np.where(known, over(history.bands, 18), np.nan)
    over_52 = np.where(known, over(history.bands, 52), np.nan)
    median, high = (np.where(known, weeks, np.nan) for weeks in weeks_at(history.bands))
    return Measures(total, 100 * (1 - over_18 / total), over_52, over_18, median, high)


def lists(history: History) -> Floats:
    """The size of every list, (units, months); nan where no return was made or the list is 0."""
    total = np.where(history.reported, history.bands.sum(axis=-1), np.nan)
    return np.where(total > 0, total, np.nan)


def weeks_at(bands: Floats) -> list[Floats]:
    """`PERCENTILES` in weeks, each (...,), of bands (..., 105), nan where there is no number of its own."""
    found = percentiles_weeks(bands, PERCENTILES)
    return [np.where(np.isfinite(weeks), weeks, np.nan) for weeks in found]


def jumps(total: Floats) -> Bools:
    """Whether the list jumped, or lacks a return, between month m and m + 1: (units, months - 1)."""
    change = np.abs(np.diff(np.log(total), axis=1))
    return ~(change <= JUMP)
