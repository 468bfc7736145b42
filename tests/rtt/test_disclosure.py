"""What is shown of small tables never tells a small count: every set of parts by every set of waits."""

import itertools

import numpy as np
import pytest

from rtt.band_facts import band_facts
from rtt.disclosure.coupled import told
from rtt.disclosure.facts import END, START, Count, Disclosed, Seen
from rtt.disclosure.limits import has_room, limits_of, together, visible
from rtt.disclosure.pairs import pairs_of
from rtt.disclosure.percentiles import percentile_seen
from rtt.disclosure.shares import leaves_open, share_seen
from rtt.indicators import INDICATORS, LIMITS, Indicator
from rtt.percentiles import percentile_weeks

COUNTS = [0, 0, 1, 2, 3, 5, 7, 9, 15, 30]


def subsets(number):
    return [np.array(each, dtype=bool) for each in itertools.product([False, True], repeat=number)]


def small_ones_told(table, rows):
    """How many counts of 1 to 7, of any rows by any columns of the table, follow from the shown `rows`."""
    if not rows:
        return 0
    _, sizes, basis = np.linalg.svd(np.array([row.ravel() for row in rows]), full_matrices=False)
    basis = basis[sizes > 1e-9]
    found = 0
    for chosen, waits in itertools.product(*(subsets(size) for size in table.shape)):
        asked = np.outer(chosen, waits).astype(float)
        if 0 < (asked * table).sum() < 8:
            left = asked.ravel() - basis.T @ (basis @ asked.ravel())
            found += bool(np.abs(left).max() < 1e-8)
    return found


@pytest.mark.parametrize("seed", range(300))
def test_no_small_count_follows_from_parts_and_limits(seed):
    chance = np.random.default_rng(seed)
    table = chance.choice(COUNTS, size=(chance.integers(2, 5), chance.integers(2, 6)))
    limits = limits_of(table[None], chance.permutation(np.arange(1, table.shape[1])).tolist())
    shown = []
    for chosen in subsets(len(table))[1:]:
        seen = limits.seen(None if chosen.all() else chosen)[0]
        for first, after in itertools.combinations(np.flatnonzero(seen), 2):
            asked = np.zeros(table.shape)
            asked[np.ix_(chosen, np.arange(first, after))] = 1
            assert not 0 < (asked * table).sum() < 8
            shown.append(asked)
    assert small_ones_told(table, shown) == 0


@pytest.mark.parametrize("seed", range(300))
def test_no_small_count_follows_from_two_filters_together(seed):
    chance = np.random.default_rng(seed)
    table = chance.choice(COUNTS, size=(chance.integers(2, 6), chance.integers(2, 5)))
    if 0 < table.sum() < 8:
        return
    pairs, shown = pairs_of(table[None]), [np.ones(table.shape)]
    for chosen in subsets(len(table))[1:]:
        whole = np.zeros(table.shape)
        whole[chosen] = 1
        if not (pairs.tiny_rows[0] & chosen).any() or not (pairs.tiny_rows[0] & ~chosen).any():
            shown.append(whole)
        for column in np.flatnonzero([pairs.seen(chosen, at)[0] for at in range(table.shape[1])]):
            shown.append(whole * (np.arange(table.shape[1]) == column))
    shown += [
        np.ones(table.shape) * (np.arange(table.shape[1]) == at)
        for at in np.flatnonzero(~pairs.tiny_columns[0])
    ]
    assert not [row for row in shown if 0 < (row * table).sum() < 8]
    assert small_ones_told(table, shown) == 0


def test_a_large_list_shows_all_that_is_large():
    table = np.full((1, 22, 14), 20.0)
    limits = limits_of(table, range(1, 14))
    assert limits.whole.all()
    assert not limits.hidden.any()
    assert not limits.tiny.any()


def test_one_small_tail_hides_one_limit_of_two_specialties_and_nothing_of_the_whole():
    """Fault 10: what a few long waiters of one specialty hide is the same limit of one more, and nothing
    else.
    """
    table = np.full((1, 22, 6), 20.0)
    table[0, 3, -1] = 2
    limits = limits_of(table, range(1, 6))
    assert limits.whole.all()
    assert not limits.tiny.any()
    assert limits.hidden.sum() == 2
    assert limits.hidden[0, 3, 5]


def test_ten_that_add_up_to_ten_are_not_left_alone():
    """Fault 3: ten hidden specialties that total ten are each one, so that another is hidden with them."""
    sizes = np.array([[1] * 10 + [40, 60]])
    assert together(sizes)[0].tolist() == [True] * 11 + [False]
    assert not has_room(np.ones(10))
    assert not has_room(np.full(4, 7.0))


def test_limits_seen_leave_nobody_or_eight_between_them():
    counts = np.array([3, 0, 50, 4, 20, 0, 0])
    seen = visible(counts, [1, 2, 3, 4, 5, 6])
    at = np.flatnonzero(seen)
    pieces = np.add.reduceat(counts, at[:-1])
    assert not ((pieces > 0) & (pieces < 8)).any()
    assert seen[5]
    assert seen[6]  # nobody has waited longer, which may be said


def test_admitted_and_decided_tell_each_other_only_where_a_cell_is_empty():
    assert told(np.array([[14.0, 1, 0, 60], [14, 1, 2, 60], [14, 20, 0, 60]])).tolist() == [
        True,
        False,
        False,
    ]


def seen_at(*limits):
    there = np.ones((1, 1), dtype=bool)
    return Seen({limit: there & (limit in limits) for limit in LIMITS}, {("list", "now"): there})


