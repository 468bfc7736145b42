"""More slots a week on a PTL: the page, its file, the week's pathways on Book next, and who sees what."""

import csv
import io
import random
import re
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select

from dashboard.analysis.planning import slots_table
from dashboard.analysis.planning.slots_answer import slots_answer
from dashboard.analysis.planning.slots_sentences import slots_sentences
from dashboard.analysis.will_breach import bands_of, split_of
from dashboard.filters import from_query
from dashboard.scope.scope import resolve
from dashboard.server.access import Reader
from dashboard.store.cache import reading
from ingest.store.database import make_engine
from ingest.store.schema import audit, pathway
from rtt.measures.disclosed import Count
from rtt.measures.will_breach import THRESHOLDS
from rtt.planning.more_slots import PREVENTED, STILL
from rtt.terms.booking import APPOINTMENT_IN_TIME, IN_TIME
from tests.dashboard import enquiries, tracked
from tests.dashboard import served_pages as served
from tests.rtt.planning.naive_more_slots import One, counted, run

TODAY = date(2026, 3, 1)
LEAD = Reader("jo", may_see_pathways=True)
LIST = "?source=weekly"
SPECIALTY = f"{LIST}&tf=C_110"
TOKEN = re.compile(r"[A-Z2-7]{3}-[A-Z2-7]{16}")
STATES = ("booked", "appointment", "prevented", "still")


