"""What a wall screen shows, as plain data: at most three figures a page, a sentence, three specialties.

The figures are the findings that the Overview shows, as somebody sees them who may see no pathways: small
numbers are not in here at all, whoever looks. Whether the data is still fit to be shown is told by days,
which the screen holds against the time: it must know it without being told.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from dashboard.access import ANYBODY, Visit
from dashboard.filters import from_query
from dashboard.queries.choices import Choice, settle
from dashboard.queries.control_charts import Charted, charted, judged, series_of
from dashboard.queries.facts import series, specialties
from dashboard.queries.feeds import due_date
from dashboard.queries.findings import Figures, figures_of, status_of
from dashboard.queries.ladder import SPLIT_DAYS, split_of
from dashboard.queries.records import rebases
from dashboard.queries.screens import Screen
from ingest.schema import WEEKLY
from rtt import sentences, small_numbers
from rtt.booking import DATE_PAST, NO_DATE
from rtt.findings import Finding, display, remarks_of
from rtt.tip_ins import Passing
from rtt.treatment_functions import TOTAL, short_name_of
from rtt.wording import number_text

SPARK_POINTS = 26
ATTENTION = 3
PASSING = "passing_18_in_4_weeks"
FEWEST_SHOWN = 20  # a specialty with fewer on its list is not named on a wall
LIST_LIMIT_DAYS = 14
MONTH_LIMIT_DAYS = 31  # after the day on which the next month was due


def shown(connection: Connection, screen: Screen, visit: Visit) -> dict[str, Any]:
    """What the screen shows on this day, as JSON has it; without pages its `instead` says why."""
    filters, _ = from_query(screen.query)
    nobody = replace(visit, reader=ANYBODY)
    choice = replace(settle(connection, filters, today=visit.today), rules=visit.settings.rules, visit=nobody)
    if choice.census is None:
        return {"pages": [], "instead": "No data is loaded yet."}
    if choice.notices:
        # Figures of another scope under this title would be a lie.
        return {"pages": [], "instead": f"This screen cannot be shown. {not_meant(choice)}"}
    return {"pages": _pages(connection, screen, choice), "instead": "", "data": _data(choice, visit)}


def not_meant(choice: Choice) -> str:
    """Why the scope is not the one asked for; '' if it is. No wall shows what a page would instead."""
    return f"{choice.notices[0].partition(';')[0].removesuffix('.')}." if choice.notices else ""


def _data(choice: Choice, visit: Visit) -> dict[str, str]:
    """Of which day the figures are, when the next are due, and until when these may be shown."""
    assert choice.census is not None
    due = due_date(visit.settings, choice.source, choice.census)
    assert due is not None
    weekly = choice.source == WEEKLY
    last = choice.census + timedelta(LIST_LIMIT_DAYS) if weekly else due + timedelta(MONTH_LIMIT_DAYS)
    return {
        "kind": "Sample data" if choice.holdings.kind == "sample" else "Data",
        "status": status_of(choice, choice.census),
        "census": choice.census.isoformat(),
        "due": due.isoformat(),
        "shown_until": last.isoformat(),
    }


def _pages(connection: Connection, screen: Screen, choice: Choice) -> list[dict[str, Any]]:
    figures = figures_of(choice, series(connection, choice))
    keys = tuple(dict.fromkeys(key for page in screen.pages for key in page))
    charts = charted(figures, keys, rules=choice.rules, rebases=rebases(connection, series_of(choice)))
    undated = _undated(connection, choice) if PASSING in keys else ""
    attention = _attention(connection, choice)
    return [
        {
            "tiles": [_tile(charts[key], undated if key == PASSING else "") for key in page],
            "sentence": sentences.sentence(charts[page[0]].last),
            "attention": attention,
        }
        for page in screen.pages
    ]


def _tile(chart: Charted, note: str) -> dict[str, Any]:
    finding = judged(chart)
    signal = next(iter(remarks_of(finding, "signal")), None)
    levels = chart.levels[-SPARK_POINTS:]
    return {
        "key": finding.indicator_key,
        "name": sentences.name(finding),
        "figure": display(finding),
        "is_figure": finding.value is not None,
        "mark": signal.mark if signal else "",
        "signal": signal.word if signal else "",
        "note": note,
        "spark": [float(level) if level == level else None for level in levels],
    }


def _attention(connection: Connection, choice: Choice) -> list[dict[str, str]]:
    """The specialties of the scope with the most pathways about to pass 18 weeks, most first."""
    if len(choice.functions) == 1 or choice.census is None:
        return []
    facts = specialties(connection, choice, (choice.census,), flows=False)
    figures = figures_of(choice, facts, apart="treatment_function", keys=("total", PASSING))
    found = [
        (code, finding)
        for code in choice.functions or choice.offered_functions
        if code != TOTAL and (finding := _large_enough(figures, code)) is not None
    ]
    found.sort(key=lambda each: -(each[1].value or 0))
    return [{"name": short_name_of(code), "figure": display(finding)} for code, finding in found[:ATTENTION]]


def _large_enough(figures: Figures, code: str) -> Finding | None:
    listed, passing = figures.find("total", unit=code), figures.find(PASSING, unit=code)
    if listed is None or passing is None or not listed.value or not passing.value:
        return None
    return passing if listed.value >= FEWEST_SHOWN else None


def _undated(connection: Connection, choice: Choice) -> str:
    """How many of those who pass have no date: a tracking list knows."""
    if choice.census is None:
        return ""
    split = split_of(connection, choice, Passing(weeks=18, census=choice.census, days=SPLIT_DAYS))
    if split is None:
        return ""
    counts = split.counts.sum(axis=(0, 1, 2))
    passing, without = int(counts.sum()), int(counts[NO_DATE] + counts[DATE_PAST])
    if not passing or small_numbers.rate_withheld(without, passing):
        return ""
    return f"{number_text(without)} {'has' if without == 1 else 'have'} no date"
