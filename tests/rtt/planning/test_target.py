"""The target of a plan that names none: the next milestone, by its own rule if it has one, or the 92%."""

from datetime import date

import pytest

from rtt.planning.target import usual_target

MARCH = date(2025, 3, 31)


@pytest.mark.parametrize(
    ("level", "census", "baseline", "share", "due", "words"),
    [
        ("england", MARCH, None, 0.65, date(2026, 3, 31), "the milestone of 65% by 31 Mar 2026"),
        ("icb", MARCH, None, 0.65, date(2026, 3, 31), "the milestone of 65% by 31 Mar 2026"),
        ("provider", MARCH, 0.578, 0.628, date(2026, 3, 31), "the milestone of 62.8% by 31 Mar 2026"),
        ("provider", MARCH, 0.5, 0.6, date(2026, 3, 31), "the milestone of 60% by 31 Mar 2026"),
        ("provider", MARCH, None, 0.6, date(2026, 3, 31), "the milestone of at least 60% by 31 Mar 2026"),
        # Nothing begun now could be seen within four weeks.
        ("england", date(2026, 3, 10), None, 0.7, date(2027, 3, 31), "the milestone of 70% by 31 Mar 2027"),
        ("provider", date(2026, 4, 30), 0.7, 0.65, date(2027, 3, 31), "the milestone of at least 65%"),
        ("region", date(2027, 3, 31), None, 0.92, date(2029, 3, 31), "the milestone of 92% by 31 Mar 2029"),
        ("provider", date(2027, 3, 31), 0.7, 0.92, date(2029, 3, 31), "the 92% standard by 31 Mar 2029"),
    ],
)
def test_the_next_milestone_by_the_organisations_own_rule(level, census, baseline, share, due, words):
    found = usual_target(level, census, lambda month: baseline)
    assert (found.share, found.due) == (pytest.approx(share), due)
    assert found.words.startswith(words)
