"""Organisations through time, on made-up months: the figures of pages, files and the command are those of a
naive second way over the rows themselves, England stays as it is, and what happened is told.
"""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from sqlalchemy import event, select

from dashboard.analysis import pack
from dashboard.analysis.alerts import stand_of
from dashboard.analysis.facts import facts_of, series
from dashboard.analysis.figures_table import figures
from dashboard.analysis.parts_over_time import parts_over_time
from dashboard.analysis.quality import provider_lists
from dashboard.analysis.services import services
from dashboard.analysis.through_time import became_sentence, history_words, marks_of
from dashboard.filters import from_query
from dashboard.layouts.frame.through_time import SWITCHED
from dashboard.packs.contents.pack import contents_of, stem_of
from dashboard.pages import BY_PATH
from dashboard.places import Place
from dashboard.scope.find import find, places_of
from dashboard.scope.pack_scope import scope_of_pack
from dashboard.scope.returns import missing_words
from dashboard.scope.scope import resolve
from dashboard.screens.figures import shown
from dashboard.store.cache import reading
from dashboard.store.figures import FigureScope
from dashboard.store.packs import Issued
from dashboard.store.screens import Screen
from ingest.extracts import LoadOptions
from ingest.loading.load import load_path
from ingest.store.database import make_engine
from ingest.store.dataset import raise_version
from ingest.store.schema import pack_issue
from rtt.findings.findings import display
from rtt.terms.calendar import add_months
from tests import makers
from tests.dashboard import enquiries
from tests.dashboard.commands import Command
from tests.dashboard.months import drawn, table_rows, text_of
from tests.dashboard.served_pages import client_of
from tests.dashboard.served_pages import drawn as served

MONTHS = tuple(add_months(date(2025, 11, 30), ahead) for ahead in range(6))  # to April 2026
NEWEST = MONTHS[-1]
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
PROVIDERS = ("RA1", "RA2", "RA3", "RA4", "RA5", "RA6", "RA7", "RA8", "RA9", "NT1")
SUCCESSIONS = [
    {"code": "RA1", "name": "ONE", "ended_on": "2026-02-01", "became": ["RA3"]},
    {"code": "RA2", "name": "TWO", "ended_on": "2026-03-01", "became": ["RA3"]},  # many into one
    {"code": "RA4", "name": "FOUR", "ended_on": "2026-03-01", "became": ["RA5", "RA6"]},  # a split
    {"code": "RA7", "name": "SEVEN", "ended_on": "2026-01-01", "became": ["RA8"]},  # a chain
    {"code": "RA8", "name": "EIGHT", "ended_on": "2026-04-01", "became": ["RA9"]},
    {"code": "RA9", "name": "NINE", "ended_on": "2026-08-01", "became": ["RA3"]},  # not yet
    # The three that were divided, as the register has them.
    {"code": "QM7", "name": "HERTS", "ended_on": "2026-04-01", "became": ["S1Y5D", "D7T5G"]},
    {"code": "QJG", "name": "SUFFOLK", "ended_on": "2026-04-01", "became": ["D7T5G", "T6Y0W"]},
    {"code": "QNQ", "name": "FRIMLEY", "ended_on": "2026-04-01", "became": ["S0E4D", "S9B9J", "QRL"]},
]
ENDS = {each["code"]: date.fromisoformat(each["ended_on"]) for each in SUCCESSIONS}
# Commissioner -> its ICB until March and from April 2026; QRL stays and gets a part of QNQ.
BEFORE = {
    "06K": "QM7", "07H": "QM7", "06T": "QJG", "06L": "QJG", "15D": "QNQ", "99M": "QNQ", "10C": "QNQ",
    "10R": "QRL", "D4U": "QNQ", "13Q": "", "NONC": "",
}  # fmt: skip
AFTER = BEFORE | {
    "06K": "S1Y5D", "07H": "D7T5G", "06T": "D7T5G", "06L": "T6Y0W", "15D": "S0E4D", "99M": "S9B9J",
    "10C": "QRL",
}  # fmt: skip
GONE = "D4U"  # no such commissioner any more, and nobody says what became of it
REGIONS = {
    "QM7": "Y61", "QJG": "Y61", "QNQ": "Y59", "QRL": "Y59", "S1Y5D": "Y61", "D7T5G": "Y61", "T6Y0W": "Y61",
    "S0E4D": "Y59", "S9B9J": "Y59",
}  # fmt: skip
FUNCTIONS = ("C_100", "C_110")
FLOWS = (("starts", "3"), ("stops_admitted", "1A"), ("stops_non_admitted", "1B"))


