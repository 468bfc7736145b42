"""`rtt reconcile`: our figures beside the published ones, England's by month and those of tables."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

from dashboard.cli.databases import opened, reading
from dashboard.cli.outcomes import DIFFERS, DONE, WrongUse, say
from dashboard.cli.printing import write_rows, write_table
from dashboard.settings.settings import from_environment
from dashboard.store import cache
from dashboard.store.served import served_url
from ingest.reconcile.england import Comparison, Reconciliation, reconcile, summary
from ingest.reconcile.tables import REASONS, Held, TableReconciliation, reconcile_tables
from ingest.store.runs import COMPARE, OK, WARNED, record_run
from rtt.terms.treatment_functions import short_name_of
from rtt.terms.wording import plural


def print_reconciliation(layout: str) -> int:
    """Every comparison (csv, json), or a line a month and each difference (table); Data status tells it."""
    with opened(served_url(from_environment())) as engine:
        started = datetime.now(UTC)
        with cache.reading(engine) as connection:
            comparisons = reconcile(connection)
            beside = reconcile_tables(connection)
        told = summary(comparisons)
        if told.compared or beside.held:
            outcome = WARNED if told.differing or beside.differing else OK
            record_run(engine, COMPARE, started_at=started, outcome=outcome, message=_in_a_line(told, beside))
    if layout == "table":
        if comparisons:
            _print_months(comparisons)
        if beside.held:
            sys.stdout.write("\n")
            _print_tables(beside)
    else:
        names = tuple(Comparison.__dataclass_fields__)
        write_rows(layout, names, (_numbers(asdict(each).values()) for each in comparisons))
    say(told.sentence + ".")
    _say_tables(beside)
    if not (told.compared or beside.held):
        raise WrongUse("Load an extract and the workbook that prints its month: rtt load PATH...")
    return DIFFERS if told.differing or beside.differing else DONE


def _in_a_line(told: Reconciliation, beside: TableReconciliation) -> str:
    """What was found, with the first of what differs: organisation, month, measure and both values."""
    said = [told.sentence] if told.compared else []
    said += [beside.sentence] if beside.sentence else []
    for each in told.differing[:1]:
        said.append(
            f"England, {each.month:%B %Y}, {each.section} {each.measure}: ours {each.ours}, published "
            f"{each.published}"
        )
    for cell in beside.differing[:1]:
        said.append(
            f"{cell.organisation_code} {short_name_of(cell.treatment_function)}, {cell.month:%B %Y}, "
            f"{cell.measure}: ours {cell.ours}, published {cell.published}; {REASONS[cell.reason]}"
        )
    more = len(told.differing) + len(beside.differing)
    return ". ".join(said) + (f". {plural(more, 'figure')} different in all" if more > 1 else "") + "."


def print_tables(layout: str) -> int:
    """The published tables: a line for each month, level, part and specialty, then what differs."""
    with reading(from_environment()) as connection:
        beside = reconcile_tables(connection)
    if layout == "table":
        _print_tables(beside)
    else:
        names = (*Held.__dataclass_fields__, "differs")
        write_rows(layout, names, ([*asdict(each).values(), each.differs] for each in beside.held))
    _say_tables(beside)
    if not (beside.held or beside.without_extract):
        raise WrongUse("Load a published workbook by provider or commissioner: rtt load WORKBOOK.xlsx")
    return DIFFERS if beside.differing else DONE


def _say_tables(beside: TableReconciliation) -> None:
    if beside.sentence:
        say(beside.sentence + ".")
    for (basis, part), months in beside.without_extract.items():
        more = f" and {plural(len(months) - 1, 'month')} more up to {months[-1]:%B %Y}" if months[1:] else ""
        table = f"the published table of part {part} by {basis}"
        say(f"No extract loaded for {months[0]:%B %Y}{more}: {table} is not compared.")


def _print_tables(beside: TableReconciliation) -> None:
    columns: dict[str, Callable[[Held], Any]] = {
        "month": lambda each: f"{each.month:%Y-%m}",
        **{name: attrgetter(name) for name in ("level", "part")},
        "function": attrgetter("treatment_function"),
        "compared": attrgetter("figures"),
        **{name: attrgetter(name) for name in ("equal", "differs")},
        "largest difference": attrgetter("largest"),
        "not printed": attrgetter("not_printed"),
    }
    write_table(tuple(columns), [[value(each) for value in columns.values()] for each in beside.held])
    if beside.differing:
        sys.stdout.write("\n")
        names = (
            *("month", "level", "part", "organisation_code", "treatment_function", "measure"),
            *("ours", "published", "difference"),
        )
        of = attrgetter(*names)
        write_table((*names, "reason"), [[*of(each), REASONS[each.reason]] for each in beside.differing])


def _print_months(comparisons: Sequence[Comparison]) -> None:
    rows: list[Sequence[Any]] = []
    for month in sorted({each.month for each in comparisons}):
        mine = [each for each in comparisons if each.month == month]
        states = Counter(each.state for each in mine)
        reasons = "; ".join(dict.fromkeys(each.reason for each in mine if each.reason))
        counts = (states["equal"], states["differs"], states["not comparable"])
        rows.append([f"{month:%Y-%m}", mine[0].vintage, *counts, reasons])
    write_table(("month", "vintage", "equal", "differs", "not comparable", "reasons"), rows)
    differing = [each for each in comparisons if each.state == "differs"]
    if differing:
        sys.stdout.write("\n")
        columns = ("month", "section", "measure", "ours", "published", "difference")
        write_table(columns, [_numbers(getattr(each, name) for name in columns) for each in differing])


def _numbers(values: Iterable[Any]) -> list[Any]:
    """NaN, the one value that differs from itself, becomes an empty cell."""
    return [None if value != value else value for value in values]
