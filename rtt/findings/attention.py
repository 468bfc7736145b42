"""What needs attention, ranked by how many pathways it is about: five items at most, each with its evidence.

An item is a signal, breaches to come without a date, a milestone that is forecast to be missed, or late data.
All are counted in pathways, so that they can be ranked; callers make them.
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
MOST_ITEMS = 5


@dataclass(frozen=True, slots=True)
class Item:
    """`size` in pathways; `href` is the address of its evidence."""

    kind: Kind
    size: float
    name: str
    sentence: str
    href: str


def ranked(items: Iterable[Item]) -> tuple[list[Item], int]:
    found = sorted(items, key=lambda item: (-item.size, item.name, item.sentence))
    return found[:MOST_ITEMS], max(0, len(found) - MOST_ITEMS)


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
