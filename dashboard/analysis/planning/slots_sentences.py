"""The answer of more slots a week in sentences: the same on the page and from the command."""

from collections.abc import Iterator
from datetime import date

from dashboard.analysis.planning.slots_answer import Row, SlotsAnswer
from rtt.disclosure.small_numbers import small
from rtt.findings import slots_words as words
from rtt.findings.list_shape import count_words
from rtt.measures.will_breach import week_ends
from rtt.planning.more_slots import APPOINTMENT, BOOKED, LONGEST, NEXT, PREVENTED, STILL, none_from


def slots_sentences(answer: SlotsAnswer) -> list[str]:
    """The answer first, then what stands around it; why there is none, where there is none."""
    if answer.why_not or answer.whole is None:
        return [answer.why_not]
    return [each for each in _each(answer, answer.whole) if each]


def shown(answer: SlotsAnswer, count: float) -> str:
    """A count as it is printed to this reader."""
    return count_words(count, hidden=answer.conceals and bool(small(count)))


def no_more_after(answer: SlotsAnswer, row: Row) -> date | None:
    """The end of the last week with a breach, the census where nobody breaches; None: the last week has."""
    passing = answer.question.passing
    week = none_from(row.effects[passing.weeks])
    if week is None:
        return None
    return passing.census if week == 1 else week_ends(passing)[week - 2]


def worked_steps(answer: SlotsAnswer) -> list[str]:
    """How the answer is worked out, with its own numbers; [] where nobody passes."""
    whole, passing = answer.whole, answer.question.passing
    if whole is None or not whole.effects[passing.weeks].sum():
        return []
    states = [float(each) for each in whole.effects[passing.weeks].sum(axis=0)]
    told = [shown(answer, each) for each in states]
    return words.worked_steps(
        census=passing.census,
        weeks=passing.weeks,
        by=passing.ends,
        slots=answer.question.slots,
        given=shown(answer, float(whole.taken.sum())),
        passing=shown(answer, sum(states)),
        held=(told[BOOKED], told[APPOINTMENT]) if answer.dates_known else None,
        left=shown(answer, states[PREVENTED] + states[STILL]),
        over=shown(answer, whole.over),
        prevented=told[PREVENTED],
        still=told[STILL],
    )


def _each(answer: SlotsAnswer, whole: Row) -> Iterator[str]:
    question, passing = answer.question, answer.question.passing
    each = len(answer.rows) > 1 or bool(answer.withheld)
    states = whole.effects[passing.weeks].sum(axis=0)
    if not states.sum():
        yield words.nobody_sentence(passing.weeks, passing.ends)
        return
    told = [shown(answer, float(count)) for count in states]
    yield words.answer_sentence(
        slots=question.slots,
        each=each,
        order=question.order,
        weeks=passing.weeks,
        by=passing.ends,
        prevented=told[PREVENTED],
        still=told[STILL],
    )
    if answer.dates_known:
        passed = shown(answer, float(states.sum()))
        yield words.dates_sentence(passed, told[BOOKED], told[APPOINTMENT])
    if question.order == LONGEST and not each and whole.over and states[STILL] + states[PREVENTED]:
        turns = -(-whole.over // question.slots)
        yield words.over_sentence(shown(answer, whole.over), question.slots, passing.weeks, turns)
    if states[STILL] + states[PREVENTED]:
        if states[STILL] and not answer.conceals:
            yield words.none_after_sentence(no_more_after(answer, whole))
        yield _needed(answer, whole, each=each)
        if not answer.conceals:
            yield words.to_end_sentence(whole.to_end, passing.ends, each=each)
    yield from _others(answer, whole)
    if question.order == NEXT:
        yield words.COST_OF_NEXT
    yield from _around(answer, whole)


def _needed(answer: SlotsAnswer, whole: Row, *, each: bool) -> str:
    question, passing = answer.question, answer.question.passing
    longest, soonest = (whole.needed[order] for order in (LONGEST, NEXT))
    left_out = sum(row.needed[LONGEST].too_late for row in answer.rows if _too_late(answer, row))
    return words.needed_sentence(
        longest.slots or 0,
        soonest.slots or 0,
        most=question.most,
        each=each,
        too_late="0" if answer.conceals else shown(answer, left_out),
        weeks=passing.weeks,
        by=passing.ends,
    )


def _too_late(answer: SlotsAnswer, row: Row) -> bool:
    return row.needed[LONGEST].too_late > answer.question.most


def _others(answer: SlotsAnswer, whole: Row) -> Iterator[str]:
    for weeks, effect in whole.effects.items():
        states = effect.sum(axis=0)
        if weeks == answer.question.passing.weeks or not states.sum():
            continue
        yield words.other_sentence(
            weeks,
            *(shown(answer, float(count)) for count in (states.sum(), states[PREVENTED], states[STILL])),
        )


def _around(answer: SlotsAnswer, whole: Row) -> Iterator[str]:
    if answer.last_week is not None:
        yield words.last_week_sentence(answer.last_week.stopped, answer.last_week.removed)
    if not answer.dates_known:
        yield words.TOLD_AHEAD if answer.conceals else words.NO_DATES
    yield words.withheld_sentence(answer.withheld)
    yield words.no_start_sentence(whole.no_start)
