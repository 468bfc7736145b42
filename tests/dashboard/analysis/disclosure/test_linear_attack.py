"""Small numbers by linear algebra: whatever a reader can ask of a list is one system of equations.

Twenty invented lists are asked on every way out by a reader without access, by the lead of a specialty and by
the lead of a site. What is shown becomes equations over the cells of the list; no count of 1 to 7 may follow
from them, whichever filters, bases and week limits it is of. Cells that hold nobody are known to be empty
here, which is more than a reader knows.
"""

import itertools
import random
import re
import shutil

import numpy as np
import pytest

from dashboard.analysis.disclosure.small_figures import suppressed_by_census
from dashboard.analysis.facts import series
from dashboard.analysis.findings import figures_of
from dashboard.filters import from_query
from dashboard.scope.scope import resolve
from dashboard.server.access import Enquiry, Reader
from dashboard.settings.areas import Area
from dashboard.settings.settings import Settings
from dashboard.store.cache import reading
from dashboard.store.figures import FigureScope
from ingest.store.database import make_engine
from rtt.measures.disclosed import limits_asked
from rtt.measures.indicators import MINIMUM_SET
from rtt.terms.treatment_functions import short_name_of
from tests.conftest import SOAK
from tests.dashboard import served_pages as served
from tests.dashboard import tracked
from tests.dashboard.planted import LAST, PRIORITIES, SITES, UNKNOWN, Planted, today

LISTS = range(20)
LEADS = {
    "nobody": (),
    "lead of a specialty": (Area(frozenset({"C_120"}), None),),
    "lead of a site": (Area(None, frozenset({"R9A02"})),),
}
BASES = {"english": ("english",), "nonc": ("nonc",), "both": ("english", "nonc")}
API = {
    "total": (UNKNOWN, LAST + 1),
    "unknown_clock_start": (UNKNOWN, 0),
    "within_18": (0, 18),
    **{f"over_{weeks}": (weeks, LAST + 1) for weeks in (18, 52, 65, 78, 104)},
}
_PARTS = {
    "list": {},
    "decided": {"decided": (True,)},
    "starts": {"part": "3"},
    "stops": {"part": ("1A", "1B")},
    "admitted": {"part": "1A"},
    "non-admitted": {"part": "1B"},
}
# Every indicator that is a count, with the question that it answers: a new one is attacked as it is added.
INDICATORS = {
    each.key: {**_PARTS[count.part], "first": count.over, "after": count.up_to}
    for each in MINIMUM_SET
    for count in each.discloses.counts
    if each.discloses.form == "count"
}
PATHWAYS = {
    "admitted": {"stage": "admitted"},
    "non-admitted": {"stage": "non-admitted"},
    "dta": {"decided": (True,)},
}


class Attack:
    """What a reader has been shown of a list, as equations."""

    def __init__(self, planted: Planted, areas=()) -> None:
        self.planted, self.known = planted, {}
        for number, cell in enumerate(planted.cells):
            if any(area.holds(cell.function, cell.site) for area in areas):
                own = np.zeros(len(planted.cells))
                own[number] = 1.0
                self.add(own, planted.counts[number])

    def add(self, question: np.ndarray, shown: float) -> None:
        """An equation; it must be true, or this test does not know what was asked."""
        assert self.planted.count(question) == shown
        self.known[question.tobytes()] = question

    def recovered(self, wanted: list[np.ndarray]) -> list[np.ndarray]:
        """The wanted counts that follow from what was shown."""
        rows = np.array([row for row in self.known.values() if row.any()])
        if not len(rows):
            return []
        basis = basis_of(rows)
        asked = np.array(wanted)
        left = asked - (asked @ basis.T) @ basis
        return [asked[at] for at in np.flatnonzero(np.abs(left).max(axis=1) < 1e-6)]


def basis_of(rows: np.ndarray) -> np.ndarray:
    """An orthonormal basis of what the rows span."""
    # Of a square triangle: LAPACK may not converge on a tall matrix of many equal rows.
    across, triangle = np.linalg.qr(np.unique(rows, axis=0).T)
    along, sizes, _ = np.linalg.svd(triangle, full_matrices=False)
    return (across @ along[:, sizes > 1e-8 * sizes[0]]).T


