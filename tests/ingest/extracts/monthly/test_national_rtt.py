"""A monthly extract becomes the facts that a naive count gives, whatever the harmless manners of its file."""

import csv
import gzip
import io
import zipfile
from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from ingest.extracts import LoadOptions
from ingest.extracts.monthly.format import read
from ingest.files.archives import Content, unpack
from ingest.loading.load import load_path
from ingest.store import schema
from rtt.terms.waits import BAND_COLUMNS
from tests import makers
from tests.spec import damaged_extracts
from tests.spec.damaged_extracts import CENSUS, NAME, rows, sound

CELL = ("level", "organisation_code", "part", "treatment_function", "basis")


def facts_of(data: bytes, name: str = NAME) -> dict[tuple[str, ...], dict[str, int | None]]:
    """The facts that `read` makes of a file: cell -> column -> value."""
    parsed = read(unpack(name, data), LoadOptions())
    table = parsed.tables["pathway_counts"]
    facts = (dict(zip(table.columns, row, strict=True)) for row in table.rows)
    return {tuple(fact[key] for key in CELL): fact for fact in facts}


def naive_counts(facts: makers.Facts, regions: dict[str, str]) -> dict[tuple[str, ...], Counter]:
    """Every level counted pathway by pathway: the slow, obvious way."""
    counts: dict[tuple[str, ...], Counter] = {}
    for (provider, commissioner, part, function), value in facts.items():
        bands = Counter(value) if not isinstance(value, int) else Counter({"new": value})
        basis = "nonc" if commissioner == "NONC" else "english"
        icb = makers.PARENTS[commissioner] or "-"
        places = [("england", "ENG"), ("provider", provider), ("commissioner", commissioner)]
        if basis == "english":
            places += [("icb", icb), ("region", regions[icb])]
        for place in places:
            for row in (function, "C_999"):
                counts.setdefault((*place, part, row, basis), Counter()).update(bands)
    return {cell: bands for cell, bands in counts.items() if bands.total()}


REGIONS = {"QE1": "Y62", "QKS": "Y59", "-": "-"}


def as_naive(fact: dict[str, int | None]) -> Counter:
    bands = Counter({week: fact[name] for week, name in enumerate(BAND_COLUMNS)})
    key = "new" if fact["part"] == "3" else "unknown"
    return +(bands + Counter({key: fact["total"] - bands.total()}))


def test_the_facts_are_those_of_a_naive_count():
    facts = {cell: as_naive(fact) for cell, fact in facts_of(sound()).items()}
    assert facts == naive_counts(damaged_extracts.FACTS, REGIONS)


bands = st.dictionaries(st.integers(0, 104), st.integers(0, 2000), max_size=5)
completed = st.dictionaries(st.integers(0, 104) | st.just("unknown"), st.integers(0, 2000), max_size=5)
cells = st.tuples(
    st.sampled_from(["RAA", "RBB", "NT447"]),
    st.sampled_from(sorted(makers.PARENTS)),
    st.sampled_from(sorted(makers.PARTS)),
    st.sampled_from(["C_100", "C_130", "X02"]),
)


@st.composite
def random_facts(draw):
    kinds = {"1A": completed, "1B": completed, "2": bands, "2A": bands, "3": st.integers(0, 5000)}
    return {
        cell: draw(kinds[cell[2]]) for cell in draw(st.lists(cells, min_size=1, max_size=25, unique=True))
    }


@given(random_facts())
def test_random_pathways_are_counted_as_a_naive_count_does(facts):
    data = makers.as_csv(makers.table(facts, census=CENSUS)).encode()
    assert {cell: as_naive(fact) for cell, fact in facts_of(data).items()} == naive_counts(facts, REGIONS)


@given(random_facts())
def test_thresholds_are_sums_of_the_bands(facts):
    data = makers.as_csv(makers.table(facts, census=CENSUS)).encode()
    for fact in facts_of(data).values():
        weeks = [fact[name] for name in BAND_COLUMNS]
        assert (fact["within_18"], fact["over_18"]) == (sum(weeks[:18]), sum(weeks[18:]))
        for over in (52, 65, 78, 104):
            assert fact[f"over_{over}"] == sum(weeks[over:])


