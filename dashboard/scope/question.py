"""What a plan asks, from the address: a target by a date, and what is changed about the weeks up to it.

What the address leaves open is the next milestone of the scope's level, by the organisation's own rule where
it has one, else the standard.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dashboard.filters import Filters
from dashboard.scope.scope import Scope
from rtt.measures.standards import NATIONAL, PROVIDER, Standard, milestones, own_target, standard_words
from rtt.planning.projection import Scenario, Sprint, Validation
from rtt.terms.calendar import month_end
from rtt.terms.wording import date_text, target_text

LEAST_DAYS = 28
"""A plan for a day nearer than this is refused: nothing can be begun and seen by then."""
FURTHEST_DUE = date(2029, 3, 31)
STANDARD = 92.0
MEASURE = "share_within_18"

Baseline = Callable[[date], float | None]
"""The share within 18 weeks, as a fraction, that the whole organisation had at a month end."""


@dataclass(frozen=True, slots=True)
class Question:
    """Per cent throughout, but `removals`, which is a factor.

    `target`: within 18 weeks at `due`, a month end; None where the over-52 limit is all that is asked.
    `usual`: whether target and date are the level's own, not the reader's.
    """

    due: date
    target: float | None
    target_words: str
    usual: bool = True
    most_over_52: float | None = None
    stops: float = 0.0
    growth: float = 0.0
    removals: float = 1.0
    longest: float = 0.0
    sprint: Sprint | None = None
    validation: Validation | None = None

    @property
    def scenario(self) -> Scenario:
        """The dials, as the arithmetic takes them."""
        return replace(self.without_more_stops, stops=self.stops / 100)

    @property
    def without_more_stops(self) -> Scenario:
        """The dials but for the stops: what further stops are needed is asked of these."""
        return Scenario(
            growth=self.growth / 100,
            removals=self.removals,
            longest=self.longest / 100,
            sprint=self.sprint,
            validation=self.validation,
        )

    @property
    def changes(self) -> bool:
        """Whether any dial is turned."""
        return self.scenario != Scenario()


def question_of(scope: Scope, baseline: Baseline) -> Question:
    """The question of an address. One without a date, or a target, gets those of the next milestone."""
    chosen = scope.filters
    due, target, words = _asked_of(scope, baseline)
    reader_asks = bool(chosen.target or chosen.due)
    if chosen.due:
        due = month_end(chosen.due)
    if chosen.target:
        target = float(chosen.target)
    elif chosen.most52 and not chosen.due:
        target = target if not reader_asks else None
    if reader_asks:
        words = f"{target_text((target or 0) / 100)} by {date_text(due)}"
    return Question(
        due=due,
        target=target,
        target_words=words,
        usual=not reader_asks,
        most_over_52=float(chosen.most52) if chosen.most52 else None,
        stops=_number(chosen.stops, 0.0),
        growth=_number(chosen.growth, 0.0),
        removals=_number(chosen.removals, 1.0),
        longest=_number(chosen.longest, 0.0),
        sprint=_sprint(chosen),
        validation=_validation(chosen),
    )


def _asked_of(scope: Scope, baseline: Baseline) -> tuple[date, float, str]:
    """When, how much and in which words, where the reader leaves it open."""
    if scope.census is not None:
        level = PROVIDER if scope.organisation.level == "provider" else NATIONAL
        first = scope.census + timedelta(days=LEAST_DAYS)
        for each in milestones(MEASURE, first=first, last=FURTHEST_DUE, level=level):
            own = _own(each, baseline)
            if own is not None and own.value is not None:
                return own.starts, round(100 * own.value, 4), standard_words(own)
    return FURTHEST_DUE, STANDARD, f"the {target_text(STANDARD / 100)} standard by {date_text(FURTHEST_DUE)}"


def _own(milestone: Standard, baseline: Baseline) -> Standard | None:
    return own_target(milestone, baseline)


def _number(text: str, usual: float) -> float:
    return float(text) if text else usual


def _sprint(chosen: Filters) -> Sprint | None:
    if not chosen.sprint:
        return None
    more, first, last = chosen.sprint.split(":")
    starts, ends = sorted((date.fromisoformat(first), date.fromisoformat(last)))
    return Sprint(float(more) / 100, starts, ends)


def _validation(chosen: Filters) -> Validation | None:
    if not chosen.validate:
        return None
    share, weeks, on = chosen.validate.split(":")
    return Validation(max(0.0, float(share)) / 100, int(weeks), date.fromisoformat(on))
