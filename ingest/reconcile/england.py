"""Our figures for England beside the published ones, measure by measure.

For every month whose extract is held, each figure that the newest workbook printing that month gives is
compared with the same figure from our facts: England, all treatment functions, non-English commissioners left
out. Counts must be equal exactly; shares and percentiles within 1e-6. Nothing is estimated: a figure that
holds estimates, or that our facts cannot carry, is said to be not comparable, with the reason.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
from sqlalchemy import Connection, Select, null, select, type_coerce, union_all

from ingest.extracts.published.published_measures import WITH_ESTIMATES, is_computed
from ingest.reconcile.england_figures import EnglandMonth, england_months, england_rows
from ingest.store.schema import MONTHLY, PUBLISHED, extract, published
from rtt.terms.wording import plural

State = Literal["equal", "differs", "not comparable"]

SECTION_NAMES = {
    "incomplete": "incomplete",
    "admitted": "admitted",
    "non_admitted": "non-admitted",
    "new_periods": "new periods",
    "unreported_removals": "unreported removals",
}

# From October 2022 data the median is calculated as the percentiles are; before, it can differ in the second
# decimal (note 9 of the workbooks of October 2022 and August 2023).
MEDIANS_LIKE_PERCENTILES_FROM = date(2022, 10, 1)
OLD_MEDIAN_TOLERANCE = 0.05
TOLERANCE = 1e-6
# A few counts of 2007 and 2008 are printed with a stray millionth.
COUNT_TOLERANCE = 1e-4


@dataclass(frozen=True, slots=True)
class Comparison:
    """One published figure beside ours. `published` is text where the workbook prints text, such as '52+'."""

    month: date  # month end
    section: str
    measure: str
    ours: float | str | None
    published: float | str | None
    difference: float | None
    state: State
    reason: str
    vintage: str


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What a list of comparisons comes to, month by month."""

    held: tuple[date, ...]
    compared: tuple[date, ...]  # months with at least one figure compared
    equal: tuple[date, ...]  # of those, months where every figure compared is equal
    differing: tuple[Comparison, ...]

    @property
    def sentence(self) -> str:
        """'Equals the published figure for 12 of 12 months'; says so when nothing could be compared."""
        if not self.compared:
            return "Not compared with the published figures: no month is in both an extract and a workbook"
        return f"Equals the published figure for {len(self.equal)} of {plural(len(self.compared), 'month')}"


@dataclass(frozen=True, slots=True)
class _Figure:
    measure: str
    value: float | None
    shown: str


_Printed = tuple[str, Sequence[_Figure]]  # vintage and figures of a month


def reconcile(connection: Connection) -> list[Comparison]:
    """Every comparison, oldest month first, in the order of the workbook's sections. One statement."""
    ours, theirs = _read(connection)
    comparisons: list[Comparison] = []
    for month, facts in sorted(ours.items()):
        if month not in theirs:
            reason = "no workbook that is loaded prints this month"
            comparisons.append(
                Comparison(month, "all", "all", None, None, None, "not comparable", reason, "")
            )
            continue
        vintage, figures = theirs[month]
        printed = {figure.measure: figure for figure in figures}
        comparisons += [
            _compared(month, facts, figure, printed, vintage)
            for section in SECTION_NAMES
            for figure in figures
            if figure.measure.partition(".")[0] == section
        ]
    return comparisons


def summary(comparisons: Iterable[Comparison]) -> Reconciliation:
    """The comparisons counted by month."""
    comparisons = list(comparisons)
    compared = {each.month for each in comparisons if each.state != "not comparable"}
    differing = tuple(each for each in comparisons if each.state == "differs")
    equal = compared - {each.month for each in differing}
    held = {each.month for each in comparisons}
    return Reconciliation(tuple(sorted(held)), tuple(sorted(compared)), tuple(sorted(equal)), differing)


