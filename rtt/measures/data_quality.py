"""The data-quality checks in words, and how far the 18-week figure could move if what they found were wrong.

Which rows fail is found at ingest; here stand what a check means and whether it puts a wait in doubt. Bounds
are arithmetic, not estimates: they ask what the figure would be in the worst and in the best case.

Source: NHS England, Recording and reporting RTT waiting times, v5.0, annex B, and the usual checks of a
tracking list. The guidance names no thresholds; CARE is ours.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isclose
from typing import Final, Literal

from rtt.terms import wording

MONTHLY: Final = "monthly"
WEEKLY: Final = "weekly"
NO_CLOCK_START = "no_clock_start"
ROWS = "rows of the file"
CARE = 0.01  # bounds this far apart, one percentage point, call for care


@dataclass(frozen=True, slots=True)
class Check:
    """A question put to each row, list or provider. `in_doubt`: what fails may not belong where it counts."""

    key: str
    name: str
    meaning: str
    source: Literal["monthly", "weekly"]
    of: str  # what is counted: "pathways", "rows of the file", "lists"
    in_doubt: bool


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


def _weekly(key: str, name: str, meaning: str, *, in_doubt: bool, of: str = "pathways") -> Check:
    return Check(key, name, meaning, WEEKLY, of, in_doubt)


def _monthly(key: str, name: str, meaning: str, *, of: str, in_doubt: bool = True) -> Check:
    return Check(key, name, meaning, MONTHLY, of, in_doubt)


CHECKS: tuple[Check, ...] = (
    _weekly(
        NO_CLOCK_START,
        "No clock start",
        "Nobody can say how long the patient has waited. The pathway is on the list and in no week band.",
        in_doubt=True,
    ),
    _weekly(
        "row_left_out",
        "Row could not be read",
        "A date or code of the row cannot be meant, or the row has too many cells. It is left out.",
        in_doubt=True,
        of=ROWS,
    ),
    _weekly(
        "start_in_future",
        "Clock starts after the census",
        "The wait would be negative. The row is left out.",
        in_doubt=True,
        of=ROWS,
    ),
    _weekly(
        "end_before_start",
        "Clock stops before it starts",
        "One of the two dates is wrong. The row is left out.",
        in_doubt=True,
        of=ROWS,
    ),
    _weekly(
        "duplicate",
        "Same period twice",
        "Two rows have the same pathway, referral and clock start. One is counted, the other left out.",
        in_doubt=True,
        of=ROWS,
    ),
    _weekly(
        "status_99",
        "Status not yet known (99)",
        "Counted as still waiting, as the Data Dictionary says, until somebody records what happened.",
        in_doubt=True,
    ),
    _weekly("no_status", "No status", "The row does not say whether the clock still runs.", in_doubt=True),
    _weekly(
        "tci_in_past",
        "Admission date has passed",
        "The date offered lies before the census: treated and not recorded, or cancelled and not rebooked.",
        in_doubt=True,
        of="pathways with an admission date",
    ),
    _weekly(
        "tci_without_dta",
        "Admission date, no decision to admit",
        "A date is offered and no decision to admit is recorded. The date counts as no booking.",
        in_doubt=False,
        of="pathways with an admission date",
    ),
    _weekly(
        "implausible_date",
        "Date that cannot be meant",
        "A date of the pathway lies too far from the census to be real. That date is not used.",
        in_doubt=True,
    ),
    _weekly(
        "no_identity",
        "No pathway number",
        "The row cannot be followed from week to week, nor told from a copy of itself.",
        in_doubt=True,
    ),
    _weekly(
        "unvalidated",
        "Not validated in the last 12 weeks",
        "Waiting over 12 weeks, and nobody has checked the pathway within 12 weeks. Unchecked, not wrong.",
        in_doubt=False,
        of="pathways over 12 weeks",
    ),
    _weekly(
        "admitted_without_dta",
        "Admitted list, no decision to admit",
        "The pathway is on the list for admission, and no decision to admit is recorded.",
        in_doubt=False,
        of="pathways for admission",
    ),
    _weekly(
        "dta_not_admitted",
        "Decision to admit, not on the admitted list",
        "A decision to admit is recorded and the pathway is not on the list for admission.",
        in_doubt=False,
        of="pathways with a decision to admit",
    ),
    _weekly(
        "unknown_treatment_function",
        "No specialty",
        "Counted in the total and in no specialty.",
        in_doubt=False,
    ),
    _weekly("unknown_priority", "No priority", "Counted under “priority not known”.", in_doubt=False),
    _weekly("unknown_site", "No site", "Counted under a site that is not known.", in_doubt=False),
    _monthly(
        "part_missing",
        "Part of the return missing",
        "The provider reported this part the month before and does not now.",
        of="parts of providers",
    ),
    _monthly(
        "identical_to_last_month",
        "Same as the month before",
        "Every week band of the part repeats the month before.",
        of="parts of providers",
    ),
    _monthly(
        "big_change",
        "List doubled or halved",
        "A list of 1,000 or more at least doubled or halved within a month.",
        of="lists",
    ),
    _monthly(
        "new_periods_below_first_bands",
        "Fewer new periods than recent starts",
        "More pathways have waited under four weeks than clocks started in the month.",
        of="providers",
    ),
    _monthly(
        "dta_above_list",
        "More decisions to admit than waiting",
        "Part 2A is part of part 2 and cannot be the larger.",
        of="rows of part 2A",
    ),
    _monthly(
        "unknown_clock_start",
        "Treated, clock start not known",
        "Completed pathways without a known start. They are in no week band; the waiting list has none.",
        of="completed pathways",
        in_doubt=False,
    ),
    _monthly(
        "first_week",
        "Treated in the first week",
        "A large share of completed pathways of one week or less can mean clocks that start too late.",
        of="completed pathways",
        in_doubt=False,
    ),
)  # fmt: skip

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
    """The change between two shares as shown: "+0.2 points"."""
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
