"""As if every trust had reported: the last lists carried, for how long, where they are told, and of whom."""

from datetime import date

import pytest

from dashboard.analysis import pack
from dashboard.analysis.as_if import AS_IF, as_if_of
from dashboard.analysis.figures_table import figures
from dashboard.filters import from_query
from dashboard.packs.contents.pack import contents_of
from dashboard.scope.returns import LONGEST_CARRIED, Estimate, Listed, settled_by
from dashboard.scope.scope import resolve
from dashboard.store.cache import reading
from dashboard.store.figures import FigureScope
from ingest.store.closures import closures
from rtt.terms.wording import number_text
from tests.dashboard import enquiries
from tests.dashboard.months import drawn, graph, load_months, months_from, table_rows, text_of

DAYS = months_from(date(2023, 4, 30), 19)
# Provider -> commissioner -> pathways; 5% are over a year, another tenth over 18 weeks. QE1 has 00R and 01A.
LISTS = {"RTD": {"00R": 4000, "91Q": 600}, "RX1": {"01A": 1000, "91Q": 300}, "NT1": {"00R": 15}}
GONE = {"RX1": range(3, 18), "NT1": range(16, 18)}


def size(provider, commissioner, at):
    return LISTS[provider][commissioner] + (0 if provider == "NT1" else 20 * at)


def month(at):
    facts = {}
    for provider, held in LISTS.items():
        for commissioner in held if at not in GONE.get(provider, ()) else ():
            listed = size(provider, commissioner, at)
            late = listed // 20
            bands = {2: listed - 3 * late, 30: 2 * late, 60: late}
            facts[provider, commissioner, "2", "C_100"] = bands
    return facts


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    """RX1 sends nothing from the fourth month on, for 15; NT1, a small clinic, in the 17th and 18th."""
    engine = load_months(tmp_path_factory.mktemp("as_if"), {day: month(at) for at, day in enumerate(DAYS)})
    yield engine
    engine.dispose()


def scope_of(engine, query):
    with reading(engine) as connection:
        return resolve(connection, from_query(query)[0], enquiries.by())


