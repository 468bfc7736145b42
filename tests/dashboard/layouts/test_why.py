"""Why it differs: two bases from the address, the steps between, every other basis, and what there is not."""

import csv
import json
from datetime import date

import pytest
from sqlalchemy import event

from dashboard.cli import clock
from dashboard.filters import from_query
from dashboard.layouts.why.draw import load
from dashboard.scope.scope import resolve
from dashboard.store.cache import reading
from ingest.loading.load import load_path
from ingest.store.database import make_engine
from tests import makers
from tests.dashboard import enquiries
from tests.dashboard.commands import Command
from tests.dashboard.months import (
    drawn,
    graph,
    kind,
    load_months,
    months_from,
    parts_of,
    prop,
    table_rows,
    text_of,
)

DAYS = months_from(date(2025, 1, 31), 2)
# RX1 and RTD are at home in QE1, which has 00R; 91Q is in QKS. RX1 sends nothing in February.
JANUARY = {
    ("RTD", "00R", "2", "C_100"): {2: 600, 30: 300, 60: 100},
    ("RTD", "91Q", "2", "C_100"): {2: 50},
    ("RTD", "NONC", "2", "C_100"): {60: 40},
    ("RX1", "00R", "2", "C_100"): {2: 200, 60: 20},
    ("RTD", "00R", "1A", "C_100"): {3: 70, "unknown": 5},
    ("RTD", "00R", "3", "C_100"): 90,
}
FEBRUARY = {key: value for key, value in JANUARY.items() if key[0] != "RX1"}


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    folder = tmp_path_factory.mktemp("why")
    engine = load_months(folder, dict(zip(DAYS, (JANUARY, FEBRUARY), strict=True)))
    yield engine
    engine.dispose()


def page_of(engine, query):
    return drawn(engine, f"/why?{query}")[2]


def options(page, label):
    (found,) = [
        each for each in parts_of(page)
        if kind(each) == "Label" and text_of(prop(each, "children")[0]) == label
    ]  # fmt: skip
    return [each["label"] for each in prop(prop(found, "children")[1], "options")]


@pytest.mark.parametrize(
    ("query", "steps"),
    [
        ("level=england&against=nonc", [("Non-English commissioners counted in", "+40")]),
        ("level=england&basis=nonc&against=own", [("Non-English commissioners left out", "−40")]),
        ("level=england&against=carried", [("Last lists of missing trusts added", "+220")]),
        (
            "level=icb&org=QE1&basis=carried&against=provider.nonc",
            [
                ("Last lists of missing trusts taken off", "−220"),
                ("By provider, no longer by commissioner", "+50"),
                ("Non-English commissioners counted in", "+40"),
            ],
        ),
        ("level=england&measure=stops&against=known", [("Unknown clock starts left out", "−5")]),
        ("level=provider&org=RTD&measure=share_within_18&against=nonc", [
            ("Non-English commissioners counted in", "−2.272 points"),
        ]),
    ],
)  # fmt: skip
def test_each_step_has_its_size_and_they_end_at_the_other_figure(engine, query, steps):
    page = page_of(engine, query)
    rows = table_rows(page, "From one figure to the other")
    assert [(row[0], row[2]) for row in rows[1:-1]] == steps
    figure = graph(page)
    (bars,) = [trace for trace in figure["data"] if trace["type"] == "bar"]
    assert len(bars["x"]) == len(steps)


def test_a_step_without_a_size_is_told_and_not_drawn(engine):
    page = page_of(engine, "level=icb&org=QKS&against=provider.nonc&census=2025-01-31")
    rows = table_rows(page, "From one figure to the other")
    assert rows[0][3] == "50"
    same = page_of(engine, "level=england&basis=own&against=own")
    assert "there is no difference." in text_of(same)
    assert not [each for each in parts_of(same) if kind(each) == "Graph"]


def test_only_bases_that_exist_are_offered_and_the_others_have_a_reason(engine):
    page = page_of(engine, "level=provider&org=RTD")
    assert options(page, "To") == ["This dashboard’s figure", "With non-English commissioners"]
    text = text_of(page)
    assert "By provider: only regions and ICBs have both" in text
    assert "Known clock starts only: they are told apart among completed pathways alone" in text
    assert "NHS England’s estimates: NHS England estimates for England as a whole alone" in text
    asked = text_of(page_of(engine, "level=provider&org=RTD&against=provider&basis=moon"))
    assert "“provider” is no basis of this figure and was ignored." in asked
    assert "“moon” is no basis of this figure and was ignored." in asked


def test_every_figure_leads_here_in_one_click(engine):
    for path, key in (("/", "total"), ("/", "starts"), ("/trends?measure=over_52", "over_52")):
        address = f"{path}{'&' if '?' in path else '?'}level=icb&org=QE1"
        links = [prop(each, "href") for each in parts_of(drawn(engine, address)[2]) if kind(each) == "A"]
        assert f"/why?level=icb&org=QE1&measure={key}" in links


def test_a_tracking_list_and_a_part_of_a_list_have_no_such_link(engine):
    links = json.dumps([str(prop(each, "href")) for each in parts_of(drawn(engine, "/?pathway=dta")[2])])
    assert "/why" not in links


def test_the_page_asks_two_statements_beside_those_of_its_scope(engine):
    asked = []
    with reading(engine) as connection:
        scope = resolve(connection, from_query("level=commissioner&org=00R")[0], enquiries.by())
        event.listen(connection, "before_cursor_execute", lambda *call: asked.append(call[2]))
        load(connection, scope)
    assert len(asked) == 2


def test_the_command_prints_the_steps_of_the_page(engine, monkeypatch, capsys):
    monkeypatch.setenv("RTT_DATABASE_URL", str(engine.url))
    command = Command(monkeypatch, capsys)
    monkeypatch.setattr(clock, "today", lambda: date(2025, 5, 1))
    ran = command("why", "--org", "QE1", "--from", "carried", "--to", "provider.nonc", "--format", "csv")
    assert ran.code == 0
    rows = list(csv.reader(ran.out.splitlines()))
    assert [row[1:3] for row in rows[1:]] == [["", "1220"], ["-220", "1000"], ["50", "1050"], ["40", "1090"]]
    refused = command("why", "--org", "RTD", "--to", "provider")
    assert refused.code == 2
    assert "these bases: own, nonc" in refused.err
    for month in ("2027-12", "2025-13"):
        refused = command("why", "--org", "RTD", "--census", month)
        assert (refused.code, refused.out) == (2, "")
        assert f"--census is '{month}'; " in refused.err


def test_either_database_says_the_same(database_url, tmp_path):
    """Sums of integers are decimals in one of them, and what stands for nothing has a type."""
    engine = make_engine(database_url)
    for day, facts in zip(DAYS, (JANUARY, FEBRUARY), strict=True):
        path = tmp_path / makers.file_name(day)
        path.write_bytes(makers.as_csv(makers.table(facts, census=day)).encode())
        assert load_path(engine, path)[0].state == "loaded"
    page = page_of(engine, "level=icb&org=QE1&basis=carried&against=provider.nonc")
    rows = table_rows(page, "From one figure to the other")
    assert [row[3] for row in rows[:-1]] == ["1,220", "1,000", "1,050", "1,090"]
    engine.dispose()
