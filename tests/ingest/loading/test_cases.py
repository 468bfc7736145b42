"""Files that people who do this job met, each with what it must give: `cases` holds small invented copies.

The lists say the same twenty or thirty pathways in different ways. What they must give is counted here by
plain reading of the control's cells.
"""

import csv
from datetime import date
from pathlib import Path

import pytest

from ingest.extracts import LoadOptions, Parsed
from ingest.extracts.ptl.format import read
from ingest.files.archives import unpack
from ingest.files.problems import Refused
from ingest.loading.folders import listed
from ingest.loading.load import check_path, load_path
from tests.tracking_lists import KEY, facts, totals

CASES = Path(__file__).parent / "cases"
CENSUS = date(2026, 11, 15)
TODAY = date(2026, 11, 28)
PTL, TRUST = "ptl-00-control-open-20261115.csv", "t-20-control PTL 20261115.csv"
HEADING_OF_END = "REFERRAL_TO_TREATMENT_PERIOD_END_DATE"
THURSDAY = '[list]\nweekday = "Thursday"\n'


def case(name: str) -> Path:
    (path,) = CASES.glob(f"{name}*")
    return path


def said(name: str, mapping: Path | None = None, data: bytes | None = None) -> Parsed:
    path = case(name)
    options = LoadOptions(token_key=KEY, mapping=mapping, today=TODAY)
    return read(unpack(path.name, data or path.read_bytes()), options)


def counts(parsed: Parsed) -> tuple[int, int, int]:
    """Pathways, within 18 weeks, with a decision to admit."""
    whole = totals(parsed)
    decided = totals(parsed, part="2A") or {"total": 0}
    return whole["total"], whole["within_18"], decided["total"]


def counted(name: str, start: str, decided: str, order: str) -> tuple[int, int, int]:
    """The same, by plain reading of a csv whose rows all wait."""
    with (CASES / name).open(newline="") as stream:
        rows = list(csv.DictReader(stream))

    def day(text: str) -> date:
        parts = [int(part) for part in text.replace("/", "-").split("-")]
        return date(*(parts if order == "ymd" else parts[::-1]))

    waits = [(CENSUS - day(row[start])).days for row in rows]
    return len(rows), sum(wait <= 126 for wait in waits), sum(row[decided] != "" for row in rows)


WLMDS = counted(PTL, "REFERRAL_TO_TREATMENT_PERIOD_START_DATE", "DECISION_TO_ADMIT_DATE", "ymd")
OWN = counted(TRUST, "RTT Clock Start", "DTA", "dmy")


def notes(parsed: Parsed) -> list[str]:
    return [str(problem) for problem in parsed.problems if problem.severity == "note"]


def test_the_controls_hold_twenty_waiting_pathways_each():
    assert counts(said("ptl-00-control")) == WLMDS
    assert counts(said("t-20-control", CASES / "trust.toml")) == OWN
    assert (WLMDS[0], OWN[0]) == (20, 20)
    assert 0 < WLMDS[1] < 20


@pytest.mark.parametrize("name", ["ptl-07", "ptl-11", "ptl-13"])
def test_what_came_out_right_stays_so(name):
    assert counts(said(name)) == WLMDS


@pytest.mark.parametrize("name", ["t-24-two-row-headings", "t-27-utf16", "t-28-sep-line", "x-6-libreoffice"])
def test_a_list_in_another_dress_stays_the_list(name):
    assert abs(counts(said(name, CASES / "trust.toml"))[0] - OWN[0]) <= 1


def test_a_few_rows_of_a_short_list_may_be_of_no_known_type():
    parsed = said("ptl-06")
    assert (parsed.rows_read, parsed.rows_left_out, totals(parsed)["total"]) == (20, 5, 15)


@pytest.mark.parametrize("name", ["i-1", "i-2", "ptl-08", "t-25", "t-26"])
def test_what_was_refused_stays_refused(name):
    with pytest.raises(Refused):
        said(name, CASES / "trust.toml" if name.startswith("t-") else None)


def test_a_welsh_list_by_its_mapping():
    assert totals(said("w-1", CASES / "w-wpas.toml"))["total"] == 200


@pytest.mark.parametrize("name", ["ptl-01", "ptl-12"])
def test_the_end_of_time_as_an_end_date_empties_no_list(name):
    """Fault 28: 9999-12-31 as an end date emptied the list; it is no date, and a note counts it."""
    parsed = said(name)
    assert counts(parsed) == WLMDS
    (end,) = [text for text in notes(parsed) if "PERIOD_END_DATE" in text]
    with case(name).open(newline="") as stream:
        blank = [row[HEADING_OF_END] for row in csv.DictReader(stream)].count("9999-12-31")
    assert f"{blank} cells hold" in end
    assert end.endswith("read as blank.")


def test_a_months_first_list_is_refused_with_the_format_that_fits():
    """Fault 26: of 1,000 month-first rows 368 were loaded as the whole list."""
    with pytest.raises(Refused) as refusal:
        said("t-21", CASES / "trust.toml")
    text = str(refusal.value)
    assert 'Every cell fits month/day/year: set date_formats = ["%m/%d/%Y"]' in text
    assert "RTT Clock Start: 12 of 20 dates" in text


