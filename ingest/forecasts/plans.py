"""What it would take, worked out for every specialty of every organisation after a load, and kept.

In place of the plans before: they are arithmetic on what is held, not a record of what was said. Pages read
them, and the rates beside them, and answer questions of their own from these.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np
from sqlalchemy import Connection, Engine, delete, func, insert, select

from ingest.forecasts.lineage import lineage_of
from ingest.forecasts.monthly_inputs import newest_months
from ingest.forecasts.months_read import MonthsRead
from ingest.forecasts.plan_anchors import Key, days_around, issued_anchors, issued_days, shares_at
from ingest.forecasts.plan_needs import Asked, Needed, needed
from ingest.forecasts.plan_rows import packed, plain
from ingest.forecasts.planning_inputs import planning_inputs
from ingest.store import database, schema
from ingest.store.dataset import raise_version
from ingest.store.successions import successions_held
from rtt.measures.standards import every_standard
from rtt.planning.anchor import Anchor
from rtt.planning.held import held_as_now
from rtt.planning.lists import LEAST_MONTHS, Flows, known_flows, only, planned_at, summed
from rtt.planning.needs import HALF_LIVES
from rtt.planning.rates import Rates, chosen
from rtt.planning.record import kept as told
from rtt.planning.record import record
from rtt.planning.standing import Standing, queue_of, size_and_order_of_sum, standing
from rtt.planning.target import Target, usual_target
from rtt.terms.arrays import Floats, Ints
from rtt.terms.calendar import LONDON
from rtt.terms.possible_dates import last_census
from rtt.terms.sums import added_up
from rtt.terms.treatment_functions import TOTAL

LEVELS = ("provider", "icb", "region", "commissioner")
FEWEST = 20
"""Pathways: under these a list has no plan of its own."""
METHOD = "4"
"""Raised when the arithmetic changes, so that plans are worked out anew."""


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """The lists of a level with their rates at each half-life; `months` of flow that count."""

    name: str
    flows: Flows
    rates: tuple[Rates, ...]
    months: Ints


@dataclass(frozen=True, slots=True)
class Planned:
    """What was worked out; `new` is False where nothing had changed since."""

    census_date: date
    lists: int
    new: bool


def make_plans(engine: Engine, *, now: datetime, read: MonthsRead | None = None) -> Planned | None:
    """Work out every plan of the newest month; None where there are too few months for any.

    Nothing is done where months, forecast and method are those of the plans that are kept. `read`: what was
    read of months before.
    """
    until = last_census(now.astimezone(LONDON).date())
    with engine.connect() as connection:
        held = newest_months(connection, until)[-12:]
        if len(held) < 2:
            return None
        census = held[-1].census_date
        source = _made_from(connection, [row.id for row in held], census)
        kept = connection.execute(select(schema.plan_made.c.made_from)).scalar()
        if kept == source:
            lists = connection.execute(select(func.count()).select_from(schema.plan)).scalar_one()
            return Planned(census, lists, new=False)
        levels = _levels(connection, until, read or MonthsRead())
        baselines = shares_at(connection, _baseline_months(), lineage_of(connection, held))
        asked = {
            _target(each.name, key[0], census, baselines).due for each in levels for key in each.flows.keys
        }
        anchors = issued_anchors(connection, census, days_around(issued_days(connection, census), asked))
    rows = [row for level in levels for row in _rows(level, census, anchors, baselines)]
    made = {
        "census_date": census,
        "made_at": now,
        "made_from": source,
        "record": json.dumps(told(record(levels[0].flows))),
    }
    with database.writing(engine) as connection:
        connection.execute(delete(schema.plan))
        connection.execute(delete(schema.plan_made))
        connection.execute(insert(schema.plan_made).values(**made))
        database.insert_rows(connection, "plan", [column.name for column in schema.plan.columns], rows)
        raise_version(connection, kind=None)
    return Planned(census, len(rows), new=True)


def _made_from(connection: Connection, extracts: Sequence[int], census: date) -> str:
    c = schema.forecast.c
    issued = connection.execute(
        select(c.id).where(c.source == schema.MONTHLY, c.census_date == census, c.provider_code == "")
    ).scalar()
    facts = sorted(map(str, successions_held(connection).successions.facts))
    became = hashlib.sha256("\n".join(facts).encode()).hexdigest()[:16]
    return json.dumps([METHOD, issued, list(extracts), became])


def _baseline_months() -> list[date]:
    return sorted({each.baseline_month for each in every_standard() if each.baseline_month})


def _levels(connection: Connection, until: date, read: MonthsRead) -> list[_Level]:
    """Providers, ICBs, regions and commissioners; England last, the sum of the providers by specialty."""
    found = []
    for name in LEVELS:
        flows = planning_inputs(connection, name, until=until, read=read)
        if flows is None or not flows.keys:
            continue
        months = known_flows(flows).sum(axis=0)
        each = planned_at(flows, HALF_LIVES)
        if name == "provider":
            england = replace(
                summed(flows, flows.specialty),
                keys=tuple((schema.ENGLAND, code) for code in sorted({key[1] for key in flows.keys})),
            )
            every = np.full(len(england.keys), len(flows.months) - 1)
            england_level = _Level("england", england, tuple(one.specialties for one in each), every)
        found.append(_Level(name, flows, tuple(one.lists for one in each), months))
    return [*found, england_level] if found else []


def _rows(
    level: _Level,
    census: date,
    anchors: dict[Key, list[Anchor]],
    baselines: dict[tuple[str, str, date], float],
) -> list[tuple[object, ...]]:
    """The rows of the table: every specialty that waits, and every organisation as their sum."""
    waits = level.flows.lists[:, -1].sum(axis=-1) > 0
    flows, rates = only(level.flows, waits), tuple(chosen(of, np.flatnonzero(waits)) for of in level.rates)
    months = level.months[waits]
    codes = sorted({key[0] for key in flows.keys})
    of = np.array([codes.index(key[0]) for key in flows.keys], dtype=np.int64)
    targets = [_target(level.name, code, census, baselines) for code in codes]
    keys: list[Key] = [(level.name, key[0], key[1]) for key in flows.keys]
    told = months >= LEAST_MONTHS
    own = Asked(
        census,
        keys,
        [targets[at] for at in of],
        anchors,
        np.arange(len(keys)),
        told & (flows.lists[:, -1].sum(axis=-1) >= FEWEST),
    )
    sums = [(level.name, code, TOTAL) for code in codes]
    whole = Asked(census, sums, targets, anchors, of, added_up(told.astype(np.float64), of, len(codes)) > 0)
    waiting = flows.lists[:, -1]
    lists, as_now = _held(waiting, rates[0], own)
    kept = packed(waiting, rates)
    months_of = [int(months[of == at].max()) for at in range(len(codes))]
    stand, found = standing(flows, lists), needed(waiting, lists, as_now, (own, whole))
    each, together = (
        _figures(flows, lists, stand, asked, of_them)
        for asked, of_them in zip((own, whole), found, strict=True)
    )
    return [
        *((*key, int(n), *row, flow) for key, n, row, flow in zip(keys, months, each, kept, strict=True)),
        *((*key, n, *row, None) for key, n, row in zip(sums, months_of, together, strict=True)),
    ]


def _held(waiting: Floats, rates: Rates, asked: Asked) -> tuple[Rates, Floats]:
    """The rates, of those lists held that would be carried away before the day they are asked for; and the
    lists (units, 105) of that day, going on as now.
    """
    flags, as_now = np.zeros(len(waiting), dtype=bool), np.empty_like(waiting)
    for due in sorted({each.due for each in asked.targets}):
        units = np.array([each.due == due for each in asked.targets])
        found, as_now[units] = held_as_now(waiting[units], chosen(rates, units), asked.census, due)
        flags[units] = found.held
    return replace(rates, held=flags), as_now


def _target(level: str, code: str, census: date, baselines: dict[tuple[str, str, date], float]) -> Target:
    return usual_target(level, census, lambda month: baselines.get((level, code, month)))


def _figures(
    flows: Flows, rates: Rates, stand: Standing, asked: Asked, need: Needed
) -> list[tuple[object, ...]]:
    """Each sum of lists as the columns of the table after `months`."""
    of, n = asked.of, len(asked.keys)
    waiting = flows.lists[:, -1]
    total, within, over = (
        asked.added(values)
        for values in (waiting.sum(axis=-1), waiting[:, :18].sum(axis=-1), waiting[:, 52:].sum(axis=-1))
    )
    alone = n == len(flows.keys)
    queue = stand.queue if alone else queue_of(summed(flows, of))
    parts = [size_and_order_of_sum(waiting, each, of, n) for each in (stand.kept_13, stand.kept_4)]
    (order_13, size_13, largest_13), (order_4, size_4, largest_4) = parts
    figures = [
        asked.added(rates.starts), asked.added(rates.stops), need.longest_first, need.todays_order,
        need.likely, need.alone,
        order_13, size_13, order_4, size_4, largest_13, largest_4,
        asked.added(stand.steady.bands.sum(axis=-1)), asked.added(stand.steady.stops),
        queue.load, queue.load_reported, queue.mean_weeks, queue.pressure, queue.target_list,
        queue.departures_needed,
    ]  # fmt: skip
    columns = [plain(np.where(asked.enough, each, np.nan)) for each in figures]
    return [
        (int(total[at]), int(within[at]), int(over[at]), 100 * target.share, target.due,
         *(column[at] for column in columns))
        for at, target in enumerate(asked.targets)
    ]  # fmt: skip
