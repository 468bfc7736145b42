"""Dates as systems write them: what a text means, which stand for none, which are Excel's numbers.

Works on the different texts of a column, of which there are few. Whether a date can lie in its column is not
asked.
"""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

import polars as pl

D = TypeVar("D", pl.Series, pl.Expr)
ISO = "%Y-%m-%d"
FIRST_YEAR = 1000  # of those written with four digits
# Each can be told from the others, but for the order of day and month, which is Britain's.
DATE_FORMATS = (
    ISO, "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y%m%d", "%Y/%m/%d", "%d/%m/%y",
    "%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%d %b %y", "%d/%b/%Y", "%d%b%Y", "%d%b%y",
    "%d-%B-%Y", "%d %B %Y", "%b %d %Y",
)  # fmt: skip
# What a column may be written in that is not read unless a mapping says so, with the words for it.
UNUSUAL_FORMATS = {
    "%m/%d/%Y": "month/day/year",
    "%m-%d-%Y": "month-day-year",
    "%m.%d.%Y": "month.day.year",
    "%m/%d/%y": "month/day/year",
    "%m-%d-%y": "month-day-year",
    "%d-%m-%y": "day-month-year",
    "%d.%m.%y": "day.month.year",
    "%y-%m-%d": "year-month-day",
    "%y/%m/%d": "year/month/day",
    "%Y-%d-%m": "year-day-month",
    "%d%m%Y": "day, month and year without marks",
    "%m%d%Y": "month, day and year without marks",
    "%y%m%d": "year, month and day without marks",
    "%b %d, %Y": "month day, year",
    "%B %d, %Y": "month day, year",
    "%A, %d %B %Y": "weekday, day month year",
    "%a %d %b %Y": "weekday day month year",
    **dict.fromkeys(DATE_FORMATS, "another of the usual formats"),
}
_TIME = r"(?:[T ]+\d{1,2}[:.]\d\d.*|:\d\d:\d\d:\d\d.*)$"
_MACHINE_WORDS = (
    "NULL", "(NULL)", "<NULL>", "[NULL]", r"\N", "NONE", "NAN", "NAT", "#N/A", "NIL", ".",
)  # fmt: skip
# What people write for a day that they do not have.
_WORDS_OF_PEOPLE = (
    "N/A", "NA", "N.A.", "N/K", "NK", "TBC", "TBA", "TBD", "T.B.C.", "T.B.A.", "UNKNOWN", "NOT KNOWN",
    "NOT APPLICABLE", "NOT AVAILABLE", "NO DATE", "BLANK", "(BLANK)", "(NONE)", "X", "XX", "XXX",
)  # fmt: skip
# Eight or four nines, question marks, a column too narrow for its date: nothing but one sign.
_ONE_SIGN = r"^(?:99/99/9{2,4}|99-99-9{2,4}|99\.99\.9{2,4}|9{4}-99-99|9{4}|9{6}|9{8}|\?+|#+|\*+)$"
# The end of time with a time or zone that needs no blank or T before it.
_END_OF_TIME = r"^9999[-/.]?12[-/.]?31(?:\D.*|\d{4,6})?$"
# Excel's day 0 as it prints it.
_DAY_ZERO = r"^(?:0{1,2}[-/.]0?1|0?1[-/.]0{1,2})[-/.]1900$"
# Nothing but zeros and marks: 00/00/0000, 0000-00-00 00:00:00, "/  /", "--".
_NOTHING = r"^[\s0/.:\-–—_TZ]*$"
# Two digits of 9999 and of 1900 or 1: as Oracle prints them by default.
_SHORT_NONE = r"^(?:31[-/ .](?:DEC|12)[-/ .]99|0?1[-/ .](?:JAN|0?1)[-/ .]0[01])$"
_MONTH_FIRST = ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y")
_YEARS_OF_NONE = (1, 2999, 3999, 4712, 8888, 9998, 9999)
# The first day that a system can count, or the last.
_DAYS_OF_NONE = (
    date(1582, 10, 14), date(1582, 10, 15), date(1601, 1, 1), date(1752, 9, 14), date(1753, 1, 1),
    date(1840, 12, 31),
    date(1858, 11, 17), date(1899, 12, 29), date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1),
    date(1900, 1, 2), date(1901, 1, 1), date(2038, 1, 19), date(2079, 6, 6),
)  # fmt: skip
# The same, but days on which people are born.
_DAYS_OF_NONE_UNLESS_BORN = (date(1904, 1, 1), date(1960, 1, 1), date(1970, 1, 1), date(1980, 1, 1))
_NEVER = (2049, 1900)  # the last day of a year from the one on, or of one up to the other, is no appointment
_FIRST_SERIAL = date(1899, 12, 30)  # Excel's day 0, its wrong leap day of 1900 allowed for