@pytest.mark.parametrize(
    ("place", "commissioners"),
    [
        ("level=england", ("01A", "91Q")),
        ("level=icb&org=QE1", ("01A",)),
        ("level=commissioner&org=91Q", ("91Q",)),
    ],
)
@pytest.mark.parametrize("at", [3, 9, 14])
def test_the_last_list_of_a_trust_is_carried_in_every_scope_that_it_was_part_of(
    engine, place, commissioners, at
):
    scope = scope_of(engine, f"{place}&census={DAYS[at]}")
    (first, *_), found = as_if_of(scope), as_if_of(scope)[DAYS[at]]
    assert first == DAYS[3]
    listed = [size("RX1", each, 2) for each in commissioners]
    assert found.added.total == sum(listed)
    assert found.added.over_52 == sum(each // 20 for each in listed)
    assert [(each.code, each.last, each.months_before(DAYS[at])) for each in found.carried] == [
        ("RX1", DAYS[2], at - 2)
    ]


def test_a_list_is_carried_for_a_year_and_no_longer(engine):
    """Older, it says nothing of today's list; the trust still did not report, and says so."""
    months = as_if_of(scope_of(engine, "level=icb&org=QE1"))
    assert max(months) == DAYS[2 + LONGEST_CARRIED]
    _, _, page = drawn(engine, "/quality?level=icb&org=QE1")
    rows = table_rows(page, "Providers that did not report")
    carried = {(row[0], row[1][-4:-1]): row[3] for row in rows}
    assert carried["September 2024", "RX1"] == f"Not carried: its list is over {LONGEST_CARRIED} months old"
    assert carried["June 2024", "RX1"] == "For 12 months"
    assert carried["September 2024", "NT1"] == "Not carried: an independent provider with a small list"


def test_who_did_not_report_is_a_table_of_trusts_by_months(engine):
    _, _, page = drawn(engine, "/quality?level=icb&org=QE1")
    rows = {row[0][-4:-1]: row[1:] for row in table_rows(page, "Who did not report, over time")}
    # The newest twelve months, November 2023 to October 2024.
    assert rows["RX1"] == [*(f"No, {at}" for at in range(5, 13)), "No, 13*", "No, 14*", "No, 15*", "Yes"]
    assert rows["NT1"] == [*["Yes"] * 9, "No, 1*", "No, 2*", "Yes"]


def test_the_sentence_the_table_and_the_chart_tell_one_figure_beside_the_reported_one(engine):
    query = f"level=icb&org=QE1&census={DAYS[5]}"
    reported = size("RTD", "00R", 5) + size("NT1", "00R", 5)
    whole = reported + size("RX1", "01A", 2)
    words = (
        f"Reported: {number_text(reported)}. {AS_IF}: {number_text(whole)}; the last list of RX1 Hospitals "
        f"NHS Trust (RX1) is carried: {number_text(size('RX1', '01A', 2))} pathways from June 2023."
    )
    _, found, page = drawn(engine, f"/?{query}")
    assert words in text_of(page)
    assert found.charts["total"].last.value == reported
    _, _, trends = drawn(engine, f"/trends?measure=total&{query}")
    assert words in text_of(trends)
    (line,) = [each for each in graph(trends)["data"] if each.get("name") == AS_IF]
    known = [value for value in line["y"] if value is not None]
    assert known == [
        size("RTD", "00R", at) + size("NT1", "00R", at) + size("RX1", "01A", 2) for at in (3, 4, 5)
    ]
    assert (line["line"]["dash"], line["marker"]["symbol"]) == ("dot", "diamond-open")
    with reading(engine) as connection:
        scope = resolve(connection, from_query(query)[0], enquiries.by())
        contents = contents_of(pack.load(connection, scope, whole=True))
    (measures,) = [page for page in contents.pages if page.name == "Measures"]
    assert words in measures.paragraphs
    performance = next(page for page in contents.pages if page.name == "18 weeks")
    assert AS_IF in performance.chart.columns
    assert any(getattr(each, "name", "") == AS_IF for each in performance.chart.plot.series)


def test_a_month_that_everybody_reported_says_nothing(engine):
    _, _, page = drawn(engine, f"/trends?measure=total&level=icb&org=QE1&census={DAYS[2]}")
    assert AS_IF not in text_of(page)
    assert not [each for each in graph(page)["data"] if each.get("name") == AS_IF]


@pytest.mark.parametrize("level", ["england", "region", "icb", "commissioner", "provider"])
def test_the_table_of_figures_tells_the_same_as_the_pages(engine, level):
    with reading(engine) as connection:
        table = figures(connection, FigureScope(level=level, treatment_function="C_999", part="2"))
    told = table[table.as_if_from.notna()]
    assert set(told.as_if_from) == (set() if level == "provider" else {"last lists"})
    found = {
        (row.organisation_code, row.census_date): (
            row.as_if_total - row.total,
            row.as_if_over_52 - row.over_52,
        )
        for row in told.itertuples()
    }
    # A row that a month does not have, since nobody else treats its patients, is not made up.
    rows, expected = set(zip(table.organisation_code, table.census_date, strict=True)), {}
    for code in table.organisation_code.unique():
        scope = scope_of(engine, f"level={level}&org={code}")
        for day, lacks in (as_if_of(scope) if scope.organisation.level == level else {}).items():
            if (code, day) in rows:
                expected[code, day] = (lacks.added.total, lacks.added.over_52)
    assert {key: tuple(map(int, each)) for key, each in found.items()} == expected


@pytest.mark.parametrize("at", [2, 3, 14, 15, 17])
def test_a_month_asked_for_by_itself_tells_the_same_as_among_all(engine, at):
    with reading(engine) as connection:
        every = figures(connection, FigureScope(level="icb", part="2"))
        alone = figures(connection, FigureScope(level="icb", part="2", first=DAYS[at], last=DAYS[at]))
    same = every[every.census_date == DAYS[at]].reset_index(drop=True)
    assert same.astype(str).equals(alone.astype(str))
    assert alone.as_if_from.notna().any() == (3 <= at <= 14)


def test_who_ended_for_good_is_not_missing():
    """Truth: none of them has a list after, and NHS England estimates nothing for those months."""
    ends = {code: closures()[code].closed_on for code in ("RKL", "NWX", "AJX")}
    assert ends == {"RKL": date(2024, 6, 1), "NWX": date(2024, 12, 1), "AJX": date(2024, 12, 1)}


def test_whoever_nhs_england_does_not_miss_is_settled_until_the_next_list():
    def word(more):
        return Estimate(Listed(100), Listed(100 + more), "2026-05")

    months = tuple(months_from(date(2024, 4, 30), 6))
    gone = {1: {"RX1"}, 2: {"RX1", "RX2"}, 3: {"RX1", "RX2", "RX3"}, 5: {"RX1", "RX2"}}
    absences = {months[at]: dict.fromkeys(codes, months[0]) for at, codes in gone.items()}
    settled = settled_by(absences, {months[2]: word(0), months[3]: word(7)}, months)
    # RX3 went in a month that has an estimate; both others came back in the fifth.
    assert settled == {months[2]: {"RX1", "RX2"}, months[3]: {"RX1", "RX2"}}
