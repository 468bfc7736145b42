"""The open list of a weekly tracking list: who is on it, and under what."""

from datetime import date

import pytest

from ingest.extracts.ptl.fields import STATUSES
from ingest.extracts.ptl.format import read
from ingest.files.problems import Refused
from ingest.store.schema import pathway as pathway_table
from rtt.terms.waits import BAND_COLUMNS, days_waited, week_band
from tests.spec import open_list
from tests.tracking_lists import CENSUS, OPTIONS, as_csv, content, facts, parsed, pathway, totals


@pytest.mark.parametrize(
    ("said", "row", "outcome"), open_list.CASES, ids=[case[0] for case in open_list.CASES]
)
def test_the_open_list_follows_the_rules(said, row, outcome):
    ordinary = [pathway() for _ in range(3)]
    result = parsed([*ordinary, pathway(**row)])
    counted = totals(result)
    assert counted["total"] - 3 == (outcome in ("open", "no band"))
    assert counted["unknown_clock_start"] == (outcome == "no band")
    assert result.rows_left_out == (outcome == "left out")
    assert len(facts(result, "pathway")) == counted["total"]


def test_every_status_is_in_the_table_of_rules():
    assert {row["rtt_status"] for _, row, _ in open_list.CASES if row.get("rtt_status")} >= set(STATUSES)


@pytest.mark.parametrize("days", [0, 7, 8, 126, 127, 364, 365, 728, 729, 1200])
def test_bands_are_those_of_the_rules(days):
    start = date.fromordinal(CENSUS.toordinal() - days)
    counted = totals(parsed([pathway(clock_start=start.isoformat())]))
    assert counted[BAND_COLUMNS[week_band(days_waited(start, CENSUS))]] == 1
    assert counted["within_18"] == (days <= 126)
    assert counted["over_52"] == (days >= 365)


def test_part_2a_is_the_pathways_with_a_decision_to_admit():
    result = parsed([pathway(), pathway(decision_to_admit="2026-07-01", list_type="IRTT")])
    assert totals(result)["total"] == 2
    assert totals(result, part="2A")["total"] == 1
    assert totals(result, stage="admitted")["total"] == 1


@pytest.mark.parametrize(
    ("row", "stage"),
    [
        ({"list_type": "IRTT"}, "admitted"),
        ({"list_type": "RTTI"}, "admitted"),
        ({"list_type": "ORTT", "decision_to_admit": "2026-07-01"}, "non-admitted"),
        ({"list_type": "", "decision_to_admit": "2026-07-01"}, "admitted"),
        ({"list_type": ""}, "non-admitted"),
    ],
)
def test_the_stage_is_that_of_the_list_else_a_decision_to_admit(row, stage):
    (one,) = facts(parsed([pathway(**row)]), "pathway")
    assert one["stage"] == stage


@pytest.mark.parametrize("code", ["7A3", "SA999", "ZC010", "NONC", "nonc"])
def test_non_english_commissioners_are_kept_apart_and_said(code):
    result = parsed([pathway(), pathway(commissioner=code)])
    assert totals(result)["total"] == 1
    assert totals(result, basis="nonc")["total"] == 1
    assert any("NONC" in str(problem) for problem in result.problems)


@pytest.mark.parametrize("code", ["00L", "14E", "85J", "D2P2L", "Y56", "13Q", ""])
def test_english_commissioners_and_unknown_ones_are_in_the_headline(code):
    assert totals(parsed([pathway(commissioner=code)]))["total"] == 1


def test_a_condition_on_a_missing_column_is_skipped_and_named():
    lean = [{k: v for k, v in pathway().items() if k not in ("measurement_type", "admission_method")}]
    (note,) = [str(problem) for problem in parsed(lean).problems]
    assert "WAITING_TIME_MEASUREMENT_TYPE" in note
    assert "ADMISSION_METHOD_CODE_HOSPITAL_PROVIDER_SPELL" in note
    assert note.endswith("the rules that use them were not applied.")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (
            {"commissioner": "NONC"},
            "1 row of non-English commissioners (NONC): loaded, and not in the headline",
        ),
        (
            {"pathway_id": "TWICE"},
            "1 row excluded: a later row repeats its issuer, pathway identifier, referral",
        ),
    ],
)
def test_a_note_of_one_row_speaks_of_one(more, said):
    result = parsed([pathway(pathway_id="TWICE"), pathway(**more)])
    assert any(said in str(problem) for problem in result.problems)


