"""The plan: one answer, one chart, one table; what is asked in the address alone; what is saved stays."""

import csv
import io
import json
import re
import shutil
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select, update

from dashboard.analysis import pack
from dashboard.analysis.planning import table
from dashboard.analysis.planning.sentences import answer_sentences
from dashboard.analysis.planning.work_out import answer_of
from dashboard.filters import from_query
from dashboard.packs.contents.plan import plan_pages
from dashboard.scope.scope import resolve
from dashboard.store.cache import reading
from ingest.store.database import make_engine
from ingest.store.schema import scenario
from tests.dashboard import enquiries, tracked
from tests.dashboard import served_pages as served

OURS = {"Origin": "http://localhost"}
TODAY = date(2026, 3, 1)
TRUST = "?source=monthly&level=provider&org=R9A"
SPECIALTY = f"{TRUST}&tf=C_110"
AHEAD = "&target=68&due=2026-12-31"


@pytest.fixture(scope="module")
def engine(demo_template, tmp_path_factory):
    """One copy for all tests here: whoever saves also withdraws."""
    path = tmp_path_factory.mktemp("plans") / "demo.db"
    shutil.copy(demo_template, path)
    engine = make_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture
def client(engine, tmp_path):
    return served.client_of(engine, tmp_path, today=TODAY)


@pytest.fixture
def looker(engine, tmp_path):
    """Somebody who may change nothing."""
    return served.client_of(engine, tmp_path, today=TODAY, access="none")


def page_of(client, query):
    return served.drawn(client, "/plan", query)["page"]


def answer(engine, query):
    with reading(engine) as connection:
        scope = resolve(connection, from_query(query)[0], enquiries.by(today=TODAY))
        return answer_of(connection, scope)


def chart_rows(page, name="plan"):
    head, *rows = served.table_of(served.cards(page)[name])
    return [dict(zip(head, row, strict=True)) for row in rows]


def saved(client, query, name):
    form = {"query": query, "name": name, "back": f"/plan{query}"}
    return client.post("/plan/scenarios", data=form, headers=OURS)


def links(node):
    return {served.words(part): part["props"].get("href") for part in served.of_type(node, "A")}


def test_the_answer_stands_first_and_says_what_the_command_says(client, engine):
    for query in (TRUST, SPECIALTY, f"{TRUST}{AHEAD}", f"{SPECIALTY}{AHEAD}&stops=5", "?source=monthly"):
        said = answer_sentences(answer(engine, query))
        card = served.cards(page_of(client, query))["answer"]
        assert served.words(served.of_type(card, "H2")[0]) == said[0]
        assert " ".join(said[1:]) in [served.words(each) for each in served.of_type(card, "P")]


def test_as_now_is_the_issued_forecast_of_breaches(client):
    for query in (TRUST, SPECIALTY, "?source=monthly"):
        projected = served.cards(served.drawn(client, "/breaches", f"{query}&show=projection")["page"])
        head, *rows = served.table_of(projected["projection"])
        issued = {
            row[0]: row[head.index("Figure")]
            for row in rows
            if row[head.index("Kind")] in ("Forecast", "Scenario")
        }
        own = {row["Month end"]: row["As now"] for row in chart_rows(page_of(client, query)) if row["As now"]}
        both = issued.keys() & own.keys()
        assert len(both) > 5
        assert {day: own[day] for day in both} == {day: issued[day] for day in both}


def test_the_axis_of_the_chart_holds_every_month_also_after_the_target(client):
    """A target before the last month cut the chart off at its own day."""
    for due in ("2026-03-31", "2027-06-30"):
        page = page_of(client, f"{SPECIALTY}&target=68&due={due}")
        (graph,) = served.of_type(served.cards(page)["plan"], "Graph")
        figure = graph["props"]["figure"]
        drawn = [day for trace in figure["data"] for day in trace["x"] if day]
        low, high = figure["layout"]["xaxis"]["range"]
        assert low < min(drawn)
        assert max(drawn) < high