def test_with_that_format_it_is_the_list(tmp_path):
    """Fault 26: and what the refusal says to do gives the whole list."""
    mapping = tmp_path / "us.toml"
    text = (CASES / "trust.toml").read_text()
    mapping.write_text(text.replace("[list]", '[list]\ndate_formats = ["%m/%d/%Y"]', 1))
    assert counts(said("t-21", mapping)) == OWN


def test_a_total_under_a_list_is_no_pathway():
    """Fault 29: "Total: 1000" became a pathway."""
    parsed = said("t-22", CASES / "trust.toml")
    assert counts(parsed) == OWN
    assert any("1 row left out (row 22): it is a total" in text for text in notes(parsed))


def test_oracle_dates_are_read():
    """Fault 35: 15-Nov-26 was refused, though it is how Oracle writes a date."""
    assert counts(said("ptl-09")) == WLMDS


def test_excel_numbers_of_days_are_read_and_noted():
    """Fault 35: a csv in which Excel left its numbers for days was refused."""
    parsed = said("ptl-10")
    assert counts(parsed) == WLMDS
    assert parsed.census_date == CENSUS
    starts = [text for text in notes(parsed) if "PERIOD_START_DATE" in text]
    assert "20 cells hold Excel's number of a day" in starts[0]


def test_a_list_on_the_second_sheet_is_read_and_the_sheet_named():
    """Fault 35: a list behind a front sheet was refused without naming `sheet =`."""
    parsed = said("x-4", CASES / "trust.toml")
    assert counts(parsed) == counts(said("x-1", CASES / "trust.toml"))
    assert any('set sheet = "PTL"' in text for text in notes(parsed))
    named = said("x-4", CASES / "trust-sheet.toml")
    assert counts(named) == counts(parsed)
    assert not any("Read from the sheet" in text for text in notes(named))


def test_a_list_that_libreoffice_wrote_is_read():
    """Fault 35: `.ods` was refused."""
    assert counts(said("x-5", CASES / "trust.toml")) == counts(said("x-1", CASES / "trust.toml"))


def test_a_list_of_another_weekday_is_refused_with_the_setting_and_read_with_it(tmp_path):
    """Fault 35: there was no setting for a list that is made on Thursdays."""
    with pytest.raises(Refused, match=r'is a Thursday.*set weekday = "Thursday"'):
        said("ptl-05")
    mapping = tmp_path / "thursday.toml"
    mapping.write_text(THURSDAY)
    parsed = said("ptl-05", mapping)
    assert (parsed.census_date, totals(parsed)["total"]) == (date(2026, 11, 12), 20)
    friday = case("ptl-05").read_bytes().replace(b"2026-11-12,", b"2026-11-13,")
    assert said("ptl-05", mapping, friday).census_date == date(2026, 11, 12)


@pytest.mark.parametrize("ending", ["txt", "TXT", "dat", "CSV", "tsv", ""])
def test_a_folder_takes_a_list_whatever_its_ending(sqlite_engine, tmp_path, ending):
    """Fault 34: a `.txt` list beside a csv was skipped in silence."""
    name = f"WLMDS_20261115_OpenPathways.{ending}".rstrip(".")
    folder = tmp_path / "lists"
    folder.mkdir()
    (folder / name).write_bytes((CASES / PTL).read_bytes())
    (folder / "readme.md").write_text("How to send the list")
    (folder / "notes").mkdir()
    (folder / "~$list.xlsx").write_bytes(b"x")
    found = listed(folder)
    assert [path.name for path in found.taken] == [name]
    assert {path.name: why for path, why in found.left} == {
        "readme.md": "none of its headings is known",
        "notes": "a folder; name it to load what is in it",
        "~$list.xlsx": "a file that a program keeps while another is open",
    }
    (result,) = load_path(sqlite_engine, folder, options=LoadOptions(token_key=KEY, today=TODAY))
    assert (result.state, result.rows_read) == ("loaded", 20)


def test_a_folder_knows_the_headings_of_a_mapping(tmp_path):
    """Fault 34: also where only the mapping knows the headings."""
    (tmp_path / "PTL 20261115.txt").write_bytes((CASES / TRUST).read_bytes())
    assert not listed(tmp_path).taken
    assert listed(tmp_path, mapping=CASES / "trust.toml").taken


def test_checking_says_of_every_case_what_loading_says(sqlite_engine, tmp_path):
    for path in sorted(CASES.iterdir()):
        if path.suffix == ".toml":
            continue
        mapping = CASES / ("w-wpas.toml" if path.name.startswith("w-") else "trust.toml")
        options = LoadOptions(
            token_key=KEY,
            today=TODAY,
            mapping=None if path.name[:2] in ("pt", "i-") else mapping,
            replace=True,
        )
        (checked,) = check_path(sqlite_engine, path, options=options)
        (loaded,) = load_path(sqlite_engine, path, options=options)
        assert (checked.state == "refused") == (loaded.state == "refused"), path.name
        assert list(map(str, checked.problems)) == list(map(str, loaded.problems)), path.name
        assert (checked.rows_read, checked.rows_left_out) == (loaded.rows_read, loaded.rows_left_out)


def test_every_pathway_of_the_control_keeps_its_dates_in_every_dress():
    """Faults 28 and 35: the same clock starts and dates, whichever way they were written."""

    def starts(name: str) -> list[object]:
        return sorted(row["clock_start"] for row in facts(said(name), "pathway"))

    assert starts("ptl-00") == starts("ptl-01") == starts("ptl-09") == starts("ptl-10") == starts("ptl-12")
