"""Weekly forecasts beside the actual figures: scored when these are known, against today's lists, and never
rewritten.
"""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from ingest.forecasts.issue import issue_weekly, keep_back_test
from ingest.forecasts.rows import Expectation
from ingest.loading.load import remove
from ingest.store.database import make_engine
from ingest.store.schema import forecast, forecast_expectation
from rtt.disclosure.small_numbers import WITHHELD
from rtt.forecast.score.back_test import Row
from rtt.terms.printed import MINUS
from rtt.terms.treatment_functions import TOTAL
from rtt.terms.wording import date_text
from tests.dashboard import served_pages as served
from tests.dashboard import weekly_lists as weekly
from tests.dashboard.test_pages_all import statements_of

NOW = datetime(2026, 9, 7, 9, tzinfo=UTC)
PEOPLE = weekly.people()
# In London it is the next day by then.
LOADED_AT = datetime(2026, 9, 7, 23, 30, tzinfo=UTC)
LOADED = f"{{}}, loaded {date_text(date(2026, 9, 8))}"
MEASURES = ("passing_18", "over_18", "total", "share_within_18")
OFF = {"C_110": 3.4, "C_120": -1.6, "C_130": 0.5, "C_140": -6.2, TOTAL: 4.5}
LAST_OFF = {"C_110": 9.0, "C_120": 2.0, "C_130": -1.0, "C_140": 8.0, TOTAL: -11.0}


@pytest.fixture(autouse=True)
def _loaded_at(monkeypatch):
    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return LOADED_AT.astimezone(tz)

    monkeypatch.setattr("ingest.loading.incoming.datetime", Clock)


@pytest.fixture
def lists(sqlite_engine, tmp_path):
    """lists(0, 1) loads these weeks."""

    def load(*weeks, among=PEOPLE, **how):
        weekly.load(sqlite_engine, tmp_path, among, *weeks, **how)

    return load


@pytest.fixture
def issue(sqlite_engine):
    """issue(0, 1, 2) freezes, from the list of week 0, made-up expectations of weeks 1 and 2."""

    def made(origin, *targets, more=()):
        return issue_made_up(sqlite_engine, origin, *targets, more=more)

    return made


def issue_made_up(engine, origin, *targets, more=()):
    said = [*more]
    for measure in MEASURES:
        for target in targets:
            came = weekly.counted(PEOPLE, measure, origin, target)
            values = {code: came[code] + OFF[code] for code in came}
            naive = {code: came[code] + LAST_OFF[code] for code in came}
            said += weekly.expected(measure, origin, target, values, naive)
    return issue_weekly(engine, "R9A", weekly.day(origin), said, now=NOW)


@pytest.fixture
def page(sqlite_engine, tmp_path):
    """page("&measure=total") -> the cards of /breaches by name."""

    def draw(query="", access="single-user"):
        client = served.client_of(sqlite_engine, tmp_path, today=date(2026, 10, 5), access=access)
        pages = served.drawn(client, "/breaches", f"?source=weekly&show=record{query}")["page"]
        return served.cards(pages)

    return draw


def frozen(engine):
    with engine.connect() as connection:
        return [connection.execute(select(table)).all() for table in (forecast, forecast_expectation)]


def tables(card):
    """The rows of each table of a card by its caption."""
    found = {}
    for table in served.of_type(card, "Table"):
        caption = served.words(served.of_type(table, "Caption")[0])
        found[caption] = served.table_of({"props": {"children": table}, "type": "Div"})[1:]
    return found


def test_a_forecast_that_came_due_is_scored_as_by_hand(lists, issue, page):
    lists(0)
    issue(0, 1, 2, 3)
    lists(1, 2)
    for measure in MEASURES:
        for query, code in (("", TOTAL), ("&tf=C_110", "C_110"), ("&tf=C_140", "C_140")):
            rows = tables(page(f"&measure={measure}{query}")["list-score"])["Forecasts as issued"]
            assert [row[:3] for row in rows] == [
                ["20 Sep 2026", "6 Sep 2026", "2 weeks"],
                ["13 Sep 2026", "6 Sep 2026", "1 week"],
            ]
            for row, week in zip(rows, (2, 1), strict=True):
                came = weekly.counted(PEOPLE, measure, 0, week)[code]
                assert row[3:] == by_hand(measure, came, OFF[code], LAST_OFF[code])