def small_counts(planted: Planted, areas=()) -> list[np.ndarray]:
    """Every count of 1 to 7 that filters, bases, parts and declared week limits can ask for, outside the
    areas.
    """
    own = np.array([any(area.holds(c.function, c.site) for area in areas) for c in planted.cells], dtype=bool)
    functions = sorted({cell.function for cell in planted.cells})
    both = BASES["both"]
    waits = np.array([planted.question(basis=both, first=first, after=after) for first, after in WAITS])
    parts = np.array([planted.question(basis=both, part=part) for part in ("1A", "1B", ("1A", "1B"), "3")])
    ways = [planted.question(basis=both, **way) for way in WAYS]
    asked = np.unique(np.vstack([*(waits * way for way in ways), parts]), axis=0)
    found: dict[bytes, np.ndarray] = {}
    for basis, function, site, priority in itertools.product(
        BASES.values(), ["", *functions], ["", *SITES], ["", *(p or "unknown" for p in PRIORITIES)]
    ):
        place = planted.question(
            basis=basis, function=function, site=site, priority=priority, part=("1A", "1B", "2", "3")
        )
        counts = asked @ (place * planted.counts)
        for question in asked[(counts > 0) & (counts < 8)] * place:
            if not question[own].any():
                found[question.tobytes()] = question
    return list(found.values())


EDGES = (UNKNOWN, *sorted(limits_asked(each.discloses for each in MINIMUM_SET)), LAST + 1)
WAITS = [
    (first, after)
    for first, after in itertools.combinations(EDGES, 2)
    if first <= 0 or after == LAST + 1 or (first, after) in itertools.pairwise(EDGES)
]
WAYS = ({}, *PATHWAYS.values(), {"decided": (False,)})


def ask_for_figures(attack: Attack, connection, areas, **seam) -> None:
    """What `/api/figures` and `rtt figures --small-numbers` write, with NONC and without."""
    for nonc in (False, True):
        scope = FigureScope(level="provider", source="weekly", include_nonc=nonc)
        for frame in suppressed_by_census(connection, scope, areas, **seam):
            read_figures(attack, frame, nonc=nonc)


def read_figures(attack: Attack, frame, *, nonc: bool) -> None:
    """The counts of a table of figures."""
    for row in frame.to_dict("records"):
        part = {"2A": {"part": "2", "decided": (True,)}}.get(row["part"], {"part": row["part"]})
        function = "" if row["treatment_function_code"] == "C_999" else row["treatment_function_code"]
        for name, (first, after) in API.items():
            if isinstance(row[name], int | float | np.integer) and row[name] == row[name]:
                question = attack.planted.question(
                    basis=BASES["both" if nonc else "english"],
                    function=function, first=first, after=after, **part,
                )  # fmt: skip
                attack.add(question, row[name])


def scopes(planted: Planted):
    """Every filter, every two and some of three, and several specialties together."""
    functions = sorted({cell.function for cell in planted.cells})
    ways = {
        "tf": [
            *functions,
            *(",".join(pair) for pair in itertools.combinations(functions[:5], 2)),
            ",".join(functions[1:]),
        ],
        "site": SITES,
        "pathway": tuple(PATHWAYS),
        "priority": ("1", "2", "3", "unknown"),
    }
    yield {}
    for number in (1, 2):
        for names in itertools.combinations(ways, number):
            for values in itertools.product(*(ways[name] for name in names)):
                yield dict(zip(names, values, strict=True))
    yield {"tf": functions[0], "site": SITES[0], "priority": "1"}
    yield {"tf": functions[0], "site": SITES[0], "priority": "1", "pathway": "admitted"}


def filters_of(scope: dict[str, str]) -> dict[str, object]:
    """The filters of an address as those of a question."""
    found = {"function": tuple(scope["tf"].split(",")) if "tf" in scope else ()}
    found |= {name: scope.get(name, "") for name in ("site", "priority")}
    return {**found, **PATHWAYS.get(scope.get("pathway", ""), {})}


def ask_for_findings(attack: Attack, connection, reader: Reader, home) -> None:
    """Every indicator of every scope, with the numbers that shares are made of."""
    enquiry = Enquiry(reader, today(), Settings(home=home))
    every = list(scopes(attack.planted))
    for asked in every if not reader.areas else random.Random(1).sample(every, 40):
        filters, _ = from_query(address(asked))
        scope = resolve(connection, filters, enquiry)
        figures = figures_of(scope, series(connection, scope))
        for key, more in INDICATORS.items():
            finding = figures.find(key)
            flow = str(more.get("part", "2"))[0] != "2"
            if finding is not None and finding.value is not None and not (flow and "pathway" in asked):
                attack.add(attack.planted.question(**{**filters_of(asked), **more}), finding.value)
        share = figures.find("share_within_18")
        if share is not None and share.numerator is not None:
            attack.add(attack.planted.question(**filters_of(asked), first=0, after=18), share.numerator)
            attack.add(attack.planted.question(**filters_of(asked), first=0), share.denominator)


def number(text: str) -> int | None:
    """A count as printed."""
    return int(text.replace(",", "")) if re.fullmatch(r"\d[\d,]*", text) else None


