"""The committed examples are what their module writes, small, and readable: one for each accepted format."""

from datetime import date
from pathlib import Path

import pytest

import sample_data
from ingest.extracts import FORMATS, LoadOptions, Parsed, formats
from ingest.extracts.monthly import format as national_rtt
from ingest.extracts.ptl import format as ptl
from ingest.files.archives import unpack
from rtt.terms.parts import INCOMPLETE
from sample_data.examples import write_examples

EXAMPLES = Path(sample_data.__file__).parent / "examples"
KEY = b"a key for tests, 32 bytes long.."
LISTS = ("R9A-20261108-open-pathways.csv", "R9A-20261108-clock-stops.csv", "R9A-20261108-clock-starts.csv")


def read(format_module, name: str, **options) -> Parsed:
    path = EXAMPLES / name
    content = unpack(path.name, path.read_bytes())
    if "mapping" not in options:
        assert format_module.recognises(content)
    return format_module.read(content, LoadOptions(kind="sample", token_key=KEY, **options))


def total(parsed: Parsed, part: str, **scope: str) -> int:
    """The rows of a part in one scope, all specialties, with and without NONC."""
    facts = parsed.tables["pathway_counts"]
    rows = (dict(zip(facts.columns, row, strict=True)) for row in facts.rows)
    chosen = {"part": part, "treatment_function": "C_999", "level": "provider", **scope}
    return sum(
        row["total_all" if "total_all" in row else "total"]
        for row in rows
        if all(row[name] == value for name, value in chosen.items())
    )


def test_the_examples_are_those_that_the_module_writes(tmp_path) -> None:
    write_examples(tmp_path)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept = {path.name: path.read_bytes() for path in EXAMPLES.iterdir() if path.suffix != ".toml"}
    assert [name for name in written if kept.get(name) != written[name]] == []


def test_each_format_has_an_example_and_each_example_one_format() -> None:
    found = set()
    for path in EXAMPLES.iterdir():
        content = unpack(path.name, path.read_bytes())
        taken = [each.name for each in formats() if each.recognises(content)]
        # The workbook with a trust's own headings, and the mapping that explains them.
        assert len(taken) == (0 if "patient-tracking-list" in path.name else 1), path.name
        found |= {*taken}
    # Made-up figures in one of NHS England's own workbooks would be taken for published ones.
    published = {each.name for name, each in zip(FORMATS, formats(), strict=True) if "published" in name}
    assert found == {each.name for each in formats()} - published


def test_each_is_small() -> None:
    assert max(path.stat().st_size for path in EXAMPLES.iterdir()) < 60_000


@pytest.mark.parametrize(
    ("name", "census", "open_band"),
    [
        ("20260930-RTT-September-2026-full-extract.csv", date(2026, 9, 30), 104),
        ("20190331-RTT-MARCH-2019-full-extract.csv", date(2019, 3, 31), 52),
        ("18wksRTT - Monthly EXTRACTS - May16.csv", date(2016, 5, 31), 52),
    ],
)
def test_each_monthly_layout_is_read(name, census, open_band) -> None:
    parsed = read(national_rtt, name)
    assert (parsed.census_date, parsed.open_band) == (census, open_band)
    assert total(parsed, INCOMPLETE) > 50


def test_the_layouts_have_their_columns() -> None:
    def heading(name: str, line: int) -> list[str]:
        return (EXAMPLES / name).read_text().splitlines()[line].split(",")

    assert len(heading("20260930-RTT-September-2026-full-extract.csv", 0)) == 121
    assert len(heading("20190331-RTT-MARCH-2019-full-extract.csv", 0)) == 69
    old = heading("18wksRTT - Monthly EXTRACTS - May16.csv", 2)
    assert old[:2] == ["Year", "Period Name"]
    assert "RTT Part Name" in old


@pytest.mark.parametrize("name", LISTS)
def test_each_weekly_file_is_read(name) -> None:
    parsed = read(ptl, name)
    assert (parsed.census_date, parsed.provider_code) == (date(2026, 11, 8), "R9A")
    assert parsed.section in name
    assert parsed.rows_read - parsed.rows_left_out >= 25


def test_the_workbook_with_its_mapping_gives_the_same_list_as_the_csv() -> None:
    mapped = read(
        ptl, "R9A-patient-tracking-list-20261108.xlsx", mapping=EXAMPLES / "R9A-patient-tracking-list.toml"
    )
    plain = read(ptl, LISTS[0])
    assert (mapped.census_date, mapped.provider_code, mapped.section) == (date(2026, 11, 8), "R9A", "open")
    everywhere = {"site_code": "", "stage": "", "priority": ""}
    assert total(mapped, INCOMPLETE, **everywhere) == total(plain, INCOMPLETE, **everywhere) > 25
