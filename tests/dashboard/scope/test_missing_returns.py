"""A month without some of its providers is never shown as whole: who, and how much of each scope they had."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import delete, insert

from dashboard.analysis import pack
from dashboard.analysis.not_whole import as_if, not_reported
from dashboard.cli.mailing import weekly_of
from dashboard.filters import from_query
from dashboard.packs.contents.pack import contents_of
from dashboard.scope.scope import resolve
from dashboard.screens import figures
from dashboard.settings.settings import from_environment
from dashboard.store.cache import reading
from dashboard.store.screens import Screen
from ingest.loading.load import load_path
from ingest.store.closures import record_closure
from ingest.store.database import make_engine
from ingest.store.dataset import raise_version
from ingest.store.schema import commissioned_list, saved_group
from rtt.terms.wording import number_text, share_text
from tests import makers
from tests.dashboard import enquiries
from tests.dashboard.commands import Command
from tests.dashboard.months import drawn, load_months, looks, months_from, table_rows, text_of

FIRST = date(2024, 4, 30)
# Provider -> commissioner -> function -> pathways waiting, of which a tenth are past 18 weeks and a twentieth
# past a year. QE1 has 00R and 01A, QKS has 91Q.
LISTS = {
    "RTD": {"00R": {"C_100": 40_000, "C_110": 20_000}, "91Q": {"C_100": 3_000}},
    "RX1": {"01A": {"C_100": 12_000, "C_110": 400}, "91Q": {"C_100": 1_200}},
    "RY2": {"91Q": {"C_100": 90_000, "C_130": 1_000}},
    # An eye hospital: little of the list, most of its specialty.
    "RE1": {"00R": {"C_130": 300}},
    "NT1": {"00R": {"C_130": 200, "C_100": 20}},
    "RW9": {"91Q": {"C_100": 4_000_000}},
}
PLACES = {
    ("region", "Y62"): {"00R", "01A"},
    ("region", "Y59"): {"91Q"},
    ("icb", "QE1"): {"00R", "01A"},
    ("icb", "QKS"): {"91Q"},
    ("commissioner", "00R"): {"00R"},
    ("commissioner", "91Q"): {"91Q"},
    ("england", ""): {"00R", "01A", "91Q"},
}
LEAST = {"england": 0.005, "region": 0.005, "icb": 0.01, "commissioner": 0.01}


def month(at, *, without=()):
    """The facts of one month; lists drift by a few pathways, so that limits are not of no width."""
    facts = {}
    for provider, commissioners in LISTS.items():
        if provider in without:
            continue
        for commissioner, functions in commissioners.items():
            for function, size in functions.items():
                listed = size + at % 3
                facts[provider, commissioner, "2", function] = {
                    2: listed - listed // 10 - listed // 20, 30: listed // 10, 60: listed // 20,
                }  # fmt: skip
                facts[provider, commissioner, "1A", function] = {5: size // 25}
                facts[provider, commissioner, "1B", function] = {5: size // 6}
                facts[provider, commissioner, "3", function] = size // 4
    return facts


@pytest.fixture(scope="module")
def days():
    return months_from(FIRST, 20)


@pytest.fixture(scope="module")
def absent(tmp_path_factory, days):
    """RX1 is absent in months 16 and 17, RE1 in 18, NT1 from 19 on."""
    absent = {16: ["RX1"], 17: ["RX1"], 18: ["RE1"], 19: ["NT1"]}
    facts = {day: month(at, without=absent.get(at, ())) for at, day in enumerate(days)}
    engine = load_months(tmp_path_factory.mktemp("absent"), facts)
    yield engine
    engine.dispose()


@pytest.fixture
def either(database_url):
    """An empty database of each kind in turn."""
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


def naive(at, gone, commissioners, functions=None):
    """Pathways that the providers `gone` had of these commissioners in month `at`, and their share of all."""
    sizes = {
        provider: sum(
            size + at % 3
            for commissioner, by_function in held.items()
            if commissioner in commissioners
            for function, size in by_function.items()
            if functions is None or function in functions
        )
        for provider, held in LISTS.items()
    }
    return sum(sizes[each] for each in gone), sum(sizes[each] for each in gone) / sum(sizes.values())


def choice_of(engine, query):
    with reading(engine) as connection:
        return resolve(connection, from_query(query)[0], enquiries.by())


@pytest.mark.parametrize("place", PLACES, ids="-".join)
@pytest.mark.parametrize(("at", "gone"), [(16, ["RX1"]), (17, ["RX1"]), (18, ["RE1"]), (19, ["NT1"])])
def test_what_is_missing_is_judged_by_the_share_of_the_scope_shown(absent, days, place, at, gone):
    """Fault 25: the share was one of England's list whatever the scope, so an ICB that lacked a quarter of
    its list was whole, and a provider was missing only in the newest month or if it came back.
    """
    level, code = place
    scope = choice_of(absent, f"?level={level}&org={code}&census={days[at]}")
    pathways, share = naive(15 if gone == ["RX1"] else at - 1, gone, PLACES[place])
    found = scope.missing.get(days[at])
    if share < LEAST[level]:
        assert found is None
        return
    assert (found.pathways, [each.code for each in found.absent]) == (pathways, gone)
    assert found.absent[0].share == pytest.approx(share)
    assert days[at] in scope.gaps


def test_a_provider_that_comes_back_is_missing_no_longer(absent, days):
    scope = choice_of(absent, f"?level=icb&org=QE1&census={days[18]}")
    assert set(scope.missing) == {days[16], days[17]}


@pytest.mark.parametrize("at", [16, 17, 18])
def test_an_icb_short_of_a_trust_has_no_signal_and_no_change_and_says_why(absent, days, at):
    """Fault 25: the ICB of a trust that stopped reporting was shown as improving."""
    _, found, page = drawn(absent, f"/?level=icb&org=QE1&census={days[at]}")
    text = text_of(page)
    for key, chart in found.charts.items():
        # A flow is of its own month: it is whole again when the trust reports.
        is_whole = at == 18 and key in ("starts", "stops")
        assert chart.variation is None or is_whole, key
        assert chart.last.earlier is None, key
    assert "rtt-mark--triangle" not in " ".join(looks(page))
    assert "Not judged: part of" in text
    assert f"since {days[at - 1]:%d %b %Y}" not in text
    assert not [item for item in found.attention.items if item.kind == "signal"]
    for path in ("/trends", "/specialties", "/list"):
        assert "mproving" not in text_of(drawn(absent, f"{path}?level=icb&org=QE1&census={days[at]}")[2])


def test_the_words_name_the_provider_its_list_its_share_and_its_month(absent, days):
    pathways, share = naive(15, ["RX1"], PLACES["icb", "QE1"])
    words = (
        f"PART MISSING: RX1 Hospitals NHS Trust (RX1) did not report; it had {number_text(pathways)} "
        f"pathways, {share_text(share)} of this ICB, in July 2025"
    )
    assert words in text_of(drawn(absent, f"/?level=icb&org=QE1&census={days[17]}")[2])
    with reading(absent) as connection:
        scope = resolve(connection, from_query(f"?level=icb&org=QE1&census={days[17]}")[0], enquiries.by())
        contents = contents_of(pack.load(connection, scope, whole=True))
    assert f"{words}." in contents.pages[0].paragraphs
    [measures] = [page for page in contents.pages if page.name == "Measures"]
    assert measures.tables[0].caption == "As if every trust had reported"


def test_the_list_as_if_everybody_had_reported_stands_beside_the_reported_one(absent, days):
    _, found, page = drawn(absent, f"/?level=icb&org=QE1&census={days[16]}")
    rows = {row[0]: row[1:] for row in table_rows(page, "As if every trust had reported")}
    carried = [size + 15 % 3 for size in LISTS["RX1"]["01A"].values()]
    reported = [
        size + 16 % 3 for provider in ("RTD", "RE1", "NT1")
        for commissioner in ("00R",) for size in LISTS[provider].get(commissioner, {}).values()
    ]  # fmt: skip
    late = [size // 10 + size // 20 for size in (*reported, *carried)]
    assert rows["Waiting list"] == [number_text(sum(reported)), number_text(sum(reported) + sum(carried))]
    within = 1 - sum(late) / (sum(reported) + sum(carried))
    assert rows["Within 18 weeks"][1] == share_text(within)
    # The tile and the title keep the reported figure.
    assert found.charts["total"].last.value == sum(reported)
    assert as_if(choice_of(absent, f"?level=icb&org=QE1&census={days[15]}"), found.figures) == []


def test_a_list_that_was_not_sent_is_no_unreported_removal(absent, days):
    """Fault 25: the list of the absent trust was counted among those who left without a reported stop."""

    def removals(at):
        query = f"level=icb&org=QE1&measure=unreported_removals&census={days[at]}"
        _, found, _ = drawn(absent, f"/trends?{query}")
        return found.charts["unreported_removals"].last.value

    others = [size for provider in ("RTD", "RE1", "NT1") for size in LISTS[provider].get("00R", {}).values()]
    for at in (16, 17):  # opening + starts - closing - stops, of those who reported both times
        flows = sum(size // 4 - size // 25 - size // 6 for size in others)
        assert removals(at) == flows + sum((at - 1) % 3 - at % 3 for _ in others)
    assert removals(18) is None  # RX1 is back: what it had at the opening was not sent


def test_clearance_is_not_told_from_stops_of_more_providers_than_the_list(absent, days):
    _, found, _ = drawn(absent, f"/?level=icb&org=QE1&census={days[16]}")
    assert found.charts["clearance_weeks"].last.value is None
    _, found, _ = drawn(absent, f"/?level=icb&org=QKS&census={days[15]}")
    assert found.charts["clearance_weeks"].last.value is not None


def test_the_rows_of_a_table_lack_what_is_missing_of_themselves(absent, days):
    """Fault 25: England hardly misses a trust that its ICB and its specialty miss badly."""
    census = days[16]
    assert census not in choice_of(absent, f"?level=england&census={census}").missing
    _, found, _ = drawn(absent, f"/trends?level=england&rows=organisations&census={census}")
    rows = found.parts.signals
    icons = dict(zip(rows.units, rows.cells["total"], strict=True))
    assert icons["Y62"].icon is None
    assert icons["Y59"].icon is not None
    _, found, _ = drawn(absent, f"/?level=england&census={census}")
    assert found.below.find("total", unit="Y62", before=days[15]).earlier is None
    assert found.below.find("total", unit="Y59", before=days[15]).earlier is not None


def test_a_specialty_lacks_the_hospital_that_is_little_of_the_whole(absent, days):
    """An eye hospital is 0.4% of the ICB's list and 60% of its ophthalmology."""
    census = days[18]
    scope, found, _ = drawn(absent, f"/?level=icb&org=QE1&census={census}")
    assert census not in scope.missing
    assert found.specialties.find("total", unit="C_130", before=days[17]).earlier is None
    chosen = choice_of(absent, f"?level=icb&org=QE1&tf=C_130&census={census}")
    pathways, share = naive(17, ["RE1"], PLACES["icb", "QE1"], {"C_130"})
    assert chosen.missing[census].pathways == pathways
    assert chosen.missing[census].absent[0].share == pytest.approx(share)