def _quoted(separator: str = ",") -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, delimiter=separator).writerows(rows())
    return text.getvalue().encode()


def _zipped(**members: bytes) -> bytes:
    return damaged_extracts.zipped(**members)


def _each_count(change) -> bytes:
    heading, *below = rows()
    return makers.as_csv([heading, *([*row[:13], *map(change, row[13:])] for row in below)]).encode()


def _shuffled() -> bytes:
    order = [*range(120, 60, -1), *range(61)]
    return makers.as_csv([row[at] for at in order] for row in rows()).encode()


def _no_totals() -> bytes:
    return damaged_extracts.without(lambda row: row[11] != "C_999")


HARMLESS = {
    "a byte order mark": b"\xef\xbb\xbf" + sound(),
    "utf-16": sound().decode().encode("utf-16"),
    "utf-16 big-endian": b"\xfe\xff" + sound().decode().encode("utf-16-be"),
    "utf-16 without a mark": sound().decode().encode("utf-16-le"),
    "utf-16 without a mark, big-endian": sound().decode().encode("utf-16-be"),
    "line feeds alone": sound().replace(b"\r\n", b"\n"),
    "carriage returns alone": sound().replace(b"\r\n", b"\r"),
    "no final newline": sound().rstrip(),
    "blank lines": sound().replace(b"\r\n", b"\r\n\r\n", 3) + b"\r\n",
    "lines of separators alone": sound() + b"," * 120 + b"\r\n",
    "semicolons": makers.as_csv(rows(), separator=";").encode(),
    "tabs": makers.as_csv(rows(), separator="\t").encode(),
    "everything in quotes": _quoted(),
    "everything in quotes, semicolons": _quoted(";"),
    "thousands separators": _each_count(lambda cell: f'"{int(cell):,}"' if cell else "").replace(b'""', b'"'),
    "spaces round thousands": _each_count(lambda cell: f" {int(cell):,} " if cell else ""),
    "a dash for zero": _each_count(lambda cell: "-" if cell == "0" else cell),
    "a blank for zero": _each_count(lambda cell: "" if cell == "0" else cell),
    "a decimal point": _each_count(lambda cell: f"{cell}.0" if cell else ""),
    "a total of new periods": makers.as_csv(
        [*row[:-3], row[-1], "", row[-1]] if row[9] == "Part_3" else row for row in rows()
    ).encode(),
    "shuffled columns": _shuffled(),
    "a column more": makers.as_csv([["Status", *rows()[0]], *(["F", *row] for row in rows()[1:])]).encode(),
    "spaces and case in headings": sound().replace(b"Provider Org Code", b" PROVIDER  ORG CODE ", 1),
    "no SUM 1 in headings": sound().replace(b" Weeks SUM 1", b" weeks"),
    "spaces round codes": sound().replace(b",RAA,", b", RAA ,"),
    "front matter": b"Referral to Treatment\r\nMarch 2025, published in May\r\n" + sound(),
    "no C_999 rows": _no_totals(),
    "period in capitals": sound().replace(b"RTT-March-2025", b"RTT-MARCH-2025"),
    "a zip": _zipped(**{NAME: sound()}),
    "a zip with a readme": _zipped(**{"readme.txt": b"hello", NAME: sound()}),
    "a zip with a folder": _zipped(**{f"data/{NAME}": sound()}),
    "gz": gzip.compress(sound()),
}  # fmt: skip


@pytest.mark.parametrize("data", HARMLESS.values(), ids=HARMLESS.keys())
def test_harmless_differences_give_the_same_figures(data):
    assert facts_of(data) == facts_of(sound())