def test_either_database_gives_that_score(engine, tmp_path):
    weekly.load(engine, tmp_path, PEOPLE, 0)
    issue_made_up(engine, 0, 1, 2)
    weekly.load(engine, tmp_path, PEOPLE, 1, 2)
    client = served.client_of(engine, tmp_path, today=date(2026, 10, 5))
    page = served.drawn(client, "/breaches", "?source=weekly&show=record")["page"]
    card = served.cards(page)["list-score"]
    rows = tables(card)["Forecasts as issued"]
    for row, week in zip(rows, (2, 1), strict=True):
        came = weekly.counted(PEOPLE, "passing_18", 0, week)[TOTAL]
        assert row[3:] == by_hand("passing_18", came, OFF[TOTAL], LAST_OFF[TOTAL])


def by_hand(measure, came, off, last_off):
    """What a line must say of a figure that came, of a forecast and a last value that were off by so much."""
    unit = "%" if measure == "share_within_18" else ""
    noun = {"total": "% of the list", "share_within_18": " points"}.get(measure, " pathways")
    size = came / 100 if measure == "total" else 1
    held = [name for name, wide in (("50%", 2), ("80%", 5), ("95%", 20)) if abs(off) <= wide]
    value = came + off
    return [
        f"{value:,.1f}{unit} (80%: {value - 5:,.1f}{unit} to {value + 5:,.1f}{unit})".replace("-", MINUS),
        f"{came:,.1f}%" if unit else f"{came:,.0f}",
        LOADED.format("first"),
        *(
            f"{shown}{noun}" if shown != "1.0" or size != 1 else f"1.0{noun[:-1]}"
            for shown in (f"{abs(each) / size:.1f}" for each in (off, last_off))
        ),
        {1: "95%", 2: "80% and 95%", 3: "50%, 80% and 95%"}.get(len(held), "none"),
    ]


def test_the_tally_counts_by_weeks_ahead_and_the_sentence_says_the_horizon_asked_for(lists, issue, page):
    lists(0)
    issue(0, 1, 2)
    lists(1)
    issue(1, 2)
    lists(2)
    card = page("&horizon=1")["list-score"]
    assert tables(card)["Score of the issued forecasts by weeks ahead"] == [
        ["1 week", "2", "4.5 pathways", "11.0 pathways", "59% better", "0 of 2", "2 of 2", "2 of 2"],
        ["2 weeks", "1", "4.5 pathways", "11.0 pathways", "59% better", "0 of 1", "1 of 1", "1 of 1"],
    ]
    words = served.words(card)
    assert "2 forecasts issued since 6 Sep 2026; 3 figures scored" in words
    assert "1 week ahead, 2 of 2 figures lay within their 80% interval" in words
    assert "the mean error was 4.5 pathways, that of no change 11.0 pathways, 59% better" in words
    assert "None 8 weeks ahead can be shown yet" in served.words(page("&horizon=8")["list-score"])


def test_before_anything_is_due_the_page_says_when_the_first_figure_is(lists, issue, page):
    lists(0)
    issue(0, 2, 3)
    words = served.words(page()["list-score"])
    assert "No figure can be scored yet. The first can be scored with the PTL of 20 Sep 2026." in words
    assert "Forecasts as issued" not in words


