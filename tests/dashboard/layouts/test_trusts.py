"""All trusts' PTLs: every trust beside the others with how its data stand, and nothing of a few patients."""

from datetime import timedelta

import pytest

from ingest.extracts import LoadOptions
from ingest.lake.build import build
from ingest.lake.engines import engine as engine_named
from ingest.lake.publish import publish
from ingest.lake.stores import open_store
from ingest.store.closures import record_closure
from tests.dashboard import served_pages as served
from tests.dashboard import tracked
from tests.dashboard import trusts as of_trusts
from tests.ingest.lake import trusts
from tests.tracking_lists import as_csv, pathway

WEEK = trusts.WEEK
FIRST = trusts.FIRST
LAST = FIRST + 2 * WEEK
TODAY = LAST + timedelta(2)
# Trust -> for each week the days waited of how many; None: it sends no list.
WAITS = {
    "R0A": ({30: 60, 200: 40}, {30: 70, 200: 40}, {30: 90, 200: 10, 400: 20}),
    "R1B": ({30: 50, 400: 20}, {30: 50, 400: 25}, None),
    "R2C": (None, {30: 40, 400: 30}, {30: 44, 400: 3}),
}


@pytest.fixture
def store(tmp_path):
    return open_store(str(tmp_path / "lake"))


def rows(provider, week, waits):
    census = FIRST + week * WEEK
    return [
        pathway(
            provider=provider,
            issuer=provider,
            site=f"{provider}01",
            week_ending=str(census),
            treatment_function=("100", "110")[number % 2],
            clock_start=str(census - timedelta(days)),
        )
        for days, count in waits.items()
        for number in range(count)
    ]


def sent(folder, provider, week, waits, revision=0):
    path = folder / f"open-{provider}-{week}-{revision}-{FIRST + week * WEEK:%Y%m%d}.csv"
    path.write_bytes(as_csv(rows(provider, week, waits)))
    return trusts.Sent(provider, FIRST, "open", revision, path, f"the key of {provider}".encode())


@pytest.fixture
def published(store, sqlite_engine, tmp_path):
    """published(more) puts a lake of these lists, and `more` of them, into the database."""

    def made(*more):
        files = [
            sent(tmp_path, provider, week, waits)
            for provider, weeks in WAITS.items()
            for week, waits in enumerate(weeks)
            if waits
        ]
        assert set(trusts.add_all(store, files)) == {"loaded"}
        trusts.add_all(store, list(more))
        build(store, engine_named("local", workers=1))
        list(publish(sqlite_engine, store, options=LoadOptions(), today=trusts.TODAY))
        return sqlite_engine

    return made


def tables(engine, home, query="", access="single-user"):
    client = served.client_of(engine, home, today=TODAY, access=access)
    page = served.drawn(client, "/trusts", query)["page"]
    cards = served.cards(page)
    return served.words(page), *(served.table_of(cards[name]) for name in ("trusts", "weeks"))


def test_every_trust_stands_beside_the_others_with_its_data_status(published, tmp_path):
    said, by_trust, of_weeks = tables(published(), tmp_path)
    assert "2 of 3 trusts sent a PTL for 20 Sep 2026. Missing: R1B." in said
    by_name = {row[0]: row[1:] for row in by_trust}
    assert by_name["R0A"] == ["120", "+10", "75.0%", "20", "Loaded"]
    assert by_name["R1B"] == ["No PTL", "", "No PTL", "No PTL", "Missing; last PTL 13 Sep 2026"]
    assert by_name["R2C"] == ["47", "−23", "93.6%", "3", "Loaded"]
    assert by_name["All trusts"] == ["167", "Not known", "80.2%", "23", "2 of 3"]
    assert [row[:4] for row in of_weeks if row[0].endswith(" 2026")] == [
        ["20 Sep 2026", "2", "R1B", "167"],
        ["13 Sep 2026", "3", "None", "255"],
        ["6 Sep 2026", "2", "None", "170"],
    ]


def test_a_revised_and_a_refused_list_say_so(published, tmp_path):
    revised = sent(tmp_path, "R0A", 2, {30: 100, 200: 30}, revision=1)
    wrong = tmp_path / f"open-R2C-wrong-{LAST:%Y%m%d}.csv"
    bad = [row | {"treatment_function": "999"} for row in rows("R2C", 2, {30: 45})]
    wrong.write_bytes(as_csv(bad))
    refused = trusts.Sent("R2C", LAST, "open", 1, wrong, b"the key of R2C")
    engine = published(revised, refused)
    _, by_trust, _ = tables(engine, tmp_path)
    by_name = {row[0]: row[1:] for row in by_trust}
    assert (by_name["R0A"][0], by_name["R0A"][-1]) == ("130", "Revised (revision 1)")
    assert (by_name["R2C"][0], by_name["R2C"][-1]) == (
        "47",
        "Newest file refused; last PTL 20 Sep 2026",
    )


