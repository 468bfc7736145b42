"""The bases on which one figure is counted, and the bridge from one to another.

A basis is a value with its dimensions. Two published figures of the same list differ because one of them
differs in some dimension; the bridge changes one dimension at a time, so that every step has its size and the
steps add up to the difference exactly: counts in whole numbers, shares as fractions.

First comes off what the first basis adds to this dashboard's own, the last of DIMENSIONS first; then goes on
what the other adds, in their order. So the way back is the same bridge from its other end, with its signs
turned. Of a share the size of a step depends on this order; of a count it does not.

Nothing here knows where counts come from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

ENGLISH, EVERYBODY = "", "nonc"  # commissioners
ALL_STARTS, KNOWN = "", "known"  # clock starts of completed pathways
COMMISSIONER, PROVIDER = "", "provider"  # whose patients: of the place's commissioners, or of its providers
REPORTED, CARRIED, ESTIMATED = "", "carried", "estimated"  # lists of those that did not report
EXTRACT, FIRST, REVISED = "", "first", "revised"  # vintage: the extract, or a published table or series

DIMENSIONS = ("vintage", "missing", "side", "commissioners", "starts")
_SERIES = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, order=True)
class Basis:
    """How a figure is counted; what is left out is this dashboard's own way.

    `vintage`: FIRST or REVISED of a published table, or the month of publication of the time series,
    "2026-05".
    """

    vintage: str = EXTRACT
    missing: str = REPORTED
    commissioners: str = ENGLISH
    starts: str = ALL_STARTS
    side: str = COMMISSIONER

    @property
    def text(self) -> str:
        """The basis in an address, "nonc.provider"; '' for this dashboard's own."""
        return ".".join(filter(None, (getattr(self, name) for name in DIMENSIONS)))


OWN = Basis()
_WORDS = {
    EVERYBODY: "commissioners",
    KNOWN: "starts",
    PROVIDER: "side",
    CARRIED: "missing",
    ESTIMATED: "missing",
    FIRST: "vintage",
    REVISED: "vintage",
}


def basis_of(text: str) -> Basis:
    """The basis that an address names. ValueError names the word that says nothing."""
    found = OWN
    for word in filter(None, text.split(".")):
        dimension = "vintage" if _SERIES.fullmatch(word) else _WORDS.get(word)
        if dimension is None:
            raise ValueError(word)
        found = replace(found, **{dimension: word})
    return found


# What a measure is made of: sums of counts by part of the return, with their signs.
Term = tuple[int, str, str]  # sign, part, count
Counts = Mapping[tuple[str, str], int]  # part and count -> pathways


@dataclass(frozen=True, slots=True)
class Formula:
    """A count, or a share where there is a denominator."""

    numerator: tuple[Term, ...]
    denominator: tuple[Term, ...] = ()


_LIST: tuple[Term, ...] = ((1, "2", "total"),)
_BANDED: tuple[Term, ...] = (*_LIST, (-1, "2", "unknown"))
_STOPS: tuple[Term, ...] = ((1, "1A", "total"), (1, "1B", "total"))
FORMULAS = {
    "share_within_18": Formula(((1, "2", "within_18"),), _BANDED),
    "total": Formula(_LIST),
    "passing_18_in_4_weeks": Formula(((1, "2", "over_14_to_18"),)),
    "passing_52_in_4_weeks": Formula(((1, "2", "over_48_to_52"),)),
    "over_18": Formula((*_BANDED, (-1, "2", "within_18"))),
    "over_40": Formula(((1, "2", "over_40"),)),
    "over_52": Formula(((1, "2", "over_52"),)),
    "share_over_52": Formula(((1, "2", "over_52"),), _LIST),
    "over_65": Formula(((1, "2", "over_65"),)),
    "over_78": Formula(((1, "2", "over_78"),)),
    "over_104": Formula(((1, "2", "over_104"),)),
    "starts": Formula(((1, "3", "total"),)),
    "stops": Formula(_STOPS),
    "starts_less_stops": Formula(((1, "3", "total"), *((-1, part, count) for _, part, count in _STOPS))),
    "stops_admitted": Formula(_STOPS[:1]),
    "stops_non_admitted": Formula(_STOPS[1:]),
    "share_stops_admitted": Formula(_STOPS[:1], _STOPS),
    "with_decision_to_admit": Formula(((1, "2A", "total"),)),
    "share_with_decision_to_admit": Formula(((1, "2A", "total"),), _LIST),
}
"""Indicator -> what it is made of: every count and share of one census."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure in whole pathways; `denominator` None of a count."""

    numerator: int
    denominator: int | None = None

    @property
    def value(self) -> Fraction | None:
        """None for a share of nobody."""
        if self.denominator is None:
            return Fraction(self.numerator)
        return Fraction(self.numerator, self.denominator) if self.denominator else None


def amount_of(formula: Formula, counts: Counts) -> Amount | None:
    """The figure that these counts come to; None where one of them is not known."""
    sums = []
    for terms in (formula.numerator, formula.denominator):
        if any((part, count) not in counts for _, part, count in terms):
            return None
        sums.append(sum(sign * counts[part, count] for sign, part, count in terms))
    return Amount(sums[0], sums[1] if formula.denominator else None)


@dataclass(frozen=True, slots=True)
class Step:
    """One dimension changed: the figure before and after it."""

    dimension: str
    before: Basis
    after: Basis
    was: Fraction
    becomes: Fraction

    @property
    def size(self) -> Fraction:
        return self.becomes - self.was


@dataclass(frozen=True, slots=True)
class Bridge:
    """From one figure to another; the sizes of `steps` add up to `end` less `start` exactly."""

    first: Basis
    last: Basis
    start: Fraction
    end: Fraction
    steps: tuple[Step, ...]

    @property
    def difference(self) -> Fraction:
        return self.end - self.start


def way(first: Basis, last: Basis) -> list[Basis]:
    """The bases from one to another: what the first adds to this dashboard's own is taken off, then what the
    other adds is put on.
    """
    order = DIMENSIONS if first <= last else DIMENSIONS[::-1]
    differ = {name for name in DIMENSIONS if getattr(first, name) != getattr(last, name)}
    off = [name for name in DIMENSIONS[::-1] if name in differ and not getattr(last, name)]
    on = [name for name in DIMENSIONS if name in differ and not getattr(first, name)]
    changed = [name for name in order if name in differ and name not in (*off, *on)]
    bases = [first]
    for name in (*off, *changed, *on):
        bases.append(replace(bases[-1], **{name: getattr(last, name)}))
    return bases


def bridge(first: Basis, last: Basis, figure: Callable[[Basis], Amount | None]) -> Bridge | None:
    """The bridge between the figures of two bases; None where a figure on the way is not known."""
    bases = way(first, last)
    values = [amount.value if (amount := figure(basis)) is not None else None for basis in bases]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None
    steps = tuple(
        Step(_changed(*pair), *pair, *between)
        for pair, between in zip(pairwise(bases), pairwise(known), strict=True)
    )
    return Bridge(first, last, known[0], known[-1], steps)


def _changed(before: Basis, after: Basis) -> str:
    return next(name for name in DIMENSIONS if getattr(before, name) != getattr(after, name))
