"""Process control charts of a scope's findings, made once for tile, table row, chart and caption.

A series is laid out on every period from the first census to the last, held or not: a month that is missing
is a gap, never skipped. Monthly flows are charted per working day; shares and weekly flows as they are. The
rules are `rtt.spc.charts`; what a signal is called is `rtt.spc.reading`. Nothing is asked of the database
here.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from dashboard.analysis.findings import Figures
from dashboard.scope.scope import Scope
from dashboard.store.series import Series
from dashboard.store.written import Rebase
from rtt.findings.findings import Earlier, Finding, Remark, remarks_of, standard_for
from rtt.measures.indicators import INDICATORS, Indicator
from rtt.measures.standards import Standard, standard_words
from rtt.spc.assurance import LAST_CENSUSES, Met, met_in_last, met_words
from rtt.spc.charts import ControlCharts, judged_flow_charts, phases_from, stock_charts
from rtt.spc.reading import Reading, Variation, limits_note, one, variation, variation_sentence
from rtt.spc.settings import Rules
from rtt.terms.arrays import Floats, Ints
from rtt.terms.calendar import month_ends, working_days_each
from rtt.terms.treatment_functions import TOTAL
from rtt.terms.wording import month_text

NOT_WHOLE = Remark("gap", "part missing", "")
"""On a finding of a month of which a part is missing: no change is told to it or from it."""


@dataclass(frozen=True, slots=True, eq=False)
class Charted:
    """One indicator of one scope over all periods; arrays (time,) along `days`.

    levels: the figure, nan where it is not known. charted: what the chart draws of it: the change of a
    stock, a monthly flow per working day, any other flow as it is. met: None where no standard ever applied.
    variation: of the newest point; None with trial limits or without a figure. last: the newest figure, and
    judged: the same with what its chart and its standard add, as remarks.
    """

    indicator: Indicator
    scope: Scope
    days: tuple[date, ...]
    levels: Floats
    phases: Ints
    reading: Reading
    per_working_day: bool
    rebases: tuple[Rebase, ...]
    last: Finding
    standard: Standard | None
    met: Met | None
    variation: Variation | None
    judged: Finding


def charted(figures: Figures, keys: Sequence[str], *, rebases: Sequence[Rebase] = ()) -> dict[str, Charted]:
    """The charts of a scope's own series (one unit), by indicator."""
    scope, days = figures.scope, every_period(figures.facts.dates, figures.scope.source)
    levels = {key: _laid_out(figures, key, days, figures.measures[key].value) for key in keys}
    exact = levels
    if figures.suppressed:  # what is drawn has no more digits than are printed; what is judged has them all
        exact = {key: _laid_out(figures, key, days, figures.suppressed.exact[key]) for key in keys}
    found: dict[str, Charted] = {}
    for kind in ("stock", "flow"):
        own = [key for key in keys if INDICATORS[key].kind == kind]
        if own:
            values = np.stack([_judged(scope, key, exact[key], days) for key in own])
            phases = np.stack([_phases(key, days, rebases) for key in own])
            charts = charts_of(kind, values, turn=turns(days, scope.source), rules=scope.rules, phases=phases)
            found |= {
                key: _one(figures, key, days, levels[key], _drawn(one(charts, row), levels[key]), rebases)
                for row, key in enumerate(own)
            }
    return {key: found[key] for key in keys}


def charts_of(
    kind: str, values: Floats, *, turn: Floats | None, rules: Rules, phases: Ints | None = None
) -> ControlCharts:
    """Charts of many series of one kind at once; values (series, time), `turn` as `turns` gives it."""
    make = stock_charts if kind == "stock" else judged_flow_charts
    return make(values, turn=turn, phases=phases, rules=rules)


def turns(days: Sequence[date], source: str) -> Floats | None:
    """The place of each month in the year, 0 to 1. None for weeks: limits are made of less than a year of
    them, in which a season cannot be told from a drift.
    """
    return np.array([(day.month - 1) / 12 for day in days]) if source == "monthly" else None


def every_period(dates: Sequence[date], source: str) -> tuple[date, ...]:
    """The censuses, and those that should lie between them but are not held."""
    if not dates:
        return ()
    if source == "monthly":
        return tuple(month_ends(dates[0], dates[-1]))
    days = [dates[0]]
    for day in dates[1:]:
        while (day - days[-1]).days > 7:
            days.append(days[-1] + timedelta(days=7))
        days.append(day)
    return tuple(days)


def is_per_working_day(indicator: Indicator, source: str) -> bool:
    """Counts of a month's flow depend on its working days; shares and weeks do not."""
    return source == "monthly" and indicator.kind == "flow" and indicator.unit == "pathways"


def per_working_day(values: Floats, days: Sequence[date]) -> Floats:
    """Monthly counts (..., time) by the working days of their months."""
    divided: Floats = values / working_days_each([day.replace(day=1) for day in days], list(days))
    return divided


def without_gaps(gaps: Collection[date], key: str, values: Floats, days: Sequence[date]) -> Floats:
    """Values (..., time) with nan in the months of which a part is missing, and no signal to or from them.

    What is told from the list before is wrong in the month after as well.
    """
    gone = np.array([day in gaps for day in days], dtype=bool)
    if any(count.when == "before" for count in INDICATORS[key].discloses.counts):
        gone[1:] |= gone[:-1]
    return np.where(gone, np.nan, values)


