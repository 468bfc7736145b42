"""A download is what its link says, in every layout that the publisher has used."""

from datetime import date
from pathlib import Path

import pytest

import sample_data
from ingest.fetch.contents import extract_inside, series_inside
from ingest.fetch.publisher import NotFetched
from tests.ingest import workbooks
from tests.publisher import zipped

EXAMPLES = Path(sample_data.__file__).parent / "examples"
LAYOUTS = {
    "18wksRTT - Monthly EXTRACTS - May16.csv": date(2016, 5, 31),
    "20190331-RTT-MARCH-2019-full-extract.csv": date(2019, 3, 31),
    "20260930-RTT-September-2026-full-extract.csv": date(2026, 9, 30),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_month_of_an_extract_is_found_in_each_layout(name, tmp_path):
    path = tmp_path / "Full-CSV-data-file-x.zip"
    path.write_bytes(zipped({name: (EXAMPLES / name).read_bytes()}))
    assert extract_inside(path, LAYOUTS[name]).name == name
    with pytest.raises(NotFetched, match=f"found that of {LAYOUTS[name]:%B %Y}"):
        extract_inside(path, date(2020, 1, 31))


def test_a_time_series_is_known_by_its_headings(tmp_path):
    path = workbooks.save(
        tmp_path / "s.xlsx", {date(2026, 3, 1): {(workbooks.INCOMPLETE, workbooks.WAITING): 1}}
    )
    assert series_inside(path).is_workbook
    for data, found in (
        (b"<html>Sign in", "found a web page"),
        (path.read_bytes()[:-50], "damaged, cut off"),
        ((EXAMPLES / "R9A-patient-tracking-list-20261108.xlsx").read_bytes(), "without its headings"),
        (b"a,b\r\n", "without its headings"),
    ):
        other = tmp_path / "other.xlsx"
        other.write_bytes(data)
        with pytest.raises(NotFetched, match=f"Expected the workbook of the overview time series, .*{found}"):
            series_inside(other)
