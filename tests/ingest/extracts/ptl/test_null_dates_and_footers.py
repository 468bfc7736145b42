"""Dates that stand for none, rows that are no pathway, and columns that were misread, as kinds.

A list of random pathways is written in another dress, or with lines of a report between them: its figures
must stay those of the list without.
"""

import csv
import io
import random
from datetime import date, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.extracts import LoadOptions, Parsed
from ingest.extracts.ptl.format import read
from ingest.files.archives import unpack
from ingest.files.problems import Refused
from rtt.terms.treatment_functions import ROWS
from tests.tracking_lists import CENSUS, KEY, OPTIONS, as_csv, content, facts, pathway, start, stop, totals

CODES = ["100", "110", "120", "130", "301", "320", "430", "502"]
NONE = [
    "9999-12-31", "9999-12-31 00:00:00", "9999-12-31T23:59:59.9999999", "31/12/9999", "31/12/9999 23:59",
    "31-DEC-9999", "31-Dec-99", "31/12/99", "1900-01-01", "1900-01-01 00:00", "01/01/1900", "01-JAN-1900",
    "1899-12-30", "30/12/1899", "1899-12-31", "0001-01-01", "01/01/0001 00:00:00", "31/12/2999", "2999-12-31",
    "2099-12-31", "31/12/2099", "2100-01-01", "01/01/1753", "1753-01-01 00:00:00.000", "1601-01-01",
    "1840-12-31", "1858-11-17", "1970-01-01", "1970-01-01T00:00:00Z", "01/01/1970", "1904-01-01",
    "3000-12-31", "4712-12-31", "2079-06-06", "9999-01-01", "8888-08-08", "99991231", "19000101", "00000000",
    "0000-00-00", "00/00/0000", "0000-00-00 00:00:00", "NULL", "null", "(null)", "\\N", "NaT", "NaN",
    "None", "#N/A", "-",
    "--", "/  /", "0", "2958465",
    "N/A", "n/a", "TBC", "tbc ", "TBA", "unknown", "Not known", "not applicable", "none", "nil", "?", "x",
    "99/99/9999", "99-99-9999", "99999999", "9999", "12/31/9999", "12/31/9999 23:59", "12/30/1899",
    "12/31/1899", "00/01/1900", "1/0/1900", "01/00/1900", "9999-12-31Z", "9999-12-31+00:00",
    "9999-12-31T23:59:59+01:00", "9999-12-31 23:59:59 UTC", "9999-12-31T00:00:00.000Z", "99991231235959",
    "########", "##########",
]  # fmt: skip


def some(count: int, seed: int = 1) -> list[dict[str, str]]:
    chance = random.Random(seed)
    return [
        pathway(
            clock_start=(CENSUS - timedelta(chance.randrange(500))).isoformat(),
            treatment_function=chance.choice(CODES),
            decision_to_admit=(CENSUS - timedelta(9)).isoformat() if chance.random() < 0.3 else "",
        )
        for _ in range(count)
    ]


def counts(parsed: Parsed) -> dict[tuple[object, ...], object]:
    rows = facts(parsed, "pathway_counts")
    return {(row["part"], row["treatment_function"], row["stage"]): row["total"] for row in rows}


@pytest.mark.parametrize("field", ["clock_stop", "decision_to_admit", "tci_date", "next_appointment"])
def test_what_systems_write_for_no_date_is_none(field):
    """Fault 28: a list whose end dates are 9999-12-31 was refused, or shown as empty."""
    plain = some(len(NONE))
    plain = [{**row, "decision_to_admit": ""} for row in plain]
    dressed = [{**row, field: written} for row, written in zip(plain, NONE, strict=True)]
    parsed = read(content(as_csv(dressed)), OPTIONS)
    assert totals(parsed) == totals(read(content(as_csv(plain)), OPTIONS))
    (note,) = [each for each in parsed.problems if each.severity == "note"]
    assert note.sentence.startswith(f"{len(NONE)} cells hold a date or word that stands for none")
    checks = {row["check_key"]: row["failed"] for row in facts(parsed, "quality")}
    assert checks["implausible_date"] == 0


