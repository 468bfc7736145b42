"""What a plan asks, from the address: a target by a date, and what is changed about the weeks up to it.

What the address leaves open is the next milestone of the scope's level, by the organisation's own rule where
it has one, else the standard.
"""

from dataclasses import dataclass, replace
from datetime import date

from dashboard.filters import Filters
from dashboard.scope.scope import Scope
from rtt.planning.projection import Scenario, Sprint, Validation
from rtt.planning.target import Baseline, usual_target
from rtt.terms.calendar import month_end
from rtt.terms.wording import date_text, target_text


@dataclass(frozen=True, slots=True)
class Question:
    """Per cent throughout, but `removals`, which is a factor.

    `target`: within 18 weeks at `due`, a month end; None where a limit of those over 52 is all that is asked.
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


def question_of(scope: Scope, chosen: Filters, baseline: Baseline) -> Question:
    """The question of what is chosen. One without a date, or a target, gets those of the next milestone."""
    usual = usual_target(scope.organisation.level, scope.census or date.min, baseline)
    due = month_end(chosen.due) if chosen.due else usual.due
    target = float(chosen.target) if chosen.target else round(100 * usual.share, 4)
    words = usual.words
    own = bool(chosen.target or chosen.due)
    if own:
        words = f"{target_text(target / 100)} by {date_text(due)}"
    return Question(
        due=due,
        target=target or None,
        target_words=words,
        usual=not own,
        most_over_52=float(chosen.most52) if chosen.most52 else None,
        stops=_number(chosen.stops, 0.0),
        growth=_number(chosen.growth, 0.0),
        removals=_number(chosen.removals, 1.0),
        longest=_number(chosen.longest, 0.0),
        sprint=_sprint(chosen),
        validation=_validation(chosen),
    )


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
