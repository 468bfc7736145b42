"""One figure of a wall screen as plain data: figure, change, signal, history with its scale and standard.

Those without a date are no indicator: they are told as Breaches tells them, and have no history, for which
the pathways of past lists would be needed.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection

from dashboard.analysis.control_charts import Charted
from dashboard.analysis.without_date import WithoutDate, without_date
from dashboard.scope.scope import Scope, resolve
from dashboard.store.screens import WITHOUT_DATE
from ingest.store.schema import WEEKLY
from rtt.findings import sentences
from rtt.findings.findings import Finding, display, remarks_of
from rtt.measures.indicators import INDICATORS
from rtt.measures.standards import Standard
from rtt.spc.reading import WORDS
from rtt.terms.wording import NOT_KNOWN, date_text, number_text, signed_text

SPARK_POINTS = 26
PASSING = "passing_18_in_4_weeks"
WITHOUT_DATE_NAME = "Without a date"
LOOKS = {
    WORDS["improving"]: "improving",
    WORDS["concerning"]: "concerning",
    WORDS["common cause"]: "common",
    WORDS["neutral"]: "changed",
}

Tile = dict[str, Any]


def tile(chart: Charted, *, note: str = "") -> Tile:
    """The newest figure of an indicator."""
    finding = chart.judged
    signal = next(iter(remarks_of(finding, "signal")), None)
    levels = chart.levels[-SPARK_POINTS:]
    spark = [float(level) if level == level else None for level in levels]
    return _tile(
        finding.indicator_key,
        sentences.name(finding),
        display(finding),
        change=change_words(finding),
        mark=signal.mark if signal else "",
        signal=signal.word if signal else "",
        look=LOOKS.get(signal.word, "") if signal else "",
        note=note,
        spark=spark,
        **_scale(chart, spark),
    )


def _tile(key: str, name: str, figure: str, **more: Any) -> Tile:
    """`is_figure`: a number, that may be written large; words, "under 8" too, are written small."""
    nothing = {"change": "", "mark": "", "signal": "", "look": "", "note": "", "spark": []}
    scale = {"standard": None, "standard_name": "", "low": "", "high": ""}
    is_figure = figure[:1].isdigit()
    return {"key": key, "name": name, "figure": figure, "is_figure": is_figure, **nothing, **scale, **more}


def change_words(finding: Finding) -> str:
    """ "+0.4 points in a week"; since when, where a census was left out; '' where the change is not known."""
    earlier, change = finding.earlier, sentences.short_change(finding)
    if earlier is None or change == NOT_KNOWN:
        return ""
    return f"{change} {_since(finding.source, earlier.census_date, finding.census_date)}"


def _since(source: str, before: date, now: date) -> str:
    days = (now - before).days
    if source == WEEKLY and days == 7:
        return "in a week"
    return "in a month" if source != WEEKLY and days <= 31 else f"since {date_text(before)}"


def _scale(chart: Charted, spark: list[float | None]) -> Tile:
    """The standard in the unit of the line, and the scale's two ends as they are printed."""
    known = [value for value in spark if value is not None]
    if len(known) < 2:
        return {}
    standard = chart.standard.value if chart.standard else None
    ends = [*known, *([standard] if standard is not None else [])]
    low, high = (_printed(chart, value) for value in (min(ends), max(ends)))
    return {
        "standard": standard,
        "standard_name": _standard_name(chart, chart.standard) if standard is not None else "",
        "low": low,
        "high": high,
    }


def _printed(chart: Charted, value: float) -> str:
    return display(replace(chart.last, value=value, withheld="", about=False))


def _standard_name(chart: Charted, standard: Standard | None) -> str:
    """ "92% standard"."""
    assert standard is not None
    assert standard.value is not None
    return f"{_printed(chart, standard.value).replace('.0%', '%')} {standard.kind}"


def without_date_tile(connection: Connection, scope: Scope) -> Tile:
    """How many of those who breach 18 weeks in four weeks have no date; why that is not known."""
    found = without_date(connection, scope)
    if found is None:
        why = "Needs a weekly PTL" if scope.source != WEEKLY else "Shown for the whole PTL only"
        return _tile(WITHOUT_DATE, WITHOUT_DATE_NAME, NOT_KNOWN, note=why)
    note = f"of those who breach {found.weeks} weeks by {date_text(found.by)}"
    return _tile(
        WITHOUT_DATE, WITHOUT_DATE_NAME, found.shown, change=_change(connection, scope, found), note=note
    )


def _change(connection: Connection, scope: Scope, found: WithoutDate) -> str:
    """The change since the list before, where its pathways are still held and both figures are shown."""
    if scope.previous is None or scope.census is None or found.count is None:
        return ""
    then = resolve(connection, replace(scope.filters, census=scope.previous), scope.enquiry)
    before = without_date(connection, then)
    if before is None or before.count is None:
        return ""
    return f"{signed_text(found.count - before.count)} {_since(WEEKLY, scope.previous, scope.census)}"


def name_of(key: str) -> str:
    """What a measure is called in a menu."""
    if key != WITHOUT_DATE:
        return INDICATORS[key].name
    return f"{WITHOUT_DATE_NAME}, of those who breach 18 weeks within 4 weeks"


def undated_note(connection: Connection, scope: Scope) -> str:
    """How many of those who pass have no date, beside those who pass; '' where it is not known or shown."""
    found = without_date(connection, scope)
    if found is None or found.count is None:
        return ""
    return f"{number_text(found.count)} {'has' if found.count == 1 else 'have'} no date"
