"""The extracts that tests make have the headings and names of a published one."""

import csv
import zipfile
from datetime import date

import pytest

from tests import makers

MARCH = date(2025, 3, 31)


@pytest.mark.real_data
def test_the_heading_and_the_names_are_the_published_ones(published):
    path = published / "national/20250331-RTT-March-2025-full-extract-revised.zip"
    with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as file:
        heading = file.readline().decode("ascii").strip().split(",")
        assert makers.table({}, census=MARCH) == [heading]
        assert archive.namelist() == [makers.file_name(MARCH, revised=True)]
        sample = csv.reader(file.read(4_000_000).decode("ascii").splitlines()[:-1])
        for row in sample:
            assert row[0] == makers.period(MARCH)
            assert makers.PARTS[row[9].removeprefix("Part_")] == row[10]
            assert makers.FUNCTIONS.get(row[11], row[12]) == row[12]
