"""The 18-week trend: % within 18 weeks at every census, with the standard and milestones in force then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dashboard.figures.chart import Chart
from dashboard.figures.trend import Point, Step, described, trend_figure
from rtt import sentences
from rtt.findings import Finding, display
from rtt.standards import MILESTONE, Standard, standards, target_words
from rtt.wording import NOT_KNOWN, date_text, number_text

KEY = "share_within_18"


def share_trend(findings: Sequence[Finding]) -> Chart:
    """The chart of one scope's findings of `share_within_18`, oldest first; the last is the headline."""
    last = findings[-1]
    points = [Point(each.census_date, each.value, display(each)) for each in findings]
    steps = [_step(each) for each in _standards(last, findings[0].census_date, last.census_date)]
    return Chart(
        figure=trend_figure(points, steps),
        title=sentences.title(last),
        caption=sentences.sentence(last),
        alt=described(points, f"the share within 18 weeks, {sentences.scope_words(last.scope)}"),
        columns=("Census", "Within 18 weeks", "Pathways within 18 weeks", "Pathways", "Standard"),
        rows=tuple(_row(each) for each in reversed(findings)),
    )


def _row(finding: Finding) -> tuple[str, ...]:
    parts = (finding.numerator, finding.denominator)
    return (
        date_text(finding.census_date),
        display(finding),
        *(NOT_KNOWN if part is None else number_text(part) for part in parts),
        target_words(finding.standard) if finding.standard else "None",
    )


def _standards(finding: Finding, first: date, last: date) -> list[Standard]:
    if finding.scope.part != "2":
        return []
    level = "provider" if finding.scope.level == "provider" else "national"
    return [
        one
        for one in standards(measure=KEY, scope="incomplete", level=level)
        if one.value is not None and one.starts <= last and (one.ends is None or one.ends >= first)
    ]


def _step(standard: Standard) -> Step:
    kind = "Milestone" if standard.kind == MILESTONE else "Standard"
    assert standard.value is not None
    return Step(standard.starts, standard.ends, standard.value, f"{kind} {target_words(standard)}")