def test_a_dial_draws_the_scenario_and_leaves_as_now_alone(client):
    plain, more = (chart_rows(page_of(client, f"{SPECIALTY}{AHEAD}{dial}")) for dial in ("", "&stops=10"))
    assert "This scenario" not in plain[0]
    assert [row["As now"] for row in plain] == [row["As now"] for row in more]
    assert any(row["This scenario"] not in ("", row["As now"]) for row in more)


def test_every_dial_changes_the_answer_and_the_address_alone_holds_it(client):
    plain = served.words(page_of(client, f"{SPECIALTY}{AHEAD}"))
    for dial in (
        "stops=10",
        "growth=5",
        "removals=1.5",
        "longest=50",
        "sprint=20:2026-02-01:2026-05-31",
        "validate=10:18:2026-03-31",
    ):
        once, again = (served.words(page_of(client, f"{SPECIALTY}{AHEAD}&{dial}")) for _ in range(2))
        assert once == again
        assert once != plain
        assert "With your changes" in once


def test_the_fields_are_native_with_unit_and_step_and_leaving_them_changes_nothing(client):
    page = page_of(client, f"{SPECIALTY}{AHEAD}&stops=5")
    fields = {
        part["props"]["id"]["name"]: part["props"]
        for part in served.of_type(page, "Input")
        if isinstance(part["props"].get("id"), dict) and "." not in part["props"]["id"]["name"]
    }
    numbers = ("target", "most52", "stops", "growth", "removals", "longest")
    assert set(fields) == {*numbers, "due"}
    for name in numbers:
        assert fields[name]["type"] == "number"
        assert {"min", "max", "step"} <= set(fields[name])
        # A browser's field gives back a number; a text beside it would be another value.
        assert fields[name]["value"] == "" or isinstance(fields[name]["value"], int | float)
    assert fields["stops"]["value"] == 5
    assert not [part for part in served.parts(page) if part["props"].get("type") == "range"]


def test_a_sprint_and_a_validation_become_parts_of_the_address(client):
    given = {
        "query": f"{SPECIALTY}&stops=5",
        "sprint_more": "20",
        "sprint_from": "2026-02-01",
        "sprint_to": "2026-05-31",
        "validate_share": "",
        "validate_weeks": "18",
        "validate_on": "2026-03-31",
    }
    way = client.get("/plan/asked", query_string=given)
    assert way.status_code == 303
    asked = parse_qs(urlsplit(way.location).query)
    assert asked["sprint"] == ["20:2026-02-01:2026-05-31"]
    assert asked["stops"] == ["5"]
    assert "validate" not in asked
    emptied = client.get("/plan/asked", query_string={**given, "query": way.location[5:], "sprint_more": "0"})
    assert "sprint" not in parse_qs(urlsplit(emptied.location).query)


def test_the_table_is_that_of_the_command_and_its_file(client, engine):
    query = f"{TRUST}{AHEAD}"
    found = answer(engine, query)
    wanted = [list(table.HEADERS), *table.lines(found)]
    rows = client.get(f"/card.csv{query}&page=/plan&card=plan-specialties")
    taken = list(csv.reader(io.StringIO(rows.data.decode("utf-8-sig"))))[: len(wanted)]
    assert [[cell.removeprefix("'") for cell in row] for row in taken] == wanted
    needed = [row.needed.a_week for row in found.rows if row.needed and row.needed.a_week is not None]
    assert needed == sorted(needed, reverse=True)
    shown = served.table_of(served.cards(page_of(client, query))["plan-specialties"])
    assert [row[1:] for row in shown[1:5]] == [line[1:] for line in wanted[1:5]]


def test_a_row_leads_to_the_same_question_of_its_specialty(client):
    card = served.cards(page_of(client, f"{TRUST}{AHEAD}"))["plan-specialties"]
    way = next(href for href in links(card).values() if href and "tf=" in href)
    assert "target=68" in way
    assert "More" not in served.words(page_of(client, way))[:5]
    assert "plan-specialties" not in served.cards(page_of(client, way))