def ask_for_pages(attack: Attack, client, headers=None) -> None:
    """The tables of pages: specialties and sites, single week bands, who passes 18 weeks."""
    functions = {cell.function for cell in attack.planted.cells}
    names = {short_name_of(function): {"function": function} for function in functions}
    names |= {site: {"site": site} for site in SITES} | {"Total": {}, "All specialties": {"function": ()}}
    for scope in PAGE_SCOPES:
        if scope.get("tf", min(functions)) in functions:
            for page, card, columns in PAGES:
                drawn = tracked.draw(client, page, address(scope), headers or {}).json["response"]["page"]
                section = served.cards(drawn["children"]).get(card)
                if section is not None and served.of_type(section, "Table"):
                    table = served.table_of(section)
                    table = by_measure(table) if table[0][1] == "Measure" else table
                    read_table(attack, table, filters_of(scope), names, columns)


def by_measure(table):
    """A row for each part, a column for each measure, of the signals of Trends: a line for each of them."""
    heading, *rows = table
    measures = sorted({row[1] for row in rows})
    found = {(row[0], row[1]): row[2] for row in rows}
    parts = dict.fromkeys(row[0] for row in rows)
    return [[heading[0], *measures], *([p, *(found.get((p, m), "") for m in measures)] for p in parts)]


def read_table(attack: Attack, table, own, names, columns) -> None:
    heading, *rows = table
    for row in rows:
        band = re.match(r"(\d+) (to|weeks and over)", row[0])
        place = {"first": int(band[1]), "after": int(band[1]) + 1} if band else names.get(row[0])
        for column, asked in columns.items():
            at = next((i for i, head in enumerate(heading) if head.startswith(column)), None)
            shown = None if at is None or place is None else number(row[at])
            if shown is not None:
                attack.add(attack.planted.question(**{**own, **place, **asked}), shown)


def address(scope: dict[str, str]) -> str:
    return "?" + "&".join(f"{name}={value}" for name, value in scope.items()) if scope else ""


PAGE_SCOPES = (
    {},
    {"tf": "C_110"},
    {"site": SITES[0]},
    {"priority": "2"},
    {"pathway": "dta"},
    {"pathway": "admitted"},
)
PAGES = (
    ("/", "specialties", {"Waiting": {}, "Over 52 weeks": {"first": 52}}),
    ("/specialties", "specialties", {"Waiting": {}, "Over 18": {"first": 18}, "Over 52": {"first": 52}}),
    ("/list", "shape", {"Pathways": {}}),
    ("/breaches", "ladder-specialties", {"Will breach 18 weeks": {"first": 14, "after": 18}}),
    ("/breaches", "ladder-sites", {"Will breach 18 weeks": {"first": 14, "after": 18}}),
    ("/trends", "parts", {"Waiting list": {}, "Over 52 weeks": {"first": 52}}),
)


@pytest.fixture(scope="module")
def load_once(tmp_path_factory, sqlite_template):
    """load_once(list, folder) -> a database in the folder that holds it; its files are loaded once."""
    paths = {}

    def load(planted: Planted, folder):
        if planted.seed not in paths:
            path = shutil.copy(sqlite_template, tmp_path_factory.mktemp("list") / "rtt.db")
            engine = make_engine(f"sqlite:///{path}")
            planted.load(engine, path.parent)
            engine.dispose()  # what was written lies beside the file until the last connection closes
            paths[planted.seed] = path
        return make_engine(f"sqlite:///{shutil.copy(paths[planted.seed], folder / 'rtt.db')}")

    return load


@pytest.mark.parametrize("who", LEADS)
@pytest.mark.parametrize("seed", LISTS)
def test_no_small_number_follows_from_all_that_is_shown(seed, who, load_once, tmp_path):
    planted, areas = Planted(seed), LEADS[who]
    attack = Attack(planted, areas)
    engine = load_once(planted, tmp_path)
    with reading(engine) as connection:
        ask_for_figures(attack, connection, areas)
        ask_for_findings(attack, connection, Reader(areas=areas), tmp_path)
    client = tracked.served(engine, tmp_path, access="proxy")
    if not areas or (who == "lead of a specialty" and seed < 4):
        ask_for_pages(attack, client, tracked.as_role("lead" if areas else "viewer"))
    told = attack.recovered(small_counts(planted, areas))
    assert not told, [
        sorted({cell for cell, there in zip(planted.cells, one, strict=True) if there}, key=repr)
        for one in told[:3]
    ]
    engine.dispose()


def test_the_attack_sees_what_is_shown_without_suppression_of_the_english_basis(load_once, tmp_path):
    """Each list gives away 604 to 1,081 small numbers: every fourth shows that the attack works."""
    lists = LISTS if SOAK else LISTS[::4]
    recovered = 0
    for seed in lists:
        planted = Planted(seed)
        attack = Attack(planted)
        engine = load_once(planted, tmp_path)
        with reading(engine) as connection:
            ask_for_figures(attack, connection, (), judged=("nonc",))
            ask_for_findings(attack, connection, Reader(may_see_pathways=True), tmp_path)
        recovered += len(attack.recovered(small_counts(planted)))
        engine.dispose()
    assert recovered >= 350 * len(lists), recovered
