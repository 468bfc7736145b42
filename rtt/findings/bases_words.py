"""The bases of a figure and the steps between them in plain words."""

from datetime import date
from fractions import Fraction

from rtt.measures.bases import (
    CARRIED,
    ESTIMATED,
    EVERYBODY,
    EXTRACT,
    FIRST,
    KNOWN,
    PROVIDER,
    REPORTED,
    REVISED,
    Basis,
    Step,
)
from rtt.terms.printed import MINUS
from rtt.terms.wording import list_text, month_text, number_text, signed_text

OWN_WORDS = "This dashboard’s figure"
MEANING = {
    "commissioners": "Patients of commissioners outside England (NONC), whom no published figure counts",
    "starts": "Completed pathways without a known clock start: in “Total All”, not in “Total”",
    "side": "The patients of this place, wherever they wait; or everybody at the providers at home in it",
    "missing": "What stands in for the trusts that did not report",
    "vintage": "The month as it is loaded, and as another file of NHS England prints it",
}
"""What each dimension is about."""
_BASES = {
    EVERYBODY: "with non-English commissioners",
    KNOWN: "known clock starts only",
    PROVIDER: "by provider",
    CARRIED: "with the last lists of missing trusts",
    ESTIMATED: "with NHS England’s estimates",
}
_ON = {
    EVERYBODY: "Non-English commissioners counted in",
    KNOWN: "Unknown clock starts left out",
    PROVIDER: "By provider, no longer by commissioner",
    CARRIED: "Last lists of missing trusts added",
    ESTIMATED: "NHS England’s estimates added",
}
_OFF = {
    EVERYBODY: "Non-English commissioners left out",
    KNOWN: "Unknown clock starts counted in",
    PROVIDER: "By commissioner, no longer by provider",
    CARRIED: "Last lists of missing trusts taken off",
    ESTIMATED: "NHS England’s estimates taken off",
}
LEAST = Fraction(1, 200_000)
"""Of a share: less is not half a thousandth of a point."""


def basis_words(basis: Basis) -> str:
    """ "This dashboard’s figure", "By provider and with non-English commissioners"."""
    if basis.vintage != EXTRACT:
        printed = _printed(basis.vintage)
        whole = (
            "NHS England’s headline with estimates" if basis.missing == ESTIMATED else "NHS England’s figure"
        )
        return f"{whole}, {printed}"
    words = [_BASES[each] for each in (basis.side, basis.commissioners, basis.starts) if each]
    words += [_BASES[basis.missing]] if basis.missing != REPORTED else []
    told = list_text(words) if words else OWN_WORDS
    return f"{told[0].upper()}{told[1:]}"


def _printed(vintage: str) -> str:
    if vintage in (FIRST, REVISED):
        return "table as first published" if vintage == FIRST else "table as revised"
    return f"series of {month_text(date(int(vintage[:4]), int(vintage[5:]), 1))}"


def step_words(step: Step) -> str:
    """What a step changes: "Non-English commissioners counted in"."""
    was, now = getattr(step.before, step.dimension), getattr(step.after, step.dimension)
    if step.dimension == "vintage":
        return f"As printed: {_printed(now)}" if now else "As loaded here"
    return _ON[now] if now else _OFF[was]


def figure_words(value: Fraction, *, share: bool) -> str:
    """A count in full, a share to a thousandth of a per cent."""
    return f"{number_text(float(100 * value), 3)}%" if share else number_text(float(value))


def size_words(size: Fraction, *, share: bool) -> str:
    """ "+12,034", "+0.048 points", "No difference"."""
    if not size:
        return "No difference"
    if not share:
        return signed_text(float(size))
    if abs(size) < LEAST:
        return f"{'+' if size > 0 else MINUS}under 0.001 points"
    return signed_text(float(100 * size), 3, unit=" points")
