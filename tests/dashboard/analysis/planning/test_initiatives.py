"""What came of an initiative: its trusts against the others that are large in every month, or why not yet."""

from datetime import UTC, date, datetime

import pytest

from dashboard.analysis.planning.initiatives import result_of
from dashboard.store.cache import reading
from dashboard.store.initiatives import Initiative
from rtt.terms.calendar import add_months
from tests.dashboard.months import load_months

FIRST = date(2024, 4, 30)
MONTHS, BEFORE = 9, 6
TRUSTS = ("RTD", "RVV", "RXN", "R1K", "RAJ", "RBD", "RCF")
STARTS = date(2024, 10, 1)


def within(trust, month):
    """Of 10,000 pathways; RTD gains 500 from the start on, all wander alike."""
    level = 6_000 + 100 * TRUSTS.index(trust) + 40 * ((month * 3) % 4)
    return level + (500 if trust == "RTD" and month >= BEFORE else 0)


@pytest.fixture(scope="module")
def trusts(tmp_path_factory):
    """Seven trusts of 10,000 pathways and one of 900: read it, do not change it."""
    months = {}
    for month in range(MONTHS):
        facts = {
            (trust, "01A", "2", "C_110"): {3: within(trust, month), 30: 10_000 - within(trust, month)}
            for trust in TRUSTS
        }
        facts["RNQ", "01A", "2", "C_110"] = {3: 600, 30: 300}
        months[add_months(FIRST, month)] = facts
    engine = load_months(tmp_path_factory.mktemp("trusts"), months)
    yield engine
    engine.dispose()


def registered(**changes):
    values = {
        "id": 1, "name": "Evening lists", "what": "Two a week", "trusts": ("RTD",), "function": "C_999",
        "starts_on": STARTS, "measure": "share_within_18", "expected": 3.0, "why_these": "They asked",
        "worst": False, "newest_month": date(2024, 9, 30), "author": "jo",
        "written_at": datetime(2024, 10, 1, tzinfo=UTC),
    }  # fmt: skip
    return Initiative(**{**values, **changes})


def result(engine, **changes):
    with reading(engine) as connection:
        return result_of(connection, registered(**changes))


def test_the_effect_is_what_was_added_to_one_trust(trusts):
    found = result(trusts, trusts=("R1K",), starts_on=STARTS)
    assert (found.why_not, found.before, found.after) == ("", BEFORE, MONTHS - BEFORE)
    # RTD, which gained 5 points, is one of the six others.
    assert found.evaluation.differences.effect == pytest.approx(-5 / 6)
    assert found.too_few
    assert found.comparisons == 6


def test_trusts_that_were_worst_are_held_against_the_worst_tenth_alone(trusts):
    found = result(trusts, trusts=("RTD",))  # the lowest share of the seven
    assert found.why_not == "There are too few other trusts to compare with."
    assert result(trusts, trusts=("R1K",), worst=True).why_not != ""


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"starts_on": date(2025, 1, 1)}, "No month since its start, January 2025, is loaded."),
        ({"starts_on": date(2024, 9, 1)}, "5 months are held"),
        ({"trusts": ("RNQ",)}, "RNQ had no list of over 5,000 pathways in every month"),
        ({"function": "C_502"}, "RTD had no list"),
    ],
)
def test_why_there_is_no_result_is_said(trusts, changed, told):
    found = result(trusts, **changed)
    assert told in found.why_not
    assert found.evaluation is None


def test_one_that_was_registered_after_its_months_were_known_says_so(trusts):
    assert result(trusts, trusts=("R1K",)).registered_first
    assert not result(trusts, trusts=("R1K",), newest_month=date(2024, 10, 31)).registered_first


@pytest.mark.parametrize("measure", ["over_52", "total"])
def test_other_measures_are_points_of_the_list_and_per_cent_of_it(trusts, measure):
    found = result(trusts, trusts=("R1K",), measure=measure)
    assert found.evaluation.differences.effect == pytest.approx(0.0)
