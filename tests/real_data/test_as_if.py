"""Made-up gaps in real months, and NHS England's own estimates: a second, naive computation agrees."""

import io
import shutil
import zipfile
from datetime import date

import polars as pl
import pytest
from sqlalchemy import update

from dashboard.analysis.as_if import AS_IF, as_if_of
from dashboard.analysis.figures_table import figures
from dashboard.filters import from_query
from dashboard.layouts.trends.draw import parts
from dashboard.scope.scope import resolve
from dashboard.store.cache import reading
from dashboard.store.figures import FigureScope
from ingest.extracts import LoadOptions
from ingest.loading.load import load_path
from ingest.store.database import make_engine
from ingest.store.dataset import raise_version
from ingest.store.schema import published as series
from rtt.terms.calendar import month_end
from rtt.terms.wording import date_text, number_text
from tests.dashboard import enquiries
from tests.dashboard.months import drawn, text_of
from tests.real_data.reference_tables import rows_of

pytestmark = [pytest.mark.real_data, pytest.mark.slow]

MARCH, FEBRUARY = date(2025, 3, 31), date(2025, 2, 28)
REMOVED = ("RF4", "RBD", "NVC23")  # a large trust, a small one, an independent hospital
PLACES = {
    "england": "level=england",
    "icb": "level=icb&org=QMF",
    "commissioner": "level=commissioner&org=11J",
    "region": "level=region&org=Y56",
}


def raw(folder, start):
    (path,) = (folder / "national").glob(f"{start}-*.zip")
    with zipfile.ZipFile(path) as archive:
        return path, pl.read_csv(io.BytesIO(archive.read(archive.namelist()[0])), infer_schema=False)


@pytest.fixture(scope="module")
def february(published):
    return raw(published, "20250228")[1]


@pytest.fixture(scope="module")
def gap(twelve_months_path, tmp_path_factory, published):
    """The twelve months, March 2025 without three providers; and the rows that March has then."""
    folder = tmp_path_factory.mktemp("gap")
    shutil.copy(twelve_months_path, folder / "rtt.db")
    engine = make_engine(f"sqlite:///{folder / 'rtt.db'}")
    path, march = raw(published, "20250331")
    kept = march.filter(~pl.col("Provider Org Code").is_in(REMOVED))
    cut = folder / f"{path.stem}-2.csv"
    cut.write_bytes(kept.write_csv(line_terminator="\r\n").encode())
    (result,) = load_path(engine, cut, options=LoadOptions(replace=True), report=lambda *_: None)
    assert result.state == "loaded"
    yield engine, kept
    engine.dispose()


def counted(rows, level, function):
    """Pathways, within 18 and over 52 weeks of a place, straight from the rows of the file."""
    wanted = (pl.col("RTT Part Type") == "Part_2") & (pl.col("Commissioner Org Code") != "NONC")
    wanted &= pl.col("Treatment Function Code") == function
    code = PLACES[level].rpartition("=")[2]
    if level == "icb":
        wanted &= pl.col("Commissioner Parent Org Code") == code
    if level == "commissioner":
        wanted &= pl.col("Commissioner Org Code") == code
    mine = rows.filter(wanted)
    bands = [each for each in mine.columns if each.startswith("Gt ")]
    sums = mine.select(pl.col([*bands, "Total All"]).replace("", "0").cast(pl.Int64).sum())
    bands_of = [sums[each].item() for each in bands]
    return sums["Total All"].item(), sum(bands_of[:18]), sum(bands_of[52:])