def test_a_note_of_one_column_speaks_of_one():
    lean = [{k: v for k, v in pathway().items() if k != "measurement_type"}]
    (note,) = [str(problem) for problem in parsed(lean).problems]
    assert note.endswith("WAITING_TIME_MEASUREMENT_TYPE: the rule that uses it was not applied.")


def test_a_week_that_ends_on_another_day_says_which():
    with pytest.raises(Refused) as refusal:
        parsed([pathway(week_ending="2026-11-14")])
    (problem,) = refusal.value.problems
    assert "14 Nov 2026 is a Saturday; a PTL is of a Sunday" in str(problem)


def test_a_week_of_another_age_is_refused():
    with pytest.raises(Refused):
        parsed([pathway(week_ending="0026-11-15")])


def test_one_row_is_kept_of_each_issuer_pathway_referral_and_start():
    one = pathway(pathway_id="P1")
    others = [
        {**one, "issuer": "X09"},
        {**one, "referral_id": "OTHER"},
        {**one, "clock_start": "2026-07-01"},
    ]
    result = parsed([one, one, one, *others])
    assert totals(result)["total"] == 4
    assert result.rows_left_out == 2
    (check,) = [row for row in facts(result, "quality") if row["check_key"] == "duplicate"]
    assert (check["failed"], check["counted"]) == (2, 0)


def test_of_repeated_rows_the_last_holds():
    one = pathway(pathway_id="P1", priority="1")
    (kept,) = facts(parsed([one, {**one, "priority": "2"}]), "pathway")
    assert kept["priority"] == "2"


def test_pathways_that_nothing_identifies_are_all_counted():
    nameless = pathway(pathway_id="", referral_id="")
    result = parsed([nameless, nameless])
    assert totals(result)["total"] == 2
    (check,) = [
        row
        for row in facts(result, "quality")
        if row["check_key"] == "no_identity" and row["treatment_function"] == "C_999"
    ]
    assert check["failed"] == 2


DECIDED = {"decision_to_admit": "2026-07-01"}


@pytest.mark.parametrize(
    ("row", "state", "booked_in"),
    [
        ({}, "none", -1),
        ({**DECIDED, "tci_date": "2026-11-15", "clock_start": "2026-07-12"}, "tci in time", 0),
        ({**DECIDED, "tci_date": "2026-11-16", "clock_start": "2026-07-12"}, "tci late", 1),
        ({**DECIDED, "tci_date": "2026-11-14"}, "tci past", -2),
        ({**DECIDED, "tci_date": "2026-11-20", "clock_start": ""}, "tci", 5),
        ({**DECIDED, "next_appointment": "2026-12-01"}, "none", -1),
        ({**DECIDED, "tci_date": "2026-11-14", "next_appointment": "2026-12-01"}, "tci past", -2),
        ({"next_appointment": "2026-11-15"}, "appointment", 0),
        ({"next_appointment": "2026-11-14"}, "none", -1),
        # Without a decision to admit an admission date is no booking, whenever it is.
        ({"tci_date": "2026-11-20"}, "none", -1),
        ({"tci_date": "2026-11-20", "clock_start": ""}, "none", -1),
        ({"tci_date": "2026-11-14"}, "none", -1),
        ({"next_appointment": "2026-12-01", "tci_date": "2026-11-20"}, "appointment", 16),
        ({"next_appointment": "2026-12-01", "tci_date": "2026-11-01"}, "appointment", 16),
    ],
)
def test_how_a_pathway_is_booked(row, state, booked_in):
    (one,) = facts(parsed([pathway(**row)]), "pathway")
    assert (one["booking_state"], one["booked_in"]) == (state, booked_in)