def test_a_group_keeps_a_trust_that_did_not_report(tmp_path, days):
    facts = {day: month(at, without=["RX1"] if at == 3 else ()) for at, day in enumerate(days[:4])}
    engine = load_months(tmp_path, facts)
    with engine.begin() as connection:
        connection.execute(
            insert(saved_group).values(
                kind="trusts", name="North", members="RX1,RE1", author="somebody",
                written_at=datetime(2024, 5, 1, tzinfo=UTC),
            )
        )  # fmt: skip
    scope, found, page = drawn(engine, f"/?group=North&census={days[3]}")
    (gone,) = scope.missing[days[3]].absent
    whole = sum(size + 2 for held in LISTS["RX1"].values() for size in held.values())
    assert (gone.code, gone.listed.total) == ("RX1", whole)
    assert gone.share == pytest.approx(whole / (whole + 302))
    assert f"{number_text(whole)} pathways, {share_text(gone.share)} of this group, in June 2024" in text_of(
        page
    )
    assert found.charts["total"].last.earlier is None
    engine.dispose()


def test_who_did_not_report_is_a_table_by_month(absent, days):
    scope, _, page = drawn(absent, f"/quality?level=icb&org=QE1&census={days[19]}")
    rows = table_rows(page, "Providers that did not report")
    assert [(row[0], row[1][:3], row[6]) for row in rows] == [
        ("November 2025", "NT1", "No"),
        ("October 2025", "RE1", "No"),
        ("September 2025", "RX1", "Yes"),
        ("August 2025", "RX1", "Yes"),
    ]
    assert [each.absent.code for each in not_reported(scope)] == ["NT1", "RE1", "RX1", "RX1"]


