"""The facts of a known list are those of this recipe: whoever changes what a task gives raises RECIPE.

A lake keeps facts by what they were made from and by the recipe: without a new one it would go on showing
those of the old functions.
"""

from datetime import timedelta

from ingest.lake import manifest
from ingest.lake.build import build
from ingest.lake.derive import rows_of
from ingest.lake.engines import engine
from ingest.lake.layout import digest
from ingest.lake.stores import open_store
from ingest.lake.tasks import RECIPE
from tests.ingest.lake import trusts
from tests.tracking_lists import as_csv, pathway, stop

OF_RECIPE = {1: "b668c4542cf797a1b2200e09e571e8e6b73ed85cf4f6feb3dc61efc4d079ed65"}


def test_facts_are_those_of_the_recipe(tmp_path):
    store = open_store(str(tmp_path / "lake"))
    files = [_sent(tmp_path, week, section) for week in (0, 1) for section in ("open", "stops")[: week + 1]]
    assert set(trusts.add_all(store, files)) == {"loaded"}
    build(store, engine("local", workers=1))
    told = []
    for day in manifest.censuses(store):
        for part in manifest.manifest_of(store, day).of("R9A").facts["open"]:
            told.append(f"{day} {part.table}\n{rows_of(store, part).write_csv()}")
    assert sum(line.count("\n") for line in told) > 60
    assert {RECIPE: digest("".join(told).encode())} == OF_RECIPE, "other facts: raise RECIPE in tasks.py"


def _sent(folder, week, section):
    """People who join, move, are booked, leave and are treated between two weeks."""
    census = trusts.FIRST + week * trusts.WEEK
    numbers = range(3, 5) if section == "stops" else [each for each in range(40) if not week or each % 8 != 3]
    rows = [_row(number, week, census, section) for number in numbers]
    path = folder / f"{section}-{census:%Y%m%d}.csv"
    path.write_bytes(as_csv(rows))
    return trusts.Sent("R9A", census, section, 0, path, b"the key of the recipe")


def _row(number, week, census, section):
    said = {
        "pathway_id": f"P{number}",
        "week_ending": str(census),
        "clock_start": str(trusts.FIRST - timedelta(19 * number)),
        "treatment_function": ("100", "110", "X02")[number % 3],
        "priority": "123"[number % 3],
        "site": f"R9A0{1 + (number + week * (number == 7)) % 2}",
        "commissioner": "7A4" if number == 5 else "00X",
        "decision_to_admit": str(trusts.FIRST - timedelta(1)) if number % 4 == 1 else "",
        "tci_date": str(trusts.FIRST + timedelta(3 * number)) if number % 8 == 1 else "",
        "next_appointment": str(trusts.FIRST + timedelta(2 * number)) if number % 5 == 2 else "",
    }
    if section == "open":
        return pathway(**said)
    return stop(**said, clock_stop=str(census - timedelta(number)), rtt_status=("30", "34")[number % 2])
