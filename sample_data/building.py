"""Writes the whole sample: the region's monthly extracts, the tracked trust's weekly files, and the truth."""

import json
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path

from sample_data import monthly, places, season
from sample_data.blemishes import unknown_start
from sample_data.groups import MAPPING, WEEKS_AHEAD
from sample_data.pathways import ADMITTED, NON_ADMITTED, NULLIFIED, REMOVED, Simulation
from sample_data.simulation import simulate
from sample_data.tracking_list import TrackingList, Week


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


def build(folder: Path, *, until: date, seed: int = 20261, months: int = 36, weeks: int = 104) -> SampleFiles:
    """Write `months` monthly extracts and `weeks` weekly snapshots, the last on the last Sunday before
    `until`.

    Months are those whose extract would be published by `until`. Equal arguments write equal bytes.
    """
    ends = monthly.published_months(until, months)
    truth = region(until=until, seed=seed, months=months, weeks=weeks)
    for name in ("monthly", "weekly"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    extracts = [monthly.write(truth, end, folder / "monthly") for end in ends]
    last = season.week_of(truth.last_day)
    ahead = region(until=until, seed=seed, months=months, weeks=weeks, ahead=WEEKS_AHEAD)
    tracked = TrackingList(truth, ahead, trust=truth.trusts.index(places.TRACKED), seed=seed)
    snapshots = [tracked.write(week, folder / "weekly") for week in range(last - weeks + 1, last + 1)]
    mapping = folder / f"{places.TRACKED.code}-tracking-list.toml"
    mapping.write_text(MAPPING)
    told = folder / "truth.json"
    told.write_text(json.dumps(_told(truth, ends, snapshots, until, seed), indent=1) + "\n")
    return SampleFiles(
        monthly=tuple(extracts),
        open=tuple(snapshot.open for snapshot in snapshots),
        stops=tuple(snapshot.stops for snapshot in snapshots),
        starts=tuple(snapshot.starts for snapshot in snapshots),
        mapping=mapping,
        truth=told,
    )


def region(
    *, until: date, seed: int = 20261, months: int = 36, weeks: int = 104, ahead: int = 0
) -> Simulation:
    """The pathways that `build` writes files from, all four trusts; run on for `ahead` weeks."""
    oldest = monthly.published_months(until, months)[0].replace(day=1)
    spanned = season.week_of(season.day_number(until)) - season.week_of(season.day_number(oldest)) + 1
    settled = max(weeks, spanned) + ahead
    return simulate(until=until + timedelta(weeks=ahead), seed=seed, weeks=settled, trusts=places.TRUSTS)


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