def test_months_loaded_before_the_parts_of_lists_were_kept_are_told_by_the_home_icb(tmp_path, days):
    facts = {day: month(at, without=["RX1"] if at == 3 else ()) for at, day in enumerate(days[:4])}
    engine = load_months(tmp_path, facts)
    with engine.begin() as connection:
        connection.execute(delete(commissioned_list))
        raise_version(connection, kind=None)
    found = choice_of(engine, f"?level=icb&org=QE1&census={days[3]}").missing[days[3]]
    # Every provider of these files lies under QE1: its whole list is taken for that ICB's.
    assert found.pathways == sum(size + 2 for held in LISTS["RX1"].values() for size in held.values())
    engine.dispose()


def test_a_provider_that_did_not_report_is_said_to_have_a_last_month(absent, days):
    scope = choice_of(absent, f"?level=provider&org=RX1&census={days[17]}")
    assert scope.notices[0].startswith("RX1 did not report this month, and last in July 2025;")
    assert scope.organisation.level == "england"


def test_the_wall_screen_says_who_did_not_report(absent, days, tmp_path):
    """Fault 25: it had no word of it."""
    enquiry = enquiries.by(today=days[19])
    query = f"level=icb&org=QE1&census={days[17]}"
    pages = (("share_within_18", "total"),)
    screen = Screen(1, "icb", "An ICB", query, pages, 43, 3.0, "light", True, None, None, "somebody")
    with reading(absent) as connection:
        told = figures.shown(connection, screen, enquiry)
    assert "PART MISSING: RX1 Hospitals NHS Trust (RX1) did not report" in told["pages"][0]["warning"]
    assert {tile["signal"] for tile in told["pages"][0]["tiles"]} == {""}


