"""The predicted breaches of a weekly list in its pack: counted and expected, as the page has them."""

import re
from datetime import date

import pytest
from sqlalchemy import delete, func, select

from dashboard.packs.contents.breaches import NAMES
from dashboard.packs.contents.pack import contents_of, outline
from dashboard.packs.formats.docx.write import docx_of
from dashboard.packs.formats.pptx.write import pptx_of
from dashboard.packs.formats.xlsx.write import xlsx_of
from ingest.store.schema import forecast, forecast_expectation, pathway
from tests.dashboard import served_pages as served
from tests.dashboard.packs import making

QUERIES = ("", "?source=weekly&tf=C_100", "?source=weekly&tf=C_110,C_130", "?source=weekly&horizon=8")


@pytest.fixture(scope="module")
def reader(sample, tmp_path_factory):
    """Somebody who may not see pathways."""
    home = tmp_path_factory.mktemp("home")
    return served.client_of(sample, home, today=date(2026, 3, 1), access="none")


def page_of(pack, name):
    (page,) = [each for each in pack.pages if each.name == name]
    return page


def cards_of(reader, query):
    usual = re.sub(r"&horizon=\d+", "", query) or "?source=weekly"
    return served.cards(served.breaches(reader, usual))


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize(("name", "card"), list(zip(NAMES, ("ladder-specialties", "expected"), strict=True)))
def test_a_table_is_that_of_the_page_for_a_reader_without_access(sample, reader, query, name, card):
    page = page_of(making.contents(sample, query), name)
    (table,) = page.tables
    cards = cards_of(reader, query)
    shown = cards[card]
    # The page has the most first, the pack the order of the return.
    head, *rows = served.table_of(shown)
    assert (list(table.columns), sorted(map(list, table.rows))) == (head, sorted(rows))
    words = served.words([cards[each] for each in (card, "expected-made") if each in cards])
    for sentence in page.paragraphs:
        if name == NAMES[1]:
            assert sentence in words
    if name == NAMES[1]:
        assert page.title in words


def test_the_chart_of_states_is_that_of_the_page(sample, reader):
    page = page_of(making.contents(sample), NAMES[0])
    shown = served.table_of(cards_of(reader, "")["ladder"])
    assert [list(row) for row in (page.chart.columns, *page.chart.rows)] == shown


def test_expected_figures_are_those_that_were_issued_with_their_intervals(sample):
    page = page_of(making.contents(sample), NAMES[1])
    *_, last = page.tables[0].rows
    said = forecast_expectation.c
    with sample.connect() as connection:
        value, low, high = connection.execute(
            select(said.value, said.low_80, said.high_80)
            .join(forecast, forecast.c.id == said.forecast_id)
            .where(
                forecast.c.source == "weekly",
                forecast.c.census_date == date(2026, 2, 22),
                said.target_date == date(2026, 3, 22),
                said.treatment_function == "C_999",
                said.measure == "passing_18",
            )
        ).one()
    number, bottom, top = (int(each.replace(",", "")) for each in re.findall(r"[\d,]+", last[1]))
    assert number == pytest.approx(value, abs=0.5)
    assert bottom - 1 < low <= bottom
    assert top <= high < top + 1


def test_the_count_is_that_of_the_pathways_that_pass_unless_it_is_small(sample):
    page = page_of(making.contents(sample), NAMES[0])
    c = pathway.c
    newest = select(func.max(c.extract_id)).scalar_subquery()
    with sample.connect() as connection:
        passing = connection.execute(
            select(func.count()).where(
                c.extract_id == newest, c.basis == "english", c.days_waited.between(127 - 28, 126)
            )
        ).scalar_one()
    assert int(page.tables[0].rows[-1][1].replace(",", "")) == passing
    cells = {cell for row in page.tables[0].rows for cell in row[1:]}
    assert not cells & set("1234567")
    assert "under 8" in cells


def test_every_format_of_a_pack_holds_both_tables(sample):
    pack = making.contents(sample)
    tables = [[list(page_of(pack, name).tables[0].columns)] for name in NAMES]
    slides, words = making.slide_tables(pptx_of(pack)), making.document_tables(docx_of(pack))
    book = making.workbook(xlsx_of(pack))
    for (head,), name in zip(tables, NAMES, strict=True):
        rows = [list(row) for row in page_of(pack, name).tables[0].rows]
        assert [row for table in slides if table[0] == head for row in table[1:]] == rows
        assert [row for table in words if table[0] == head for row in table[1:]] == rows
        assert head in [[cell.value for cell in row[: len(head)]] for row in book[name].iter_rows()]


def test_a_list_without_a_forecast_has_no_page_of_it_and_its_method_says_who_can_make_one(demo):
    with demo.begin() as connection:
        connection.execute(delete(forecast_expectation))
        connection.execute(delete(forecast).where(forecast.c.source == "weekly"))
    pack = making.contents(demo)
    assert NAMES[1] not in [each.name for each in pack.pages]
    reason = "No forecast was made from this PTL. Whoever loads the data can make one from the newest PTL."
    assert reason in page_of(pack, "Method").paragraphs
    said = "\n".join(each.text for each in making.document(docx_of(pack)).paragraphs)
    assert reason in said
    assert "rtt forecast" not in said


def test_a_narrowed_list_has_no_estimate_and_its_method_says_why(sample):
    found = making.facts_of(sample, "?source=weekly&priority=2")
    pack = contents_of(found)
    assert NAMES[1] not in [each.name for each in pack.pages]
    assert any("not by site, priority or pathway" in said for said in page_of(pack, "Method").paragraphs)
    assert outline(found) == [each.name for each in pack.pages]


def test_a_list_whose_pathways_are_gone_says_that_nobody_knows_who_has_a_date(demo):
    with demo.begin() as connection:
        connection.execute(delete(pathway))
    page = page_of(making.contents(demo), NAMES[0])
    assert page.chart is None
    assert "only its counts" in " ".join(page.paragraphs)
    assert page.tables[0].columns == ("Specialty", "Will breach 18 weeks")
