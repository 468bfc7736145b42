"""`python -m sample_data.examples FOLDER`: a small file of each format that is accepted.

They are kept in `sample_data/examples`, and a test writes them again and compares. Beyond the formats of
the whole sample: the monthly layouts of earlier years, and a workbook with a trust's own headings.
"""

import calendar
import json
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import xlsxwriter

from sample_data import monthly, places, season, wlmds
from sample_data.csv_files import in_order, write_csv
from sample_data.groups import WEEKS_AHEAD
from sample_data.pathways import Simulation
from sample_data.simulation import simulate
from sample_data.tracking_list import OPEN_COLUMNS, TrackingList

_UNTIL = date(2026, 11, 15)
_SMALL = places.TRUSTS[-1]
_LAST_OLD_BAND = 52
_OTHER = ("X02", "X03", "X04", "X05", "X06")
_TRUST_HEADINGS = {
    "Pathway No": "PATIENT_PATHWAY_IDENTIFIER",
    "NHS No": "NHS_NUMBER",
    "Hospital No": "LOCAL_PATIENT_IDENTIFIER",
    "Patient": "PATIENT_NAME",
    "DOB": "PERSON_BIRTH_DATE",
    "Specialty Code": "ACTIVITY_TREATMENT_FUNCTION_CODE",
    "Site": "ORGANISATION_SITE_IDENTIFIER_OF_TREATMENT",
    "Payer": "ORGANISATION_IDENTIFIER_CODE_OF_COMMISSIONER",
    "List": "Waiting_List_Type",
    "RTT Status": "REFERRAL_TO_TREATMENT_PERIOD_STATUS",
    "RTT Clock Start": "REFERRAL_TO_TREATMENT_PERIOD_START_DATE",
    "Urgency": "PRIORITY_TYPE_CODE",
    "Surgical Priority": "Procedure_Priority_Code",
    "Added To Waiting List": "DECISION_TO_ADMIT_DATE",
    "Admission Type": "ADMISSION_METHOD_CODE_HOSPITAL_PROVIDER_SPELL",
    "Admission Date": "TCI_Date",
    "Next OPA": "Outpatient_Future_Appointment_Date",
    "Last Seen": "Date_Last_Attended",
}
_TRUST_CODES = {"IRTT": "Inpatient", "ORTT": "Outpatient"}, {"1": "Routine", "2": "Urgent", "3": "2WW"}


def write_examples(folder: Path) -> None:
    _monthly(folder)
    _monthly_of_2019(folder)
    _monthly_of_2016(folder)
    tracked = TrackingList(simulate(until=_UNTIL, weeks=1), _run_on(), trust=0, seed=1)
    week = season.week_of(tracked.truth.last_day)
    _weekly(tracked, week, folder)
    _workbook(tracked, week, folder)
    _organisations(folder)


def _run_on() -> Simulation:
    return simulate(until=_UNTIL + timedelta(weeks=WEEKS_AHEAD), weeks=1 + WEEKS_AHEAD)


def _monthly(folder: Path) -> None:
    rows = _small_month(date(2026, 9, 30), until=_UNTIL)
    write_csv(rows, folder / monthly.file_name(date(2026, 9, 30)))


def _monthly_of_2019(folder: Path) -> None:
    """October 2017 to March 2021: 52 bands and an open one, the month in capitals."""
    rows = _before_2021(_small_month(date(2019, 3, 31), until=date(2019, 5, 31)))
    write_csv(rows, folder / "20190331-RTT-MARCH-2019-full-extract.csv")


def _monthly_of_2016(folder: Path) -> None:
    """To September 2017: two lines of front matter, the year apart, the part under another heading."""
    rows = _before_2021(_small_month(date(2016, 5, 31), until=date(2016, 7, 31)))
    rows = rows.rename({"Period": "Period Name", "RTT Part Type": "RTT Part Name"}).select(
        pl.lit("2016-17").alias("Year"), pl.lit("MAY").alias("Period Name"), pl.all().exclude("Period Name")
    )
    path = folder / "18wksRTT - Monthly EXTRACTS - May16.csv"
    write_csv(rows, path)
    front = "Referral to treatment waiting times, monthly extract\r\n\r\n"
    path.write_text(front + path.read_bytes().decode("ascii"), encoding="ascii", newline="")