def rows(month: date) -> dict[makers.Key, dict | int]:
    """The facts of a month: everybody who still is, at two commissioners, in every part of the return."""
    found: dict[makers.Key, dict | int] = {}
    there = [each for each in PROVIDERS if month < ENDS.get(each, date.max)]
    commissioners = [each for each in BEFORE if each != GONE or month < APRIL]
    for p, provider in enumerate(there):
        for c, commissioner in enumerate(commissioners):
            for f, function in enumerate(FUNCTIONS):
                n = 40 + 7 * p + 3 * c + 11 * f + month.month
                found[provider, commissioner, "2", function] = {3: n, 20 + p: n // 2, 55: 2 + c, 80: 1}
                found[provider, commissioner, "1A", function] = {4: n // 4, 30: 2, "unknown": 1}
                found[provider, commissioner, "1B", function] = {6: n // 3}
                found[provider, commissioner, "2A", function] = {20 + p: n // 5}
                found[provider, commissioner, "3", function] = n // 2
    return found


FACTS = {month: rows(month) for month in MONTHS}


def owner(provider: str, month: date, at: date) -> str:
    """Who has a provider's month now: day by day along the facts; a split leaves it where it was."""
    for each in sorted(SUCCESSIONS, key=lambda fact: fact["ended_on"]):
        ended = date.fromisoformat(each["ended_on"])
        if each["code"] == provider and month < ended <= at and len(each["became"]) == 1:
            provider = each["became"][0]
    return provider


def icb_of(commissioner: str, month: date, at: date) -> str:
    """The ICB of now; of the commissioner that is no more the one it had."""
    parents = AFTER if at >= APRIL and commissioner != GONE else BEFORE
    return parents[commissioner] or "-"


def naive(level: str, code: str, month: date, at: date, part="2", functions=FUNCTIONS, *, then=False):
    """The week bands of a place, added up from the rows; of new periods their number in the first."""
    as_of = month if then else at
    bands = np.zeros(106, dtype=np.int64)  # the last: unknown clock starts
    for (provider, commissioner, of, function), value in FACTS[month].items():
        if of != part or function not in functions or commissioner == "NONC":
            continue
        icb = icb_of(commissioner, month, as_of)
        if {
            "provider": owner(provider, month, as_of),
            "icb": icb,
            "region": REGIONS.get(icb, "-"),
            "england": "ENG",
        }[level] != code:
            continue
        for band, n in ({0: value} if isinstance(value, int) else value).items():
            bands[105 if band == "unknown" else band] += n
    return bands


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return written(tmp_path_factory.mktemp("through-time"))


def written(made):
    """The extracts and the facts of who became whom, as files."""
    for month in MONTHS:
        parents = AFTER if month >= APRIL else BEFORE
        csv = makers.as_csv(makers.table(FACTS[month], census=month, parents=parents))
        (made / makers.file_name(month)).write_text(csv, newline="")
    told = {"source": "A test", "as_of": "2026-09-30", "successions": SUCCESSIONS}
    (made / "organisations.json").write_text(json.dumps(told))
    return made


def loaded(url: str, folder):
    engine = make_engine(url)
    for file in (*sorted(folder.glob("*.csv")), folder / "organisations.json"):
        [result] = load_path(engine, file, options=LoadOptions())
        assert result.state == "loaded", result.problems
    return engine


@pytest.fixture(scope="module")
def engine(sqlite_template, tmp_path_factory, folder):
    path = tmp_path_factory.mktemp("loaded") / "rtt.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = loaded(f"sqlite:///{path}", folder)
    yield engine
    engine.dispose()


def scope_for(connection, query: str):
    return resolve(connection, from_query(query)[0], enquiries.by())


PLACES = [
    *(("provider", each) for each in ("RA3", "RA5", "RA6", "RA9", "NT1")),
    *(("icb", each) for each in ("S1Y5D", "D7T5G", "T6Y0W", "S0E4D", "S9B9J", "QRL", "-")),
    *(("region", each) for each in ("Y59", "Y61")),
    ("england", "ENG"),
]


def check_places(engine, places=PLACES):
    with reading(engine) as connection:
        for history in ("", "&history=then"):
            for level, code in places:
                org = "" if level == "england" else f"&org={code}"
                scope = scope_for(connection, f"?level={level}{org}{history}")
                assert (scope.organisation.level, scope.organisation.code) == (level, code)
                found = series(connection, scope)
                for at, month in enumerate(MONTHS):
                    wanted = {
                        part: naive(level, code, month, NEWEST, part, then=bool(history))
                        for part in makers.PARTS
                    }
                    bands = np.nan_to_num(found.facts.bands[0, at]).astype(int)
                    assert bands.tolist() == wanted["2"][:105].tolist(), (level, code, month, history)
                    for name, part in (
                        ("starts", "3"),
                        ("stops_admitted", "1A"),
                        ("stops_non_admitted", "1B"),
                    ):
                        value = np.nan_to_num(getattr(found.facts, name)[0, at])
                        assert value == wanted[part].sum(), (level, code, month, history, name)


def test_the_series_of_every_place_are_those_of_the_naive_way(engine):
    check_places(engine)


def test_postgresql_gives_the_same(postgresql_url, folder):
    engine = loaded(postgresql_url, folder)
    check_places(engine, [("provider", "RA3"), ("icb", "D7T5G"), ("icb", "QRL"), ("region", "Y59")])
    check_units(engine, "icb")
    engine.dispose()


def check_units(engine, level):
    """Every organisation of a level in every month, as tables of places, peers and signals have them."""
    with reading(engine) as connection:
        scope = scope_for(connection, "?level=england")
        found = facts_of(connection, scope.selection(MONTHS, by=level), by="organisation_code")
        for at, month in enumerate(MONTHS):
            for row, unit in enumerate(found.units):
                wanted = naive(level, unit, month, NEWEST)
                assert np.nan_to_num(found.facts.bands[row, at]).sum() == wanted[:105].sum(), (unit, month)
            assert np.nansum(found.facts.bands[:, at]) == naive("england", "ENG", month, NEWEST)[:105].sum()


@pytest.mark.parametrize("level", ["provider", "icb", "region"])
def test_the_organisations_of_a_level_add_up_to_england_in_every_month(engine, level):
    check_units(engine, level)


@pytest.mark.parametrize("level", ["provider", "icb", "region", "england"])
@pytest.mark.parametrize("history", ["", "then"])
def test_the_table_of_figures_agrees_with_pages_in_every_measure(engine, level, history):
    with reading(engine) as connection:
        found = figures(connection, FigureScope(level=level, history=history))
        for row in found.to_dict("records"):
            functions = (
                FUNCTIONS if row["treatment_function_code"] == "C_999" else (row["treatment_function_code"],)
            )
            bands = naive(
                level, row["organisation_code"], row["census_date"], NEWEST, row["part"], functions,
                then=bool(history),
            )  # fmt: skip
            assert row["total"] == bands.sum(), row
            if row["part"] != "3":
                known = bands[:105]
                assert (row["within_18"], row["over_52"], row["over_65"]) == (
                    known[:18].sum(), known[52:].sum(), known[65:].sum(),
                )  # fmt: skip
                # The median of the bands that were added up, and not a mean of medians.
                cumulative, half = np.cumsum(known), known.sum() / 2
                k = int(np.searchsorted(cumulative, half))
                expected = k + (half - (cumulative[k] - known[k])) / known[k]
                assert row["median_weeks"] == pytest.approx(expected)
        keys = ["census_date", "organisation_code", "part", "treatment_function_code"]
        assert not found.duplicated(keys).any()


def test_a_month_asked_for_alone_is_as_it_was_published(engine):
    with reading(engine) as connection:
        for month in MONTHS:
            for level in ("provider", "icb", "region"):
                own = FigureScope(level=level, first=month, last=month)
                now, then = figures(connection, own), figures(connection, FigureScope(
                    level=level, first=month, last=month, history="then"
                ))  # fmt: skip
                assert now.equals(then)


def test_seen_from_an_earlier_month_nothing_later_has_happened(engine):
    with reading(engine) as connection:
        scope = scope_for(connection, "?level=provider&org=RA3&census=2026-02-28")
        found = series(connection, scope)
        for at, month in enumerate(found.dates):
            wanted = naive("provider", "RA3", month, date(2026, 2, 28))[:105]
            assert found.facts.bands[0, at].sum() == wanted.sum()
        assert [mark.words for mark in marks_of(scope)] == ["RA1 merged into it, 1 Feb 2026"]


def test_mergers_are_marked_and_said(engine):
    with reading(engine) as connection:
        three = scope_for(connection, "?level=provider&org=RA3")
        assert [(mark.day, mark.words) for mark in marks_of(three)] == [
            (date(2026, 2, 1), "RA1 merged into it, 1 Feb 2026"),
            (MARCH, "RA2 merged into it, 1 Mar 2026"),
        ]
        nine = scope_for(connection, "?level=provider&org=RA9")
        assert [mark.words for mark in marks_of(nine)] == [
            "RA7 merged into it, 1 Jan 2026", "RA8 merged into it, 1 Apr 2026",
        ]  # fmt: skip
        essex = scope_for(connection, "?level=icb&org=D7T5G")
        assert [mark.words for mark in marks_of(essex)] == ["It took in parts of QJG and QM7, 1 Apr 2026"]
        five = scope_for(connection, "?level=provider&org=RA5")
        assert marks_of(five) == ()
        assert history_words(five) == (
            "RA4 was divided between RA5 HOSPITALS NHS Trust (RA5) and RA6 HOSPITALS NHS Trust (RA6) on "
            "1 Mar 2026: its months before are not added up."
        ).replace("HOSPITALS", "Hospitals")
        assert history_words(scope_for(connection, "?level=provider&org=NT1")) == ""
        then = scope_for(connection, "?level=provider&org=RA3&history=then")
        assert history_words(then).endswith(
            "Months before are shown as they were then; forecasts and plans are as now."
        )


def test_what_could_not_be_placed_is_said_with_its_share(engine):
    with reading(engine) as connection:
        lost = sum(
            sum(value.values()) for (_, commissioner, part, _), value in FACTS[MONTHS[-2]].items()
            if commissioner == GONE and part == "2"
        )  # fmt: skip
        for code in ("S0E4D", "S9B9J", "QRL"):
            scope = scope_for(connection, f"?level=icb&org={code}")
            mine = naive("icb", code, MONTHS[-2], NEWEST).sum()
            share = f"{100 * lost / (mine + lost):.1f}% of March 2026 could not be placed"
            assert scope.unplaced.startswith(share), scope.unplaced
            assert "commissioner D4U" in history_words(scope)
            assert set(MONTHS[:-1]) <= scope.gaps
        essex = scope_for(connection, "?level=icb&org=D7T5G")
        assert essex.unplaced == ""
        assert not essex.gaps
        # Its region is known: all that it may be are of one.
        assert scope_for(connection, "?level=region&org=Y59").unplaced == ""


def test_a_predecessors_page_still_stands_and_leads_on(engine, tmp_path):
    client = client_of(engine, tmp_path, today=date(2026, 11, 1))
    page = json.dumps(served(client, "/trends", "?source=monthly&level=provider&org=RA2&measure=total"))
    assert "RA2 has ended; February 2026, its last month, is shown." in page
    assert "RA2 merged into RA3 Hospitals NHS Trust (RA3) on 1 Mar 2026." in page
    assert "See RA3 now" in page
    with reading(engine) as connection:
        scope = scope_for(connection, "?level=provider&org=RA2")
        assert (scope.organisation.code, scope.census) == ("RA2", MONTHS[3])
        found = series(connection, scope)
        assert [found.facts.bands[0, at].sum() for at in range(4)] == [
            naive("provider", "RA2", month, month)[:105].sum() for month in MONTHS[:4]
        ]
        # A pack is of the month that is asked for, or of none.
        with pytest.raises(ValueError, match="no organisation of the census"):
            scope_of_pack(connection, "RA2", None, "public", enquiries.by())


def test_the_switch_stands_where_there_is_something_to_switch(engine, tmp_path):
    client = client_of(engine, tmp_path, today=date(2026, 11, 1))
    for query, there in (("org=RA3", True), ("org=NT1", False), ("org=RA5", False)):
        bar = json.dumps(served(client, "/", f"?source=monthly&level=provider&{query}")["filters"])
        assert ("Before mergers" in bar) == there
    bar = json.dumps(served(client, "/", "?source=monthly&level=icb&org=QRL")["filters"])
    assert "Before mergers" in bar


@pytest.mark.parametrize(
    "path", [each for each in BY_PATH if each not in ("/status", "/services", "/audit", "/about")]
)
def test_a_page_has_the_switch_if_it_changes_what_the_page_shows(engine, tmp_path, path):
    client = client_of(engine, tmp_path, today=date(2026, 6, 1))
    query = "?source=monthly&level=provider&org=RA3&measure=total&peers=providers"
    drawn_as = [served(client, path, f"{query}{history}") for history in ("", "&history=then")]
    now, then = (json.dumps(each["page"]).replace("&history=then", "") for each in drawn_as)
    assert (now != then) == (path in SWITCHED)
    assert ("Before mergers" in json.dumps(drawn_as[0]["filters"])) == (path in SWITCHED)


def test_a_wall_screen_follows_the_switch_of_its_address(engine):
    with reading(engine) as connection:
        for history in ("", "then"):
            query = f"?source=monthly&level=provider&org=RA3&history={history}"
            screen = Screen(1, "", "", query, (("total",),), 55, 3.0, "light", False, None, None, "")
            [page] = shown(connection, screen, enquiries.by(today=date(2026, 6, 1)))["pages"]
            [tile] = page["tiles"]
            assert tile["spark"] == [
                naive("provider", "RA3", month, NEWEST, then=bool(history))[:105].sum() for month in MONTHS
            ]


def test_the_table_of_a_chart_and_its_file_tell_the_merger(engine):
    scope, found, page = drawn(engine, "/trends?level=provider&org=RA3&measure=total")
    assert "RA2 merged into it, 1 Mar 2026" in text_of(page)
    card = BY_PATH["/trends"].cards(scope, found)["level"]
    lines = [" ".join(map(str, line)) for line in card.lines(scope.filters)]
    assert any("RA2 merged into it, 1 Mar 2026" in line for line in lines)
    first = naive("provider", "RA3", MONTHS[0], NEWEST)[:105].sum()
    assert any(f"{first:,}" in line or str(first) in line for line in lines)


def test_a_pack_marks_the_merger_and_says_how_months_before_are_counted(engine):
    with reading(engine) as connection:
        scope = scope_of_pack(connection, "RA3", None, "public", enquiries.by())
        contents = contents_of(pack.load(connection, scope, whole=True))
    told = [words for page in contents.pages for words in page.paragraphs]
    assert any(words.startswith("RA1 merged into it, 1 Feb 2026 and RA2 merged") for words in told)
    charts = [page.chart for page in contents.pages if page.chart is not None]
    assert any("RA2 merged into it, 1 Mar 2026" in str(chart.rows) for chart in charts)


def test_a_pack_of_each_month_as_it_was_says_so_and_has_a_name_of_its_own(engine):
    with reading(engine) as connection:
        packs = [
            pack.load(
                connection, scope_of_pack(connection, "RA3", None, "public", enquiries.by(), of), whole=True
            )
            for of in ("now", "then")
        ]
        for found, history in zip(packs, ("", "then"), strict=True):
            first = found.figures.find("total", at=MONTHS[0])
            own = naive("provider", "RA3", MONTHS[0], NEWEST, then=bool(history))[:105].sum()
            assert first.value == own
        now, then = map(contents_of, packs)
        assert dict(now.details)["Before mergers"] == "As it is now, added up"
        assert dict(then.details)["Before mergers"] == "As it was then"
        assert [stem_of(each) for each in packs] == [
            "rtt-pack-ra3-2026-04-30-public", "rtt-pack-ra3-2026-04-30-as-it-was-public",
        ]  # fmt: skip
        told = [words for page in then.pages for words in page.paragraphs]
        assert any(
            words.endswith("Months before are shown as they were then; forecasts and plans are as now.")
            for words in told
        )
        other = pack.load(
            connection, scope_of_pack(connection, "NT1", None, "public", enquiries.by(), "then")
        )
        assert "Before mergers" not in dict(contents_of(other).details)
        with pytest.raises(ValueError, match=r"It has ended on 1 Mar 2026: .* say --census 2026-02"):
            scope_of_pack(connection, "RA2", None, "public", enquiries.by())


def test_the_page_of_the_pack_tells_the_merger_and_gives_the_files_of_its_address(engine, tmp_path):
    client = client_of(engine, tmp_path, today=date(2026, 6, 1))
    page = json.dumps(served(client, "/pack", "?source=monthly&level=provider&org=RA3&history=then"))
    assert "Months before are shown as they were then; forecasts and plans are as now." in page
    assert "/pack.pptx?source=monthly&level=provider&org=RA3&history=then" in page


def test_a_merger_is_no_revision_of_the_last_pack(engine):
    with reading(engine) as connection:
        scope = scope_of_pack(connection, "RA3", None, "public", enquiries.by())
        found = pack.load(connection, scope, whole=True)
        february = (MONTHS[3], MONTHS[3])  # RA2 had no part in it
        own = scope_of_pack(connection, "RA3", february, "public", enquiries.by())
        before = pack.load(connection, own, whole=True)
        figures = {key: (display(chart.last), chart.last.value) for key, chart in before.charts.items()}
        told = contents_of(replace(found, last=Issued(MONTHS[3], "x", figures)))
    assert "Changes" not in [page.name for page in told.pages]
    said = " ".join(words for page in told.pages for words in page.paragraphs)
    assert "cannot be compared: others have merged into it since, and are added up here" in said


def test_the_command_makes_a_pack_of_each_month_as_it_was_beside_the_usual_one(
    engine, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("RTT_DATABASE_URL", engine.url.render_as_string())
    rtt = Command(monkeypatch, capsys)
    for history in ("then", "now"):
        ran = rtt(
            "pack", "--scope", "RA3", "--history", history, "--formats", "xlsx", "--out", tmp_path / "packs"
        )
        assert ran.code in (0, 4), ran.err
    assert sorted(path.name for path in (tmp_path / "packs").iterdir()) == [
        "rtt-pack-ra3-2026-04-30-as-it-was-public.xlsx", "rtt-pack-ra3-2026-04-30-public.xlsx",
    ]  # fmt: skip
    with (
        engine.connect() as connection
    ):  # the next pack is compared with what went out, which is the usual one
        assert len(connection.execute(select(pack_issue.c.id)).all()) == 1
    assert rtt("pack", "--scope", "RA3", "--history", "before").code == 2


def test_the_chart_among_peers_marks_the_merger(engine):
    scope, found, _ = drawn(engine, "/specialties?level=provider&org=RA3&peers=providers")
    chart = BY_PATH["/specialties"].cards(scope, found)["peers"].chart
    assert chart.columns[-1] == "Notes"
    assert [row[-1] for row in chart.rows][:3] == [
        "",
        "RA2 merged into it, 1 Mar 2026",
        "RA1 merged into it, 1 Feb 2026",
    ]
    assert [each["x0"] for each in chart.plot.web["shapes"]] == ["2026-02-01", "2026-03-01"]


def test_who_has_merged_is_not_among_those_that_did_not_report(engine):
    with reading(engine) as connection:
        assert [each.code for each in provider_lists(connection, NEWEST, MONTHS[-2]).missing] == []
        assert provider_lists(connection, NEWEST, MONTHS[-2]).ended == {"RA8"}


def test_who_keeps_a_place_that_has_ended_is_told_what_became_of_it(engine):
    """On My services, and once by an alert: no figure of it comes again."""
    kept = [Place("?source=monthly&level=provider&org=RA2"), Place("?source=monthly&level=provider&org=RA3")]
    said = "RA2 merged into RA3 Hospitals NHS Trust (RA3) on 1 Mar 2026. Keep what it became in its place."
    with reading(engine) as connection:
        assert [each.missing for each in services(connection, kept, enquiries.by())] == [said, ""]
        standing = stand_of(connection, kept, enquiries.by()).standing
        ended = [
            (each.topic, each.state, each.sentence) for each in standing if each.topic.startswith("ended")
        ]
        assert ended == [(f"ended {kept[0].query}", "2026-03-01", said)]
        assert not [each for each in standing if each.query == kept[0].query and each.sentence != said]


def test_a_place_that_has_ended_is_found_by_its_name_and_code(engine):
    with reading(engine) as connection:
        scope = scope_for(connection, "?level=england")
        places = places_of(connection, scope)
        for typed, key, about in (
            ("ra2", "provider.RA2", "Trust or provider, RA2, until 28 Feb 2026"),
            ("frimley", "icb.QNQ", "ICB, QNQ, until 31 Mar 2026"),
        ):
            hits, _ = find(typed, places, ())
            assert (hits[0].place.key, hits[0].place.about) == (key, about)
        assert not [each for each in places if each.code == "RA9" and "until" in each.about]
        earlier = places_of(connection, scope_for(connection, "?level=england&census=2025-12-31"))
        assert [each.about for each in earlier if each.code == "RA2"] == ["NHS trust, RA2"]


def test_about_lists_who_became_whom(engine):
    _, found, page = drawn(engine, "/about")
    rows = table_rows(page, "Organisations that merged")
    assert ["1 Apr 2026", "QNQ", "Frimley", "QRL, S0E4D and S9B9J"] in rows
    assert ["1 Mar 2026", "RA2", "Two", "RA3"] in rows
    assert "Source: the file that was loaded, as of 30 Sep 2026." in text_of(page)
    scope, found, _ = drawn(engine, "/about")
    assert BY_PATH["/about"].cards(scope, found)["mergers"].lines(scope.filters)[1][1] == "RA9"


def test_reading_an_area_or_a_trust_that_changed_asks_one_statement_more_at_most(engine):
    counted = []
    event.listen(engine, "before_cursor_execute", lambda *_: counted.append(1))
    asked = {}
    for query in ("org=NT1&level=provider", "org=RA3&level=provider", "org=D7T5G&level=icb"):
        for history in ("then", ""):
            with engine.connect() as connection:
                raise_version(connection, kind=None)
                connection.commit()
            with reading(engine) as connection:
                counted.clear()
                scope = scope_for(connection, f"?{query}&history={history}")
                BY_PATH["/trends"].load(connection, scope)
                asked[query, history] = len(counted)
    for query, history in asked:
        if not history:
            assert asked[query, ""] <= asked[query, "then"] + 1
    assert asked["org=NT1&level=provider", ""] == asked["org=NT1&level=provider", "then"]


def test_an_area_that_has_ended_is_as_it_was_in_its_last_month(engine):
    with reading(engine) as connection:
        scope = scope_for(connection, "?level=icb&org=QM7")
        assert (scope.organisation.code, scope.census) == ("QM7", MONTHS[-2])
        assert not scope.has_predecessors
        assert became_sentence(scope) == "QM7 was divided between D7T5G and S1Y5D on 1 Apr 2026."
        found = series(connection, scope)
        for at, month in enumerate(MONTHS[:-1]):
            assert found.facts.bands[0, at].sum() == naive("icb", "QM7", month, month)[:105].sum()


def test_signals_of_each_trust_are_judged_on_the_joined_lists(engine):
    with reading(engine) as connection:
        scope = scope_for(connection, "?level=england")
        found = parts_over_time(connection, scope.selection(MONTHS, by="provider"), "organisation_code")
        assert "RA1" not in found.units
        for at, unit in enumerate(found.units):
            for when, month in enumerate(found.days):
                wanted = naive("provider", unit, month, NEWEST)[:105]
                for name, first in (("total", 0), ("over_52", 52)):
                    value = np.nan_to_num(found.listed[name][at, when])
                    assert value == wanted[first:].sum(), (unit, month, name)


def test_a_month_without_a_predecessors_list_is_a_gap_of_the_trust(sqlite_url, folder, tmp_path):
    """RA1 sent none in January, its last month: RA3 with what merged into it is short of it."""
    gone = MONTHS[2]
    rest = {key: value for key, value in FACTS[gone].items() if key[0] != "RA1"}
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    csv = makers.as_csv(makers.table(rest, census=gone, parents=BEFORE))
    (tmp_path / makers.file_name(gone)).write_text(csv, newline="")
    engine = loaded(sqlite_url, tmp_path)
    with reading(engine) as connection:
        scope = scope_for(connection, "?level=provider&org=RA3")
        assert set(scope.missing) == {gone}
        assert "RA1" in missing_words(scope.missing[gone])
        assert "of this trust" in missing_words(scope.missing[gone])
        assert gone in scope.gaps
        then = scope_for(connection, "?level=provider&org=RA3&history=then")
        assert not then.missing
    engine.dispose()
