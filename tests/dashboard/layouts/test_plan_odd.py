"""The plan under odd addresses and forms: it draws, says what it ignored, and answers within its time."""

import random
import shutil
import threading
import time
from datetime import date
from urllib.parse import quote

import pytest

from ingest.store.database import make_engine
from tests.dashboard import served_pages as served

OURS = {"Origin": "http://localhost"}
TODAY = date(2026, 3, 1)
TRUST = "?source=monthly&level=provider&org=R9A"
ODD = {
    "target": ("0", "100", "100.0001", "-1", "1e5", "62.8%", "%", "NaN", "inf", "６２", "5.55555", "+60"),
    "due": (
        "2028-02-29", "2027-02-29", "2024-02-29", "1900-01-01", "0001-01-01", "9999-12-31", "2026-13",
        "2026-1-1", "20260331", "2026-03-31T00:00", "soon", "2031-12-31", "2032-01-31",
    ),
    "most52": ("0", "100", "-0", "0.00001", "%32"),
    "stops": ("-50", "100", "-50.1", "1e2", "0.0000", "+5", "--5"),
    "growth": ("-20", "20", "20.5", "٢"),
    "removals": ("0", "3", "-1", "3.01"),
    "longest": ("100", "0", "101", "50%"),
    "sprint": (
        "10:2026-06-01:2026-01-01", "10::", "10:2026-02-30:2026-03-31", "-50:0001-01-01:9999-12-31",
        "101:2026-01-01:2026-02-01", "0:2026-01-01:2026-02-01", "10:2026-01:2026-02",
    ),
    "validate": (
        "100:0:2026-02-28", "-5:18:2026-02-28", "5:104:2026-03-31", "5:105:2026-03-31", "5:1e1:2026-03-31",
        "100:103:2028-02-29",
    ),
    "scenarios": ("0", "-1", "1,1,1,1", "99999999999999999999", "1;DROP TABLE scenario", "a" * 300, "%"),
    "measure": ("list", "over_52", "%", "share_within_18"),
    "tf": ("C_110,C_120", "C_999", "110", "C_110,C_110", "X" * 250, "%27"),
    "group": ("1", "999999", "nobody"),
    "level": ("commissioner", "icb", "region", "england", "moon"),
    "census": ("2025-12", "2024-02-29", "9999-12-31"),
}  # fmt: skip


@pytest.fixture(scope="module")
def engine(demo_template, tmp_path_factory):
    path = tmp_path_factory.mktemp("odd") / "demo.db"
    shutil.copy(demo_template, path)
    engine = make_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def client(engine, tmp_path_factory):
    return served.client_of(engine, tmp_path_factory.mktemp("home"), today=TODAY)


def text_of(client, query):
    started = time.process_time()
    drawn = served.drawn(client, "/plan", query)
    assert time.process_time() - started < 4, query
    page = served.words(drawn["page"])
    assert "What would it take" in page
    assert not [bad for bad in ("nan", "inf ", "None", "Traceback") if bad in page], query
    return page, served.words(drawn["notices"])


def test_every_odd_value_of_every_parameter_draws_a_page(client):
    for name, values in ODD.items():
        for value in values:
            text_of(client, f"{TRUST}&{name}={quote(value)}")


def test_odd_values_together_draw_a_page(client, repetitions):
    chance = random.Random(20260301)
    for _ in range(repetitions(100)):
        asked = {name: chance.choice(ODD[name]) for name in chance.sample(sorted(ODD), 5)}
        text_of(client, TRUST + "".join(f"&{name}={quote(value)}" for name, value in asked.items()))


def test_a_parameter_that_comes_twice_is_one(client):
    page, _ = text_of(client, f"{TRUST}&target=60&target=70&due=2026-12-31")
    assert ("70% within 18 weeks" in page) != ("60% within 18 weeks" in page)


def test_a_day_that_nobody_can_plan_for_is_told_and_costs_nothing(client):
    page, _ = text_of(client, f"{TRUST}&due=9999-12-31")
    assert "more than 6 years ahead" in page
    page, _ = text_of(client, f"{TRUST}&due=2024-02-29")
    assert "less than four weeks after the newest month" in page


def test_percent_signs_and_half_an_escape_are_told_as_what_they_are(client):
    for value in ("62.8%", "%", "%zz", "%e2%80"):
        _, notices = text_of(client, f"{TRUST}&target={value}")
        assert "was ignored" in notices, value


def test_odd_forms_are_refused_in_a_sentence(client):
    place = {"level": "provider", "organisation_code": "R9A", "treatment_function": "C_999", "back": "/plan"}
    wrong = (
        "2026-02-29,within 18,50",
        "2026-12,within 18,1e400",
        "2026-12,within 18,-1",
        ",,",
        "x" * 200_000,
        '2026-12,"within 18,50',
        "9999-12,list,5,5",
    )
    for lines in wrong:
        answered = client.post("/plan/own", data={**place, "lines": lines}, headers=OURS)
        assert answered.status_code == 400, lines[:30]
        assert "Nothing was saved" in answered.text
    for query in ("?target=banana", "?moon=1", "?due=2024-02-29&org=R9A", "?source=weekly"):
        form = {"query": query, "name": "Odd", "back": "/plan"}
        answered = client.post("/plan/scenarios", data=form, headers=OURS)
        assert answered.status_code == 400, query
    for name in ("", " ", "\u200b", "n" * 81):
        form = {"query": f"{TRUST}&target=68&due=2026-12-31", "name": name, "back": "/plan"}
        assert client.post("/plan/scenarios", data=form, headers=OURS).status_code == 400
    for asked in (
        "sprint_more=%",
        "sprint_more=10&sprint_from=&sprint_to=",
        "validate_share=5&validate_weeks=x",
    ):
        way = client.get(f"/plan/asked?query={quote(TRUST)}&{asked}")
        assert way.status_code == 303
        text_of(client, way.location.removeprefix("/plan"))


def test_a_form_leads_back_to_a_page_of_ours_alone(client):
    form = {"query": f"{TRUST}&target=68&due=2026-12-31", "name": "Back", "back": "//evil.example/"}
    assert client.post("/plan/scenarios", data=form, headers=OURS).headers["Location"] == "/"


def test_two_tabs_that_save_at_once_keep_one_scenario_of_a_name(engine, tmp_path):
    """The second is told that the name is taken, and nothing of it is kept."""
    query = f"{TRUST}&target=68&due=2026-12-31"
    answered = []

    def save():
        tab = served.client_of(engine, tmp_path, today=TODAY)
        form = {"query": query, "name": "At once", "back": "/plan"}
        answered.append(tab.post("/plan/scenarios", data=form, headers=OURS).status_code)

    tabs = [threading.Thread(target=save) for _ in range(4)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join(60)
    assert sorted(answered) == [303, 400, 400, 400]
    page = served.drawn(served.client_of(engine, tmp_path, today=TODAY), "/plan", query)["page"]
    assert served.words(served.cards(page)["saved"]).count("At once: ") == 1
