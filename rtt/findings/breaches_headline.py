"""The one sentence at the top of Breaches: who is counted, how many are expected, who has no date.

Each clause holds one figure as it is shown elsewhere; a clause whose figure is not known is left out.
"""

from dataclasses import dataclass

from rtt.disclosure.small_numbers import WITHHELD
from rtt.measures.will_breach import WillBreach
from rtt.terms.wording import date_text


@dataclass(frozen=True, slots=True)
class Clause:
    """A figure and the words after it."""

    figure: str
    words: str


def clauses(
    passing: WillBreach, count: str, *, expected: str | None = None, undated: str | None = None
) -> tuple[Clause, ...]:
    """The clauses of "483 breach 18 weeks by 20 Dec 2026 unless treated; about 377 expected; 275 have no
    date"; figures as they are printed, None where they are not known.
    """
    verb = "breaches" if count == "1" else "breach"
    when = f"{passing.weeks} weeks by {date_text(passing.ends)}"
    found = [Clause(_capital(_named(count)), f"{verb} {when} unless treated")]
    if expected is not None:
        exact = expected[:1].isdigit()
        found.append(Clause(f"about {expected}" if exact else _named(expected), "expected"))
    if undated is not None:
        found.append(Clause(_named(undated), "has no date" if undated == "1" else "have no date"))
    return tuple(found)


def _named(figure: str) -> str:
    """ "483", "under 8"; of a figure that is withheld that it is one."""
    return "a withheld number" if figure == WITHHELD else figure[:1].lower() + figure[1:]


def _capital(figure: str) -> str:
    return figure[:1].upper() + figure[1:]