def test_a_percentile_between_seen_limits_is_told_to_the_week():
    """Fault 31: a percentile that must not be exact is rounded, and not lost."""
    bands = np.zeros(105)
    bands[5:30] = 10
    facts, exact = band_facts(bands[None, None]), percentile_weeks(bands[None, None], 0.5)
    shown, about = percentile_seen(0.5, exact, facts, seen_at(*LIMITS), LIMITS)
    assert (shown[0, 0], about[0, 0]) == (np.floor(exact[0, 0] + 0.5), True)


def test_a_percentile_near_a_hidden_limit_follows_from_the_limits_that_are_seen():
    """Two lists of which the same is shown have the same percentile, wherever in between their people are."""
    one, other = np.zeros(105), np.zeros(105)
    one[10], one[53], one[70] = 80, 12, 5
    other[10], other[60], other[64] = 80, 5, 12
    shown = [
        percentile_seen(
            0.92, percentile_weeks(each, 0.92), band_facts(each), seen_at(0, 14, 18, 40, 52), LIMITS
        )
        for each in (one[None, None], other[None, None])
    ]
    assert shown[0][0] == shown[1][0]


def test_a_percentile_in_a_seen_band_has_its_tenth():
    bands = np.full(105, 30.0)
    seen = seen_at(*LIMITS)
    whole = Seen(seen.limits, seen.sizes, np.ones((1, 1, END - START + 1), dtype=bool))
    exact = percentile_weeks(bands[None, None], 0.5)
    shown, about = percentile_seen(0.5, exact, band_facts(bands[None, None]), whole, LIMITS)
    assert (shown[0, 0], about[0, 0]) == (52.5, False)


def printed(total, over, unknown, steps):
    known = total - unknown
    return int(steps * (known - over) / known + 0.5)


@pytest.mark.parametrize("total", [60, 200, 1300, 5624, 30000])
@pytest.mark.parametrize("unknown", [1, 3, 7])
def test_a_share_leaves_open_how_many_clock_starts_are_unknown(total, unknown):
    over = total // 3
    for steps in (1000, 100):
        alike = [
            each
            for each in range(16)
            if printed(total, over, each, steps) == printed(total, over, unknown, steps)
        ]
        assert bool(leaves_open(total, over, unknown, steps=steps)) == (len(alike) > 2)
    there = np.ones((1, 1))
    share = share_seen(
        INDICATORS["share_within_18"].discloses,
        there * (total - unknown - over) / (total - unknown),
        seen_at(18),
        total=there * total,
        over=there * over,
        unknown=there * unknown,
    )
    assert not share.hidden.any()
    if not leaves_open(total, over, unknown, steps=100):
        assert share.value[0, 0] == round(20 * (total - over) / total) / 20


def test_every_indicator_says_what_it_discloses_and_none_can_be_added_without():
    """An entry of the minimum set that does not say what it is made of cannot even be written."""
    entry = INDICATORS["over_52"]
    said = {name: getattr(entry, name) for name in Indicator.__dataclass_fields__ if name != "discloses"}
    with pytest.raises(TypeError, match="discloses"):
        Indicator(**said)
    for each in INDICATORS.values():
        assert each.discloses.counts
        known = {START, END, *LIMITS}
        assert {limit for count in each.discloses.counts for limit in (count.over, count.up_to)} <= known


@pytest.mark.parametrize("key", INDICATORS)
def test_what_an_indicator_discloses_is_what_it_counts(key):
    """By a list of one pathway in each band: the counts declared give the figure that is calculated."""
    of, bands = INDICATORS[key].discloses, np.arange(1.0, 106.0)
    flows = {"starts": 900.0, "stops_admitted": 300.0, "stops_non_admitted": 500.0}
    facts = band_facts(
        bands[None], unknown_clock_start=40, with_decision_to_admit=700, opening=5000, recent_stops=9100,
        recent_days=91, **flows,
    )  # fmt: skip
    whole = {
        "list": bands.sum() + 40,
        "starts": 900.0,
        "stops": 800.0,
        "admitted": 300.0,
        "non-admitted": 500.0,
        "decided": 700.0,
    }
    other = {("list", "before"): 5000.0, ("stops", "recent"): 9100.0}
    waits = np.concatenate([[40.0], bands])

    def number(count):
        if count.when != "now":
            return other[count.part, count.when]
        return (
            waits[count.over - START : count.up_to - START].sum()
            if count.part == "list"
            else whole[count.part]
        )

    numbers = [number(count) for count in of.counts]
    measure = INDICATORS[key].measure(facts)
    if of.form == "count":
        assert measure.value[0] == numbers[0]
    elif of.form == "share":
        assert measure.numerator[0] == numbers[0]
        assert measure.denominator[0] in (sum(numbers), numbers[1])
    elif of.form == "difference":
        signs = itertools.product([-1, 1], repeat=len(numbers))
        assert measure.value[0] in [sum(s * n for s, n in zip(sign, numbers, strict=True)) for sign in signs]
    elif of.form == "ratio":
        assert measure.numerator[0] == numbers[0]
        assert measure.denominator[0] == pytest.approx(numbers[1] / 13)


def test_a_count_that_nobody_can_place_is_refused():
    for wrong in ({"over": 18, "up_to": 18}, {"part": "stops", "over": 18}, {"over": -2}):
        with pytest.raises(ValueError, match="waits"):
            Count(**{"part": "list", **wrong})
    with pytest.raises(ValueError, match="made of"):
        Disclosed("count", ())
