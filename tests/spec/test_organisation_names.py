"""Names as people write them, against a table of published ones and what each becomes."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rtt.terms.organisation_names import short_name, title_case

TABLE = Path(__file__).with_name("organisation_names.csv")
ROWS = list(csv.DictReader(TABLE.read_text("utf-8").splitlines()))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["why"])
def test_a_name_is_written_as_people_write_it(row):
    assert title_case(row["published"]) == row["name"]
    assert short_name(row["published"]) == row["short"]
    assert short_name(row["name"]) == row["short"], "from either form"


@given(st.text("ABCXYZ'&-()., 12", min_size=1, max_size=40))
def test_no_letter_is_lost_and_what_was_written_once_stays(name):
    written = title_case(name)
    assert written.upper() == " ".join(name.upper().split())
    assert title_case(written) == written
