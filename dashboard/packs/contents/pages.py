"""The pages every pack has: summary, 18-week performance, list shape, predicted breaches, specialties."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import numpy as np

from dashboard.analysis.as_if import AS_IF, as_if_words
from dashboard.analysis.control_charts import Charted, findings_beside
from dashboard.analysis.findings import hidden_bands
from dashboard.analysis.forecasts import jump_words
from dashboard.analysis.not_whole import AS_IF_COLUMNS, as_if
from dashboard.analysis.pack import MEASURES, PackFacts
from dashboard.analysis.published import NONE_PUBLISHED, Published
from dashboard.figures import bars
from dashboard.figures.chart import Chart
from dashboard.figures.control_chart import control_chart, signals_told, what_marks_are
from dashboard.figures.level_chart import level_chart
from dashboard.figures.notes import Note, mergers
from dashboard.figures.shape import Shape, shape_chart
from dashboard.packs.contents import conclusions
from dashboard.packs.contents.axes import in_units, with_axes
from dashboard.packs.contents.breaches import weekly_breaches
from dashboard.packs.contents.commentary import boxes_of, why_flagged
from dashboard.packs.contents.page import Page, Table
from dashboard.scope.nearest import step_back
from rtt.findings import sentences
from rtt.findings.exceptions import NOT_JUDGED, overall_sentence
from rtt.findings.findings import Finding, display, remarks_of
from rtt.findings.left_out import left_out_words, unranked_words
from rtt.findings.list_shape import nine_in_ten_sentence, passing_sentence
from rtt.measures.indicators import INDICATORS
from rtt.measures.standards import is_met, target_cell
from rtt.terms.treatment_functions import short_name_of
from rtt.terms.waits import BANDS
from rtt.terms.wording import NOT_KNOWN, date_text

POINTS = 24
OF_CHANGE = "18 weeks, change"
BARS_SHOWN = 12
MARKS = {
    "triangle-up": "▲",
    "triangle-down": "▼",
    "square": "■",
    "circle": "●",
    "diamond": "◆",
}
"""The shape that stands before the word of a variation, for those who see no colour and those who print."""


def measures(found: PackFacts) -> Page:
    """Every measure in a row; the title says how many changed."""
    words = [chart.variation.icon.word if chart.variation else NOT_JUDGED for chart in _charts(found)]
    return Page(
        name="Measures",
        title=conclusions.title_of_measures(found, MEASURES, overall_sentence(words)),
        paragraphs=tuple(filter(None, [as_if_words(found.charts["total"].last, found.scope)])),
        tables=(*_as_if(found), _measures(found)),
    )


def _charts(found: PackFacts) -> list[Charted]:
    return [found.charts[key] for key in MEASURES]


def _as_if(found: PackFacts) -> Iterator[Table]:
    if rows := as_if(found.scope, found.figures):
        yield Table(AS_IF, AS_IF_COLUMNS, tuple(rows))


def _measures(found: PackFacts) -> Table:
    scope = found.scope
    before = date_text(scope.previous) if scope.previous else "the census before"
    year = "Since 52 weeks before" if scope.source == "weekly" else "Since a year before"
    columns = ("Measure", "Variation", "Assurance", "Standard", "Latest", f"Since {before}", year)
    rows = [_measure(found, chart) for chart in _charts(found)]
    # A column that says the same of every measure says nothing.
    nothing = {NOT_JUDGED.capitalize(), "No standard", "\N{EN DASH}", NOT_KNOWN}
    kept = [at for at, cells in enumerate(zip(*rows, strict=True)) if len(set(cells) - nothing) or at == 4]
    return Table(
        "Every measure, with variation and assurance" if 1 in kept else "Every measure",
        tuple(columns[at] for at in kept),
        tuple(tuple(row[at] for at in kept) for row in rows),
        text_columns=sum(at < 3 for at in kept),
    )


def _measure(found: PackFacts, chart: Charted) -> tuple[str, ...]:
    last = chart.judged
    return (
        sentences.name(last),
        variation_words(last),
        assurance_words(chart),
        target_cell(chart.standard),
        display(last),
        sentences.short_change(last),
        _since_a_year(found, chart),
    )


def variation_words(finding: Finding) -> str:
    """Shape and word of a finding's signal: "■ concerning"; or that it cannot be judged yet."""
    signal = next(iter(remarks_of(finding, "signal")), None)
    return f"{MARKS.get(signal.mark, '●')} {signal.word}" if signal else NOT_JUDGED.capitalize()


