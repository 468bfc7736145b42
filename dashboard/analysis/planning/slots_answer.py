"""What more slots a week do to a tracking list: who no longer breaches, by specialty and by week, and the way
back: how many slots it takes. From the pathways for who may see them; for everybody else, and where pathways
are no longer held, from the week bands that the reader may see, which say nothing of dates.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sqlalchemy import Connection

from dashboard.analysis.movements import movement_of
from dashboard.analysis.will_breach import Bands, bands_of, counted_pathways
from dashboard.scope.scope import Scope
from dashboard.scope.slots_question import SlotsQuestion, slots_question
from dashboard.store.cache import cached
from dashboard.store.pathway_groups import by_date
from dashboard.store.pathways import Wanted
from rtt.measures.disclosed import Count
from rtt.measures.will_breach import WEEK, WillBreach, weeks_from_bands
from rtt.planning.more_slots import (
    ORDERS,
    Needed,
    Queue,
    effect,
    give_out,
    queue_of,
    slots_needed,
    slots_to_end,
    taken,
)
from rtt.terms.arrays import Floats, Ints
from rtt.terms.booking import WITHOUT_DATE
from rtt.terms.treatment_functions import TOTAL, in_order
from rtt.terms.waits import OPEN_BAND

OTHER_THRESHOLDS = (18, 52, 65)
"""Told beside the one that is asked: a gain at one may be a loss at another."""


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One specialty, or all of them together as TOTAL.

    `effects`: by threshold (weeks, states) of `rtt.planning.more_slots`. `needed` by order: the least slots
    that leave at most as many as asked, or as few as any number leaves. `taken`: slots of each week that find
    somebody. `to_end`: the least slots, longest wait first, with nobody to breach in the last week. `over`
    take slots and are over the threshold already. `no_start` have no date and no known clock start, so they
    stand in no order.
    """

    code: str
    effects: dict[int, Ints]
    needed: dict[str, Needed]
    taken: Ints
    to_end: int
    over: int
    no_start: int = 0


@dataclass(frozen=True, slots=True)
class LastWeek:
    """What left the list in the week before it: clock stops, and pathways without one."""

    stopped: int
    removed: int


@dataclass(frozen=True, slots=True, eq=False)
class SlotsAnswer:
    """With `why_not` there is nothing more.

    `dates_known`: whether who is booked was told, pathway by pathway. `conceals`: the reader sees no pathway;
    then counts of 1 to 7 are not printed, nothing is told by week, and `withheld` specialties not at all.
    """

    question: SlotsQuestion
    why_not: str = ""
    dates_known: bool = True
    conceals: bool = False
    withheld: int = 0
    rows: tuple[Row, ...] = ()
    whole: Row | None = None
    last_week: LastWeek | None = None

    @property
    def is_by_week(self) -> bool:
        """Whether it is told week by week: of one specialty, to who may see it so."""
        return len(self.rows) == 1 and not self.conceals


ONE_TRUST = "Choose one trust: a trust’s slots cannot go to another trust’s list."
TOO_SMALL = "The counts this is made of are too small to be shown, so it is not worked out here."
NOBODY = "Nobody is waiting here."
TOLD_AHEAD = 28
"""Days: without access to pathways this is told for one date alone, as who has a date is on Breaches. The
difference between two dates would be a handful of pathways.
"""


def slots_answer(connection: Connection, scope: Scope) -> SlotsAnswer:
    """The answer of a PTL to the question of the address; three statements, more where small numbers hide."""
    assert scope.census is not None
    question = slots_question(scope.filters, scope.census)
    if len(scope.codes) != 1:
        return SlotsAnswer(question, why_not=ONE_TRUST)
    if scope.conceals:
        return _concealed(connection, scope, question)
    rows = _from_pathways(connection, counted_pathways(scope), question)
    known = rows is not None
    if rows is None:
        rows = _from_bands(bands_of(connection, scope), question)
    if not rows:
        return SlotsAnswer(question, why_not=NOBODY, dates_known=known)
    return SlotsAnswer(
        question,
        dates_known=known,
        rows=rows,
        whole=_together(rows),
        last_week=_last_week(connection, scope),
    )


# From pathways


@cached
def _from_pathways(connection: Connection, asked: Wanted, question: SlotsQuestion) -> tuple[Row, ...] | None:
    """A row for each specialty; None where the pathways of the list are not held."""
    groups = by_date(connection, asked)
    if groups is None:
        return None
    functions, days, decided, booked, counts = zip(*groups, strict=True) if groups else ((), (), (), (), ())
    names = sorted(set(functions), key=in_order)
    at = {code: place for place, code in enumerate(names)}
    place = np.array([at[code] for code in functions], dtype=np.int64)
    columns = [np.array(each, dtype=np.int64) for each in (days, decided, booked, counts)]
    return tuple(_row(code, [each[place == at[code]] for each in columns], question) for code in names)


def _row(code: str, columns: list[Ints], question: SlotsQuestion) -> Row:
    days, decided, booked, counts = columns
    without = int(counts[(days < 0) & (booked < 0)].sum())
    queue = queue_of(days, decided, booked, counts)
    return _answered(code, queue, question, OTHER_THRESHOLDS, without)


