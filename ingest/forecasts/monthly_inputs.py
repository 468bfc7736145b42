"""What forecasts are made from, read from the facts: every cell of the newest months, and England.

English pathways only, as every published figure, of organisations as they are now; treatment functions apart,
since C_999 is their sum. Regions, ICBs and commissioners are on the commissioner's basis, as their facts are
stored. The months are those that end with the newest census without a gap: a forecast across a missing month
would call two months' change one. Nothing is forecast here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from sqlalchemy import Connection, func, select

from ingest.extracts.monthly.compositions import partial_beside_whole
from ingest.extracts.organisations import kind_of
from ingest.forecasts.months_read import LISTS, STARTS, STOPS, MonthsRead
from ingest.store.schema import MONTHLY, PUBLISHED, extract, load, published
from rtt.forecast.monthly.history import (
    CELLS,
    COMMISSIONED,
    ENGLAND,
    INDEPENDENT,
    NHS,
    PROVIDERS,
    EnglandSeries,
    History,
    Level,
    carried_on,
    rolled_up,
)
from rtt.terms.arrays import Ints
from rtt.terms.calendar import add_months
from rtt.terms.treatment_functions import TOTAL
from rtt.terms.waits import OPEN_BAND, over, within

# Two years of record, the year before them for trends, and the six months until the last of them is scored.
MOST_MONTHS = 42
SERIES = ("incomplete.total", "incomplete.share_within_18", "incomplete.over_52")


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """The histories by level, England's series, and the extract of the newest month they were read from.

    `histories` are of England, providers and cells; `commissioned` those of
    `rtt.forecast.monthly.history.COMMISSIONED`.
    """

    histories: tuple[tuple[Level, History], ...]
    commissioned: tuple[tuple[Level, History], ...]
    england: EnglandSeries
    revision: int
    file_name: str

    @property
    def census_date(self) -> date:
        """The origin: the newest month."""
        return self.histories[0][1].months[-1]

    @property
    def providers(self) -> History:
        return dict(self.histories)[PROVIDERS]

    @property
    def cells(self) -> History:
        return dict(self.histories)[CELLS]

    @property
    def levels(self) -> tuple[tuple[Level, History], ...]:
        """Every level that is forecast."""
        return (*self.histories, *self.commissioned)


def monthly_inputs(
    connection: Connection, *, until: date | None = None, then: bool = False, read: MonthsRead | None = None
) -> Inputs | None:
    """Everything a monthly forecast may know; None where no month with bands up to 104 weeks is held.

    `until`: months after it, dated by mistake, are as if they were not held. `then`: organisations as each
    month had them, for a back-test, which knows no later merger. `read`: what was read of months before.
    """
    read = read or MonthsRead()
    held = newest_months(connection, until)
    if not held:
        return None
    cells = _cells(connection, held, PROVIDERS.organisations, read, then=then)
    providers = _organisations(cells)
    whole = rolled_up(providers, np.zeros(len(providers.keys), dtype=np.int64), (("", TOTAL),))
    newest = held[-1]
    return Inputs(
        histories=((ENGLAND, whole), (PROVIDERS, providers), (CELLS, cells)),
        commissioned=tuple(
            each for levels in COMMISSIONED for each in _both(connection, held, *levels, read, then=then)
        ),
        england=_england(connection, whole),
        revision=newest.revision,
        file_name=newest.file_name,
    )


def _both(
    connection: Connection, held: Sequence[Any], whole: Level, parts: Level, read: MonthsRead, *, then: bool
) -> tuple[tuple[Level, History], tuple[Level, History]]:
    """The organisations of a level, and each of their treatment functions."""
    cells = _cells(connection, held, whole.organisations, read, then=then)
    return (whole, _organisations(cells)), (parts, cells)


def _organisations(cells: History) -> History:
    """The organisations whose treatment functions `cells` are."""
    names = sorted({key[0] for key in cells.keys})
    return rolled_up(cells, cells.provider, tuple((name, TOTAL) for name in names))


def newest_months(connection: Connection, until: date | None) -> list[Any]:
    """The extracts of the whole months that end with the newest one without a gap, oldest first."""
    rows = connection.execute(
        select(
            extract.c.id,
            extract.c.load_id,
            extract.c.census_date,
            extract.c.revision,
            extract.c.open_band,
            load.c.file_name,
        )
        .join(load, load.c.id == extract.c.load_id)
        .where(extract.c.source == MONTHLY, *([extract.c.census_date <= until] if until else []))
        .order_by(extract.c.census_date.desc())
    ).all()
    partial = partial_beside_whole(connection)
    run: list[Any] = []
    for row in (each for each in rows if each.census_date not in partial):
        follows = not run or add_months(row.census_date, 1) == run[-1].census_date
        if not follows or row.open_band < OPEN_BAND or len(run) == MOST_MONTHS:
            break
        run.append(row)
    return run[::-1]


def _cells(
    connection: Connection, held: Sequence[Any], level: str, read: MonthsRead, *, then: bool
) -> History:
    """Every organisation of a level x treatment function that was in any of the months."""
    months = tuple(row.census_date for row in held)
    keys, (bands, starts, stops) = read.cells(connection, held, level, (LISTS, STARTS, STOPS), then=then)
    provider, function = (np.unique([key[i] for key in keys], return_inverse=True)[1] for i in (0, 1))
    return History(
        months=months,
        keys=tuple(keys),
        bands=bands,
        starts=starts[..., 0],
        stops=stops[..., 0],
        reported=bands.sum(axis=2) > 0,
        provider=provider,
        treatment_function=function,
        kind=_kinds([key[0] for key in keys], months[-1], level),
    )


def _kinds(organisations: Sequence[str], on: date, level: str) -> Ints:
    if level != PROVIDERS.organisations:
        return np.full(len(organisations), NHS)
    # A provider of unknown kind has no trust's code, so it is small and new, as independent ones are.
    kinds = {code: NHS if kind_of(code, on) == "nhs" else INDEPENDENT for code in set(organisations)}
    return np.array([kinds[code] for code in organisations], dtype=np.int64)


def _england(connection: Connection, whole: History) -> EnglandSeries:
    """England's published series carried on with our sums; our sums alone where none joins them."""
    found = {m: values for m, values in _published(connection).items() if m <= whole.months[-1]}
    run = [max(found)] if found else []
    while run and add_months(run[-1], -1) in found:
        run.append(add_months(run[-1], -1))
    if not run or run[0] < add_months(whole.months[0], -1):
        return _own_sums(whole)
    values = np.array([found[month] for month in reversed(run)])
    series = EnglandSeries(tuple(reversed(run)), values[:, 0], 100 * values[:, 1], values[:, 2])
    return carried_on(series, whole)


def _own_sums(whole: History) -> EnglandSeries:
    bands = whole.bands[0]
    total = bands.sum(axis=1)
    return EnglandSeries(whole.months, total, 100 * within(bands, 18) / total, over(bands, 52).astype(float))


def _published(connection: Connection) -> dict[date, tuple[float, ...]]:
    """Month -> list, share within 18 weeks and over 52, in the words of the newest publication of each."""
    newest = (
        select(published.c.month, func.max(extract.c.census_date).label("vintage"))
        .join(extract, extract.c.id == published.c.extract_id)
        .where(extract.c.source == PUBLISHED, published.c.measure == SERIES[0])
        .group_by(published.c.month)
        .subquery()
    )
    rows = connection.execute(
        select(published.c.month, published.c.measure, published.c.value)
        .join(extract, extract.c.id == published.c.extract_id)
        .join(newest, (newest.c.month == published.c.month) & (newest.c.vintage == extract.c.census_date))
        .where(published.c.measure.in_(SERIES), published.c.value.is_not(None))
    )
    found: dict[date, dict[str, float]] = {}
    for month, measure, value in rows:
        found.setdefault(month, {})[measure] = value
    return {m: tuple(of[name] for name in SERIES) for m, of in found.items() if len(of) == len(SERIES)}