def test_a_clock_start_that_stands_for_none_is_not_known():
    """Fault 28: the pathway stays on the list, without a wait."""
    parsed = read(content(as_csv([pathway(), pathway(clock_start="1900-01-01")])), OPTIONS)
    whole = totals(parsed)
    assert (whole["total"], whole["unknown_clock_start"]) == (2, 1)


def test_what_is_written_for_no_clock_start_reads_as_a_blank_cell():
    """Whatever people and systems write there, the pathway stays on the list with an unknown clock start."""
    control = [pathway() for _ in range(30)]
    dressed = [*control, *(pathway(clock_start=written) for written in NONE)]
    plain = [*control, *(pathway(clock_start="") for _ in NONE)]
    blank, parsed = (read(content(as_csv(rows)), OPTIONS) for rows in (plain, dressed))
    assert (parsed.rows_read, parsed.rows_left_out) == (len(NONE) + 30, 0)
    assert counts(parsed) == counts(blank)
    assert totals(parsed)["unknown_clock_start"] == len(NONE)
    assert any(f"{len(NONE)} cells hold a date or word" in each.sentence for each in parsed.problems)


@pytest.mark.parametrize(
    ("written", "age"), [("1960-01-01", "65-74"), ("1970-01-01", "50-64"), ("1980-01-01", "35-49")]
)
def test_people_are_born_on_the_first_day_of_a_system(written, age):
    parsed = read(content(as_csv([pathway(birth_date=written)])), OPTIONS)
    (one,) = facts(parsed, "pathway")
    assert one["age_band"] == age


@given(st.dates(date(2007, 1, 2), date(2026, 11, 14)))
@settings(max_examples=40, deadline=None)
def test_a_day_of_this_age_is_never_taken_for_none(day):
    """Fault 28: a real date must not be lost by it."""
    parsed = read(content(as_csv([pathway(last_validated=day.isoformat())])), OPTIONS)
    assert not [each for each in parsed.problems if "stands for none" in each.sentence]


def test_a_mapping_adds_words(tmp_path):
    """Fault 28: what people write for none is the trust's to say."""
    mapping = tmp_path / "m.toml"
    mapping.write_text('[list]\nno_date = ["TBC", "Not booked"]\n')
    rows = [pathway(tci_date=word) for word in ("TBC", "tbc ", "Not booked", "NOT BOOKED") * 5]
    parsed = read(content(as_csv(rows)), LoadOptions(token_key=KEY, mapping=mapping))
    assert "20 cells hold a date or word" in parsed.problems[0].sentence
    with pytest.raises(Refused, match="no_date"):
        read(content(as_csv(rows)), OPTIONS)


LINES = [
    ["Total: 1000"], ["Total", "1000"], ["Grand Total", "", "1,000"], ["TOTAL"], ["Totals", "12", "40"],
    ["Sub-total", "12"], ["320 Total", "14"], ["Cardiology Total", "14"], ["Count of pathways: 14"],
    ["Total number of patients", "1000"], ["Total records: 12"], ["Number of rows: 30"],
    ["Record count", "30"], ["Report run at 15/11/2026 10:00"], ["Report run at", "15/11/2026"],
    ["Run date: 15 Nov 2026"],
    ["Printed on 15/11/2026 by JSMITH"], ["Generated: 2026-11-15T10:00"], ["Extracted on", "15/11/2026"],
    ["Report Date", "15/11/2026"], ["Page 1 of 3"], ["Page 2"], ["page 3/3"], ["End of report"],
    ["*** End of file ***"], ["End of Report", "", ""], ["(1000 rows affected)"], ["1000 rows selected."],
    ["20 records returned"],
    ["----------", "----------"], ["=========="], ["Completion time: 2026-11-15T10:00:00"],
    ["Applied filters: Specialty is 320"], ["Source: PAS"], ["NHS Confidential"],
    ["OFFICIAL-SENSITIVE: patient data"],
]  # fmt: skip


def with_lines(rows: list[dict[str, str]], lines: list[list[str]], *, pad: bool, front: str = "") -> bytes:
    """The list with a line of a report after each third row and at the end; `front`: a column before all."""
    heading, *below = csv.reader(io.StringIO(as_csv(rows).decode()))
    if front:
        heading, below = [front, *heading], [["x", *row] for row in below]
    width = len(heading)
    made = [[*line, *[""] * (width - len(line) if pad else 0)] for line in lines]
    table: list[list[str]] = [heading]
    for number, row in enumerate(below):
        table.append(row)
        if number % 3 == 2 and made:
            table.append(made.pop())
    stream = io.StringIO()
    csv.writer(stream).writerows([*table, *made])
    return stream.getvalue().encode()


