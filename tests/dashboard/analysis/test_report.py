"""One recipe: what the report says of a scope every page says; and a pack finds each finding once."""

from collections import Counter
from datetime import date

import pytest

from dashboard.analysis import control_charts, findings
from dashboard.analysis.pack import MEASURES
from dashboard.analysis.pack import load as load_pack
from dashboard.analysis.report import report
from dashboard.filters import from_query
from dashboard.layouts.overview import load as overview
from dashboard.layouts.trends import draw as trends
from dashboard.packs.contents.pack import contents_of, outline
from dashboard.scope.scope import resolve
from dashboard.screens.tiles import tile
from dashboard.store.cache import reading
from ingest.store.database import make_engine
from tests.dashboard import enquiries

QUERIES = ("source=monthly", "source=monthly&level=provider&org=R9A&tf=C_110", "source=weekly")
ASKED = enquiries.by(today=date(2026, 3, 4))


@pytest.fixture(scope="module")
def sample(demo_template):
    engine = make_engine(f"sqlite:///{demo_template}")
    yield engine
    engine.dispose()


@pytest.mark.parametrize("query", QUERIES)
def test_the_figures_of_a_report_are_those_of_each_page(sample, query):
    with reading(sample) as connection:
        scope = resolve(connection, from_query(query)[0], ASKED)
        own = report(connection, scope, MEASURES)
        pages = [each.load(connection, scope) for each in (overview, trends)]
        pack = load_pack(connection, scope)
    for found in (*pages, pack):
        shared = found.charts.keys() & own.charts.keys()
        assert len(shared) >= 7
        for key in shared:
            assert found.charts[key].judged == own.charts[key].judged, key
            assert found.figures.find(key) == own.figures.find(key), key
            assert tile(found.charts[key], note="") == tile(own.charts[key], note=""), key


@pytest.mark.parametrize("query", QUERIES)
def test_a_pack_finds_each_finding_once(sample, query, monkeypatch):
    made, judged = Counter(), Counter()
    find, remarks = findings.Figures._find, control_charts._remarks

    def counted(self, *asked):
        made[id(self), *asked] += 1
        return find(self, *asked)

    def remarked(last, *rest):
        judged[last.indicator_key] += 1
        return remarks(last, *rest)

    monkeypatch.setattr(findings.Figures, "_find", counted)
    monkeypatch.setattr(control_charts, "_remarks", remarked)
    with reading(sample) as connection:
        scope = resolve(connection, from_query(query)[0], ASKED)
        found = load_pack(connection, scope, whole=True)
    pages = contents_of(found).pages
    assert [page.name for page in pages] == outline(found)
    assert set(made.values()) == {1}
    assert judged == Counter(MEASURES)
