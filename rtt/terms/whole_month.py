"""What a whole month of the return holds, by its date, and what a file lacks of it.

A file cut out for one trust, one region or one part of the return, or cut off half-way, reads as well as a
whole month and is not England. The counts are the least that any whole month has held, so that even the first
file can be judged.

Source: NHS England, full extracts of April 2024 to February 2026 (445 to 537 providers) and the overview time
series (lists of England since 2007).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rtt.terms.parts import COMPLETED, INCOMPLETE, NEW_PERIODS, PARTS
from rtt.terms.wording import list_text, month_text, number_text, plural, share_text

PART_OF_ENGLAND = "Part of England"
FLOWS = (*COMPLETED, NEW_PERIODS)
MANY = 20  # providers, from which on a part that none of them has was left out of the file
NEARLY = 0.9  # of the most that is held: a function or an ICB fewer is a change of the return


@dataclass(frozen=True, slots=True)
class Composition:
    """Of what a month of the return consists. `total`: England's list, without the commissioner NONC."""

    providers: int = 0
    regions: int = 0
    icbs: int = 0
    functions: int = 0
    parts: frozenset[str] = frozenset()
    total: int = 0
    has_nonc: bool = True


# The least that no whole month of an era has less of, newest era first; 0 where none is listed. Seven regions
# from April 2019; ICBs (STPs before July 2022) are parents from April 2020 on, and twelve of the 42 made way
# for six in April 2026.
_ERAS = {
    "providers": ((date(2024, 4, 1), 400), (date.min, 200)),
    "regions": ((date(2019, 4, 1), 7), (date.min, 4)),
    "icbs": ((date(2026, 4, 1), 36), (date(2022, 7, 1), 42), (date(2020, 4, 1), 40)),
    "functions": ((date(2021, 4, 1), 23), (date.min, 18)),
    "parts": ((date(2015, 10, 1), 5), (date.min, 3)),
    "total": ((date(2022, 7, 1), 6_000_000), (date(2021, 4, 1), 5_000_000), (date.min, 2_300_000)),
}


@lru_cache(maxsize=1024)
def least(month: date) -> Mapping[str, int]:
    """The least providers, regions, icbs, functions, parts and total of a whole month, by name."""
    return {name: next((count for start, count in eras if month >= start), 0) for name, eras in _ERAS.items()}


def lacking(month: date, held: Composition) -> tuple[str, ...]:
    """In words, what a month lacks of a whole one: "1 of 7 regions". () if nothing is seen to be missing."""
    whole = least(month)
    counted = (
        ("regions", held.regions, whole["regions"]),
        ("ICBs", held.icbs, whole["icbs"]),
        ("treatment functions", held.functions, whole["functions"]),
    )
    said = [f"{found} of {of} {what}" for what, found, of in counted if found < of]
    if held.providers < (providers := whole["providers"]):
        said.append(f"{plural(held.providers, 'provider')} (a whole month has over {providers})")
    if len(held.parts) < (parts := whole["parts"]):
        gone = [f"Part_{part}" for part in PARTS if part not in held.parts]
        said.append(f"{len(held.parts)} of {parts} parts of the return (no {list_text(gone)})")
    if not said and held.total < (total := whole["total"]):
        said.append(
            f"a list of {plural(held.total, 'pathway')} (England’s has been over {number_text(total)})"
        )
    return tuple(said)


def parts_not_held(month: date, held: Composition) -> tuple[str, ...]:
    """The parts of the return of which a month's file says nothing, so that they are not known and not zero.

    Of a few providers it cannot be told: a community trust admits nobody. There the flows are not known where
    the file holds none of them at all.
    """
    before = ("2A", "3") if least(month)["parts"] < len(PARTS) else ()
    absent = tuple(part for part in PARTS if part not in held.parts)
    if held.providers >= MANY:
        return absent
    flows = tuple(part for part in FLOWS if part in absent)
    return tuple(
        part
        for part in absent
        if part == INCOMPLETE or part in before or (part in FLOWS and len(flows) == len(FLOWS))
    )


def lacking_of_a_provider(month: date, held: Composition) -> tuple[str, ...]:
    """What the file lacks of a single provider's return, whatever places it holds."""
    said = []
    functions = least(month)["functions"]
    if held.functions < functions and held.providers >= MANY:
        said.append(f"{held.functions} of {functions} treatment functions")
    if gone := [f"Part_{part}" for part in parts_not_held(month, held)]:
        said.append(f"nothing of {list_text(gone)}")
    return tuple(said)


def shortfall(held: Composition, whole: Composition, of: date) -> str:
    """By how much a month falls short of a whole one: "59,472 pathways where March 2024 had 7,538,830"."""
    share = f", {share_text(held.total / whole.total)} of it" if whole.total else ""
    mine = f"{plural(held.providers, 'provider')} and {plural(held.total, 'pathway')}"
    theirs = f"{number_text(whole.providers)} and {number_text(whole.total)}"
    return f"{mine} where {month_text(of)} had {theirs}{share}"


def uneven(month: date, held: Composition, months: Iterable[tuple[date, Composition]]) -> frozenset[str]:
    """'places' or 'functions' of which a month lacks some that other months held, whole ones, have.

    Its figures are then no continuation of theirs, although every provider may be in it.
    """
    others, whole = [each for _, each in months], least(month)
    found = set()
    for kind, name in (("places", "regions"), ("places", "icbs"), ("functions", "functions")):
        count, needed = getattr(held, name), whole[name]
        most = max((getattr(each, name) for each in others), default=0)
        if count < needed and most >= NEARLY * needed and count < NEARLY * most:
            found.add(kind)
    return frozenset(found)