def _organisations(folder: Path) -> None:
    """A trust that merged into the sample's largest, as `rtt load organisations.json` takes it."""
    merged = {
        "code": "R9M",
        "name": "WYREDALE COMMUNITY NHS TRUST",
        "ended_on": "2024-04-01",
        "became": ["R9A"],
    }
    told = {"source": "made up for the sample", "as_of": "2026-11-01", "successions": [merged]}
    path = folder / "organisations.json"
    path.write_text(json.dumps(told, indent=2) + "\n", encoding="ascii", newline="")


def _small_month(month_end: date, *, until: date) -> pl.DataFrame:
    """One trust, its smallest commissioner and its non-English patients."""
    truth: Simulation = simulate(until=until, weeks=10, size=1500, trusts=(_SMALL,))
    rows = monthly.frame(truth, month_end)
    return rows.filter(pl.col("Commissioner Org Code").is_in(["98C", "NONC"]))


def _before_2021(rows: pl.DataFrame) -> pl.DataFrame:
    """The same rows as they would have been published: fewer bands, one row for other services."""
    long = monthly.BAND_HEADINGS[_LAST_OLD_BAND:]
    folded = rows.with_columns(
        pl.when(pl.col("RTT Part Type") != "Part_3").then(pl.sum_horizontal(long)).alias("Gt 52 Weeks SUM 1"),
        pl.col("Period").str.to_uppercase(),
        pl.col("Treatment Function Code").replace(dict.fromkeys(_OTHER, "X01")),
        pl.col("Treatment Function Name").str.replace(r"^Other - .*$", "Other").str.strip_suffix(" Service"),
    )
    bands = [*monthly.BAND_HEADINGS[:_LAST_OLD_BAND], "Gt 52 Weeks SUM 1"]
    counts = pl.col(*bands, *monthly.TOTALS)
    filled = pl.when(counts.is_not_null().any()).then(counts.sum())
    return folded.group_by(monthly.IDENTIFIERS, maintain_order=True).agg(filled)


def _weekly(tracked: TrackingList, week: int, folder: Path) -> None:
    """Forty open pathways, and thirty of the week's stops and starts."""
    name = f"{tracked.code}-{season.as_date(season.sunday(week)):%Y%m%d}"
    for kind, rows, order in (
        ("open-pathways", tracked.open_list(week)[0].gather_every(150), OPEN_COLUMNS),
        ("clock-stops", tracked.clock_stops(week).gather_every(10), wlmds.CLOCK_STOPS),
        ("clock-starts", tracked.clock_starts(week).gather_every(10), wlmds.CLOCK_STARTS),
    ):
        write_csv(in_order(rows, order), folder / f"{name}-{kind}.csv")


def _workbook(tracked: TrackingList, week: int, folder: Path) -> None:
    """The open list as a trust might keep it: own headings, own codes, British dates, a title above."""
    lists, urgency = _TRUST_CODES
    rows = (
        tracked.open_list(week)[0]
        .gather_every(150)
        .select(pl.col(column).alias(heading) for heading, column in _TRUST_HEADINGS.items())
    )
    rows = rows.filter(pl.col("List").is_in(list(lists))).with_columns(
        pl.col("List").replace(lists),
        pl.col("Urgency").replace(urgency),
        pl.col(pl.Date).dt.strftime("%d/%m/%Y"),
    )
    census = season.as_date(season.sunday(week))
    path = folder / f"{tracked.code}-patient-tracking-list-{census:%Y%m%d}.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        # A fixed day: otherwise the same rows would be another file tomorrow.
        book.set_properties({"created": datetime(census.year, census.month, census.day, tzinfo=UTC)})
        sheet = book.add_worksheet("PTL")
        sheet.write_row(0, 0, [f"Patient tracking list at {census.day} {calendar.month_name[census.month]}"])
        for number, row in enumerate([tuple(rows.columns), *rows.rows()], start=2):
            sheet.write_row(number, 0, ["" if cell is None else cell for cell in row])


if __name__ == "__main__":
    write_examples(Path(sys.argv[1]))
