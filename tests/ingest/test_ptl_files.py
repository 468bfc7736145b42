"""Tracking lists as trusts write them: other headings, dates, sheets and separators; and what is refused."""

import datetime
import io
import zipfile

import openpyxl
import pytest

from ingest.extracts import LoadOptions
from ingest.extracts.ptl import read, recognises
from ingest.problems import Refused
from tests.tracking_lists import (
    CENSUS,
    KEY,
    OPTIONS,
    as_csv,
    content,
    facts,
    parsed,
    pathway,
    start,
    stop,
    totals,
)

SAME = {
    "as it is": lambda data: data,
    "line feeds": lambda data: data.replace(b"\r\n", b"\n"),
    "old Mac line ends": lambda data: data.replace(b"\r\n", b"\r"),
    "byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "UTF-16": lambda data: data.decode().encode("utf-16"),
    "no last line end": lambda data: data.rstrip(b"\r\n"),
    "semicolons": lambda data: data.replace(b",", b";"),
    "tabs": lambda data: data.replace(b",", b"\t"),
    "quotes": lambda data: b"\r\n".join(
        b",".join(b'"' + cell + b'"' for cell in line.split(b",")) for line in data.splitlines()
    ),
    "blank lines": lambda data: data.replace(b"\r\n", b"\r\n\r\n"),
    "a title above": lambda data: b"Patient tracking list\r\n\r\n" + data,
    "capitals": lambda data: data.split(b"\r\n")[0].upper() + data[data.index(b"\r\n") :],
    "spaces in headings": lambda data: (
        data.split(b"\r\n")[0].replace(b"_", b" ") + data[data.index(b"\r\n") :]
    ),
    "a mark that no quote closes": lambda data: data.replace(b",REF,", b',6" wide,'),
}


@pytest.mark.parametrize("change", SAME.values(), ids=SAME)
def test_harmless_differences_give_the_same_figures(change):
    rows = [pathway(), pathway(clock_start="2025-06-01"), pathway(clock_start="")]
    plain, changed = content(as_csv(rows)), content(change(as_csv(rows)))
    assert read(changed, OPTIONS).tables["pathway_counts"] == read(plain, OPTIONS).tables["pathway_counts"]


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-31",
        "31/03/2026",
        "31-03-2026",
        "31-Mar-2026",
        "31 Mar 2026",
        "20260331",
        "31.03.2026",
        "2026-03-31 00:00:00",
        "2026-03-31T09:30:00",
        "31/03/2026 09:30",
        " 2026-03-31 ",
    ],
)
def test_dates_are_read_in_the_forms_that_trusts_write(written):
    (one,) = facts(parsed([pathway(clock_start=written)]), "pathway")
    assert one["clock_start"] == "2026-03-31"


@pytest.mark.parametrize("written", ["03/31/2026", "31/02/2026", "2026", "45000", "n/a", "0031-03-20"])
def test_what_is_no_date_leaves_the_row_out(written):
    result = parsed([pathway(), pathway(clock_start=written)])
    assert result.rows_left_out == 1
    assert totals(result)["total"] == 1


def test_a_row_left_out_is_named_by_row_field_and_shape():
    result = parsed([pathway(), pathway(clock_start="943 476 5919")])
    (problem,) = [problem for problem in result.problems if problem.severity == "left out"]
    assert (problem.row, problem.field) == (3, "REFERRAL_TO_TREATMENT_PERIOD_START_DATE")
    assert problem.value == "999 999 9999"


@pytest.mark.parametrize("damage", [lambda line: line + b",x", lambda line: line.rsplit(b",", 1)[0]])
def test_a_row_with_too_many_or_too_few_cells_is_left_out(damage):
    lines = as_csv([pathway(), pathway(), pathway()]).split(b"\r\n")
    lines[2] = damage(lines[2])
    result = read(content(b"\r\n".join(lines)), OPTIONS)
    assert totals(result)["total"] == 2
    assert [problem.row for problem in result.problems if problem.severity == "left out"] == [3]


def test_many_rows_with_one_fault_are_summed_up():
    result = parsed([pathway(), *[pathway(clock_start="x") for _ in range(60)]])
    left_out = [problem for problem in result.problems if problem.severity == "left out"]
    assert len(left_out) == 21
    assert "40 more rows" in left_out[-1].outcome


