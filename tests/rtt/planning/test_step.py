"""A step of many lists is that of each of them, worked by hand, one band after the other."""

import numpy as np
import pytest

from rtt.planning.step import FEW_LISTS, NOBODY, bands_first, step, summed


def by_hand(inflow, stops, treated, removed, longest, extra):
    """Of one list: who is treated, by band."""
    left = [r * n for r, n in zip(removed, inflow, strict=True)]
    room = [n - max(gone, 0) for n, gone in zip(inflow, left, strict=True)]
    taken, rest = [0.0] * len(room), stops * (1 - longest)
    for _ in range(30):
        open_to = [at for at in range(len(room)) if room[at] - taken[at] > 1e-12]
        total = sum(treated[at] * inflow[at] for at in open_to)
        if rest <= NOBODY or total <= NOBODY:
            break
        parts = {at: min(rest * treated[at] * inflow[at] / total, room[at] - taken[at]) for at in open_to}
        for at, part in parts.items():
            taken[at] += part
        rest -= sum(parts.values())
    rest = max(rest, 0.0) + stops * longest + extra
    for at in reversed(range(len(room))):
        part = min(rest, max(room[at] - taken[at], 0.0))
        taken[at], rest = taken[at] + part, rest - part
    return taken


def lists(number, bands=105, seed=3):
    """Lists of every kind: empty ones, without long waits, with more stops than pathways, without any."""
    draw = np.random.default_rng(seed)
    inflow = draw.uniform(0, 60, (number, bands)) * 0.96 ** np.arange(bands)
    inflow[::7, 30:] = 0
    inflow[::11] = 0
    treated = np.clip(draw.uniform(0, 0.1, (number, bands)), 0, 1)
    treated[:, 78:] *= 9
    removed = draw.normal(0.01, 0.05, (number, bands))
    stops = 0.07 * inflow.sum(axis=1) * draw.choice([0, 0.5, 1, 2, 20], number)
    return inflow, stops, treated, removed


@pytest.mark.parametrize("number", [1, FEW_LISTS, 6 * FEW_LISTS])
@pytest.mark.parametrize(("longest", "extra"), [(0.0, 0.0), (0.3, 0.0), (0.0, 0.4), (1.0, 0.2)])
def test_many_lists_at_once_are_each_worked_as_by_hand(number, longest, extra):
    inflow, stops, treated, removed = lists(number)
    found = step(inflow, stops, treated, removed, longest=longest, extra=extra * stops)
    for at in range(number):
        own = by_hand(inflow[at], stops[at], treated[at], removed[at], longest, extra * stops[at])
        assert found.treated[at] == pytest.approx(own, rel=1e-9, abs=1e-7)
    assert found.removed == pytest.approx(removed * inflow)
    assert found.waiting + found.treated + found.removed == pytest.approx(inflow, abs=1e-9)


def test_a_list_is_worked_alike_by_itself_and_among_many_to_the_last_digit():
    inflow, stops, treated, removed = lists(6 * FEW_LISTS, seed=8)
    extra = 0.3 * stops[::-1]
    together = step(inflow, stops, treated, removed, extra=extra)
    for at in range(len(inflow)):
        alone = step(inflow[at], stops[at], treated[at], removed[at], extra=extra[at])
        for one, many in zip(alone, together, strict=True):
            assert np.array_equal(one, many[at])


@pytest.mark.parametrize("bands", [1, 7, 8, 24, 105, 128])
def test_lists_are_added_up_to_the_digit_of_a_row(bands):
    rows = np.random.default_rng(bands).lognormal(0, 6, (50, bands))
    assert np.array_equal(summed(bands_first(rows)), rows.sum(axis=-1))
