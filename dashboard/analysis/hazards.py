"""Which forecasts of a PTL a page asks for. What came of them is `list_scores`' to say."""

from datetime import date, datetime

from sqlalchemy import Connection

from dashboard.analysis.will_breach import will_breach_of
from dashboard.scope.scope import Scope
from dashboard.store.ledger import in_utc
from dashboard.store.list_forecasts import Asked, ListForecast, list_forecasts
from ingest.store.schema import WEEKLY
from rtt.forecast.weekly.expected import MEASURES, PASSING_18, PASSING_52
from rtt.terms.calendar import LONDON
from rtt.terms.treatment_functions import TOTAL
from rtt.terms.wording import date_text


def measure_of(scope: Scope) -> str:
    """The measure of a list to be scored: that of the address, else who passes the threshold asked for."""
    if scope.filters.measure in MEASURES:
        return scope.filters.measure
    return PASSING_52 if will_breach_of(scope).weeks >= 52 else PASSING_18


def lists_of(scope: Scope) -> dict[date, str]:
    """The lists held of the trust: their day, and which vintage each is.

    The day of loading is part of it: a list may be replaced without a higher revision.
    """
    return {
        held.census_date: f"{held.vintage}, loaded {_day(held.loaded_at)}"
        for held in scope.loaded.of(WEEKLY)
        if held.provider_code in scope.codes
    }


def _day(moment: datetime) -> str:
    return date_text(in_utc(moment).astimezone(LONDON).date())


def asked_of(scope: Scope) -> Asked | None:
    """What is asked about the chosen trust's lists; None for a monthly return, or for several trusts."""
    if scope.source != WEEKLY or scope.census is None or len(scope.codes) != 1:
        return None
    return Asked(
        provider=scope.codes[0],
        census=scope.census,
        horizon=will_breach_of(scope).ends,
        measure=measure_of(scope),
        function=scope.functions[0] if len(scope.functions) == 1 else TOTAL,
    )


def list_forecast(connection: Connection, scope: Scope) -> ListForecast | None:
    """What was said at its census of the list shown; None: nothing. The statement of `list_forecasts`."""
    asked = asked_of(scope)
    made = list_forecasts(connection, asked) if asked else ()
    return next((each for each in made if each.census == scope.census), None)