@pytest.mark.parametrize("pad", [True, False], ids=["whole", "cut"])
@pytest.mark.parametrize("front", ["", "Surname"], ids=["first column known", "first column unknown"])
def test_lines_of_a_report_are_left_out_and_no_pathway_is(pad, front):
    """Fault 29: "Total: 1000" became a pathway."""
    rows = some(90)
    plain = read(content(with_lines(rows, [], pad=True, front=front)), OPTIONS)
    parsed = read(content(with_lines(rows, LINES, pad=pad, front=front)), OPTIONS)
    assert counts(parsed) == counts(plain)
    assert (parsed.rows_read, parsed.rows_left_out) == (90, 0)
    assert parsed.problems[0].sentence.startswith(f"{len(LINES)} rows left out (rows ")


ALONE = [
    "Records: 20", "20", "1 of 3", "End", "Data as at 15/11/2026", "© Trust 2026", "Filters: Specialty = All",
    "15/11/2026", "46341", "100", "Rheumatology", "JSMITH", "R9A", "ORTT", "For the board", "PATHWAY9",
]  # fmt: skip


@pytest.mark.parametrize("pad", [True, False], ids=["whole", "cut"])
@pytest.mark.parametrize("column", [0, 5, 17])
def test_a_row_with_one_cell_filled_is_no_pathway_whatever_it_holds(pad, column):
    """ "Records: 20" or "End" below a list became a pathway of unknown clock start."""
    rows = some(60)
    lines = [[*[""] * column, text] for text in ALONE]
    parsed = read(content(with_lines(rows, lines, pad=pad)), OPTIONS)
    assert counts(parsed) == counts(read(content(as_csv(rows)), OPTIONS))
    assert (parsed.rows_read, parsed.rows_left_out) == (60, 0)
    assert parsed.problems[0].sentence.startswith(f"{len(ALONE)} rows left out (rows ")


def test_a_list_of_one_pathway_has_footers_too():
    data = as_csv([pathway()]) + b"Records: 1\r\nEnd\r\nTrust 2026\r\n"
    assert read(content(data), OPTIONS).rows_read == 1


def test_an_identifier_beside_any_other_cell_keeps_its_row():
    bare = dict.fromkeys(pathway(), "")
    for other in ({"clock_start": "2026-06-01"}, {"treatment_function": "320"}, {"rtt_status": "20"}):
        parsed = read(content(as_csv([*some(20), {**bare, "pathway_id": "P1", **other}])), OPTIONS)
        assert parsed.rows_read == 21


SUMS = ["Total", "TOTALS", "Grand total", "Sum", "Sum of waits", "Overall", "Sub-total: 20", "** Total **"]


@pytest.mark.parametrize("field", ["pathway_id", "referral_id"])
@pytest.mark.parametrize("text", SUMS)
def test_a_total_where_an_identifier_should_stand_is_no_pathway(text, field):
    """With the week, the trust and counts beside it, it was read as a pathway."""
    given = {"week_ending": "2026-11-15", "provider": "R9A", "issuer": "R9A", "priority": "20"}
    row = {**dict.fromkeys(pathway(), ""), **given, field: text}
    rows = some(20)
    parsed = read(content(as_csv([*rows, {**row, "decision_to_admit": "7"}])), OPTIONS)
    assert counts(parsed) == counts(read(content(as_csv(rows)), OPTIONS))
    assert parsed.problems[0].sentence.startswith("1 row left out (row 22)")
    for own in ({"clock_start": "2026-06-01"}, {"treatment_function": "320"}, {"rtt_status": "20"}):
        assert read(content(as_csv([*rows, {**row, **own}])), OPTIONS).rows_read == 21


def test_an_identifier_that_only_begins_like_a_total_is_one():
    rows = [pathway(pathway_id=name, clock_start="") for name in ("TOTAL1", "SUM-001", "SUMMERS", "OVERALL9")]
    bare = [{**row, "treatment_function": "", "rtt_status": ""} for row in rows]
    assert read(content(as_csv([*some(20), *bare])), OPTIONS).rows_read == 24


