"""A page for each measure that a board should hear about: what the chart says, and what people wrote."""

from collections.abc import Iterator

from dashboard.analysis.pack import PackFacts
from dashboard.packs.contents.page import Box, Page
from dashboard.packs.contents.pages import control, level
from dashboard.store.packs import Narrative
from rtt.findings import sentences
from rtt.findings.findings import Finding, remarks_of
from rtt.terms.wording import date_text

NOT_WRITTEN = "Not written yet."


def exception_pages(found: PackFacts) -> Iterator[Page]:
    """One page each, in the order of the summary."""
    for chart, finding in found.exceptions:
        seen = any(remark.kind == "signal" for remark in finding.remarks)
        drawn = control(found, chart) if seen or chart.reading.kind == "flow" else level(found, chart)
        yield Page(
            name=page_name(finding),
            title=f"Exception: {sentences.title(finding)}",
            chart=drawn,
            boxes=(
                Box("What the chart says", drawn.caption),
                Box("Why it is an exception", why_flagged(finding)),
                *written(found.narratives.get(chart.indicator.key)),
            ),
        )


def page_name(finding: Finding) -> str:
    """The name of a measure's page: "Exception: Over 65 weeks"."""
    return f"Exception: {sentences.name(finding)}"


def why_flagged(finding: Finding) -> str:
    """The reason it has a page, generated."""
    reasons = remarks_of(finding, "exception")
    return reasons[0].sentence if reasons else "No longer flagged; its actions are still open."


def written(narrative: Narrative | None) -> tuple[Box, ...]:
    """What was typed on the page: why, actions, owner and date; or that it was not."""
    if narrative is None:
        return (Box("Why", NOT_WRITTEN), Box("Actions, owner, date", NOT_WRITTEN))
    due = f"by {date_text(narrative.due)}" if narrative.due else "no date"
    opened = f"open since the census of {date_text(narrative.opened_on)}"
    return (
        Box("Why", narrative.why),
        Box("Actions, owner, date", f"{narrative.actions} ({narrative.owner}, {due}; {opened})"),
    )
