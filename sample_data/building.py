"""Writes the whole sample: the region's monthly extracts, the tracked trust's weekly files, and the truth."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import polars as pl

from sample_data import monthly, places, season
from sample_data.blemishes import unknown_start
from sample_data.groups import MAPPING, WEEKS_AHEAD
from sample_data.pathways import ADMITTED, NON_ADMITTED, NULLIFIED, REMOVED, Simulation
from sample_data.simulation import SEED, simulate_and_run_on
from sample_data.tracking_list import OPEN, STARTS, STOPS, Lists, TrackingList, Week, write


@dataclass(frozen=True, slots=True)
class SampleFiles:
    """Where the files of one sample lie, oldest first. `mapping` names the columns of groups of
    patients; `truth` tells what was planted, as JSON."""

    monthly: tuple[Path, ...]
    open: tuple[Path, ...]
    stops: tuple[Path, ...]
    starts: tuple[Path, ...]
    mapping: Path
    truth: Path


class Sample:
    """A region of which nothing is written yet: its months, and the weeks of its tracked trust, oldest first.

    Months are those whose extract would be published by `until`; the last week ends on the last Sunday before
    it.
    """

    def __init__(self, *, until: date, seed: int = SEED, months: int = 36, weeks: int = 104) -> None:
        self.month_ends = monthly.published_months(until, months)
        self.truth, ahead = region_and_ahead(until=until, seed=seed, months=months, weeks=weeks)
        last = season.week_of(self.truth.last_day)
        self.weeks = range(last - weeks + 1, last + 1)
        trust = self.truth.trusts.index(places.TRACKED)
        self._tracked = TrackingList(self.truth, ahead, trust=trust, seed=seed)

    def months(self, folder: Path) -> list[Path]:
        """The monthly extracts, written into the folder."""
        return [monthly.write(self.truth, end, folder) for end in self.month_ends]

    def ends(self) -> list[date]:
        """The Sunday of each week."""
        return [season.as_date(season.sunday(week)) for week in self.weeks]

    def lists(self, week: int) -> list[tuple[str, pl.DataFrame]]:
        """The tracked trust's starts, stops and open pathways of a week, each with the name of its file."""
        lists = self.of_week(week)
        rows = (lists.starts, lists.stops, lists.open)
        return [(lists.name(name), each) for name, each in zip((STARTS, STOPS, OPEN), rows, strict=True)]

    def of_week(self, week: int) -> Lists:
        """The same with what was planted in them."""
        return self._tracked.lists(week)

    def mapping(self, folder: Path) -> Path:
        """What explains the columns of the lists, written into the folder."""
        file = folder / f"{places.TRACKED.code}-tracking-list.toml"
        file.write_text(MAPPING)
        return file


def build(folder: Path, *, until: date, seed: int = SEED, months: int = 36, weeks: int = 104) -> SampleFiles:
    """Write a `Sample` of `months` monthly extracts and `weeks` weekly snapshots.

    Equal arguments write equal bytes.
    """
    sample = Sample(until=until, seed=seed, months=months, weeks=weeks)
    for name in ("monthly", "weekly"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    extracts = sample.months(folder / "monthly")
    snapshots = [write(sample.of_week(week), folder / "weekly") for week in sample.weeks]
    told = folder / "truth.json"
    about = _told(sample.truth, sample.month_ends, snapshots, until, seed)
    told.write_text(json.dumps(about, indent=1) + "\n")
    return SampleFiles(
        monthly=tuple(extracts),
        open=tuple(snapshot.open for snapshot in snapshots),
        stops=tuple(snapshot.stops for snapshot in snapshots),
        starts=tuple(snapshot.starts for snapshot in snapshots),
        mapping=sample.mapping(folder),
        truth=told,
    )


def region(*, until: date, seed: int = SEED, months: int = 36, weeks: int = 104) -> Simulation:
    """The pathways that `build` writes files from, all four trusts."""
    return region_and_ahead(until=until, seed=seed, months=months, weeks=weeks)[0]


def region_and_ahead(*, until: date, seed: int, months: int, weeks: int) -> tuple[Simulation, Simulation]:
    """`region`, and the same run on for the weeks after which everybody's group is known."""
    oldest = monthly.published_months(until, months)[0].replace(day=1)
    spanned = season.week_of(season.day_number(until)) - season.week_of(season.day_number(oldest)) + 1
    settled = max(weeks, spanned)
    return simulate_and_run_on(until=until, seed=seed, weeks=settled, trusts=places.TRUSTS, ahead=WEEKS_AHEAD)


def _told(
    truth: Simulation, ends: list[date], weeks: list[Week], until: date, seed: int
) -> dict[str, object]:
    return {
        "seed": seed,
        "until": until.isoformat(),
        "tracked_trust": places.TRACKED.code,
        "blank_for_zero": places.BLANK_FOR_ZERO,
        "not_submitted": [
            {"month": end.isoformat(), "provider": trust.code}
            for end in ends
            for trust in truth.trusts
            if not places.submits(trust, year=end.year, month=end.month)
        ],
        "weeks": {season.as_date(week.census).isoformat(): _week(truth, week) for week in weeks},
    }


def _week(truth: Simulation, week: Week) -> dict[str, object]:
    """The week's true counts for the tracked trust. Only `started` leaves unknown starts out."""
    mine = truth.referrals.trust == truth.trusts.index(places.TRACKED)
    first, last = week.census - 6, week.census
    kinds = {"admitted": ADMITTED, "non_admitted": NON_ADMITTED, "nullified": NULLIFIED, "removed": REMOVED}
    return {
        "open": int((truth.open_on(last) & mine).sum()),
        "with_decision_to_admit": int((truth.decided_on(last) & mine).sum()),
        "started": int((truth.started(first, last) & mine & ~unknown_start(truth)).sum()),
        **{name: int((truth.ended(first, last, kind) & mine).sum()) for name, kind in kinds.items()},
        "planted": asdict(week.planted),
    }
