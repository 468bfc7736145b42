"""Bridges between published figures on twelve real months, beside a naive count of the raw rows in pandas."""

import io
import random
import shutil
import zipfile
from datetime import date
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from dashboard.analysis.bases import bases_of, offered
from dashboard.analysis.facts import series
from dashboard.analysis.findings import figures_of
from dashboard.analysis.published_series import COLUMNS, published_series
from dashboard.filters import from_query
from dashboard.scope.scope import resolve
from dashboard.store.cache import reading
from ingest.extracts import LoadOptions
from ingest.loading.load import load_path
from ingest.store.database import make_engine
from rtt.measures.bases import CARRIED, FORMULAS, OWN, bridge
from tests.dashboard import enquiries

pytestmark = [pytest.mark.real_data, pytest.mark.slow]

MARCH, NOVEMBER, FEBRUARY = date(2025, 3, 31), date(2024, 11, 30), date(2025, 2, 28)
REMOVED = ("RF4", "RBD")
PARTS = {"Part_1A": "1A", "Part_1B": "1B", "Part_2": "2", "Part_2A": "2A", "Part_3": "3"}


def raw(folder, day):
    """The rows of a published month as text."""
    (path,) = (folder / "national").glob(f"{day:%Y%m%d}-*.zip")
    with zipfile.ZipFile(path) as archive:
        text = io.BytesIO(archive.read(archive.namelist()[0]))
    return path, pd.read_csv(text, dtype=str, keep_default_na=False)


def counted(rows):
    """Each row with the counts of its waits, straight from its bands."""
    bands = rows.loc[:, rows.columns.str.startswith("Gt ")].replace("", "0").astype(np.int64).to_numpy()
    names = {
        "Provider Org Code": "provider", "Provider Parent Org Code": "home",
        "Commissioner Org Code": "commissioner", "Commissioner Parent Org Code": "icb",
        "Treatment Function Code": "function",
    }  # fmt: skip
    found = rows[list(names)].rename(columns=names)
    found["part"] = rows["RTT Part Type"].map(PARTS)
    found["total"] = rows["Total All"].replace("", "0").astype(np.int64)
    found["unknown"] = rows["Patients with unknown clock start date"].replace("", "0").astype(np.int64)
    found["within_18"] = bands[:, :18].sum(axis=1)
    found["over_14_to_18"] = bands[:, 14:18].sum(axis=1)
    found["over_48_to_52"] = bands[:, 48:52].sum(axis=1)
    for weeks in (40, 52, 65, 78, 104):
        found[f"over_{weeks}"] = bands[:, weeks:].sum(axis=1)
    return found


@pytest.fixture(scope="module")
def months(published):
    """Rows by month; March lacks two trusts."""
    found = {day: counted(raw(published, day)[1]) for day in (MARCH, NOVEMBER, FEBRUARY)}
    march = found[MARCH]
    return found | {MARCH: march[~march["provider"].isin(REMOVED)]}


@pytest.fixture(scope="module")
def engine(twelve_months_path, tmp_path_factory, published):
    """The twelve months and the series; of March a file without two trusts, in place of the published one."""
    folder = tmp_path_factory.mktemp("bases")
    shutil.copy(twelve_months_path, folder / "rtt.db")
    engine = make_engine(f"sqlite:///{folder / 'rtt.db'}")
    path, march = raw(published, MARCH)
    cut = folder / f"{path.stem}-2.csv"
    march[~march["Provider Org Code"].isin(REMOVED)].to_csv(cut, index=False, lineterminator="\r\n")
    (result,) = load_path(engine, cut, options=LoadOptions(replace=True), report=lambda *_: None)
    assert result.state == "loaded"
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def scopes(engine):
    """60 random scopes of every level, with and without a specialty, in any month; their bases."""
    rng, found = random.Random(2025), []
    with reading(engine) as connection:
        listed = resolve(connection, from_query("?level=england")[0], enquiries.by())
        places = {level: [each.code for each in listed.organisations if each.level == level]
                  for level in ("region", "icb", "provider", "commissioner")}  # fmt: skip
        for at in range(60):
            level = ("england", *places)[at % 5]
            where = "" if level == "england" else f"&org={rng.choice(places[level])}"
            day = rng.choice((MARCH, NOVEMBER, *listed.dates))
            tf = rng.choice(("", "", f"&tf={rng.choice(listed.offered_functions)}", "&tf=C_110,C_130"))
            query = f"?level={level}{where}&census={day}{tf}"
            scope = resolve(connection, from_query(query)[0], enquiries.by())
            found.append((scope, bases_of(connection, scope)))
    return found


