"""Which month an extract is of, and which revision, as its Period and its file name say.

Names have been written in a dozen ways since 2016; a name that says nothing contradicts nothing.
"""

import calendar
import re
from collections.abc import Iterable
from datetime import date

from ingest.files.problems import refuse
from rtt.terms.calendar import month_end

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name[:3]: number for name, number in list(_MONTHS.items())} | {"sept": 9}
_MONTH = "(" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + ")"
_NAME_PATTERNS = (
    re.compile(r"(?<!\d)(?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?!\d)"),
    re.compile(rf"RTT-{_MONTH.replace('(', '(?P<m>', 1)}-(?P<y>20\d\d)", re.IGNORECASE),
    re.compile(rf"data-file-{_MONTH.replace('(', '(?P<m>', 1)}(?P<y>\d\d)(?!\d)", re.IGNORECASE),
    re.compile(rf"EXTRACTS?\W+{_MONTH.replace('(', '(?P<m>', 1)}-?(?P<y>\d\d)(?!\d)", re.IGNORECASE),
)


# RTT-November-2024 and RTT-NOVEMBER-2019, or the month alone beside its year. No other form is guessed at: in
# 2022-23-MARCH the month is of 2023, in 2022-MARCH nobody knows.
_PERIOD = re.compile(rf"(?:RTT[- ])?{_MONTH}[- ](20\d\d)", re.IGNORECASE)
_MONTH_ALONE = re.compile(_MONTH, re.IGNORECASE)
# As people write a month: Apr26, Apr-26, Apr. 26, April, 2026, Sept '25; with any dash.
_IN_WORDS = re.compile(rf"(?<![a-z]){_MONTH}[.,]?[\s_\-‐-―]*['’]?(20\d\d|\d\d)(?!\d)", re.IGNORECASE)
_YEAR = re.compile(r"(20\d\d)(?:\s*[-/]\s*(?:20)?(\d\d))?")
_PERIODS = "a month as RTT-March-2025, or MARCH beside a column Year of 2024-25 (financial) or 2025"


def month_end_of_period(file: str, period: str, year: str = "") -> date:
    """The last day of "RTT-March-2025", of "MARCH 2019", or of the old "June" beside a Year of 2016.

    A year such as "2016/17" is the financial year that begins in April. Raises `Refused` for any other form.
    """
    if match := _PERIOD.fullmatch(period.strip()):
        return month_end(date(int(match[2]), _MONTHS[match[1].lower()], 1))
    if match := _MONTH_ALONE.fullmatch(period.strip()):
        number = _MONTHS[match[1].lower()]
        return month_end(date(_year_of(file, year, number), number, 1))
    raise refuse(file, expected=_PERIODS, field="Period", value=period[:40])


def month_in_words(words: str) -> date | None:
    """The last day of the first month that a link or a sentence names with its year, such as Apr26."""
    match = _IN_WORDS.search(words)
    if match is None:
        return None
    year = int(match[2])
    return month_end(date(year + (2000 if year < 100 else 0), _MONTHS[match[1].lower()], 1))


def _year_of(file: str, year: str, month: int) -> int:
    match = _YEAR.fullmatch(year.strip())
    if match is None or (match[2] and (int(match[1]) + 1) % 100 != int(match[2])):
        raise refuse(file, expected="a year as 2016-17 or 2016", field="Year", value=year[:40] or "blank")
    is_financial = match[2] is not None
    return int(match[1]) + (is_financial and month < 4)


def check_name(file: str, names: Iterable[str], census_date: date) -> None:
    """Raise `Refused` if a file's name speaks of another month than its rows."""
    for name in names:
        for pattern in _NAME_PATTERNS:
            match = pattern.search(name)
            if match and _month_of(match) != census_date:
                raise refuse(
                    file,
                    expected=f"the month of its name, {_month_of(match):%B %Y}",
                    field="Period",
                    value=f"{census_date:%B %Y}",
                )


def _month_of(match: re.Match[str]) -> date:
    month, year = match["m"], int(match["y"])
    number = _MONTHS.get(month.lower()) or int(month)
    return month_end(date(year + (2000 if year < 100 else 0), number, 1))
