"""Single pathways go with time; what was counted stays, and whoever needs what is gone is told."""

from datetime import UTC, datetime

import pytest

from ingest.lake import entries, manifest
from ingest.lake.build import build
from ingest.lake.engines import engine
from ingest.lake.retention import prune
from ingest.lake.stores import open_store
from tests.ingest.lake import trusts

ALONE = engine("local", workers=1)


@pytest.fixture
def store(tmp_path):
    return open_store(str(tmp_path / "lake"))


def lists(store):
    return sorted(path.split("/")[2:4] for path in store.list("rows/pathway/"))


def test_the_rows_of_the_newest_lists_stay_and_all_facts(store, tmp_path):
    trusts.add_all(store, trusts.sent(tmp_path / "sent", 21, weeks=5))
    assert prune(store, keep=2) == 0, "nothing is built"
    build(store, ALONE)
    facts = {path: store.read(path) for path in store.list("facts/")}
    seen = {path: store.read(path) for path in store.list("census/")}
    assert prune(store, keep=2) > 0
    weeks = {provider: [census for census, other in lists(store) if other == provider]
             for _, provider in lists(store)}  # fmt: skip
    assert {len(days) for days in weeks.values()} == {2}
    assert max(weeks["provider_code=R0A"]) == f"census_date={trusts.FIRST + 4 * trusts.WEEK}"
    assert build(store, ALONE).tasks == 0
    assert {path: store.read(path) for path in store.list("facts/")} == facts
    assert {path: store.read(path) for path in store.list("census/")} == seen
    assert prune(store, keep=2) == 0


def test_a_revision_of_a_week_that_was_pruned_says_what_is_not_known(store, tmp_path):
    files = trusts.sent(tmp_path / "sent", 22, trusts=1, weeks=5)
    trusts.add_all(store, files)
    build(store, ALONE)
    prune(store, keep=2)
    week = trusts.FIRST + trusts.WEEK
    [old] = [each for each in files if (each.census, each.section, each.revision) == (week, "open", 0)]
    again = old.path.with_name(f"again-{old.path.name}")
    again.write_bytes(b"".join(old.path.read_bytes().splitlines(keepends=True)[:-2]))
    before = manifest.manifest_of(store, week + trusts.WEEK).of("R0A").facts
    trusts.add_all(store, [trusts.Sent("R0A", week, "open", 5, again, old.key)])
    found = build(store, ALONE)
    assert {(day, who) for day, who, _ in found.refusals} == {(week, "R0A"), (week + trusts.WEEK, "R0A")}
    revised = manifest.manifest_of(store, week).of("R0A")
    assert "The movement is not known" in revised.note
    assert not revised.refusal
    following = manifest.manifest_of(store, week + trusts.WEEK).of("R0A")
    assert "cannot be used" in following.note
    assert not following.refusal
    # It began at a list that is no longer in place; what was counted of the week itself stays.
    kept = tuple(part for part in before["open"] if part.table != "movement")
    assert following.facts == {**before, "open": kept}
    assert kept != before["open"]
    # It is said once; a build that finds nothing new has nothing to refuse.
    assert "is no longer there (rtt lake prune removes old rows)" in revised.note
    again = build(store, ALONE)
    assert (again.tasks, again.refusals, again.changed) == (0, (), ())


def test_the_rows_of_a_list_that_was_revised_go_first(store, tmp_path):
    files = trusts.sent(tmp_path / "sent", 5, weeks=3)
    assert any(each.revision for each in files)
    trusts.add_all(store, files)
    build(store, ALONE)
    revised = sum(each.revision > 0 for each in files)
    assert prune(store, keep=9) == revised
    assert len(lists(store)) == len(
        {(each.provider, each.census) for each in files if each.section == "open"}
    )


def test_refusals_that_no_list_can_settle_go_with_the_lists_of_their_time(store, tmp_path):
    trusts.add_all(store, trusts.sent(tmp_path / "sent", 5, trusts=1, weeks=3))
    for number, day in enumerate((1, 28)):
        at = datetime(2026, 9, day, tzinfo=UTC)
        entries.put_refusal(store, entries.Refusal(None, "", "", f"{number}" * 64, (f"on {day}",), at))
    prune(store, keep=2)
    assert [each.reasons for each in entries.refusals(store)] == [("on 28",)]


class Settled:
    """A store in which a better list comes between the listing of what was refused and its reading."""

    def __init__(self, store):
        self._store = store

    def list(self, prefix=""):
        found = list(self._store.list(prefix))
        self._store.remove(found[0])
        return found

    def read(self, path):
        return self._store.read(path)


def test_a_refusal_that_is_settled_meanwhile_is_no_refusal(store):
    for number in "12":
        at = datetime(2026, 9, 1, tzinfo=UTC)
        entries.put_refusal(store, entries.Refusal(None, "", "", number * 64, (number,), at))
    assert [each.reasons for each in entries.refusals(Settled(store))] == [("2",)]
