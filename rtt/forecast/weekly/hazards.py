"""How likely a waiting pathway is to leave the PTL in a week, and how its date comes, moves and goes.

Weekly probabilities by specialty, stage, priority, weeks waited and date, learnt from the trust's own counted
weeks, each specialty drawn towards the others. `rtt.forecast.weekly.survival` puts weeks together.

Source: discrete hazards with competing risks as in domain 8.3 and 8.4, refitted with every PTL.
"""

from dataclasses import dataclass

import numpy as np

from rtt.forecast.weekly.shrunken_rates import Factor, shrunken_rates
from rtt.forecast.weekly.states import ADMITTED, BAND_AXIS, DATE_STATES, DUE, STAGES, Grid
from rtt.forecast.weekly.weeks import Evidence
from rtt.terms.arrays import Floats
from rtt.terms.waits import BANDS

KINDS = ("treated", "other_stop", "removed")
# Weeks waited that are taken together; bounds lie close where bookers work towards 18, 52 and 65 weeks.
BAND_GROUPS = np.array([0, 2, 4, 6, 9, 12, 15, 17, 18, 21, 26, 33, 40, 45, 49, 51, 52, 53, 60, 64, 65, 78])
GROUP_OF_BAND = np.searchsorted(BAND_GROUPS, np.arange(BANDS), side="right") - 1
# Dates that are taken together: none, gone by, due this week, next week, later.
NONE_CLASS, PAST_CLASS, DUE_CLASS, NEXT_CLASS, LATER_CLASS = range(5)
DATE_CLASSES = 5
CLASS_OF_DATE = np.minimum(np.arange(DATE_STATES), LATER_CLASS)
# How far apart groups are thought to lie before any is seen: one standard deviation in log odds.
_FREE, _BANDS, _PRIORITIES, _PACE, _FUNCTIONS = 4.0, 0.3, 0.5, 0.3, 0.3
_MOST_LEAVING = 0.995
# Shares are drawn to those of all as if by as many more.
PRIOR_PATHWAYS = 10.0
# Who joins: the usual rate (a memory of a quarter of a year) is best in quiet weeks and months late after a
# lasting change of referrals; that of the last weeks is the other way round. So the usual rate is moved
# towards the last, the more so the further apart they lie (log): half-way at these distances, of the whole
# PTL and of one specialty beside the others, where chance comes on top. FEW pathways are no evidence.
HALF_BELIEVED, HALF_BELIEVED_OF_ONE, FEW = 0.12, 0.15, 3.0
TINY = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Hazards:
    """Weekly probabilities by function, stage, priority and band group, and date class but for `given`.

    `leaving` has the KINDS first. `decided`: of those who stay, a decision to admit. `lost`, `moved`: of
    those who stay undecided and have a date. `given`: of those who stay without one, in a week of five
    working days.
    """

    grid: Grid
    leaving: Floats
    decided: Floats
    lost: Floats
    moved: Floats
    given: Floats
    decided_into: Floats  # (priorities, date states): sums to 1
    first_dates: Floats  # (stages, priorities, weeks to the date): sums to 1
    renewed_dates: Floats  # the same, of dates that follow one not kept, or a visit without an outcome
    joined: Floats  # the grid's shape: pathways that join in a week of five working days

    @property
    def open(self) -> Floats:
        """The probability of not leaving."""
        return np.asarray(1.0 - self.leaving.sum(axis=0))


def hazards(evidence: Evidence) -> Hazards:
    leaving, decided = _outcomes(evidence)
    lost, moved = _lost_and_moved(evidence)
    first_dates, renewed_dates = _dates(evidence)
    return Hazards(
        grid=evidence.grid,
        leaving=leaving,
        decided=decided,
        lost=lost,
        moved=moved,
        given=_given(evidence),
        decided_into=_shares(evidence.decided_into),
        first_dates=first_dates,
        renewed_dates=renewed_dates,
        joined=_joined(evidence),
    )


def _joined(evidence: Evidence) -> Floats:
    """Who joins in a working week by state: the usual number, moved towards that of the last weeks."""
    usual = evidence.joined / max(float(evidence.working_weeks), 1e-9)
    by_function = usual.sum(axis=(1, 2, 3, 4))
    moved = moved_by(by_function, evidence.lately_joined, float(evidence.lately_weeks))
    return np.asarray(usual * moved[:, None, None, None, None])


def moved_by(usual: Floats, counts: Floats, weeks: float) -> Floats:
    """The factor of each specialty's usual number of a week (functions,).

    `usual`: pathways that join in a week, over the long memory; `counts`: how many joined over the short one,
    in how many `weeks`.
    """
    if weeks <= 0 or usual.sum() <= 0 or counts.sum() <= 0:
        return np.ones_like(usual)
    ratio = float(counts.sum() / weeks / usual.sum())
    together = np.exp(_believed(np.log(np.array(ratio)), HALF_BELIEVED**2))
    # Beside the others: as many as a specialty's usual share of all who came lately would be.
    alike = usual * weeks * ratio
    apart = np.log((counts + FEW) / (alike + FEW))
    by_chance = 2.0 / (counts + 1.0)
    return np.asarray(together * np.exp(_believed(apart, HALF_BELIEVED_OF_ONE**2 + by_chance)))