def _compared(
    month: date, ours: EnglandMonth, figure: _Figure, printed: Mapping[str, _Figure], vintage: str
) -> Comparison:
    section, _, measure = figure.measure.partition(".")
    value, reason = _our_figure(ours, figure, printed)
    state: State = "not comparable"
    difference = None
    if value is not None:
        state = "equal" if _equal(month, measure, value, figure, ours.open_band) else "differs"
        if figure.value is not None and np.isfinite(value):
            difference = value - figure.value
    return Comparison(
        month,
        SECTION_NAMES[section],
        measure,
        _text_or_number(value, ours.open_band),
        figure.shown or _whole(measure, figure.value),
        difference,
        state,
        reason,
        vintage,
    )


def _our_figure(
    ours: EnglandMonth, figure: _Figure, printed: Mapping[str, _Figure]
) -> tuple[float | None, str]:
    """Our value for a published figure, or None and why there is none."""
    plain = figure.measure.removesuffix(WITH_ESTIMATES)
    other = printed.get(plain)
    # Where no trust was missing, the column "with estimates" repeats the returned figure: ours must equal it.
    if other is None or (figure.value, figure.shown) != (other.value, other.shown):
        return None, "holds estimates for trusts that did not submit"
    if plain in ours.figures:
        return ours.figures[plain], ""
    return None, ours.missing.get(plain, "this measure is not computed from the extract")


def _equal(month: date, measure: str, ours: float, figure: _Figure, open_band: int) -> bool:
    if np.isinf(ours):
        # Off the scale is printed as '52+', or as the number 104 in a format that shows it as '104+'.
        return figure.shown == f"{open_band}+" or figure.value == open_band
    if figure.value is None:
        return False
    difference = abs(ours - figure.value)
    if not is_computed(measure):
        return difference < COUNT_TOLERANCE
    if measure.startswith("median") and month < MEDIANS_LIKE_PERCENTILES_FROM:
        return difference <= OLD_MEDIAN_TOLERANCE
    return difference <= TOLERANCE


def _whole(measure: str, value: float | None) -> float | None:
    # A workbook's cells are all floating numbers.
    count = value is not None and not is_computed(measure) and value.is_integer()
    return int(value) if value is not None and count else value


def _text_or_number(value: float | None, open_band: int) -> float | str | None:
    return f"{open_band}+" if value is not None and np.isinf(value) else value


def _read(connection: Connection) -> tuple[dict[date, EnglandMonth], dict[date, _Printed]]:
    """Our months, and theirs: rows of two shapes in one answer, each with nothing in the other's columns."""
    ours, theirs = england_rows().subquery(), _published_rows().subquery()
    of_ours, of_theirs = ([type_coerce(null(), c.type) for c in each.c] for each in (ours, theirs))
    statement = union_all(select(*ours.c, *of_theirs), select(*of_ours, *theirs.c))
    rows = connection.execute(statement).all()
    width = len(ours.c)
    return (
        england_months(row[:width] for row in rows if row[0] is not None),
        _published_months(row[width:] for row in rows if row[0] is None),
    )


def _published_rows() -> Select[Any]:
    held = select(extract.c.census_date).where(extract.c.source == MONTHLY)
    columns = (published.c.month, extract.c.section, extract.c.id, published.c.measure)
    return (
        select(*columns, published.c.value, published.c.shown)
        .join(extract, extract.c.id == published.c.extract_id)
        .where(extract.c.source == PUBLISHED, published.c.month.in_(held))
    )


def _published_months(rows: Iterable[Sequence[Any]]) -> dict[date, _Printed]:
    """Month -> vintage and figures of the newest workbook that prints anything for it."""
    newest: dict[date, tuple[str, list[_Figure]]] = {}
    by_age = sorted(rows, key=lambda row: (row[0], row[1], row[2]), reverse=True)
    for month, vintage, _, measure, value, shown in by_age:
        kept, figures = newest.setdefault(month, (vintage, []))
        if kept == vintage:
            figures.append(_Figure(measure, value, shown))
    return {
        month: (vintage, sorted(figures, key=lambda figure: figure.measure))
        for month, (vintage, figures) in newest.items()
    }