def test_headings_repeated_on_each_page_are_left_out():
    """Fault 29: so are headings repeated on each page."""
    rows = some(60)
    heading, *below = as_csv(rows).decode().splitlines()
    pages = [line for at in range(0, 60, 20) for line in (heading, *below[at : at + 20])]
    parsed = read(content("\n".join(pages).encode()), OPTIONS)
    assert (parsed.rows_read, totals(parsed)["total"]) == (60, 60)
    assert parsed.problems[0].sentence.startswith("2 rows left out (rows 22 and 43)")


@pytest.mark.parametrize("make", [stop, start])
def test_stops_and_starts_have_footers_too(make):
    name = f"{make.__name__}s-20261115.csv"
    data = as_csv([make() for _ in range(12)]) + b"Total: 12\r\nPage 1 of 1\r\n"
    parsed = read(content(data, name), OPTIONS)
    assert (parsed.rows_read, parsed.rows_left_out) == (12, 0)
    assert parsed.problems[0].sentence.startswith("2 rows left out")


def test_footers_of_a_workbook(tmp_path):
    """Fault 29: in a workbook, where every row is as wide as the sheet."""
    path = tmp_path / "open-20261115.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(csv.reader(io.StringIO(as_csv(some(20)).decode()))):
            sheet.write_row(number, 0, row)
        sheet.write(22, 3, "Total")
        sheet.write(22, 4, 20)
        sheet.write(23, 0, "Report run at 15/11/2026")
    parsed = read(unpack(path.name, path.read_bytes()), OPTIONS)
    assert (parsed.rows_read, totals(parsed)["total"]) == (20, 20)
    assert "2 rows left out (rows 23 and 24)" in parsed.problems[0].sentence


@given(
    st.sampled_from(
        ["Total", "Count", "Page 1", "Source: GP", "Note: rang", "Total knee replacement", "End"]
    ),
    st.sampled_from([*sorted(code.removeprefix("C_") for code in ROWS if code != "C_999"), ""]),
    st.sampled_from(["", "2026-06-01"]),
)
@settings(max_examples=60, deadline=None)
def test_a_row_that_names_a_pathway_is_never_a_footer(text, function, started):
    """Fault 29: an identifier keeps a row, whatever a comment before it says."""
    rows = [pathway(), pathway(), pathway(clock_start=started, treatment_function=function)]
    heading, *below = csv.reader(io.StringIO(as_csv(rows).decode()))
    stream = io.StringIO()
    csv.writer(stream).writerows([["Comment", *heading], *([text, *row] for row in below)])
    parsed = read(content(stream.getvalue().encode()), OPTIONS)
    assert parsed.rows_read == 3


def written(rows: list[dict[str, str]], form: str) -> bytes:
    dates = ("clock_start", "decision_to_admit", "week_ending")
    return as_csv(
        [
            {
                key: date.fromisoformat(row[key]).strftime(form) if key in dates and row[key] else row[key]
                for key in row
            }
            for row in rows
        ]
    )


FORMS = [
    "%m/%d/%Y",
    "%m-%d-%Y",
    "%m/%d/%y",
    "%d-%m-%y",
    "%y%m%d",
    "%b %d, %Y",
    "%m.%d.%Y",
    "%A, %d %B %Y",
    "%d%m%Y",
]


@pytest.mark.parametrize("form", FORMS)
def test_a_list_in_another_form_is_refused_with_a_form_that_gives_it_whole(tmp_path, form):
    """Fault 26: what the refusal says to set gives every row."""
    rows = some(80)
    with pytest.raises(Refused) as refusal:
        read(content(written(rows, form)), OPTIONS)
    found = str(refusal.value).split("date_formats = ")[1].split("]")[0] + "]"
    mapping = tmp_path / "m.toml"
    mapping.write_text(f"[list]\ndate_formats = {found}\n")
    parsed = read(content(written(rows, form)), LoadOptions(token_key=KEY, mapping=mapping))
    assert counts(parsed) == counts(read(content(as_csv(rows)), OPTIONS))


