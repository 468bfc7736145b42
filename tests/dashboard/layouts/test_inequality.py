"""Inequality: against a naive second count of the file, standardised by hand, small numbers safe."""

import random
from collections import defaultdict
from datetime import date, timedelta

import pytest

from dashboard.application import create_app
from dashboard.settings.settings import Settings
from ingest.extracts import LoadOptions
from ingest.loading.load import load_path
from tests.dashboard import served_pages as served
from tests.dashboard import tracked
from tests.tracking_lists import CENSUS, KEY, as_csv, pathway

HEADINGS = {"deprivation": "IMD", "ethnicity": "Ethnic category", "sex": "Gender"}
MAPPING = '[columns]\ndeprivation = "IMD"\nethnicity = "Ethnic category"\nsex = "Gender"\n'
ETHNIC = {"A": "White", "C": "White", "H": "Asian", "N": "Black", "S": "Other ethnic groups", "Z": "", "": ""}
SEX = {"1": "Male", "2": "Female", "X": "", "": ""}
FIFTHS = ["Most deprived fifth", "Second", "Third", "Fourth", "Least deprived fifth"]


def people(number=900, seed=3):
    """Rows of a list: the most deprived are more often in the specialty where everybody waits long."""
    chance, made = random.Random(seed), []
    for _ in range(number):
        decile = chance.choice([*range(1, 11), 0])
        slow = chance.random() < (0.8 if 1 <= decile <= 2 else 0.3)
        days = chance.randrange(60, 500) if slow else chance.randrange(1, 200)
        made.append(
            {
                "deprivation": str(decile or ""),
                "ethnicity": chance.choice(list(ETHNIC)),
                "sex": chance.choice(list(SEX)),
                "birth_date": (CENSUS - timedelta(chance.randrange(300, 33000))).isoformat(),
                "treatment_function": "110" if slow else "120",
                "priority": chance.choice("12"),
                "clock_start": (CENSUS - timedelta(days)).isoformat(),
                "days": days,
            }
        )
    return made


def load(engine, folder, made):
    rows = [pathway(**{name: value for name, value in each.items() if name != "days"}) for each in made]
    file, mapping = folder / "open-20261115.csv", folder / "mapping.toml"
    file.write_bytes(as_csv(rows, headings=HEADINGS))
    mapping.write_text(MAPPING)
    today = date(2026, 11, 20)
    options = LoadOptions(token_key=KEY, mapping=mapping, today=today)
    for result in load_path(engine, file, options=options):
        assert result.state == "loaded", result.problems
    return lambda access: create_app(
        engine, Settings(home=folder, access=access), today=lambda: today
    ).server.test_client()


def rows_of(client, name, query=""):
    page = served.drawn(client, "/inequality", query)["page"]
    return {row[0]: row[1:] for row in served.table_of(served.cards(page)[name])[1:]}


