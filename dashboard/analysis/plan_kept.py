"""A plan as it is kept with a saved scenario: its answers as they were, which newer data never change."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from dashboard.analysis.planning.answer import Answer

MEASURES = ("share", "list", "over_52")
Values = tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """`dials`: what was changed, in words. Shares in per cent; `more_stops` is a working week.

    `at`: measure, then as now and with the dials, at each of `days`. `needed` and `chance` as they were told.
    """

    census: date
    target: float | None
    due: date
    dials: str
    more_stops: float
    needed: float | None
    needed_percent: float | None
    chance: float | None
    days: tuple[date, ...]
    as_now: dict[str, Values]
    scenario: dict[str, Values]
    sprint_stops: float = 0.0  # a working week, in its weeks; 0: no sprint

    def value(self, measure: str, on: date) -> float | None:
        """With the dials on a day; None where it was not worked out."""
        return dict(zip(self.days, self.scenario[measure], strict=True)).get(on)


def kept_of(answer: Answer, dials: str) -> Kept:
    """What is kept of an answer. ValueError where there is none."""
    if answer.why_not or answer.census is None:
        raise ValueError(answer.why_not or "there is no answer to keep")
    question, needed = answer.question, answer.needed
    days, stops = answer.series["share"].days, answer.stops_now or 0.0
    return Kept(
        census=answer.census,
        target=question.target,
        due=question.due,
        dials=dials,
        more_stops=stops * question.stops / 100,
        sprint_stops=stops * (1 + question.stops / 100) * question.sprint.fraction
        if question.sprint
        else 0.0,
        needed=needed.longest_first.a_week if needed else None,
        needed_percent=needed.longest_first.percent if needed else None,
        chance=answer.chance_scenario if question.changes else answer.chance_as_now,
        days=days,
        as_now={each: tuple(answer.series[each].as_now) for each in MEASURES},
        scenario={each: tuple(answer.series[each].scenario) for each in MEASURES},
    )


def written(kept: Kept) -> dict[str, Any]:
    """As JSON has it."""
    values = asdict(kept)
    days = [day.isoformat() for day in kept.days]
    return values | {"census": kept.census.isoformat(), "due": kept.due.isoformat(), "days": days}


def read(values: Mapping[str, Any]) -> Kept:
    """What `written` wrote, in this version or an earlier one, which knew less."""
    values = {name: values[name] for name in Kept.__dataclass_fields__ if name in values}
    lines = ("as_now", "scenario")
    told: dict[str, Any] = {
        name: {each: tuple(line) for each, line in values[name].items()} for name in lines
    }
    days = tuple(date.fromisoformat(day) for day in values["days"])
    dated = {name: date.fromisoformat(values[name]) for name in ("census", "due")}
    return Kept(**{**values, **told, **dated, "days": days})
