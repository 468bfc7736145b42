"""One trust's three weekly files: its open pathways, the week's clock stops and the week's clock starts.

Written from the same pathways as the monthly extracts, with the planted faults of `sample_data.blemishes`.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sample_data import blemishes, places, season, wlmds
from sample_data.blemishes import Planted
from sample_data.contacts import columns, contacts
from sample_data.csv_files import in_order, write_csv
from sample_data.groups import DEPRIVATION, groups
from sample_data.pathways import ADMITTED, NON_ADMITTED, NULLIFIED, Bookings, Simulation
from sample_data.registrations import persons, registrations

Ints = NDArray[np.int64]
# The data set has no column of deprivation; trusts add one of their own at the end.
OPEN, STOPS, STARTS = "open-pathways", "clock-stops", "clock-starts"
OPEN_COLUMNS = (*wlmds.OPEN_PATHWAYS, DEPRIVATION)


@dataclass(frozen=True, slots=True)
class Week:
    census: int
    open: Path
    stops: Path
    starts: Path
    planted: Planted


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists of a trust that end with one Sunday: text columns, and dates where no row slipped."""

    code: str
    census: int
    open: pl.DataFrame
    stops: pl.DataFrame
    starts: pl.DataFrame
    planted: Planted

    def name(self, section: str) -> str:
        """What the csv of a section is called."""
        return f"{self.code}-{season.as_date(self.census):%Y%m%d}-{section}.csv"


class TrackingList:
    """The weekly files of the trust numbered `trust` in the simulation.

    `ahead` is the same simulation, run on for `sample_data.groups.WEEKS_AHEAD` weeks.
    """

    def __init__(self, truth: Simulation, ahead: Simulation, *, trust: int, seed: int) -> None:
        self.truth = truth
        self.mine = truth.referrals.trust == trust
        self.code = truth.trusts[trust].code
        numbers = np.flatnonzero(self.mine)
        of_groups = _groups_of(ahead, trust, seed=seed).head(len(numbers))
        self.registered = pl.concat([registrations(truth, numbers, seed=seed), of_groups], how="horizontal")
        self.place = np.cumsum(self.mine) - 1
        keep = self.mine[truth.bookings.pathway]
        b = truth.bookings
        self.bookings = Bookings(
            *(column[keep] for column in (b.pathway, b.kind, b.made, b.due, b.closed, b.outcome))
        )

    def lists(self, week: int) -> Lists:
        """The week's three lists, each in the data set's order of columns."""
        open_list, planted = self.open_list(week)
        return Lists(
            self.code,
            season.sunday(week),
            open=in_order(open_list, OPEN_COLUMNS),
            stops=in_order(self.clock_stops(week), wlmds.CLOCK_STOPS),
            starts=in_order(self.clock_starts(week), wlmds.CLOCK_STARTS),
            planted=planted,
        )

    def open_list(self, week: int) -> tuple[pl.DataFrame, Planted]:
        """The open pathways on the week's Sunday, faults included, and the faults' numbers."""
        census = season.sunday(week)
        waiting = np.flatnonzero(self.truth.open_on(census) & self.mine)
        rows, stale = self._rows(waiting, census)
        rows = self._validated(rows, census)
        left = self._still_listed(week, census)
        extra = [rows.gather_every(97).head(blemishes.duplicates(week)), left, *_outside_rtt(rows)]
        slid = _slid(rows.gather_every(211).head(blemishes.shifted(week)))
        texts = pl.concat([rows, *extra], how="diagonal")
        if len(slid):
            texts = pl.concat([in_order(texts, OPEN_COLUMNS).cast(pl.String), slid], how="diagonal")
        planted = Planted(
            missing_clock_start=rows["REFERRAL_TO_TREATMENT_PERIOD_START_DATE"].null_count(),
            duplicate=len(extra[0]),
            not_rtt=len(extra[2]),
            planned=len(extra[3]),
            already_stopped=len(left),
            shifted=len(slid),
            status_99=int((rows["REFERRAL_TO_TREATMENT_PERIOD_STATUS"] == "99").sum()),
            tci_in_past=int(stale.sum()),
            not_english=int((self.truth.referrals.commissioner[waiting] == places.NON_ENGLISH).sum()),
        )
        return texts, planted

    def clock_stops(self, week: int) -> pl.DataFrame:
        """Pathways reported as stopped from Monday to Sunday, and the nullified, which no return counts."""
        census = season.sunday(week)
        ended = [self._ended(week, kind) for kind in (ADMITTED, NON_ADMITTED, NULLIFIED)]
        rows, _ = self._rows(np.concatenate(ended), census)
        kind = np.repeat(["ADMITTED", "NON-ADMITTED", ""], [len(numbers) for numbers in ended])
        days = self.truth.stop[np.concatenate(ended)]
        return rows.with_columns(
            REFERRAL_TO_TREATMENT_PERIOD_END_DATE=pl.Series(days).cast(pl.Date),
            Completed_Type=pl.Series(kind),
            TCI_Date=pl.when(pl.Series(kind == "ADMITTED")).then(pl.Series(days).cast(pl.Date)),
            ADMISSION_METHOD_CODE_HOSPITAL_PROVIDER_SPELL=pl.Series(np.where(kind == "ADMITTED", "12", "")),
            Outpatient_Future_Appointment_Date=pl.lit(None, pl.Date),
        )

    def clock_starts(self, week: int) -> pl.DataFrame:
        """Clocks that started from Monday to Sunday, but for those whose start nobody recorded."""
        first, census = season.monday(week), season.sunday(week)
        started = self.truth.started(first, census) & self.mine & ~blemishes.unknown_start(self.truth)
        return self._headed(np.flatnonzero(started), census).with_columns(
            REFERRAL_TO_TREATMENT_PERIOD_STATUS=pl.lit("10")
        )

    def _rows(self, numbers: Ints, census: int) -> tuple[pl.DataFrame, NDArray[np.bool_]]:
        seen = contacts(self.truth, self.bookings, numbers, census)
        rows = self._headed(numbers, census).with_columns(**columns(self.truth, seen, numbers, census))
        return rows, seen.stale

    def _headed(self, numbers: Ints, census: int) -> pl.DataFrame:
        created = f"{season.as_date(census + 1):%Y-%m-%d}T06:30:00"
        return self.registered[self.place[numbers]].with_columns(
            DATE_AND_TIME_DATA_SET_CREATED=pl.lit(created),
            Week_Ending_Date=pl.lit(season.as_date(census)),
        )

    def _ended(self, week: int, kind: int) -> Ints:
        ended = self.truth.ended(season.monday(week), season.sunday(week), kind)
        return np.flatnonzero(ended & self.mine)

    def _still_listed(self, week: int, census: int) -> pl.DataFrame:
        """A few pathways that stopped this week, left on the list with the status that stopped them."""
        stopped = self._ended(week, NON_ADMITTED)[: blemishes.already_stopped(week)]
        return self._rows(stopped, census)[0]

    def _validated(self, rows: pl.DataFrame, census: int) -> pl.DataFrame:
        """Most long waiters were validated in the last twelve weeks; the note names the patient."""
        waited = pl.lit(season.as_date(census)) - pl.col("REFERRAL_REQUEST_RECEIVED_DATE")
        last = pl.lit(season.as_date(census)) - pl.duration(days=waited.dt.total_days() % 84)
        validated = (waited.dt.total_days() >= 84) & (pl.col("CONSULTANT_CODE").str.tail(1) != "3")
        note = pl.concat_str(pl.lit("Rang "), "PATIENT_NAME", pl.lit(", happy to wait"))
        return rows.with_columns(
            Last_PAS_Validation_Date=pl.when(validated).then(last),
            Last_PAS_Validation_Performed_By=pl.when(validated).then(pl.lit("Validation team")),
            Last_PAS_Validation_Comments=pl.when(validated).then(note),
        )


