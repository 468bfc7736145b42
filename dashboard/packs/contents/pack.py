"""What stands in a board pack, page by page, before it is any file.

Every format and the page /pack are written from this one value, and it is written from the same findings and
charts as the dashboard's pages: no format makes a sentence or rounds a number. The same data gives the same
contents, whatever the day: only the reasons for a draft depend on it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, time

from dashboard import PRODUCT
from dashboard.analysis.pack import PackFacts
from dashboard.figures.chart import Chart
from dashboard.packs.contents import appendix, beyond, breaches, exceptions, pages, plan
from dashboard.packs.contents.audience import EVERYBODY, Audience, audience_name, audience_of
from dashboard.packs.contents.executive import executive
from dashboard.packs.contents.fit import fit
from dashboard.packs.contents.page import Page, said_once
from ingest.store.schema import WEEKLY
from rtt.findings import sentences
from rtt.findings.findings import Finding
from rtt.terms.text_edges import file_stem
from rtt.terms.wording import date_text

TITLE = "Referral to treatment waiting times"


@dataclass(frozen=True, slots=True)
class Contents:
    """A whole pack. `footer` stands on every page; `draft`: why it is stamped, () if it is not.

    `organisation` and `details` (a word and what it is) stand on the cover; a card has neither.

    Every text in it is made fit for XML when it is made: no format needs to think of it.
    """

    title: str
    subtitle: str
    footer: str
    licence: str
    pages: tuple[Page, ...]
    draft: tuple[str, ...]
    moment: datetime  # the time written into files: of the census, so that it is the same every time
    audience: Audience = EVERYBODY
    organisation: str = ""
    details: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        for item in fields(self):
            object.__setattr__(self, item.name, fit(getattr(self, item.name)))

    @property
    def name(self) -> str:
        """Title and organisation in one line, for the properties of a file."""
        return f"{self.title}: {self.organisation}" if self.organisation else self.title

    @property
    def charts(self) -> tuple[Chart, ...]:
        """Every chart, in order."""
        return tuple(page.chart for page in self.pages if page.chart)


def contents_of(found: PackFacts, *, draft: Sequence[str] = (), moment: datetime | None = None) -> Contents:
    """The pack of a scope at a census; `moment` in place of the census day (SOURCE_DATE_EPOCH)."""
    headline = found.charts["share_within_18"].last
    census = headline.census_date
    return Contents(
        audience=audience_of(found.scope),
        title=TITLE,
        organisation=sentences.scope_words(headline.scope),
        subtitle=f"{date_text(census)} ({headline.status})",
        details=tuple(_details(found, headline)),
        footer=footer(headline, found),
        licence=sentences.LICENCE if headline.source == "monthly" else "",
        pages=tuple(said_once(_pages(found))),
        draft=tuple(draft),
        moment=moment or datetime.combine(census, time(0), UTC),
    )


def _pages(found: PackFacts) -> Iterator[Page]:
    yield executive(found)
    yield pages.measures(found)
    yield from pages.performance(found)
    yield from beyond.beyond(found)
    yield from pages.shape(found)
    yield from pages.breaches(found)
    yield from pages.specialties(found)
    yield from plan.plan_pages(found)
    yield from exceptions.exception_pages(found)
    yield from appendix.appendix(found)


def _details(found: PackFacts, headline: Finding) -> Iterator[tuple[str, str]]:
    """What stands on the cover: census, source, status, data and version."""
    scope = found.scope
    weekly = headline.source == WEEKLY
    yield "Census", date_text(headline.census_date)
    yield "Source", "Weekly patient tracking list (PTL)" if weekly else "NHS England RTT monthly return"
    yield "Status", f"{headline.status[0].upper()}{headline.status[1:]}"
    if scope.has_predecessors:
        yield "Before mergers", "As it is now, added up" if scope.is_joined else "As it was then"
    if scope.loaded.kind == "sample":
        yield "Sample", "Made-up data: not a real trust"
    if found.provenance:
        yield "Data", found.provenance.data_hash[:12]
    yield "Version", PRODUCT


def stem_of(found: PackFacts) -> str:
    """The name of a pack's files, without their endings."""
    scope = found.scope
    was = [] if scope.shows_usual_history else ["as-it-was"]
    return file_stem("rtt-pack", scope.organisation.code, str(scope.census), *was, audience_name(scope))


def outline(found: PackFacts) -> list[str]:
    """The names of the pages, without the price of drawing them."""
    total = found.charts["total"].last
    weekly = found.scope.source == WEEKLY
    return [
        "Summary",
        "Measures",
        "18 weeks",
        *([pages.OF_CHANGE] if found.charts["share_within_18"].variation else []),
        *beyond.names(found),
        *(["List shape"] if total.value else []),
        breaches.NAMES[0],
        *([breaches.NAMES[1]] if weekly and breaches.has_estimate(found) else []),
        "Specialties",
        *plan.names(found),
        *(exceptions.page_name(finding) for _, finding in exceptions.of_their_own(found)),
        "Data quality",
        *(["Changes"] if appendix.has_revisions(found) else []),
        "Method",
        "Definitions",
    ]


def footer(finding: Finding, found: PackFacts) -> str:
    """Audience, source, census, scope, the data's hash and the code's version, in one line."""
    data = f" Data {found.provenance.data_hash[:12]}." if found.provenance else ""
    sample = "Sample data: not a real trust. " if found.scope.loaded.kind == "sample" else ""
    return (
        f"{audience_of(found.scope).label}. {sample}{sentences.source_line(finding)} "
        f"Census {date_text(finding.census_date)}. "
        f"{sentences.scope_words(finding.scope)}.{data} {PRODUCT}."
    )