@pytest.mark.parametrize("level", ["england", "icb", "commissioner"])
@pytest.mark.parametrize("function", ["C_999", "C_110"])
def test_a_made_up_gap_is_filled_with_the_lists_of_the_month_before(gap, february, level, function):
    engine, march = gap
    tf = "" if function == "C_999" else f"&tf={function}"
    with reading(engine) as connection:
        scope = resolve(connection, from_query(f"{PLACES[level]}{tf}")[0], enquiries.by())
        table = figures(
            connection,
            FigureScope(
                level=level, first=MARCH, last=MARCH, part="2", treatment_function=function,
                organisation=None if level == "england" else scope.organisation.code,
            ),
        )  # fmt: skip
    gone = set(february["Provider Org Code"]) - set(march["Provider Org Code"])
    assert set(REMOVED) <= gone
    lists = february.filter(pl.col("Provider Org Code").is_in(gone))
    least = 0.005 if level == "england" else 0.01
    if counted(lists, level, function)[0] < least * counted(february, level, function)[0]:
        # Too little for a gap: of independent providers none is carried then.
        lists = lists.filter(pl.col("Provider Org Code").str.contains("^R[0-9A-Z]{2}$"))
    reported, carried = counted(march, level, function), counted(lists, level, function)
    added = as_if_of(scope)[MARCH].added
    assert (added.total, added.within_18, added.over_52) == carried
    (row,) = table.itertuples()
    assert row.total == reported[0]
    whole = tuple(a + b for a, b in zip(reported, carried, strict=True))
    assert (row.as_if_total, row.as_if_within_18, row.as_if_over_52) == whole


def test_nothing_is_carried_in_months_of_which_nhs_england_misses_nobody(twelve_months):
    """In all twelve its series prints the same with estimates as without: whoever went, went for good."""
    for query in PLACES.values():
        with reading(twelve_months) as connection:
            scope = resolve(connection, from_query(query)[0], enquiries.by())
        assert as_if_of(scope) == {}
    with reading(twelve_months) as connection:
        table = figures(connection, FigureScope(level="icb", part="2", treatment_function="C_999"))
    assert table.as_if_from.isna().all()


def test_england_has_nhs_englands_own_estimate_where_its_series_prints_one(gap, february):
    """As of RF4 in October 2025: +58,662. Its reported figure must be the one that is loaded."""
    engine, march = gap
    reported = counted(march, "england", "C_999")
    printed = {"total": 58_662, "within_18": 30_000, "over_52": 1_111}
    with engine.begin() as connection:
        for (name, more), own in zip(printed.items(), reported, strict=True):
            for measure, value in ((name, own), (f"{name}_with_estimates", own + more)):
                changed = connection.execute(
                    update(series)
                    .where(series.c.measure == f"incomplete.{measure}", series.c.month == MARCH)
                    .values(value=value)
                )
                assert changed.rowcount == 1
        raise_version(connection, kind=None)
    scope, found, page = drawn(engine, "/?level=england")
    lacks = as_if_of(scope)[MARCH]
    assert (lacks.added.total, lacks.added.within_18, lacks.added.over_52) == tuple(printed.values())
    assert found.charts["total"].last.value == reported[0]
    assert (
        f"{AS_IF}: {reported[0] + 58_662:,}; NHS England’s own estimate for missing trusts adds 58,662 "
        "(series of May 2026)." in text_of(page)
    )
    # Elsewhere the lists stand: the series tells of England alone.
    icb, _, _ = drawn(engine, f"/?{PLACES['icb']}")
    assert as_if_of(icb)[MARCH].carried


def test_since_2007_the_published_estimates_stand_beside_the_published_figures(twelve_months, published):
    scope, found, _ = drawn(twelve_months, "/trends?level=england&measure=total&since=2007")
    (chart,) = [each.chart for each in parts(scope, found) if getattr(each, "name", "") == "level"]
    at = chart.columns.index(AS_IF)
    shown = {row[0]: row[at] for row in chart.rows if row[at]}
    truth = {}
    for row in rows_of(published, "england_timeseries_vintage_2026-05__to_2025-03.csv"):
        reported, whole = row["incomplete.total"], row["incomplete.total_est"]
        if reported and float(reported) != float(whole):
            truth[date_text(month_end(date.fromisoformat(f"{row['month']}-01")))] = number_text(float(whole))
    assert shown == truth
    assert shown["31 Oct 2022"] == "7,214,182"