def assurance_words(chart: Charted) -> str:
    """Shape and words of how often the standard was met; whether it is met now."""
    if chart.met is None or chart.standard is None:
        return "No standard"
    now = chart.last.value is not None and is_met(chart.standard, chart.last.value)
    return f"{'✓' if now else '✗'} met in {chart.met.met} of {chart.met.known}"


def _since_a_year(found: PackFacts, chart: Charted) -> str:
    then = step_back(found.scope.dates, found.scope.source, chart.last.census_date, "year")
    finding = found.figures.find(chart.indicator.key, before=then) if then else None
    return sentences.short_change(finding) if finding else NOT_KNOWN


def performance(found: PackFacts) -> Iterator[Page]:
    """The share within 18 weeks as a level with its standards, and its changes with their limits."""
    chart = found.charts["share_within_18"]
    forecast = [remark.sentence for remark in found.expected if remark.mark == "share_within_18"]
    flagged = [why_flagged(finding) for own, finding in found.exceptions if own is chart]
    yield Page(
        name="18 weeks",
        title=conclusions.title_with_standard(chart.last),
        paragraphs=(
            sentences.level_sentence(chart.last),
            conclusions.changes(found, chart),
            *(forecast or ([] if chart.variation else flagged)),
        ),
        chart=level(found, chart),
        boxes=boxes_of(found.narratives.get("share_within_18")),
    )
    if chart.variation:
        drawn = control(found, chart)
        yield Page(
            name=OF_CHANGE,
            title=conclusions.title_of_change(chart),
            paragraphs=(
                *(flagged or [remark.sentence for remark in chart.judged.remarks]),
                f"Each mark is {what_marks_are(chart)}.",
                signals_told(chart, POINTS),
            ),
            chart=drawn,
        )


def level(found: PackFacts, chart: Charted, *, published: Published = NONE_PUBLISHED) -> Chart:
    """The level of a measure with every standard on it: a board reads how far apart they are. `published`:
    the publisher's months before the first that is held, and between.
    """
    beside = findings_beside(found.figures, chart)
    drawn = level_chart(chart, beside, points=POINTS, notes=_phases(chart), published=published)
    return with_axes(drawn, in_units(sentences.name(chart.last), chart.indicator.unit))


def control(found: PackFacts, chart: Charted) -> Chart:
    """The process control chart of a measure, as Trends draws it."""
    beside = findings_beside(found.figures, chart)
    return with_axes(control_chart(chart, beside, points=POINTS, notes=_phases(chart)))


def _phases(chart: Charted) -> list[Note]:
    begun = [Note(each.starts_on, each.reason, each.author, starts_phase=True) for each in chart.rebases]
    return sorted([*begun, *mergers(chart.scope)], key=lambda note: note.day)


def shape(found: PackFacts) -> Iterator[Page]:
    """The list by weeks waited, now and a year ago."""
    now = _shape(found, found.scope.census)
    if now is None or not now.total.value:
        return
    year = step_back(found.scope.dates, found.scope.source, now.total.census_date, "year")
    drawn = shape_chart(now, _shape(found, year), title=conclusions.title_of_shape(found), hrefs=[""] * BANDS)
    last, hidden = now.open_band, now.hidden
    yield Page(
        name="List shape",
        title=drawn.title,
        paragraphs=(
            sentences.level_sentence(now.total),
            nine_in_ten_sentence(now.bands, open_band=last, hidden=hidden),
            passing_sentence(now.passing, now.total),
        ),
        chart=with_axes(replace(drawn, hrefs=()), drawn.plot.axis.title),
    )


def _shape(found: PackFacts, at: date | None) -> Shape | None:
    figures = found.figures
    row = figures.facts.unit("")
    if at is None or row is None:
        return None
    total, passing = figures.find("total", at=at), figures.find("passing_18_in_4_weeks", at=at)
    if total is None or passing is None:
        return None
    bands = np.nan_to_num(figures.facts.facts.bands[row, figures.facts.dates.index(at)])
    hidden = hidden_bands(figures, at) if found.scope.conceals else np.zeros(BANDS, dtype=bool)
    return Shape(total, passing, bands, hidden, total.open_band)


