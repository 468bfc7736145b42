"""The pages every pack has: summary, 18-week performance, list shape, predicted breaches, specialties."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import numpy as np

from dashboard.analysis.control_charts import Charted, findings_beside
from dashboard.analysis.findings import hidden_bands
from dashboard.analysis.forecasts import jump_words
from dashboard.analysis.not_whole import AS_IF, AS_IF_COLUMNS, as_if, not_whole_words
from dashboard.analysis.pack import MEASURES, PackFacts
from dashboard.figures import bars
from dashboard.figures.chart import Chart
from dashboard.figures.control_chart import control_chart
from dashboard.figures.level_chart import level_chart
from dashboard.figures.notes import Note
from dashboard.figures.shape import Shape, shape_chart
from dashboard.packs.contents.breaches import weekly_breaches
from dashboard.packs.contents.page import Page, Table
from dashboard.scope.nearest import step_back
from rtt.findings import sentences
from rtt.findings.exceptions import NOT_JUDGED, overall_sentence
from rtt.findings.findings import Finding, display, remarks_of
from rtt.findings.left_out import left_out_words, unranked_words
from rtt.measures.indicators import INDICATORS
from rtt.measures.standards import is_met, target_cell
from rtt.terms.treatment_functions import short_name_of
from rtt.terms.waits import BANDS
from rtt.terms.wording import NOT_KNOWN, date_text

POINTS = 24
BARS_SHOWN = 12
MARKS = {
    "triangle-up": "▲",
    "triangle-down": "▼",
    "square": "■",
    "circle": "●",
    "diamond": "◆",
}
"""The shape that stands before the word of a variation, for those who see no colour and those who print."""


def summary(found: PackFacts) -> Page:
    """Three sentences, how many measures changed, and every measure in a row."""
    three = [found.charts[key] for key in ("share_within_18", "total", "over_52")]
    words = [chart.variation.icon.word if chart.variation else NOT_JUDGED for chart in _charts(found)]
    return Page(
        name="Summary",
        title=f"Summary: {sentences.title(three[0].last)}",
        paragraphs=(
            *(f"{said}." for said in not_whole_words(found.scope)),
            *(_level_and_change(chart.last) for chart in three),
            overall_sentence(words),
        ),
        tables=(*_as_if(found), _measures(found)),
    )


def _charts(found: PackFacts) -> list[Charted]:
    return [found.charts[key] for key in MEASURES]


def _as_if(found: PackFacts) -> Iterator[Table]:
    if rows := as_if(found.scope, found.figures):
        yield Table(AS_IF, AS_IF_COLUMNS, tuple(rows))


def _level_and_change(finding: Finding) -> str:
    change = sentences.change_words(finding)
    return (
        f"{sentences.sentence(finding)} {change[0].upper()}{change[1:]}."
        if change
        else sentences.sentence(finding)
    )


def _measures(found: PackFacts) -> Table:
    scope = found.scope
    before = date_text(scope.previous) if scope.previous else "the census before"
    year = "Since 52 weeks before" if scope.source == "weekly" else "Since a year before"
    return Table(
        "Every measure, with variation and assurance",
        ("Measure", "Variation", "Assurance", "Standard", "Latest", f"Since {before}", year),
        tuple(_measure(found, chart) for chart in _charts(found)),
        text_columns=3,
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
    for name, drawn in (("18 weeks", level(found, chart)), ("18 weeks, change", control(found, chart))):
        told = (drawn.caption, *(forecast if name == "18 weeks" else ()))
        yield Page(name=name, title=drawn.title, paragraphs=told, chart=drawn)


def level(found: PackFacts, chart: Charted) -> Chart:
    """The level of a measure, as the Overview draws it."""
    beside = findings_beside(found.figures, chart)
    return level_chart(chart, beside, points=POINTS, notes=_phases(chart))


def control(found: PackFacts, chart: Charted) -> Chart:
    """The process control chart of a measure, as Trends draws it."""
    beside = findings_beside(found.figures, chart)
    return control_chart(chart, beside, points=POINTS, notes=_phases(chart))


def _phases(chart: Charted) -> list[Note]:
    return [Note(each.starts_on, each.reason, each.author, starts_phase=True) for each in chart.rebases]


def shape(found: PackFacts) -> Iterator[Page]:
    """The list by weeks waited, now and a year ago."""
    now = _shape(found, found.scope.census)
    if now is None or not now.total.value:
        return
    year = step_back(found.scope.dates, found.scope.source, now.total.census_date, "year")
    drawn = shape_chart(now, _shape(found, year), title=sentences.title(now.passing), hrefs=[""] * BANDS)
    without = replace(drawn, hrefs=())
    yield Page(
        name="List shape", title=f"List shape: {drawn.title}", paragraphs=(drawn.caption,), chart=without
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
    if found.weekly:
        yield from weekly_breaches(found, found.weekly, sentences.sentence(finding))
        return
    told = [sentences.sentence(finding)]
    expected = [remark.sentence for remark in found.expected]
    told += [*expected, *_jump(found)] if expected else []
    told += [found.no_forecast] if found.no_forecast else []
    if not found.no_forecast and found.forecast is None:
        told.append(
            "No forecast was issued from this census. To make one from the newest census, run: rtt forecast"
        )
    drawn, left_out = _by_specialty(
        found, "passing_18_in_4_weeks", title=sentences.title(finding), caption=told[0], largest=True
    )
    told += [left_out] if left_out else []
    tables = (_passing(found),) if left_out else ()
    yield Page(
        name="Predicted breaches",
        title=f"Predicted breaches: {sentences.title(finding)}",
        paragraphs=tuple(told),
        chart=drawn,
        height=bars.height(range(BARS_SHOWN)) if drawn else 0,
        tables=tables,
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
    caption = f"{sentences.sentence(finding)} Specialties with the lowest shares first."
    title = "Specialties: share within 18 weeks"
    drawn, left_out = _by_specialty(found, "share_within_18", title=title, caption=caption, largest=False)
    columns = ("Specialty", "Waiting", "Within 18 weeks", "Over 52 weeks", "Median wait")
    keys = ("total", "share_within_18", "over_52", "median_weeks")
    rows = [
        (short_name_of(code), *(display(shown[key]) for key in keys))
        for code, shown in found.specialties.items()
    ]
    yield Page(
        name="Specialties",
        title=title,
        paragraphs=(caption, *([left_out] if left_out else [])),
        chart=drawn,
        height=bars.height(range(BARS_SHOWN)),
        tables=(Table("Every specialty of the scope", columns, tuple(rows)),),
    )


def _by_specialty(
    found: PackFacts, key: str, *, title: str, caption: str, largest: bool
) -> tuple[Chart | None, str]:
    """The first twelve by their figure, and what is said of those that are not among them."""
    shown = [(code, mine[key]) for code, mine in found.specialties.items()]
    without = [(short_name_of(code), display(finding)) for code, finding in shown if finding.value is None]
    known = [(code, finding) for code, finding in shown if finding.value is not None]
    known.sort(key=lambda each: (-1 if largest else 1) * (each[1].value or 0.0))
    if not known:
        return None, unranked_words(without)
    left_out = left_out_words(
        min(len(known), BARS_SHOWN), len(known), without, where="the table of all specialties has"
    )
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
    return replace(chart, hrefs=()), left_out