def test_the_worked_example_has_the_numbers_of_its_specialty(client, engine):
    found = answer(engine, SPECIALTY)
    card = served.words(served.cards(page_of(client, SPECIALTY))["answer"])
    assert f"{found.now.list:,.0f} pathways" in card
    assert f"{found.stops_now:,.0f} stop" in card
    whole = served.words(served.cards(page_of(client, TRUST))["answer"])
    assert f"Worked through for {answer(engine, TRUST).rows[0].name}" in whole
    assert "Whether there are theatres, staff or beds" in whole


def test_a_scenario_is_saved_with_its_answers_compared_and_withdrawn_by_its_author(client, engine):
    query = f"{SPECIALTY}{AHEAD}&stops=10"
    assert saved(client, query, "Ten more").status_code == 303
    assert saved(client, query, "Ten more").status_code == 400, "the same name twice"
    page = page_of(client, query)
    (item,) = [each for each in served.of_type(page, "Li") if "Ten more" in served.words(each)]
    assert "Worked out from data to 31 Dec 2025" in served.words(item)
    way = links(item)["Ten more"]
    assert "stops=10" in way
    there = page_of(client, way.removeprefix("/plan"))
    rows = chart_rows(there, "compared")
    own = {row["Month end"]: row["This scenario"] for row in chart_rows(there) if row["This scenario"]}
    assert {row["Month end"]: row["Ten more"] for row in rows if row["Ten more"]} == own
    figures = served.table_of(served.cards(there)["compared-figures"])
    found = answer(engine, query)
    line = next(row for row in figures if row[0] == "Ten more" and row[1] == "31 Dec 2026")
    assert line[2] == f"{found.scenario.share:.1f}%"
    assert line[5] == f"+{round(found.stops_now / 10)}"
    (form,) = served.of_type(item, "Form")
    assert client.post(form["props"]["action"], data={"back": "/plan"}, headers=OURS).status_code == 303
    assert "Ten more" not in served.words(page_of(client, query))


def test_three_are_compared_at_most(client):
    names = ["One", "Two", "Three", "Four"]
    for at, name in enumerate(names):
        assert saved(client, f"{SPECIALTY}{AHEAD}&stops={5 + at}", name).status_code == 303
    items = [
        each for each in served.of_type(page_of(client, SPECIALTY), "Li") if served.of_type(each, "Form")
    ]
    actions = [served.of_type(each, "Form")[0]["props"]["action"] for each in items]
    numbers = [re.search(r"\d+", action)[0] for action in actions]
    page = page_of(client, f"{SPECIALTY}&scenarios={','.join(numbers)}")
    assert len(chart_rows(page, "compared")[0]) == len(("Month end", "Published", "As now")) + 3
    assert "3 are the most to compare" in served.words(page)
    for action in actions:
        client.post(action, data={"back": "/plan"}, headers=OURS)


def test_who_may_change_nothing_makes_a_scenario_and_is_told_that_the_link_keeps_it(looker, client):
    query = f"{SPECIALTY}{AHEAD}&stops=10"
    seen = page_of(looker, query)
    assert "The link of this page keeps your scenario" in served.words(seen)
    assert not [form for form in served.of_type(seen, "Form") if form["props"].get("method") == "post"]
    assert saved(looker, query, "Mine").status_code == 403
    assert chart_rows(seen) == chart_rows(page_of(client, query))


def test_a_lead_may_save_and_another_may_not_withdraw(engine, tmp_path):
    client = tracked.served(engine, tmp_path, access="proxy", today=TODAY)
    lead, viewer = (tracked.as_role(role) | tracked.OURS for role in ("lead", "viewer"))
    form = {"query": f"{SPECIALTY}{AHEAD}", "name": "The lead’s", "back": "/plan"}
    assert client.post("/plan/scenarios", data=form, headers=viewer).status_code == 403
    assert client.post("/plan/scenarios", data=form, headers=lead).status_code == 303
    seen = tracked.draw(client, "/plan", SPECIALTY, lead).json["response"]["page"]["children"]
    (item,) = [each for each in served.of_type(seen, "Li") if "The lead’s" in served.words(each)]
    action, back = served.of_type(item, "Form")[0]["props"]["action"], {"back": "/plan"}
    assert (
        client.post(action, data=back, headers=tracked.as_role("booking") | tracked.OURS).status_code == 403
    )
    assert client.post(action, data=back, headers=lead).status_code == 303


