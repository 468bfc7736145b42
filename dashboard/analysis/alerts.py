"""How a reader's places stand, for alerts: signals, breaches without a date, milestones, late data.

It is found as the public sees it, whoever it is for: an email is forwarded. So no small number and no pathway
can be in it. What of it is new is `rtt.findings.alerts`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from sqlalchemy import Connection

from dashboard.analysis.attention import JUDGED, milestones
from dashboard.analysis.control_charts import Charted
from dashboard.analysis.facts import every_census, read_bands
from dashboard.analysis.findings import Figures
from dashboard.analysis.forecasts import targets_of
from dashboard.analysis.report import report
from dashboard.analysis.services import ended_words, name_of
from dashboard.analysis.through_time import became
from dashboard.analysis.without_date import without_date
from dashboard.places import Place
from dashboard.scope.feeds import due_date
from dashboard.scope.scope import Scope, resolve
from dashboard.server.access import ANYBODY, Enquiry
from ingest.store.schema import WEEKLY
from rtt.findings import sentences
from rtt.findings.alerts import Standing
from rtt.findings.findings import display
from rtt.measures.indicators import INDICATORS
from rtt.spc.charts import FEWEST_POINTS
from rtt.spc.false_alarms import Judged, Period, false_alarm_words, false_alarms, judged
from rtt.spc.settings import Rules
from rtt.terms.wording import date_text, percent, plural, share_text, target_text

THRESHOLDS = (18, 52)
PERIODS: dict[str, Period] = {"weekly": "week", "monthly": "month"}


@dataclass(slots=True)
class Stand:
    """How all places of a reader stand, and how many series were judged for it, by period."""

    standing: list[Standing] = field(default_factory=list)
    judged: dict[Period, Judged] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)


def stand_of(connection: Connection, places: Sequence[Place], enquiry: Enquiry) -> Stand:
    """One statement for the bands of all places, and a few for each. A place that the data does not have is
    left out, but that one has ended is told.
    """
    public = Enquiry(ANYBODY, enquiry.today, enquiry.settings)
    resolved = [(place, resolve(connection, place.filters, public)) for place in places]
    there = [(place, scope) for place, scope in resolved if scope.census and not scope.notices]
    read_bands(connection, *((every_census(scope), "", True) for _, scope in there))
    found = Stand()
    for place, scope in resolved:
        found.standing += _ended(place, scope)
    for place, scope in there:
        own = report(connection, scope, JUDGED)
        named = [*_of_place(connection, scope, own.figures, own.charts)]
        name = name_of(place, scope)
        found.standing += [
            Standing(each.kind, f"{each.topic} {place.query}", each.state, each.sentence, name, place.query)
            for each in named
        ]
        found.standing += _late(scope)
        for chart in own.charts.values():
            _count(found, PERIODS[scope.source], chart)
        source = sentences.source_line(own.charts["total"].last)
        found.sources += [source] if source not in found.sources else []
    return found


def false_alarm_lines(found: Stand, rules: Rules) -> list[str]:
    """How many signals to expect although nothing changed, by period; as pages say it."""
    lines = []
    for period, each in found.judged.items():
        if each.points >= FEWEST_POINTS:
            rates = false_alarms(
                kind="stock", rules=rules, points=each.points, period=period, correlation=each.correlation
            )
            lines.append(false_alarm_words(rates, series=each.series))
    return lines


def _count(found: Stand, period: Period, chart: Charted) -> None:
    if chart.variation is None:
        return
    reading = chart.reading
    one = judged(np.atleast_2d(reading.values), np.atleast_2d(reading.centre), reading.points_in_limits)
    found.judged[period] = found.judged.get(period, Judged()).with_more(one)


def _of_place(
    connection: Connection, scope: Scope, figures: Figures, charts: dict[str, Charted]
) -> Iterator[Standing]:
    yield from _undated(connection, scope)
    yield from _signals(charts)
    yield from _milestones(connection, scope, figures)


def _signals(charts: dict[str, Charted]) -> Iterator[Standing]:
    for key, chart in charts.items():
        seen, last = chart.variation, chart.last
        if seen is None or last.value is None or last.withheld:
            continue  # not judged, or not shown: it is not known whether it stands
        icon = seen.icon
        if icon.meaning == "common cause":
            yield Standing("signal", f"signal {key}", "")
            continue
        change = sentences.change_words(last)
        said = " ".join(remark.sentence for remark in chart.judged.remarks if remark.kind == "signal")
        yield Standing(
            "signal",
            f"signal {key}",
            f"{icon.meaning} {icon.arrow}",
            f"{INDICATORS[key].name}: {display(last)} {sentences.when(last)}"
            f"{f', {change}' if change else ''}. {said}",
        )


def _undated(connection: Connection, scope: Scope) -> Iterator[Standing]:
    for weeks in THRESHOLDS:
        found = without_date(connection, scope, weeks)
        if found is not None and found.count is not None:
            yield Standing(
                "undated",
                f"undated {weeks}",
                str(found.count),
                f"{plural(found.count, 'pathway')} will breach {weeks} weeks by {date_text(found.by)} and "
                f"{'has' if found.count == 1 else 'have'} no date.",
            )


def _milestones(connection: Connection, scope: Scope, figures: Figures) -> Iterator[Standing]:
    """A milestone of the day of the census that was missed; one to come that the projection misses."""
    share = figures.find("share_within_18")
    if share is not None and share.value is not None and not share.withheld:
        for day, asked, name in targets_of(scope, {"share_within_18": _published(figures)}):
            if day == scope.census and percent(share.value) < percent(asked / 100):
                yield Standing(
                    "milestone",
                    f"milestone {day.isoformat()}",
                    "missed",
                    f"Milestone missed: {share_text(share.value)} within 18 weeks on {date_text(day)}, "
                    f"{target_text(asked / 100)} was asked ({name}).",
                )
    for item in milestones(connection, scope, figures):
        yield Standing("milestone", f"projected {item.action}", "projected", f"{item.action}: {item.reason}")


def _published(figures: Figures) -> dict[date, float]:
    found = {day: figures.find("share_within_18", at=day) for day in figures.facts.dates}
    return {
        day: 100 * each.value for day, each in found.items() if each is not None and each.value is not None
    }


def _ended(place: Place, scope: Scope) -> Iterator[Standing]:
    """That an organisation has merged into another: no figure of it will be told again."""
    if words := ended_words(scope):
        day = became(scope)[0].on.isoformat()
        yield Standing("late", f"ended {place.query}", day, words, name_of(place, scope), place.query)


def _late(scope: Scope) -> Iterable[Standing]:
    """The next census of its source, or of its trust's list, if it is overdue."""
    codes = scope.codes if scope.source == WEEKLY else ("",)
    for code in codes:
        held = [each.census_date for each in scope.loaded.of(scope.source) if each.provider_code == code]
        if not held:
            continue
        due = due_date(scope.enquiry.settings, scope.source, held[-1])
        what = f"the PTL of {code}" if code else "the monthly return"
        late = due < scope.enquiry.today
        yield Standing(
            "late",
            f"late {scope.source} {code}",
            due.isoformat() if late else "",
            f"{what[0].upper()}{what[1:]} is late: the one after {date_text(held[-1])} was due on "
            f"{date_text(due)}."
            if late
            else "",
        )
