"""Are we on our line, and how likely is its end: of the next milestone, and of an organisation's own plan.

The same sentences on the page, on the Overview's tile and in the pack.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from rtt.findings.line_words import begins_sentence, line_clause, line_sentence, milestone_name, own_name
from rtt.forecast.score.issued import Issued
from rtt.planning.anchor import Anchor
from rtt.planning.chance import chance
from rtt.planning.line import OnLine, between, milestone_line, own_line
from rtt.planning.target import MEASURE

Figures = Mapping[str, Mapping[date, float]]
"""Measure -> month end -> per cent within 18 weeks, or pathways."""
Quantiles = Callable[[str, date], Sequence[float] | None]
"""The seven quantiles that are forecast of a measure for a day, in its units; None where none are."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its name in a sentence, and the chance of its end; None where none is known."""

    name: str
    found: OnLine
    chance: float | None

    @property
    def sentence(self) -> str:
        return line_sentence(self.name, self.found, self.chance)

    @property
    def beside_it(self) -> str:
        """Where what it leads to, and the chance, are told just before."""
        return line_clause("to it", self.found)


@dataclass(frozen=True, slots=True)
class Milestone:
    """What is asked of a level: per cent by a month end, and what that is called."""

    level: str
    share: float
    due: date
    words: str


def lines_of(
    census: date, figures: Figures, own: Figures, milestone: Milestone | None, quantiles: Quantiles
) -> tuple[Line, ...]:
    """The milestone's first, then the own plan's of each measure."""
    found: list[Line] = []
    if milestone is not None:
        to_it = milestone_line(
            figures.get(MEASURE, {}), census, milestone.share, milestone.due, milestone.level
        )
        if to_it is not None:
            found.append(Line(milestone_name(milestone.words), to_it, _chance(to_it, quantiles)))
    for measure, planned in own.items():
        of_own = own_line(measure, planned, figures.get(measure, {}), census)
        if of_own is not None:
            found.append(Line(own_name(of_own), of_own, _chance(of_own, quantiles)))
    return tuple(found)


def sentences_of(lines: Sequence[Line], own: Figures, census: date) -> list[str]:
    """What is said of them; of an own plan that is still to begin, when it does."""
    months = [month for planned in own.values() for month in planned]
    later = [begins_sentence(min(months))] if months and min(months) > census else []
    return [*(line.sentence for line in lines), *later]


def of_anchors(anchors: Sequence[Anchor]) -> Quantiles:
    """Quantiles of what plans are held to, nearest day first."""

    def quantiles(measure: str, day: date) -> Sequence[float] | None:
        return _at([(each.day, _of_anchor(each, measure)) for each in anchors], day)

    return quantiles


def of_issued(issued: Sequence[Issued]) -> Quantiles:
    """Quantiles of what was issued as the pages of forecasts have it, nearest day first."""

    def quantiles(measure: str, day: date) -> Sequence[float] | None:
        return _at([(each.target, _of_issued(each)) for each in issued if each.measure == measure], day)

    return quantiles


def _of_anchor(anchor: Anchor, measure: str) -> Sequence[float]:
    if measure == MEASURE:
        return [100 * value for value in anchor.share]
    return anchor.total if measure == "total" else anchor.over_52


def _of_issued(said: Issued) -> Sequence[float]:
    half, most, nearly_all = said.limits
    return [nearly_all[0], most[0], half[0], said.value, half[1], most[1], nearly_all[1]]


def _at(known: Sequence[tuple[date, Sequence[float]]], day: date) -> Sequence[float] | None:
    """Those of a day, on the line between the nearest days that are known; None outside of them."""
    found = [between(dict(zip((at for at, _ in known), values, strict=True)), day)
             for values in zip(*(values for _, values in known), strict=True)]  # fmt: skip
    told = [value for value in found if value is not None]
    return told if told and len(told) == len(found) else None


def _chance(line: OnLine, quantiles: Quantiles) -> float | None:
    known = quantiles(line.measure, line.due) if line.due > line.day else None
    return None if known is None else chance(known, line.target, at_least=line.measure == MEASURE)
