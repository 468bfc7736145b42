"""`rtt why`: why a figure differs from another published one, step by step, as the page has it.

The figures are whole pathways and unrounded shares; of a share its numerator and denominator stand beside it.
"""

from __future__ import annotations

from fractions import Fraction

from dashboard.cli.databases import opened
from dashboard.cli.outcomes import DONE, WrongUse, days_of, say
from dashboard.cli.printing import write_rows
from dashboard.cli.scopes import scope_of_code
from dashboard.settings.settings import from_environment
from dashboard.store import cache
from dashboard.store.served import served_url
from rtt.findings.bases_words import basis_words, step_words
from rtt.measures.bases import FORMULAS, OWN, Basis, basis_of, bridge

HEADERS = ("step", "size", "figure", "numerator", "denominator")
Number = int | float


def print_why(
    layout: str,
    organisation: str | None,
    function: str | None,
    measure: str,
    *,
    basis: str,
    against: str,
    census: str = "",
) -> int:
    """The steps from one basis to another. Where one has no figure, those that have one are named."""
    from dashboard.analysis.bases import bases_of, offered, other_than

    if measure not in FORMULAS:
        raise WrongUse(f"--measure is {measure!r}; expected one of {', '.join(FORMULAS)}.")
    wanted = days_of(census) if census else None
    settings = from_environment()
    with opened(served_url(settings)) as engine, cache.reading(engine) as connection:
        scope = scope_of_code(connection, settings, organisation, function, {"census": census})
        # A page shows the nearest month and says so; a printed figure must be of the month asked for.
        if wanted and scope.census and not wanted[0] <= scope.census <= wanted[1]:
            raise WrongUse(f"--census is {census!r}; that month is not loaded for this scope.")
        bases = bases_of(connection, scope)
    assert bases is not None
    known = offered(bases, measure)
    if not known:
        raise WrongUse("Nobody is counted in this scope.")
    first = _known("--from", basis, known) if basis else OWN
    last = _known("--to", against, known) if against else other_than(bases, measure, first)
    made = bridge(first, last, lambda each: bases.figure(measure, each))
    assert made is not None
    told: list[tuple[str, Number | None, Basis]] = [(basis_words(first), None, first)]
    told += [(step_words(step), _number(step.size), step.after) for step in made.steps]
    rows = []
    for words, size, at in told:
        amount = bases.figure(measure, at)
        assert amount is not None
        assert amount.value is not None
        rows.append((words, size, _number(amount.value), amount.numerator, amount.denominator))
    say(f"{basis_words(first)} -> {basis_words(last)}")
    write_rows(layout, HEADERS, rows)
    return DONE


def _known(option: str, text: str, known: list[Basis]) -> Basis:
    try:
        found = OWN if text == "own" else basis_of(text)
    except ValueError:
        found = None
    if found is None or found not in known:
        names = ", ".join(each.text or "own" for each in known)
        raise WrongUse(f"{option} is {text!r}; this figure has these bases: {names}.")
    return found


def _number(value: Fraction) -> Number:
    return int(value) if value.denominator == 1 else float(value)
