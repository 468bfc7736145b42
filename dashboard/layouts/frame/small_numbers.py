"""Why a figure is rounded or withheld: one sentence beside tiles and tables that hold such figures."""

from collections.abc import Iterable
from typing import Any

from dashboard.layouts.frame import components as show
from dashboard.layouts.frame import html
from rtt.findings.findings import Finding

Component = Any

WHY = "Small numbers are rounded or suppressed so that no patient can be identified."


def small_numbers_note(findings: Iterable[Finding | None]) -> list[Component]:
    """The sentence with a way to the rule; nothing where every figure is shown as it is."""
    if not any(each and (each.about or each.withheld) for each in findings):
        return []
    return [html.P([f"{WHY} ", show.link("How", "/about#method-title")], className="rtt-small")]
