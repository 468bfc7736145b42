"""Findings of a scope: the one object that tiles, charts, captions, tables and exports are made from."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np

from dashboard.analysis.disclosure.suppress import Suppressed, suppress
from dashboard.analysis.facts import Facts
from dashboard.scope.scope import Scope
from ingest.store.schema import WEEKLY
from rtt.disclosure.small_numbers import Mask
from rtt.findings.findings import Earlier, Finding, Population, from_measure
from rtt.measures.band_facts import band_facts
from rtt.measures.calculations import Measure
from rtt.measures.indicators import compute
from rtt.terms.treatment_functions import TOTAL, name_of
from rtt.terms.waits import BANDS

LIST_CHANGE = "list_change"


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """Every indicator of some facts, computed once; `find` picks one out as a finding."""

    scope: Scope
    facts: Facts
    measures: dict[str, Measure]
    apart: str  # what the units are: '' | 'treatment_function' | a level
    suppressed: Suppressed | None = None  # what this reader may not see; `measures` then hold nan there
    _found: dict[tuple[Any, ...], Finding | None] = field(default_factory=dict, init=False, repr=False)
    # What the findings of a unit, and those of a day, have alike.
    _units: dict[str, tuple[Population, frozenset[date]]] = field(
        default_factory=dict, init=False, repr=False
    )
    _statuses: dict[date, str] = field(default_factory=dict, init=False, repr=False)

    def find(
        self, key: str, *, unit: str = "", at: date | None = None, before: date | None = None
    ) -> Finding | None:
        """The finding of an indicator; None where the unit has no facts at all.

        `at` defaults to the census chosen; `before` names the earlier census a change is told from.
        """
        asked = key, unit, at or self.scope.census, before
        # The pages of a pack and the cards of a page tell the same few findings again and again.
        if asked not in self._found:
            self._found[asked] = self._find(*asked)
        return self._found[asked]

    def _find(self, key: str, unit: str, day: date | None, before: date | None) -> Finding | None:
        row = self.facts.unit(unit)
        if row is None or day is None:
            return None
        column = self.facts.dates.index(day)
        measure = self.measures[key]
        earlier = None
        if before in self.facts.dates and self._alike(unit, day, before):
            then = self.facts.dates.index(before)
            value = float(measure.value[row, then])
            earlier = Earlier(value if value == value else None, before, self._is_about(key, row, then))
        return from_measure(
            key,
            measure,
            (row, column),
            scope=self._of_unit(unit)[0],
            census_date=day,
            source=self.scope.source,
            status=self._status(day),
            earlier=earlier,
            open_band=int(self.facts.facts.open_band[row, column]),
            withheld=self.suppressed.words(key, row, column) if self.suppressed else "",
            about=self._is_about(key, row, column),
        )

    def _is_about(self, key: str, row: int, column: int) -> bool:
        return bool(self.suppressed and self.suppressed.is_about(key, row, column))

    def _alike(self, unit: str, day: date, before: date) -> bool:
        """Whether the two censuses hold the same of a unit: else their difference is no change."""
        _, gaps = self._of_unit(unit)
        return day not in gaps and before not in gaps

    def _of_unit(self, unit: str) -> tuple[Population, frozenset[date]]:
        """The scope of its findings, and the months of which a part of it is missing."""
        if unit not in self._units:
            gaps = self.scope.gaps_of_unit(unit, self.apart)
            self._units[unit] = scope_of(self.scope, unit, self.apart), gaps
        return self._units[unit]

    def _status(self, day: date) -> str:
        if day not in self._statuses:
            self._statuses[day] = status_of(self.scope, day)
        return self._statuses[day]

    def nobody(self, key: str) -> Finding:
        """The finding of a scope without a row in any census held: an empty list, a known figure."""
        assert self.scope.census is not None
        empty = compute(band_facts(np.zeros(BANDS), part=self.scope.part), [key])[key]
        return from_measure(
            key,
            empty,
            scope=scope_of(self.scope),
            census_date=self.scope.census,
            source=self.scope.source,
            status=status_of(self.scope, self.scope.census),
        )


def figures_of(
    scope: Scope, facts: Facts, *, apart: str = "", keys: tuple[str, ...] | None = None
) -> Figures:
    """All indicators of some facts, or those named."""
    measures = _like_for_like(scope, facts, compute(facts.facts, keys))
    own = np.array([_is_seen(scope, unit, apart) for unit in facts.units], dtype=bool)
    if own.all():
        return Figures(scope, facts, measures, apart)
    assert facts.seen is not None, "facts of a reader from whom small numbers are hidden say what may be seen"
    suppressed = suppress(facts.facts, measures, facts.seen, own)
    return Figures(scope, facts, suppressed.measures, apart, suppressed)


def _like_for_like(scope: Scope, facts: Facts, measures: dict[str, Measure]) -> dict[str, Measure]:
    """The measures without a change of the list to or from a month of which a part is missing."""
    if LIST_CHANGE not in measures or not scope.gaps:
        return measures
    held = scope.loaded.censuses(scope.source)
    gone = [day in scope.gaps or _before(held, day) in scope.gaps for day in facts.dates]
    change = measures[LIST_CHANGE]
    return measures | {LIST_CHANGE: replace(change, value=np.where(gone, np.nan, change.value))}


def _before(held: Sequence[date], day: date) -> date | None:
    at = held.index(day)
    return held[at - 1] if at else None


def hidden_bands(figures: Figures, at: date, unit: str = "") -> Mask:
    """The week bands that are not shown: all of them, unless it is a whole list."""
    row, seen = figures.facts.unit(unit), figures.facts.seen
    if row is None or seen is None:
        return np.zeros(BANDS, dtype=bool)
    if seen.bands is None:
        return np.ones(BANDS, dtype=bool)
    limits = seen.bands[row, figures.facts.dates.index(at)]
    return np.asarray(~(limits[1:-1] & limits[2:]))


def _is_seen(scope: Scope, unit: str, apart: str) -> bool:
    """Whether the reader sees small numbers of this unit: a lead sees those of the own specialties."""
    if apart == "provider" and scope.source == WEEKLY:
        return not scope.of_trust(unit).conceals
    if apart != "treatment_function" or scope.source != WEEKLY:
        return not scope.conceals
    return scope.reader.sees_all_of((unit,), scope.filters.site)


def scope_of(scope: Scope, unit: str = "", apart: str = "") -> Population:
    """The scope of a finding: the choice's own, or one of its units."""
    organisation = scope.organisation
    level, code, name = organisation.level, organisation.code, organisation.name
    function = ",".join(scope.functions) or TOTAL
    if apart == "treatment_function":
        function = unit
    elif apart:
        level, code = apart, unit
        name = next((o.name for o in scope.organisations if o.level == apart and o.code == unit), unit)
    return Population(
        level=level,
        organisation_code=code,
        organisation_name=name,
        treatment_function=function,
        treatment_function_name="Total" if function == TOTAL else name_of(function),
        part=scope.part,
        site_code=scope.filters.site,
        stage=scope.stage,
        priority=scope.filters.priority,
    )


def status_of(scope: Scope, day: date) -> str:
    """How final the figures of a census are."""
    if scope.source == "weekly":
        return "unvalidated"
    held = next((found for found in scope.loaded.of("monthly") if found.census_date == day), None)
    return "published, revised" if held and held.revision else "published"
