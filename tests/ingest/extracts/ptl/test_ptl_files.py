"""Tracking lists as trusts write them: other headings, dates, sheets and separators; and what is refused."""

import datetime
import io
import re
import zipfile

import openpyxl
import pytest

from ingest.extracts import LoadOptions
from ingest.extracts.ptl.format import read, recognises
from ingest.files.problems import Refused
from ingest.loading.load import load_path
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


@pytest.mark.parametrize("written", ["03/31/2026", "31/02/2026", "2026", "35000", "soon", "0031-03-20"])
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
    sound = [pathway() for _ in range(1_140)]
    result = parsed([*sound, *[pathway(clock_start="soon") for _ in range(60)]])
    left_out = [problem for problem in result.problems if problem.severity == "left out"]
    assert len(left_out) == 21
    assert "40 more rows" in left_out[-1].outcome


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize(
    "heading", ["Surname, forename", "Surname;forename", "Surname\r\nforename", 'Known "as"', "A,B\nC;D"]
)
def test_a_heading_may_hold_whatever_a_cell_may(heading, first):
    names = [{"local_patient_id": name} for name in ("Roe, Jane", "Doe", 'O"Neill')]
    rows = [{**name, **pathway()} if first else {**pathway(), **name} for name in names]
    data = b"A title\r\n\r\n" + as_csv(rows, headings={"local_patient_id": heading})
    result = read(content(data), OPTIONS)
    assert (result.rows_read, result.rows_left_out, totals(result)["total"]) == (3, 0, 3)


@pytest.mark.parametrize("make", [pathway, stop, start])
def test_a_list_of_which_no_row_counts_is_refused_with_the_reasons(make):
    rows = [make(clock_start="not yet known"), make(treatment_function="7777")]
    with pytest.raises(Refused, match="2 of 2 rows left out") as refusal:
        parsed(rows, "list-20261115.csv")
    whole, *reasons = refusal.value.problems
    assert whole.severity == "refusal"
    assert [(reason.row, reason.value) for reason in reasons] == [(2, "AAA AAA AAAAA"), (3, "9999")]


def test_a_list_of_other_waits_alone_is_no_fault():
    result = parsed([pathway(list_type="ONON"), pathway(admission_method="13")])
    assert (result.rows_left_out, totals(result)) == (0, None)


def test_a_message_names_the_heading_of_the_file(tmp_path):
    mapping = _mapping(tmp_path, '[columns]\nclock_start = "clock start"')
    data = as_csv([pathway(), pathway(clock_start="soon")], headings={"clock_start": "Clock  START"})
    result = read(content(data), LoadOptions(mapping=mapping, token_key=KEY))
    assert [p.field for p in result.problems if p.severity == "left out"] == ["Clock START"]


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


MAPPED_WEEK = "[list]\nweek_ending = 2026-11-15"


@pytest.mark.parametrize(
    ("column", "name", "census"),
    [
        ("2026-11-08", "open-20261108.csv", "2026-11-08"),
        ("2026-11-08", "open-20261101.csv", "2026-11-08"),
        ("", "open-20261108.csv", "2026-11-08"),
        (None, "open-20261108.csv", "2026-11-08"),
        ("", "open.csv", "2026-11-15"),
        (None, "open.csv", "2026-11-15"),
    ],
)
def test_the_mapping_tells_the_week_where_neither_column_nor_name_does(tmp_path, column, name, census):
    row = pathway(clock_start="2026-11-01", week_ending=column or "")
    rows = [{key: cell for key, cell in row.items() if key != "week_ending" or column is not None}]
    options = LoadOptions(mapping=_mapping(tmp_path, MAPPED_WEEK), token_key=KEY)
    result = read(content(as_csv(rows), name), options)
    assert result.census_date.isoformat() == census
    (one,) = facts(result, "pathway")
    assert one["days_waited"] == (result.census_date - datetime.date(2026, 11, 1)).days


def test_a_row_of_another_week_is_left_out_whatever_the_mapping_says(tmp_path):
    options = LoadOptions(mapping=_mapping(tmp_path, MAPPED_WEEK), token_key=KEY)
    rows = [*(pathway(week_ending="2026-11-08") for _ in range(20)), pathway()]
    result = read(content(as_csv(rows)), options)
    assert (result.census_date, result.rows_left_out) == (datetime.date(2026, 11, 8), 1)