def test_the_own_plan_is_typed_or_loaded_and_drawn(client):
    place = {
        "level": "provider",
        "organisation_code": "R9A",
        "treatment_function": "C_110",
        "back": f"/plan{SPECIALTY}",
    }
    typed = {**place, "lines": "month,measure,value\n2026-03,within 18,61.5\n2026-12,within 18,66\n"}
    assert client.post("/plan/own", data=typed, headers=OURS).status_code == 303
    file = (io.BytesIO("\ufeff2026-06,within 18,63.25%\n".encode()), "plan.csv")
    loaded = client.post(
        "/plan/own", data={**place, "file": file}, headers=OURS, content_type="multipart/form-data"
    )
    assert loaded.status_code == 303
    own = {
        row["Month end"]: row["Your own plan"] for row in chart_rows(page_of(client, f"{SPECIALTY}{AHEAD}"))
    }
    assert {day: value for day, value in own.items() if value} == {
        "31 Mar 2026": "61.5%",
        "30 Jun 2026": "63.3%",
        "31 Dec 2026": "66.0%",
    }
    way = next(href for words, href in links(page_of(client, SPECIALTY)).items() if words == "66.0%")
    assert "target=66&due=2026-12-31" in way
    assert "66% within 18 weeks by 31 Dec 2026" in served.words(page_of(client, way))
    wrong = client.post("/plan/own", data={**place, "lines": "2026-03,patients,5"}, headers=OURS)
    assert wrong.status_code == 400
    assert "Line 1" in wrong.text


def test_a_weekly_list_is_sent_to_the_return_and_to_book_next(client):
    """What more slots would do to it: tests/dashboard/layouts/test_plan_slots.py."""
    page = page_of(client, "?source=weekly&tf=C_110")
    assert "is worked out from the monthly return" in served.words(page)
    ways = [href for href in links(page).values() if href]
    assert any("source=monthly" in way for way in ways)
    assert any(way.startswith("/book-next") and "tf=C_110" in way and "week=1" in way for way in ways)


def test_why_there_is_no_answer_is_said_and_the_target_can_be_changed(client):
    page = page_of(client, f"{SPECIALTY}&due=2025-12-31")
    assert "four weeks" in served.words(page)
    assert any(isinstance(each["props"].get("id"), dict) for each in served.of_type(page, "Input"))


def test_the_overview_and_the_specialties_say_what_the_plan_says(client, engine):
    found = answer(engine, TRUST)
    overview = served.drawn(client, "/", TRUST)["page"]
    (tile,) = [
        part
        for part in served.of_type(overview, "Div")
        if "rtt-tile--wide" in str(part["props"].get("className"))
    ]
    assert links(tile)["What it would take"].startswith("/plan?")
    head = answer_sentences(found)[0]
    assert served.words(tile).split(" for an even chance")[0].removeprefix("What it would take") in head
    table_shown = served.table_of(
        served.cards(served.drawn(client, "/specialties", TRUST)["page"])["specialties"]
    )
    at = table_shown[0].index("Stops needed")
    by_name = {row[0]: row[at] for row in table_shown[1:]}
    for line in table.lines(found):
        if line[0] in by_name and line[table.NEEDED]:
            assert by_name[line[0]] in (line[table.NEEDED], "Not known"), line[0]


