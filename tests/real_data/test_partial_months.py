"""Cut-outs of a published month: each is loaded, marked PARTIAL and never called England."""

import io
import shutil
import zipfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from dashboard.analysis.not_whole import not_whole_words
from dashboard.filters import from_query
from dashboard.scope.scope import resolve
from dashboard.store.cache import reading
from ingest.extracts import LoadOptions
from ingest.extracts.monthly.compositions import compositions_of, statement
from ingest.forecasts.issue import newest_census
from ingest.forecasts.monthly_inputs import monthly_inputs
from ingest.loading.load import load_path
from rtt.terms.whole_month import lacking
from tests.dashboard import enquiries
from tests.dashboard.months import drawn, text_of

pytestmark = pytest.mark.real_data

NAME = "20240430-RTT-April-2024-full-extract-revised"


@pytest.fixture(scope="module")
def april(published):
    """The rows of April 2024 as text."""
    with zipfile.ZipFile(published / "national" / f"{NAME}.zip") as archive:
        return pl.read_csv(io.BytesIO(archive.read(archive.namelist()[0])), infer_schema=False)


def is_(column, *values):
    return pl.col(column).is_in(values)


def first_half(rows):
    """The providers that stand whole in the first half of the file: its rows are sorted by them."""
    codes = rows["Provider Org Code"].unique(maintain_order=True).to_list()
    half = rows.head(rows.height // 2)["Provider Org Code"].n_unique()
    return codes[: half - 1]


CUTS = {
    "one trust": (lambda rows: rows.filter(is_("Provider Org Code", "RBD")), "1 provider"),
    "one ICB's trusts": (lambda rows: rows.filter(is_("Provider Parent Org Code", "QJK")), "providers"),
    "one ICB's patients": (
        lambda rows: rows.filter(is_("Commissioner Parent Org Code", "QJK")), "1 of 42 ICBs"
    ),
    "one part": (lambda rows: rows.filter(is_("RTT Part Type", "Part_2")), "1 of 5 parts of the return"),
    "no new periods": (lambda rows: rows.filter(~is_("RTT Part Type", "Part_3")), "(no Part_3)"),
    "one specialty": (
        lambda rows: rows.filter(is_("Treatment Function Code", "C_110", "C_999")).filter(
            is_("Treatment Function Code", "C_110")
        ),
        "1 of 23 treatment functions",
    ),
    "cut off after half": (
        lambda rows: rows.filter(is_("Provider Org Code", *first_half(rows))),
        "providers (a whole month has over 400)",
    ),
    "every other provider": (
        lambda rows: rows.filter(
            is_("Provider Org Code", *rows["Provider Org Code"].unique().sort().to_list()[::2])
        ),
        "providers (a whole month has over 400)",
    ),
}  # fmt: skip


def loaded(engine, folder, rows):
    path = folder / f"{NAME}.csv"
    path.write_bytes(rows.write_csv(line_terminator="\r\n").encode())
    (result,) = load_path(engine, path, options=LoadOptions())
    assert result.state == "loaded", [str(each) for each in result.problems]
    return [str(each) for each in result.problems]


@pytest.mark.parametrize("cut", CUTS)
def test_a_cut_out_is_loaded_with_a_note_and_never_called_england(sqlite_engine, tmp_path, april, cut):
    """Fault 27: a cut-out of the national file was shown as England."""
    make, words = CUTS[cut]
    notes = loaded(sqlite_engine, tmp_path, make(april))
    assert any("PARTIAL" in note and words in note for note in notes)
    scope, _, page = drawn(sqlite_engine, "/")
    text = text_of(page)
    assert "England, all" not in text.replace("Part of England,", "")
    if cut == "one trust":
        assert (scope.organisation.level, scope.organisation.code) == ("provider", "RBD")
        assert "holds only one provider and is not England" in scope.notices[0]
        scope, _, _ = drawn(sqlite_engine, "/?level=england")
    assert scope.organisation.name == "Part of England"
    assert not_whole_words(scope)[0].startswith("PARTIAL, not England: this month’s file holds")
    assert words in not_whole_words(scope)[0]


def test_a_month_without_non_english_commissioners_is_whole_and_says_so(sqlite_engine, tmp_path, april):
    notes = loaded(sqlite_engine, tmp_path, april.filter(~is_("Commissioner Org Code", "NONC")))
    assert len(notes) == 1
    assert "NONC" in notes[0]
    scope, _, _ = drawn(sqlite_engine, "/")
    assert scope.organisation.name == "England"


def test_a_file_cut_off_within_a_provider_is_refused(sqlite_engine, tmp_path, april):
    path = tmp_path / f"{NAME}.csv"
    path.write_bytes(april.head(april.height // 2).write_csv(line_terminator="\r\n").encode())
    (result,) = load_path(sqlite_engine, path)
    assert result.state == "refused"


def test_totals_alone_are_refused(sqlite_engine, tmp_path, april):
    path = tmp_path / f"{NAME}.csv"
    rows = april.filter(is_("Treatment Function Code", "C_999"))
    path.write_bytes(rows.write_csv(line_terminator="\r\n").encode())
    (result,) = load_path(sqlite_engine, path)
    assert result.state == "refused"


def test_a_flow_that_the_file_does_not_hold_is_not_zero(sqlite_engine, tmp_path, april):
    loaded(sqlite_engine, tmp_path, april.filter(is_("RTT Part Type", "Part_2")))
    _, found, _ = drawn(sqlite_engine, "/?level=icb&org=QJK")
    for key in ("starts", "stops"):
        assert found.charts[key].last.value is None
    assert found.charts["total"].last.value > 0


def test_all_published_months_are_whole(twelve_months):
    with twelve_months.connect() as connection:
        held = compositions_of(connection.execute(statement()))
    assert len(held) == 12
    assert {month: lacking(month, each) for month, each in held.items() if lacking(month, each)} == {}


def test_beside_whole_months_a_cut_out_says_by_how_much_and_is_a_gap(twelve_months_path, tmp_path, published):
    """Fault 27: beside the months held before, by how much; and no change to it or from it."""
    from ingest.store.database import make_engine

    shutil.copy(twelve_months_path, tmp_path / "rtt.db")
    engine = make_engine(f"sqlite:///{tmp_path / 'rtt.db'}")
    name = "20250331-RTT-March-2025-full-extract-revised"
    with zipfile.ZipFile(published / "national" / f"{name}.zip") as archive:
        march = pl.read_csv(io.BytesIO(archive.read(archive.namelist()[0])), infer_schema=False)
    trust = march.filter(is_("Provider Org Code", "RBD"))
    path = tmp_path / f"{name}-2.csv"
    path.write_bytes(trust.write_csv(line_terminator="\r\n").encode())
    (result,) = load_path(engine, path, options=LoadOptions(replace=True))
    notes = [str(each) for each in result.problems if "where February 2025 had" in str(each)]
    assert len(notes) == 1
    with reading(engine) as connection:
        scope = resolve(connection, from_query("?level=england")[0], enquiries.by())
    assert "1 provider and" in not_whole_words(scope)[0]
    # The verification table of the published month counts these pathways.
    assert "where February 2025 had 463 and 7,401,153" in not_whole_words(scope)[0]
    _, found, page = drawn(engine, "/?level=england")
    assert all(chart.variation is None for chart in found.charts.values())
    assert found.charts["total"].last.earlier is None
    assert "Not judged: part of March 2025 is missing." in text_of(page)
    engine.dispose()


def test_no_forecast_is_made_from_a_cut_out_where_whole_months_are_held(sqlite_engine, tmp_path, published):
    """Fault 27: England would be said to fall to one trust, and to stay there."""
    (whole,) = (published / "national").glob("20240430-*.zip")
    (after,) = (published / "national").glob("20240531-*.zip")
    load_path(sqlite_engine, whole)
    with zipfile.ZipFile(after) as archive:
        name = archive.namelist()[0]
        rows = pl.read_csv(archive.read(name), infer_schema_length=0)
    path = tmp_path / Path(name).name
    path.write_text(rows.filter(is_("Provider Org Code", "RBD")).write_csv(line_terminator="\r\n"))
    (result,) = load_path(sqlite_engine, path)
    assert result.state == "loaded"
    until = date(2026, 11, 28)
    with sqlite_engine.connect() as connection:
        assert newest_census(connection, "monthly", until=until) == date(2024, 4, 30)
        inputs = monthly_inputs(connection, until=until)
    assert inputs is not None
    assert inputs.census_date == date(2024, 4, 30)
