"""The answer to a plan's question: what is there, what will be as things go, and what a target takes.

The figures of an answer are in per cent and in stops of a working week; what there is not is None.
"""

from dataclasses import dataclass, field
from datetime import date

from dashboard.scope.question import Question
from dashboard.store.plans import PlanRow
from rtt.planning.needs import Needed, Stops


@dataclass(frozen=True, slots=True)
class Figures:
    """A list, its per cent within 18 weeks, and its pathways over 52 weeks."""

    list: float
    share: float
    over_52: float


@dataclass(frozen=True, slots=True)
class Series:
    """A measure at month ends after the census. `line` leads to the target, of the share alone."""

    days: tuple[date, ...]
    as_now: tuple[float | None, ...]
    low_80: tuple[float | None, ...]
    high_80: tuple[float | None, ...]
    scenario: tuple[float | None, ...]
    line: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Steady:
    """To hold 92%: the list and the stops that would hold it, beside those of now."""

    list_now: float
    list_then: float
    stops_now: float
    stops_then: float

    @property
    def to_hold(self) -> float:
        """Further stops of a week, for good."""
        return self.stops_then - self.stops_now

    @property
    def to_clear(self) -> float:
        """Pathways, once."""
        return self.list_now - self.list_then


@dataclass(frozen=True, slots=True)
class Row:
    """One specialty of an organisation; `why_not` where it has no plan of its own."""

    code: str
    name: str
    list: int
    share: float | None
    over_52: int
    why_not: str = ""
    forecast: bool = False  # held to a forecast of its own; if not, arithmetic alone
    borrowed: bool = False
    needed: Stops | None = None
    needed_todays: Stops | None = None
    longest_alone: float | None = None
    order_13: float | None = None
    size_13: float | None = None
    order_4: float | None = None
    size_4: float | None = None
    load: float | None = None
    load_reported: float | None = None
    pressure: float | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """The score on past months, as `rtt plan --backtest` prints it.

    `within`: mean error of the month's end in points, fed with what then happened. `seen`: points of the
    share three months on that were seen for each that was worked out; `seen_list` of the list.
    """

    trusts: int
    months: int
    within: float
    seen: float
    seen_list: float


@dataclass(frozen=True, slots=True)
class Answer:
    """With `why_not` all that follows `warnings` is empty.

    `forecast`: held to the issued forecast; if not, "arithmetic, not a forecast", without a chance.
    `borrowed`: a list of under 200, whose rates are mostly those of its specialty in England.
    `whole`: the kept plan of the scope, whose queue measures, size and order ask no question.
    """

    question: Question
    census: date | None
    why_not: str = ""
    warnings: tuple[str, ...] = ()
    forecast: bool = False
    borrowed: bool = False
    now: Figures | None = None
    as_now: Figures | None = None
    scenario: Figures | None = None
    starts_now: float | None = None
    stops_now: float | None = None
    needed: Needed | None = None
    chance_as_now: float | None = None
    chance_scenario: float | None = None
    longest_alone: float | None = None  # points, were all of today's stops for the longest waiters
    steady: Steady | None = None
    whole: PlanRow | None = None
    rows: tuple[Row, ...] = ()
    series: dict[str, Series] = field(default_factory=dict)
    record: Record | None = None