@pytest.fixture(scope="module")
def engine(demo_template):
    engine = make_engine(f"sqlite:///{demo_template}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def client(engine, tmp_path_factory):
    return served.client_of(engine, tmp_path_factory.mktemp("home"), today=TODAY)


def page_of(client, query):
    return served.drawn(client, "/plan", query)["page"]


def asked(engine, query, reader=LEAD):
    """The scope and its answer."""
    with reading(engine) as connection:
        scope = resolve(connection, from_query(query)[0], enquiries.by(reader, today=TODAY))
        return scope, slots_answer(connection, scope)


def said_of(page):
    card = served.cards(page)["answer"]
    lead = served.words(served.of_type(card, "H2")[0])
    return [lead, *(served.words(each) for each in served.of_type(card, "P"))]


def hrefs(node):
    return {served.words(part): part["props"].get("href") for part in served.of_type(node, "A")}


def any_scope(chance):
    """A part of the list, and a question of it."""
    parts = {
        "tf": chance.choice(["", "C_110", "C_130", "C_110,C_120", "C_502", "C_330"]),
        "site": chance.choice(["", "", "R9A01", "R9A02"]),
        "pathway": chance.choice(["", "", "admitted", "non-admitted", "dta"]),
        "priority": chance.choice(["", "", "", "1", "2", "3"]),
        "threshold": chance.choice(THRESHOLDS),
        "order": chance.choice(["", "next"]),
        "slots": chance.choice([1, 3, 12, 40, 500]),
    }
    return LIST + "".join(f"&{name}={value}" for name, value in parts.items() if value)


def test_with_and_without_slots_the_weeks_add_up_to_breaches_on_fifty_random_scopes(engine):
    chance = random.Random(13)
    for _ in range(50):
        weeks = chance.randrange(1, 27)
        with reading(engine) as connection:
            day = resolve(connection, from_query(LIST)[0], enquiries.by(LEAD, today=TODAY)).census
        due = (day + timedelta(weeks=weeks)).isoformat()
        query = f"{any_scope(chance)}&due={due}"
        scope, answer = asked(engine, query)
        passing = answer.question.passing
        assert passing.days == 7 * weeks
        with reading(engine) as connection:
            split, bands = split_of(connection, scope, passing), bands_of(connection, scope)
        if not answer.rows:
            assert split.counts.sum() == 0, query
            continue
        effects = answer.whole.effects[passing.weeks]
        by_week = split.counts.sum(axis=(0, 1))
        assert effects.sum(axis=1).tolist() == by_week.sum(axis=1).tolist(), query
        assert effects[:, 0].tolist() == by_week[:, IN_TIME].tolist(), query
        assert effects[:, 1].tolist() == by_week[:, APPOINTMENT_IN_TIME].tolist(), query
        if weeks < passing.weeks:  # beyond, a part of a week band is estimated
            assert effects.sum() == bands.estimate(passing).count[-1], query
        own = {code: int(split.counts[at].sum()) for at, code in enumerate(split.functions)}
        assert {
            row.code: int(row.effects[passing.weeks].sum())
            for row in answer.rows
            if row.effects[passing.weeks].sum()
        } == own, query


def listed(engine, census, function):
    """The pathways of a specialty as single rows of the table, in the order of their tokens."""
    with engine.connect() as connection:
        rows = connection.execute(
            select(pathway).where(
                pathway.c.census_date == census,
                pathway.c.treatment_function == function,
                pathway.c.basis == "english",
            )
        ).all()
    rows = sorted(rows, key=lambda row: row.token)
    return [
        One(at, row.days_waited, row.decision_to_admit is not None, _ahead(row, census))
        for at, row in enumerate(rows)
    ], [row.token for row in rows]


def _ahead(row, census):
    counts = row.tci_date if row.decision_to_admit else row.next_appointment
    return None if counts is None else (counts - census).days


@pytest.mark.parametrize(
    "question", ["", "&order=next&slots=9", "&threshold=52&slots=3", "&slots=60&due=2026-03-22"]
)
def test_the_page_is_a_loop_over_the_pathways_of_the_database_and_so_is_book_next(client, engine, question):
    query = f"{SPECIALTY}{question}"
    _, answer = asked(engine, query)
    passing, ask = answer.question.passing, answer.question
    ones, tokens = listed(engine, passing.census, "C_110")
    done = run(ones, ask.slots, ask.order, passing.weeks, passing.days)
    wanted = counted(done, passing.weeks, passing.days)
    head, *rows = served.table_of(served.cards(page_of(client, query))["slots-rows"])
    columns = dict(zip(STATES, head[-4:], strict=True))
    for week, row in enumerate(rows[:-1]):
        told = dict(zip(head, row, strict=True))
        assert {state: int(told[columns[state]]) for state in STATES} == {
            state: wanted.get((week, state), 0) for state in STATES
        }
        mine = sorted(
            (one for one in done if one.slot_on and 7 * week < one.slot_on <= 7 * (week + 1)),
            key=lambda one: one.slot_on,
        )
        assert int(told[slots_table.SLOTS]) == len(mine)
    assert rows[-1][0] == "Total"
    for week in (1, 3):
        shown = served.drawn(client, "/book-next", f"{query}&week={week}")["page"]
        if ask.order == "next":
            assert not TOKEN.search(str(shown)), "somebody is listed in the order of a target"
            continue
        found = TOKEN.findall(served.words(served.cards(shown)["slots-week"]))
        mine = [one for one in done if one.slot_on and 7 * (week - 1) < one.slot_on <= 7 * week]
        assert set(found) == {tokens[one.key] for one in mine}
        days = [next(one.slot_on for one in mine if tokens[one.key] == token) for token in found]
        assert days == sorted(days)


def test_the_specialties_add_up_to_the_trust_and_each_is_its_own_page(engine):
    for question in ("", "&order=next&slots=5", "&left=3&threshold=52"):
        _, trust = asked(engine, f"{LIST}{question}")
        for weeks, whole in trust.whole.effects.items():
            assert sum(row.effects[weeks] for row in trust.rows).tolist() == whole.tolist()
        for row in trust.rows[:6]:
            _, alone = asked(engine, f"{LIST}{question}&tf={row.code}")
            (own,) = alone.rows
            assert (own.needed, own.to_end) == (row.needed, row.to_end)
            assert own.effects[18].tolist() == row.effects[18].tolist()


def test_the_answer_of_the_page_holds_what_the_slots_needed_promise(engine):
    _, answer = asked(engine, f"{SPECIALTY}&left=4")
    for order in ("longest", "next"):
        needed = answer.whole.needed[order].slots
        for slots, holds in ((needed, True), (needed - 1, False)):
            if not 1 <= slots <= 500:
                continue
            more = f"&slots={slots}{'&order=next' if order == 'next' else ''}"
            _, tried = asked(engine, f"{SPECIALTY}&left=4{more}")
            assert bool(tried.whole.effects[18][:, STILL].sum() <= 4) is holds
    _, ended = asked(engine, f"{SPECIALTY}&slots={answer.whole.to_end}")
    assert ended.whole.effects[18][-1, STILL] == 0


def test_sentences_table_and_file_say_one_thing(client, engine):
    for query in (LIST, SPECIALTY, f"{SPECIALTY}&order=next&slots=30&left=5", f"{LIST}&threshold=52"):
        scope, answer = asked(engine, query)
        page = page_of(client, query)
        told = said_of(page)
        assert " ".join(told).startswith(" ".join(slots_sentences(answer)))
        assert told[0] == slots_sentences(answer)[0]
        wanted = [slots_table.headers(answer), *slots_table.lines(answer)]
        assert served.whole_table_of(served.cards(page)["slots-rows"]) == wanted
        file = client.get(f"/card.csv{query}&page=/plan&card=slots-rows")
        rows = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"))))[: len(wanted)]
        assert [[cell.removeprefix("'") for cell in row] for row in rows] == wanted
        chart = served.table_of(served.cards(page)["slots"])
        effect = answer.whole.effects[answer.question.passing.weeks]
        assert [row[1:] for row in chart[1:]] == [
            [f"{each[PREVENTED] + each[STILL]:,}", f"{each[PREVENTED]:,}", f"{each[STILL]:,}"]
            for each in effect.tolist()
        ]
        assert scope.census == answer.question.passing.census


def test_the_way_is_there_and_back_from_breaches_to_the_plan_to_book_next(client):
    breaches = served.drawn(client, "/breaches", f"{SPECIALTY}&horizon=6")["page"]
    way = hrefs(breaches)["What would more slots do?"]
    page = page_of(client, way.removeprefix("/plan"))
    back = hrefs(page)["Who breaches, and who has a date"]
    again = served.drawn(client, "/breaches", back.removeprefix("/breaches"))["page"]
    lead = served.words(served.of_type(breaches, "H2")[0])
    assert served.words(served.of_type(again, "H2")[0]) == lead
    # The count at its head is that of the plan's total.
    head, *rows = served.table_of(served.cards(page)["slots-rows"])
    assert lead.startswith(f"{rows[-1][head.index('Will breach 18 weeks')]} breach 18 weeks")
    (week,) = [
        part
        for part in served.of_type(page, "A")
        if "slots in the week" in part["props"].get("aria-label", "")
    ][1:2]
    shown = served.drawn(client, "/book-next", week["props"]["href"].removeprefix("/book-next"))["page"]
    assert "12 pathways" in served.words(served.of_type(shown, "H2")[0])
    ways = hrefs(shown)
    plan = ways["What would 12 more slots a week do?"]
    assert said_of(page_of(client, plan.removeprefix("/plan"))) == said_of(page)
    own = served.drawn(
        client, "/book-next", ways["Book next in order of clinical priority"].removeprefix("/book-next")
    )
    assert hrefs(own["page"])["What would 12 more slots a week do?"].startswith("/plan?")


def test_the_plan_of_the_return_leads_to_the_list_of_a_trust_that_has_one(client):
    asked_of = "?source=monthly&level=provider&org="
    ways = hrefs(page_of(client, f"{asked_of}R9A&tf=C_110&target=70"))
    way = next(href for said, href in ways.items() if said.startswith("Who no longer breaches"))
    assert "With 12 more slots a week, longest" in said_of(page_of(client, way))[0]
    assert not [said for said in hrefs(page_of(client, f"{asked_of}R9B")) if said.startswith("Who no longer")]


def test_a_date_within_a_week_asks_for_all_of_it_and_none_beyond_half_a_year(engine):
    _, usual = asked(engine, LIST)
    census = usual.question.passing.census
    for due, weeks in ((1, 1), (7, 1), (8, 2), (-30, 1), (900, 26)):
        _, answer = asked(engine, f"{SPECIALTY}&threshold=52&due={census + timedelta(due)}")
        assert answer.question.passing.days == 7 * weeks
        assert answer.question.weeks_ahead == weeks == len(answer.whole.taken)
    assert usual.question.weeks_ahead == 12
    # Nobody on the list can breach 18 weeks later than in the nineteenth week.
    _, beyond = asked(engine, f"{SPECIALTY}&due={census + timedelta(900)}")
    assert len(slots_table.lines(beyond)) == 19 + 1


# Who sees what


@pytest.fixture
def ptl(sqlite_engine, tmp_path):
    tracked.load(sqlite_engine, tmp_path)
    return sqlite_engine


def shown_to(engine, folder, role, path, query):
    client = tracked.served(engine, folder, access="proxy")
    return tracked.draw(client, path, query, tracked.as_role(role)).json["response"]["page"]["children"]


def test_who_may_see_no_pathway_sees_what_two_shown_counts_of_each_specialty_tell(client, engine, tmp_path):
    viewer = served.client_of(engine, tmp_path, today=TODAY, access="none")
    breaches = served.drawn(viewer, "/breaches", LIST)["page"]
    shown = {row[0]: row[1] for row in served.whole_table_of(served.cards(breaches)["ladder-specialties"])}
    for question in ("", "&order=next&slots=30", "&due=2026-06-30&slots=3"):
        page = page_of(viewer, f"{LIST}{question}")
        assert not [href for href in hrefs(page).values() if href and "book-next" in href]
        chart = served.table_of(served.cards(page)["slots"])
        assert chart[0] == ["Specialty", "Still breach", "No longer breach"], "the weeks are told"
        assert not {cell for row in chart[1:] for cell in row[1:]} & set("1234567")
        assert "are left out of all figures here" in " ".join(said_of(page))
        head, *rows = served.whole_table_of(served.cards(page)["slots-rows"])
        assert not {"Booked in time", "Appointment in time", slots_table.NONE_AFTER} & set(head)
        assert len(rows) > 3
        for name, passing, *others in rows:
            assert name == "Total" or shown[name] == passing, name
            assert not {cell for cell in (passing, *others[:2]) if cell in set("1234567")}
        # Whatever is asked, no list but one that these two counts make.
        _, answer = asked(engine, f"{LIST}{question}", Reader())
        with reading(engine) as connection:
            scope = resolve(
                connection, from_query(f"{LIST}{question}")[0], enquiries.by(Reader(), today=TODAY)
            )
            bands = bands_of(connection, scope)
        for row in answer.rows:
            at = bands.functions.index(row.code)
            assert bands.seen.count(Count("list", 18))[at, 0]
            total = int(bands.bands[at][14:18].sum())
            even = [total * week // 4 - total * (week - 1) // 4 for week in range(1, 5)]
            assert row.effects[18].sum(axis=1).tolist() == even
    with_access = page_of(client, f"{LIST}&slots=30")
    assert "left out of all figures" not in " ".join(said_of(with_access))


def test_a_lead_sees_the_own_specialty_by_pathway_and_others_by_bands(ptl, tmp_path):
    own = shown_to(ptl, tmp_path, "lead", "/plan", "?tf=C_120")
    assert "Booked in time" in served.words(served.cards(own)["slots-rows"])
    assert [href for href in hrefs(own).values() if href and href.startswith("/book-next")]
    other = shown_to(ptl, tmp_path, "lead", "/plan", "?tf=C_100")
    assert not [href for href in hrefs(other).values() if href and href.startswith("/book-next")]
    assert not TOKEN.search(str(shown_to(ptl, tmp_path, "lead", "/book-next", "?tf=C_100&week=1")))
    assert not TOKEN.search(str(shown_to(ptl, tmp_path, "viewer", "/book-next", "?tf=C_120&week=1")))
    assert TOKEN.search(str(shown_to(ptl, tmp_path, "lead", "/book-next", "?tf=C_120&week=1")))


def test_a_week_is_in_the_audit_trail_and_its_file_has_the_same_pathways(ptl, tmp_path):
    client = tracked.served(ptl, tmp_path)
    query = "?tf=C_120&slots=5&week=2"
    page = served.drawn(client, "/book-next", query)["page"]
    tokens = TOKEN.findall(served.words(served.cards(page)["slots-week"]))
    assert len(tokens) == 5
    form = {"query": query, "purpose": "Weekly meeting", "kind": "book-next", "back": "/book-next"}
    file = client.post("/ptl/export", data=form, headers=tracked.OURS)
    assert TOKEN.findall(file.text) == tokens
    assert "clinical priority comes first" in file.text
    with ptl.connect() as connection:
        seen, taken = connection.execute(select(audit).order_by(audit.c.id)).all()[-2:]
    assert (seen.action, seen.rows) == ("viewed", 5)
    assert "week=2" in seen.scope
    assert "slots=5" in seen.scope
    assert taken.action == "exported"
    stale = tracked.served(ptl, tmp_path, today=tracked.CENSUS + timedelta(30))
    assert not TOKEN.search(str(served.drawn(stale, "/book-next", query)["page"]))


def test_a_list_whose_pathways_are_deleted_is_told_by_its_week_bands(ptl, tmp_path):
    with ptl.begin() as connection:
        connection.execute(delete(pathway))
    page = served.drawn(tracked.served(ptl, tmp_path), "/plan", "?tf=C_120")["page"]
    assert "Who has a date is not told here" in " ".join(said_of(page))
    head = served.table_of(served.cards(page)["slots-rows"])[0]
    assert "Booked in time" not in head
    assert not [href for href in hrefs(page).values() if href and href.startswith("/book-next")]


def test_the_page_says_what_it_leaves_out_and_that_nothing_is_saved(client):
    page = page_of(client, SPECIALTY)
    said = served.words(page)
    for words in ("What is left out", "Usual treatment", "New referrals", "not saved as a scenario"):
        assert words in said
    assert "In the week before the list" in said
    assert "days old" not in said
    assert not served.of_type(page, "Form")
    assert any("source=monthly" in (href or "") for href in hrefs(page).values())
