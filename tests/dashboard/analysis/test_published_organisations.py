"""Published months of organisations on Trends, Overview, in files and packs: made-up workbooks before and
between extracts, with a naive second way over their rows.
"""

import csv
import io
import json
import math
import shutil
from datetime import date

import pytest
from sqlalchemy import event

from dashboard.analysis import pack
from dashboard.analysis.published_organisations import MADE, STATUS, published_of_organisation
from dashboard.filters import from_query
from dashboard.packs.contents.beyond import PUBLISHED
from dashboard.packs.contents.pack import contents_of
from dashboard.scope.pack_scope import scope_of_pack
from dashboard.scope.scope import resolve
from dashboard.store.cache import reading
from ingest.extracts import LoadOptions
from ingest.loading.load import load_path
from ingest.store.database import make_engine
from rtt.measures.indicators import INDICATORS
from rtt.terms.calendar import month_ends
from tests import makers
from tests.dashboard import enquiries
from tests.dashboard import served_pages as served
from tests.dashboard.scope import test_through_time as through_time
from tests.ingest import published_workbooks as workbooks

# Extracts of January and March 2025; workbooks before, with a hole in November, and of February between.
EXTRACTS = (date(2025, 1, 31), date(2025, 3, 31))
BOOKS = (
    *(date(2024, month, day) for month, day in ((8, 31), (9, 30), (10, 31), (12, 31))),
    date(2025, 2, 28),
)
FIRST_WITH_TODAYS_BANDS = date(2024, 10, 31)
# RA2 became a part of RA1 in December; RA4 and RA5 formed RA6 then, whose code is new.
ENDS = {"RA2": date(2024, 12, 1), "RA4": date(2024, 12, 1), "RA5": date(2024, 12, 1)}
BECAME = {"RA2": "RA1", "RA4": "RA6", "RA5": "RA6"}
FUNCTIONS = ("C_100", "C_110")
DECEMBER = date(2024, 12, 1)


