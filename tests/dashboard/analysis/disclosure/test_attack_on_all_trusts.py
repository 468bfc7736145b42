"""All trusts side by side, and their sum, beside what a reader sees elsewhere: no small number follows."""

import pytest

from dashboard.analysis.trust_lists import EVERYBODY, trust_lists
from dashboard.filters import from_query
from dashboard.scope.scope import resolve
from dashboard.server.access import Enquiry, Reader
from dashboard.settings.settings import Settings
from dashboard.store.cache import reading
from tests.conftest import SOAK
from tests.dashboard.analysis.disclosure import test_attack_between_trusts as of_trusts
from tests.dashboard.analysis.disclosure.test_attack_between_trusts import (
    OTHER,
    OWN,
    READERS,
    Attack,
    unknown_small_counts,
)
from tests.dashboard.analysis.disclosure.test_linear_attack import filters_of
from tests.dashboard.planted import FUNCTIONS, today

load_once = of_trusts.load_once  # the lists of two trusts, loaded once for these tests
PAIRS = range(8 if SOAK else 2)


def ask_for_all_trusts(attack, connection, reader, home) -> int:
    """Every trust's figures and their sum, of all specialties and of each; how many were told."""
    told = 0
    for function in ("", *FUNCTIONS):
        asked = {"tf": f"C_{function}"} if function else {}
        filters, _ = from_query(
            "?source=weekly" + "".join(f"&{name}={value}" for name, value in asked.items())
        )
        scope = resolve(connection, filters, Enquiry(reader, today(), Settings(home=home)))
        if scope.notices:
            continue
        found = trust_lists(connection, scope)
        for figures, unit, of in (
            (found.figures, OWN, (OWN,)),
            (found.figures, OTHER, (OTHER,)),
            (found.together, EVERYBODY, (OWN, OTHER)),
        ):
            told += _read(attack, figures, unit, asked, of)
    return told


def _read(attack, figures, unit, asked, of) -> int:
    filters, told = filters_of(asked), 0
    for key, bounds in (("total", {}), ("over_52", {"first": 52})):
        finding = figures.find(key, unit=unit)
        if finding is not None and finding.value is not None:
            attack.add(attack.planted.question(of=of, **filters, **bounds), finding.value)
            told += 1
    share = figures.find("share_within_18", unit=unit)
    if share is not None and share.numerator is not None:
        attack.add(attack.planted.question(of=of, **filters, first=0, after=18), share.numerator)
        attack.add(attack.planted.question(of=of, **filters, first=0), share.denominator)
        told += 1
    return told


@pytest.mark.slow
@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("seed", PAIRS)
def test_no_small_number_follows_from_all_trusts_and_their_sum(seed, who, load_once, tmp_path):
    both, engine = load_once(seed, tmp_path)
    areas = READERS[who]
    attack = Attack(both, areas)
    with reading(engine) as connection:
        of_trusts.ask_for_figures(attack, connection, areas)
        of_trusts.ask_for_findings(attack, connection, Reader(areas=areas), tmp_path)
        assert ask_for_all_trusts(attack, connection, Reader(areas=areas), tmp_path)
    told = attack.recovered(unknown_small_counts(both, areas))
    engine.dispose()
    assert not told
