"""A month is whole by what every whole month has held, so that even the first file is judged."""

from dataclasses import replace
from datetime import date

import pytest

from rtt.terms.parts import PARTS
from rtt.terms.whole_month import Composition, lacking, shortfall, uneven

APRIL = date(2024, 4, 30)
WHOLE = Composition(providers=445, regions=7, icbs=42, functions=23, parts=frozenset(PARTS), total=7_570_371)


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (WHOLE, ()),
        (replace(WHOLE, regions=1), ("1 of 7 regions",)),
        (replace(WHOLE, icbs=41), ("41 of 42 ICBs",)),
        (replace(WHOLE, functions=1), ("1 of 23 treatment functions",)),
        (replace(WHOLE, providers=1), ("1 provider (a whole month has over 400)",)),
        (
            replace(WHOLE, parts=frozenset({"1A", "2"})),
            ("2 of 5 parts of the return (no Part_1B, Part_2A and Part_3)",),
        ),
        (
            replace(WHOLE, total=3_700_000),
            ("a list of 3,700,000 pathways (England’s has been over 6,000,000)",),
        ),
    ],
)
def test_a_month_lacks_what_a_whole_one_has(held, words):
    """Fault 27: one trust's cut-out loaded without a note and was shown as England."""
    assert lacking(APRIL, held) == words


@pytest.mark.parametrize(
    ("month", "held"),
    [
        # Before October 2015 the return had three parts, before April 2021 a single "Other", before April
        # 2020 regions as parents; twelve of the 42 ICBs made way for six in April 2026.
        (date(2014, 4, 30), Composition(420, 4, 0, 18, frozenset({"1A", "1B", "2"}), 2_950_000)),
        (date(2019, 3, 31), Composition(430, 5, 0, 19, frozenset(PARTS), 4_233_414)),
        (date(2020, 5, 31), Composition(430, 7, 42, 19, frozenset(PARTS), 3_834_089)),
        (date(2026, 5, 31), replace(WHOLE, providers=520, icbs=36)),
    ],
)
def test_a_whole_month_of_another_era_lacks_nothing(month, held):
    assert lacking(month, held) == ()


def test_a_month_that_lacks_regions_or_functions_is_no_continuation_of_whole_ones():
    months = {date(2024, month, 28): WHOLE for month in range(1, 5)}
    one_region, one_function = replace(WHOLE, regions=1, icbs=5), replace(WHOLE, functions=1)
    for held, kinds in ((WHOLE, set()), (one_region, {"places"}), (one_function, {"functions"})):
        assert uneven(APRIL, held, [*months.items(), (APRIL, held)]) == kinds
    # Cut-outs month after month continue each other.
    assert uneven(APRIL, one_region, [(day, one_region) for day in months]) == set()


def test_the_shortfall_is_said_in_providers_and_pathways():
    trust = Composition(1, 1, 1, 1, frozenset(PARTS), 59_472)
    words = "1 provider and 59,472 pathways where March 2024 had 440 and 7,538,830, 0.8% of it"
    assert shortfall(trust, replace(WHOLE, providers=440, total=7_538_830), date(2024, 3, 31)) == words