def test_no_change_of_all_trusts_is_told_where_one_has_closed_and_one_is_new(store, sqlite_engine, tmp_path):
    few = {30: 60, 200: 40}
    weeks = {"R0A": (few, few), "R1B": (few, None), "R2C": (None, few)}
    files = [
        sent(tmp_path, provider, week, waits)
        for provider, of_trust in weeks.items()
        for week, waits in enumerate(of_trust)
        if waits
    ]
    assert set(trusts.add_all(store, files)) == {"loaded"}
    build(store, engine_named("local", workers=1))
    list(publish(sqlite_engine, store, options=LoadOptions(), today=trusts.TODAY))
    record_closure(sqlite_engine, "R1B", FIRST + timedelta(1))
    _, by_trust, of_weeks = tables(sqlite_engine, tmp_path)
    assert [row[1:3] for row in of_weeks if row[0].endswith(" 2026")] == [["2", "None"], ["2", "None"]]
    by_name = {row[0]: row[1:] for row in by_trust}
    assert by_name["All trusts"][:2] == ["200", "Not known"]


def test_small_numbers_are_not_told_nor_what_the_sum_would_tell(published, tmp_path):
    _, by_trust, of_weeks = tables(published(), tmp_path, access="none")
    by_name = {row[0]: row[1:] for row in by_trust}
    assert by_name["R2C"][3] == "under 8"
    assert by_name["R0A"][0] == "120"
    # The sum less what R0A is told to have would be the three patients of R2C.
    assert by_name["All trusts"][3] == "withheld (small numbers)"
    assert of_weeks[1][0] == "20 Sep 2026"
    assert of_weeks[1][-1] == "withheld (small numbers)"


def test_a_specialty_and_an_earlier_week_are_asked_for(published, tmp_path):
    engine = published()
    said, by_trust, _ = tables(engine, tmp_path, "?tf=C_110&census=2026-09-13")
    by_name = {row[0]: row[1:] for row in by_trust}
    assert {name: row[0] for name, row in by_name.items() if name != "Trust"} == {
        "R0A": "55", "R1B": "37", "R2C": "35", "All trusts": "127",
    }  # fmt: skip
    assert "3 of 3 trusts sent a PTL for 13 Sep 2026." in said


def test_nothing_but_the_trusts_is_a_feed_of_data_status(published, tmp_path):
    client = served.client_of(published(), tmp_path, today=TODAY)
    feeds = client.get("/status.json").json["feeds"]
    assert {(feed["provider_code"], feed["section"]) for feed in feeds} == {(code, "open") for code in WAITS}


def test_a_right_at_one_trust_shows_that_trust_alone(sqlite_engine, tmp_path):
    of_trusts.load(sqlite_engine, tmp_path, sizes=(160, 60, 60))
    client = of_trusts.served(sqlite_engine, tmp_path)

    def table(role, query="?tf=C_120"):
        answer = tracked.draw(client, "/trusts", query, of_trusts.as_role(role))
        page = answer.json["response"]["page"]["children"]
        return {row[0][:3]: row[1:] for row in served.table_of(served.cards(page)["trusts"])}

    every, nobody, one = (table(role) for role in ("reader of all", "plain reader", "reader of R9A"))
    assert every != nobody
    assert one["R9A"] == every["R9A"]
    for trust in (of_trusts.OTHER, of_trusts.FAR):
        assert one[trust] == nobody[trust]
        assert one[trust] != every[trust]


def test_the_sum_has_a_change_where_the_same_trusts_are_in_both_weeks(published, tmp_path):
    both = [sent(tmp_path, "R1B", 2, {30: 60}), sent(tmp_path, "R2C", 0, {30: 35})]
    _, by_trust, by_week = tables(published(*both), tmp_path)
    by_name = {row[0]: row[1:] for row in by_trust}
    assert by_name["All trusts"][:2] == ["227", "−28"]
    assert {row[2] for row in by_week if row[0].endswith(" 2026")} == {"None"}


def test_a_trust_that_has_closed_is_not_missing(published, tmp_path):
    few = sent(tmp_path, "R1B", 1, {30: 70, 400: 5}, revision=1)
    engine = published(few)
    record_closure(engine, "R1B", LAST - timedelta(3))
    # It had fewer over 52 weeks than are told of: the sum of its last week is not told either.
    for_everybody = tables(engine, tmp_path, access="none")[2]
    assert [row[-1] for row in for_everybody if row[0].endswith(" 2026")][1] == "withheld (small numbers)"
    said, by_trust, by_week = tables(engine, tmp_path)
    assert "2 of 2 trusts sent a PTL for 20 Sep 2026." in said
    assert "R1B" not in {row[0] for row in by_trust}
    assert [row[1:3] for row in by_week if row[0].endswith(" 2026")] == [
        ["2", "None"],
        ["3", "None"],
        ["2", "None"],
    ]
