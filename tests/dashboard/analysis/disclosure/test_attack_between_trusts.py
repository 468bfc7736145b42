"""Small numbers of another trust, by subtraction: what is shown of several lists, less what is known of one.

Two invented lists are asked everything by somebody who has the first of them exactly, or a specialty of it:
each by itself, and both together, which less the own one is the other. What is shown becomes equations over
the cells of both lists; no count of 1 to 7 of what is not the reader's own may follow.
"""

import random
import shutil

import numpy as np
import pytest

from dashboard.analysis.disclosure.small_figures import suppressed_by_census
from dashboard.analysis.facts import series, specialties
from dashboard.analysis.findings import figures_of
from dashboard.filters import from_query
from dashboard.pages import PAGES
from dashboard.scope.scope import Scope, resolve
from dashboard.server.access import Enquiry, Reader
from dashboard.settings.areas import Area
from dashboard.settings.settings import Settings
from dashboard.store.cache import reading
from dashboard.store.figures import FigureScope
from ingest.extracts import LoadOptions
from ingest.loading.load import load_path
from ingest.store.database import make_engine
from rtt.terms.treatment_functions import TOTAL
from tests.conftest import SOAK
from tests.dashboard import served_pages as served
from tests.dashboard import tracked, trusts
from tests.dashboard.analysis.disclosure import test_linear_attack as one_list
from tests.dashboard.planted import SITES, Planted, today
from tests.tracking_lists import CENSUS, KEY, as_csv

OWN, OTHER = trusts.OWN, trusts.OTHER
PAIRS = range(16 if SOAK else 5)
ENT = frozenset({"C_120"})
READERS = {
    "reader of the first": (Area(None, None, frozenset({OWN})),),
    "lead of a specialty of the first": (Area(ENT, None, frozenset({OWN})),),
    "lead of a site of the first": (Area(None, frozenset({SITES[1]}), frozenset({OWN})),),
    "reader of neither": (),
}


class TwoLists:
    """The lists of two trusts as one: its cells are those of the first, then those of the second."""

    def __init__(self, seed: int) -> None:
        self.lists = {OWN: Planted(2 * seed), OTHER: Planted(2 * seed + 1)}
        self.cells = [cell for each in self.lists.values() for cell in each.cells]
        self.counts = np.concatenate([each.counts for each in self.lists.values()])

    def question(self, *, of=(OWN, OTHER), **asked) -> np.ndarray:
        """As of one list, of the trusts `of`."""
        own = [
            each.question(**asked) if trust in of else np.zeros(len(each.cells))
            for trust, each in self.lists.items()
        ]
        return np.concatenate(own)

    def count(self, question: np.ndarray) -> int:
        return int(question @ self.counts)

    def widened(self, trust: str, question: np.ndarray) -> np.ndarray:
        """A question of one list as one of both."""
        there = [question if each == trust else np.zeros(len(of.cells)) for each, of in self.lists.items()]
        return np.concatenate(there)

    def load(self, engine, folder) -> None:
        for trust, each in self.lists.items():
            for section, rows in each.rows.items():
                path = folder / f"{section}-{trust}-{CENSUS:%Y%m%d}.csv"
                path.write_bytes(as_csv([_at(row, trust) for row in rows]))
                (result,) = load_path(engine, path, options=LoadOptions(token_key=KEY))
                assert result.state == "loaded", result.problems
        trusts.save_group(engine, "Both", (OWN, OTHER))


def _at(row: dict[str, str], trust: str) -> dict[str, str]:
    moved = {**row, "issuer": trust}
    # A clock start has neither.
    return moved | {name: row[name].replace(OWN, trust) for name in ("provider", "site") if name in row}


class Attack(one_list.Attack):
    """What a reader has been shown of both lists; `areas` of the first are known exactly."""

    def __init__(self, both: TwoLists, areas) -> None:
        super().__init__(both)
        for at, cell in enumerate(both.lists[OWN].cells):
            if any(area.holds(cell.function, cell.site) for area in areas):
                known = np.zeros(len(both.cells))
                known[at] = 1.0
                self.add(known, both.counts[at])


def unknown_small_counts(both: TwoLists, areas) -> list[np.ndarray]:
    """Every count of 1 to 7 of either list that is not of the reader's own areas."""
    return [
        both.widened(trust, question)
        for trust, each in both.lists.items()
        for question in one_list.small_counts(each, areas if trust == OWN else ())
    ]


