"""What the facts of a scope give for "Do next": whom to book or plan for, signals, milestones, late data.

Sizes are in pathways: for a share, how many pathways its change amounts to. Small numbers of a tracking list
give no item to a reader who may not see them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from sqlalchemy import Connection

from dashboard.analysis.control_charts import Charted
from dashboard.analysis.facts import facts_of
from dashboard.analysis.findings import Figures
from dashboard.analysis.forecasts import forecasts_of, no_forecast_for, targets_of
from dashboard.analysis.parts_over_time import (
    MEASURES,
    PartsOverTime,
    Signals,
    hidden_of,
    latest_signals,
    parts_over_time,
    seen_over_time,
)
from dashboard.analysis.will_breach import SPLIT_DAYS, split_of
from dashboard.filters import to_query
from dashboard.scope.feeds import due_date
from dashboard.scope.returns import missing_words
from dashboard.scope.scope import Scope, compared_with
from dashboard.store.counts import Selection
from ingest.store.schema import WEEKLY
from rtt.disclosure.seen import Seen
from rtt.findings.attention import Item
from rtt.forecast.monthly.forecast_words import figure_text, interval_text
from rtt.measures.indicators import INDICATORS, compute
from rtt.measures.will_breach import WillBreach
from rtt.spc.false_alarms import Judged, Period
from rtt.spc.reading import WORDS
from rtt.terms.booking import DATE_PAST, NO_DATE
from rtt.terms.treatment_functions import TOTAL, in_order, short_name_of
from rtt.terms.wording import (
    date_text,
    list_text,
    month_text,
    number_text,
    percent,
    share_text,
    signed_text,
    target_text,
)

JUDGED = ("share_within_18", "total", "over_52")
LOOK_INTO = {
    "share_within_18": "Find out why fewer are within 18 weeks",
    "total": "Find out why the list grows",
    "over_52": "Find out why more wait over 52 weeks",
}
PASSING_WEEKS = 18
PASSING = "passing_18_in_4_weeks"
MOST_PLANNED = 2  # specialties of a return: it knows no dates, so every one of them could be named


@dataclass(frozen=True, slots=True)
class Attention:
    """Every item, unranked, and what was judged for them.

    `small`: the specialties that no item can be about, because their numbers are not shown to this reader.
    """

    items: tuple[Item, ...]
    judged: Judged
    period: Period = "month"
    told: bool = True  # whether this reader may be told at all
    small: tuple[str, ...] = ()


def attention(
    connection: Connection, scope: Scope, figures: Figures, charts: Mapping[str, Charted]
) -> Attention:
    """The items of a scope; two statements. `figures` are its own figures, `charts` theirs, by JUDGED at
    least.

    Specialties of a part of the list, beside those of the whole, would tell small numbers.
    """
    if scope.conceals and scope.is_part:
        return Attention((), Judged(), told=False)
    over_time = parts_over_time(connection, _selection(scope), "treatment_function")
    gaps = {unit: scope.gaps_of_unit(unit, "treatment_function") for unit in over_time.units}
    seen = seen_over_time(connection, scope, over_time, "treatment_function")
    signals = latest_signals(over_time, scope.rules, seen=seen, gaps=gaps)
    items = [*_signals(scope, over_time, signals, seen), *_undated(connection, scope)]
    items += _about_to_breach(connection, scope)
    if len(signals.units) > 1:
        items += _of_the_whole(scope, charts)
    items += [*milestones(connection, scope, figures), *_late(scope)]
    series = sum(cell.icon is not None for key in JUDGED for cell in signals.cells[key])
    judged = replace(signals.counted["stock"], series=series)
    period: Period = "week" if scope.source == WEEKLY else "month"
    return Attention(tuple(items), judged, period, small=_small(scope, over_time, signals))


def _small(scope: Scope, over_time: PartsOverTime, signals: Signals) -> tuple[str, ...]:
    """The specialties with somebody waiting of whom no judged figure is shown."""
    if not scope.conceals:
        return ()
    listed = over_time.listed["total"][:, -1]
    return tuple(
        short_name_of(unit)
        for at, unit in enumerate(signals.units)
        if listed[at] > 0 and all(signals.cells[key][at].value is None for key in JUDGED)
    )


def _selection(scope: Scope) -> Selection:
    """Every specialty of the scope: the same statement as the table of Trends, so that it is made once."""
    functions = scope.functions or tuple(sorted(scope.offered_functions, key=in_order)) or (TOTAL,)
    return replace(scope.selection(scope.dates), functions=functions)


def _signals(scope: Scope, over_time: PartsOverTime, signals: Signals, seen: Seen | None) -> Iterator[Item]:
    for key in JUDGED:
        values = np.asarray(MEASURES[key](over_time).value, dtype=np.float64)
        # Its change tells the figure before, and of a share the list's size.
        told = ~(
            hidden_of(key, over_time, seen)[:, -2:].any(axis=1) | hidden_of("total", over_time, seen)[:, -1]
        )
        for at, (unit, cell) in enumerate(zip(signals.units, signals.cells[key], strict=True)):
            if (
                not told[at]
                or cell.icon is None
                or cell.icon.word != WORDS["concerning"]
                or cell.value is None
            ):
                continue
            listed = float(over_time.listed["total"][at, -1])
            yield _signal(scope, key, (unit,), cell.value, float(values[at, -2]), listed)


def _of_the_whole(scope: Scope, charts: Mapping[str, Charted]) -> Iterator[Item]:
    """The signals of all specialties together, which no single one may show."""
    listed = charts["total"].last.value
    for key in JUDGED:
        chart = charts[key]
        seen, value = chart.variation, chart.last.value
        if seen is None or seen.icon.word != WORDS["concerning"] or value is None or listed is None:
            continue
        before = chart.last.earlier
        if chart.levels[-2] != chart.levels[-2] or chart.last.about or (before and before.about):
            continue  # withheld, or only about right: no change is told
        yield _signal(scope, key, scope.functions, value, float(chart.levels[-2]), listed)


def _signal(
    scope: Scope, key: str, functions: tuple[str, ...], value: float, before: float, listed: float
) -> Item:
    """A concerning signal; how many pathways of a share's list its change amounts to."""
    share = INDICATORS[key].unit == "share"
    shown = share_text(value) if share else number_text(value)
    # Of shares the difference as shown, which is what the tile says.
    moved = (
        f"{signed_text(percent(value) - percent(before))} points" if share else signed_text(value - before)
    )
    return Item(
        "signal",
        abs(value - before) * (listed if share else 1.0),
        f"{LOOK_INTO[key]} in {list_text([_name(code) for code in functions or (TOTAL,)])}",
        f"{INDICATORS[key].name.lower()} {shown}, {moved} since the census before, a concerning signal.",
        f"/trends{to_query(scope.filters, tf=functions, measure=key, group=_group(scope))}",
    )


