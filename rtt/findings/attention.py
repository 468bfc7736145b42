"""What to do next: five actions at most, each begins with its verb and leads to its evidence.

What a manager can do now comes first: book or plan for those who will breach. Then what to look into, a
concerning signal or a milestone that is forecast to be missed. Within each the most pathways come first. Late
data comes last and always has a place: how long a list is says nothing of how much its lateness matters.
Callers make the items.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rtt.findings.left_out import unranked_words
from rtt.spc.charts import FEWEST_POINTS
from rtt.spc.false_alarms import Judged, Period, false_alarms
from rtt.spc.settings import Rules
from rtt.terms.wording import number_text

Kind = Literal["signal", "breaches", "milestone", "late"]
TITLE = "Do next"
NOTHING = "Nothing stands out at this census."
MOST_ITEMS = 5
_FIRST: dict[Kind, int] = {"breaches": 0, "signal": 1, "milestone": 1, "late": 2}


@dataclass(frozen=True, slots=True)
class Item:
    """`size` in pathways, none of late data; `href` is the address of its evidence.

    `action` begins with a verb, "Book 35 in ENT"; `reason` says why: a clause that ends with a full stop.
    """

    kind: Kind
    size: float
    action: str
    reason: str
    href: str


def ranked(items: Iterable[Item]) -> tuple[list[Item], int]:
    """The items in their order, at most five, and how many were left out."""
    found = sorted(items, key=lambda item: (_FIRST[item.kind], -item.size, item.action, item.reason))
    late = [item for item in found if item.kind == "late"]
    others = [item for item in found if item.kind != "late"]
    shown = [*others[: MOST_ITEMS - len(late[:MOST_ITEMS])], *late][:MOST_ITEMS]
    return shown, len(found) - len(shown)


def small_words(small: Sequence[str]) -> str:
    """Names the specialties left out because their numbers are too small; "" if there are none."""
    said = unranked_words([(name, "numbers too small to show") for name in small])
    return f" {said}" if said else ""


def false_alarm_note(judged: Judged, *, period: Period, rules: Rules) -> str:
    """How many of the signals to expect although nothing changed; half of all false ones are concerning."""
    series, points = judged.series, judged.points
    if not series or points < FEWEST_POINTS:
        return (
            f"Signals need {FEWEST_POINTS} consecutive changes; {number_text(points)} "
            f"{'is' if points == 1 else 'are'} loaded."
        )
    rates = false_alarms(
        kind="stock", rules=rules, points=points, period=period, correlation=judged.correlation
    )
    # False alarms fall on either side alike; half of them are concerning.
    expected = rates.latest * series / 2
    many = "fewer than one" if expected < 1 else f"about {number_text(expected)}"
    signals = "concerning signals" if expected >= 1.5 else "concerning signal"
    return (
        f"{many.capitalize()} {signals} would be expected here by chance if nothing had changed: "
        f"{number_text(series)} series {'is' if series == 1 else 'are'} judged at every census."
    )