def _answered(
    code: str, queue: Queue, question: SlotsQuestion, thresholds: tuple[int, ...], no_start: int = 0
) -> Row:
    given = give_out(queue, question.slots, question.order, question.passing)
    asked = {weeks: _at(question, weeks) for weeks in sorted({question.passing.weeks, *thresholds})}
    return Row(
        code,
        {weeks: effect(queue, given, question.slots, passing) for weeks, passing in asked.items()},
        {order: _needed(queue, order, question) for order in ORDERS},
        taken(given, question.slots, question.weeks_ahead),
        slots_to_end(queue, question.passing),
        int(queue.counts[queue.takes_a_slot & (queue.days_waited > question.passing.last_day)].sum()),
        no_start,
    )


def _at(question: SlotsQuestion, weeks: int) -> WillBreach:
    return WillBreach(weeks=weeks, census=question.passing.census, days=question.passing.days)


def _needed(queue: Queue, order: str, question: SlotsQuestion) -> Needed:
    needed = slots_needed(queue, order, question.passing, most=question.most)
    # Whose last day was that of the list breaches whatever is done: the least for all others.
    return (
        needed
        if needed.slots is not None
        else slots_needed(queue, order, question.passing, most=needed.too_late)
    )


def _together(rows: tuple[Row, ...]) -> Row:
    """The sum: slots are those of each specialty, so what they do adds up."""
    first = rows[0]
    return Row(
        TOTAL,
        {weeks: _sum(each.effects[weeks] for each in rows) for weeks in first.effects},
        {
            order: Needed(
                sum(each.needed[order].slots or 0 for each in rows),
                sum(each.needed[order].too_late for each in rows),
            )
            for order in first.needed
        },
        _sum(each.taken for each in rows),
        sum(each.to_end for each in rows),
        sum(each.over for each in rows),
        sum(each.no_start for each in rows),
    )


def _sum(arrays: Any) -> Ints:
    return np.asarray(np.sum(list(arrays), axis=0), dtype=np.int64)


def _last_week(connection: Connection, scope: Scope) -> LastWeek | None:
    """None where there is no list just before; with a decision to admit alone it is not told apart."""
    moved = movement_of(connection, scope) if scope.filters.pathway != "dta" else None
    if moved is None:
        return None
    stopped = sum(int(moved.column(name).sum()) for name in ("treated", "other_stop"))
    return LastWeek(stopped, int(moved.column("removed").sum()))


# From week bands, which say nothing of dates


def _from_bands(bands: Bands, question: SlotsQuestion) -> tuple[Row, ...]:
    """A row for each specialty: the slots go to whoever waits, week band after week band."""
    passing = question.passing
    return tuple(
        _counted(code, bands.bands[at], weeks_from_bands(bands.bands[at], passing), question)
        for at, code in enumerate(bands.functions[:-1])
    )


def _concealed(connection: Connection, scope: Scope, question: SlotsQuestion) -> SlotsAnswer:
    """From two counts of each specialty alone, both as Breaches and the list show them to this reader: those
    over the threshold and those about to pass it, as if these were spread evenly over the weeks.
    """
    question = replace(question, passing=replace(question.passing, days=TOLD_AHEAD))
    passing = question.passing
    bands = bands_of(connection, scope)
    if len(bands.functions) == 1:
        return SlotsAnswer(question, why_not=NOBODY, dates_known=False, conceals=True)
    assert bands.seen is not None
    seen = ~bands.hidden(passing) & bands.seen.count(Count("list", passing.weeks))[:, 0]
    counts = bands.estimate(passing).count
    rows = tuple(
        _counted(code, bands.bands[at], _evenly(counts[at], passing), question)
        for at, code in enumerate(bands.functions[:-1])
        if seen[at]
    )
    if not rows:
        return SlotsAnswer(question, why_not=TOO_SMALL, dates_known=False, conceals=True)
    withheld = len(bands.functions) - 1 - len(rows)
    return SlotsAnswer(
        question, dates_known=False, conceals=True, withheld=withheld, rows=rows, whole=_together(rows)
    )


def _evenly(count: float, passing: WillBreach) -> Ints:
    """A count over the weeks in which they pass: shape (weeks_ahead,)."""
    whole, weeks = round(float(count)), passing.weeks_ahead
    return np.diff([whole * week // weeks for week in range(weeks + 1)])


def _counted(code: str, bands: Floats, by_week: ArrayLike, question: SlotsQuestion) -> Row:
    """Those over the threshold, then those who come to it in each week, its days evenly filled."""
    passing = question.passing
    days, counts = [passing.last_day + 1], [round(float(bands[passing.weeks : OPEN_BAND + 1].sum()))]
    for week, figure in enumerate(np.asarray(by_week).tolist()):
        count = round(figure)
        for day in range(WEEK):
            days.append(max(passing.first_day, passing.last_day - WEEK * week - day))
            counts.append(count * (day + 1) // WEEK - count * day // WEEK)
    queue = queue_of(days, [False] * len(days), [WITHOUT_DATE] * len(days), counts)
    return _answered(code, queue, question, ())