def test_a_day_without_a_list_is_not_scored_and_never_nought(lists, issue, page):
    lists(0)
    between = Expectation(TOTAL, "passing_18", date(2026, 9, 30), 9.0, ((8, 10), (7, 11), (6, 12)), 3.0)
    issue(0, 1, 2, 3, more=[between])
    lists(1, 3)
    for measure, days in (("over_18", ["27 Sep 2026", "13 Sep 2026"]), ("passing_18", ["13 Sep 2026"])):
        # Who passed by the third week cannot be told: nobody counted who joined in the second.
        card = page(f"&measure={measure}")["list-score"]
        assert [row[0] for row in tables(card)["Forecasts as issued"]] == days
        missing = f"{3 - len(days)} figure{'' if len(days) == 2 else 's'} of past days"
        assert missing in served.words(card)


def test_a_revision_changes_what_came_and_the_score_names_it(lists, issue, page, sqlite_engine):
    lists(0)
    issue(0, 1)
    lists(1)
    before, said = frozen(sqlite_engine), page()["list-score"]
    fewer = [each for each in PEOPLE if each.number % 12]
    lists(1, among=fewer, name="open-revised")
    (row,) = tables(page()["list-score"])["Forecasts as issued"]
    came = weekly.counted(fewer, "passing_18", 0, 1)[TOTAL]
    assert came != weekly.counted(PEOPLE, "passing_18", 0, 1)[TOTAL]
    assert row[4:6] == [f"{came:,.0f}", LOADED.format("revision 1")]
    assert row[3] == tables(said)["Forecasts as issued"][0][3]
    assert frozen(sqlite_engine) == before


def test_taking_the_list_out_takes_the_score_away_and_not_the_forecast(lists, issue, page, sqlite_engine):
    lists(0)
    issue(0, 1, 2)
    lists(1)
    before = frozen(sqlite_engine)
    remove(sqlite_engine, "weekly", weekly.day(1))
    words = served.words(page()["list-score"])
    assert "No figure can be scored yet. The first can be scored with the PTL of 13 Sep 2026." in words
    assert frozen(sqlite_engine) == before


def test_what_was_made_in_hindsight_is_listed_apart_and_not_counted(lists, issue, page):
    lists(0, 1)
    assert issue(0, 1).kind == "back-test"
    card = page()["list-score"]
    assert "No forecast of this PTL has been issued yet." in served.words(card)
    assert list(tables(card)) == ["Back-tests: made afterwards, not issued"]


def test_without_a_last_value_a_forecast_is_still_scored(lists, page, sqlite_engine):
    lists(0)
    said = weekly.expected("passing_18", 0, 1, {TOTAL: 30.0})
    issue_weekly(sqlite_engine, "R9A", weekly.day(0), said, now=NOW)
    lists(1)
    card = page("&horizon=1")["list-score"]
    (row,) = tables(card)["Forecasts as issued"]
    assert row[7] == "Not known"
    assert "that of no change" not in served.words(card)


def test_several_specialties_are_scored_one_at_a_time(lists, issue, page):
    lists(0)
    issue(0, 1)
    lists(1)
    assert "choose one" in served.words(page("&tf=C_110,C_120")["list-score"])


@pytest.mark.parametrize("measure", MEASURES)
def test_small_numbers_are_neither_listed_nor_counted_for_who_may_not_see_pathways(
    lists, issue, page, measure
):
    lists(0)
    issue(0, 1, 2)
    lists(1, 2)
    hidden = {
        week: {code for code in (*weekly.SPECIALTIES, TOTAL) if _small(measure, code, week)}
        for week in (1, 2)
    }
    assert any(hidden.values())
    for code in (*weekly.SPECIALTIES, TOTAL):
        query = f"&measure={measure}" + (f"&tf={code}" if code != TOTAL else "")
        own, theirs = (tables(page(query, access)["list-score"]) for access in ("single-user", "none"))
        rows = theirs["Forecasts as issued"]
        assert WITHHELD not in str(own)
        shown = [row for row in rows if WITHHELD not in row]
        for row, week in zip(rows, (2, 1), strict=True):
            assert code not in hidden[week] or row[3:5] == [WITHHELD, WITHHELD]
        # All that is said of a line that is not shown is its days: it is in no mean.
        tally = theirs.get("Score of the issued forecasts by weeks ahead", [])
        assert [row[0] for row in tally] == sorted(row[2] for row in shown)


