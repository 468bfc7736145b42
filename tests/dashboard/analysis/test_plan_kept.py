"""What a saved plan keeps: read as it was written, by this version or an earlier one."""

import json
from datetime import date

from dashboard.analysis.plan_kept import Kept, read, written

KEPT = Kept(
    census=date(2025, 3, 31),
    target=62.8,
    due=date(2026, 3, 31),
    dials="5% more clock stops a week",
    more_stops=52.5,
    needed=None,
    needed_percent=None,
    chance=0.45,
    days=(date(2025, 4, 30), date(2026, 3, 31)),
    as_now=dict.fromkeys(("share", "list", "over_52"), (60.5, 61.5)),
    scenario=dict.fromkeys(("share", "list", "over_52"), (None, 62.7)),
    sprint_stops=210.0,
)


def test_what_is_read_is_what_was_written():
    assert read(json.loads(json.dumps(written(KEPT)))) == KEPT
    assert KEPT.value("share", date(2026, 3, 31)) == 62.7
    assert KEPT.value("share", date(2027, 3, 31)) is None


def test_answers_kept_by_another_version_are_still_read():
    """An answer that was kept before sprints were told made the whole page fail."""
    values = written(KEPT)
    del values["sprint_stops"]
    assert read(values | {"told by a later version": 1}).sprint_stops == 0
