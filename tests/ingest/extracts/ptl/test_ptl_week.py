"""Clock stops and clock starts of a week: what is counted, under which part, and what is only kept."""

import pytest

from tests.tracking_lists import facts, parsed, pathway, start, stop, totals


def _stops(*rows):
    return parsed(list(rows), "stops.csv")


@pytest.mark.parametrize(
    ("status", "kind", "counted"),
    [
        ("30", "treated", 1),
        ("31", "other", 1),
        ("32", "other", 1),
        ("34", "other", 1),
        ("35", "other", 1),
        ("36", "other", 1),
        ("33", "removed", 0),  # nullified: out of numerator and denominator
        ("21", "removed", 0),  # another provider goes on with it
        ("98", "removed", 0),
        ("", "other", 1),
    ],
)
def test_how_a_period_ended(status, kind, counted):
    result = _stops(stop(rtt_status=status), stop())
    assert {row["kind"] for row in facts(result, "clock_stop")} == {kind, "treated"}
    assert totals(result, part="1B")["total"] == 1 + counted


@pytest.mark.parametrize("status", ["10", "20", "99", "47"])
def test_a_stop_with_the_status_of_a_waiting_pathway_is_left_out(status):
    result = _stops(stop(rtt_status=status), stop())
    assert (result.rows_left_out, totals(result, part="1B")["total"]) == (1, 1)


@pytest.mark.parametrize(
    ("row", "part"),
    [
        ({"completed_type": "ADMITTED"}, "1A"),
        ({"completed_type": "non-admitted", "list_type": "IRTT"}, "1B"),
        ({"completed_type": "", "list_type": "IRTT"}, "1A"),
        ({"completed_type": "", "list_type": "IRTT", "rtt_status": "34"}, "1B"),
        ({"completed_type": "", "list_type": "ORTT"}, "1B"),
    ],
)
def test_the_part_is_as_the_trust_says_else_admitted_where_the_admitted_list_was_treated(row, part):
    result = _stops(stop(**row))
    assert totals(result, part=part)["total"] == 1


def test_the_wait_of_a_stop_ends_with_the_stop():
    counted = totals(_stops(stop(clock_start="2026-07-09", clock_stop="2026-11-12")), part="1B")
    assert (counted["w017"], counted["within_18"]) == (1, 1)  # day 126
    counted = totals(_stops(stop(clock_start="2026-07-08", clock_stop="2026-11-12")), part="1B")
    assert (counted["w018"], counted["over_18"]) == (1, 1)


def test_a_stop_of_an_earlier_week_is_kept_for_the_movement_and_not_counted():
    result = _stops(
        stop(clock_stop="2026-11-08"), stop(clock_stop="2026-11-09"), stop(clock_stop="2026-11-15")
    )
    assert totals(result, part="1B")["total"] == 2
    assert len(facts(result, "clock_stop")) == 3
    assert "1 row not counted: outside the week that ends on 15 Nov 2026." in str(result.problems[-1])


@pytest.mark.parametrize("day", ["", "2026-11-16", "2026-05-31", "next week"])
def test_a_stop_without_a_possible_day_is_left_out(day):
    assert _stops(stop(clock_stop=day), stop()).rows_left_out == 1


def test_a_stop_whose_start_is_not_known_counts_outside_the_bands():
    counted = totals(_stops(stop(clock_start="")), part="1B")
    assert (counted["total"], counted["unknown_clock_start"], counted["within_18"]) == (1, 1, 0)


def test_new_periods_of_the_week_are_counted_without_bands():
    rows = [
        start(),
        start(clock_start="2026-11-09"),
        start(clock_start="2026-11-08"),
        start(commissioner="7A3"),
    ]
    result = parsed(rows, "starts.csv")
    counted = totals(result, part="3")
    assert counted["total"] == 2
    assert counted["unknown_clock_start"] == counted["within_18"] == counted["w000"] == 0
    assert totals(result, part="3", basis="nonc")["total"] == 1
    assert set(result.tables) == {"pathway_counts", "organisation"}


def test_a_pathway_has_the_same_token_on_every_list():
    row = pathway(pathway_id="SAME")
    (waiting,) = facts(parsed([row]), "pathway")
    (ended,) = facts(_stops(stop(pathway_id="SAME")), "clock_stop")
    assert waiting["token"] == ended["token"]