def test_a_bare_plan_opens_on_the_return_and_the_tracking_list_stays_where_it_is_asked_for(client):
    bare, monthly = served.drawn(client, "/plan"), served.drawn(client, "/plan", "?source=monthly")
    assert bare["page"] == monthly["page"]
    assert bare["drawn"]["source"] == "monthly"
    # The browser goes on from what the page was drawn with.
    assert bare["drawn"]["asked"] == "?source=monthly"
    csv_of = "&page=/plan&card=plan-specialties"
    assert client.get(f"/card.csv?{csv_of[1:]}").data == client.get(f"/card.csv?source=monthly{csv_of}").data
    assert served.drawn(client, "/plan", "?source=weekly")["drawn"]["source"] == "weekly"


def test_links_from_the_tracking_list_lead_to_the_plan_of_the_same_trust_by_month(client):
    way = links(served.drawn(client, "/breaches", "?source=weekly&org=R9A&tf=C_110")["navigation"])["Plan"]
    asked = parse_qs(urlsplit(way).query)
    assert (asked["source"], asked["org"], asked["tf"]) == (["monthly"], ["R9A"], ["C_110"])
    assert served.cards(page_of(client, way.removeprefix("/plan")))["answer"]


def test_a_saved_scenario_is_shown_again_as_it_was_with_todays_answer_beside(client, engine):
    query = f"{SPECIALTY}{AHEAD}&stops=10"
    assert saved(client, query, "Kept as it was").status_code == 303
    (item,) = [each for each in served.of_type(page_of(client, query), "Li")
               if "Kept as it was" in served.words(each)]  # fmt: skip
    assert "today’s data" not in served.words(item), "nobody asked for it again"
    way = links(item)["Kept as it was"].removeprefix("/plan")
    again = page_of(client, way)
    assert "With today’s data: the same." in served.words(again)
    assert not [row for row in served.table_of(served.cards(again)["compared-figures"])
                if "today’s data" in row[0]]  # fmt: skip
    # As it would have been kept a month before: another answer, from older data.
    c = scenario.c
    with engine.begin() as connection:
        number, told = connection.execute(select(c.id, c.answers).where(c.name == "Kept as it was")).one()
        older = json.loads(told) | {"census": "2025-11-30", "chance": 0.5, "needed": 44.4}
        at = older["days"].index("2026-12-31")
        older["scenario"]["share"][at] = 61.25
        connection.execute(update(scenario).where(c.id == number).values(answers=json.dumps(older)))
    page = page_of(client, way)
    (item,) = [each for each in served.of_type(page, "Li") if "Kept as it was" in served.words(each)]
    said, found = served.words(item), answer(engine, query)
    was, now = said.split("With today’s data, to 31 Dec 2025: ")
    assert "61.3% within 18 weeks by 31 Dec 2026, chance of the target 50 in 100" in was
    assert "about 44 more clock stops a week" in was
    assert "Worked out from data to 30 Nov 2025" in was
    assert f"{found.scenario.share:.1f}% within 18 weeks by 31 Dec 2026" in now
    rows = {(row[0], row[1]): row[2] for row in served.table_of(served.cards(page)["compared-figures"])}
    assert rows["Kept as it was", "31 Dec 2026"] == "61.3%"
    assert rows["Kept as it was, with today’s data", "31 Dec 2026"] == f"{found.scenario.share:.1f}%"
    with engine.connect() as connection:
        assert json.loads(connection.execute(select(c.answers).where(c.id == number)).scalar()) == older
    client.post(served.of_type(item, "Form")[0]["props"]["action"], data={"back": "/plan"}, headers=OURS)


def test_a_saved_scenario_whose_scope_has_gone_says_so(client, engine):
    assert saved(client, f"{SPECIALTY}{AHEAD}", "Gone").status_code == 303
    c = scenario.c
    with engine.begin() as connection:
        number = connection.execute(select(c.id).where(c.name == "Gone")).scalar()
        gone = "?source=monthly&level=provider&org=ZZ9&target=68&due=2026-12-31"
        connection.execute(update(scenario).where(c.id == number).values(query=gone))
    page = page_of(client, f"{SPECIALTY}&scenarios={number}")
    assert "With today’s data there is no answer." in served.words(page)
    client.post(f"/plan/scenarios/{number}/withdraw", data={"back": "/plan"}, headers=OURS)


