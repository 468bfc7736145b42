"""`rtt forecast`: issue forecasts of the newest census, or print how good they would have been.

Loading never forecasts. An issued forecast never changes; a second run renews only the back-test.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from dashboard.cli import clock
from dashboard.cli.databases import opened
from dashboard.cli.outcomes import DONE, REFUSED, WrongUse, say
from dashboard.cli.printing import write_rows
from dashboard.cli.recording import recorded
from dashboard.settings.settings import from_environment
from dashboard.store.served import served_url
from ingest.forecasts.issue import (
    BACK_TEST,
    Issue,
    Moved,
    commissioned_score_of,
    issue_monthly,
    score_back_test,
    whole_score_of,
)
from ingest.forecasts.monthly_inputs import Inputs, monthly_inputs
from ingest.forecasts.months_read import MonthsRead
from ingest.forecasts.plans import make_plans
from ingest.forecasts.weekly import issue_lists
from ingest.forecasts.weekly_inputs import list_inputs, trusts_with_lists
from ingest.loading.words import in_full
from ingest.store.runs import FORECAST, WARNED
from rtt.forecast.monthly.back_test import SCORED, in_every_month, whole_trials
from rtt.forecast.monthly.history import PROVIDERS
from rtt.forecast.score.back_test import Row, only, score
from rtt.forecast.weekly.dispersion import FEWEST_LISTS
from rtt.terms.possible_dates import last_census
from rtt.terms.wording import plural

if TYPE_CHECKING:
    from sqlalchemy import Engine


def issue_forecasts() -> int:
    """Issue and freeze, for the newest census of each source; then back-test the months held."""
    with opened(served_url(from_environment())) as engine, recorded(engine, FORECAST) as run:
        try:
            issued = issue_all(engine)
        except Moved:
            run.outcome, run.message = WARNED, "put off: data was loaded or removed meanwhile"
            say("Data was loaded or removed while the forecast was made, so nothing was issued.")
            say("Run it again: rtt forecast")
            return REFUSED
        if not issued:
            raise WrongUse(_nothing_yet(engine))
        run.message = " ".join(map(_told, issued))
    for issue in issued:
        say(_told(issue))
        if issue.jumped:
            say(_jumped_words(issue.jumped))
    return DONE


def _jumped_words(jumped: Sequence[str]) -> str:
    return (
        f"{plural(len(jumped), 'list')} changed by over 15% in the last month, most often because a contract "
        "moved, a return was missing or the list was cleaned up. Forecasts of these lists are often far off: "
        f"{', '.join(jumped)}."
    )


def _nothing_yet(engine: Engine) -> str:
    with engine.connect() as connection:
        until = last_census(clock.today())
        found = [list_inputs(connection, code, until=until) for code in trusts_with_lists(connection)]
    young = [inputs for inputs in found if inputs]
    if not young:
        return "There is nothing to forecast from. Load an extract first: rtt load PATH..."
    held = ", ".join(f"{inputs.lists} of {inputs.provider_code}" for inputs in young)
    return (
        f"There is no forecast yet: it needs {FEWEST_LISTS} weekly PTLs without a gap, up to the newest. "
        f"Loaded: {held}."
    )


def issue_all(engine: Engine) -> list[Issue]:
    """Forecasts of every source that is held, and the back-test. Raises `Moved`."""
    now, read = clock.now(), MonthsRead()
    lists = issue_lists(engine, now=now)
    monthly = issue_monthly(engine, now=now, read=read)
    if monthly is None:
        return lists
    score_back_test(engine, until=last_census(clock.today()), read=read)
    # Plans are held to the forecast, so they come after it.
    make_plans(engine, now=now, read=read)
    return [monthly, *lists]


def print_back_test(layout: str, *, panel: bool = False, commissioners: bool = False) -> int:
    """The score of every origin of the months held: of England, providers and cells.

    With `panel` of the providers that are large in every month, with `commissioners` of regions, ICBs and
    commissioners.
    """
    with opened(served_url(from_environment())) as engine, engine.connect() as connection:
        inputs = monthly_inputs(connection, until=last_census(clock.today()), then=True)
    if inputs is None:
        raise WrongUse("There is no monthly extract for a back-test. Load some first: rtt load PATH...")
    whole = commissioned_score_of if commissioners else whole_score_of
    rows = _of_panel(inputs) if panel else whole(inputs)[0]
    write_rows(layout, tuple(Row.__dataclass_fields__), (list(asdict(row).values()) for row in rows))
    if not rows:
        say("Too few months are loaded: a back-test needs five without a gap.")
    return DONE


def _of_panel(inputs: Inputs) -> list[Row]:
    # Known only with hindsight: for comparison with published errors, never for a decision.
    tried = whole_trials(inputs.providers, inputs.cells, inputs.england).providers
    return score(only(tried, in_every_month(inputs.providers, PROVIDERS)), "panel", SCORED)


def _told(issue: Issue) -> str:
    what = f"the forecast of {in_full(issue.census_date)} ({issue.source}, {issue.series:,} series)"
    if not issue.new:
        return f"Unchanged: {what} was made before and stays as it was."
    if issue.kind == BACK_TEST:
        return f"Kept as a back-test: {what}. A later census is already loaded, so it is not issued."
    return f"Issued and frozen: {what}."
