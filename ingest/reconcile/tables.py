"""Our figures by organisation and treatment function beside the publisher's tables, cell by cell.

Every month, level and part of which a table is loaded is compared where the extract of the month is held.
Counts must be equal exactly; shares and weeks to the places that the table gives. A figure that differs says
why where that can be seen from the two sources; none is put right.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, cast

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, Row, func, select

from ingest.extracts.published.published_measures import is_computed
from ingest.reconcile.england import MEDIANS_LIKE_PERCENTILES_FROM, OLD_MEDIAN_TOLERANCE
from ingest.store.closures import closures
from ingest.store.schema import ENGLISH, MONTHLY, NONC, PUBLISHED, extract, pathway_counts, published_figure
from rtt.measures.percentiles import FEWEST_PATHWAYS, percentile_weeks
from rtt.terms.waits import BAND_COLUMNS

State = Literal["equal", "differs", "not comparable"]

FULL_PRECISION = 1e-6
REASONS = {
    "nonc": "published with non-English commissioners (NONC)",
    "suppressed": f"the publisher computes no share or weeks of fewer than {FEWEST_PATHWAYS} pathways",
    "rounding": "rounding in the last digit that is published",
    "codes": "the organisation's code is not in the extract of the month",
    "revised": "the extract and the table count different pathways: one is a later revision",
    "open band": "the extract's bands end below",
    "nobody": "a share of no pathways, which the publisher prints as 0",
    "": "not explained",
}
# Of what the table's figures are made; weeks and shares follow from the bands.
_COUNTS = ("total", "unknown_clock_start", "within_18", "over_52", "over_65", "over_78", "over_104")
_c = pathway_counts.c

Cell = tuple[str, str]  # organisation, treatment function
Table = tuple[date, str, str]  # month, level, part


@dataclass(frozen=True, slots=True)
class CellComparison:
    """A published figure from which ours differs. None: not computed, or no row."""

    month: date
    level: str
    part: str
    organisation_code: str
    treatment_function: str
    measure: str
    ours: float | None
    published: float | str | None
    difference: float | None
    reason: str  # key of REASONS
    vintage: str


@dataclass(frozen=True, slots=True)
class Held:
    """How the figures of one table and treatment function compare."""

    month: date
    level: str
    part: str
    treatment_function: str
    figures: int
    equal: int
    largest: float  # difference of a count, share or number of weeks
    not_printed: int  # organisations of ours with pathways that the table does not have

    @property
    def differs(self) -> int:
        return self.figures - self.equal


@dataclass(frozen=True, slots=True)
class TableReconciliation:
    """Every table held beside ours: counts, the figures that differ, and months that cannot be compared."""

    held: tuple[Held, ...]
    differing: tuple[CellComparison, ...]
    without_extract: Mapping[tuple[str, str], Sequence[date]]  # basis and part -> months, oldest first
    months_left: int = 0  # older months that were not asked for

    @property
    def sentence(self) -> str:
        """'38,880 of 38,880 published figures of tables are equal'; '' where no table is loaded."""
        figures, equal = sum(each.figures for each in self.held), sum(each.equal for each in self.held)
        return f"{equal:,} of {figures:,} figures of published tables are equal" if figures else ""


@dataclass(frozen=True, slots=True)
class _Printed:
    measure: str
    value: float | None
    shown: str
    decimals: int | None


@dataclass(frozen=True, slots=True, eq=False)
class _Ours:
    """Our cells of a table: nan where a figure is not computed, inf in the open band."""

    row: Mapping[Cell, int]
    figures: Mapping[str, npt.NDArray[np.float64]]
    nonc: Mapping[Cell, int]
    open_band: int

    def value(self, cell: Cell, measure: str) -> float | None:
        """None where it is not computed. Rows with nothing are absent from an extract: their counts are 0."""
        at = self.row.get(cell)
        if at is None or measure not in self.figures:
            return None if is_computed(measure) else 0.0
        found = float(self.figures[measure][at])
        return None if np.isnan(found) else found


def reconcile_tables(connection: Connection, newest: int | None = None) -> TableReconciliation:
    """Every table beside ours, or those of the `newest` months that can be compared. Three statements for
    each table, two to know what is held.
    """
    months, books = _loaded(connection)
    both = sorted({month for month, _ in books if month in months}, reverse=True)
    held: list[Held] = []
    differing: list[CellComparison] = []
    for table, vintage in sorted(_tables(connection, both[:newest]).items()):
        month = months[table[0]]
        printed = _printed(connection, table)
        measures = {figure.measure for figures in printed.values() for figure in figures}
        ours = _our_cells(connection, month.id, table, measures, month.open_band)
        of_functions, others = _compared(table, ours, printed, vintage)
        held += of_functions
        differing += others
    absent: dict[tuple[str, str], list[date]] = {}
    for day, section in sorted(books):
        if day not in months:
            part, basis = section.split(" ", 1)
            absent.setdefault((basis, part), []).append(day)
    return TableReconciliation(tuple(held), tuple(differing), absent, len(both) - len(both[:newest]))


def _loaded(connection: Connection) -> tuple[dict[date, Row[Any]], set[tuple[date, str]]]:
    """The extract of each month, and the month and section (part and basis) of each workbook of tables."""
    rows = connection.execute(select(extract).where(extract.c.source.in_((MONTHLY, PUBLISHED)))).all()
    months = {row.census_date: row for row in rows if row.source == MONTHLY}
    # The section of a time series is its vintage alone.
    return months, {
        (row.census_date, row.section) for row in rows if row.source == PUBLISHED and " " in row.section
    }


def _tables(connection: Connection, months: Sequence[date]) -> dict[Table, str]:
    """Month, level and part of every table -> whether its newest is a first publication or revised."""
    p = published_figure.c
    rows = connection.execute(
        select(p.month, p.level, p.part, extract.c.id, extract.c.revision)
        .join(extract, extract.c.id == p.extract_id)
        # The months are looked for in the key, so that no other workbook is read.
        .where(extract.c.source == PUBLISHED, extract.c.census_date.in_(months))
        .where(p.month == extract.c.census_date)
        .distinct()
        .order_by(extract.c.revision, extract.c.id)
    )
    return {cast(Table, tuple(key)): "revised" if revision else "first" for *key, _, revision in rows}


def _printed(connection: Connection, table: Table) -> dict[Cell, list[_Printed]]:
    """The figures of the newest publication that prints a cell."""
    month, level, part = table
    p = published_figure.c
    figure = (p.measure, p.value, p.shown, p.decimals)
    rows = connection.execute(
        select(p.extract_id, p.organisation_code, p.treatment_function, *figure)
        .join(extract, extract.c.id == p.extract_id)
        .where(p.month == month, p.level == level, p.part == part)
        .order_by(extract.c.revision, extract.c.id)
    )
    cells: dict[Cell, tuple[int, list[_Printed]]] = {}
    for extract_id, organisation, function, *printed in rows:
        cell = organisation, function
        if cell not in cells or cells[cell][0] != extract_id:
            cells[cell] = extract_id, []
        cells[cell][1].append(_Printed(*printed))
    return {cell: figures for cell, (_, figures) in cells.items()}


def _our_cells(
    connection: Connection, extract_id: int, table: Table, measures: Iterable[str], open_band: int
) -> _Ours:
    month, level, part = table
    is_here = (
        _c.source == MONTHLY,
        _c.level == level,
        _c.census_date == month,
        _c.part == part,
        _c.extract_id == extract_id,
    )
    key = (_c.organisation_code, _c.treatment_function)
    abroad = connection.execute(
        select(*key, func.sum(_c.total)).where(*is_here, _c.basis == NONC).group_by(*key)
    )
    nonc = {(organisation, function): int(total) for organisation, function, total in abroad}
    counted = [_c[name] for name in (*_COUNTS, *BAND_COLUMNS)]
    rows = connection.execute(select(*key, *counted).where(*is_here, _c.basis == ENGLISH)).all()
    row = {(each[0], each[1]): at for at, each in enumerate(rows)}
    numbers = np.array([each[2:] for each in rows], dtype=np.float64).reshape(len(rows), -1)
    figures = {measure: _figures(measure, numbers, open_band) for measure in measures if len(rows)}
    return _Ours(row, figures, nonc, open_band)


def _figures(measure: str, numbers: npt.NDArray[np.float64], open_band: int) -> npt.NDArray[np.float64]:
    """A measure of every row of counts and bands."""
    counts, bands = dict(zip(_COUNTS, numbers.T, strict=False)), numbers[:, len(_COUNTS) :]
    if measure == "total_known":
        return np.asarray(counts["total"] - counts["unknown_clock_start"])
    if measure.endswith("_weeks"):
        share = 0.5 if measure.startswith("median") else int(measure[1:3]) / 100
        return np.asarray(percentile_weeks(bands, share, open_band=open_band))
    if measure.startswith("share_"):
        known = bands.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(known > 0, counts[measure.removeprefix("share_")] / known, np.nan)
    return np.asarray(counts[measure])


def _compared(
    table: Table, ours: _Ours, theirs: Mapping[Cell, Sequence[_Printed]], vintage: str
) -> tuple[list[Held], list[CellComparison]]:
    """How the figures of each function compare, and those that differ."""
    here = {organisation for organisation, _ in ours.row}
    compared: dict[str, list[tuple[State, float]]] = {}
    differing = []
    for cell, printed in sorted(theirs.items()):
        of_function = compared.setdefault(cell[1], [])
        total = next((each.value for each in printed if each.measure == "total"), None)
        for figure in printed:
            value = ours.value(cell, figure.measure)
            difference = _difference(value, figure, ours.open_band)
            state, reason = _judged(ours, table[0], cell, figure, value, difference, total, here)
            if state != "not comparable":
                of_function.append((state, abs(difference or 0.0)))
            if state == "differs":
                finite = value if value is not None and np.isfinite(value) else None
                said = figure.shown or figure.value
                differing.append(
                    CellComparison(*table, *cell, figure.measure, finite, said, difference, reason, vintage)
                )
    others = Counter(function for organisation, function in ours.row.keys() - theirs.keys())
    held = []
    for function, judged in sorted(compared.items()):
        equal = sum(state == "equal" for state, _ in judged)
        largest = max((difference for _, difference in judged), default=0.0)
        held.append(Held(*table, function, len(judged), equal, largest, others[function]))
    return held, differing


def _judged(
    ours: _Ours,
    month: date,
    cell: Cell,
    figure: _Printed,
    value: float | None,
    difference: float | None,
    total: float | None,
    here: Collection[str],
) -> tuple[State, str]:
    if figure.measure.removeprefix("share_") in {f"over_{w}" for w in (65, 78, 104) if w > ours.open_band}:
        return "not comparable", "open band"
    if value is None and total == 0 and figure.value == 0:
        return "not comparable", "nobody"
    if difference is not None and abs(difference) <= _tolerance(figure, month):
        return "equal", ""
    mine = ours.value(cell, "total") or 0.0
    abroad = ours.nonc.get(cell, 0)
    if cell[0] not in here:
        return "differs", "codes"
    if total is not None and abroad and total == mine + abroad:
        return "differs", "nonc"
    if (value is None or figure.value is None) and min(mine, total or 0.0) < FEWEST_PATHWAYS:
        return "differs", "suppressed"
    if (
        figure.decimals is not None
        and difference is not None
        and abs(difference) <= 2 * _tolerance(figure, month)
    ):
        return "differs", "rounding"
    return "differs", "revised" if total is not None and total != mine else ""


def _difference(value: float | None, figure: _Printed, open_band: int) -> float | None:
    """Ours less theirs: 0 where both say the same in words, None where one says nothing."""
    if value is None:
        return 0.0 if figure.value is None and not figure.shown.endswith("+") else None
    if np.isinf(value):
        # Off the scale is text, or the number 104 in a format that shows it as '104+'.
        return 0.0 if figure.shown == f"{open_band}+" or figure.value == open_band else None
    return None if figure.value is None else value - figure.value


def _tolerance(figure: _Printed, month: date) -> float:
    """Counts to the last one; shares and weeks to half of the last place, or to full precision; old medians
    to the first.
    """
    if figure.measure.startswith("median") and month < MEDIANS_LIKE_PERCENTILES_FROM:
        return OLD_MEDIAN_TOLERANCE
    if figure.decimals is None or not is_computed(figure.measure):
        return FULL_PRECISION
    return 0.5 * 10.0**-figure.decimals + FULL_PRECISION


def code_words(organisation: str) -> str:
    """Who took the patients of a code that has closed on; '' for one that has not."""
    known = closures().get(organisation)
    return f"closed, now {' and '.join(known.successors)}" if known and known.successors else ""
