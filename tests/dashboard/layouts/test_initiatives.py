"""Initiatives: registered first, frozen and dated; the smallest effect to be seen before the result."""

import random
import re
from datetime import date

import pytest

from dashboard.packs.contents.pack import contents_of
from tests.dashboard import served_pages as served
from tests.dashboard.months import load_months, months_from
from tests.dashboard.packs import making

OURS = {"Origin": "http://localhost"}
MONTHS = months_from(date(2024, 1, 31), 12)
GENERAL = "C_100"
FORM = {
    "name": "Weekend lists",
    "what": "Two more lists at weekends",
    "trusts": "RTD",
    "treatment_function": "C_999",
    "starts": "2024-07",
    "measure": "share_within_18",
    "expected": "3",
    "why_these": "They offered first",
    "worst": "no",
    "back": "/initiatives",
}


def england(day: date) -> dict:
    """Forty trusts that drift a little; RTD gains twenty points from July 2024 on."""
    facts = {}
    for at, code in enumerate(["RTD", *(f"R{first}{second}" for first in "ABCDEFGH" for second in "ABCDE")]):
        chance = random.Random(f"{code} {day}")
        # Its own months before are quiet, so that the false start finds nothing.
        share = 0.55 + 0.004 * ((at + 5) % 10) + chance.uniform(-0.01, 0.01) * (code != "RTD")
        share += 0.2 * (code == "RTD" and day >= date(2024, 7, 1))
        inside = round(8_000 * share)
        facts[code, "00R", "2", GENERAL] = {3: inside, 30: 8_000 - inside}
    return facts


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    engine = load_months(tmp_path_factory.mktemp("england"), {day: england(day) for day in MONTHS})
    yield engine
    engine.dispose()


@pytest.fixture
def client(engine, tmp_path):
    return served.client_of(engine, tmp_path, today=date(2025, 2, 1))


def registered(client, **changes):
    return client.post("/initiatives", data={**FORM, **changes}, headers=OURS)


def withdrawn(client, name):
    page = served.drawn(client, "/initiatives")["page"]
    (section,) = [each for each in served.cards(page).values() if served.words(each).startswith(name)]
    (form,) = served.of_type(section, "Form")
    assert (
        client.post(form["props"]["action"], data={"back": "/initiatives"}, headers=OURS).status_code == 303
    )
    return section


def test_an_initiative_is_registered_and_its_result_stands_after_the_smallest_effect(client):
    assert registered(client).status_code == 303
    page = served.drawn(client, "/initiatives")["page"]
    head, row = served.table_of(served.cards(page)["register"])
    told = dict(zip(head, row, strict=True))
    assert told["Initiative"] == "Weekend lists"
    assert told["Expected effect"] == "+3.0 points"
    assert told["From"] == "July 2024"
    effect = float(re.search(r"by \+([\d.]+) points", told["Result"])[1])
    assert 18 < effect < 22
    section = served.words(withdrawn(client, "Weekend lists"))
    assert "Registered on" in section
    assert "They offered first" in section
    assert section.index("could not be seen") < section.index("Changed more than the rest of England")
    assert "Registered after its first month was known" in section
    assert "p, among placebos" in section
    assert "No initiative is registered yet" in served.words(served.drawn(client, "/initiatives")["page"])


def test_an_untouched_trust_cannot_be_told_from_the_rest(client):
    assert registered(client, name="Nothing happened", trusts="rab, RAC").status_code == 303
    section = served.words(withdrawn(client, "Nothing happened"))
    assert "annot tell yet" in section
    assert "Changed more" not in section


def test_a_start_to_come_has_no_result_yet_and_was_registered_first(client):
    assert registered(client, name="Next year", starts="2025-03").status_code == 303
    section = served.words(withdrawn(client, "Next year"))
    assert "No month since its start, March 2025" in section
    assert "could not be seen" not in section
    assert "after its first month was known" not in section


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"trusts": ""}, "Name 1 to"),
        ({"trusts": "RZZ"}, "no provider with the code|a provider with the code RZZ"),
        ({"starts": "soon"}, "YYYY-MM"),
        ({"expected": "much"}, "as a number"),
        ({"measure": "total_cost"}, "not a measure"),
        ({"name": " "}, "name is empty|no character"),
    ],
)
def test_what_cannot_be_registered_is_answered_with_the_reason(client, changes, said):
    answer = registered(client, **changes)
    assert answer.status_code == 400
    assert re.search(said, answer.text)


def test_who_may_change_nothing_sees_the_register_and_no_form(engine, client, tmp_path):
    registered(client, name="Seen by all")
    looker = served.client_of(engine, tmp_path, today=date(2025, 2, 1), access="none")
    page = served.drawn(looker, "/initiatives")["page"]
    assert "Seen by all" in served.words(page)
    assert served.of_type(page, "Form") == []
    assert registered(looker).status_code == 403
    withdrawn(client, "Seen by all")


def test_what_was_registered_is_in_the_pack_with_the_same_verdict(client, engine):
    registered(client)
    page = served.cards(served.drawn(client, "/initiatives")["page"])["register"]
    shown = served.table_of(page)
    pack = contents_of(making.facts_of(engine, "?source=monthly&level=provider&org=RTD")).pages
    (own,) = [each for each in pack if each.name == "Initiatives"]
    assert [list(own.tables[0].columns), *map(list, own.tables[0].rows)] == shown
    other = contents_of(making.facts_of(engine, "?source=monthly&level=provider&org=RAB")).pages
    assert "Initiatives" not in [each.name for each in other]
    withdrawn(client, "Weekend lists")