# Which list a file is


@pytest.mark.parametrize(
    ("rows", "name", "section"),
    [
        ([pathway()], "list.csv", "open"),
        ([pathway()], "R9A PTL.csv", "open"),
        ([pathway(clock_stop="")], "incomplete pathways.csv", "open"),
        ([stop()], "list.csv", "stops"),
        ([{k: v for k, v in stop().items() if k != "completed_type"}], "list.csv", "stops"),
        ([{k: v for k, v in stop().items() if k != "completed_type"}], "completed.csv", "stops"),
        ([start()], "list.csv", "starts"),
        ([pathway(clock_start="2026-11-11")], "clock starts.csv", "starts"),
    ],
)
def test_the_section_is_told_by_columns_and_name(rows, name, section):
    assert parsed(rows, name).section == section


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        ([stop()], "open pathways.csv"),
        ([pathway(), pathway(clock_stop="2026-11-12")], "list.csv"),
        ([pathway()], "starts and stops.csv"),
    ],
)
def test_a_file_that_could_be_two_things_is_refused_with_the_way_to_say_it(rows, name):
    with pytest.raises(Refused, match=r"\[files\]"):
        parsed(rows, name)


def test_the_mapping_settles_the_section(tmp_path):
    mapping = _mapping(tmp_path, '[files]\nstops = "*weekly*"')
    result = read(content(as_csv([stop()]), "open weekly.csv"), LoadOptions(mapping=mapping, token_key=KEY))
    assert result.section == "stops"


@pytest.mark.parametrize("written", ["2026-11-15", "2026-11-16", "15/11/2026"])
def test_the_census_is_the_sunday_and_a_monday_goes_back(written):
    assert parsed([pathway(week_ending=written)]).census_date == CENSUS


def test_without_the_column_the_name_tells_the_week():
    rows = [{k: v for k, v in pathway().items() if k != "week_ending"}]
    assert parsed(rows, "open 2026-11-15.csv").census_date == CENSUS
    with pytest.raises(Refused, match="Week_Ending_Date"):
        parsed(rows, "open.csv")


@pytest.mark.parametrize("weeks", [["2026-11-18"], ["2026-11-15", "2026-11-08"]])
def test_another_weekday_or_two_weeks_are_refused(weeks):
    with pytest.raises(Refused, match="Week_Ending_Date"):
        parsed([pathway(week_ending=week) for week in weeks])


def test_a_trust_is_its_first_three_characters():
    result = parsed([pathway(provider="R9A"), pathway(provider="R9A00"), pathway(provider="r9a01")])
    assert result.provider_code == "R9A"
    assert totals(result)["total"] == 3


def test_two_trusts_in_one_list_are_refused_by_name():
    with pytest.raises(Refused, match="R9A") as refusal:
        parsed([pathway(provider="R9A"), pathway(provider="R9B01")])
    assert "R9B" in str(refusal.value)


def test_a_predecessor_is_named_in_the_mapping(tmp_path):
    mapping = _mapping(tmp_path, '[codes.provider]\nRBZ = "RH8"')
    rows = [pathway(provider="RBZ"), pathway(provider="RH8")]
    assert read(content(as_csv(rows)), LoadOptions(mapping=mapping, token_key=KEY)).provider_code == "RH8"


def test_a_heading_alone_and_headings_of_something_else_are_refused_without_repeating_them():
    with pytest.raises(Refused, match="heading alone"):
        read(content(as_csv([pathway()]).split(b"\r\n")[0] + b"\r\n"), OPTIONS)
    with pytest.raises(Refused) as refusal:
        read(content(b"SMITH,9434765919\r\nJONES,9434765870\r\n"), OPTIONS)
    assert "SMITH" not in str(refusal.value)


# A trust's own headings


MAPPING = """
[list]
provider = "R9A"
provider_name = "Sample Hospitals"
week_ending = 2026-11-15
date_formats = ["%d.%m.%y"]
sheet = "PTL"

[columns]
clock_start = "Clock start"
treatment_function = ["Spec", "TFC"]
priority = "Urgency"
pathway_id = "Hospital pathway"
list_type = "List"
deprivation = "IMD decile"

[codes.priority]
R = "1"
U = "2"

[codes.list_type]
Inpatient = "IRTT"
Outpatient = "ORTT"

[sites]
R9A01 = "Northern General"
"""
OWN_ROWS = [
    ["Clock start", "Spec", "Urgency", "Hospital pathway", "List", "IMD decile", "Consultant"],
    ["01.06.26", "110", "u", "AB1", "Inpatient", "10", "Dr Who"],
    ["15.11.26", "191", "R", "AB2", "outpatient", "0", "Dr No"],
]


