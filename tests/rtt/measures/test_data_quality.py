"""How far the 18-week figure could move, beside every way of counting each faulty row."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtt.measures.data_quality import (
    BY_KEY,
    CHECKS,
    Bounds,
    Faulty,
    bounds,
    bounds_without,
    effect_words,
    faulty,
    is_wide,
    of_words,
    range_words,
)

few = st.integers(0, 4)


@given(sound=st.tuples(few, few), within=few, over=few, left_out=few)
def test_the_bounds_are_the_extremes_over_every_row_in_or_out(sound, within, over, left_out):
    known = sum(sound) + within + over
    found = bounds(sound[0] + within, known, [Faulty(within, over, left_out)])
    if known == 0:
        assert found is None
        return
    shares = []
    # A counted row stays or goes; one that was left out stays out, or comes in on either side.
    for kept_within, kept_over in product(range(within + 1), range(over + 1)):
        for in_within in range(left_out + 1):
            for in_over in range(left_out - in_within + 1):
                inside = sound[0] + kept_within + in_within
                below = inside + sound[1] + kept_over + in_over
                if below:
                    shares.append(inside / below)
    if sum(sound):
        assert (found.lowest, found.highest) == pytest.approx((min(shares), max(shares)))
    else:
        # With nobody sound left the extremes are everybody or nobody; the words never go beyond.
        assert 0 <= found.lowest <= found.share <= found.highest <= 1


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), max_size=6), st.tuples(few, st.integers(1, 9))
)
def test_without_some_lists_the_bounds_are_the_extremes_over_every_choice_of_them(lists, rest):
    odd = [(min(within, of), of) for within, of in lists]
    base = (min(rest), rest[1])
    within, known = (base[at] + sum(each[at] for each in odd) for at in (0, 1))
    shares = []
    for kept in product((0, 1), repeat=len(odd)):
        inside, of = (
            base[at] + sum(each[at] for each, k in zip(odd, kept, strict=True) if k) for at in (0, 1)
        )
        shares.append(inside / of)
    found = bounds_without(within, known, odd)
    assert (found.lowest, found.highest) == pytest.approx((min(shares), max(shares)))


@pytest.mark.parametrize(
    ("found", "words", "effect", "wide"),
    [
        (Bounds(0.6027, 0.6012, 0.6047), "between 60.1% and 60.5%", "−0.2 to +0.2 points", False),
        (Bounds(0.6, 0.6, 0.6), "60.0% either way", "None", False),
        (Bounds(0.60001, 0.6, 0.60002), "60.0% either way", "under 0.1 points", False),
        (Bounds(0.6, 0.595, 0.605), "between 59.5% and 60.5%", "−0.5 to +0.5 points", True),
    ],
)
def test_the_words_are_the_bounds_as_shown(found, words, effect, wide):
    assert (range_words(found), effect_words(found), is_wide(found)) == (words, effect, wide)


@pytest.mark.parametrize("within", range(1, 60))
def test_nothing_found_has_no_effect_whatever_the_machine_rounds(within):
    assert effect_words(bounds_without(within, 61, [])) == "None"


def test_one_row_is_no_plural():
    check = BY_KEY["tci_in_past"]
    assert of_words(check, "1") == "1 pathway with an admission date"
    assert of_words(check, "1,001") == "1,001 pathways with an admission date"
    assert of_words(BY_KEY["row_left_out"], "1") == "1 row of the file"


def test_rows_without_a_clock_start_or_left_out_are_not_in_the_share_yet():
    assert faulty("no_clock_start", failed=3, failed_within=0, counted=True) == Faulty(left_out=3)
    assert faulty("duplicate", failed=2, failed_within=None, counted=False) == Faulty(left_out=2)
    assert faulty("status_99", failed=40, failed_within=25, counted=True) == Faulty(within=25, over=15)


def test_every_check_that_ingest_counts_has_its_words():
    from ingest.extracts.monthly import quality as monthly

    made = {
        monthly.UNKNOWN_START,
        monthly.FIRST_WEEK,
        monthly.ADMISSION_ABOVE_LIST,
        monthly.FEW_STARTS,
        *monthly.BESIDE_LAST_MONTH,
    }
    assert made == {check.key for check in CHECKS if check.source == "monthly"}
    assert len(BY_KEY) == len(CHECKS)
