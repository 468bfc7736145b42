"""My services: places kept by a person, or by an address where nobody signs in."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from dashboard.application import create_app
from dashboard.filters import MOST_PLACES, Filters, from_query, to_query
from dashboard.places import Place, address_of, as_text, from_text, in_address, moved, place_of
from dashboard.settings.settings import Proxy, Settings
from dashboard.store.kept_places import places_of
from ingest.store.database import make_engine
from ingest.store.schema import kept_place
from rtt.terms.bands import BAND_COLUMNS
from tests.dashboard import served_pages as served
from tests.dashboard.test_pages_all import statements_of

OURS = {"Origin": "http://localhost"}
TRUST = "?source=monthly&level=provider&org=R9B"
LIST_OF_ENT = "?source=weekly&org=R9A&tf=C_120&site=R9A01"
SECRET = "a secret of the proxy"


def headers(name="", groups=""):
    return {
        "X-Proxy-Secret": SECRET,
        "X-Remote-User": name,
        "X-Remote-Groups": groups,
        "Origin": "http://localhost",
        "X-Forwarded-For": "10.0.0.9",
    }


@pytest.fixture
def behind_proxy(demo, tmp_path):
    """A client of people whom a proxy signs in."""
    proxy = Proxy(addresses="127.0.0.1", secret=SECRET, pathway_readers="pathways", writers="writers")
    settings = Settings(home=tmp_path, access="proxy", proxy=proxy)
    return create_app(demo, settings, today=lambda: served_today()).server.test_client()


def served_today():
    return datetime(2026, 3, 4, tzinfo=UTC).date()


def page_of(client, name="", query="", **more):
    dependencies = client.get("/_dash-dependencies", headers=headers(name, **more))
    assert dependencies.status_code == 200
    body = served_body("/services", query)
    answer = client.post("/_dash-update-component", json=body, headers=headers(name, **more))
    return answer.json["response"]["page"]["children"]


def served_body(path, query):
    return {
        "output": f"..{'...'.join('.'.join(output) for output in served.OUTPUTS)}..",
        "outputs": [{"id": name, "property": item} for name, item in served.OUTPUTS],
        "inputs": [
            {"id": "address", "property": "pathname", "value": path},
            {"id": "address", "property": "search", "value": query},
            {"id": "data-version", "property": "data", "value": None},
        ],
        "changedPropIds": ["address.pathname"],
    }


def headings(page):
    return [served.words(each) for each in served.of_type(page, "H3")]


# The address


@pytest.mark.parametrize("query", ["", "?source=monthly", TRUST, LIST_OF_ENT, "?group=3&tf=C_110,C_120"])
@pytest.mark.parametrize("name", ["", "Our, ENT ~ list. 100%"])
def test_a_place_comes_back_from_its_text(query, name):
    place = place_of(from_query(query)[0], name)
    text = as_text(place)
    assert "," not in text
    assert from_text(text) == place
    # As an address carries it, and as a browser writes it.
    assert in_address(from_query(to_query(Filters(places=(text,))))[0]) == [place]


def test_a_place_holds_neither_the_day_nor_settings_of_a_page():
    filters = from_query(f"{TRUST}&tf=C_110&census=2025-09&pathway=dta&band=17&measure=total&points=12")[0]
    assert place_of(filters).query == "?source=monthly&level=provider&org=R9B&tf=C_110"


def test_nonsense_in_the_address_is_no_place_but_draws():
    filters = from_query("?places=~~~,x~y~z~~~~~~~~,%00,<b>~")[0]
    assert all(isinstance(each, Place) for each in in_address(filters))
    assert from_query(f"?places={'x' * 3000}")[0].places == ()
    assert (
        len(from_query("?places=" + ",".join(f"~provider~R{at}" for at in range(90)))[0].places)
        == MOST_PLACES
    )


def test_fifty_places_fit_into_an_address_that_a_server_takes():
    places = [
        place_of(
            Filters(source="weekly", level="provider", org=f"R{at:02}", site=f"R{at:02}01", tf=("C_110",))
        )
        for at in range(MOST_PLACES)
    ]
    assert len(address_of(places).replace("~", "%7E")) < 4000
    assert in_address(from_query(address_of(places).partition("?")[2])[0]) == places


def test_moving_past_either_end_changes_nothing():
    places = [Place(str(at)) for at in range(3)]
    assert moved(places, 0, -1) == places == moved(places, 2, 1) == moved(places, 9, 1)
    assert [each.query for each in moved(places, 2, -1)] == ["0", "2", "1"]


# Where nobody signs in


def test_an_address_shows_its_places_in_its_order(demo, tmp_path):
    client = served.client_of(demo, tmp_path, access="none")
    places = [place_of(from_query(query)[0]) for query in (TRUST, "?source=monthly&tf=C_110")]
    for order in (places, places[::-1]):
        page = served.drawn(client, "/services", "?" + address_of(order).partition("?")[2])["page"]
        links = [
            each["props"]["href"]
            for each in served.of_type(page, "A")
            if each["props"].get("className") == "rtt-tile__link"
        ]
        assert links == [f"/{each.query}" for each in order]
    assert "Bookmark it" in served.words(page)


def test_the_page_offers_to_keep_its_place_and_the_link_keeps_those_before(demo, tmp_path):
    client = served.client_of(demo, tmp_path, access="none")
    filters = served.drawn(client, "/", f"{TRUST}&places=~provider~R9C")["breadcrumb"]
    (href,) = [
        each["props"]["href"]
        for each in served.of_type(filters, "A")
        if served.words(each) == "Keep this place"
    ]
    kept = in_address(from_query(href.partition("?")[2])[0])
    assert [each.filters.org for each in kept] == ["R9C", "R9B"]
    again = served.drawn(client, "/", TRUST + "&" + href.partition("?")[2])["breadcrumb"]
    assert "Keep this place" not in served.words(again)
    assert "My services" in served.words(again)


def test_renaming_writes_a_new_address(demo, tmp_path):
    client = served.client_of(demo, tmp_path, access="none")
    answer = client.get("/services/renamed?places=~provider~R9C,~provider~R9B&at=1&name=Our+trust")
    assert answer.status_code == 303
    kept = in_address(from_query(answer.headers["Location"].partition("?")[2])[0])
    assert [each.name for each in kept] == ["", "Our trust"]
    for at in ("7", "-1", "x", ""):
        assert client.get(f"/services/renamed?places=~provider~R9C&at={at}&name=N").status_code == 303


def test_nobody_in_particular_can_keep_nothing_in_the_database(demo, tmp_path):
    client = served.client_of(demo, tmp_path, access="none")
    assert client.post("/services", data={"query": TRUST}, headers=OURS).status_code == 403
    with demo.connect() as connection:
        assert connection.execute(select(kept_place)).all() == []
        assert places_of(connection, "") == []


# Where people sign in


def test_a_person_keeps_names_orders_and_removes_places_that_nobody_else_sees(behind_proxy, demo):
    client = behind_proxy
    for query in (TRUST, "?source=monthly&tf=C_110", TRUST):
        assert client.post("/services", data={"query": query}, headers=headers("ann")).status_code == 303
    assert headings(page_of(client, "ann"))[0].startswith("Avonmoor")
    assert len(headings(page_of(client, "ann"))) == 2
    assert headings(page_of(client, "bob")) == []
    with demo.connect() as connection:
        first, second = (each.id for each in places_of(connection, "ann"))
    # Another person's place is not there.
    for what, form in (("rename", {"name": "x"}), ("move", {"to": "up"}), ("remove", {})):
        answer = client.post(f"/services/{second}/{what}", data={**form, "back": ""}, headers=headers("bob"))
        assert answer.status_code == 400, what
    assert (
        client.post(f"/services/{second}/move", data={"to": "up"}, headers=headers("ann")).status_code == 303
    )
    client.post(f"/services/{first}/rename", data={"name": "Our trust"}, headers=headers("ann"))
    assert headings(page_of(client, "ann")) == ["England, Trauma & orthopaedics", "Our trust"]
    client.post(f"/services/{second}/remove", data={"back": ""}, headers=headers("ann"))
    assert headings(page_of(client, "ann")) == ["Our trust"]
    with demo.connect() as connection:
        removed = connection.execute(select(kept_place).where(kept_place.c.id == second)).one()
    assert (removed.withdrawn_by, removed.withdrawn_at is not None) == ("ann", True)
    # And it can be kept again.
    client.post("/services", data={"query": "?source=monthly&tf=C_110"}, headers=headers("ann"))
    assert len(headings(page_of(client, "ann"))) == 2


def test_fifty_places_are_the_most(behind_proxy, demo):
    for at in range(MOST_PLACES):
        answer = behind_proxy.post(
            "/services", data={"query": f"?level=provider&org=X{at}"}, headers=headers("ann")
        )
        assert answer.status_code == 303
    answer = behind_proxy.post("/services", data={"query": TRUST}, headers=headers("ann"))
    assert answer.status_code == 400
    assert "which is the most" in answer.text


def test_a_kept_place_gives_no_right(behind_proxy):
    """Small numbers are told by the reader's groups at each view, not by who kept the place."""
    whole = "?source=weekly&org=R9A"
    for name in ("ann", "bob"):
        for query in (whole, LIST_OF_ENT):
            behind_proxy.post("/services", data={"query": query}, headers=headers(name))
    sees = served.words(page_of(behind_proxy, "ann", groups="pathways"))
    not_any_more = served.words(page_of(behind_proxy, "ann"))
    assert sees.count("without a date") == 2
    assert not_any_more == served.words(page_of(behind_proxy, "bob"))
    assert not_any_more.count("without a date") == 1, "who has a date is told of the whole list alone"