@pytest.mark.parametrize(
    "form",
    [
        "%d-%b-%y",
        "%d-%b-%Y",
        "%d/%m/%y",
        "%d%b%Y",
        "%d %B %Y",
        "%Y/%m/%d",
        "%b %d %Y 12:00AM",
        "%d-%b-%y 00:00:00",
    ],
)
def test_the_forms_of_oracle_and_others_are_read(form):
    """Fault 35: in any case."""
    rows = some(40)
    wanted = counts(read(content(as_csv(rows)), OPTIONS))
    assert counts(read(content(written(rows, form)), OPTIONS)) == wanted
    dates = written(rows, form).decode()
    capitals = "\n".join([dates.split("\n")[0], *dates.upper().split("\n")[1:]])
    assert counts(read(content(capitals.encode()), OPTIONS)) == wanted


def test_months_first_among_iso_dates_are_refused_too():
    """Fault 26: a workbook half of whose dates are text, saved as csv, has both in one column."""
    rows = some(40)
    for row in rows[:20]:
        row["clock_start"] = date.fromisoformat(row["clock_start"]).strftime("%m/%d/%Y")
    with pytest.raises(Refused, match="Every cell fits month/day/year"):
        read(content(as_csv(rows)), OPTIONS)


def test_one_slip_of_the_keyboard_leaves_out_its_row_alone():
    parsed = read(content(as_csv([*some(40), pathway(clock_start="04/23/2026")])), OPTIONS)
    assert (parsed.rows_read, parsed.rows_left_out) == (41, 1)


def test_a_year_of_two_digits_is_no_birth_to_come():
    (one,) = facts(read(content(as_csv([pathway(birth_date="15-NOV-46")])), OPTIONS), "pathway")
    assert one["age_band"] == "75-84"


@pytest.mark.parametrize(
    ("bad", "of", "share", "taken"),
    [
        (0, 400, None, True), (20, 400, None, True), (21, 400, None, False), (21, 400, 0.06, True),
        (200, 400, 0.4, False), (200, 400, 0.5, True), (5, 20, None, True), (6, 20, None, False),
        (4, 8, None, True), (5, 8, None, False), (1, 1_000, 0, True), (12, 1_000, 0, False),
    ],
)  # fmt: skip
def test_a_list_of_which_a_large_part_cannot_count_is_refused(tmp_path, bad, of, share, taken):
    """Fault 26: above a share that a mapping may set, what is left is not shown as the whole list."""
    rows = [*some(of - bad), *[pathway(treatment_function="7777") for _ in range(bad)]]
    mapping = tmp_path / "m.toml"
    mapping.write_text("" if share is None else f"[list]\nmost_left_out = {share}\n")
    options = LoadOptions(token_key=KEY, mapping=mapping)
    if taken:
        assert totals(read(content(as_csv(rows)), options))["total"] == of - bad
    else:
        with pytest.raises(Refused, match="shown as the whole PTL"):
            read(content(as_csv(rows)), options)


@pytest.mark.parametrize("said", [{"rtt_status": "30"}, {"clock_stop": "2026-11-01"}, {"pathway_id": "ONE"}])
def test_a_list_most_of_which_one_rule_takes_off_is_refused(said):
    """Fault 26: nor is a list of which one rule leaves less than half."""
    own = {"clock_start": "2026-06-01", "referral_id": "R"}
    with pytest.raises(Refused, match="of 40 rows"):
        read(content(as_csv([*some(17), *[pathway(**own, **said) for _ in range(23)]])), OPTIONS)


def test_lists_that_are_not_rtt_may_be_most_of_a_file():
    parsed = read(content(as_csv([*some(10), *[pathway(list_type="ONON") for _ in range(90)]])), OPTIONS)
    assert totals(parsed)["total"] == 10
    assert "90 rows excluded: their waiting list type is not RTT." in [
        each.sentence for each in parsed.problems
    ]


@pytest.mark.parametrize(
    "key", ["weekday = 'Sunnday'", "weekday = 3", "no_date = 1", "most_left_out = 2", "most_left_out = true"]
)
def test_a_faulty_setting_is_refused_by_name(tmp_path: Path, key: str):
    mapping = tmp_path / "m.toml"
    mapping.write_text(f"[list]\n{key}\n")
    with pytest.raises(Refused, match=f"list.{key.split()[0]}"):
        read(content(as_csv([pathway()])), LoadOptions(token_key=KEY, mapping=mapping))
