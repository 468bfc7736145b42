"""The tables of more slots a week: week by week of one specialty, specialty by specialty of a trust.

The page, its file and the command have these lines. Who has a date stands in them only where it is known.
"""

from collections.abc import Sequence

from dashboard.analysis.planning.slots_answer import Row, SlotsAnswer
from dashboard.analysis.planning.slots_sentences import effect_shown, no_more_after, shown
from rtt.measures.will_breach import week_ends
from rtt.planning.more_slots import LONGEST, NEXT, PREVENTED, STILL
from rtt.terms.arrays import Ints
from rtt.terms.treatment_functions import TOTAL, short_name_of
from rtt.terms.wording import date_text, number_text

SLOTS = "Have a slot"
_DATES = ("Booked in time", "Appointment in time")
_EFFECT = ("No longer breach", "Still breach")
NONE_AFTER = "Nobody breaches after"
SOME_DO, NOBODY_DOES = "Some do in the last week", "Nobody breaches"
_NEEDED = (
    "Slots for nobody to breach, longest first",
    "Slots for nobody to breach, next first",
    "Slots for nobody in the last week",
)
OTHER = 52
"""The threshold that stands beside the one that is asked."""


def headers(answer: SlotsAnswer) -> list[str]:
    """The columns, the first of which names the row."""
    weeks = answer.question.passing.weeks
    dates = list(_DATES) if answer.dates_known else []
    counts = [f"Will breach {weeks} weeks", *dates, *_EFFECT]
    if answer.is_by_week:
        return ["Week to", *([SLOTS] if answer.dates_known else []), *counts]
    other = [f"Still breach {OTHER} weeks"] if _tells_other(answer) else []
    if answer.conceals:
        return ["Specialty", *counts, *_NEEDED[:2]]
    return ["Specialty", *counts, NONE_AFTER, *_NEEDED, *other]


def lines(answer: SlotsAnswer) -> list[list[str]]:
    """A row for each week; or for each specialty, most still to breach first, and their sum."""
    if answer.whole is None:
        return []
    if answer.is_by_week:
        return _weeks(answer, answer.rows[0])
    total = [answer.whole] if len(answer.rows) > 1 else []
    return [_specialty(answer, row) for row in (*in_order(answer), *total)]


def in_order(answer: SlotsAnswer) -> list[Row]:
    """The specialties, those with most still to breach first."""
    weeks = answer.question.passing.weeks
    return sorted(answer.rows, key=lambda row: -int(row.effects[weeks][:, STILL].sum()))


def _weeks(answer: SlotsAnswer, row: Row) -> list[list[str]]:
    passing = answer.question.passing
    effect = row.effects[passing.weeks]
    told = [
        [
            date_text(day),
            *([shown(answer, float(row.taken[at]))] if answer.dates_known else []),
            *_counts(answer, effect[at]),
        ]
        for at, day in enumerate(week_ends(passing))
    ]
    total = [shown(answer, float(row.taken.sum()))] if answer.dates_known else []
    return [*told, ["Total", *total, *_counts(answer, effect.sum(axis=0))]]


def _specialty(answer: SlotsAnswer, row: Row) -> list[str]:
    total = "Total" if answer.withheld else "All specialties"
    name = total if row.code == TOTAL else short_name_of(row.code)
    counts = _counts(answer, row.effects[answer.question.passing.weeks].sum(axis=0))
    needed = [number_text(row.needed[order].slots or 0) for order in (LONGEST, NEXT)]
    if answer.conceals:
        return [name, *counts, *needed]
    other = [shown(answer, float(row.effects[OTHER][:, STILL].sum()))] if _tells_other(answer) else []
    return [name, *counts, _none_after(answer, row), *needed, number_text(row.to_end), *other]


def _none_after(answer: SlotsAnswer, row: Row) -> str:
    last = no_more_after(answer, row)
    if last is None:
        return SOME_DO
    return NOBODY_DOES if last == answer.question.passing.census else date_text(last)


def _counts(answer: SlotsAnswer, states: Ints) -> Sequence[str]:
    """Those who pass, of them by date where that is known, and what the slots do."""
    by_date = states[:PREVENTED] if answer.dates_known else states[:0]
    told = [shown(answer, float(count)) for count in (states.sum(), *by_date)]
    return [*told, *effect_shown(answer, states)]


def _tells_other(answer: SlotsAnswer) -> bool:
    return answer.question.passing.weeks != OTHER and answer.dates_known
