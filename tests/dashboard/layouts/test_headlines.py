"""What a reader meets first: the sentence at the top of Breaches, and what a chosen specialty changes."""

import re
from datetime import date

import pytest

from dashboard.store.cache import reading
from dashboard.store.loaded_extracts import loaded_extracts
from tests.dashboard import served_pages as served

LEAD = "breaches-headline"
ORTHOPAEDICS = "Trauma & orthopaedics"


def headline(page):
    """The first card of Breaches: its sentence, its links and the words below them."""
    (card,) = [
        each for each in served.of_type(page, "Section") if each["props"].get("aria-labelledby") == LEAD
    ]
    links = {served.words(each): each["props"]["href"] for each in served.of_type(card, "A")}
    return served.words(served.of_type(card, "H2")[0]), links, served.words(served.of_type(card, "P"))


def figures(sentence):
    """What the sentence says, parsed back: (counted, expected, without a date), None where it is silent."""
    found = [
        re.match(r"(.+?) breach(?:es)? (\d+) weeks by .+? unless treated", sentence),
        re.search(r"; (?:about )?([^;]+?) expected", sentence),
        re.search(r"; ([^;]+?) ha(?:s|ve) no date", sentence),
    ]
    return [match and match[1] for match in found]


@pytest.mark.parametrize("query", ["", "?tf=C_110", "?horizon=8", "?threshold=52"])
def test_one_sentence_says_the_count_the_estimate_and_those_without_a_date_as_the_tabs_have_them(
    client, query
):
    """Fault 6: two headlines stood 3,300 pixels apart, each as if it were the answer."""
    pages = served.breaches(client, query)
    sentence, _, words = headline(pages[0])
    assert {headline(page)[0] for page in pages} == {sentence}
    cards = served.cards(pages)
    counted, expected, undated = figures(sentence)
    of_all = served.table_of(cards["ladder-specialties"])[-1]
    assert [counted, undated] == [of_all[1], of_all[-1]]
    column = 3 if "52" in query else 1
    assert served.table_of(cards["expected"])[-1][column].split()[0] == expected
    assert "Book from the count; plan with the estimate." in words


def test_the_sentence_of_a_monthly_return_says_the_count_alone_and_why(client):
    pages = served.breaches(client, "?source=monthly&level=provider&org=R9A")
    sentence, links, words = headline(pages[0])
    counted, expected, undated = figures(sentence)
    assert (expected, undated) == (None, None)
    assert counted == served.table_of(served.cards(pages)["ladder-specialties"])[-1][1]
    assert "Estimates need a trust’s weekly PTL." in words
    assert list(links) == ["See them by specialty", "See the projection", "See the list week by week"]


def test_the_links_lead_to_those_who_pass_the_estimate_the_undated_and_the_plan(demo_engine, tmp_path):
    client = served.client_of(demo_engine, tmp_path, today=date(2026, 2, 24))
    sentence, links, _ = headline(served.drawn(client, "/breaches", "?source=weekly")["page"])
    counted, _, undated = figures(sentence)
    everyone, how, without, plan = links.values()
    for way, count in ((everyone, counted), (without, undated)):
        path, _, query = way.partition("?")
        page = served.drawn(client, path, f"?{query}")["page"]
        assert re.search(rf"\b{count}\b", served.words(page)), (way, count)
    assert "show=expected" in how
    assert "booking=none" in without
    assert plan.startswith("/plan?source=weekly")
    assert "What would it take" in served.words(
        served.drawn(client, "/plan", plan.removeprefix("/plan"))["page"]
    )


def test_two_specialties_have_no_estimate_of_all(client):
    """The figure of all specialties stood over two of them as if it were theirs."""
    pages = served.breaches(client, "?tf=C_110,C_130")
    assert figures(headline(pages[0])[0])[1] is None
    card = served.cards(pages)["expected-made"]
    assert served.words(served.of_type(card, "H2")[0]) == "Expected after usual treatment"


def test_the_sentence_tells_a_reader_without_access_nothing_that_the_tabs_keep_back(reader_of_aggregates):
    for query in ("", "?tf=C_502", "?tf=C_110,C_130"):
        pages = served.breaches(reader_of_aggregates, query)
        sentence, links, _ = headline(pages[0])
        below = " ".join(served.words(card) for card in served.cards(pages).values()).lower()
        for figure in figures(sentence):
            assert figure is None or figure.lower() in below or figure.lower() == "a withheld number"
        assert not any("/ptl" in way for way in links.values())


def of_the_chosen(page):
    """The cards headed by the specialty and the place."""
    return [each for each in served.of_type(page, "H2") if served.words(each) == f"{ORTHOPAEDICS}: Tameford"]


@pytest.mark.parametrize(
    "query", ["?source=monthly&level=provider&org=R9A&tf=C_110", "?source=weekly&tf=C_110"]
)
def test_a_specialty_chosen_on_specialties_is_named_with_its_figure_and_marked(client, query):
    """Fault 20: the page took the choice into its title and went on as if nothing had been chosen."""
    page = served.drawn(client, "/specialties", query)["page"]
    assert of_the_chosen(page)
    rows = served.of_type(served.cards(page)["specialties"], "Tr")
    heading = [served.words(cell) for cell in served.as_list(rows[0])]
    (marked,) = (row for row in rows if row["props"].get("aria-current"))
    row = [served.words(cell) for cell in served.as_list(marked)]
    assert row[0].strip() == ORTHOPAEDICS
    assert served.tile_number(page, "Within 18 weeks") == row[heading.index("Within 18 weeks")]
    everything = served.drawn(client, "/specialties", query.removesuffix("&tf=C_110"))["page"]
    assert not of_the_chosen(everything)
    assert not any(
        row["props"].get("aria-current")
        for row in served.of_type(served.cards(everything)["specialties"], "Tr")
    )


@pytest.mark.parametrize("path", ["/", "/trends", "/specialties"])
def test_every_census_draws_for_a_reader_without_access(path, reader_of_aggregates, demo_engine):
    """At one of them nobody was on the list of a specialty, and no page of it could be drawn."""
    with reading(demo_engine) as connection:
        days = loaded_extracts(connection).censuses("weekly")
    for day in days[-30:]:
        page = served.drawn(reader_of_aggregates, path, f"?source=weekly&census={day.isoformat()}")["page"]
        assert served.of_type(page, "H1")
