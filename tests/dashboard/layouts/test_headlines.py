"""What a reader meets first: the two headlines of Breaches together, and what a chosen specialty changes."""

import pytest

from dashboard.store.cache import reading
from dashboard.store.loaded_extracts import loaded_extracts
from tests.dashboard import served_pages as served

ORTHOPAEDICS = "Trauma & orthopaedics"


def headlines(client, query=""):
    """The first card of Breaches: what its two tiles say, by name, and the words below them."""
    page = served.drawn(client, "/breaches", query)["page"]
    card = served.of_type(page, "Section")[1]
    tiles = [
        [served.words(part).strip() for part in tile["props"]["children"]]
        for tile in served.of_type(card, "Li")
    ]
    return {name: (figure, " ".join(lines)) for name, figure, *lines in tiles}, served.words(card)


@pytest.mark.parametrize("query", ["", "?tf=C_110", "?horizon=8", "?threshold=52", "?source=monthly"])
def test_count_and_estimate_stand_side_by_side_and_are_those_of_the_sections_below(client, query):
    """Fault 20: two headlines, 483 and about 377, stood 3,300 pixels apart, each as if it were the answer."""
    tiles, words = headlines(client, query)
    cards = served.cards(served.drawn(client, "/breaches", query)["page"])
    counted, _ = tiles["Counted: at risk of breaching"]
    assert served.words(served.of_type(cards["ladder"], "H2")[0]).startswith(f"{counted} breach ")
    estimated, said = tiles["Estimated to breach"]
    if query == "?source=monthly":
        assert (estimated, said) == ("No estimate", "Estimates need a trust’s weekly PTL.")
    elif query == "?threshold=52":
        assert estimated.removeprefix("About ") in served.words(cards["expected"])
    else:
        heading = served.words(served.of_type(cards["expected"], "H2")[0])
        assert heading.startswith(estimated)
        assert said.split("80% interval ")[1].split(".")[0] in heading
    assert "Book from the count; plan with the estimate." in words


def test_two_specialties_have_no_estimate_of_all(client):
    """The figure of all specialties stood over two of them as if it were theirs."""
    tiles, _ = headlines(client, "?tf=C_110,C_130")
    assert tiles["Estimated to breach"][0] == "No estimate"
    card = served.cards(served.drawn(client, "/breaches", "?tf=C_110,C_130")["page"])["expected"]
    assert served.words(served.of_type(card, "H2")[0]) == "Expected after usual treatment"


def test_the_headlines_tell_a_reader_without_access_nothing_that_the_sections_keep_back(reader_of_aggregates):
    for query in ("", "?tf=C_502", "?tf=C_110,C_130"):
        tiles, words = headlines(reader_of_aggregates, query)
        page = served.drawn(reader_of_aggregates, "/breaches", query)["page"]
        below = " ".join(served.words(card) for card in served.cards(page).values())
        for figure, _ in tiles.values():
            assert figure == "No estimate" or figure.removeprefix("About ").lower() in below.lower()
        assert "/ptl" not in words


@pytest.mark.parametrize(
    "query", ["?source=monthly&level=provider&org=R9A&tf=C_110", "?source=weekly&tf=C_110"]
)
def test_a_specialty_chosen_on_specialties_is_named_with_its_figure_and_marked(client, query):
    """Fault 20: the page took the choice into its title and went on as if nothing had been chosen."""
    page = served.drawn(client, "/specialties", query)["page"]
    assert f"Chosen: {ORTHOPAEDICS}, " in served.words(page)
    rows = served.of_type(served.cards(page)["specialties"], "Tr")
    marked = [served.words(row) for row in rows if row["props"].get("aria-current")]
    assert [words.strip().startswith(ORTHOPAEDICS) for words in marked] == [True]
    everything = served.drawn(client, "/specialties", query.removesuffix("&tf=C_110"))["page"]
    assert "Chosen:" not in served.words(everything)
    assert not any(row["props"].get("aria-current") for row in served.of_type(everything, "Tr"))


@pytest.mark.parametrize("path", ["/", "/trends", "/specialties"])
def test_every_census_draws_for_a_reader_without_access(path, reader_of_aggregates, demo_engine):
    """At one of them nobody was on the list of a specialty, and no page of it could be drawn."""
    with reading(demo_engine) as connection:
        days = loaded_extracts(connection).censuses("weekly")
    for day in days[-30:]:
        page = served.drawn(reader_of_aggregates, path, f"?source=weekly&census={day.isoformat()}")["page"]
        assert served.of_type(page, "H1")
