"""What came of an initiative: its trusts against the rest of England, by placebos.

The smallest effect that could be seen is part of the result, and is told before it. Worked out anew from the
months that are held: what is frozen is what was registered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy import Connection

from dashboard.store.initiatives import Initiative
from dashboard.store.loaded_extracts import loaded_extracts
from dashboard.store.trust_lists import trust_lists
from ingest.extracts.organisations import kind_of
from ingest.store.schema import MONTHLY
from rtt.planning.initiatives import LEAST_LIST, LEAST_MONTHS_BEFORE, RARE, Evaluation, evaluated
from rtt.terms.arrays import Bools, Floats
from rtt.terms.calendar import add_months
from rtt.terms.treatment_functions import TOTAL
from rtt.terms.wording import list_text, month_text, plural

WORST = 0.1


@dataclass(frozen=True, slots=True)
class Result:
    """With `why_not` there is no evaluation.

    `before` and `after` are months, `comparisons` the trusts it is held against. `worst_tenth`: those are the
    worst tenth alone, since trusts chosen for being worst improve by themselves. `too_few`: so few that no
    result could be rarer than 1 in 20.
    """

    why_not: str = ""
    evaluation: Evaluation | None = None
    before: int = 0
    after: int = 0
    comparisons: int = 0
    worst_tenth: bool = False
    registered_first: bool = True

    @property
    def too_few(self) -> bool:
        return self.evaluation is not None and 1 / (self.comparisons + 1) >= RARE


@dataclass(frozen=True, slots=True, eq=False)
class _Panel:
    """Trusts with a whole series: their codes, (trusts, months) of the measure, and the months."""

    codes: tuple[str, ...]
    series: Floats
    months: tuple[date, ...]


def result_of(connection: Connection, initiative: Initiative) -> Result:
    """The result of an initiative on the months held. One statement, remembered."""
    first = initiative.registered_first
    months = _run(loaded_extracts(connection).censuses(MONTHLY))
    before = sum(month < initiative.starts_on for month in months)
    if not months or before == len(months):
        return Result(
            f"No month since its start, {month_text(initiative.starts_on)}, is loaded.",
            registered_first=first,
        )
    if before < LEAST_MONTHS_BEFORE:
        return Result(
            f"A result needs {LEAST_MONTHS_BEFORE} months without a gap before the start; "
            f"{plural(before, 'month')} {'is' if before == 1 else 'are'} held.",
            registered_first=first,
        )
    panel = panel_of(connection, initiative.function, initiative.measure, months, before)
    missing = [code for code in initiative.trusts if code not in panel.codes]
    if missing:
        return Result(
            f"{list_text(missing)} had no list of over {LEAST_LIST:,} pathways in every month, as each trust "
            "of the comparison has.",
            registered_first=first,
        )
    members = np.array([panel.codes.index(code) for code in initiative.trusts])
    tenth = _worst(panel.series[:, :before].mean(axis=1), initiative.measure)
    among = bool(tenth.any()) and (initiative.worst or bool(tenth[members].all()))
    if among:
        keep = np.flatnonzero(tenth | np.isin(np.arange(len(tenth)), members))
        members = np.searchsorted(keep, members)
        panel = _Panel(tuple(panel.codes[at] for at in keep), panel.series[keep], panel.months)
    others = len(panel.codes) - len(members)
    if others < 2:
        return Result("There are too few other trusts to compare with.", registered_first=first)
    return Result(
        evaluation=evaluated(panel.series, before, members),
        before=before,
        after=len(months) - before,
        comparisons=others,
        worst_tenth=among,
        registered_first=first,
    )


def panel_of(
    connection: Connection, function: str, measure: str, months: Sequence[date], before: int
) -> _Panel:
    """NHS trusts over 5,000 pathways in every month, and with a list of the specialty in every month."""
    functions = (TOTAL,) if function == TOTAL else (TOTAL, function)
    lists = trust_lists(connection, functions)
    codes = []
    rows = []
    for code in sorted({code for code, _ in lists}):
        whole, own = lists.get((code, TOTAL), {}), lists.get((code, function), {})
        large = all(whole.get(month, (0, 0, 0))[0] > LEAST_LIST for month in months)
        waits = all(own.get(month, (0, 0, 0))[0] > 0 for month in months)
        if large and waits and kind_of(code, months[-1]) == "nhs":
            codes.append(code)
            rows.append([own[month] for month in months])
    counts = np.array(rows, dtype=np.float64).reshape(len(rows), len(months), 3)
    return _Panel(tuple(codes), _measured(counts, measure, before), tuple(months))


def _measured(counts: Floats, measure: str, before: int) -> Floats:
    """Points of the list, or per cent of the mean list before."""
    total, within, over = np.moveaxis(counts, -1, 0)
    if measure == "total":
        return np.asarray(100 * total / total[:, :before].mean(axis=1, keepdims=True))
    return np.asarray(100 * (within if measure == "share_within_18" else over) / total)


def _worst(level: Floats, measure: str) -> Bools:
    """The tenth that was worst before: fewest within 18 weeks, most over 52; of lists, taken as none."""
    if measure == "total":
        return np.zeros(len(level), dtype=bool)
    order = level if measure == "share_within_18" else -level
    return np.asarray(order <= np.quantile(order, WORST))


def _run(months: Sequence[date]) -> tuple[date, ...]:
    """The months without a gap that end with the newest."""
    run = list(months[-1:])
    for month in reversed(months[:-1]):
        if add_months(month, 1) != run[0]:
            break
        run.insert(0, month)
    return tuple(run)