def test_a_sound_extract_is_all_ascii_and_reads_without_a_note():
    parsed = read(unpack(NAME, sound()), LoadOptions())
    assert (parsed.rows_read, parsed.rows_left_out, list(parsed.problems)) == (len(rows()) - 1, 0, [])
    assert (parsed.providers, parsed.census_date, parsed.open_band) == (3, CENSUS, 104)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({("RAA", "00R", "2", "C_777"): {1: 1}}, "C_777"),
        ({("RAA", "00R", "2A", "C_100"): {1: 3}, ("RAA", "00R", "2", "C_100"): {1: 2}}, "the 2 waiting"),
        ({("RAA", "00R", "2A", "C_100"): {1: 3}}, "the 0 waiting at all"),
    ],
)
def test_noted_and_loaded(facts, words):
    data = makers.as_csv(makers.table(facts, census=CENSUS)).encode()
    parsed = read(unpack(NAME, data), LoadOptions())
    assert all(problem.severity == "note" for problem in parsed.problems)
    assert words in str(parsed.problems[0])
    assert len(facts_of(data)) > 0


OLD = date(2020, 3, 31)
OLD_FACTS: makers.Facts = {
    ("RAA", "00R", "2", "C_100"): {0: 1, 17: 2, 18: 3, 51: 4, 52: 5},
    ("RAA", "00R", "1A", "X01"): {52: 2, "unknown": 1},
}


def old_rows() -> list[list[str]]:
    return makers.table(OLD_FACTS, census=OLD, open_band=52)


def front_matter(change) -> bytes:
    """The layout to September 2017: two lines before the heading, Year and Period Name, RTT Part Name."""
    heading, *below = old_rows()
    names = {"Period": "Period Name", "RTT Part Type": "RTT Part Name"}
    heading = ["Year", *(names.get(cell, cell) for cell in heading), "Status"]
    table = [heading, *(["2019/20", "MARCH", *row[1:], "Final"] for row in below)]
    return ("RTT extract\r\n\r\n" + makers.as_csv(change(table))).encode()


def _july_2016(table: list[list[str]]) -> list[list[str]]:
    names = {
        "Treatment Function Code": "Treatment Function Name",
        "Treatment Function Name": "Treatment Function Description",
    }
    return [[names.get(cell, cell) for cell in table[0]], *table[1:]]


OLD_LAYOUTS = {
    "2017-10 to 2021-03": makers.as_csv(old_rows()).encode(),
    "in capitals": makers.as_csv(old_rows()).replace("RTT-March-2020", "RTT-MARCH-2020").encode(),
    "to 2017-09": front_matter(lambda table: table),
    "2016-07": front_matter(_july_2016),
}


@pytest.mark.parametrize("data", OLD_LAYOUTS.values(), ids=OLD_LAYOUTS.keys())
def test_an_open_band_of_52_says_nothing_beyond(data):
    parsed = read(unpack("old.csv", data), LoadOptions())
    assert (parsed.census_date, parsed.open_band) == (OLD, 52)
    fact = facts_of(data, "old.csv")["provider", "RAA", "2", "C_100", "english"]
    assert [fact["total"], fact["within_18"], fact["over_18"], fact["over_52"]] == [15, 3, 12, 5]
    assert [fact[f"over_{weeks}"] for weeks in (65, 78, 104)] == [None, None, None]
    assert [fact["w051"], fact["w052"], fact["w053"], fact["w104"]] == [4, 5, 0, 0]


def test_with_front_matter_a_total_that_differs_is_only_noted():
    def without_a_part(table):
        return [row for row in table if row[12] != "C_100"]

    parsed = read(unpack("old.csv", front_matter(without_a_part)), LoadOptions())
    assert "is not the sum of its parts" in str(parsed.problems[0])
    assert {problem.severity for problem in parsed.problems} == {"note"}


def without_total_all(table: list[list[str]]) -> list[list[str]]:
    at = table[0].index("Total All")
    return [[cell for column, cell in enumerate(row) if column != at] for row in table]


def test_an_old_extract_without_total_all_is_added_up():
    """Fault 35: extracts of about 2017 without the column were refused, though their bands say it."""
    data = front_matter(without_total_all)
    parsed = read(unpack("old.csv", data), LoadOptions())
    assert facts_of(data, "old.csv") == facts_of(front_matter(lambda table: table), "old.csv")
    assert str(parsed.problems[0]).endswith(
        "There is no column Total All: each row's bands and unknown clock starts were added up instead."
    )


