"""`rtt plan` and `rtt trajectory`: what it would take, worked out or read; a trust's own plan, loaded.

The figures are those of the page and its file: the same answer, the same lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.cli import clock
from dashboard.cli.databases import opened
from dashboard.cli.outcomes import DONE, REFUSED, WrongUse, say
from dashboard.cli.printing import write_rows
from dashboard.cli.scopes import LEVELS, scope_of_code
from dashboard.settings.settings import from_environment
from dashboard.store import cache
from dashboard.store.served import served_url
from ingest.forecasts.planning_inputs import planning_inputs
from ingest.forecasts.plans import Planned, make_plans
from ingest.loading.words import in_full
from rtt.planning.record import Seen, Within, record
from rtt.terms.possible_dates import last_census
from rtt.terms.treatment_functions import TOTAL

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from dashboard.analysis.planning.answer import Answer
    from dashboard.scope.scope import Scope

MOST_BYTES = 100_000


def print_plan(layout: str, organisation: str | None, function: str | None, **asked: str) -> int:
    """One scope: its answer in sentences on standard error, and its specialties as the page has them."""
    from dashboard.analysis.planning import table
    from dashboard.analysis.planning.sentences import answer_sentences
    from dashboard.analysis.planning.work_out import answer_of

    settings = from_environment()
    with opened(served_url(settings)) as engine, cache.reading(engine) as connection:
        scope = scope_of_code(connection, settings, organisation, function, asked)
        answer = answer_of(connection, scope)
    if answer.why_not:
        raise WrongUse(answer.why_not)
    for sentence in (*answer_sentences(answer), *answer.warnings):
        say(sentence)
    write_rows(layout, table.HEADERS, table.lines(answer) or [_whole(scope, answer)])
    return DONE


def print_all(layout: str) -> int:
    """Work out every plan, if anything changed, and print those that are kept."""
    from dashboard.store.plans import PlanRow, plan_rows

    with opened(served_url(from_environment())) as engine:
        say(_told(_made(engine)))
        with cache.reading(engine) as connection:
            rows = [row for level in ("england", *LEVELS) for row in plan_rows(connection, level)]
    write_rows(layout, tuple(each.name for each in fields(PlanRow)), map(astuple, rows))
    return DONE


def print_score(layout: str) -> int:
    """The score on past months, of the providers that are large in all of them."""
    with opened(served_url(from_environment())) as engine, engine.connect() as connection:
        flows = planning_inputs(connection, until=last_census(clock.today()))
    found = record(flows) if flows else None
    if found is None:
        raise WrongUse("There are too few months, or too few large providers, for a score of plans.")
    write_rows(layout, ("score", "months_ahead", "n", "measure", "value"), _score(found.within, found.seen))
    return DONE


def make_all(engine: Engine) -> Planned | None:
    """Every plan of the newest month, after a load."""
    return make_plans(engine, now=clock.now())


def load_trajectory(file: Path, organisation: str, function: str | None) -> int:
    """Keep a trust's own plan from a csv of month, measure and value; 3 if the file is refused."""
    from datetime import UTC, datetime

    from dashboard.analysis.planning.trajectory_file import trajectory_values
    from dashboard.server.access import person_here
    from dashboard.store.trajectories import keep_trajectory
    from dashboard.store.writing import Unacceptable

    settings = from_environment()
    with opened(served_url(settings)) as engine:
        with cache.reading(engine) as connection:
            scope = scope_of_code(connection, settings, organisation, function, {})
        code, level = scope.organisation.code, scope.organisation.level
        of = scope.functions[0] if scope.functions else TOTAL
        try:
            values = trajectory_values(_text(file))
            at = datetime.now(UTC)
            changed = keep_trajectory(engine, person_here(), level, code, of, values, at=at)
        except Unacceptable as fault:
            say(f"{file.name}: refused. {fault}")
            return REFUSED
    say(f"{file.name}: {len(values)} values of the plan of {scope.organisation.name}, {changed} of them new.")
    return DONE


def withdraw_trajectory(organisation: str, function: str | None) -> int:
    """Take back what this person said of an organisation's own plan; 3 if there is nothing of theirs."""
    from datetime import UTC, datetime

    from dashboard.server.access import Denied, person_here
    from dashboard.store import trajectories
    from dashboard.store.writing import Unacceptable

    settings = from_environment()
    with opened(served_url(settings)) as engine:
        with cache.reading(engine) as connection:
            scope = scope_of_code(connection, settings, organisation, function, {})
        of = scope.functions[0] if scope.functions else TOTAL
        place = scope.organisation.level, scope.organisation.code, of
        try:
            gone = trajectories.withdraw_trajectory(engine, person_here(), *place, at=datetime.now(UTC))
        except Unacceptable as fault:
            say(str(fault))
            return REFUSED
        except Denied as fault:
            say(fault.sentence)
            return REFUSED
    say(f"Withdrawn: {gone} values of the plan of {scope.organisation.name}.")
    return DONE


def _text(file: Path) -> str:
    from dashboard.store.writing import Unacceptable

    given = file.read_bytes()
    if len(given) > MOST_BYTES:
        raise Unacceptable("The file is too large to be a plan: a line for each month is meant.")
    try:
        return given.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unacceptable("The file is no csv: save it as “CSV UTF-8”.") from None


def _whole(scope: Scope, answer: Answer) -> list[str]:
    from dashboard.analysis.planning import table
    from rtt.terms.treatment_functions import short_name_of

    return table.line_of(answer, short_name_of(scope.functions[0]) if scope.functions else TOTAL)


def _made(engine: Engine) -> Planned:
    made = make_all(engine)
    if made is None:
        raise WrongUse("There is nothing to plan from: two months of the return without a gap are needed.")
    return made


def _told(made: Planned) -> str:
    what = f"plans of {in_full(made.census_date)} ({made.lists:,} lists and sums)"
    return f"Worked out: {what}." if made.new else f"Unchanged: {what}."


def _score(within: Within, seen: Iterable[Seen]) -> list[tuple[Any, ...]]:
    """Fed with a month's own flows, the error of its end; and what was seen of what was worked out."""
    fed = "month's end, fed with its flows"
    rows: list[tuple[Any, ...]] = [
        (fed, 1, within.organisations * within.months, "share within 18, points", within.share),
        (fed, 1, within.organisations * within.months, "list, per cent", within.total),
    ]
    for each in seen:
        known = "seen per effect worked out, starts and stops known"
        stops = "seen per effect worked out, stops alone known"
        rows += [
            (known, each.horizon, each.pairs, "share within 18", each.share),
            (known, each.horizon, each.pairs, "share within 18, correlation", each.share_r),
            (known, each.horizon, each.pairs, "list", each.total),
            (known, each.horizon, each.pairs, "list, correlation", each.total_r),
            (stops, each.horizon, each.pairs, "share within 18", each.share_stops_alone),
            (stops, each.horizon, each.pairs, "list", each.total_stops_alone),
        ]
    return rows
