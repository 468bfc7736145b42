"""What can be said of each list without a target: its queue measures, the steady list, size and order.

Source: docs/planning.md, "Rules of thumb", "The steady list" and "Size and order".
"""

from typing import NamedTuple

import numpy as np

from rtt.planning.lists import Flows, accounts
from rtt.planning.queue_measures import QueueMeasures, queue_measures
from rtt.planning.rates import Rates
from rtt.planning.size_and_order import SizeAndOrder, size_and_order
from rtt.planning.steady import Steady, steady_at
from rtt.terms.arrays import Floats, Ints
from rtt.terms.calendar import month_end
from rtt.terms.sums import added_up

RECENT_MONTHS = 6


class Standing(NamedTuple):
    """Of lists: the larger `kept` keeps all treated within three months, the smaller those within one."""

    queue: QueueMeasures
    steady: Steady
    kept_13: SizeAndOrder
    kept_4: SizeAndOrder


def standing(flows: Flows, rates: Rates) -> Standing:
    """Of each list, at the newest month."""
    waiting = flows.lists[:, -1]
    return Standing(
        queue_of(flows),
        steady_at(rates),
        size_and_order(waiting, rates, 13),
        size_and_order(waiting, rates, 4),
    )


def queue_of(flows: Flows) -> QueueMeasures:
    """Load, pressure and target lists in the last six months; for an organisation give its lists `summed`."""
    months = flows.months[1:][-RECENT_MONTHS:]
    recent = slice(-len(months), None)
    left = sum(
        (month.stopped.sum(axis=-1) + month.removed.sum(axis=-1) for month in accounts(flows, RECENT_MONTHS)),
        np.zeros(len(flows.keys)),
    )
    days = sum(month_end(month).day for month in months)
    starts, stops = (values[:, recent].sum(axis=1) for values in (flows.starts, flows.stops))
    return queue_measures(flows.lists[:, -1], starts, stops, left, days)


def size_and_order_of_sum(
    waiting: Floats, each: SizeAndOrder, of: Ints, sums: int
) -> tuple[Floats, Floats, Floats]:
    """Order, size (points) and the largest list of sums of lists: their lists' own, by how many wait."""
    total = waiting.sum(axis=-1)

    def added(values: Floats) -> Floats:
        return added_up(values, of, sums)

    whole = added(total)
    weight = np.divide(total, whole[of], out=np.zeros_like(total), where=whole[of] > 0)
    order, size = (added(weight * np.nan_to_num(part)) for part in (each.order, each.size))
    return order, size, added(np.nan_to_num(each.largest_list))