def test_an_admission_date_without_a_decision_to_admit_is_flagged():
    rows = [
        pathway(pathway_id="1", tci_date="2026-11-20", decision_to_admit=""),
        pathway(pathway_id="2", tci_date="2026-11-20", **DECIDED),
        pathway(pathway_id="3", tci_date="", decision_to_admit=""),
    ]
    result = parsed(rows)
    for one in facts(result, "pathway"):
        odd = one["tci_date"] is not None and one["decision_to_admit"] is None
        assert ("tci_without_dta" in one["flags"].split()) is odd
    counted = [row for row in facts(result, "quality") if row["check_key"] == "tci_without_dta"]
    assert {(row["failed"], row["checked"]) for row in counted} == {(1, 2)}


@pytest.mark.parametrize(
    ("born", "band"),
    [
        ("2008-11-16", "0-17"),
        ("2008-11-15", "18-34"),
        ("1941-11-16", "75-84"),
        ("1941-11-15", "85+"),
        ("", ""),
        ("2027-01-01", ""),
        ("1815-01-01", ""),
    ],
)
def test_the_age_band_is_that_at_the_census(born, band):
    (one,) = facts(parsed([pathway(birth_date=born)]), "pathway")
    assert one["age_band"] == band


def test_checks_count_what_fails_and_what_was_asked():
    rows = [
        pathway(tci_date="2026-11-01", rtt_status="99", clock_start="2026-11-01"),
        pathway(list_type="IRTT", last_validated="2026-11-01", priority="9"),
        pathway(clock_start="", decision_to_admit="2026-07-01"),
        pathway(clock_start="2026-12-01"),
    ]
    checked = {
        row["check_key"]: (row["failed"], row["checked"], row["failed_within_18"], row["counted"])
        for row in facts(parsed(rows), "quality")
        if row["treatment_function"] == "C_999"
    }
    assert checked["tci_in_past"] == (1, 1, 1, 1)
    assert checked["status_99"] == (1, 3, 1, 1)
    assert checked["no_clock_start"] == (1, 3, 0, 1)
    assert checked["admitted_without_dta"] == (1, 1, 0, 1)
    assert checked["dta_not_admitted"] == (1, 1, 0, 1)
    assert checked["unknown_priority"] == (1, 3, 0, 1)
    assert checked["unvalidated"] == (0, 1, 0, 1)
    assert checked["start_in_future"] == (1, 4, None, 0)


@pytest.mark.parametrize(
    ("row", "flags"),
    [
        ({"decision_to_admit": "2026-07-01"}, {"unvalidated", "dta_not_admitted"}),
        ({"list_type": "IRTT"}, {"unvalidated", "admitted_without_dta", "tci_without_dta"}),
        (
            {"list_type": "IRTT", "clock_start": ""},
            {"no_clock_start", "admitted_without_dta", "tci_without_dta"},
        ),
    ],
)
def test_flags_together_fit_their_column(row, flags):
    worst = {"tci_date": "2026-11-01", "rtt_status": "99", "priority": "9", "last_validated": "", **row}
    others = [pathway(decision_to_admit="2026-07-01"), pathway(decision_to_admit="")]
    found = facts(parsed([pathway(**worst), *others]), "pathway")
    (one,) = (one for one in found if one["tci_date"])
    assert set(one["flags"].split()) == {"tci_in_past", "status_99", "unknown_priority", *flags}
    assert len(one["flags"]) <= pathway_table.c.flags.type.length


def test_a_site_is_the_trusts_own_or_named_by_the_mapping_and_nothing_else():
    rows = [pathway(site="R9A02"), pathway(site="H1234567"), pathway(site="")]
    sites = sorted(one["site_code"] for one in facts(parsed(rows), "pathway"))
    assert sites == ["R9A02", "unknown", "unknown"]


def test_without_a_key_no_list_is_read():
    with pytest.raises(Refused, match="token key"):
        read(content(as_csv([pathway()])), type(OPTIONS)())