def without_time(texts: pl.Series) -> pl.Series:
    return texts.str.strip_chars().str.replace(_TIME, "").str.strip_chars()


def dates_of(texts: pl.Series, formats: Sequence[str]) -> pl.Series:
    """What each text means: ISO, the first of `formats` that fits, or an Excel number; null otherwise."""
    bare = without_time(texts)
    days = _read(bare, ISO)
    for format_ in dict.fromkeys(formats):
        # Most columns are written in one format: the others, three dozen of them, are not tried for nothing.
        if days.null_count() == bare.null_count():
            break
        days = pl.select(pl.coalesce(days, _read(bare, format_))).to_series()
    return pl.select(pl.coalesce(days, _serials(bare))).to_series().alias(texts.name)


def in_the_century(days: pl.Series, texts: pl.Series, born_by: date) -> pl.Series:
    """Birth dates of which a year of two digits is read as one still to come are of the century before."""
    short = without_time(texts).str.contains(r"\D\d\d$")
    before = days.dt.offset_by("-100y")
    return pl.select(pl.when(short & (days > born_by)).then(before).otherwise(days)).to_series()


def fits(texts: pl.Series, format_: str) -> pl.Series:
    return _read(without_time(texts), format_)


def are_serials(texts: pl.Series) -> pl.Series:
    """Which texts are Excel's day numbers: 46341, or 46341.5 with a time."""
    return texts.str.strip_chars().str.contains(r"^\d{5}(?:\.\d+)?$").fill_null(False)


def are_none(texts: pl.Series, formats: Sequence[str], *, words: Sequence[str], born: bool) -> pl.Series:
    """Which texts stand for no date: what systems write, and a mapping's `words`. `born`: a birth date."""
    bare = without_time(texts)
    capitals = texts.str.strip_chars().str.to_uppercase()
    known = [*_MACHINE_WORDS, *_WORDS_OF_PEOPLE, *(word.strip().upper() for word in words)]
    said = capitals.is_in(known) | bare.str.contains(_NOTHING) | bare.str.contains(_ONE_SIGN)
    said |= capitals.str.contains(_END_OF_TIME) | bare.str.contains(_DAY_ZERO)
    if not born:
        said |= bare.str.to_uppercase().str.contains(_SHORT_NONE)
    said |= capitals.is_in(["2958465", "2958465.0", "1", "-1"])  # Excel's last day, and its first
    # Whatever the order of day and month that a mapping gives, and where neither fits, the American one.
    days = dates_of(texts, (*formats, *DATE_FORMATS, *_MONTH_FIRST))
    return (said | are_never(days, born=born)).fill_null(False).alias(texts.name)


def are_never(days: D, *, born: bool) -> D:
    """Which days stand for none: the ends of time, and the first or last that a system can count."""
    edges = [*_DAYS_OF_NONE, *(() if born else _DAYS_OF_NONE_UNLESS_BORN)]
    year, month, day = days.dt.year(), days.dt.month(), days.dt.day()
    at_an_end = ((month == 12) & (day == 31)) | ((month == 1) & (day == 1))
    far = (year >= _NEVER[0]) | (year <= _NEVER[1])
    return days.is_in(edges) | year.is_in(_YEARS_OF_NONE) | (at_an_end & far)


def _read(bare: pl.Series, format_: str) -> pl.Series:
    days = bare.str.to_date(format_, strict=False)
    # Asked for a year of four digits, the parser takes 26 for the year 26.
    whole = (days.dt.year() >= FIRST_YEAR) | bare.str.contains(r"(?:^|\D)0\d{3}(?:\D|$)")
    return pl.select(pl.when(whole).then(days)).to_series()


def _serials(bare: pl.Series) -> pl.Series:
    numbers = bare.str.extract(r"^(\d{5})(?:\.\d+)?$").cast(pl.Int32, strict=False)
    # Both count days: a date is the number of days since 1970.
    return (numbers - (date(1970, 1, 1) - _FIRST_SERIAL).days).cast(pl.Date)