PLACE = {"level": "provider", "organisation_code": "R9A", "treatment_function": "C_999", "back": "/plan"}


def test_on_the_line_is_said_on_the_page_on_the_tile_and_withdrawn_with_the_plan(client, engine, looker):
    typed = {**PLACE, "lines": "2025-11,within 18,40\n2026-12,within 18,45\n2026-12,list,100000"}
    milestone = served.words(served.cards(page_of(client, TRUST))["line"])
    assert "line to the milestone of" in milestone
    assert client.post("/plan/own", data=typed, headers=OURS).status_code == 303
    page = page_of(client, TRUST)
    said = served.words(served.cards(page)["line"])
    assert "On the line of your own plan, 45.0% within 18 weeks by 31 Dec 2026" in said
    assert "over 39 in 40" in said
    line = re.search(r"On the line of your own plan.*?the line is at [\d.]+%", said)[0]
    tile = served.words(served.drawn(client, "/", TRUST)["page"])
    assert line in tile
    where, figures = re.search(
        r"((?:On|Under) the line to) the milestone.*?(: [\d.]+% on .*?the line is at [\d.]+%)", milestone
    ).groups()
    assert f"{where} it{figures}" in tile
    withdrawal = "/plan/own/withdraw"
    forms = [form["props"]["action"] for form in served.of_type(page, "Form")]
    assert withdrawal in forms
    seen = page_of(looker, TRUST)
    assert withdrawal not in [form["props"]["action"] for form in served.of_type(seen, "Form")]
    assert line in served.words(seen)
    assert looker.post(withdrawal, data=PLACE, headers=OURS).status_code == 403
    assert client.post(withdrawal, data=PLACE, headers=OURS).status_code == 303
    assert "your own plan" not in served.words(served.cards(page_of(client, TRUST))["line"])
    assert client.post(withdrawal, data=PLACE, headers=OURS).status_code == 400


def test_the_pack_says_whether_the_share_is_on_its_line(client, engine):
    lines = {"lines": "2025-11,within 18,40\n2026-12,within 18,45"}
    assert client.post("/plan/own", data={**PLACE, **lines}, headers=OURS).status_code == 303
    said = served.words(served.cards(page_of(client, TRUST))["line"])
    with reading(engine) as connection:
        scope = resolve(connection, from_query(TRUST)[0], enquiries.by(today=TODAY))
        found = pack.load(connection, scope, whole=True)
    page = next(plan_pages(found))
    told = [each for each in page.paragraphs if "the line is at" in each]
    assert len(told) == 2
    assert all(each in said for each in told)
    client.post("/plan/own/withdraw", data=PLACE, headers=OURS)


def test_a_plan_of_nobody_is_refused(client):
    lines = {"lines": "2026-12,within 18,45"}
    for place in ({"organisation_code": "ZZZ"}, {"level": "moon"}, {"treatment_function": "C_1"}):
        answered = client.post("/plan/own", data={**PLACE, **lines, **place}, headers=OURS)
        assert answered.status_code == 400, place


def test_the_overview_of_the_samples_region_says_how_many_more_a_week(client, engine):
    """Where the sample opens: two links lead from there to a named specialty."""
    overview = served.drawn(client, "/")["page"]
    ways = links(overview)
    assert "level=region" in ways["What it would take"]
    (tile,) = [part for part in served.of_type(overview, "Div")
               if "rtt-tile--wide" in str(part["props"].get("className"))]  # fmt: skip
    assert re.search(
        r"About [\d,]+ more clock stops a week \(\d+%\) for an even chance of 65%", served.words(tile)
    )
    plan = page_of(client, ways["What it would take"].removeprefix("/plan"))
    names = links(served.cards(plan)["plan-specialties"])
    specialty = page_of(client, names["Trauma & orthopaedics"])
    assert "more clock stops" in served.words(served.of_type(specialty, "H2")[0])
