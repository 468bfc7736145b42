"""What is said of an initiative: the smallest effect that could be seen, then the verdict, then both methods.

Source: docs/planning.md, "Initiatives". "p" stands in the panel of methods alone.
"""

from rtt.planning.initiatives import RARE, Evaluation, Method
from rtt.terms.wording import number_text, signed_text

COLUMNS = ("Initiative", "Where", "From", "Expected effect", "Smallest that could be seen", "Result")
METHOD_COLUMNS = ("Method", "Effect", "p, among placebos", "Smallest that could be seen", "p, false start")
METHOD = (
    (
        "The months before the start are held against those after it. What counts is how much more the "
        "trusts changed than other NHS trusts with over 5,000 pathways."
    ),
    (
        "Most trusts change from one half-year to the next, so a change alone tells nothing. The same sum is "
        "worked out for every other trust, as if each had begun something then. These are placebos."
    ),
    (
        "Only a change that fewer than 1 in 20 placebos reach, by both of two methods, counts. A false start "
        "half-way through the months before must find nothing."
    ),
    (
        "Trusts that are chosen because they were worst tend to improve by themselves. They are held against "
        "the worst tenth alone."
    ),
)
ALREADY_MOVING = "Cannot tell yet: these trusts were already moving before the start."
WORST_TENTH = "Held against the worst tenth of trusts alone, for the worst improve by themselves."
NOT_FIRST = "Registered after its first month was known, so read the result with care."
UNITS = {"share_within_18": " points", "over_52": " points", "total": "%"}
OF = {
    "share_within_18": "the share within 18 weeks",
    "over_52": "the share over 52 weeks",
    "total": "the list",
}


def effect_text(measure: str, effect: float) -> str:
    """A change: "+5.6 points", "−3.1%"."""
    return signed_text(effect, 1, unit=UNITS[measure])


def size_text(measure: str, effect: float) -> str:
    """The size of an effect: "6.7 points"."""
    return f"{number_text(abs(effect), 1)}{UNITS[measure]}"


def smallest_sentence(measure: str, evaluation: Evaluation) -> str:
    """What could be seen at all, which is told before the result."""
    seen = size_text(measure, evaluation.smallest)
    return f"Told before the result: an effect of under {seen} on {OF[measure]} could not be seen."


def verdict_text(measure: str, evaluation: Evaluation, *, too_few: bool = False) -> str:
    """The verdict in a sentence; `too_few` others, so that nothing can be rarer than 1 in 20."""
    if too_few:
        return (
            f"Cannot tell yet: with so few other trusts no result can be rarer than 1 in {round(1 / RARE)}."
        )
    if evaluation.already_moving:
        return ALREADY_MOVING
    if evaluation.changed:
        least = min((evaluation.differences, evaluation.synthetic), key=lambda each: abs(each.effect))
        return (
            f"Changed more than the rest of England by {effect_text(measure, least.effect)}, rarer than "
            f"1 in {round(1 / RARE)}."
        )
    return f"Cannot tell yet: an effect under {size_text(measure, evaluation.smallest)} could not be seen."


def method_rows(measure: str, evaluation: Evaluation) -> list[tuple[str, ...]]:
    """Both methods with their placebos."""
    return [
        _row("Differences", measure, evaluation.differences, evaluation.false_differences),
        _row("Synthetic trust", measure, evaluation.synthetic, evaluation.false_synthetic),
    ]


def _row(name: str, measure: str, method: Method, false_start: Method) -> tuple[str, ...]:
    return (
        name,
        effect_text(measure, method.effect),
        number_text(method.placebo, 3),
        size_text(measure, method.smallest),
        number_text(false_start.placebo, 3),
    )
