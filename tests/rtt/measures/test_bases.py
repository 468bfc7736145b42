"""The bridge between two bases: exact, turned round from the other end, and told in words."""

import itertools
import random
from fractions import Fraction

import pytest

from rtt.findings.bases_words import basis_words, size_words, step_words
from rtt.measures.bases import DIMENSIONS, FORMULAS, OWN, Amount, Basis, amount_of, basis_of, bridge, way
from rtt.measures.disclosed import END, START
from rtt.measures.indicators import INDICATORS

VALUES = (("", "first", "2023-08", "2026-05"), ("", "carried", "estimated"), ("", "nonc"), ("", "known"))
EVERY = [Basis(*each) for each in itertools.product(*VALUES, ("", "provider"))]


def figures(rng, share):
    """A made-up amount for every basis, each for itself: the bridge must not need them to be consistent."""
    return {
        basis: Amount(rng.randrange(1, 9**9), rng.randrange(1, 9**9) if share else None) for basis in EVERY
    }


@pytest.mark.parametrize("share", [False, True])
def test_the_steps_add_up_exactly_and_the_way_back_is_the_same_bridge(share):
    rng = random.Random(16 + share)
    for _ in range(200):
        known = figures(rng, share)
        first, last = rng.choice(EVERY), rng.choice(EVERY)
        there, back = bridge(first, last, known.get), bridge(last, first, known.get)
        assert there.start + sum(step.size for step in there.steps) == there.end == known[last].value
        assert sum(step.size for step in there.steps) == there.difference == -back.difference
        assert [step.size for step in there.steps] == [-step.size for step in reversed(back.steps)]
        for step in there.steps:
            differ = [name for name in DIMENSIONS if getattr(step.before, name) != getattr(step.after, name)]
            assert differ == [step.dimension]


def test_from_a_basis_to_itself_there_is_no_step():
    found = bridge(OWN, OWN, lambda _: Amount(7))
    assert (found.steps, found.difference) == ((), Fraction(0))


def test_what_the_first_adds_comes_off_before_the_other_goes_on():
    assert way(basis_of("2026-05.estimated"), basis_of("nonc")) == [
        basis_of("2026-05.estimated"), basis_of("2026-05"), OWN, basis_of("nonc"),
    ]  # fmt: skip


def test_a_figure_that_is_not_known_has_no_bridge():
    assert bridge(OWN, basis_of("nonc"), lambda basis: None if basis == OWN else Amount(3)) is None
    assert bridge(OWN, basis_of("nonc"), lambda _: Amount(0, 0)) is None


def test_an_address_names_every_basis_and_nothing_else():
    for basis in EVERY:
        assert basis_of(basis.text) == basis
    for text in ("NONC", "nonc.abroad", "2026-13", "own"):
        with pytest.raises(ValueError, match=text.rpartition(".")[2]):
            basis_of(text)


def test_every_basis_and_step_has_words_of_its_own():
    single = [basis for basis in EVERY if not basis.vintage]
    assert len({basis_words(basis) for basis in single}) == len(single)
    for first, last in itertools.product(single[:8], repeat=2):
        steps = bridge(first, last, lambda _: Amount(1)).steps
        assert len({step_words(step) for step in steps}) == len(steps)
    assert size_words(Fraction(0), share=False) == "No difference"
    assert size_words(Fraction(-1, 10**9), share=True) == "−under 0.001 points"
    assert size_words(Fraction(1204), share=False) == "+1,204"


def test_a_formula_stands_for_every_count_and_share_of_one_census():
    """Those left out tell of two censuses, or of a wait that is not counted beside the bands."""
    counted = {START, 0, 14, 18, 40, 48, 52, 65, 78, 104, END}
    of_one = {
        key
        for key, each in INDICATORS.items()
        if each.unit in ("pathways", "share")
        and all({count.over, count.up_to} <= counted for count in each.discloses.counts)
    }
    assert set(FORMULAS) == of_one - {"unreported_removals", "list_change"}


def test_a_count_that_is_not_known_is_no_zero():
    assert amount_of(FORMULAS["over_65"], {("2", "total"): 4}) is None
    assert amount_of(FORMULAS["total"], {("2", "total"): 4}) == Amount(4)
