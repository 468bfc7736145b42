"""The specialties of an answer, those that need most first: what each takes, or why it has no plan."""

from dataclasses import replace

from dashboard.analysis.planning.answer import Row
from dashboard.analysis.planning.planned_lists import PlannedLists
from dashboard.analysis.planning.why_not import why_not_row
from dashboard.store.plans import PlanRow
from rtt.planning.anchor import Anchor, figures_of
from rtt.planning.needs import Needs
from rtt.terms.arrays import Floats
from rtt.terms.treatment_functions import in_order, short_name_of

FEW = 200
"""Pathways: under these the rates are mostly borrowed."""


def rows_of(
    found: PlannedLists,
    needed: Needs,
    anchors: list[Anchor | None],
    now: Floats,
    first: Floats,
) -> tuple[Row, ...]:
    """`now` and `first` (units, 105): the lists at the date as things go, and were all of today's stops for
    the longest waiters. `anchors`: of each part, for that date.
    """
    rows = []
    for at, part in enumerate(found.parts):
        row = part.row
        if why := why_not_row(row):
            rows.append(_bare(row, why))
            continue
        as_now, alone = (figures_of(bands[part.units].sum(axis=0)) for bands in (now, first))
        rows.append(
            replace(
                _bare(row, ""),
                forecast=anchors[at] is not None,
                borrowed=row.total < FEW,
                needed=needed.longest_first[at],
                needed_todays=needed.todays_order[at],
                longest_alone=100 * (alone.share - as_now.share),
                order_13=row.order_13,
                size_13=row.size_13,
                order_4=row.order_4,
                size_4=row.size_4,
                load=row.load,
                load_reported=row.load_reported,
                pressure=row.pressure,
            )
        )
    places = {code: at for at, code in enumerate(sorted((row.code for row in rows), key=in_order))}
    return tuple(sorted(rows, key=lambda row: (*_most_first(row), places[row.code])))


def _bare(row: PlanRow, why: str) -> Row:
    name = short_name_of(row.treatment_function)
    return Row(row.treatment_function, name, row.total, row.share, row.over_52, why)


def _most_first(row: Row) -> tuple[int, float]:
    """Those that doubling does not help, then by the stops needed, then those without a plan."""
    if row.needed is None:
        return 2, 0.0
    if row.needed.a_week is None:
        return 0, -float(row.list)
    return 1, -row.needed.a_week