def findings_beside(figures: Figures, chart: Charted, *, newest: int = 0) -> list[Finding | None]:
    """The finding of each period of the chart, or of its `newest` ones; None where no census is held."""
    held, gaps, days = set(figures.facts.dates), figures.scope.gaps, chart.days[-newest:]
    found = [figures.find(chart.indicator.key, at=day) if day in held else None for day in days]
    return [
        replace(each, remarks=(*each.remarks, NOT_WHOLE)) if each and day in gaps else each
        for day, each in zip(days, found, strict=True)
    ]


def first_of(findings: Sequence[Finding | None]) -> Earlier | None:
    """The first figure of a series, to tell the change over all of it from; None for fewer than three.

    `findings` are those of `findings_beside`. A month of which a part is missing is no end of a change.
    """
    known = [each for each in findings if each is not None and each.value is not None]
    if len(known) < 3 or known[-1] is not findings[-1]:
        return None
    first = known[0]
    if any(remarks_of(each, NOT_WHOLE.kind) for each in (first, known[-1])):
        return None
    return Earlier(first.value, first.census_date, first.about)


def series_of(scope: Scope, measure: str = "") -> Series:
    """What notes and rebases of this scope belong to; `measure` '' for every measure."""
    return Series(
        source=scope.source,
        level=scope.organisation.level,
        organisation_code=scope.organisation.code,
        treatment_function=",".join(scope.functions) or TOTAL,
        measure=measure,
    )


def _remarks(
    last: Finding,
    reading: Reading,
    seen: Variation | None,
    at: date | None,
    required: tuple[Standard, Met] | None,
) -> Iterable[Remark]:
    """What is said beside a figure; `at`: the month without a part of it, now or just before."""
    note = limits_note(reading)
    if at is not None and not seen:
        yield Remark("caveat", "part missing", f"Not judged: part of {month_text(at)} is missing.")
        note = None
    if seen:
        yield Remark("signal", seen.icon.word, variation_sentence(seen), seen.icon.shape)
    elif note and last.value is not None:
        yield Remark("caveat", "trial limits", note)
    if required:
        named, words = standard_words(required[0]), met_words(required[1])
        yield Remark("assurance", words, f"{named[0].upper()}{named[1:]}: {words}.")


def _one(
    figures: Figures,
    key: str,
    days: tuple[date, ...],
    levels: Floats,
    reading: Reading,
    rebases: Sequence[Rebase],
) -> Charted:
    scope, indicator = figures.scope, INDICATORS[key]
    last = figures.find(key, before=scope.previous) or figures.nobody(key)
    required = _required(last, indicator, days, levels)
    seen = variation(reading, good=indicator.good)
    gap = max((day for day in days[-2:] if day in scope.gaps), default=None)
    return Charted(
        indicator=indicator,
        scope=scope,
        days=days,
        levels=levels,
        phases=_phases(key, days, rebases),
        reading=reading,
        per_working_day=is_per_working_day(indicator, scope.source),
        rebases=tuple(each for each in rebases if each.series.measure in ("", key)),
        last=last,
        standard=required[0] if required else None,
        met=required[1] if required else None,
        variation=seen,
        judged=replace(last, remarks=(*last.remarks, *_remarks(last, reading, seen, gap, required))),
    )


def _required(
    last: Finding, indicator: Indicator, days: Sequence[date], levels: Floats
) -> tuple[Standard, Met] | None:
    """The newest standard, and how often it was met in the last censuses; None where none ever applied, or it
    was never worked out for this organisation.
    """
    if not indicator.good:
        return None
    each_day = [standard_for(indicator.key, last.scope, day) for day in days[-LAST_CENSUSES:]]
    known = [standard for standard in each_day if standard is not None and standard.value is not None]
    if not known:
        return None
    values = [np.nan if each is None or each.value is None else each.value for each in each_day]
    return known[-1], met_in_last(levels[-LAST_CENSUSES:], values, good=indicator.good)


def _drawn(reading: Reading, levels: Floats) -> Reading:
    """The reading with the changes of a stock as they follow from the levels that are drawn."""
    if reading.kind != "stock":
        return reading
    changes = np.concatenate([[np.nan], np.diff(levels)])
    return replace(reading, values=np.where(np.isnan(reading.values), np.nan, changes))


def _laid_out(figures: Figures, key: str, days: tuple[date, ...], found: Floats) -> Floats:
    """(time,) the figure at each period; nan in a gap and in the open week band."""
    row, levels = figures.facts.unit(""), np.full(len(days), np.nan)
    if row is None:
        return levels
    values = np.where(np.isinf(found[row]), np.nan, found[row])
    column = {day: position for position, day in enumerate(days)}
    levels[[column[day] for day in figures.facts.dates]] = values
    return levels


def _divided(scope: Scope, key: str, levels: Floats, days: tuple[date, ...]) -> Floats:
    return per_working_day(levels, days) if is_per_working_day(INDICATORS[key], scope.source) else levels


def _judged(scope: Scope, key: str, levels: Floats, days: tuple[date, ...]) -> Floats:
    return without_gaps(scope.gaps, key, _divided(scope, key, levels, days), days)


def _phases(key: str, days: tuple[date, ...], rebases: Sequence[Rebase]) -> Ints:
    starts = [each.starts_on for each in rebases if each.series.measure in ("", key)]
    positions = {next((at for at, day in enumerate(days) if day >= start), 0) for start in starts}
    return phases_from(len(days), tuple(positions))
