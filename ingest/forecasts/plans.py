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
from ingest.forecasts.plan_anchors import Key, issued_anchors, issued_days, shares_at
from ingest.forecasts.plan_rows import packed, plain
from ingest.forecasts.planning_inputs import planning_inputs
from ingest.store import database, schema
from ingest.store.dataset import raise_version
from ingest.store.successions import successions_held
from rtt.measures.standards import every_standard
from rtt.planning.anchor import Anchor, anchor_at, figures_of
from rtt.planning.chance import chance
from rtt.planning.held import held
from rtt.planning.lists import LEAST_MONTHS, Flows, known_flows, only, planned, summed
from rtt.planning.needs import HALF_LIVES
from rtt.planning.projection import AS_NOW, Scenario, projected, shares
from rtt.planning.rates import Rates, chosen
from rtt.planning.record import kept as told
from rtt.planning.record import record
from rtt.planning.search import Goal, fraction_of_sums
from rtt.planning.standing import queue_of, size_and_order_of_sum, standing
from rtt.planning.target import Target, usual_target
from rtt.terms.arrays import Bools, Floats, Ints
from rtt.terms.calendar import LONDON
from rtt.terms.possible_dates import last_census
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


def make_plans(engine: Engine, *, now: datetime) -> Planned | None:
    """Work out every plan of the newest month; None where there are too few months for any.

    Nothing is done where months, forecast and method are those of the plans that are kept.
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
        levels = _levels(connection, until)
        anchors = issued_anchors(connection, census, issued_days(connection, census))
        baselines = shares_at(connection, _baseline_months(), lineage_of(connection, held))
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


def _levels(connection: Connection, until: date) -> list[_Level]:
    """Providers, ICBs, regions and commissioners; England last, the sum of the providers by specialty."""
    found = []
    for name in LEVELS:
        flows = planning_inputs(connection, name, until=until)
        if flows is None or not flows.keys:
            continue
        months = known_flows(flows).sum(axis=0)
        each = [planned(flows, half_life=half_life) for half_life in HALF_LIVES]
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
    own = _Asked(
        census,
        keys,
        [targets[at] for at in of],
        anchors,
        np.arange(len(keys)),
        told & (flows.lists[:, -1].sum(axis=-1) >= FEWEST),
    )
    sums = [(level.name, code, TOTAL) for code in codes]
    whole = _Asked(census, sums, targets, anchors, of, own.added(told.astype(np.float64), of) > 0)
    lists = _held(flows.lists[:, -1], rates[0], own)
    kept = packed(flows.lists[:, -1], rates)
    months_of = [int(months[of == at].max()) for at in range(len(codes))]
    each, together = (_figures(flows, lists, asked) for asked in (own, whole))
    return [
        *((*key, int(n), *row, flow) for key, n, row, flow in zip(keys, months, each, kept, strict=True)),
        *((*key, n, *row, None) for key, n, row in zip(sums, months_of, together, strict=True)),
    ]


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """Sums of lists and what is asked of each: `of` says which sum a list belongs to, `enough` of which sums
    enough is known for a plan.
    """

    census: date
    keys: Sequence[Key]
    targets: Sequence[Target]
    anchors: dict[Key, list[Anchor]]
    of: Ints
    enough: Bools

    def added(self, values: Floats, of: Ints | None = None) -> Floats:
        """Values of lists (units, ...) added up by sum."""
        of = self.of if of is None else of
        out = np.zeros((int(of.max(initial=-1)) + 1, *values.shape[1:]))
        np.add.at(out, of, values)
        return out


def _held(waiting: Floats, rates: Rates, asked: _Asked) -> Rates:
    """The rates, of those lists held that would be carried away before the day they are asked for."""
    flags = np.zeros(len(waiting), dtype=bool)
    for due in sorted({each.due for each in asked.targets}):
        units = np.array([each.due == due for each in asked.targets])
        flags[units] = held(waiting[units], chosen(rates, units), asked.census, due).held
    return replace(rates, held=flags)


def _target(level: str, code: str, census: date, baselines: dict[tuple[str, str, date], float]) -> Target:
    return usual_target(level, census, lambda month: baselines.get((level, code, month)))


def _figures(flows: Flows, rates: Rates, asked: _Asked) -> list[tuple[object, ...]]:
    """Each sum of lists as the columns of the table after `months`."""
    of, n = asked.of, len(asked.keys)
    waiting = flows.lists[:, -1]
    total, within, over = (
        asked.added(values)
        for values in (waiting.sum(axis=-1), waiting[:, :18].sum(axis=-1), waiting[:, 52:].sum(axis=-1))
    )
    stand = standing(flows, rates)
    alone = n == len(flows.keys)
    queue = stand.queue if alone else queue_of(summed(flows, of))
    parts = [size_and_order_of_sum(waiting, each, of, n) for each in (stand.kept_13, stand.kept_4)]
    (order_13, size_13, largest_13), (order_4, size_4, largest_4) = parts
    figures = [
        asked.added(rates.starts), asked.added(rates.stops), *_needed(waiting, rates, asked),
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


def _needed(waiting: Floats, rates: Rates, asked: _Asked) -> tuple[Floats, Floats, Floats, Floats]:
    """Stops needed in both orders, the chance of the target as now, and what longest first alone gives."""
    found = tuple(np.full(len(asked.keys), np.nan) for _ in range(4))
    needed, todays, likely, alone = found
    now = asked.added(rates.stops)
    for due in sorted({each.due for each in asked.targets}):
        wanted = np.array([each.due == due for each in asked.targets]) & asked.enough
        if not wanted.any():
            continue
        units = wanted[asked.of]
        place = (np.cumsum(wanted) - 1)[asked.of[units]]
        some, lists = chosen(rates, units), waiting[units]
        as_now, first = (
            asked.added(projected(lists, some, asked.census, (due,), scenario).bands[-1], place)
            for scenario in (AS_NOW, Scenario(longest=1.0))
        )
        alone[wanted] = 100 * (shares(first)[1] - shares(as_now)[1])
        goal = np.empty(len(as_now))
        for row, at in enumerate(np.flatnonzero(wanted).tolist()):
            anchor = anchor_at(asked.anchors.get(asked.keys[at], ()), due)
            share = asked.targets[at].share
            goal[row] = share - (anchor.share[3] - figures_of(as_now[row]).share if anchor else 0.0)
            if anchor:
                likely[at] = chance(anchor.share, share)
        least = Goal(np.clip(goal, 0, 1), due)
        for longest, into in ((True, needed), (False, todays)):
            order = np.full(len(goal), longest)
            fractions = fraction_of_sums(lists, some, asked.census, least, order, place)
            into[wanted] = fractions * now[wanted]
    return needed, todays, likely, alone
