"""Real figures of ICBs and trusts in workbooks, as their months are published: read, equal to the extracts of
their months, and shown where no extract is loaded.

The counts, shares and weeks are NHS England's own (the tables in the reference folder); those tables hold no
week bands, so that each row's pathways are put into the bands that its thresholds allow.
"""

import shutil
from collections import defaultdict
from datetime import date

import pytest

from dashboard.analysis.published_organisations import published_of_organisation
from dashboard.filters import from_query
from dashboard.scope.scope import resolve
from dashboard.store.cache import reading
from ingest.loading.load import load_path, remove
from ingest.reconcile.tables import reconcile_tables
from ingest.store.database import make_engine
from tests.dashboard import enquiries
from tests.ingest import published_workbooks as workbooks
from tests.real_data import reference_tables as reference

pytestmark = [pytest.mark.real_data, pytest.mark.slow]

# Before the twelve extracts, with December 2023 left out, and one among them.
BEFORE = {"2023-11": date(2023, 11, 30), "2024-01": date(2024, 1, 31), "2024-03": date(2024, 3, 31)}
BETWEEN = date(2024, 10, 31)
OF_ICB = ("Incomplete_Pathways", "Within_18wks", "Pct_Within_18wks", "Median_Wait_Wks", "P92_Wait_Wks",
          "Waiters_52plus", "Waiters_78plus", "Waiters_65plus")  # fmt: skip
OF_TRUST = ("total", "within18", "over52", "over78", "over65")
HEADINGS = workbooks.INCOMPLETE[:-1]
COUNTS = (*HEADINGS[:2], *HEADINGS[5:])


def bands(total, within, over_52, over_78, over_65):
    rest = {
        0: within,
        18: total - within - over_52,
        52: over_52 - over_65,
        65: over_65 - over_78,
        78: over_78,
    }
    return {band: count for band, count in rest.items() if count}


def number(text):
    return float(text) if text not in ("", "-") else "-"


@pytest.fixture(scope="module")
def icb_rows(published):
    found = defaultdict(list)
    for row in reference.rows_of(published, reference.ICB_BY_FUNCTION):
        found[row["Period"]].append(row)
    return found


@pytest.fixture(scope="module")
def trust_rows(published):
    rows = reference.rows_of(published, reference.PROVIDER_BY_FUNCTION)
    return [row for row in rows if row["month"] == f"{BETWEEN:%Y-%m}"]


@pytest.fixture(scope="module")
def engine(published, icb_rows, trust_rows, twelve_months_path, tmp_path_factory):
    """The twelve months, three workbooks by commissioner before them, and one by provider of October 2024."""
    folder = tmp_path_factory.mktemp("books")
    shutil.copy(twelve_months_path, folder / "rtt.db")
    engine = make_engine(f"sqlite:///{folder / 'rtt.db'}")
    books = []
    for month, day in BEFORE.items():
        rows = []
        for row in icb_rows[month]:
            counts = [int(row[OF_ICB[at]]) for at in (0, 1, 5, 6, 7)]
            names = (row["ICB_Code"], row["ICB_Name"], row["TF_Code"], row["Treatment_Function"])
            rows.append((names, bands(*counts), [number(row[name]) for name in OF_ICB]))
        front = workbooks.front(period=f"{day:%B %Y}", basis="Commissioner")
        books.append(
            workbooks.save(
                folder / f"Incomplete-Commissioner-{day:%b%y}-XLSX-4M.xlsx", {"ICB": rows},
                names=workbooks.ICB, headings=HEADINGS, front=front,
            )
        )  # fmt: skip
    rows = []
    for row in trust_rows:
        counts = [int(row[name]) for name in OF_TRUST]
        names = ("Y00", row["provider_code"], row["provider_name"], row["tfc"], row["tfc"])
        rows.append((names, bands(*counts), counts))
    books.append(
        workbooks.save(
            folder / "Incomplete-Provider-Oct24-XLSX-9M.xlsx", {"Provider": rows}, headings=COUNTS,
            front=workbooks.front(period="October 2024"),
        )
    )  # fmt: skip
    for book in books:
        [result] = load_path(engine, book)
        assert result.state == "loaded", [str(each) for each in result.problems]
    yield engine
    engine.dispose()


def test_the_book_of_october_2024_equals_its_extract(engine, trust_rows):
    with engine.connect() as connection:
        told = reconcile_tables(connection)
    # The table at hand holds no waits over 104 weeks, which the book's last band would.
    assert {each.measure for each in told.differing} <= {"over_104"}
    assert {(each.month, each.level) for each in told.held} == {(BETWEEN, "provider")}
    assert sum(each.figures for each in told.held) == 6 * len(trust_rows) > 14_000
    assert told.without_extract == {("commissioner", "2"): list(BEFORE.values())}


ICB_MEASURES = {
    "total": "Incomplete_Pathways", "share_within_18": "Pct_Within_18wks", "median_weeks": "Median_Wait_Wks",
    "high_percentile_weeks": "P92_Wait_Wks", "over_52": "Waiters_52plus", "over_65": "Waiters_65plus",
    "over_78": "Waiters_78plus",
}  # fmt: skip


def test_every_icb_and_specialty_of_months_before_the_extracts(engine, icb_rows):
    """Each figure that NHS England published for an ICB of today, of three specialties."""
    printed = {
        (row["Period"], row["ICB_Code"], row["TF_Code"]): row for month in BEFORE for row in icb_rows[month]
    }
    compared = 0
    with reading(engine) as connection:
        england = resolve(connection, from_query("?census=2025-03")[0], enquiries.by())
        icbs = [
            each.code for each in england.organisations if each.level == "icb" and each.code.startswith("Q")
        ]
        assert len(icbs) == 42
        for code in icbs[::2]:
            for function in ("C_110", "C_130", "X05"):
                query = from_query(f"?level=icb&org={code}&tf={function}")[0]
                scope = resolve(connection, query, enquiries.by())
                for key, heading in ICB_MEASURES.items():
                    found = published_of_organisation(connection, scope, key).findings
                    assert [each.census_date for each in found] == list(BEFORE.values()), (
                        code,
                        function,
                        key,
                    )
                    for month, each in zip(BEFORE, found, strict=True):
                        truth = number(printed[month, code, function][heading])
                        assert each.value == (None if truth == "-" else pytest.approx(truth, abs=1e-9))
                        compared += 1
    assert compared == 21 * 3 * 7 * 3


def test_a_trust_has_the_month_whose_extract_is_taken_out(engine, trust_rows):
    assert remove(engine, "monthly", BETWEEN) > 0
    with reading(engine) as connection:
        compared = 0
        for row in [each for each in trust_rows if each["tfc"] in ("C_110", "C_130")][::9]:
            code, function = row["provider_code"], row["tfc"]
            query = from_query(f"?level=provider&org={code}&history=then&tf={function}")[0]
            scope = resolve(connection, query, enquiries.by())
            if (scope.organisation.code, scope.functions) != (code, (function,)):
                continue  # it has ended by March 2025, or nobody waits in the specialty
            compared += 1
            for key, heading in (("total", "total"), ("over_52", "over52"), ("over_65", "over65")):
                (only,) = published_of_organisation(connection, scope, key).findings
                assert (only.census_date, only.value) == (BETWEEN, int(row[heading]))
            shares = published_of_organisation(connection, scope, "share_within_18").findings
            # Of nobody there is no share; of anybody the table gives two places.
            assert len(shares) == (int(row["total"]) > 0)
            assert all(abs(each.value - float(row["pct18_2dp"])) <= 0.005 + 1e-9 for each in shares)
    assert compared > 25