@pytest.mark.parametrize("written", ["0001-01-01", "1899-12-31", "2006-12-31", "2007-01-01", "+12026-11-15"])
def test_a_week_before_there_was_a_return_is_refused(tmp_path, written):
    with pytest.raises(Refused, match="Week_Ending_Date"):
        parsed([pathway(week_ending=written)], "open.csv")
    if written[0] in "012":
        options = LoadOptions(mapping=_mapping(tmp_path, f"[list]\nweek_ending = {written}"), token_key=KEY)
        rows = [{key: cell for key, cell in pathway().items() if key != "week_ending"}]
        with pytest.raises(Refused, match="Week_Ending_Date"):
            read(content(as_csv(rows), "open.csv"), options)


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
    with pytest.raises(Refused, match="headings and no rows"):
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
        ("[list]\ndate_formats = '%Q'", "%Q"),
        ("[list]\ndate_formats = ['%d/%m/%Y', '%d/%m']", "%d/%m"),
        ("[list]\ndate_formats = '%d/%m/%Y %H:%M'", "time of day"),
        ("[list]\nprovider_name = ['a']", "list.provider_name"),
        ("[list]\nprovider_name = 'a\t'", "list.provider_name"),
        ("[list]\nprovider = 'R9('", "list.provider"),
        ("[list]\nsheet = 1", "list.sheet"),
        ("[codes]\npriority = 'x'", "codes.priority"),
        ("[codes]\npriority = ['x']", "codes.priority"),
        ("[codes.priority]\nR = 1.5", "codes.priority.R"),
        ("[files]\nopen = 1", "files.open"),
        ("[sites]\nR9A01 = 1", "sites.R9A01"),
        ("[sites]\n'R9A 0000000000001' = 'x'", "sites"),
        ("list = " + 2000 * "[", "TOML"),
    ],
)
def test_a_faulty_mapping_is_refused_by_name(tmp_path, text, words):
    with pytest.raises(Refused, match=re.escape(words)):
        read(content(as_csv([pathway()])), LoadOptions(mapping=_mapping(tmp_path, text), token_key=KEY))


@pytest.mark.parametrize("written", ["'%d.%m.%y'", "['%d.%m.%y']", "['%A %-d %B %Y', '%d.%m.%y']"])
def test_one_date_format_or_several(tmp_path, written):
    mapping = _mapping(tmp_path, f"[list]\ndate_formats = {written}")
    data = as_csv([pathway(clock_start="01.06.26")])
    (one,) = facts(read(content(data), LoadOptions(mapping=mapping, token_key=KEY)), "pathway")
    assert one["clock_start"] == "2026-06-01"


TOML_VALUES = (
    "''", "'x'", "'%d/%m/%Y'", '"a\\u0000b"', f"'{'x' * 300}'", "0", "-1", "1.5", "inf", "nan", "true",
    "2026-11-15", "0001-01-01", "2026-11-15T09:30:00Z", "09:30:00", "[]", "['x']", "[1]", "[['x']]", "{}",
    "{x = 'y'}", "{x = {y = 1}}",
)  # fmt: skip
PLACES = (
    "list", "columns", "codes", "files", "sites", "list.provider", "list.provider_name", "list.date_formats",
    "list.week_ending", "list.sheet", "list.non_english_commissioners", "columns.clock_start", "columns.site",
    "codes.priority", "codes.priority.1", "codes.provider.R9A", "codes.site.R9A01", "codes.clock_start.x",
    "files.open", "sites.R9A01", "sites.X", "sites.''", "other",
)  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_a_mapping_with_any_value_in_any_place_loads_or_is_refused(tmp_path, sqlite_engine, place):
    path = tmp_path / "open-20261115.csv"
    row = pathway()
    path.write_bytes(as_csv([{key: row[key] for key in row if key not in ("week_ending", "provider")}]))
    if place.startswith("codes.provider"):
        path.write_bytes(as_csv([row]))
    for value in TOML_VALUES:
        text = f"{place} = {value}" + ("" if "list" in place else "\nlist.provider = 'R9A'")
        options = LoadOptions(mapping=_mapping(tmp_path, text), token_key=KEY, replace=True)
        (result,) = load_path(sqlite_engine, path, options=options)
        assert result.state in ("loaded", "refused"), text


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