class OfTrust:
    """The attack as one of a list alone: what is told of it is told of that trust."""

    def __init__(self, attack: Attack, trust: str) -> None:
        self.attack, self.trust, self.planted = attack, trust, attack.planted.lists[trust]

    def add(self, question: np.ndarray, shown: float) -> None:
        self.attack.add(self.attack.planted.widened(self.trust, question), shown)


def ask_for_figures(attack: Attack, connection, areas) -> None:
    for trust in (OWN, OTHER):
        for nonc in (False, True):
            asked = FigureScope(level="provider", organisation=trust, source="weekly", include_nonc=nonc)
            for frame in suppressed_by_census(connection, asked, areas):
                one_list.read_figures(OfTrust(attack, trust), frame, nonc=nonc)


SUM = "group=1"
PLACES = {f"level=provider&org={OWN}": (OWN,), f"level=provider&org={OTHER}": (OTHER,), SUM: (OWN, OTHER)}


def ask_for_findings(attack: Attack, connection, reader: Reader, home, places=None) -> None:
    """Every indicator of scopes of each list, and of both together; and each specialty of both."""
    enquiry = Enquiry(reader, today(), Settings(home=home))
    lists = attack.planted.lists.values()
    every = {repr(scope): scope for each in lists for scope in one_list.scopes(each)}
    asked = random.Random(1).sample([every[key] for key in sorted(every)], 50)
    for each in ({}, *asked):
        for place, of in (places or PLACES).items():
            scope = scope_of(connection, each, place, enquiry)
            # A site is of one trust alone.
            there = tuple(code for code in of if "site" not in each or code == of[0])
            if scope is not None:
                tell(attack, connection, scope, each, there)


def scope_of(connection, asked, place: str, enquiry: Enquiry) -> Scope | None:
    """The scope of an address; None where something that is asked for is not in its lists."""
    said = "&".join((place, *(f"{name}={value}" for name, value in asked.items())))
    address = said.replace("site=R9A", "site=R9B") if f"org={OTHER}" in place else said
    filters, _ = from_query(f"?source=weekly&{address}")
    scope = resolve(connection, filters, enquiry)
    return None if scope.notices else scope


def tell(attack: Attack, connection, scope: Scope, asked, of) -> None:
    read_findings(attack, figures_of(scope, series(connection, scope)), asked, of)
    if not asked:
        parts = specialties(connection, scope, (scope.census,), flows=False)
        figures = figures_of(scope, parts, apart="treatment_function", keys=("total", "over_18", "over_52"))
        for unit in set(figures.facts.units) - {TOTAL}:
            read_findings(attack, figures, {"tf": unit}, of, unit=unit)


def read_findings(attack: Attack, figures, asked, of, unit: str = "") -> None:
    filters = one_list.filters_of(asked)
    for key in figures.measures.keys() & one_list.INDICATORS:
        finding, more = figures.find(key, unit=unit), one_list.INDICATORS[key]
        flow = str(more.get("part", "2"))[0] != "2"
        if finding is not None and finding.value is not None and not (flow and "pathway" in asked):
            attack.add(attack.planted.question(of=of, **{**filters, **more}), finding.value)
    share = figures.find("share_within_18", unit=unit) if not unit else None
    if share is not None and share.numerator is not None:
        attack.add(attack.planted.question(of=of, **filters, first=0, after=18), share.numerator)
        attack.add(attack.planted.question(of=of, **filters, first=0), share.denominator)


@pytest.fixture(scope="module")
def load_once(tmp_path_factory, sqlite_template):
    paths = {}

    def load(seed: int, folder):
        both = TwoLists(seed)
        if seed not in paths:
            path = shutil.copy(sqlite_template, tmp_path_factory.mktemp("lists") / "rtt.db")
            engine = make_engine(f"sqlite:///{path}")
            both.load(engine, path.parent)
            engine.dispose()
            paths[seed] = path
        return both, make_engine(f"sqlite:///{shutil.copy(paths[seed], folder / 'rtt.db')}")

    yield load
    for path in paths.values():
        path.unlink()


@pytest.mark.slow
@pytest.mark.parametrize("who", READERS)
@pytest.mark.parametrize("seed", PAIRS)
def test_no_small_number_of_another_trust_follows_from_the_own_one(seed, who, load_once, tmp_path):
    both, engine = load_once(seed, tmp_path)
    areas = READERS[who]
    attack = Attack(both, areas)
    with reading(engine) as connection:
        ask_for_figures(attack, connection, areas)
        ask_for_findings(attack, connection, Reader(areas=areas), tmp_path)
    told = attack.recovered(unknown_small_counts(both, areas))
    engine.dispose()
    assert not told, [
        sorted({cell for cell, there in zip(both.cells, one, strict=True) if there}, key=repr)
        for one in told[:3]
    ]