def _small(measure, code, week):
    """Whether a count of 1 to 7 people, or a rate on few, was said, came, or was the last value."""
    if measure == "share_within_18":
        total, over = (weekly.counted(PEOPLE, part, 0, week)[code] for part in ("total", "over_18"))
        return total < 20 or any(0 < part < 8 for part in (over, total - over))
    came = weekly.counted(PEOPLE, measure, 0, week)[code]
    return any(0 < each < 8 for each in (came, came + OFF[code], came + LAST_OFF[code]))


def test_no_hidden_figure_is_left_to_subtraction(lists, issue, page):
    lists(0)
    issue(0, 1)
    lists(1)
    shown = 0
    for code in weekly.SPECIALTIES:
        (row,) = tables(page(f"&tf={code}", "none")["list-score"])["Forecasts as issued"]
        shown += WITHHELD not in row
    hidden = len(weekly.SPECIALTIES) - shown
    assert hidden > 1, "the smallest other specialty must hide a single small one"


def test_a_page_of_scores_makes_no_more_than_ten_statements(lists, issue, sqlite_engine, tmp_path):
    lists(0)
    issue(0, 1, 2)
    lists(1, 2)
    for access in ("single-user", "none"):
        for query in ("", "&tf=C_130&threshold=52&horizon=1", "&measure=share_within_18&tf=C_120"):
            engine = make_engine(sqlite_engine.url)
            client = served.client_of(engine, tmp_path, today=date(2026, 10, 5), access=access)
            made = statements_of(engine)
            served.drawn(client, "/breaches", f"?source=weekly&show=record{query}")
            engine.dispose()
            asked = [text for text in made if not text.startswith(("PRAGMA", "BEGIN"))]
            # Making the server has asked already what is held. Where small numbers are judged, three more are
            # made the first time: the tables of the list, those of NONC, and the lists that scores are of.
            assert len(asked) + 1 <= 10 + 3 * (access == "none"), asked


def test_the_back_test_of_the_method_is_called_one_and_stands_apart(lists, page, sqlite_engine):
    lists(0)
    rows = [
        Row(4, measure, level, 21, 5.0, 20.0, 0.75, 0.5, 0.81, 0.95)
        for measure in MEASURES
        for level in ("provider", "cell")
    ]
    keep_back_test(sqlite_engine, "weekly", weekly.day(0), rows, provider_code="R9A")
    keep_back_test(sqlite_engine, "weekly", weekly.day(0), rows[:1], provider_code="R9B")
    card = page()["list-back-test"]
    assert "a back-test of the method, not what was issued" in served.words(card)
    assert served.table_of(card)[1:] == [
        ["4 weeks", "21", "5.0 pathways", "20.0 pathways", "75% better", "50.0%", "81.0%", "95.0%"]
    ]
    assert "all specialties together" in served.words(page("&tf=C_110")["list-back-test"])


def test_the_score_can_be_taken_as_a_file(lists, issue, sqlite_engine, tmp_path):
    lists(0)
    issue(0, 1)
    lists(1)
    client = served.client_of(sqlite_engine, tmp_path, today=date(2026, 10, 5))
    answer = client.get("/card.csv?source=weekly&page=/breaches&card=list-score")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[1][:3] == ["1 week", "1", "4.5 pathways"]


def test_lists_of_another_day_of_the_week_are_scored_by_the_days_they_hold(lists, page, sqlite_engine):
    """A figure about a Wednesday has no list, and nobody waits for one."""
    lists(0)
    odd = weekly.day(0) + timedelta(10)
    said = [Expectation(TOTAL, "passing_18", odd, 9.0, ((8, 10), (7, 11), (6, 12)), 3.0)]
    issue_weekly(sqlite_engine, "R9A", weekly.day(0), said, now=NOW)
    lists(1, 2)
    words = served.words(page()["list-score"])
    assert "No figure can be scored yet." in words
    assert "of past days" not in words