def test_a_place_that_the_data_has_no_more_says_so_and_shows_no_other_figures(behind_proxy):
    behind_proxy.post(
        "/services", data={"query": "?level=provider&org=GONE&source=monthly"}, headers=headers("ann")
    )
    page = page_of(behind_proxy, "ann")
    assert headings(page) == ["GONE"]
    assert "does not have this place" in served.words(page)
    assert "within 18 weeks" not in served.words(page)


def test_the_tile_says_what_the_pages_say(behind_proxy, demo, tmp_path):
    behind_proxy.post("/services", data={"query": TRUST}, headers=headers("ann"))
    tile = served.words(page_of(behind_proxy, "ann"))
    overview = served.drawn(served.client_of(demo, tmp_path, access="none"), "/", TRUST)["page"]
    assert served.tile_number(overview, "Within 18 weeks") in tile
    assert f"{served.tile_number(overview, 'Waiting list')} waiting" in tile


def test_the_search_for_a_place_can_ask_for_them(behind_proxy, demo, tmp_path):
    behind_proxy.post("/services", data={"query": TRUST}, headers=headers("ann"))
    (own,) = behind_proxy.get("/services.json", headers=headers("ann")).json["places"]
    assert own == {
        "name": "Avonmoor University Hospitals NHS Foundation Trust",
        "query": TRUST,
        "href": f"/{TRUST}",
    }
    assert behind_proxy.get("/services.json", headers=headers("bob")).json == {"places": []}
    assert behind_proxy.get("/services.json").status_code == 403
    nobody = served.client_of(demo, tmp_path, access="none")
    (shared,) = nobody.get("/services.json?places=monthly~provider~R9B").json["places"]
    assert shared["query"] == TRUST


def test_many_places_cost_one_statement_for_their_bands(demo_template, tmp_path):
    engine = make_engine(f"sqlite:///{demo_template}")
    client = served.client_of(engine, tmp_path, access="none")
    places = [
        place_of(Filters(source="monthly", level="provider", org=org)) for org in ("R9A", "R9B", "R9C", "R9D")
    ]
    made = statements_of(engine)
    served.drawn(client, "/services", "?" + address_of(places).partition("?")[2])
    engine.dispose()
    assert len([text for text in made if BAND_COLUMNS[50] in text]) == 1
    asked = [text for text in made if not text.startswith(("PRAGMA", "BEGIN"))]
    assert len(asked) <= 8 + 2 * len(places), asked