def _believed(distance: Floats, square: Floats | float) -> Floats:
    return np.asarray(distance * distance**2 / (distance**2 + square + TINY))


def _outcomes(evidence: Evidence) -> tuple[Floats, Floats]:
    """How a week ends otherwise than in waiting on: leaving by KINDS, and decisions of those who stay.

    First whether it does, then how: who is seen comes to an outcome about as often everywhere, but what it is
    depends on the specialty.
    """
    each = [*(getattr(evidence, kind) for kind in KINDS), evidence.decided]
    together = np.sum(each, axis=0)
    shares = np.stack([_by_class(events, together) for events in each])
    shares[-1][:, ADMITTED] = 0.0
    outcome = np.minimum(_by_class(together, evidence.at_risk), _MOST_LEAVING)
    *leaving, decided = outcome * shares / shares.sum(axis=0)
    return np.stack(leaving), decided / (1.0 - np.sum(leaving, axis=0))


def _by_class(events: Floats, exposure: Floats) -> Floats:
    return _rates(_grouped(events), _grouped(exposure))


def _lost_and_moved(evidence: Evidence) -> tuple[Floats, Floats]:
    """Dates lost, and dates moved to another day before their week.

    Of appointments it is only counted whether one is lost; they are taken to be moved as often as admissions
    are for each one lost. A date in its own week that brought no end is lost or followed by a new one.
    """
    lost = _by_class(evidence.lost, evidence.waiting)
    lost[..., :DUE_CLASS] = 0.0
    later = (slice(None), ADMITTED, ..., slice(DUE + 1, None))
    gone, withdrawn = float(evidence.lost[later].sum()), float(evidence.cancelled[later].sum())
    moved = lost * (max(withdrawn - gone, 0.0) / gone if gone > 0 else 0.0)
    moved[..., DUE_CLASS] = 1.0 - lost[..., DUE_CLASS]
    moved[..., :DUE_CLASS] = 0.0
    return lost, np.minimum(moved, 1.0 - lost)


def _given(evidence: Evidence) -> Floats:
    events, exposure = (
        np.add.reduceat(counts, BAND_GROUPS, axis=BAND_AXIS)[..., None]
        for counts in (evidence.given, evidence.undated)
    )
    return _rates(events, exposure)[..., 0]


def _dates(evidence: Evidence) -> tuple[Floats, Floats]:
    """How far away first dates and renewed ones lie: (stages, priorities, weeks) each.

    New dates are counted together. Their mixture differs with the weeks waited, and that tells them apart, by
    least squares over the band groups; where it does not, both are drawn to the mixture of all priorities.
    """
    first, renewed = (
        np.maximum(np.add.reduceat(counts.sum(axis=0), BAND_GROUPS, axis=-1), 0.0)
        for counts in (evidence.given, evidence.renewed)
    )
    found = np.add.reduceat(evidence.new_dates, BAND_GROUPS, axis=-2)
    known = np.stack([first, renewed], axis=-1)
    weight = 1.0 / np.maximum(known.sum(axis=-1), 1.0)
    square = np.einsum("spbi,spbj,spb->spij", known, known, weight)
    beside = np.einsum("spbi,spbd,spb->spid", known, found, weight)
    together = _shares(found.sum(axis=2))
    square += PRIOR_PATHWAYS * np.eye(2)
    beside += PRIOR_PATHWAYS * together[:, :, None]
    solved = np.maximum(np.linalg.solve(square, beside), 0.0)
    solved /= np.maximum(solved.sum(axis=-1, keepdims=True), 1e-9)
    return solved[:, :, 0], solved[:, :, 1]


def _grouped(cube: Floats) -> Floats:
    by_band = np.add.reduceat(cube, BAND_GROUPS, axis=BAND_AXIS)
    return np.asarray(np.add.reduceat(by_band, np.arange(DATE_CLASSES), axis=-1))


def _rates(events: Floats, exposure: Floats) -> Floats:
    functions, _, priorities, bands, classes = events.shape
    function, stage, priority, band, date = (places.ravel() for places in np.indices(events.shape))
    kind = stage * classes + date
    factors = (
        Factor(kind, len(STAGES) * classes, _FREE),
        Factor(kind * bands + band, bands, _BANDS),
        # A date in the first weeks is another thing (one-stop clinics), and not alike for all priorities.
        Factor((kind * 2 + (band == 0)) * priorities + priority, priorities, _PRIORITIES),
        # Who is urgent passes through the weeks at another pace.
        Factor((kind * priorities + priority) * bands + band, priorities * bands, _PACE),
        Factor(kind * functions + function, functions, _FUNCTIONS),
    )
    rates = shrunken_rates(events.ravel(), exposure.ravel(), factors)
    return rates.reshape(events.shape)


def _shares(counts: Floats) -> Floats:
    """Shares of the last axis that sum to 1, each row drawn to the sum of all."""
    counts = np.maximum(counts, 0.0)
    everyone = counts.sum(axis=tuple(range(counts.ndim - 1)))
    # Where nothing was ever counted any share will do, for nobody is there.
    everyone = (everyone + 1e-9) / (everyone + 1e-9).sum()
    counts = counts + PRIOR_PATHWAYS * everyone
    return np.asarray(counts / counts.sum(axis=-1, keepdims=True))
