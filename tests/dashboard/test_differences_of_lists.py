"""What a reader without access can subtract: a group of trusts less its other trusts, a whole list less what
a service lead sees anyway. No difference of two shown figures may be a small number.
"""

import random
from datetime import timedelta

import pytest

from ingest.extracts import LoadOptions
from ingest.loading.load import load_path
from tests.dashboard import served_pages as served
from tests.dashboard import tracked
from tests.tracking_lists import CENSUS, KEY, as_csv, pathway

BEFORE = CENSUS - timedelta(7)
PAGES = (
    ("/quality", ""),
    ("/inequality", ""),
    *(("/breaches", f"show={tab}") for tab in served.BREACHES_TABS),
    ("/", ""),
    ("/list", ""),
    ("/trends", ""),
)


def people(seed, number, provider):
    """Rows of one trust at two censuses: some leave, some join, and of some something is odd."""
    chance = random.Random(seed)
    for _ in range(number):
        waited, decided = chance.randrange(20, 420), chance.random() < 0.5
        yield (
            chance.choice([(BEFORE,), (CENSUS,), *[(BEFORE, CENSUS)] * 20]),
            {
                "provider": provider,
                "issuer": provider,
                "site": f"{provider}0{chance.choice('112')}",
                "treatment_function": chance.choice(["120", "100", "130"]),
                "list_type": "IRTT" if decided else "ORTT",
                "decision_to_admit": (CENSUS - timedelta(10)).isoformat() if decided else "",
                "clock_start": "" if chance.random() < 0.02 else (CENSUS - timedelta(waited)).isoformat(),
                "tci_date": (CENSUS + timedelta(chance.randrange(-4, 40))).isoformat()
                if chance.random() < 0.3
                else "",
                "priority": chance.choice(["1", "2", "3", ""]),
                "sex": chance.choice(["1", "2", "2", "1", "X", ""]),
            },
        )


def load(engine, folder, trusts):
    """A list of each (trust, size, seed) at both censuses."""
    made = [each for provider, number, seed in trusts for each in people(seed, number, provider)]
    named = [(days, pathway(**said)) for days, said in made]
    mapping = folder / "mapping.toml"
    mapping.write_text('[columns]\nsex = "Gender"\n')
    options = LoadOptions(token_key=KEY, mapping=mapping, today=CENSUS + timedelta(1))
    for census in (BEFORE, CENSUS):
        for provider, _, _ in trusts:
            rows = [
                {**row, "week_ending": census.isoformat()}
                for days, row in named
                if census in days and row["provider"] == provider
            ]
            file = folder / f"open-{provider}-{census:%Y%m%d}.csv"
            file.write_bytes(as_csv(rows, headings={"sex": "Gender"}))
            for result in load_path(engine, file, options=options):
                assert result.state == "loaded", result.problems


def counts_of(client, query, headers=None):
    """Every whole number in a cell of a table of the pages, by where it stands; None for what is hidden."""
    found = {}
    for path, more in PAGES:
        answer = tracked.draw(client, path, f"?source=weekly&{query}&{more}", headers)
        page = answer.json["response"]["page"]["children"]
        for table in served.of_type(page, "Table"):
            rows = served.table_of(table)
            for row in rows[1:]:
                for head, cell in zip(rows[0][1:], row[1:], strict=False):
                    text = cell.replace(",", "").lstrip("+−")
                    # A change is a difference of two counts that are shown themselves.
                    if text.isdigit() and not head.startswith("Since "):
                        # The first table of a page is of the scope, later ones may be of its parts.
                        found.setdefault((path, more, row[0], head), int(text))
    return found


def small_differences(whole, part, hidden_where):
    """Places where whole less part is 1 to 7, and the reader does not see that rest itself."""
    return {
        place: (count, part[place])
        for place, count in whole.items()
        if place in part and place not in hidden_where and 1 <= count - part[place] <= 7
    }


@pytest.mark.parametrize("seed", range(3))
def test_a_group_less_its_other_trusts_is_no_small_number(seed, sqlite_engine, tmp_path):
    load(sqlite_engine, tmp_path, (("R9A", 120, seed), ("R9B", 900, seed + 50)))
    writer = tracked.served(sqlite_engine, tmp_path)
    form = {"kind": "trusts", "name": "Both", "members": "R9A, R9B"}
    assert writer.post("/groups", data=form, headers=tracked.OURS).status_code == 303
    anybody = tracked.served(sqlite_engine, tmp_path, access="none")
    one, other, both = (counts_of(anybody, each) for each in ("org=R9A", "org=R9B", "group=Both"))
    assert len(both) > 20
    assert not small_differences(both, other, one)


@pytest.mark.parametrize("seed", range(3, 6))
def test_the_whole_less_the_own_specialty_is_no_small_number(seed, sqlite_engine, tmp_path):
    load(sqlite_engine, tmp_path, (("R9A", 350, seed),))
    client = tracked.served(sqlite_engine, tmp_path, access="proxy")
    lead = tracked.as_role("lead")
    whole, own = (counts_of(client, each, lead) for each in ("", "tf=C_120"))
    assert len(own) > 20
    assert not small_differences(whole, own, {})


def test_the_checks_of_a_group_are_those_of_all_its_lists(sqlite_engine, tmp_path):
    load(sqlite_engine, tmp_path, (("R9A", 120, 1), ("R9B", 400, 2)))
    client = tracked.served(sqlite_engine, tmp_path)
    form = {"kind": "trusts", "name": "Both", "members": "R9A, R9B"}
    assert client.post("/groups", data=form, headers=tracked.OURS).status_code == 303
    one, other, both = (counts_of(client, each) for each in ("org=R9A", "org=R9B", "group=Both"))
    found = [place for place in both if place[0] == "/quality" and place[3] == "Found"]
    assert len(found) > 8
    assert {place: both[place] for place in found} == {place: one[place] + other[place] for place in found}
