"""The monthly files have the published layout, to the byte where it matters."""

import csv
from datetime import date

import pytest

from sample_data.monthly import file_name, published_months
from tests.sample_data import naive


@pytest.fixture(scope="module")
def month(sample) -> list[dict[str, str]]:
    return naive.rows(sample.files.monthly[-1])


def bands(row: dict[str, str]) -> list[str]:
    return [value for heading, value in row.items() if heading.startswith("Gt ")]


def test_has_the_121_published_columns_in_order(sample) -> None:
    header = sample.files.monthly[0].read_text().split("\n")[0].rstrip("\r").split(",")
    assert len(header) == 121
    assert ",".join(header[:13]) == (
        "Period,Provider Parent Org Code,Provider Parent Name,Provider Org Code,Provider Org Name,"
        "Commissioner Parent Org Code,Commissioner Parent Name,Commissioner Org Code,Commissioner Org Name,"
        "RTT Part Type,RTT Part Description,Treatment Function Code,Treatment Function Name"
    )
    assert (header[13], header[112], header[113], header[117]) == (
        "Gt 00 To 01 Weeks SUM 1",
        "Gt 99 To 100 Weeks SUM 1",
        "Gt 100 To 101 Weeks SUM 1",
        "Gt 104 Weeks SUM 1",
    )
    assert header[118:] == ["Total", "Patients with unknown clock start date", "Total All"]


def test_lines_end_as_published_and_only_names_with_commas_are_quoted(sample) -> None:
    text = sample.files.monthly[-1].read_bytes()
    assert text.count(b"\r\n") == text.count(b"\n")
    assert text.endswith(b"\r\n")
    assert not text.startswith(b"\xef\xbb\xbf")
    quoted = {cell for line in text.decode("ascii").splitlines() for cell in line.split('"')[1::2]}
    assert quoted
    assert all("," in cell for cell in quoted)


def test_name_and_period_say_the_same_month(sample) -> None:
    assert [path.name for path in sample.files.monthly][-1] == "20260930-RTT-September-2026-full-extract.csv"
    for path in sample.files.monthly:
        period = {row["Period"] for row in naive.rows(path)}
        assert len(period) == 1
        assert period.pop() in path.name


def test_totals_are_filled_as_in_the_return(month) -> None:
    for row in month:
        counts = [int(value or 0) for value in bands(row)]
        total, unknown, everything = (
            row["Total"],
            row["Patients with unknown clock start date"],
            row["Total All"],
        )
        match row["RTT Part Type"]:
            case "Part_1A" | "Part_1B":
                assert int(total) == sum(counts)
                assert int(everything) == int(total) + int(unknown or 0)
            case "Part_2" | "Part_2A":
                assert total == unknown == ""
                assert int(everything) == sum(counts)
            case "Part_3":
                assert total == unknown == ""
                assert set(bands(row)) == {""}
        assert int(everything) > 0


def test_c_999_is_the_sum_of_the_other_rows(month) -> None:
    sums: dict[tuple[str, ...], list[int]] = {}
    published: dict[tuple[str, ...], list[int]] = {}
    for row in month:
        key = row["Provider Org Code"], row["Commissioner Org Code"], row["RTT Part Type"]
        counts = [int(value or 0) for value in (*bands(row), row["Total All"])]
        if row["Treatment Function Code"] == "C_999":
            assert key not in published
            published[key] = counts
        else:
            sums[key] = [a + b for a, b in zip(sums.get(key, [0] * 106), counts, strict=True)]
    assert sums == published


def test_no_row_stands_twice(month) -> None:
    keys = [
        (r["Provider Org Code"], r["Commissioner Org Code"], r["RTT Part Type"], r["Treatment Function Code"])
        for r in month
    ]
    assert len(keys) == len(set(keys))


def test_one_trust_leaves_zero_bands_blank_and_the_others_write_0(month) -> None:
    for row in month:
        if row["RTT Part Type"] != "Part_3":
            unwanted = "0" if row["Provider Org Code"] == "R9B" else ""
            assert unwanted not in bands(row)


def test_one_trust_misses_one_august(sample) -> None:
    missing = {
        path.name[:8]: {"R9A", "R9B", "R9C", "R9D"} - {row["Provider Org Code"] for row in naive.rows(path)}
        for path in sample.files.monthly
    }
    assert {month: trusts for month, trusts in missing.items() if trusts} == {"20260831": {"R9C"}}


def test_non_english_and_directly_commissioned_rows_have_no_parent(month) -> None:
    without = {row["Commissioner Org Code"] for row in month if row["Commissioner Parent Org Code"] == ""}
    assert without == {"NONC", "99Z"}
    assert {r["Commissioner Org Name"] for r in month if r["Commissioner Org Code"] == "NONC"} == {""}


@pytest.mark.parametrize(
    ("until", "newest"),
    [
        (date(2026, 11, 15), date(2026, 9, 30)),
        (date(2026, 11, 12), date(2026, 9, 30)),  # the second Thursday of November
        (date(2026, 11, 11), date(2026, 8, 31)),
        (date(2027, 1, 13), date(2026, 10, 31)),
        (date(2027, 1, 14), date(2026, 11, 30)),
    ],
)
def test_the_newest_month_is_the_newest_published(until, newest) -> None:
    months = published_months(until, 36)
    assert months[-1] == newest
    assert len(months) == len(set(months)) == 36
    assert months == sorted(months)


def test_file_names_of_several_months() -> None:
    assert file_name(date(2024, 2, 29)) == "20240229-RTT-February-2024-full-extract.csv"


def test_a_reader_of_plain_csv_sees_as_many_cells_in_every_row(sample) -> None:
    with sample.files.monthly[0].open(newline="") as lines:
        assert {len(row) for row in csv.reader(lines)} == {121}
