"""The appendix: data quality with its bounds, figures that were revised, method and definitions."""

from collections.abc import Iterator

from dashboard.analysis.pack import MEASURES, PackFacts
from dashboard.analysis.quality_shown import bounds_of, verdict
from dashboard.analysis.through_time import history_words
from dashboard.packs.contents.breaches import method
from dashboard.packs.contents.page import Page, Table
from ingest.store.schema import MONTHLY
from rtt.disclosure import small_numbers
from rtt.findings import sentences
from rtt.findings.findings import display
from rtt.measures.data_quality import is_wide, range_words
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


def appendix(found: PackFacts) -> Iterator[Page]:
    """Data quality, revisions where there are any, method, and the definition of every measure."""
    yield _quality_page(found)
    if (revised := _revisions(found)) is not None:
        yield revised
    yield Page(
        name="Method",
        title="How the figures are made",
        paragraphs=(*METHOD, *method(found)),
        appendix=True,
    )
    definitions = tuple((INDICATORS[key].name, INDICATORS[key].definition) for key in MEASURES)
    yield Page(
        name="Definitions",
        title="What each measure means",
        tables=(Table("Definitions", ("Measure", "Definition"), definitions, text_columns=2),),
        appendix=True,
    )


def _quality_page(found: PackFacts) -> Page:
    return Page(
        name="Data quality",
        title=_quality_title(found),
        paragraphs=tuple(_quality(found)),
        appendix=True,
    )


def _quality_title(found: PackFacts) -> str:
    """Whether the headline can be relied on, by its bounds where they may be told."""
    bounds = bounds_of(found.scope, found.quality) if found.quality else None
    if bounds is None or (found.scope.organisation.level == "provider" and found.scope.source == MONTHLY):
        return "Data quality: what the figures stand on"
    trusted = "use it with care" if is_wide(bounds) else "it can be used"
    return f"Data quality: the share within 18 weeks could be {range_words(bounds)}; {trusted}"


def _quality(found: PackFacts) -> Iterator[str]:
    headline = found.charts["total"].last
    yield sentences.caption(headline)
    if said := history_words(found.scope):
        yield said
    if found.quality:
        yield verdict(found.scope, found.quality)
    if found.provenance:
        read, out = found.provenance.rows_read, found.provenance.rows_left_out
        share = f" ({share_text(out / read)})" if read and out else ""
        rows = f"{small_numbers.about_rows(read)} rows" if found.scope.conceals else plural(read, "row")
        yield f"{rows} read, {number_text(out)} left out{share}."
        yield f"Files: {list_text(list(found.provenance.file_names))}."
    if found.last and not _revised(found):
        then = date_text(found.last.census_date)
        if found.last.census_date not in found.figures.facts.dates:
            said = "cannot be compared: that census is no longer loaded"
        elif found.scope.is_joined_at(found.last.census_date):
            said = "cannot be compared: others have merged into it since, and are added up here"
        else:
            said = "have not been revised"
        yield f"The figures of the last pack, for {then}, {said}."
    for rebase in found.rebases:
        begins = f"New limits begin on {date_text(rebase.starts_on)}"
        yield f"{begins}: {rebase.reason} ({rebase.author})."


def has_revisions(found: PackFacts) -> bool:
    """Whether a figure of the last pack is different today."""
    return bool(_revised(found))


def _revisions(found: PackFacts) -> Page | None:
    """Figures of the last pack that are different today, for the same census; None where there are none."""
    rows = _revised(found)
    if not rows or found.last is None:
        return None
    then = date_text(found.last.census_date)
    return Page(
        name="Changes",
        title=f"{plural(len(rows), 'figure')} for {then} revised since the last pack",
        tables=(Table(f"Figures for {then}", ("Measure", "In the last pack", "Now"), rows),),
        appendix=True,
    )


def _revised(found: PackFacts) -> tuple[tuple[str, ...], ...]:
    last = found.last
    if last is None or last.census_date not in found.figures.facts.dates:
        return ()
    if found.scope.is_joined_at(last.census_date):
        return ()  # a merger is no revision
    rows = []
    for key in MEASURES:
        now = found.figures.find(key, at=last.census_date)
        shown = last.figures.get(key, ("", None))[0]
        if now is not None and shown and display(now) != shown:
            rows.append((sentences.name(now), shown, display(now)))
    return tuple(rows)
