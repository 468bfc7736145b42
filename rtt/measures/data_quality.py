"""The data-quality checks in words, and how far the 18-week figure could move if what they found were wrong.

Ingest finds the rows that fail; the table `rtt/reference/data_quality_checks.csv` says what each check means
and whether it puts a wait in doubt. Bounds are arithmetic, not estimates: the figure in the worst case and in
the best.

Source: NHS England, Recording and reporting RTT waiting times, v5.0, annex B, and the usual checks of a PTL.
The guidance names no thresholds; CARE is ours.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isclose

from rtt.terms import reference, wording

MONTHLY, WEEKLY = "monthly", "weekly"
NO_CLOCK_START = "no_clock_start"
ROWS = "rows of the file"
CARE = 0.01  # bounds this far apart, one percentage point, call for care


@dataclass(frozen=True, slots=True)
class Check:
    """`of` is what the check counts, such as ROWS; `in_doubt`: the wait may be wrong, or nobody may wait."""

    key: str
    source: str  # weekly | monthly
    of: str
    in_doubt: bool
    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Faulty:
    """Failed rows by where they stand in the figure: within 18 weeks, over, or not counted at all."""

    within: float = 0
    over: float = 0
    left_out: float = 0


@dataclass(frozen=True, slots=True)
class Bounds:
    """The share within 18 weeks as it is, and the lowest and highest it could be; shares from 0 to 1."""

    share: float
    lowest: float
    highest: float


CHECKS = tuple(
    Check(row["key"], row["source"], row["of"], row["in_doubt"] == "yes", row["name"], row["meaning"])
    for row in reference.table("data_quality_checks")
)
BY_KEY = {check.key: check for check in CHECKS}


def faulty(key: str, *, failed: float, failed_within: float | None, counted: bool) -> Faulty:
    """Where the failed rows of a check stand. Without a clock start: on the list, not in the share."""
    if not counted or key == NO_CLOCK_START:
        return Faulty(left_out=failed)
    within = failed_within or 0
    return Faulty(within=within, over=failed - within)


def bounds(within: float, known: float, faults: Iterable[Faulty]) -> Bounds | None:
    """The share if every faulty row were counted in, on either side of 18 weeks, or out; None for no list.

    A row that fails two checks counts in both, so the bounds are never too narrow.
    """
    if known <= 0:
        return None
    found = list(faults)
    inside = min(sum(each.within for each in found), within)
    over = min(sum(each.over for each in found), known - within)
    left_out = sum(each.left_out for each in found)
    share = within / known
    lowest = _ratio(within - inside, known - inside + left_out, share)
    highest = _ratio(within + left_out, known - over + left_out, share)
    return Bounds(share, lowest, highest)


def bounds_without(within: float, known: float, lists: Iterable[tuple[float, float]]) -> Bounds | None:
    """The lowest and highest share if any of these lists, each (within, known), were left out of the sum."""
    if known <= 0:
        return None
    some = [each for each in lists if each[1] > 0]
    # The highest share within is the lowest share over, taken from one.
    over = [(of - inside, of) for inside, of in some]
    return Bounds(
        within / known,
        _lowest_without(within, known, some),
        1 - _lowest_without(known - within, known, over),
    )


def is_wide(found: Bounds) -> bool:
    """Whether what the checks found could move the figure enough to matter."""
    return found.highest - found.lowest >= CARE


def range_words(found: Bounds) -> str:
    """ "between 60.1% and 60.6%", as shown; "60.3% either way" where nothing shown would change."""
    low, high = wording.share_text(found.lowest), wording.share_text(found.highest)
    return f"{low} either way" if low == high else f"between {low} and {high}"


def effect_words(found: Bounds | None) -> str:
    """The effect on the headline in points as shown: "−0.1 to +0.2 points", "None"."""
    if found is None:
        return wording.NOT_KNOWN
    now = wording.percent(found.share)
    down, up = wording.percent(found.lowest) - now, wording.percent(found.highest) - now
    if not down and not up:
        # With nothing found, the two differ by what the machine rounds.
        return "None" if isclose(found.lowest, found.highest, abs_tol=1e-12) else "under 0.1 points"
    return f"{wording.signed_text(down)} to {wording.signed_text(up)} points"


def of_words(check: Check, checked: str) -> str:
    """How many rows a check looked at, as printed, with what they are: "1 pathway with an admission date"."""
    noun, space, rest = check.of.partition(" ")
    return f"{checked} {noun.removesuffix('s') if checked == '1' else noun}{space}{rest}"


def change_words(now: float, then: float) -> str:
    return f"{wording.signed_text(wording.percent(now) - wording.percent(then))} points"


def _ratio(above: float, below: float, otherwise: float) -> float:
    return above / below if below > 0 else otherwise


def _lowest_without(within: float, known: float, lists: list[tuple[float, float]]) -> float:
    """The share after leaving out lists, highest share first, as long as each lies above what is left."""
    for one_within, one_known in sorted(lists, key=lambda each: each[0] / each[1], reverse=True):
        if known <= one_known or one_within / one_known <= within / known:
            break
        within, known = within - one_within, known - one_known
    return within / known
