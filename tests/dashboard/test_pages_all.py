"""Every page, in every state it can be in, keeps the same promises: it draws, and no chart stands alone."""

import csv
import io
import random
import re
from datetime import date

import pytest
from sqlalchemy import delete, event

from dashboard.pages import PAGES
from ingest.loading.load import load_path
from ingest.store.database import make_engine
from ingest.store.schema import extract
from tests.dashboard import served_pages as served

PATHS = [page.path for page in PAGES]
# A part of the tracking list: where small numbers are hidden, what stands beside it is asked for too.
NARROW = (
    "?source=weekly&tf=C_110&band=16",
    "?source=weekly&site=R9A01&pathway=admitted&priority=2&band=16",
    "?source=weekly&tf=C_110,C_130&site=R9A01&pathway=dta&priority=2&compare=year",
)
# The sample data: a region of four trusts, and the tracking list of one of them, R9A.
STATES = {
    "as it opens": "",
    "England": "?source=monthly",
    "a region": "?source=monthly&level=region&org=Y99",
    "an ICB": "?source=monthly&level=icb&org=QZ9",
    "a trust": "?source=monthly&level=provider&org=R9B",
    "a commissioner": "?source=monthly&level=commissioner&org=98A",
    "a specialty": "?source=monthly&tf=C_110",
    "two specialties": "?source=monthly&tf=C_110,C_130",
    "with a decision to admit": "?source=monthly&pathway=dta",
    "the first census": "?source=monthly&census=2023-02",
    "a year before as comparison": "?source=monthly&compare=year",
    "one band": "?source=monthly&band=17",
    "providers as peers": "?source=monthly&tf=C_110&peers=providers&measure=share_over_52",
    "providers as peers of all": "?source=monthly&peers=providers&limits=95",
    "the admitted part": "?source=weekly&pathway=admitted",
    "the non-admitted part": "?source=weekly&pathway=non-admitted",
    "urgent": "?source=weekly&priority=2",
    "a site": "?source=weekly&site=R9A01",
    "the first week": "?source=weekly&census=2024-03-10",
    "a level": "?source=monthly&measure=share_within_18&view=level",
    "its limits": "?source=monthly&measure=total&view=limits&points=12",
    "nothing there is": "?source=annual&level=ward&org=XXX&tf=C_000&census=yesterday&colour=blue&band=105",
    "contradictions": "?source=weekly&level=england&org=R9B&tf=C_999,C_110&group=99",
    "markup": "?org=%3Cscript%3E&measure=%3Cb%3E&group=%27%22%3E",
}


@pytest.fixture(scope="module")
def client(demo_template, tmp_path_factory):
    engine = make_engine(f"sqlite:///{demo_template}")
    yield served.client_of(engine, tmp_path_factory.mktemp("home"))
    engine.dispose()


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("path", PATHS)
def test_a_page_draws_in_every_state_and_each_chart_has_name_sentence_table_and_ways_on(client, path, state):
    page = served.drawn(client, path, STATES[state])["page"]
    assert len(served.of_type(page, "H1")) == 1
    graphs = served.of_type(page, "Graph")
    for name, card in served.cards(page).items():
        _check_card(name, card)
    held = [graph for card in served.cards(page).values() for graph in served.of_type(card, "Graph")]
    assert len(held) == len(graphs), "a chart stands outside a card"


def _check_card(name, card):
    for figure in served.of_type(card, "Figure"):
        (frame,) = [part for part in served.parts(figure) if part["props"].get("role") == "img"]
        alt = frame["props"]["aria-label"]
        assert served.numbers(alt) or "no figures" in alt, f"{name} has no number in its name"
        assert served.words(served.of_type(figure, "Figcaption")[0]).strip()
        (graph,) = served.of_type(frame, "Graph")
        config = graph["props"]["config"]
        assert (config["displayModeBar"], config["showSendToCloud"], config["plotlyServerURL"]) == (
            False,
            False,
            "",
        )
        printed = served.numbers(" ".join(" ".join(row) for row in served.table_of(card)))
        for trace in graph["props"]["figure"]["data"]:
            for text in trace.get("text") or []:
                assert served.numbers(text) <= printed, f"{name} shows {text!r} and its table does not"
    if served.of_type(card, "Figure"):
        offered = {part["props"].get("data-export") for part in served.of_type(card, "Button")}
        assert {"csv", "png", "svg"} <= offered
        assert "/about" in {part["props"].get("href") for part in served.of_type(card, "A")}
    assert served.words(served.of_type(card, "H2")[0]).strip()


@pytest.mark.parametrize("path", PATHS)
def test_a_page_without_any_data_says_so_and_draws(sqlite_engine, tmp_path, path):
    drawn = served.drawn(served.client_of(sqlite_engine, tmp_path), path)
    assert len(served.of_type(drawn["page"], "H1")) == 1
    assert "No data is loaded yet" in served.words(drawn["status-line"])


@pytest.mark.parametrize("path", PATHS)
def test_one_month_of_one_list_is_enough_to_draw_on(sqlite_engine, tmp_path, make_extract, path):
    facts = {("RTD", "01A", "2", "C_110"): {0: 3, 20: 1}}
    load_path(sqlite_engine, make_extract(facts, census=date(2025, 3, 31)))
    client = served.client_of(sqlite_engine, tmp_path, today=date(2025, 5, 1))
    for query in ("", "?level=provider&org=RTD", "?tf=C_110", "?level=icb&org=QE1&tf=C_110"):
        assert served.of_type(served.drawn(client, path, query)["page"], "H1")
    load_path(sqlite_engine, make_extract(facts, census=date(2025, 4, 30)))
    assert served.of_type(served.drawn(client, path, "?census=2025-03")["page"], "H1")


