"""How long plans take: a projection, a search, every list, and the answer of a page.

    python -m benchmarks.planning

Beside each stand what the package NHSRtt was measured to take for the same, on another machine, and what is
promised. NHSRtt needs R and is not run here. The lists are drawn at random, as many as the return of March
2025 has; the answers are of the database that `rtt serve` would show, the largest trust of it, each asked
anew.
"""

import sys
import time
from collections.abc import Callable
from datetime import date

import numpy as np

from benchmarks.projection import FUNCTIONS, ORGANISATIONS, lists
from dashboard.analysis.planning.work_out import answer_of
from dashboard.cli import clock
from dashboard.filters import from_query
from dashboard.scope.scope import resolve
from dashboard.server.access import ANYBODY, Enquiry
from dashboard.settings.settings import from_environment
from dashboard.store.cache import reading
from dashboard.store.plans import plan_rows
from dashboard.store.served import served_engine
from rtt.planning.initiatives import evaluated
from rtt.planning.lists import Flows, planned
from rtt.planning.needs import HALF_LIVES
from rtt.planning.projection import projected
from rtt.planning.rates import Rates, chosen
from rtt.planning.search import LONGEST_FIRST, TODAYS_ORDER, Goal, fraction_needed
from rtt.planning.standing import standing
from rtt.terms.calendar import add_months
from rtt.terms.treatment_functions import TOTAL

MONTHS, TRUSTS = 12, 134
REPEATS = 5


def main() -> int:
    print("Seconds of processor time; NHSRtt: docs/planning.md; the promise")
    flows = drawn()
    rates, kept = timed("rates of all lists, three half-lives", lambda: rates_of(flows), 15.0), True
    kept &= rates.within
    of: Rates = rates.found[0]
    census, waiting = flows.months[-1], flows.lists[:, -1]
    one = np.array([int(np.argmax(waiting.sum(axis=1)))])
    ahead = {months: add_months(census, months) for months in (12, 24, 36)}
    single, lone = chosen(of, one), waiting[one]
    goal = np.array([0.6])
    tasks: list[tuple[str, Callable[[], object], float, float | None]] = [
        ("36 months of one list", lambda: projected(lone, single, census, (ahead[36],)), 0.053, 0.53),
        ("search, one list, 12 months", lambda: searched(lone, single, census, ahead[12], goal), 0.26, 2.6),
        ("search, one list, 24 months", lambda: searched(lone, single, census, ahead[24], goal), 0.30, 3.0),
        ("12 months of all lists", lambda: projected(waiting, of, census, (ahead[12],)), 4.0, None),
        ("size, order and steady list of all", lambda: standing(flows, of), 5.0, None),
        ("search of all, both orders", lambda: search_all(waiting, of, census, ahead[12]), 60.0, None),
        ("placebos of 134 trusts", lambda: evaluated(panel(), 6, np.array([3])), 4.0, None),
    ]
    for name, task, promised, theirs in tasks:
        kept &= timed(name, task, promised, theirs).within
    return int(not (kept and answers()))


class Timed:
    """What a task found, and whether it kept its promise."""

    def __init__(self, found: object, *, within: bool) -> None:
        self.found, self.within = found, within


def timed(name: str, task: Callable[[], object], promised: float, theirs: float | None = None) -> "Timed":
    """Run it, the quickest of a few times where it is short, and print what it took."""
    taken = []
    found = None
    while len(taken) < REPEATS and sum(taken) < 1.0:
        start = time.process_time()
        found = task()
        taken.append(time.process_time() - start)
    beside = f"NHSRtt {theirs:.2f} ({theirs / min(taken):.0f} times)" if theirs else ""
    print(f"  {name:38} {min(taken):8.3f}   promised {promised:6.2f}   {beside}")
    return Timed(found, within=min(taken) <= promised)


def drawn() -> Flows:
    """The lists of every provider, with flows that hold them about where they are."""
    history = lists(MONTHS, ORGANISATIONS["provider"])
    bands = history.bands
    stopped = 0.2 * bands
    return Flows(
        history.months,
        history.keys,
        bands,
        stopped,
        stopped.sum(axis=-1),
        0.22 * bands.sum(axis=-1),
        history.reported,
        np.arange(len(history.keys)) % FUNCTIONS,
    )


def rates_of(flows: Flows) -> tuple[Rates, ...]:
    return tuple(planned(flows, half_life=half_life).lists for half_life in HALF_LIVES)


def searched(waiting: np.ndarray, of: Rates, census: date, due: date, goal: np.ndarray) -> object:
    return fraction_needed(waiting, of, census, Goal(goal, due), LONGEST_FIRST)


def search_all(waiting: np.ndarray, of: Rates, census: date, due: date) -> object:
    """Each list to five points more than today."""
    total = waiting.sum(axis=1)
    today = np.divide(waiting[:, :18].sum(axis=1), total, out=np.ones_like(total), where=total > 0)
    goal = Goal(np.minimum(today + 0.05, 1.0), due)
    return [fraction_needed(waiting, of, census, goal, order) for order in (LONGEST_FIRST, TODAYS_ORDER)]


def panel() -> np.ndarray:
    """Trusts that wander."""
    draw = np.random.default_rng(5)
    return 60 + draw.normal(0, 1, (TRUSTS, MONTHS)).cumsum(axis=1)


def answers() -> bool:
    """The answer of a page, forgotten between two questions: a specialty and a trust of many."""
    settings = from_environment()
    engine = served_engine(settings)
    with reading(engine) as connection:
        trusts = plan_rows(connection, "provider", TOTAL)
        if not trusts:
            print("  no plans in the database shown: run rtt forecast")
            return True
        code = max(trusts, key=lambda row: row.total).organisation_code
    enquiry, within = Enquiry(ANYBODY, clock.today(), settings), True
    for name, place, promised in (
        ("answer, one specialty", f"org={code}&tf=C_110", 0.15),
        ("answer, a trust", f"org={code}", 0.6),
    ):
        taken = []
        for turn in range(REPEATS):
            query = f"?source=monthly&level=provider&{place}&stops={turn + 1}"
            with reading(engine) as connection:
                scope = resolve(connection, from_query(query)[0], enquiry)
                start = time.process_time()
                answer = answer_of(connection, scope)
                taken.append(time.process_time() - start)
        told = answer.why_not or f"{len(answer.rows)} specialties, due {answer.question.due}"
        print(f"  {name:38} {min(taken):8.3f}   promised {promised:6.2f}   {code}: {told}")
        within &= sorted(taken)[REPEATS // 2] <= promised
    return within


if __name__ == "__main__":
    sys.exit(main())
