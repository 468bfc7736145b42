"""Standards, milestones and targets by date, read from `rtt/reference/standards.csv`. England only.

A *standard* holds from its first day on; a *milestone* is due on its first day and holds until its last, if
it has one; a *historic* one is listed for the record, as its present force is not sourced. Local trajectories
are `Standard` values passed in by callers.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from rtt.terms import reference, wording

NATIONAL, PROVIDER = "national", "provider"
STANDARD, MILESTONE, HISTORIC, TRAJECTORY = "standard", "milestone", "historic", "trajectory"
SUPERSEDED = "superseded"

# The share a provider had at a month end, or None where it is not known.
BaselineFinder = Callable[[date], float | None]


@dataclass(frozen=True, slots=True)
class Standard:
    """One dated standard. `value` is in the indicator's unit, so 92% is 0.92.

    With `plus`, the rule is "the greater of `least` and the organisation's own baseline + `plus`", and
    `value` is None until `own_target` has worked it out. `baseline_month` None: the source names no month.
    """

    measure: str  # the key of an indicator
    scope: str  # incomplete | admitted | non-admitted | ...
    levels: tuple[str, ...]
    comparison: str  # >= | < | = | >
    value: float | None
    unit: str
    starts: date
    ends: date | None
    kind: str
    status: str
    source: str
    least: float | None = None
    plus: float | None = None
    baseline_month: date | None = None


@cache
def standards(
    *, measure: str | None = None, scope: str = "incomplete", level: str = NATIONAL, on: date | None = None
) -> tuple[Standard, ...]:
    """Standards of a measure (None: of all) at a level, in force on a date (None: ever), oldest first."""
    return tuple(
        standard
        for standard in every_standard()
        if measure in (None, standard.measure)
        and standard.scope == scope
        and level in standard.levels
        and (on is None or in_force(standard, on))
    )


def in_force(standard: Standard, on: date) -> bool:
    """Whether the standard applies on a date; both its first and its last day count."""
    return standard.starts <= on and (standard.ends is None or on <= standard.ends)


def applicable(
    measure: str,
    *,
    on: date,
    scope: str = "incomplete",
    level: str = NATIONAL,
    local: Iterable[Standard] = (),
) -> Standard | None:
    """The one a figure of that date is held against: a local trajectory, else a standard, else a milestone.

    Of several of one kind the newest; superseded and historic ones never. None where there is none.
    """
    published = standards(measure=measure, scope=scope, level=level, on=on)
    candidates = [one for one in local if one.measure == measure and in_force(one, on)]
    candidates += [one for one in published if one.kind != HISTORIC and one.status != SUPERSEDED]
    rank = {TRAJECTORY: 2, STANDARD: 1, MILESTONE: 0}
    return max(candidates, key=lambda one: (rank[one.kind], one.starts), default=None)


def milestones(
    measure: str, *, first: date, last: date, scope: str = "incomplete", level: str = NATIONAL
) -> tuple[Standard, ...]:
    """Milestones due between two dates, both included: the points beside the stepped line."""
    return tuple(
        one
        for one in standards(measure=measure, scope=scope, level=level)
        if one.kind == MILESTONE and first <= one.starts <= last
    )


def own_target(
    standard: Standard, baseline: BaselineFinder, *, baseline_month: date | None = None
) -> Standard | None:
    """`standard` with the value that its rule gives one organisation; itself where there is no rule.

    `baseline_month` (a month end) answers where the source does not say. None if the month or the
    organisation's figure for it is not known.
    """
    if standard.plus is None or standard.least is None:
        return standard
    month = standard.baseline_month or baseline_month
    share = baseline(month) if month else None
    if share is None:
        return None
    # Rounded, so that a baseline of 0.55 and five points ask for 0.6 and not for 0.6000000000000001.
    value = max(standard.least, round(share + standard.plus, 12))
    return replace(standard, value=value, baseline_month=month)


def is_met(standard: Standard, value: float) -> bool | None:
    """Whether a value, unrounded, meets the standard; None where the standard has no value yet."""
    if standard.value is None:
        return None
    compared = {
        ">=": value >= standard.value,
        "<": value < standard.value,
        "=": value == standard.value,
        ">": value > standard.value,
    }
    return compared[standard.comparison]


def target_words(standard: Standard) -> str:
    """What is asked, for a label: "92%", "under 1%", "none"; a rule not yet worked out in its own words."""
    if standard.value is None:
        if standard.least is None or standard.plus is None:
            return "not set"
        points = wording.number_text(wording.percent(standard.plus)).removesuffix(".0")
        return f"the greater of {wording.target_text(standard.least)} and {points} points above the baseline"
    if standard.unit != "percent":
        return "none" if standard.value == 0 else wording.number_text(standard.value)
    asked = wording.target_text(standard.value)
    return f"under {asked}" if standard.comparison == "<" else asked


def target_cell(standard: Standard | None) -> str:
    """What is asked, for the cell of a table: "92%", "0 allowed"; "–" where there is no standard."""
    if standard is None:
        return "–"
    return "0 allowed" if standard.value == 0 else target_words(standard)


def standard_words(standard: Standard) -> str:
    """The standard as a noun: "the 92% standard", "the milestone of 65% by 31 Mar 2026"."""
    if standard.kind == STANDARD:
        return f"the {target_words(standard)} standard"
    if standard.kind == TRAJECTORY:
        return f"the trajectory of {target_words(standard)}"
    return f"the milestone of {target_words(standard)} by {wording.date_text(standard.starts)}"


@cache
def every_standard() -> tuple[Standard, ...]:
    return tuple(sorted(map(_standard, reference.table("standards")), key=lambda one: one.starts))


def _standard(row: dict[str, str]) -> Standard:
    scale = 100 if row["unit"] == "percent" else 1
    value = float(row["value"]) / scale
    plus = float(row["plus"]) / scale if row["plus"] else None
    return Standard(
        measure=row["measure"],
        scope=row["scope"],
        levels=tuple(row["level"].split()),
        comparison=row["comparison"],
        value=None if plus is not None else value,
        unit=row["unit"],
        starts=date.fromisoformat(row["starts"]),
        ends=_date(row["ends"]),
        kind=row["kind"],
        status=row["status"],
        source=row["source"],
        least=value if plus is not None else None,
        plus=plus,
        baseline_month=_date(row["baseline_month"]),
    )


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
