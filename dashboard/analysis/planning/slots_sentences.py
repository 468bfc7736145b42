"""The answer of more slots a week in sentences: the same on the page and from the command."""

from collections.abc import Iterable, Iterator
from datetime import date

from dashboard.analysis.planning.slots_answer import Row, SlotsAnswer
from rtt.disclosure.small_numbers import small
from rtt.findings import slots_words as words
from rtt.findings.list_shape import count_words
from rtt.measures.will_breach import week_ends
from rtt.planning.more_slots import APPOINTMENT, BOOKED, LONGEST, NEXT, PREVENTED, STILL, none_from
from rtt.terms.arrays import Ints


def slots_sentences(answer: SlotsAnswer) -> list[str]:
    """The answer first, then what stands around it; why there is none, where there is none."""
    return [each for paragraph in slots_paragraphs(answer) for each in paragraph]


def slots_paragraphs(answer: SlotsAnswer) -> list[list[str]]:
    """The same by paragraph: the answer alone, whom it is about, the way back, other thresholds, the rest."""
    if answer.why_not or answer.whole is None:
        return [[answer.why_not]]
    made = ([each for each in part if each] for part in _paragraphs(answer, answer.whole))
    return [paragraph for paragraph in made if paragraph]


def shown(answer: SlotsAnswer, count: float) -> str:
    """A count as it is printed to this reader."""
    return count_words(count, hidden=answer.conceals and bool(small(count)))


def effect_shown(answer: SlotsAnswer, states: Ints) -> tuple[str, str]:
    """Those prevented and those still to breach, as printed: where one is small, neither tells the other."""
    pair = states[[PREVENTED, STILL]].astype(float)
    hidden = answer.conceals and bool(small(pair).any())
    prevented, still = (count_words(each, hidden=hidden) for each in pair.tolist())
    return prevented, still


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
    states = whole.effects[passing.weeks].sum(axis=0)
    prevented, still = effect_shown(answer, states)
    held = (shown(answer, states[BOOKED]), shown(answer, states[APPOINTMENT]))
    return words.worked_steps(
        census=passing.census,
        weeks=passing.weeks,
        by=passing.ends,
        slots=answer.question.slots,
        given=shown(answer, float(whole.taken.sum())),
        passing=shown(answer, states.sum()),
        held=held if answer.dates_known else None,
        left=shown(answer, states[PREVENTED] + states[STILL]),
        over=shown(answer, whole.over),
        prevented=prevented,
        still=still,
    )


def _paragraphs(answer: SlotsAnswer, whole: Row) -> Iterator[Iterable[str]]:
    passing = answer.question.passing
    if not whole.effects[passing.weeks].sum():
        yield [words.nobody_sentence(passing.weeks, passing.ends)]
        return
    yield [_answer(answer, whole)]
    yield _whom(answer, whole)
    yield _needed(answer, whole)
    yield _others(answer, whole)
    yield _around(answer, whole)


def _of_each(answer: SlotsAnswer) -> bool:
    """Whether the slots are those of each specialty."""
    return len(answer.rows) > 1 or bool(answer.withheld)


def _answer(answer: SlotsAnswer, whole: Row) -> str:
    question, passing = answer.question, answer.question.passing
    prevented, still = effect_shown(answer, whole.effects[passing.weeks].sum(axis=0))
    return words.answer_sentence(
        slots=question.slots,
        each=_of_each(answer),
        order=question.order,
        weeks=passing.weeks,
        by=passing.ends,
        prevented=prevented,
        still=still,
    )


def _whom(answer: SlotsAnswer, whole: Row) -> Iterator[str]:
    """Who has a date, who comes first, and when the last breaches."""
    question, passing = answer.question, answer.question.passing
    states = whole.effects[passing.weeks].sum(axis=0)
    if answer.dates_known:
        counts = (states.sum(), states[BOOKED], states[APPOINTMENT])
        yield words.dates_sentence(*(shown(answer, float(count)) for count in counts))
    left = states[STILL] + states[PREVENTED]
    if question.order == LONGEST and not _of_each(answer) and whole.over and left:
        turns = -(-whole.over // question.slots)
        yield words.over_sentence(
            shown(answer, whole.over),
            question.slots,
            passing.weeks,
            turns,
            dates_known=answer.dates_known,
        )
    if states[STILL] and not answer.conceals:
        yield words.none_after_sentence(no_more_after(answer, whole))


def _needed(answer: SlotsAnswer, whole: Row) -> Iterator[str]:
    """The way back; nothing where there is nobody left to help."""
    question, passing = answer.question, answer.question.passing
    if not whole.effects[passing.weeks][:, PREVENTED:].sum():
        return
    longest, soonest = (whole.needed[order] for order in (LONGEST, NEXT))
    left_out = sum(row.needed[LONGEST].too_late for row in answer.rows if _too_late(answer, row))
    yield words.needed_sentence(
        longest.slots or 0,
        soonest.slots or 0,
        most=question.most,
        each=_of_each(answer),
        too_late="0" if answer.conceals else shown(answer, left_out),
        weeks=passing.weeks,
        by=passing.ends,
    )
    if not answer.conceals:
        yield words.to_end_sentence(whole.to_end, passing.ends)


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
    if answer.question.order == NEXT:
        yield words.COST_OF_NEXT
    if answer.last_week is not None:
        yield words.last_week_sentence(answer.last_week.stopped, answer.last_week.removed)
    if not answer.dates_known:
        yield words.TOLD_AHEAD if answer.conceals else words.NO_DATES
    yield words.withheld_sentence(answer.withheld)
    yield words.no_start_sentence(whole.no_start)
