"""`rtt figures`: figures to standard output, unrounded, as a table, csv or json."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from dashboard.cli import clock
from dashboard.cli.databases import reading
from dashboard.cli.outcomes import DONE, days_of, say
from dashboard.settings.settings import from_environment
from ingest.store.schema import MONTHLY, WEEKLY
from rtt.terms.text_edges import csv_cell
from rtt.terms.treatment_functions import as_published

if TYPE_CHECKING:
    from dashboard.store.figures import FigureScope


def print_figures(
    layout: str,
    *,
    census: str | None,
    organisation: str | None,
    treatment_function: str | None,
    small_numbers: bool = False,
    **asked: Any,
) -> int:
    """All rows of the scope; a note on standard error where there is none. Codes in any case; 110 is C_110.

    With `small_numbers` those of tracking lists are in words, as for readers who may not see pathways.
    """
    from dashboard.analysis.disclosure.small_figures import suppressed_by_census
    from dashboard.analysis.figures_table import COLUMNS, figures_by_census, rows_of
    from dashboard.store.figures import FigureScope
    from dashboard.store.loaded_extracts import loaded_extracts

    first, last = days_of(census) if census else (None, None)
    asked["organisation"] = organisation and organisation.strip().upper()
    asked["treatment_function"] = treatment_function and as_published(treatment_function)
    scope = FigureScope(first=first, last=last, **asked).until(clock.today())
    with reading(from_environment()) as connection:
        frames = (suppressed_by_census if small_numbers else figures_by_census)(connection, scope)
        printed = write_rows(layout, COLUMNS, rows_of(frames))
        if not printed:
            say(_nothing(scope, lists_held=WEEKLY in loaded_extracts(connection).sources))
    return DONE


def write_rows(layout: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write rows as they come (csv) or at the end; how many there were."""
    if layout == "csv":
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        return sum(1 for row in rows if writer.writerow(_cells(row)))
    kept = list(rows)
    if layout == "json":
        records = [dict(zip(columns, row, strict=True)) for row in kept]
        json.dump(records, sys.stdout, indent=1, default=str, ensure_ascii=False)
        sys.stdout.write("\n")
    else:
        write_table(columns, kept)
    return len(kept)


def _cells(row: Sequence[Any]) -> list[Any]:
    return [csv_cell(value) if isinstance(value, str) else value for value in row]


def write_table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    cells = [list(columns)] + [["" if value is None else str(value) for value in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    numeric = [
        any(isinstance(row[i], int | float) for row in rows[:200]) if rows else False
        for i in range(len(columns))
    ]
    for line in cells:
        padded = (
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(line, widths, numeric, strict=True)
        )
        sys.stdout.write("  ".join(padded).rstrip() + "\n")


def _nothing(scope: FigureScope, *, lists_held: bool) -> str:
    words = f"Nothing that is held matches, at level {scope.level}."
    if scope.level != "provider" and scope.source != MONTHLY and lists_held:
        return words + " A PTL has figures at level provider only: --level provider."
    return words + " `rtt status` lists what is held."
