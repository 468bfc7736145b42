"""An answer in sentences: the same on the page, in the pack and from the command."""

from collections.abc import Iterator

from dashboard.analysis.planning.answer import Answer
from rtt.findings import plan_words as words

GOING_ON, SCENARIO = "Going on as now", "With your changes"


def answer_sentences(answer: Answer) -> list[str]:
    """The answer first, then what stands around it; [] where there is none."""
    return [each for each in _each(answer) if each] if answer.needed is not None else []


def goal_of(answer: Answer) -> str:
    """What is asked, in words."""
    question = answer.question
    return words.goal_words(question.target, question.due, question.most_over_52)


def _each(answer: Answer) -> Iterator[str]:
    needed = answer.needed
    assert needed is not None
    yield words.needed_sentence(needed, goal_of(answer), forecast=answer.forecast)
    if answer.as_now:
        yield words.outlook_sentence(GOING_ON, answer.as_now.share, answer.chance_as_now)
    if answer.question.changes and answer.scenario:
        yield words.outlook_sentence(SCENARIO, answer.scenario.share, answer.chance_scenario)
    yield words.other_order_sentence(needed)
    if answer.forecast:
        yield words.safer_sentence(needed)
    yield words.months_sentence(needed)
    if answer.steady:
        yield words.steady_sentence(answer.steady.list_now, answer.steady.list_then)
    if answer.record:
        yield words.seen_sentence(answer.record.seen)
