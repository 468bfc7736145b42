"""A page for each measure that a board should hear about and that has no page already: its chart, why it is
here, and what people wrote.
"""

from collections.abc import Iterator

from dashboard.analysis.control_charts import Charted
from dashboard.analysis.pack import PackFacts
from dashboard.packs.contents import conclusions
from dashboard.packs.contents.commentary import PAGES, boxes_of, why_flagged
from dashboard.packs.contents.page import Page
from dashboard.packs.contents.pages import control, level
from rtt.findings import sentences
from rtt.findings.findings import Finding


def of_their_own(found: PackFacts) -> list[tuple[Charted, Finding]]:
    """The exceptions with a page of their own, in the order of the measures."""
    return [each for each in found.exceptions if each[0].indicator.key not in PAGES]


def exception_pages(found: PackFacts) -> Iterator[Page]:
    """One page each."""
    for chart, finding in of_their_own(found):
        seen = chart.variation and any(remark.kind == "signal" for remark in finding.remarks)
        changes_drawn = seen or chart.reading.kind == "flow"
        yield Page(
            name=page_name(finding),
            title=conclusions.title_of_exception(chart, finding),
            paragraphs=(
                sentences.level_sentence(finding),
                conclusions.changes(found, chart),
                why_flagged(finding),
            ),
            chart=control(found, chart) if changes_drawn else level(found, chart),
            boxes=boxes_of(found.narratives.get(chart.indicator.key)),
        )


def page_name(finding: Finding) -> str:
    """The name of a measure's page: "Exception: Over 65 weeks"."""
    return f"Exception: {sentences.name(finding)}"
