"""A file of a day that cannot be true today is refused, by the rule of `rtt.terms.possible_dates`."""

from datetime import date

from ingest.files.problems import refuse_whole
from rtt.terms.possible_dates import EARLIEST, census_fault

_OR_ELSE = (
    "Check the year, the order of day and month, and the file's name. A PTL may be loaded on the day before "
    "its census, not earlier."
)
_TOO_EARLY = "Check the year and the order of day and month."


def refuse_impossible(
    file: str, day: date, today: date | None, *, field: str | None = None, row: int | None = None
) -> None:
    """Raise `Refused` for a census that cannot be true `today`; None: only how early it is, is judged."""
    fault = census_fault(day, day if today is None else today)
    if fault is not None:
        what = _TOO_EARLY if day < EARLIEST else _OR_ELSE
        raise refuse_whole(file, f"The census date {fault}. {what}", field=field, row=row)
