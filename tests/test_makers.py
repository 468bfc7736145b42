"""The extracts that tests make look like those that NHS England publishes."""

from datetime import date

from tests import makers

MARCH = date(2025, 3, 31)


def test_totals_are_the_publishers():
    facts = {
        ("R9A", "00R", "1A", "C_100"): {0: 2, 104: 1, "unknown": 4},
        ("R9A", "00R", "1A", "C_130"): {0: 1},
        ("R9A", "00R", "2", "C_100"): {17: 5},
        ("R9A", "00R", "3", "C_100"): 9,
        ("R9A", "00R", "3", "C_130"): 1,
    }
    _, *rows = makers.table(facts, census=MARCH)
    assert {(row[9], row[11]): tuple(row[-3:]) for row in rows} == {
        ("Part_1A", "C_100"): ("3", "4", "7"),
        ("Part_1A", "C_130"): ("1", "0", "1"),
        ("Part_1A", "C_999"): ("4", "4", "8"),
        ("Part_2", "C_100"): ("", "", "5"),
        ("Part_2", "C_999"): ("", "", "5"),
        ("Part_3", "C_100"): ("", "", "9"),
        ("Part_3", "C_130"): ("", "", "1"),
        ("Part_3", "C_999"): ("", "", "10"),
    }
    assert all(set(row[13:-3]) == {""} for row in rows if row[9] == "Part_3")


def test_the_older_layout_ends_in_an_open_band_of_52():
    heading, row, _ = makers.table(
        {("R9A", "00R", "2", "C_100"): {52: 3}}, census=date(2020, 3, 31), open_band=52
    )
    assert (len(heading), len(row), heading[65], row[65]) == (69, 69, "Gt 52 Weeks SUM 1", "3")


def test_an_extract_is_a_file_with_the_publishers_name(make_extract):
    path = make_extract({("R9A", "NONC", "2", "C_100"): {3: 1}}, census=MARCH)
    assert path.name == "20250331-RTT-March-2025-full-extract.csv"
    assert path.read_bytes().count(b"\r\n") == 3