def _group(scope: Scope) -> str:
    return scope.filters.group if scope.organisation.kind == "group" else ""


def _name(function: str) -> str:
    return "all specialties" if function == TOTAL else short_name_of(function)


def _undated(connection: Connection, scope: Scope) -> Iterator[Item]:
    """Specialties with people who pass 18 weeks in four weeks and have no date: a tracking list knows."""
    # A reader who may not see small numbers gets none of these: the table of Breaches hides what it must.
    if scope.source != WEEKLY or scope.conceals or scope.census is None:
        return
    will_breach = WillBreach(weeks=PASSING_WEEKS, census=scope.census, days=SPLIT_DAYS)
    split = split_of(connection, scope, will_breach)
    if split is None:
        return
    by_function = split.counts.sum(axis=(1, 2))
    for function, counts in zip(split.functions, by_function.tolist(), strict=True):
        without = counts[NO_DATE] + counts[DATE_PAST]
        if without:
            one = without == 1
            yield Item(
                "breaches",
                float(without),
                f"Book {number_text(without)} in {short_name_of(function)}",
                f"{'it passes' if one else 'they pass'} {PASSING_WEEKS} weeks by "
                f"{date_text(_passing_by(scope.census))} and {'has' if one else 'have'} no date.",
                _way_to_undated(scope, function),
            )


def _passing_by(census: date) -> date:
    return census + timedelta(days=SPLIT_DAYS)