def test_a_mapping_explains_headings_dates_and_codes(tmp_path):
    mapping = _mapping(tmp_path, MAPPING)
    data = "\r\n".join(",".join(row) for row in OWN_ROWS).encode()
    assert not recognises(content(data))
    result = read(content(data, "ptl.csv"), LoadOptions(mapping=mapping, token_key=KEY))
    _is_the_mapped_list(result)


def test_a_workbook_gives_the_same_as_a_csv(tmp_path):
    mapping = _mapping(tmp_path, MAPPING)
    rows = [row[:] for row in OWN_ROWS]
    rows[1][0], rows[2][0] = datetime.date(2026, 6, 1), datetime.datetime.fromisoformat("2026-11-15T08:30")
    rows[1][1], rows[1][5] = 110, 10.0
    result = read(content(_workbook(rows), "ptl.xlsx"), LoadOptions(mapping=mapping, token_key=KEY))
    _is_the_mapped_list(result)


def _is_the_mapped_list(result):
    rows = {row["treatment_function"]: row for row in facts(result, "pathway")}
    assert rows["C_110"]["priority"] == "2"
    assert rows["C_110"]["stage"] == "admitted"
    assert rows["C_110"]["clock_start"] == "2026-06-01"
    assert rows["C_110"]["deprivation"] == "10"
    assert rows["X02"]["days_waited"] == 0
    assert rows["X02"]["deprivation"] == ""
    names = {row["code"]: row["name"] for row in facts(result, "organisation")}
    assert names["R9A"] == "Sample Hospitals"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[columns]\nclockstart = 'x'", "columns.clockstart"),
        ("[coloumns]", "coloumns"),
        ("[list]\nweek_ending = 'Sunday'", "week_ending"),
        ("columns = 1", "columns"),
        ("[columns", "TOML"),
        ("[list]\ndate_formats = 3", "date_formats"),
    ],
)
def test_a_faulty_mapping_is_refused_by_name(tmp_path, text, words):
    with pytest.raises(Refused, match=words):
        read(content(as_csv([pathway()])), LoadOptions(mapping=_mapping(tmp_path, text), token_key=KEY))


# Workbooks


def test_a_workbook_of_the_data_set_is_recognised_and_read():
    lines = as_csv([pathway(), pathway()]).decode().splitlines()
    data = _workbook([line.split(",") for line in lines])
    assert recognises(content(data, "list.xlsx"))
    assert totals(read(content(data, "list.xlsx"), OPTIONS))["total"] == 2


def test_no_external_entity_of_a_workbook_is_followed(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("TOPSECRET")
    doctype = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>'
    lines = as_csv([pathway(pathway_id="MARK")]).decode().splitlines()
    data = _rewritten(_workbook([line.split(",") for line in lines]), doctype)
    assert "TOPSECRET" not in _told(data)


def _told(data):
    """All that a reader of the file gives away: its facts, or the reason for which it was refused."""
    try:
        return repr(read(content(data, "open.xlsx"), OPTIONS))
    except Refused as refusal:
        return str(refusal)


def test_a_damaged_workbook_is_refused():
    data = _workbook([["a", "b"], ["c", "d"]])
    with pytest.raises(Refused):
        read(content(_rewritten(data, None), "open.xlsx"), OPTIONS)


def _workbook(rows):
    book = openpyxl.Workbook()
    book.active.title = "PTL"
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _rewritten(data, doctype):
    """The workbook with an entity in its sheet and its texts, or with its sheet cut off."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if name.endswith(("sheet1.xml", "sharedStrings.xml")):
                body = text[text.index("?>") + 2 :] if text.startswith("<?") else text
                text = text[: len(text) // 2] if doctype is None else doctype + body.replace("MARK", "&e;")
            new.writestr(name, text)
    return stream.getvalue()


def _mapping(folder, text):
    path = folder / "mapping.toml"
    path.write_text(text)
    return path