def write(lists: Lists, folder: Path) -> Week:
    """The three lists as csv files."""
    paths = {name: folder / lists.name(name) for name in (OPEN, STOPS, STARTS)}
    for name, rows in ((OPEN, lists.open), (STOPS, lists.stops), (STARTS, lists.starts)):
        write_csv(rows, paths[name])
    return Week(
        lists.census, open=paths[OPEN], stops=paths[STOPS], starts=paths[STARTS], planted=lists.planted
    )


def _groups_of(ahead: Simulation, trust: int, *, seed: int) -> pl.DataFrame:
    numbers = np.flatnonzero(ahead.referrals.trust == trust)
    return groups(ahead, numbers, persons(len(numbers)), seed=seed)


def _outside_rtt(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows a trust keeps on the same list that are no RTT pathways: other lists, and planned admissions."""
    count = sum(n for _, n in blemishes.NOT_RTT)
    lists = [name for name, n in blemishes.NOT_RTT for _ in range(n)]
    other = rows.gather_every(13).head(count)
    other = _renamed(other, "NR").with_columns(Waiting_List_Type=pl.Series(lists).head(len(other)))
    planned = _renamed(rows.gather_every(17).head(blemishes.PLANNED), "PL").with_columns(
        Waiting_List_Type=pl.lit("IRTT"),
        ADMISSION_METHOD_CODE_HOSPITAL_PROVIDER_SPELL=pl.lit("13"),
    )
    return other, planned


def _renamed(rows: pl.DataFrame, prefix: str) -> pl.DataFrame:
    identifier = pl.col("PATIENT_PATHWAY_IDENTIFIER").str.slice(2)
    return rows.with_columns(PATIENT_PATHWAY_IDENTIFIER=pl.concat_str(pl.lit(prefix), identifier))


def _slid(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows as text, every cell of the data set one column to the right of where it belongs."""
    texts = in_order(rows, wlmds.OPEN_PATHWAYS).cast(pl.String)
    moved = dict(zip(texts.columns, [texts.columns[-1], *texts.columns[:-1]], strict=True))
    return texts.select(pl.col(source).alias(target) for target, source in moved.items())
