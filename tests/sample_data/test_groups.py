"""Groups of the sample's patients: plausible, some not known, and no other cell depends on them."""

import csv
from collections import Counter, defaultdict
from datetime import date

import polars as pl
import pytest

from sample_data import build, tracking_list
from sample_data.blemishes import shifted
from sample_data.groups import DEPRIVATION, ETHNIC_GROUP, SEX

GROUPS = (DEPRIVATION, ETHNIC_GROUP, SEX)
UNTIL = date(2026, 11, 15)


def cells(path):
    with path.open(newline="", encoding="ascii") as lines:
        return list(csv.DictReader(lines))


def test_every_other_cell_is_the_same_without_the_groups(tmp_path, monkeypatch):
    build(tmp_path / "with", until=UNTIL, months=2, weeks=14)

    def nobody(ahead, number, person, *, seed):
        return pl.DataFrame(
            dict.fromkeys(GROUPS, [""] * len(number)), schema=dict.fromkeys(GROUPS, pl.String)
        )

    monkeypatch.setattr(tracking_list, "groups", nobody)
    build(tmp_path / "without", until=UNTIL, months=2, weeks=14)
    written = sorted(path for path in (tmp_path / "with").rglob("*") if path.is_file())
    assert len(written) == 2 + 3 * 14 + 2
    slid = 0
    for path in written:
        other = tmp_path / "without" / path.relative_to(tmp_path / "with")
        if path.parent.name != "weekly":
            assert path.read_bytes() == other.read_bytes()
            continue
        for mine, plain in zip(cells(path), cells(other), strict=True):
            differ = {name for name in mine if mine[name] != plain[name]} - {*GROUPS}
            # In a shifted row the ethnic group stands one column to the right.
            assert differ <= {"REFERRAL_REQUEST_RECEIVED_DATE"}
            slid += bool(differ)
    assert 1 <= slid <= sum(shifted(week) for week in range(13))


@pytest.fixture(scope="module")
def listed(sample):
    return cells(sample.files.open[-1])


def test_a_few_of_each_group_are_not_known(listed):
    for column, unknown in ((DEPRIVATION, {""}), (ETHNIC_GROUP, {"Z", "99"}), (SEX, {"X"})):
        share = sum(row[column] in unknown for row in listed) / len(listed)
        assert 0.002 < share < 0.12, column


def test_groups_are_plausible(listed):
    deciles = Counter(row[DEPRIVATION] for row in listed)
    assert {*deciles} == {"", *map(str, range(1, 11))}
    assert deciles["1"] > deciles["10"] > 200
    # White, of those known, in the 2021 census of England: 81 %.
    groups = Counter(row[ETHNIC_GROUP] for row in listed)
    known = sum(groups.values()) - groups["Z"] - groups["99"]
    assert 0.7 < sum(groups[code] for code in "ABC") / known < 0.85
    assert not any(row[SEX] == "1" for row in listed if row["ACTIVITY_TREATMENT_FUNCTION_CODE"] == "502"), (
        "a man in gynaecology"
    )


def test_a_person_is_in_the_same_groups_in_every_file(sample):
    groups = defaultdict(set)
    for path in sample.files.open:
        for row in cells(path):
            if len(row["NHS_NUMBER"]) == 10 and row["NHS_NUMBER"].startswith("999"):
                groups[row["NHS_NUMBER"]].add(tuple(row[column] for column in (ETHNIC_GROUP, SEX)))
    assert len(groups) > 5_000
    assert {len(each) for each in groups.values()} == {1}


def test_the_most_deprived_wait_longer_within_specialties_and_more_are_in_slow_ones(sample):
    """Over all weeks of the sample, counted from the files."""
    listed, within = Counter(), Counter()
    for path in sample.files.open:
        for row in cells(path):
            try:
                start = date.fromisoformat(row["REFERRAL_TO_TREATMENT_PERIOD_START_DATE"])
                census, decile = date.fromisoformat(row["Week_Ending_Date"]), int(row[DEPRIVATION])
            except ValueError:
                continue
            key = row["ACTIVITY_TREATMENT_FUNCTION_CODE"], (decile + 1) // 2
            listed[key] += 1
            within[key] += (census - start).days <= 126
    functions = {function for function, _ in listed}
    share = {
        f: sum(within[f, fifth] for fifth in range(1, 6)) / sum(listed[f, fifth] for fifth in range(1, 6))
        for f in functions
    }

    def observed_and_expected(fifth):
        everybody = sum(listed[f, fifth] for f in functions)
        expected = sum(share[f] * listed[f, fifth] for f in functions) / everybody
        return sum(within[f, fifth] for f in functions) / everybody, expected

    (most, most_expected), (least, least_expected) = map(observed_and_expected, (1, 5))
    assert 0.002 < least_expected - most_expected < 0.03
    assert 0.01 < most_expected - most < 0.06
    assert 0.005 < least - least_expected < 0.06