class OwnSmallNumbersAlone(Attack):
    """As if of every figure its own small number was hidden, and nothing else."""

    def add(self, question: np.ndarray, shown: float) -> None:
        if not 0 < shown < 8 or question.sum() == 1:
            super().add(question, shown)


def test_the_attack_works_on_a_sum_of_which_only_its_own_small_numbers_are_hidden(load_once, tmp_path):
    """Less the own list, a sum of 8 and more tells hundreds of small numbers of the other."""
    both, engine = load_once(0, tmp_path)
    areas = READERS["reader of the first"]
    attack = OwnSmallNumbersAlone(both, areas)
    with reading(engine) as connection:
        ask_for_findings(
            attack, connection, Reader(may_see_pathways=True), tmp_path, places={SUM: PLACES[SUM]}
        )
    engine.dispose()
    assert len(attack.recovered(unknown_small_counts(both, areas))) >= 100


ROUNDED = ("median_weeks", "high_percentile_weeks")


def test_what_is_only_rounded_is_not_told_of_a_sum_that_holds_the_own_list(load_once, tmp_path):
    """A rounded median of both, less the own list, bounds how few of the other waited longer."""
    _, engine = load_once(1, tmp_path)
    with reading(engine) as connection:
        for areas in (READERS["reader of the first"], READERS["lead of a specialty of the first"], ()):
            enquiry = Enquiry(Reader(areas=areas), today(), Settings(home=tmp_path))
            scope = scope_of(connection, {}, SUM, enquiry)
            figures = figures_of(scope, series(connection, scope))
            told = [figures.find(key).value is not None for key in ROUNDED]
            assert told == ([False, False] if areas else [True, True]), areas
            share = figures.find("share_within_18")
            total, over = (figures.find(key).value for key in ("total", "over_18"))
            if areas and share.about:
                assert share.value == round(20 * (total - over) / total) / 20
    engine.dispose()


ASKED = (
    "",
    "&tf=C_120",
    "&tf=C_100,C_130",
    "&priority=3",
    "&pathway=admitted",
    "&pathway=dta",
    "&tf=C_120&pathway=admitted",
    "&show=groups",
    "&nonc=with",
    "&threshold=52",
)
PAGES_OF_FIGURES = [
    page.path for page in PAGES if not page.audited and page.path not in ("/services", "/status")
]


def cells(client, path, query, role) -> dict[tuple[str, int, str, str], int]:
    """The whole numbers of a page's tables, by card, table, row and column."""
    answer = tracked.draw(client, path, f"?source=weekly&{query}", trusts.as_role(role))
    assert answer.status_code == 200
    found = {}
    for card, section in served.cards(answer.json["response"]["page"]["children"]).items():
        for at, table in enumerate(served.of_type(section, "Table")):
            heading, *rows = served.table_of([table])
            named = {
                (card, at, row[0], head): one_list.number(cell)
                for row in rows
                for head, cell in zip(heading[1:], row[1:], strict=False)
            }
            found |= {key: count for key, count in named.items() if count is not None}
    return found


def small_differences(client, path, query, role) -> list[tuple[str, int, str, str]]:
    """The cells of the page of both lists which, less those of the first, are a small number of the other."""
    both = cells(client, path, f"{SUM}{query}", role)
    own = cells(client, path, f"level=provider&org={OWN}{query}", "reader of all")
    other = cells(client, path, f"level=provider&org={OTHER}{query}", "reader of all")
    return [
        key
        for key in both.keys() & own.keys()
        if other.get(key) == both[key] - own[key] and 0 < other[key] < 8
    ]


@pytest.mark.slow
def test_no_table_of_both_less_the_own_one_holds_a_small_number_of_the_other(sqlite_engine, tmp_path):
    trusts.load(sqlite_engine, tmp_path, sizes=(400, 160, 60))
    client = trusts.served(sqlite_engine, tmp_path)
    seen_by_all = 0
    for path in PAGES_OF_FIGURES:
        for query in ASKED:
            assert not small_differences(client, path, query, "reader of R9A"), (path, query)
            seen_by_all += len(small_differences(client, path, query, "reader of all"))
    assert seen_by_all > 100
