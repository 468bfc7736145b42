"""Forecasts as they were issued for a scope, what came of them, and the back-test of their level.

Forecasts are of the monthly return, for England, and for each region, ICB, provider and commissioner with all
its specialties or one: `no_forecast_for` says why a scope has none. What came is read from the facts now in
place.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from sqlalchemy import Connection

from dashboard.analysis.facts import Facts, facts_of
from dashboard.scope.scope import Scope
from dashboard.store.forecasts import Forecast, forecasts_issued, made_from
from dashboard.store.loaded_extracts import LoadedExtract
from ingest.store.schema import MONTHLY, PROJECTED
from rtt.forecast.monthly.forecast_words import jump_sentence
from rtt.forecast.monthly.history import CELLS, COMMISSIONED, ENGLAND, PROVIDERS
from rtt.forecast.monthly.origins import FORECASTS
from rtt.forecast.monthly.projection import FURTHEST
from rtt.forecast.score.issued import Issued, Scored, scored
from rtt.measures.calculations import count_over, known, percentile, within_share
from rtt.measures.standards import NATIONAL, PROVIDER, milestones, own_target
from rtt.terms.calendar import add_months
from rtt.terms.treatment_functions import TOTAL
from rtt.terms.wording import date_text, target_text

LEVELS_WORDS = {"region": "regions", "icb": "ICBs", "provider": "providers", "commissioner": "commissioners"}


def no_forecast_for(scope: Scope) -> str:
    """Why no forecast is made for a scope, in a sentence; '' if one may be."""
    if scope.source != MONTHLY:
        return "The projection is made from the monthly return."
    narrowed = scope.filters.pathway or scope.filters.priority or scope.filters.site
    most = 0 if scope.organisation.level == "england" else 1
    if narrowed or len(scope.codes) != 1 or len(scope.functions) > most:
        return (
            "Forecasts are made for England as a whole, for each provider, region, ICB and commissioner, "
            "and for each of their specialties, but not for this scope."
        )
    return ""


def fitted_as(scope: Scope) -> str:
    """The level whose pooled record decides what is shown for this scope: the name of its `Level`."""
    if scope.organisation.level == ENGLAND.organisations:
        return ENGLAND.name
    pairs = {whole.organisations: (whole, parts) for whole, parts in ((PROVIDERS, CELLS), *COMMISSIONED)}
    return pairs[scope.organisation.level][bool(scope.functions)].name


def left_out_words(connection: Connection, scope: Scope) -> str:
    """Why the forecast of the chosen census has none of a scope; '' if none was made. One statement."""
    made = made_from(connection, scope.census, scope.organisation.level)
    if made is None or scope.census is None:
        return ""
    issued_at, level_known = made
    made_words = f"The forecast from {date_text(scope.census)}, made on {date_text(issued_at.date())},"
    if level_known:
        return f"{made_words} does not cover this scope: it had no list in the months before."
    return (
        f"{made_words} was made without {LEVELS_WORDS[scope.organisation.level]}, and is never rewritten: "
        "theirs begin with the next census."
    )


def forecasts_of(connection: Connection, scope: Scope) -> tuple[Forecast, ...]:
    """Every forecast of a scope, oldest census first; one statement."""
    function = scope.functions[0] if scope.functions else TOTAL
    return forecasts_issued(connection, scope.organisation.level, scope.organisation.code, function)


def projection_of(connection: Connection, scope: Scope, measure: str) -> tuple[Issued, ...]:
    """What was forecast of a measure from the chosen census, nearest first; () where there is none."""
    if no_forecast_for(scope):
        return ()
    made = next((each for each in forecasts_of(connection, scope) if each.census == scope.census), None)
    return tuple(step.said[measure] for step in made.steps if measure in step.said) if made else ()


def truth_of(
    connection: Connection, scope: Scope, *, functions: tuple[str, ...] | None = None
) -> dict[str, dict[date, float]]:
    """Measure -> every month held -> the figure as it is published now; one statement.

    `functions`: of other treatment functions than the scope's.
    """
    selection = replace(scope.selection(scope.loaded.censuses(MONTHLY)), parts=("2",))
    if functions is not None:
        selection = replace(selection, functions=functions)
    return _truth(facts_of(connection, selection, by="", flows=False))


def _truth(found: Facts) -> dict[str, dict[date, float]]:
    if not found.units:
        return {measure: {} for measure in PROJECTED}
    facts = found.facts
    total = known(facts)
    figures = {
        "total": np.where(total > 0, total, np.nan),
        "share_within_18": 100 * np.asarray(within_share(facts, 18).value),
        "over_52": count_over(facts, 52),
        "over_18": count_over(facts, 18),
        "median": percentile(facts, 0.5).value,
        "percentile_92": percentile(facts, 0.92).value,
    }
    return {
        measure: {
            day: float(value)
            for day, value in zip(found.dates, figures[measure][0], strict=True)
            if np.isfinite(value)
        }
        for measure in PROJECTED
    }


def jump_words(truth: dict[str, dict[date, float]], census: date) -> str:
    """What to know of the forecast of a census whose list had just jumped; '' if it had not."""
    lists = {day: value for day, value in truth.get("total", {}).items() if np.isfinite(value) and value > 0}
    if census not in lists or min(lists) == census:
        return ""
    return jump_sentence(census, lists[census], lists.get(add_months(census, -1)))


def targets_of(scope: Scope, truth: dict[str, dict[date, float]]) -> list[tuple[date, float, str]]:
    """Milestones for % within 18 weeks due in two years: (date, per cent, name); none for one specialty."""
    if scope.census is None or scope.functions:
        return []
    level = PROVIDER if scope.organisation.level == "provider" else NATIONAL
    published = truth.get("share_within_18", {})
    last = add_months(scope.census, FURTHEST)
    found = []
    for each in milestones("share_within_18", first=scope.census, last=last, level=level):
        own = own_target(each, lambda month: published[month] / 100 if month in published else None)
        if own is not None and own.value is not None:
            found.append((own.starts, 100 * own.value, f"Milestone {target_text(own.value)}"))
    return found


def scored_of(
    forecasts: Sequence[Forecast],
    truth: dict[str, dict[date, float]],
    held: Sequence[LoadedExtract],
    measure: str,
) -> dict[str, list[Scored]]:
    """Kind -> the forecasts of a measure, 1 to 6 months ahead, whose month has come; newest target first."""
    vintages = {each.census_date: each.vintage for each in held}
    found: dict[str, list[Scored]] = {"issued": [], "back-test": []}
    for each in forecasts:
        for step in each.steps:
            actual = truth[measure].get(step.target)
            if step.horizon <= FORECASTS and measure in step.said and actual is not None:
                found[each.kind].append(scored(step.said[measure], actual, vintages[step.target]))
    for lines in found.values():
        lines.sort(key=lambda line: (line.forecast.target, -line.forecast.horizon), reverse=True)
    return found