def group_of(each, grouping):
    if grouping == "deprivation":
        return FIFTHS[(int(each["deprivation"]) - 1) // 2] if each["deprivation"] else "Not known"
    return {"ethnicity": ETHNIC, "sex": SEX}[grouping][each[grouping]] or "Not known"


@pytest.mark.parametrize("grouping", ["deprivation", "ethnicity", "sex"])
def test_the_table_is_a_naive_count_of_the_file_standardised_by_hand(sqlite_engine, tmp_path, grouping):
    made = people()
    shown = rows_of(load(sqlite_engine, tmp_path, made)("single-user"), f"by-{grouping}")
    listed, within, over = defaultdict(list), defaultdict(int), defaultdict(int)
    strata = defaultdict(list)
    for each in made:
        group = group_of(each, grouping)
        listed[group].append(each)
        within[group] += each["days"] <= 126
        over[group] += each["days"] > 364
        strata[each["treatment_function"], each["priority"]].append(each["days"] <= 126)
    assert set(shown) == set(listed)
    assert next(iter(shown)) == "Not known", "first"
    for group, members in listed.items():
        cells = shown[group]
        assert cells[0] == str(len(members))
        assert cells[1] == f"{100 * within[group] / len(members):.1f}%"
        rates = [
            sum(strata[e["treatment_function"], e["priority"]])
            / len(strata[e["treatment_function"], e["priority"]])
            for e in members
        ]
        expected = sum(rates) / len(rates)
        half = 1.959964 * sum(rate * (1 - rate) for rate in rates) ** 0.5 / len(rates)
        difference = within[group] / len(members) - expected
        numbers = [
            float(each.replace("−", "-"))
            for each in cells[3].replace("(", " ").replace(")", "").replace("to", " ").split()
        ]
        assert cells[2] == f"{100 * expected:.1f}%"
        for printed, right in zip(numbers, (difference, difference - half, difference + half), strict=True):
            assert abs(printed - 100 * right) <= 0.0501
        assert cells[4] == str(over[group])


def test_a_raw_gap_that_the_mix_explains_is_gone_once_standardised(sqlite_engine, tmp_path):
    cells = rows_of(load(sqlite_engine, tmp_path, people(3000))("single-user"), "by-deprivation")
    most, least = cells["Most deprived fifth"], cells["Least deprived fifth"]
    assert float(least[1].rstrip("%")) - float(most[1].rstrip("%")) > 15
    for low_to_high in (most[3], least[3]):
        low, high = (
            float(each.replace("−", "-").strip("()")) for each in low_to_high.partition(" ")[2].split(" to ")
        )
        assert low <= 0 <= high


def test_the_page_says_what_cannot_be_concluded_and_the_unknown_share(sqlite_engine, tmp_path):
    client = load(sqlite_engine, tmp_path, people())("single-user")
    words = served.words(served.drawn(client, "/inequality")["page"])
    assert "What cannot be concluded" in words
    assert "no league table" in words
    assert words.count("Group not known:") == 4


def test_age_is_a_band_and_the_birth_date_is_kept_nowhere(sqlite_engine, tmp_path):
    made = people()
    shown = rows_of(load(sqlite_engine, tmp_path, made)("single-user"), "by-age_band")
    assert {"0-17", "35-49", "85+"} <= set(shown)
    with sqlite_engine.connect() as connection:
        text = str(connection.exec_driver_sql("SELECT * FROM pathway").all())
    assert not any(
        each["birth_date"] in text.replace(each["clock_start"], "")
        for each in made
        if each["birth_date"] < "2005"
    )


def test_a_code_is_kept_as_its_group_alone_and_anything_else_not_at_all(sqlite_engine, tmp_path):
    rows = people(40)
    for each, code in zip(rows, ["CX", "h ", "R", "99", "Z", "LS1 4AP", "A"] * 6, strict=False):
        each["ethnicity"] = code
    load(sqlite_engine, tmp_path, rows)
    with sqlite_engine.connect() as connection:
        kept = {row[0] for row in connection.exec_driver_sql("SELECT DISTINCT ethnicity FROM pathway")}
        sexes = {row[0] for row in connection.exec_driver_sql("SELECT DISTINCT sex FROM pathway")}
    assert kept <= {"white", "asian", "other", ""}
    assert {"white", "asian", "other"} <= kept
    assert sexes <= {"male", "female", ""}


@pytest.mark.parametrize("number", [60, 150, 900])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_readers_without_access_get_no_small_number_nor_can_work_one_out(
    sqlite_engine, tmp_path, number, seed
):
    client = load(sqlite_engine, tmp_path, people(number, seed))("none")
    page = served.drawn(client, "/inequality")["page"]
    for name, card in served.cards(page).items():
        if not name.startswith("by-"):
            continue
        head, *rows = served.table_of(card)
        for column in (head.index("Waiting"), head.index("Over 52 weeks")):
            cells = [row[column] for row in rows]
            assert not set(cells) & set("1234567"), (name, cells)
            gone = [cell for cell in cells if not cell.replace(",", "").isdigit()]
            # One alone would be the whole less the others.
            assert len(gone) != 1 or column != head.index("Waiting"), (name, cells)
    answer = client.get("/card.csv?page=/inequality&card=by-ethnicity")
    assert answer.status_code == 200


def test_readers_without_access_see_whole_lists_alone(sqlite_engine, tmp_path):
    client = load(sqlite_engine, tmp_path, people())("none")
    page = served.drawn(client, "/inequality", "?tf=C_110")["page"]
    assert not any(name.startswith("by-") for name in served.cards(page))
    assert "could reveal small numbers" in served.words(page)


def test_the_return_has_no_groups(demo_template, tmp_path):
    from ingest.store.database import make_engine

    engine = make_engine(f"sqlite:///{demo_template}")
    page = served.drawn(served.client_of(engine, tmp_path), "/inequality", "?source=monthly")["page"]
    engine.dispose()
    assert "The monthly return says nothing of groups of patients" in served.words(page)


def shown_count(text):
    return int(text.replace(",", "")) if text.replace(",", "").isdigit() else None


def group_of_people(of, number, **said):
    """Pathways of an ethnic group, all of them within 18 weeks."""
    common = {"ethnicity": of, "clock_start": (CENSUS - timedelta(60)).isoformat()}
    return [common | said for _ in range(number)]


def test_a_service_lead_cannot_take_the_own_specialty_from_the_whole_list(sqlite_engine, tmp_path):
    """The whole less what a lead sees anyway is the rest of the list: no small number of it shows."""
    made = []
    for of, own, others in (("A", 300, 400), ("H", 40, 50), ("N", 9, 3), ("", 30, 40)):
        made += group_of_people(of, own, treatment_function="120") + group_of_people(of, others)
    load(sqlite_engine, tmp_path, made)
    client = tracked.served(sqlite_engine, tmp_path, access="proxy")
    found = {}
    for query in ("", "?tf=C_120"):
        answer = tracked.draw(client, "/inequality", query, tracked.as_role("lead"))
        card = served.cards(answer.json["response"]["page"]["children"])["by-ethnicity"]
        found[query] = {row[0]: shown_count(row[1]) for row in served.table_of(card)[1:]}
    assert found["?tf=C_120"] == {"White": 300, "Asian": 40, "Black": 9, "Not known": 30}, "the own specialty"
    assert found[""]["Black"] is None, "12 of all less 9 of the own"
    gone = [name for name, count in found[""].items() if count is None]
    assert len(gone) > 1, "the total less the others would tell it"
    assert found[""]["White"] == 700


def test_a_group_of_trusts_shows_what_each_of_its_trusts_shows(sqlite_engine, tmp_path):
    """The group less one trust is the other trust."""
    for provider, numbers in (("R9A", (300, 90, 2, 70)), ("R9B", (400, 80, 10, 60))):
        made = []
        for of, number in zip(("A", "H", "N", ""), numbers, strict=True):
            made += group_of_people(of, number, provider=provider, site=f"{provider}01", issuer=provider)
        folder = tmp_path / provider
        folder.mkdir()
        load(sqlite_engine, folder, made)
    client = tracked.served(sqlite_engine, tmp_path)
    form = {"kind": "trusts", "name": "Both", "members": "R9A, R9B"}
    assert client.post("/groups", data=form, headers=tracked.OURS).status_code == 303
    anybody = tracked.served(sqlite_engine, tmp_path, access="none")
    found = {}
    for query in ("?source=weekly&org=R9A", "?source=weekly&org=R9B", "?source=weekly&group=Both"):
        found[query] = {
            name: shown_count(row[0]) for name, row in rows_of(anybody, "by-ethnicity", query).items()
        }
    one, other, both = found.values()
    assert (one["Black"], other["Black"]) == (None, 10)
    assert both["White"] == 700
    assert both["Black"] is None
    assert all(both[name] is None for name in both if one[name] is None)
