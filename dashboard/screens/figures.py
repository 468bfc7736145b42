"""What a wall screen shows, as plain data: at most three figures a page, a sentence, three specialties.

The figures are the findings that the Overview shows, as somebody sees them who may see no pathways: small
numbers are not in here at all, whoever looks. Whether the data is still fit to be shown is told by days,
which the screen holds against the time: it must know it without being told.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from dashboard.analysis.control_charts import Charted
from dashboard.analysis.facts import specialties
from dashboard.analysis.findings import Figures, figures_of, status_of
from dashboard.analysis.not_whole import not_whole_words
from dashboard.analysis.report import report
from dashboard.analysis.will_breach import SPLIT_DAYS, bands_of, split_of
from dashboard.analysis.will_breach_shown import UNBOOKED, of_split
from dashboard.filters import from_query
from dashboard.scope.feeds import due_date
from dashboard.scope.nearest import ONE_ALONE
from dashboard.scope.scope import Scope, resolve
from dashboard.server.access import ANYBODY, Enquiry
from dashboard.store.screens import Screen
from ingest.store.schema import WEEKLY
from rtt.findings import sentences
from rtt.findings.findings import Finding, display, remarks_of
from rtt.measures.will_breach import WillBreach
from rtt.terms.treatment_functions import TOTAL, short_name_of
from rtt.terms.wording import number_text

SPARK_POINTS = 26
ATTENTION = 3
PASSING = "passing_18_in_4_weeks"
FEWEST_SHOWN = 20  # a specialty with fewer on its list is not named on a wall
LIST_LIMIT_DAYS = 14
MONTH_LIMIT_DAYS = 31  # after the day on which the next month was due


def shown(connection: Connection, screen: Screen, enquiry: Enquiry) -> dict[str, Any]:
    """What the screen shows on this day, as JSON has it; without pages its `instead` says why."""
    filters, _ = from_query(screen.query)
    scope = resolve(connection, filters, enquiry).seen_by(ANYBODY)
    if scope.census is None:
        return {"pages": [], "instead": "No data is loaded yet."}
    if scope.notices:
        # Figures of another scope under this title would be a lie.
        return {"pages": [], "instead": f"This screen cannot be shown. {not_meant(scope)}"}
    return {"pages": _pages(connection, screen, scope), "instead": "", "data": _data(scope)}


def not_meant(scope: Scope) -> str:
    """Why the scope is not the one asked for; '' if it is. No wall shows what a page would instead.

    Where no scope was asked for, a month of one provider alone is that provider's.
    """
    changed = [each for each in scope.notices if not each.startswith(ONE_ALONE)]
    return f"{changed[0].partition(';')[0].removesuffix('.')}." if changed else ""


def _data(scope: Scope) -> dict[str, str]:
    """Of which day the figures are, when the next are due, and until when these may be shown."""
    assert scope.census is not None
    due = due_date(scope.enquiry.settings, scope.source, scope.census)
    weekly = scope.source == WEEKLY
    last = scope.census + timedelta(LIST_LIMIT_DAYS) if weekly else due + timedelta(MONTH_LIMIT_DAYS)
    return {
        "kind": "Sample data" if scope.loaded.kind == "sample" else "Data",
        "status": status_of(scope, scope.census),
        "census": scope.census.isoformat(),
        "due": due.isoformat(),
        "shown_until": last.isoformat(),
    }


def _pages(connection: Connection, screen: Screen, scope: Scope) -> list[dict[str, Any]]:
    keys = [key for page in screen.pages for key in page]
    charts = report(connection, scope, keys).charts
    undated = _undated(connection, scope) if PASSING in keys else ""
    attention, attention_title = _attention(connection, scope)
    # That the file holds no flows, say, is told by the figure that is not known.
    said = [f"{words}." for words in not_whole_words(scope) if not words.startswith("PARTIAL:")]
    return [
        {
            "tiles": [_tile(charts[key], undated if key == PASSING else "") for key in page],
            "sentence": " ".join([*said, sentences.sentence(charts[page[0]].last)]),
            "attention": attention,
            "attention_title": attention_title,
        }
        for page in screen.pages
    ]


def _tile(chart: Charted, note: str) -> dict[str, Any]:
    finding = chart.judged
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


def _attention(connection: Connection, scope: Scope) -> tuple[list[dict[str, str]], str]:
    """The specialties of the scope with the most pathways about to pass 18 weeks, most first; and a heading
    that says of how many, and that lists of a few are not named.
    """
    if len(scope.functions) == 1 or scope.census is None:
        return [], ""
    facts = specialties(connection, scope, (scope.census,), flows=False)
    figures = figures_of(scope, facts, apart="treatment_function", keys=("total", PASSING))
    found = [
        (code, finding)
        for code in scope.functions or scope.offered_functions
        if code != TOTAL and (finding := _large_enough(figures, code)) is not None
    ]
    found.sort(key=lambda each: -(each[1].value or 0))
    listed = [
        {"name": short_name_of(code), "figure": display(finding)} for code, finding in found[:ATTENTION]
    ]
    others = [code for code in scope.functions or scope.offered_functions if code != TOTAL]
    waited_for = [code for code in others if _has_a_list(figures, code)]
    title = f"Most to breach 18 weeks within 4 weeks: {len(listed)} of {len(waited_for)} specialties"
    return listed, title if len(found) == len(waited_for) else f"{title}, small numbers not ranked"


def _has_a_list(figures: Figures, code: str) -> bool:
    listed = figures.find("total", unit=code)
    return listed is not None and listed.value != 0


def _large_enough(figures: Figures, code: str) -> Finding | None:
    listed, passing = figures.find("total", unit=code), figures.find(PASSING, unit=code)
    if listed is None or passing is None or not listed.value or not passing.value:
        return None
    return passing if listed.value >= FEWEST_SHOWN else None


def _undated(connection: Connection, scope: Scope) -> str:
    """How many of those who pass have no date: a tracking list knows."""
    if scope.census is None:
        return ""
    will_breach = WillBreach(weeks=18, census=scope.census, days=SPLIT_DAYS)
    split = split_of(connection, scope, will_breach)
    if split is None:
        return ""
    table = of_split(scope, split, bands_of(connection, scope), will_breach)
    if not table.counts[-1, -1] or table.hidden[-1, [UNBOOKED, -1]].any():
        return ""
    without = table.counts[-1, UNBOOKED]
    return f"{number_text(without)} {'has' if without == 1 else 'have'} no date"
