"""The simulated trusts: consistent pathways, England's shape, and what predicted breaches must learn."""

from datetime import date, timedelta

import numpy as np
import pytest

from sample_data import build, simulate
from sample_data.pathways import (
    ADMISSION,
    ADMITTED,
    APPOINTMENT,
    KEPT,
    NEVER,
    NON_ADMITTED,
    NULLIFIED,
    REMOVED,
    UNDECIDED,
    Simulation,
    week_bands,
)
from sample_data.places import TRUSTS
from sample_data.profile import ENGLAND_INCOMPLETE, FUNCTIONS
from sample_data.season import (
    as_date,
    day_number,
    lost_capacity,
    monday,
    sunday,
    trend,
    week_of,
    working_days,
)

UNTIL = date(2026, 11, 15)


@pytest.fixture(scope="module")
def region() -> Simulation:
    return simulate(until=UNTIL, weeks=165, trusts=TRUSTS)


def censuses(truth: Simulation, count: int) -> list[int]:
    """`count` Sundays over the last 150 weeks, oldest first."""
    return [truth.last_day - 7 * back for back in np.linspace(150, 0, count).astype(int).tolist()]


def test_nothing_happens_before_the_clock_starts(region) -> None:
    start = region.referrals.start
    assert (region.stop >= start).all()
    assert (region.decided >= start).all()
    assert (region.stop[region.decided < NEVER] >= region.decided[region.decided < NEVER]).all()
    assert (region.bookings.made >= start[region.bookings.pathway]).all()
    assert (region.bookings.due >= region.bookings.made).all()


def test_a_pathway_holds_one_booking_at_a_time(region) -> None:
    b = region.bookings
    order = np.lexsort((np.arange(len(b.made)), b.pathway))
    same = b.pathway[order][1:] == b.pathway[order][:-1]
    assert (b.made[order][1:][same] >= b.closed[order][:-1][same]).all()
    assert (b.closed >= b.made).all()


def test_an_admitted_stop_is_a_kept_admission_and_nothing_else_is(region) -> None:
    b = region.bookings
    kept = (b.kind == ADMISSION) & (b.outcome == KEPT)
    assert (region.stop[b.pathway[kept]] == b.due[kept]).all()
    assert sorted(b.pathway[kept]) == np.flatnonzero(region.kind == ADMITTED).tolist()
    assert (region.status[region.kind == ADMITTED] == 30).all()


def test_an_undecided_booking_belongs_to_an_open_pathway(region) -> None:
    b = region.bookings
    assert (region.stop[b.pathway[b.outcome == UNDECIDED]] == NEVER).all()
    assert (b.due[b.outcome == UNDECIDED] > region.last_day).all()


def test_statuses_fit_how_the_pathway_ended(region) -> None:
    assert set(region.status[region.stop == NEVER]) == {20}
    assert set(region.status[region.kind == NULLIFIED]) == {33}
    assert set(region.status[region.kind == NON_ADMITTED]) == {30, 31, 32, 34, 35, 36}
    assert set(region.status[region.kind == REMOVED]) == {21, 34}


def test_a_two_week_wait_is_never_nullified(region) -> None:
    assert not ((region.kind == NULLIFIED) & (region.referrals.priority == 3)).any()


def test_clinics_and_theatres_rest_at_weekends_and_on_bank_holidays(region) -> None:
    due = region.bookings.due[region.bookings.due <= region.last_day]
    assert {as_date(day).weekday() for day in np.unique(due)} == {0, 1, 2, 3, 4}
    for holiday in (date(2025, 12, 25), date(2026, 4, 3), date(2026, 8, 31)):
        assert day_number(holiday) not in due
    assert len(working_days(week_of(day_number(date(2025, 12, 25))))) == 3


@pytest.mark.parametrize(
    ("days", "band"),
    [(0, 0), (7, 0), (8, 1), (126, 17), (127, 18), (364, 51), (365, 52), (728, 103), (729, 104)],
)
def test_week_bands_are_those_of_the_guidance(days, band) -> None:
    assert week_bands(np.array([days]))[0] == band


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path) -> None:
    def written(folder, **wanted) -> dict[str, bytes]:
        build(tmp_path / folder, until=UNTIL, months=1, weeks=2, **wanted)
        return {p.name: p.read_bytes() for p in (tmp_path / folder).rglob("*") if p.is_file()}

    first = written("a")
    assert first == written("b")
    other = written("c", seed=7)
    assert first.keys() == other.keys()
    # The mapping names columns, which are those of every sample.
    assert [name for name in first if first[name] == other[name]] == ["R9A-tracking-list.toml"]


def test_a_later_last_day_keeps_the_history(tmp_path) -> None:
    build(tmp_path / "now", until=UNTIL, months=1, weeks=3)
    build(tmp_path / "later", until=UNTIL + timedelta(7), months=1, weeks=3)
    both = {p.name for p in (tmp_path / "now").rglob("*.csv")} & {
        p.name for p in (tmp_path / "later").rglob("*.csv")
    }
    assert len(both) == 1 + 2 * 3
    for name in both:
        (now,), (later,) = (list((tmp_path / folder).rglob(name)) for folder in ("now", "later"))
        assert now.read_bytes() == later.read_bytes()