def test_200_random_pairs_of_bases_and_scopes_add_up_exactly(scopes):
    rng, steps = random.Random(200), 0
    for _ in range(200):
        _, bases = rng.choice(scopes)
        key = rng.choice([key for key in FORMULAS if bases.offers(key, OWN)] or ["total"])
        choice = offered(bases, key) or [OWN]
        first, last = rng.choice(choice), rng.choice(choice)

        def figure(basis, bases=bases, key=key):
            return bases.figure(key, basis)

        there, back = bridge(first, last, figure), bridge(last, first, figure)
        if there is None:
            assert not bases.offers(key, OWN)
            continue
        ends = [figure(basis).value for basis in (first, last)]
        assert there.start == ends[0]
        assert there.start + sum((step.size for step in there.steps), Fraction(0)) == there.end == ends[1]
        assert there.difference == -back.difference
        assert all(step.size.denominator == 1 for step in there.steps) or FORMULAS[key].denominator
        assert bridge(first, first, figure).steps == ()
        steps += len(there.steps)
    assert steps > 100


def english(rows):
    return rows[rows["commissioner"] != "NONC"]


def of_places(scope, rows, column):
    """The rows whose ICB, in this column, is the scope's or lies in its region."""
    # Hubs and regional offices have no parent: NHS England itself commissions, "-".
    icbs = rows[column].where(rows[column] != "", "-")
    regions = {each.code: each.parent_code for each in scope.organisations if each.level == "icb"}
    own = icbs if scope.organisation.level == "icb" else icbs.map(regions)
    return rows[own.isin(scope.codes)]


def of_scope(scope, rows):
    """The rows of a scope by commissioner; of a provider its own."""
    level = scope.organisation.level
    rows = rows[rows["function"].isin(scope.functions or ["C_999"])]
    if level in ("icb", "region"):
        return of_places(scope, english(rows), "icb")
    return rows if level == "england" else rows[rows[level].isin(scope.codes)]


def naive(scope, rows, february, key, basis):
    """The figure of a basis, from the rows of the file."""
    mine = of_scope(scope, rows)
    if basis.side == "provider":
        mine = of_places(scope, rows[rows["function"].isin(scope.functions or ["C_999"])], "home")
    if basis.commissioners == "":
        mine = english(mine)
    if basis.missing == CARRIED:
        lists = february[february["provider"].isin(each.code for each in scope.carried(scope.census))]
        mine = pd.concat([mine, of_scope(scope, english(lists[lists["part"] == "2"]))])

    def total(terms):
        found = 0
        for sign, part, count in terms:
            of_part = mine[mine["part"] == part]
            found += sign * int(of_part[count].sum())
            if basis.starts == "known" and count == "total" and part in ("1A", "1B"):
                found -= sign * int(of_part["unknown"].sum())
        return found

    formula = FORMULAS[key]
    return total(formula.numerator), total(formula.denominator) if formula.denominator else None


def test_the_figures_at_both_ends_are_those_of_the_raw_rows(scopes, months):
    checked, kinds = 0, set()
    for scope, bases in scopes:
        if scope.census not in (MARCH, NOVEMBER):
            continue
        for key in FORMULAS:
            for basis in offered(bases, key):
                if basis.vintage or basis.missing == "estimated":
                    continue
                found = bases.figure(key, basis)
                ends = naive(scope, months[scope.census], months[FEBRUARY], key, basis)
                assert (found.numerator, found.denominator) == ends, (scope.filters, key, basis)
                checked += 1
                kinds.add((scope.organisation.level, basis))
    assert checked > 300
    assert {basis.text for _, basis in kinds} >= {"", "nonc", "known", "provider", "carried", "provider.nonc"}


def test_this_dashboards_england_is_the_published_series_in_every_month_and_measure(twelve_months):
    with reading(twelve_months) as connection:
        newest = resolve(connection, from_query("?level=england")[0], enquiries.by())
        for day in newest.dates:
            scope = resolve(connection, from_query(f"?level=england&census={day}")[0], enquiries.by())
            bases = bases_of(connection, scope)
            for key in set(COLUMNS) & set(FORMULAS):
                series_of = {each.census_date: each for each in published_series(connection, scope, key)}
                own = bases.figure(key, OWN)
                assert float(own.value) == pytest.approx(series_of[day].value, rel=1e-12), (day, key)
                vintages = [basis for basis in offered(bases, key) if basis.vintage]
                assert all(bases.figure(key, basis) == own for basis in vintages), (day, key)


def test_the_dashboards_own_figure_is_that_of_every_page(scopes, engine):
    with reading(engine) as connection:
        for scope, bases in scopes[::4]:
            figures = figures_of(scope, series(connection, scope))
            for key in FORMULAS:
                found, amount = figures.find(key), bases.figure(key, OWN)
                if found is None or found.value is None or amount is None or amount.value is None:
                    continue
                assert found.value == pytest.approx(float(amount.value), rel=1e-12), (scope.filters, key)
