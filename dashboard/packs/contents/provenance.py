"""The closing pages: method and definitions, data quality, and what was revised since the last pack."""

from collections.abc import Iterator

from dashboard.analysis.not_whole import not_whole_words
from dashboard.analysis.pack import MEASURES, PackFacts
from dashboard.packs.contents.audience import audience_of
from dashboard.packs.contents.page import Page, Table
from rtt.disclosure import small_numbers
from rtt.findings import sentences
from rtt.findings.findings import display
from rtt.measures.indicators import INDICATORS
from rtt.terms.wording import date_text, list_text, number_text, plural, share_text

METHOD = (
    (
        "Process control charts: limits are 2.66 times the mean moving range from the centre line. The "
        "waiting list and its shares depend strongly on the count before, so their changes are charted, "
        "not their levels. Clock starts and stops are compared with the value expected from the season "
        "and the period before. Fewer than 13 points are not judged."
    ),
    (
        "Assurance shows in how many of the last 12 censuses a standard was met. Patients who will "
        "breach 18 weeks are counted from those now waiting; forecasts are labelled as forecasts."
    ),
)


def closing(found: PackFacts) -> Iterator[Page]:
    """Method, data quality, and, where packs were made before, revisions."""
    definitions = tuple((INDICATORS[key].name, INDICATORS[key].definition) for key in MEASURES)
    yield Page(
        name="Method",
        title="Method and definitions",
        paragraphs=METHOD,
        tables=(Table("What each measure means", ("Measure", "Definition"), definitions, text_columns=2),),
    )
    yield Page(name="Data quality", title="Data quality", paragraphs=tuple(_quality(found)))
    yield _revisions(found)


def _quality(found: PackFacts) -> Iterator[str]:
    headline = found.charts["total"].last
    yield sentences.caption(headline)
    if found.provenance:
        read, out = found.provenance.rows_read, found.provenance.rows_left_out
        share = f" ({share_text(out / read)})" if read and out else ""
        rows = f"{small_numbers.about_rows(read)} rows" if found.scope.conceals else plural(read, "row")
        yield f"{rows} read, {number_text(out)} left out{share}."
        yield f"Files: {list_text(list(found.provenance.file_names))}."
    yield from (f"{said}." for said in not_whole_words(found.scope))
    yield audience_of(found.scope).sentence
    for rebase in found.rebases:
        begins = f"New limits begin on {date_text(rebase.starts_on)}"
        yield f"{begins}: {rebase.reason} ({rebase.author})."


def _revisions(found: PackFacts) -> Page:
    """Figures of the last pack that are different today, for the same census."""
    name, title = "Changes", "What changed since the last pack"
    last = found.last
    if last is None:
        return Page(name, title, ("No earlier pack of this scope was made from other data.",))
    then = date_text(last.census_date)
    if last.census_date not in found.figures.facts.dates:
        return Page(name, title, (f"The census of the last pack, {then}, is no longer loaded.",))
    rows = []
    for key in MEASURES:
        now = found.figures.find(key, at=last.census_date)
        shown = last.figures.get(key, ("", None))[0]
        if now is not None and shown and display(now) != shown:
            rows.append((sentences.name(now), shown, display(now)))
    if not rows:
        return Page(name, title, (f"The figures of the last pack, for {then}, have not been revised.",))
    table = Table(f"Figures for {then}", ("Measure", "In the last pack", "Now"), tuple(rows))
    return Page(name, title, (f"{plural(len(rows), 'figure')} for {then} revised since.",), tables=(table,))
