"""What the dials say, in words: for a scenario that somebody saved, and for what stands above a chart."""

from collections.abc import Iterator

from dashboard.scope.question import Question
from rtt.terms.wording import date_text, list_text, number_text

AS_NOW = "Going on as now"


def number(value: float, most: int = 2) -> str:
    """As many decimals as it has, up to `most`: 5, 2.5, −1.25."""
    return next(
        str(number_text(value, places))
        for places in range(most + 1)
        if places == most or round(value, places) == round(value, most)
    )


def dials_words(question: Question) -> str:
    """ "5% more clock stops a week and referrals up 2% a year"; "" where none is moved."""
    said = list_text(list(_each(question)))
    return f"{said[:1].upper()}{said[1:]}"


def _each(question: Question) -> Iterator[str]:
    if question.stops:
        yield f"{number(abs(question.stops))}% {'more' if question.stops > 0 else 'fewer'} clock stops a week"
    if question.growth:
        yield f"referrals {'up' if question.growth > 0 else 'down'} {number(abs(question.growth))}% a year"
    if question.removals != 1:
        yield f"removals × {number(question.removals)}"
    if question.longest:
        yield f"{number(question.longest)}% of today’s stops for the longest waiters first"
    if sprint := question.sprint:
        ends = f"{date_text(sprint.starts)} to {date_text(sprint.ends)}"
        side = "more" if sprint.fraction > 0 else "fewer"
        yield f"{number(abs(100 * sprint.fraction))}% {side} clock stops in a sprint from {ends}"
    if validation := question.validation:
        yield (
            f"{number(100 * validation.fraction)}% of those over {validation.weeks} weeks taken off on "
            f"{date_text(validation.on)}"
        )