def test_the_email_says_who_did_not_report(tmp_path, days):
    """Fault 25: it had no word of it."""
    facts = {day: month(at, without=["RTD"] if at == 15 else ()) for at, day in enumerate(days[:16])}
    load_months(tmp_path, facts).dispose()
    settings = from_environment({"RTT_HOME": str(tmp_path)})
    weekly = weekly_of(settings, [])
    assert weekly.headline[1].startswith("PART MISSING: RTD Hospitals NHS Trust (RTD) did not report; it had")
    assert weekly.note == "No signal is judged: part of July 2025 is missing."
    assert "Improving" not in " ".join(weekly.headline)


def test_a_provider_noted_as_closed_is_missing_no_longer(tmp_path, days, monkeypatch, capsys):
    """An absence that nobody explains lasts; a closure that the package does not know is noted once."""
    facts = {day: month(at, without=["RX1"] if at > 2 else ()) for at, day in enumerate(days[:5])}
    engine = load_months(tmp_path, facts)
    query = f"?level=icb&org=QE1&census={days[4]}"
    assert set(choice_of(engine, query).missing) == {days[3], days[4]}
    monkeypatch.setenv("RTT_HOME", str(tmp_path))
    command = Command(monkeypatch, capsys)
    assert command("closed", "rx1", "2024-08-15", "--into", "RTD").code == 0
    assert set(choice_of(engine, query).missing) == {days[3]}
    assert command("closed", "RX1", "--forget").code == 0
    assert set(choice_of(engine, query).missing) == {days[3], days[4]}
    assert command("closed", "RX1").code == 2
    engine.dispose()


def test_either_database_says_the_same(either, tmp_path, days):
    for at, day in enumerate(days[:4]):
        path = tmp_path / makers.file_name(day)
        gone = ["RX1"] if at == 3 else ()
        path.write_bytes(makers.as_csv(makers.table(month(at, without=gone), census=day)).encode())
        assert load_path(either, path)[0].state == "loaded"
    for level, code in PLACES:
        query = f"?level={level}&org={code}&census={days[3]}"
        pathways, share = naive(2, ["RX1"], PLACES[level, code])
        found = choice_of(either, query).missing.get(days[3])
        assert (found.pathways if found else None) == (pathways if share >= LEAST[level] else None)
        drawn(either, f"/{query}")
    record_closure(either, "RX1", days[3])
    assert choice_of(either, f"?level=icb&org=QE1&census={days[3]}").missing == {}