def test_new_periods_that_have_no_number_without_it_are_left_out_and_said():
    """Fault 35: a part 3 has no bands to add up; it is not known, rather than none."""
    facts = OLD_FACTS | {("RAA", "00R", "3", "C_100"): 7}
    heading, *below = makers.table(facts, census=OLD, open_band=52)
    names = {"Period": "Period Name", "RTT Part Type": "RTT Part Name"}
    table = [["Year", *(names.get(cell, cell) for cell in heading)]]
    table += [["2019/20", "MARCH", *row[1:]] for row in below]
    data = makers.as_csv(without_total_all(table)).encode()
    parsed = read(unpack("old.csv", data), LoadOptions())
    assert "2 rows of new periods (part 3) have no number without it and were left out." in str(
        parsed.problems[0]
    )
    assert {key[2] for key in facts_of(data, "old.csv")} == {"2", "1A"}


def organisations(connection) -> dict[tuple[str, str], tuple[str, ...]]:
    columns = schema.organisation.c
    query = select(
        columns.level, columns.code, columns.name, columns.parent_code, columns.parent_name, columns.kind
    )
    return {(row[0], row[1]): tuple(row[2:]) for row in connection.execute(query)}


def test_who_is_who(engine, tmp_path):
    facts = {
        ("RAA", "00R", "2", "C_100"): {1: 1},
        ("NT447", "13Q", "2", "C_100"): {1: 1},
        ("ZZZZZ", "NONC", "2", "C_100"): {1: 1},
        ("TAD", "Y56", "2", "C_100"): {1: 1},
        ("RAA", "99X", "2", "C_100"): {1: 1},
        ("RAA", "98A", "2", "C_100"): {1: 1},
    }
    parents = makers.PARENTS | {"Y56": "", "99X": "QXX", "98A": "QZ9"}
    path = tmp_path / NAME
    table = makers.table(facts, census=CENSUS, parents=parents)
    for row in table:  # what spreadsheets made of the names of one month
        row[8] = {"NONC": "#N/A", "Y56": ""}.get(row[7], row[8])
    path.write_text(makers.as_csv(table), newline="")
    load_path(engine, path)
    with engine.connect() as connection:
        found = organisations(connection)
    direct = "NHS England (direct commissioning)"
    assert found["icb", "QE1"][1] == "Y62"
    assert found["region", "Y62"][0] == "NORTH WEST COMMISSIONING REGION"
    assert found["icb", "-"] == (direct, "-", direct, "")
    assert found["region", "-"][0] == direct
    assert found["icb", "QXX"][1] == "unknown"
    assert found["region", "unknown"][0] == "Region not known"
    assert found["icb", "QZ9"][1] == "Y99"
    assert found["commissioner", "NONC"][0] == "Non-English commissioners"
    assert found["commissioner", "Y56"][:2] == ("LONDON COMMISSIONING REGION", "-")
    assert {code: kind[-1] for (level, code), kind in found.items() if level == "provider"} == {
        "RAA": "nhs",
        "NT447": "independent",
        "ZZZZZ": "unknown",
        "TAD": "nhs",
    }
    assert not {code for level, code in found if level in {"icb", "region"}} & {"NONC", ""}


def test_an_unknown_icb_is_noted():
    facts = {("RAA", "99X", "2", "C_100"): {1: 1}}
    table = makers.table(facts, census=CENSUS, parents={"99X": "QXX"})
    parsed = read(unpack(NAME, makers.as_csv(table).encode()), LoadOptions())
    assert "QXX" in str(parsed.problems[0])


def test_the_content_of_a_zip_is_known_by_its_csv():
    zipped: Content = unpack("x.zip", _zipped(**{NAME: sound()}))
    assert (zipped.name, zipped.sha256) == (NAME, unpack(NAME, sound()).sha256)


def test_a_zip_that_a_mac_packed_has_one_csv():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(NAME, sound())
        archive.writestr(f"__MACOSX/._{NAME}", b"\0\5\26\7")
    assert unpack("x.zip", packed.getvalue()).name == NAME