@pytest.mark.parametrize("access", ["single-user", "none"])
def test_overview_takes_eight_statements_at_most_and_no_page_more_than_ten(
    demo_template, tmp_path, repetitions, access
):
    chance = random.Random(20260301)
    for _ in range(repetitions(200)):
        path, query = chance.choice(PATHS), chance.choice([*STATES.values(), *NARROW])
        engine = make_engine(f"sqlite:///{demo_template}")  # a new engine remembers nothing
        client = served.client_of(engine, tmp_path, access=access)
        statements = statements_of(engine)
        served.drawn(client, path, query)
        engine.dispose()
        asked = [text for text in statements if not text.startswith(("PRAGMA", "BEGIN"))]
        asked = served.each_time(asked)
        # Making the server has asked already what is held: one statement that a page need not repeat.
        assert len(asked) + 1 <= (8 if path == "/" else 10), (path, query, asked)


def statements_of(engine):
    """The statements that the engine makes from now on, as a list that grows."""
    made = []
    event.listen(engine, "before_cursor_execute", lambda *said: made.append(said[2]))
    return made


@pytest.mark.parametrize("path", PATHS)
def test_the_csv_of_each_card_is_its_table(client, path):
    query = "?source=monthly&tf=C_110"
    for name, card in served.cards(served.drawn(client, path, query)["page"]).items():
        if not any(part["props"].get("data-export") == "csv" for part in served.of_type(card, "Button")):
            continue
        answer = client.get(f"/card.csv{query}&page={path}&card={name}")
        assert answer.status_code == 200, name
        rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
        table = served.whole_table_of(card)
        taken = [[cell.removeprefix("'") for cell in row] for row in rows[: len(table)]]
        assert taken == table
        cells = [cell for row in rows for cell in row if not re.fullmatch(r"[-+]\d[\d,.]*%?", cell)]
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
        told = rows[len(table) + 1 :]
        assert "Trauma" in told[1][0] or "Orthopaedics" in told[1][0], "the scope is printed on the export"


def test_a_card_that_is_not_there_is_not_found(client):
    for query in ("?page=/&card=none", "?page=/nowhere&card=share-trend", ""):
        assert client.get(f"/card.csv{query}").status_code == 404


def test_a_late_feed_is_said_in_words_and_marked(demo_template, tmp_path):
    engine = make_engine(f"sqlite:///{demo_template}")
    line = {}
    for day in (date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)):
        line[day.day] = served.drawn(served.client_of(engine, tmp_path, today=day), "/", "?source=weekly")[
            "status-line"
        ]
    engine.dispose()
    # The list of Sunday 22 February was to be followed by that of 1 March on Monday the 2nd.
    assert "Next due 2 Mar 2026" in served.words(line[1])
    assert "Next due today" in served.words(line[2])
    assert "LATE: next was due 2 Mar 2026" in served.words(line[3])
    assert [day for day, each in line.items() if "rtt-status--late" in str(each)] == [3]


def test_a_week_whose_stops_are_missing_is_marked_and_its_flows_are_not_zero(demo, tmp_path):
    with demo.begin() as connection:
        newest = date(2026, 2, 22)
        connection.execute(
            delete(extract).where(extract.c.section == "stops", extract.c.census_date == newest)
        )
    drawn = served.drawn(served.client_of(demo, tmp_path), "/", "?source=weekly")
    assert "PART MISSING: clock stops of this week" in served.words(drawn["status-line"])
    assert "Clock stops: not known" in served.words(drawn["page"])


def test_small_numbers_stay_hidden_on_every_page_and_in_its_files(demo_template, tmp_path):
    """Who may not see pathways gets no count of 1 to 7 from a tracking list, whatever page holds it."""
    engine = make_engine(f"sqlite:///{demo_template}")
    client = served.client_of(engine, tmp_path, access="none")
    query = "?source=weekly&tf=C_130&priority=3"
    for path in ("/", "/list", "/quality", "/specialties"):
        for name, card in served.cards(served.drawn(client, path, query)["page"]).items():
            for table in served.of_type(card, "Table"):
                heading, *rows = served.table_of(table)
                for at, column in enumerate(heading):
                    if column in ("Waiting", "Pathways", "Found", "Failed", "Over 52 weeks"):
                        shown = {row[at] for row in rows if at < len(row)}
                        assert not shown & set("1234567"), (path, name, column, shown)
    engine.dispose()


def test_an_error_keeps_the_page_and_gives_a_reference(demo_template, tmp_path, monkeypatch, caplog):
    engine = make_engine(f"sqlite:///{demo_template}")
    client = served.client_of(engine, tmp_path)
    before = served.drawn(client, "/")

    def broken(*_):
        raise RuntimeError("MRN 123 of Ann Example")

    monkeypatch.setattr("dashboard.callbacks.drawing.resolve", broken)
    answer = served.ask(client, "/", "?compare=year")
    engine.dispose()
    assert answer.status_code == 200
    assert "page" not in answer.json.get("response", {}), "the last good figures must stay"
    notice = answer.json["sideUpdate"]["notices"]["children"]
    reference = re.search(r"reference ([0-9A-F]{4})", served.words(notice))
    assert reference
    assert reference.group(1) in caplog.text
    assert "Ann Example" not in served.words(notice)
    assert before["page"]
