"""Whether a list is on its line, in words: never without its figures, and with the chance where it is known.

The words to use and never to use are held by tests/rtt/findings/test_plan_words.py.
"""

from datetime import date

from rtt.findings.plan_words import AS_THINGS_GO, chance_text, per_cent
from rtt.planning.line import OnLine
from rtt.planning.target import MEASURE
from rtt.terms.wording import date_text, number_text

OWN_PLAN = "your own plan"
MEASURES = {MEASURE: "within 18 weeks", "total": "the list", "over_52": "over 52 weeks"}


def line_sentence(name: str, found: OnLine, chance: float | None) -> str:
    """ "On the line to the milestone of 65% by 31 Mar 2026: 63.9% on 31 Dec 2025, and the line is at 63.2%.
    The chance of reaching it is 25 in 100, if things go on as they have."
    """
    return f"{line_clause(name, found)}.{chance_clause(chance)}"


def line_clause(name: str, found: OnLine) -> str:
    """The same up to the chance, without its full stop."""
    return (
        f"{_where(found)} {name}: {_figure(found.measure, found.value)} on {date_text(found.day)}, and the "
        f"line is at {_figure(found.measure, found.line)}"
    )


def chance_clause(chance: float | None) -> str:
    """ " The chance of reaching it is 45 in 100, if things go on as they have."; '' where none is known."""
    return "" if chance is None else f" The chance of reaching it is {chance_text(chance)}, {AS_THINGS_GO}."


def milestone_name(words: str) -> str:
    """ "to the milestone of 65% by 31 Mar 2026"."""
    return f"to {words}"


def own_name(found: OnLine) -> str:
    """ "of your own plan, 66% within 18 weeks by 31 Dec 2026"; of a list "9,000 on the list"."""
    ends = f"{_figure(found.measure, found.target)} {_ending(found.measure)} by {date_text(found.due)}"
    return f"of {OWN_PLAN}, {ends}"


def begins_sentence(first: date) -> str:
    """Of an own plan whose first month is still to come."""
    return f"Your own plan begins on {date_text(first)}, so nothing can be on its line yet."


def _where(found: OnLine) -> str:
    if found.on:
        return "On the line"
    return "Under the line" if found.measure == MEASURE else "Over the line"


def _ending(measure: str) -> str:
    return "on the list" if measure == "total" else MEASURES[measure]


def _figure(measure: str, value: float) -> str:
    return str(per_cent(value)) if measure == MEASURE else str(number_text(value))
