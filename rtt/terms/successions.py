"""Which organisation became which, and on what day.

A fact says: from a day on there is no such organisation, and its patients are another's. One that became
several is a split: whose patients went where is not known, so nothing of it is added to anybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from rtt.terms.wording import date_text, list_text


@dataclass(frozen=True, slots=True, order=True)
class Succession:
    """`on`: the first day without `code`. `name`: what it was called, '' where that is not known."""

    code: str
    on: date
    successor: str
    name: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Successions:
    """All facts, looked up by who ended. A code that is used again later has its own facts from then on."""

    facts: tuple[Succession, ...] = ()
    _ends: dict[str, dict[date, tuple[str, ...]]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        found: dict[str, dict[date, list[str]]] = defaultdict(lambda: defaultdict(list))
        for each in sorted(self.facts):
            found[each.code][each.on].append(each.successor)
        for code, days in found.items():
            self._ends[code] = {day: tuple(successors) for day, successors in days.items()}

    @property
    def codes(self) -> tuple[str, ...]:
        """Everybody who ended."""
        return tuple(self._ends)

    def next_end(self, code: str, after: date, until: date) -> tuple[date, tuple[str, ...]] | None:
        """The first end of a code after a day, with who followed; None where it has none until then."""
        days = [day for day in self._ends.get(code, ()) if after < day <= until]
        return (min(days), self._ends[code][min(days)]) if days else None

    def whose(self, code: str, day: date, at: date) -> str:
        """Who, on the day `at`, has taken over as a whole what `code` had on an earlier day: itself, where
        nobody has, and where it was split.
        """
        after = day
        while (end := self.next_end(code, after, at)) is not None:
            ended, successors = end
            if len(successors) > 1:
                return code
            # Its successor may have ended on that very day.
            code, after = successors[0], _before(ended)
        return code

    def heirs(self, code: str, day: date, at: date) -> frozenset[str]:
        """Everybody who, on the day `at`, may have something of what `code` had on an earlier day."""
        end = self.next_end(code, day, at)
        if end is None:
            return frozenset({code})
        ended, successors = end
        every = (self.heirs(each, _before(ended), at) for each in successors)
        return frozenset[str]().union(*every)

    def into(self, code: str, at: date) -> Iterator[Succession]:
        """The facts that led to `code` by the day `at`, directly or by way of others, oldest first."""
        for each in sorted(self.facts, key=lambda fact: (fact.on, fact.code)):
            if each.on <= at and code in self.heirs(each.successor, _before(each.on), at):
                yield each

    def of(self, code: str, at: date) -> tuple[Succession, ...]:
        """What became of a code at its last end by the day `at`; () where it has not ended."""
        days = [day for day in self._ends.get(code, ()) if day <= at]
        return tuple(each for each in self.facts if days and each.code == code and each.on == max(days))

    def names(self) -> dict[str, str]:
        """Code -> what an organisation that ended was called, by its last end."""
        return {each.code: each.name for each in sorted(self.facts) if each.name}


def _before(day: date) -> date:
    return day - timedelta(days=1)


def circle_in(facts: Iterable[Succession]) -> tuple[str, ...]:
    """Codes that became one another in a circle; () where nobody did."""
    after: dict[str, set[str]] = defaultdict(set)
    for each in facts:
        after[each.code].add(each.successor)
    done: set[str] = set()
    for first in sorted(after):
        way, stack = [first], [iter(sorted(after[first]))]
        while stack:
            following = next(stack[-1], None)
            if following is None:
                done.add(way.pop())
                stack.pop()
            elif following in way:
                return (*way[way.index(following) :], following)
            elif following not in done and following in after:
                way.append(following)
                stack.append(iter(sorted(after[following])))
    return ()


def became_words(ended: Iterable[Succession], named: dict[str, str]) -> str:
    """ "RAP merged into Royal Free London NHS FT (RAL) on 1 Jan 2025"; '' for nobody."""
    facts = sorted(ended)
    if not facts:
        return ""
    into = [
        f"{named[each.successor]} ({each.successor})" if each.successor in named else each.successor
        for each in facts
    ]
    how = "was divided between" if len(into) > 1 else "merged into"
    return f"{facts[0].code} {how} {list_text(into)} on {date_text(facts[0].on)}"
