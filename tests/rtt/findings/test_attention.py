"""Do next: five actions at most, what can be done now first, and how many false alarms to expect."""

import re

import pytest

from rtt.findings.attention import Item, false_alarm_note, ranked
from rtt.spc.false_alarms import Judged, false_alarms
from rtt.spc.settings import DEFAULT_RULES


def item(size, name="ENT", kind="signal"):
    return Item(kind, size, f"Find out why the list grows in {name}", "a concerning signal.", "/trends")


def test_five_at_most_are_shown_largest_first():
    shown, more = ranked(item(size) for size in (3, 50, 7, 400, 1, 90, 12))
    assert [each.size for each in shown] == [400, 90, 50, 12, 7]
    assert more == 2


def test_of_equal_size_the_name_decides_so_that_a_page_is_drawn_alike_twice():
    names = ["Urology", "ENT", "Cardiology"]
    shown, _ = ranked(item(10, name) for name in names)
    assert [each.action.rsplit(" ", 1)[1] for each in shown] == sorted(names)


def test_what_can_be_done_now_stands_before_a_larger_signal():
    shown, _ = ranked([item(5_000), item(35, kind="breaches"), item(900, kind="milestone")])
    assert [each.kind for each in shown] == ["breaches", "signal", "milestone"]


def test_late_data_comes_last_and_never_falls_off_the_list():
    """Fault 9: it was ranked by the length of the list, so that it stood above every patient."""
    many = [item(size, kind="breaches") for size in (90, 80, 70, 60, 50, 40)]
    shown, more = ranked([item(0.0, kind="late"), *many])
    assert [each.kind for each in shown] == ["breaches"] * 4 + ["late"]
    assert [each.size for each in shown[:4]] == [90, 80, 70, 60]
    assert more == 2


@pytest.mark.parametrize(("series", "points"), [(66, 24), (300, 36), (3000, 13)])
def test_half_of_the_false_alarms_of_all_series_are_concerning(series, points):
    note = false_alarm_note(Judged(series, points, 0.1), period="month", rules=DEFAULT_RULES)
    rates = false_alarms(kind="stock", rules=DEFAULT_RULES, points=points, correlation=0.1)
    expected = rates.latest * series / 2
    said = re.match(r"About (\d+) concerning", note)
    assert int(said[1]) == pytest.approx(expected, abs=0.5) if said else expected < 1
    assert f"{series:,} series" in note


@pytest.mark.parametrize(("series", "points"), [(66, 12), (0, 36)])
def test_without_enough_points_no_signal_is_judged_and_the_note_says_so(series, points):
    note = false_alarm_note(Judged(series, points), period="month", rules=DEFAULT_RULES)
    assert note.startswith("Signals need 13 consecutive changes; ")