def test_the_tracked_trust_has_about_6000_open_pathways() -> None:
    for seed in (1, 2, 3):
        truth = simulate(until=UNTIL, seed=seed)
        for day in (truth.last_day - 7 * 52, truth.last_day):
            assert 5_200 < truth.open_on(day).sum() < 6_800


def test_the_list_has_englands_mix_of_specialties(region) -> None:
    """England, February 2026: each function's share of the list, and of it with a decision to admit."""
    functions = region.referrals.function
    counts, decided = np.zeros(len(FUNCTIONS)), np.zeros(len(FUNCTIONS))
    for day in censuses(region, 8):
        counts += np.bincount(functions[region.open_on(day)], minlength=len(FUNCTIONS))
        decided += np.bincount(functions[region.decided_on(day)], minlength=len(FUNCTIONS))
    for number, function in enumerate(FUNCTIONS):
        assert counts[number] / counts.sum() == pytest.approx(
            function.incomplete / ENGLAND_INCOMPLETE, abs=0.012
        )
        if counts[number] > 2_000:
            share = function.decided_to_admit / function.incomplete
            assert decided[number] / counts[number] == pytest.approx(share, abs=0.05)


def test_waits_have_englands_shape(region) -> None:
    """England, 2024 to 2026: 57 to 65 % within 18 weeks, 92nd percentile 38 to 45, 1.3 to 4 % over 52."""
    for day in censuses(region, 12):
        waits = day - region.referrals.start[region.open_on(day)]
        assert 0.57 < (waits <= 126).mean() < 0.69
        assert 10 < np.median(waits) / 7 < 16
        assert 37 < np.quantile(waits, 0.92) / 7 < 46
        assert 0.012 < (waits >= 365).mean() < 0.04


def test_flows_have_englands_shares(region) -> None:
    """England: 19.3 % of stops admitted (February 2026); 14.3 % of removals unreported (2024 to 2026)."""
    first = region.last_day - 7 * 104
    ended = {kind: region.ended(first, region.last_day, kind) for kind in (1, 2, 3, 4)}
    admitted, others, unreported = (
        ended[ADMITTED].sum(),
        ended[NON_ADMITTED].sum(),
        (ended[NULLIFIED] | ended[REMOVED]).sum(),
    )
    assert 0.16 < admitted / (admitted + others) < 0.21
    assert 0.12 < unreported / (admitted + others + unreported) < 0.17
    waits = region.stop - region.referrals.start
    assert 0.08 < (waits[ended[NON_ADMITTED]] <= 7).mean() < 0.13  # England: 11.6 %


def test_the_trend_improves_slowly_and_turns(region) -> None:
    spanned = [trend(week) for week in range(week_of(region.last_day) - 156, week_of(region.last_day) + 1)]
    lowest = int(np.argmin(spanned))
    assert 0 < lowest < 156
    assert spanned[0] > spanned[lowest] < spanned[-1]


def left_by(truth: Simulation, chosen: np.ndarray, day: int) -> float:
    return float((truth.stop[chosen] <= day).mean())


def test_a_booked_admission_in_the_next_weeks_mostly_ends_the_wait(region) -> None:
    day = region.last_day - 7 * 12
    b = region.bookings
    standing = (b.made <= day) & (b.closed > day) & (b.kind == ADMISSION) & (b.due <= day + 28)
    booked = b.pathway[standing]
    decided = np.flatnonzero(region.decided_on(day))
    unbooked = np.setdiff1d(decided, b.pathway[(b.made <= day) & (b.closed > day)])
    assert left_by(region, booked, day + 28) > 0.75
    assert left_by(region, unbooked, day + 28) < 0.25
    cancelled = (b.kind == ADMISSION) & (b.outcome != KEPT) & (b.closed <= region.last_day)
    done = (b.kind == ADMISSION) & (b.closed <= region.last_day)
    assert 0.08 < cancelled.sum() / done.sum() < 0.30


def test_treatment_slackens_just_after_18_weeks(region) -> None:
    """Bookers work to the target: more leave in the two weeks before it than in the two after."""

    def hazard(first: int, last: int) -> float:
        at_risk = left = 0
        for day in censuses(region, 24)[:-1]:
            waits = day - region.referrals.start
            chosen = region.open_on(day) & (waits >= first) & (waits <= last)
            at_risk += chosen.sum()
            left += (chosen & (region.stop <= day + 7)).sum()
        return left / at_risk

    assert hazard(113, 126) > 1.05 * hazard(134, 154)


def test_weeks_of_lost_capacity_cost_stops(region) -> None:
    weeks = range(week_of(region.first_day) + 104, week_of(region.last_day) + 1)
    admitted = {w: region.ended(monday(w), sunday(w), ADMITTED).sum() / len(working_days(w)) for w in weeks}
    lost = [w for w in weeks if lost_capacity(w, seed=20261) > 0]
    assert 5 <= len(lost) <= 40
    assert np.mean([admitted[w] for w in lost]) < 0.8 * np.mean([admitted[w] for w in weeks if w not in lost])


def test_a_smaller_list_can_be_asked_for() -> None:
    truth = simulate(until=UNTIL, size=1000, weeks=20)
    assert 700 < truth.open_on(truth.last_day).sum() < 1200
    assert not (truth.bookings.kind[truth.bookings.outcome == KEPT] > ADMISSION).any()
    assert {APPOINTMENT, ADMISSION} == set(truth.bookings.kind)
