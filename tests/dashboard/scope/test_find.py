"""Find a place: by name, town, code, in any order; against a plain second way to search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.scope.find import find, index
from dashboard.store.loaded_extracts import Organisation
from rtt.terms.treatment_functions import SPECIALTIES


def organisation(level, code, name, parent="", kind=""):
    return Organisation(level, code, name, parent, "", kind)


PLACES = index(
    [
        organisation("region", "Y58", "South West Commissioning Region"),
        organisation("icb", "QVV", "NHS Dorset Integrated Care Board", "Y58"),
        organisation("icb", "QE1", "NHS Lancashire and South Cumbria Integrated Care Board", "Y62"),
        organisation("provider", "R0D", "University Hospitals Dorset NHS Foundation Trust", "QVV", "nhs"),
        organisation("provider", "RBD", "Dorset County Hospital NHS Foundation Trust", "QVV", "nhs"),
        organisation("provider", "NT401", "Nuffield Health, Bournemouth Hospital", "QVV", "independent"),
        organisation("provider", "RJZ", "King's College Hospital NHS Foundation Trust", "QKK", "nhs"),
        organisation("commissioner", "11J", "NHS Dorset (Sub ICB Location)", "QVV"),
    ]
)


def found(typed):
    return [
        f"{hit.place.code if hit.place else ''} {hit.function}".strip()
        for hit in find(typed, PLACES, SPECIALTIES)[0]
    ]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("rbd", ["RBD"]),
        ("R0D", ["R0D"]),
        ("dorset", ["QVV", "RBD", "11J", "R0D"]),
        ("county dor", ["RBD"]),
        ("hospital dorset univ", ["R0D"]),
        ("bournemouth", ["R0D", "NT401"]),
        ("Weymouth", ["RBD"]),
        ("uhd", ["R0D"]),
        ("kings", ["RJZ"]),
        ("king’s college", ["RJZ"]),
        ("south west", ["Y58"]),
        ("urology", ["C_101"]),
        ("dermat", ["C_330"]),
        ("ent", ["C_120"]),
        ("dorset county urology", ["RBD C_101"]),
        ("urology dorset", ["QVV C_101", "RBD C_101"]),
        ("", []),
        ("nobody of this name", []),
    ],
)
def test_what_is_typed_finds(typed, first):
    assert found(typed)[: len(first)] == first
    assert first or found(typed) == []


TYPED = ("dor", "county", "hosp", "nhs", "r0d", "king", "univ", "bourne", "south", "qvv", "x")
WORDS = st.lists(st.sampled_from(TYPED), max_size=3)


@given(WORDS)
def test_a_place_is_found_if_and_only_if_each_word_begins_a_word_of_it_or_of_what_is_above(words):
    def begins(place, word):
        return any(each.startswith(word) for each in place.around.split())

    meant = [word for word in words if word != "nhs"] or words
    naive = {p.key for p in PLACES if meant and all(begins(p, word) for word in meant)}
    hits, total = find(" ".join(words), PLACES, ())
    assert {hit.place.key for hit in hits} == naive
    assert total == len(naive)
