"""An answer month by month: as now with its interval, with the dials, and the line to the target."""

from collections.abc import Sequence
from datetime import date

from dashboard.analysis.planning.answer import Series
from dashboard.scope.question import Question
from rtt.planning import anchor as anchoring
from rtt.planning.anchor import Anchor, Figures, anchor_at, figures_of
from rtt.planning.chance import trajectory
from rtt.terms.arrays import Floats

MEASURES = (("share", "share", 100.0), ("list", "total", 1.0), ("over_52", "over_52", 1.0))
"""What an answer calls a measure, its field in figures, and what it is multiplied by."""


def series_of(
    question: Question,
    census: date,
    share: float | None,
    days: tuple[date, ...],
    models: Sequence[Floats],
    issued: Sequence[Anchor],
) -> dict[str, Series]:
    """`models`: the lists (days, 105) as now, and with the dials. `share`: per cent, today.

    Where a forecast was issued the months end with it: nothing is shown beyond its first and last day.
    """
    anchors: list[Anchor | None] = [None] * len(days)
    if issued:
        anchors = [anchor_at(issued, day) for day in days]
        keep = [at for at, anchor in enumerate(anchors) if anchor is not None]
        days, anchors = tuple(days[at] for at in keep), [anchors[at] for at in keep]
        models = [model[keep] for model in models]
    pairs = [(figures_of(now), figures_of(then)) for now, then in zip(*models, strict=True)]
    return {
        name: Series(
            days,
            tuple(_shown(anchors, pairs, field, scale, changed=False)),
            tuple(scale * getattr(a, field)[1] if a else None for a in anchors),
            tuple(scale * getattr(a, field)[5] if a else None for a in anchors),
            tuple(_shown(anchors, pairs, field, scale, changed=True)),
            _line(question, census, share, days) if name == "share" else (None,) * len(days),
        )
        for name, field, scale in MEASURES
    }


def _shown(
    anchors: Sequence[Anchor | None],
    pairs: Sequence[tuple[Figures, Figures]],
    field: str,
    scale: float,
    *,
    changed: bool,
) -> list[float]:
    """The issued forecast, and what the dials change about it."""
    return [
        scale * getattr(anchoring.moved(anchor, then if changed else now, now), field)
        for anchor, (now, then) in zip(anchors, pairs, strict=True)
    ]


def _line(
    question: Question, census: date, share: float | None, days: tuple[date, ...]
) -> tuple[float | None, ...]:
    """From today's share to the target, up to its day."""
    if question.target is None or share is None:
        return (None,) * len(days)
    return tuple(
        trajectory(share, census, question.target, question.due, day) if day <= question.due else None
        for day in days
    )