def breaches(found: PackFacts) -> Iterator[Page]:
    """Who passes 18 weeks within four, by specialty: a count; and what was forecast."""
    finding = found.charts["passing_18_in_4_weeks"].last
    boxes = boxes_of(found.narratives.get("passing_18_in_4_weeks"))
    if found.weekly:
        yield from weekly_breaches(found, found.weekly, boxes)
        return
    expected = [remark.sentence for remark in found.expected if remark.mark != "share_within_18"]
    sentence = sentences.sentence(finding)
    drawn, left_out = _by_specialty(
        found,
        "passing_18_in_4_weeks",
        title=sentences.title(finding),
        caption=sentence,
        largest=True,
        where="the table that follows has",
    )
    yield Page(
        name="Predicted breaches",
        title=f"{sentences.title(finding)} unless treated",
        paragraphs=(sentence, left_out, *expected, *(_jump(found) if expected else [])),
        chart=drawn,
        height=bars.height(range(BARS_SHOWN)) if drawn else 0,
        tables=(_passing(found),) if left_out else (),
        boxes=boxes,
    )


def _passing(found: PackFacts) -> Table:
    """Every specialty with who passes: the chart ends at twelve."""
    key = "passing_18_in_4_weeks"
    rows = tuple((short_name_of(code), display(shown[key])) for code, shown in found.specialties.items())
    return Table("Every specialty", ("Specialty", INDICATORS[key].name), rows)


def _jump(found: PackFacts) -> list[str]:
    charted, census = found.charts["total"], found.scope.census
    lists = {day: float(level) for day, level in zip(charted.days, charted.levels, strict=True)}
    words = jump_words({"total": lists}, census) if census else ""
    return [words] if words else []


def specialties(found: PackFacts) -> Iterator[Page]:
    """Every specialty: a bar chart of the share within 18 weeks, lowest first, and the table of all."""
    finding = found.charts["share_within_18"].last
    caption = "Specialties with the lowest shares stand first."
    drawn, left_out = _by_specialty(
        found,
        "share_within_18",
        title="",
        caption=caption,
        largest=False,
        where="the table of all specialties has",
    )
    title = _lowest(drawn)
    drawn = replace(drawn, title=title) if drawn else None
    whole = f"All together: {display(finding)}." if finding.value is not None else ""
    columns = ("Specialty", "Waiting", "Within 18 weeks", "Over 52 weeks", "Median wait")
    keys = ("total", "share_within_18", "over_52", "median_weeks")
    rows = [
        (short_name_of(code), *(display(shown[key]) for key in keys))
        for code, shown in found.specialties.items()
    ]
    yield Page(
        name="Specialties",
        title=title,
        paragraphs=(whole, caption if drawn else "", left_out),
        chart=drawn,
        height=bars.height(range(BARS_SHOWN)),
        tables=(Table("Every specialty of the scope", columns, tuple(rows)),),
    )


def _lowest(drawn: Chart | None) -> str:
    """Which specialty has the lowest share: the first bar."""
    if drawn is None or not drawn.rows:
        return "Specialties: the numbers are too small to rank them"
    name, shown = drawn.rows[0][:2]
    if len(drawn.rows) == 1:
        return f"{name}: {shown} within 18 weeks"
    return f"{name} has the lowest share within 18 weeks: {shown}"


def _by_specialty(
    found: PackFacts, key: str, *, title: str, caption: str, largest: bool, where: str
) -> tuple[Chart | None, str]:
    """The first twelve by their figure, and what is said of those that are not among them."""
    shown = [(code, mine[key]) for code, mine in found.specialties.items()]
    without = [(short_name_of(code), display(finding)) for code, finding in shown if finding.value is None]
    known = [(code, finding) for code, finding in shown if finding.value is not None]
    known.sort(key=lambda each: (-1 if largest else 1) * (each[1].value or 0.0))
    if not known:
        return None, unranked_words(without)
    left_out = left_out_words(min(len(known), BARS_SHOWN), len(known), without, where=where)
    drawn = [
        bars.Bar(short_name_of(code), short_name_of(code), finding.value, display(finding), "")
        for code, finding in known[:BARS_SHOWN]
    ]
    name = sentences.name(known[0][1])
    chart = bars.bar_chart(
        drawn,
        unit=known[0][1].unit,
        title=title,
        caption=f"{caption} {left_out}".strip(),
        what=f"{name.lower()} by specialty",
        columns=("Specialty", name),
    )
    return with_axes(replace(chart, hrefs=()), in_units(name, known[0][1].unit)), left_out
