"""The figures of the places that a reader has put beside the scope, each as its own page has them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from dashboard.analysis.facts import every_census, series
from dashboard.analysis.findings import Figures, figures_of
from dashboard.scope.scope import Scope
from dashboard.store.counts import Selection
from rtt.findings.findings import Finding
from rtt.terms.organisation_names import short_label


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """A place by its short name, with every figure of it at every census."""

    name: str
    code: str
    figures: Figures

    def over_time(self, key: str) -> Mapping[date, Finding]:
        """The findings of an indicator by census; no entry where the place has no row at all."""
        found = {day: self.figures.find(key, at=day) for day in self.figures.facts.dates}
        return {day: finding for day, finding in found.items() if finding is not None}


def to_read(scope: Scope) -> list[tuple[Selection | None, str, bool]]:
    """What is read of the places: for `read_bands`, with all else that a page reads."""
    return [(every_census(place), "", True) for place in scope.beside]


def places_beside(connection: Connection, scope: Scope, keys: Sequence[str]) -> tuple[Beside, ...]:
    """The places with the indicators `keys`; no statement where `to_read` was read."""
    return tuple(
        Beside(
            short_label(place.organisation.name),
            place.organisation.code,
            figures_of(place, series(connection, place), keys=tuple(keys)),
        )
        for place in scope.beside
    )
