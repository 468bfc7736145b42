"""What is shown of small tables never tells a small count: every set of parts by every set of waits."""

import itertools

import numpy as np
import pytest

from rtt.disclosure.coupled import discloses_small
from rtt.disclosure.limits import has_room, limits_of, together, visible
from rtt.disclosure.pairs import pairs_of
from rtt.disclosure.percentiles import longest_seen, percentile_seen
from rtt.disclosure.seen import Seen
from rtt.disclosure.shares import leaves_open, share_seen
from rtt.measures.band_facts import band_facts
from rtt.measures.disclosed import END, START, Count, Disclosed
from rtt.measures.indicators import INDICATORS, LIMITS, Indicator
from rtt.measures.percentiles import percentile_weeks

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
    assert not limits.suppressed.any()
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
    assert limits.suppressed.sum() == 2
    assert limits.suppressed[0, 3, 5]


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
    assert discloses_small(np.array([[14.0, 1, 0, 60], [14, 1, 2, 60], [14, 20, 0, 60]])).tolist() == [
        True,
        False,
        False,
    ]


def seen_at(*limits):
    there = np.ones((1, 1), dtype=bool)
    return Seen({limit: there & (limit in limits) for limit in LIMITS}, {("list", "now"): there})


def percentile(bands, p, seen):
    weeks = percentile_weeks(bands[None, None], p)
    found = percentile_seen(p, weeks, band_facts(bands[None, None]), seen)
    return weeks[0, 0], found.value[0, 0], found.suppressed[0, 0], found.about[0, 0]


@pytest.mark.parametrize("limits", [LIMITS, (0, 52), ()])
@pytest.mark.parametrize("seed", range(30))
def test_a_percentile_that_is_about_right_is_within_half_a_week(seed, limits):
    """A 92nd percentile of 48.1 weeks was worked out from distant limits, and shown as "about 24 weeks"."""
    chance = np.random.default_rng(seed)
    bands = np.zeros(105)
    np.add.at(bands, np.minimum(chance.exponential(20, 200).astype(int), 104), 1)
    for p in (0.5, 0.92, 0.95):
        exact, shown, hidden, about = percentile(bands, p, seen_at(*limits))
        assert (about, hidden) == (True, False)
        assert np.isinf(exact) == np.isinf(shown)
        assert np.isinf(exact) or (abs(shown - exact) <= 0.5 and shown == round(shown))


@pytest.mark.parametrize(
    ("p", "fewest"), [(0.5, 16), (0.92, 100), (0.95, 160)], ids=["median", "92nd", "95th"]
)
def test_a_rounded_percentile_has_eight_pathways_on_either_side(p, fewest):
    weeks = np.full((1, 1), 5.5)
    for number in (fewest - 1, fewest):
        bands = np.zeros((1, 1, 105))
        bands[..., 5] = number
        found = percentile_seen(p, weeks, band_facts(bands), seen_at(*LIMITS))
        assert found.suppressed[0, 0] == (number < fewest)


def test_a_percentile_in_a_seen_band_has_its_tenth():
    bands, seen = np.full(105, 30.0), seen_at(*LIMITS)
    whole = Seen(seen.limits, seen.sizes, np.ones((1, 1, END - START + 1), dtype=bool))
    assert percentile(bands, 0.5, whole)[1:] == (52.5, False, False)
    few = np.zeros(105)
    few[3:8] = 9  # a 92nd percentile of 45 pathways, in a band of 9 that is shown
    exact, shown, hidden, about = percentile(few, 0.92, whole)
    assert (shown, hidden, about) == (np.floor(10 * exact + 0.5) / 10, False, False)


@pytest.mark.parametrize("seed", range(30))
def test_the_longest_wait_is_over_the_limit_that_is_told(seed):
    chance = np.random.default_rng(seed)
    bands = np.zeros(105)
    bands[chance.integers(0, 105, 12)] = chance.integers(1, 20, 12)
    highest = np.flatnonzero(bands).max()
    limits = chance.choice(LIMITS, 4, replace=False).tolist()
    found = longest_seen(band_facts(bands[None, None]), seen_at(*limits), LIMITS)
    below = [limit for limit in limits if limit <= highest and limit > 0]
    assert found.suppressed[0, 0] == (not below)
    if below:
        weeks = found.value[0, 0]
        assert max(below) == (104 if np.isinf(weeks) else weeks)
        assert found.about[0, 0] == (weeks != np.inf)


def test_the_longest_wait_is_known_where_its_own_week_may_be_seen():
    bands, seen = np.zeros(105), seen_at(*LIMITS)
    bands[[0, 30, 61]] = 9
    whole = Seen(seen.limits, seen.sizes, np.ones((1, 1, END - START + 1), dtype=bool))
    for of, weeks in ((bands, 61), (np.where(np.arange(105) == 0, 9.0, 0.0), 0)):
        found = longest_seen(band_facts(of[None, None]), whole, LIMITS)
        assert (found.value[0, 0], found.suppressed[0, 0], found.about[0, 0]) == (weeks, False, False)


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
    assert not share.suppressed.any()
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


def test_nobody_has_no_share_and_it_is_not_about_anything():
    """A specialty on whose list nobody was at a census kept every page of that census from being drawn."""
    none, nothing = np.zeros((1, 1)), np.full((1, 1), np.nan)
    discloses = INDICATORS["share_within_18"].discloses
    found = share_seen(discloses, nothing, seen_at(18), total=none, over=none, unknown=none)
    assert np.isnan(found.value).all()
    assert not found.about.any()
