"""The planted faults are there, as many as the truth file says, and identifiers are planted to be stopped."""

from collections import Counter
from datetime import date, timedelta

import pytest

from tests.sample_data import naive


@pytest.fixture(scope="module")
def lists(sample) -> dict[str, list[dict[str, str]]]:
    return {
        census: naive.rows(path)
        for census, path in zip(naive.planted(sample.files.truth), sample.files.open, strict=True)
    }


def found(rows: list[dict[str, str]], census: date) -> dict[str, int]:
    """Each fault counted from the file alone."""
    shifted = [r for r in rows if r["Week_Ending_Date"] != census.isoformat()]
    proper = [r for r in rows if r["Week_Ending_Date"] == census.isoformat()]
    not_rtt = [r for r in proper if r["Waiting_List_Type"] in ("ONON", "INON")]
    planned = [r for r in proper if r["ADMISSION_METHOD_CODE_HOSPITAL_PROVIDER_SPELL"] == "13"]
    stopped = [
        r for r in proper if r["REFERRAL_TO_TREATMENT_PERIOD_STATUS"] in ("30", "31", "32", "34", "35", "36")
    ]
    apart = {id(row) for row in (*not_rtt, *planned, *stopped)}
    rest = [r for r in proper if id(r) not in apart]
    keys = Counter((r["PATIENT_PATHWAY_IDENTIFIER"], r["Referral_Identifier"]) for r in rest)
    once = list({r["PATIENT_PATHWAY_IDENTIFIER"]: r for r in rest}.values())
    return {
        "missing_clock_start": sum(r["REFERRAL_TO_TREATMENT_PERIOD_START_DATE"] == "" for r in once),
        "duplicate": sum(count - 1 for count in keys.values()),
        "not_rtt": len(not_rtt),
        "planned": len(planned),
        "already_stopped": len(stopped),
        "shifted": len(shifted),
        "status_99": sum(r["REFERRAL_TO_TREATMENT_PERIOD_STATUS"] == "99" for r in once),
        "tci_in_past": sum("" < r["TCI_Date"] < census.isoformat() for r in once),
        "not_english": sum(naive.key(r)[0] == "NONC" for r in once),
    }


def test_every_list_holds_the_faults_that_the_truth_file_tells(sample, lists) -> None:
    told = naive.planted(sample.files.truth)
    for census, rows in lists.items():
        assert found(rows, date.fromisoformat(census)) == told[census]["planted"], census


def test_every_kind_of_fault_occurs(sample) -> None:
    total: Counter = Counter()
    for week in naive.planted(sample.files.truth).values():
        total.update(week["planted"])
    assert min(total.values()) > 0
    assert len(total) == 9


def test_the_open_rows_are_as_many_as_the_truth_file_tells(sample, lists) -> None:
    told = naive.planted(sample.files.truth)
    for (census, _), path in zip(lists.items(), sample.files.open, strict=True):
        open_then = naive.waiting(path, date.fromisoformat(census))
        assert len(open_then) == told[census]["open"]
        assert (
            sum(r["DECISION_TO_ADMIT_DATE"] != "" for r in open_then)
            == told[census]["with_decision_to_admit"]
        )


def test_the_weeks_stops_and_starts_are_as_many_as_the_truth_file_tells(sample) -> None:
    told = naive.planted(sample.files.truth)
    for (census, week), stops, starts in zip(
        told.items(), sample.files.stops, sample.files.starts, strict=True
    ):
        sunday = date.fromisoformat(census)
        rows = naive.rows(stops)
        days = {naive.day(r["REFERRAL_TO_TREATMENT_PERIOD_END_DATE"]) for r in rows}
        assert sunday - timedelta(6) <= min(days)
        assert max(days) <= sunday
        kinds = Counter(r["Completed_Type"] for r in rows)
        assert kinds == {
            "ADMITTED": week["admitted"],
            "NON-ADMITTED": week["non_admitted"],
            "": week["nullified"],
        }
        nullified = {r["REFERRAL_TO_TREATMENT_PERIOD_STATUS"] for r in rows if r["Completed_Type"] == ""}
        assert nullified <= {"33"}
        assert week["started"] == len(naive.rows(starts))


def test_no_central_column_is_in_a_trusts_file(sample) -> None:
    for path in (sample.files.open[0], sample.files.stops[0], sample.files.starts[0]):
        headings = naive.rows(path)[0].keys()
        assert not [h for h in headings if h.lower().startswith(("der", "dm", "pseudo"))]


def test_nhs_numbers_are_valid_and_of_the_unissued_range(lists) -> None:
    rows = [r for r in next(reversed(lists.values())) if r["NHS_NUMBER"].isdigit()]
    assert len(rows) > 5000
    for number in {r["NHS_NUMBER"] for r in rows}:
        check = (
            11
            - sum(int(digit) * weight for digit, weight in zip(number, range(10, 1, -1), strict=False)) % 11
        )
        assert len(number) == 10
        assert number.startswith("999")
        assert int(number[9]) == check % 11
        assert check != 10


def test_a_patient_may_hold_several_pathways(lists) -> None:
    rows = next(iter(lists.values()))
    assert 0.78 < len({r["NHS_NUMBER"] for r in rows}) / len(rows) < 0.92  # England: 0.846


def test_names_birth_dates_and_free_text_are_in_the_file_to_be_stopped(lists) -> None:
    rows = next(iter(lists.values()))
    for heading in ("PATIENT_NAME", "PERSON_BIRTH_DATE", "LOCAL_PATIENT_IDENTIFIER"):
        assert sum(r[heading] != "" for r in rows) > 0.99 * len(rows)
    told = [r for r in rows if r["Last_PAS_Validation_Comments"]]
    assert len(told) > 500
    assert sum(r["PATIENT_NAME"] in r["Last_PAS_Validation_Comments"] for r in told) > 500


def test_a_shifted_row_holds_identifiers_in_the_wrong_columns(lists) -> None:
    shifted = [r for c, rows in lists.items() for r in rows if r["Week_Ending_Date"] != c]
    assert shifted
    assert all(r["PATIENT_NAME"].isdigit() and r["PATIENT_NAME"].startswith("999") for r in shifted)
