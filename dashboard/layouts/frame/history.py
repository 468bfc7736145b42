"""The small history of a measure, for a tile or a row: what its image says stands in its words too."""

from collections.abc import Sequence
from typing import Any

from dashboard.analysis.control_charts import Charted, findings_beside
from dashboard.analysis.findings import Figures
from dashboard.layouts.frame.in_cells import spark
from rtt.findings.findings import Finding, display, is_open_ended, standard_for
from rtt.measures.standards import target_words
from rtt.terms.wording import date_text

Component = Any
POINTS = 24


def history(figures: Figures, chart: Charted) -> Component:
    """The last 24 figures of a chart with its standard as a line; None for fewer than two."""
    findings = findings_beside(figures, chart, newest=POINTS)
    values = [_drawn(each) for each in findings]
    standard = chart.standard or standard_for(chart.indicator.key, chart.last.scope, chart.last.census_date)
    asked = standard.value if standard else None
    told = _words(findings)
    if standard is not None and asked is not None:
        told += f"; {standard.kind} {target_words(standard)}"
    known = sum(each is not None for each in values)
    return spark(values, asked, label=f"{told}.") if known > 1 else None


def _drawn(finding: Finding | None) -> float | None:
    return None if finding is None or is_open_ended(finding) else finding.value


def _words(findings: Sequence[Finding | None]) -> str:
    """ "24 censuses from 52.1% on 30 Apr 2024 to 60.4% on 31 Mar 2025, lowest 52.1%, highest 60.4%"."""
    known = [each for each in findings if each is not None and _drawn(each) is not None]
    if not known:
        return "No history"
    low, high = (pick(known, key=lambda each: each.value or 0.0) for pick in (min, max))
    first, last = known[0], known[-1]
    return (
        f"{len(known)} censuses, from {display(first)} on {date_text(first.census_date)} to {display(last)} "
        f"on {date_text(last.census_date)}; lowest {display(low)}, highest {display(high)}"
    )
