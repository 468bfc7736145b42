"""The names of every organisation in twelve published months, as pages write them."""

import re

from sqlalchemy import select

from ingest.store.schema import organisation
from rtt.terms.organisation_names import short_name, title_case

# Read off the published names: whatever else stands in capitals there is a word.
INITIALS = {
    "NHS",
    "ICB",
    "UK",
    "CIC",
    "LLP",
    "GP",
    "PLC",
    "HQ",
    "DMC",
    "DHC",
    "HCRG",
    "KIMS",
    "MSK",
    "N2S",
    "H&J",
}
SMALL = {"and", "of", "the", "upon", "on", "under", "in", "for", "with"}


def test_no_published_name_stays_in_capitals_and_each_keeps_its_letters(twelve_months_engine):
    with twelve_months_engine.connect() as connection:
        names = set(connection.execute(select(organisation.c.name).distinct()).scalars())
    assert len(names) > 600
    shown = {title_case(name) for name in names}
    assert {name.upper() for name in shown} == {" ".join(name.upper().split()) for name in names}
    words = {word for name in shown for word in re.split(r"[\s(),.-]+", name)}
    assert {word for word in words if word.isupper() and len(word) > 1} <= INITIALS
    inside = {word for name in shown for word in re.split(r"[\s-]+", name)[1:] if word.lower() in SMALL}
    assert {word for word in inside if not word.islower()} <= {"The"}
    assert len({short_name(name) for name in shown}) == len(shown), "none become the same"
    assert max(len(short_name(name)) for name in shown) < 80