def bands_of(provider, function, month):
    n = 30 + 7 * int(provider[2]) + 5 * FUNCTIONS.index(function) + month.month
    return {2: n, 19: n // 2, 53: 3, 66: 2, 79: 1}


def there(month):
    every = ("RA1", "RA2", "RA3", "RA4", "RA5", "RA6")
    return [
        each for each in every if month < ENDS.get(each, date.max) and (each != "RA6" or month >= DECEMBER)
    ]


def facts(month):
    return {(each, "00R", "2", function): bands_of(each, function, month)
            for each in there(month) for function in FUNCTIONS}  # fmt: skip


def printed(bands, last):
    """The figures of a row; weeks are some number that stands for the publisher's."""
    total, within = sum(bands.values()), sum(n for band, n in bands.items() if band < 18)
    over = {week: sum(n for band, n in bands.items() if band >= week) for week in (52, 78, 65)}
    weeks = (13.5, "52+" if last == 52 else 104)  # 104 in a format that shows it as 104+
    return (total, within, within / total, *weeks, *over.values(), over[52] / total)


def book(folder, month, leave_out=()):
    """An Incomplete Provider workbook; until September 2024 as if its bands ended at 52 weeks."""
    layout = workbooks.UNTIL_2021 if month < FIRST_WITH_TODAYS_BANDS else workbooks.TODAY
    rows = []
    for provider in (each for each in there(month) if each not in leave_out):
        by_function = {function: bands_of(provider, function, month) for function in FUNCTIONS}
        together = {band: sum(each[band] for each in by_function.values()) for band in by_function["C_100"]}
        for function, bands in {**by_function, "C_999": together}.items():
            shown = {}
            for band, n in bands.items():
                shown[min(band, layout.last_band)] = shown.get(min(band, layout.last_band), 0) + n
            figures = printed(bands, layout.last_band)
            kept = figures[:6] if layout.last_band == 52 else figures
            rows.append((("Y60", provider, f"{provider} TRUST", function, function), shown, kept))
    headings = workbooks.INCOMPLETE[:6] if layout.last_band == 52 else workbooks.INCOMPLETE
    return workbooks.save(
        folder / f"Incomplete-Provider-{month:%b%y}.xlsx",
        {"Provider": rows},
        headings=headings,
        layout=layout,
        front=workbooks.front(period=f"{month:%B %Y}"),
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("published")
    for month in EXTRACTS:
        (made / makers.file_name(month)).write_text(
            makers.as_csv(makers.table(facts(month), census=month)), newline=""
        )
    for month in BOOKS:
        book(made, month)
    told = [{"code": code, "name": code, "ended_on": str(day), "became": [BECAME[code]]}
            for code, day in ENDS.items()]  # fmt: skip
    (made / "organisations.json").write_text(
        json.dumps({"source": "A test", "as_of": "2026-09-30", "successions": told})
    )
    return made


@pytest.fixture(scope="module")
def held(folder, sqlite_template, tmp_path_factory):
    """The extracts and workbooks in a database."""

    path = tmp_path_factory.mktemp("db") / "rtt.db"
    shutil.copy(sqlite_template, path)
    engine = make_engine(f"sqlite:///{path}")
    for each in sorted(folder.iterdir()):
        [result] = load_path(engine, each)
        assert result.state == "loaded", [str(problem) for problem in result.problems]
    yield engine
    engine.dispose()


def whose(code, month, *, then=False):
    return [each for each in there(month) if each == code or (not then and BECAME.get(each) == code)]


def naive(key, code, month, functions, *, then=False):
    """The published figure by hand: None where it is not known, "no row" where nothing stands."""
    rows = [
        bands_of(each, function, month) for each in whose(code, month, then=then) for function in functions
    ]
    if not rows or (month < FIRST_WITH_TODAYS_BANDS and key in ("over_65", "over_78", "over_104")):
        return "no row"
    if key in ("median_weeks", "high_percentile_weeks"):
        several = len(whose(code, month, then=then)) > 1
        return "no row" if several else 13.5 if key == "median_weeks" else math.inf
    if not key.removeprefix("share_").startswith(("within", "over", "total")):
        return "no row"  # nobody prints flows
    over = {
        name: int(name.rpartition("_")[2])
        for name in ("over_18", "over_52", "over_65", "over_78", "over_104")
    }
    total = sum(sum(row.values()) for row in rows)
    part = key.removeprefix("share_")
    first, last = (0, 18) if part == "within_18" else (over.get(part, 0), 105)
    count = sum(n for row in rows for band, n in row.items() if first <= band < last)
    return count / total if key.startswith("share") else count


QUERIES = [("RA1", "", ""), ("RA1", "C_110", ""), ("RA1", "", "then"), ("RA6", "", ""), ("RA3", "C_100", "")]


@pytest.mark.parametrize(("code", "function", "history"), QUERIES)
def test_every_measure_of_every_month_is_what_the_workbooks_print(held, code, function, history):
    query = f"?level=provider&org={code}&tf={function}&history={history}"
    functions = (function,) if function else FUNCTIONS
    with reading(held) as connection:
        scope = resolve(connection, from_query(query)[0], enquiries.by())
        for key in MADE:
            found = {
                each.census_date: each for each in published_of_organisation(connection, scope, key).findings
            }
            expected = {month: naive(key, code, month, functions, then=history == "then") for month in BOOKS}
            expected = {month: value for month, value in expected.items() if value != "no row"}
            assert {month: each.value for month, each in found.items()} == pytest.approx(expected), key
            assert {each.status for each in found.values()} <= {STATUS}


def card_csv(client, path, card, query):
    answer = client.get(f"/card.csv?page={path}&card={card}&{query}")
    assert answer.status_code == 200
    heading, *rows = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    return heading, [
        row for row in rows[: rows.index([])] if not row[heading.index("Status")].startswith("proj")
    ]


@pytest.fixture(scope="module")
def client(held, tmp_path_factory):
    return served.client_of(held, tmp_path_factory.mktemp("home"), today=date(2025, 6, 1), access="none")


@pytest.mark.parametrize(("path", "card"), [("/trends", "level"), ("/", "share-trend")])
def test_chart_table_file_and_words_have_them_marked(client, path, card):
    query = "level=provider&org=RA3&since=2007"
    heading, rows = card_csv(client, path, card, query)
    status = {row[0]: (row[1], row[heading.index("Status")]) for row in rows}
    months = month_ends(BOOKS[0], EXTRACTS[-1])
    assert len(status) == len(rows) == len(months)
    for month in months:
        shown, said = status[f"{month.day} {month:%b %Y}"]
        if month in BOOKS:
            assert said == STATUS
            assert shown == f"{100 * naive('share_within_18', 'RA3', month, FUNCTIONS):.1f}%"
        elif month in EXTRACTS:
            assert said == "published"
        else:
            assert (shown, said) == ("No published figure", "")
    page = served.drawn(client, path, f"?{query}")["page"]
    assert "Up to December 2024 the paler line shows NHS England’s published figures." in served.words(page)
    assert "No extract is loaded for February 2025: the paler line shows" in served.words(page)
    figure = served.of_type(served.cards(page)[card], "Graph")[0]["props"]["figure"]
    (paler,) = [trace for trace in figure["data"] if trace.get("name") == "Published figures"]
    blue = next(trace for trace in figure["data"] if len(trace.get("x") or ()) == len(EXTRACTS) + 1)
    own = {day for day, value in zip(blue["x"], blue["y"], strict=True) if value is not None}
    drawn = {day: value for day, value in zip(paler["x"], paler["y"], strict=True) if value is not None}
    # A gap in November, and each stretch joined to the extracts beside it.
    assert list(drawn) == [str(month) for month in (*BOOKS[:4], EXTRACTS[0], BOOKS[4], EXTRACTS[1])]
    assert paler["y"][paler["x"].index("2024-11-30")] is None
    assert own == {str(month) for month in EXTRACTS}


def test_without_being_asked_for_they_are_offered_and_not_drawn(client):
    query = "?level=provider&org=RA3"
    page = served.drawn(client, "/trends", query)["page"]
    assert "Since August 2024, with published figures" in served.words(page)
    assert "Published figures" not in str(served.cards(page)["level"])
    assert "Since August 2024, with published figures" in served.words(
        served.drawn(client, "/", query)["page"]
    )
    # Not of several specialties, nor of what no workbook prints.
    for other in ("&tf=C_100,C_110", "&measure=unreported_removals", "&pathway=dta"):
        assert "published figures" not in served.words(served.drawn(client, "/trends", query + other)["page"])


def test_weeks_of_trusts_that_merged_are_not_known_and_it_is_said(client):
    page = served.drawn(client, "/trends", "?level=provider&org=RA1&since=2007&measure=median_weeks")["page"]
    name = INDICATORS["median_weeks"].name
    said = f"{name} of several trusts cannot be added up, so it is not known up to October 2024."
    assert said in served.words(page)
    heading, rows = card_csv(
        client, "/trends", "level", "level=provider&org=RA1&since=2007&measure=median_weeks"
    )
    assert [row[0] for row in rows if row[heading.index("Status")] == STATUS] == [
        "28 Feb 2025",
        "31 Dec 2024",
    ]


def test_a_merger_among_the_published_months_is_told_and_can_be_undone(client):
    """It lies before the first extract: without those months there is nothing to tell."""
    without = served.drawn(client, "/trends", "?level=provider&org=RA1")
    assert "RA2 merged" not in served.words(without["page"])
    assert "Before mergers" not in str(without["filters"])
    shown = served.drawn(client, "/trends", "?level=provider&org=RA1&since=2007&measure=total")
    assert "RA2 merged into it, 1 Dec 2024" in served.words(shown["page"])
    assert "Before mergers" in str(shown["filters"])
    heading, rows = card_csv(client, "/trends", "level", "level=provider&org=RA1&since=2007&measure=total")
    noted = {row[0]: row[heading.index("Notes")] for row in rows}
    assert [day for day, note in noted.items() if "RA2 merged" in note] == ["31 Dec 2024"]


def test_off_the_scale_is_shown_by_its_own_bands(client):
    query = "level=provider&org=RA3&since=2007&measure=high_percentile_weeks"
    heading, rows = card_csv(client, "/trends", "level", query)
    shown = {row[0]: row[1] for row in rows if row[heading.index("Status")] == STATUS}
    assert shown == {"31 Aug 2024": "52+ weeks", "30 Sep 2024": "52+ weeks", "31 Oct 2024": "104+ weeks",
                     "31 Dec 2024": "104+ weeks", "28 Feb 2025": "104+ weeks"}  # fmt: skip


def test_a_month_in_which_a_predecessor_is_not_printed_is_not_known(folder, sqlite_url, tmp_path):
    engine = make_engine(sqlite_url)
    paths = [each for each in folder.iterdir() if "Sep24" not in each.name]
    for each in (*paths, book(tmp_path, date(2024, 9, 30), leave_out=("RA2",))):
        assert load_path(engine, each)[0].state == "loaded"
    with reading(engine) as connection:
        scope = resolve(connection, from_query("?level=provider&org=RA1")[0], enquiries.by())
        found = published_of_organisation(connection, scope, "total")
    engine.dispose()
    assert found.lacking == (date(2024, 9, 30),)
    assert [each.census_date for each in found.findings] == [month for month in BOOKS if month.month != 9]


def test_the_newest_workbook_that_prints_a_month_is_believed(engine, folder, tmp_path):
    for each in folder.iterdir():
        load_path(engine, each)
    month = date(2024, 8, 31)
    revised = workbooks.save(
        tmp_path / "Incomplete-Provider-Aug24-revised.xlsx",
        {
            "Provider": [
                (("Y60", "RA3", "RA3", "C_999", "Total"), {0: 10}, (10, 10, 1.0, "-", "-", 0, 0, 0, 0.0))
            ]
        },
        front=workbooks.front(period="August 2024", revised="10th July 2025"),
    )
    [result] = load_path(engine, revised, options=LoadOptions(replace=True))
    assert result.replaced
    with reading(engine) as connection:
        scope = resolve(connection, from_query("?level=provider&org=RA3")[0], enquiries.by())
        first = published_of_organisation(connection, scope, "total").findings[0]
        weeks = published_of_organisation(connection, scope, "median_weeks").findings[0]
    assert (first.census_date, first.value) == (month, 10)
    assert weeks.census_date > month  # "-" at the beginning tells nothing


def test_a_pack_has_a_page_of_them(held):
    with reading(held) as connection:
        scope = scope_of_pack(connection, "RA3", None, "public", enquiries.by())
        pages = {page.name: page for page in contents_of(pack.load(connection, scope, whole=True)).pages}
    page = pages[PUBLISHED]
    assert [row[0] for row in page.chart.rows][::7] == ["31 Mar 2025", "31 Aug 2024"]
    assert "Up to December 2024 the paler line shows NHS England’s published figures." in page.paragraphs[-1]


@pytest.mark.parametrize("path", ["/trends", "/"])
def test_they_take_one_statement_more(held, tmp_path, path):
    def asked(query):
        counted = []
        with make_engine(str(held.url)).connect() as connection:
            other = connection.engine
        event.listen(other, "before_cursor_execute", lambda *said: counted.append(said[2]))
        client = served.client_of(other, tmp_path, today=date(2025, 6, 1))
        served.drawn(client, path, query)
        other.dispose()
        return [each for each in counted if "published_figure" in each]

    assert len(asked("?level=provider&org=RA3&since=2007")) == 1
    assert len(asked("?level=provider&org=RA3&tf=C_100,C_110")) == 0


def test_england_an_icb_and_a_commissioner_have_theirs(folder, sqlite_engine, tmp_path):
    """One workbook by commissioner tells of all three, whole or by specialty."""
    row = ({0: 30, 20: 10}, (40, 30, 0.75, 9.5, 20.5, 0, 0, 0, 0.0))
    names = {
        "National": workbooks.FUNCTION,
        "ICB": workbooks.ICB,
        "Sub-ICB": ("Region Code", "Org Code", "Org Name", *workbooks.FUNCTION),
    }
    sheets = {
        "National": [(("C_100", "One"), *row), (("C_999", "Total"), *row)],
        "ICB": [(("QE1", "QE1", "C_999", "Total"), *row)],
        "Sub-ICB": [(("Y60", "00R", "00R", "C_999", "Total"), *row)],
    }
    front = workbooks.front(period="August 2024", basis="Commissioner")
    path = tmp_path / "Incomplete-Commissioner-Aug24.xlsx"
    for each in (*folder.glob("*.csv"), workbooks.save(path, sheets, names=names, front=front)):
        assert load_path(sqlite_engine, each)[0].state == "loaded"
    with reading(sqlite_engine) as connection:
        for query in ("england", "england&tf=C_100", "icb&org=QE1", "commissioner&org=00R"):
            scope = resolve(connection, from_query(f"?level={query}")[0], enquiries.by())
            (only,) = published_of_organisation(connection, scope, "total").findings
            assert (only.census_date, only.value) == (date(2024, 8, 31), 40), query


def test_an_icb_that_is_now_another_sum_has_them_as_it_was_then(tmp_path, sqlite_url):
    """QRL got a part of QNQ in April 2026; its book of October 2025 is of the QRL of then."""
    (tmp_path / "files").mkdir()
    engine = through_time.loaded(sqlite_url, through_time.written(tmp_path / "files"))
    book = workbooks.save(
        tmp_path / "Incomplete-Commissioner-Oct25.xlsx",
        {
            "ICB": [
                (("QRL", "QRL", "C_999", "Total"), {0: 30, 20: 10}, (40, 30, 0.75, 9.5, 20.5, 0, 0, 0, 0.0))
            ]
        },
        names=workbooks.ICB,
        front=workbooks.front(period="October 2025", basis="Commissioner"),
    )
    assert load_path(engine, book)[0].state == "loaded"
    client = served.client_of(engine, tmp_path, today=date(2026, 6, 1))
    query = "level=icb&org=QRL&since=2007&measure=total"
    page = served.drawn(client, "/trends", f"?{query}")["page"]
    assert "With published figures, as it was then" in served.words(page)
    assert STATUS not in str(card_csv(client, "/trends", "level", query))
    then = card_csv(client, "/trends", "level", query + "&history=then")
    engine.dispose()
    assert ("31 Oct 2025", "40", STATUS) in {
        (row[0], row[1], row[then[0].index("Status")]) for row in then[1]
    }