def _way_to_undated(scope: Scope, function: str) -> str:
    """The pathways without a date, for those who may see them; Breaches for everybody else."""
    only: dict[str, object] = {"tf": (function,), "group": _group(scope)}
    if not scope.reader.sees_all_of((function,), scope.filters.site):
        return f"/breaches{to_query(scope.filters, **only)}"
    asked = {"threshold": str(PASSING_WEEKS), "horizon": str(SPLIT_DAYS // 7), "booking": "none"}
    return f"/ptl{to_query(scope.filters, **only, **asked)}"


def _about_to_breach(connection: Connection, scope: Scope) -> Iterator[Item]:
    """The specialties of a return with the most people who pass 18 weeks in four weeks: it knows no dates."""
    if scope.source == WEEKLY or scope.census is None:
        return
    # The selection of the table of specialties on Overview, so that it is read once.
    dates = scope.since(compared_with(scope, "year"))
    facts = facts_of(
        connection, scope.selection(dates, each_function=True), by="treatment_function", flows=False
    )
    counts = compute(facts.facts, [PASSING])[PASSING].value[:, facts.dates.index(scope.census)]
    asked = scope.functions or scope.offered_functions
    passing = [
        (float(count), unit)
        for unit, count in zip(facts.units, counts.tolist(), strict=True)
        if unit in asked and unit != TOTAL and count > 0
    ]
    for count, unit in sorted(passing, key=lambda each: (-each[0], each[1]))[:MOST_PLANNED]:
        yield Item(
            "breaches",
            count,
            f"Plan for {number_text(count)} in {short_name_of(unit)}",
            f"{'it passes' if count == 1 else 'they pass'} {PASSING_WEEKS} weeks by "
            f"{date_text(_passing_by(scope.census))} unless treated first.",
            f"/breaches{to_query(scope.filters, tf=(unit,), group=_group(scope))}",
        )


def milestones(connection: Connection, scope: Scope, figures: Figures) -> Iterator[Item]:
    """Milestones that lie above even the 80% interval of the forecast as issued."""
    if no_forecast_for(scope) or scope.functions:
        return
    made = [each for each in forecasts_of(connection, scope) if each.census == scope.census]
    if not made:
        return
    steps = {step.target: step for step in made[0].steps if "share_within_18" in step.said}
    for day, asked, _ in targets_of(scope, {"share_within_18": _published(figures)}):
        step = steps.get(day)
        if step is None or asked <= step.said["share_within_18"].limits[1][1]:
            continue
        said, total = step.said["share_within_18"], step.said["total"].value
        yield Item(
            "milestone",
            (asked - said.value) / 100 * total,
            f"Plan how to reach the milestone of {target_text(asked / 100)} within 18 weeks",
            f"for {date_text(day)} {figure_text(said.measure, said.value)} is projected, 80% interval "
            f"{interval_text(said.measure, said.limits[1])}: the milestone is above it.",
            f"/breaches{to_query(scope.filters, measure='share_within_18')}",
        )
        return  # whoever plans for the nearest has no use for the next in the same list


def _published(scope: Figures) -> dict[date, float]:
    """% within 18 weeks by census."""
    found = {day: scope.find("share_within_18", at=day) for day in scope.facts.dates}
    return {
        day: 100 * each.value for day, each in found.items() if each is not None and each.value is not None
    }


def _late(scope: Scope) -> Iterator[Item]:
    """Returns that are missing from this census; the next census, if it is overdue."""
    if scope.census and scope.census in scope.missing:
        gone = scope.missing[scope.census]
        yield Item(
            "late",
            0.0,
            "Ask for the part of the return that is missing",
            f"in {month_text(scope.census)} {missing_words(gone)}, so no change to this month or from it is "
            "judged.",
            f"/quality{to_query(scope.filters)}#absent-title",
        )
    if scope.census is None or scope.census != scope.loaded.censuses(scope.source)[-1]:
        return
    due = due_date(scope.enquiry.settings, scope.source, scope.census)
    if due < scope.enquiry.today:
        yield Item(
            "late",
            0.0,
            f"Ask for the next {'list' if scope.source == WEEKLY else 'monthly return'}",
            f"it was due on {date_text(due)}; these figures are of {date_text(scope.census)}.",
            "/status",
        )
