"""Where the columns of a monthly extract stand, found by their headings, whatever their order and age.

The bands are discovered, not assumed: 104 and an open one since April 2021, 52 and an open one before.
Nothing here reads the rows below.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.files.problems import Refused, refuse, refuse_whole, refused_whole
from rtt.terms.waits import BAND_COLUMNS
from rtt.terms.wording import plural

OPEN_BANDS = (52, 104)  # to March 2021; since April 2021
_FRONT_MATTER_LINES = 30  # two in extracts up to 2017; copies have more

# Our word for a column -> the headings it has had, normalised, newest first.
_HEADINGS = {
    "period": ("period", "period name"),
    "year": ("year",),
    "provider_parent": ("provider parent org code",),
    "provider_parent_name": ("provider parent name",),
    "provider": ("provider org code",),
    "provider_name": ("provider org name",),
    "commissioner_parent": ("commissioner parent org code",),
    "commissioner_parent_name": ("commissioner parent name",),
    "commissioner": ("commissioner org code",),
    "commissioner_name": ("commissioner org name",),
    "part": ("rtt part type", "rtt part name"),
    "treatment_function": ("treatment function code",),
    "treatment_function_name": ("treatment function name",),
    "total": ("total",),
    "unknown_clock_start": ("patients with unknown clock start date",),
    "total_all": ("total all",),
}
COUNTS = ("total", "unknown_clock_start", "total_all")
IDENTIFIERS = (
    *(word for word in _HEADINGS if word.startswith(("provider", "commissioner"))),
    "treatment_function",
)
# Names and parents change under one code and are blank in some months, so codes alone are needed. Extracts up
# to 2017 are about without a Total All: it is added up.
_OPTIONAL = {"year", "total_all", *(word for word in _HEADINGS if word.endswith(("_name", "_parent")))}


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one file: `columns[i]` is our word for its i-th cell, or "" for one not wanted."""

    columns: tuple[str, ...]
    headings: dict[str, str]  # our word -> the heading as the file has it, for messages
    heading_row: int  # counted from 1
    separator: str
    open_band: int
    is_old: bool  # with front matter, from before October 2017

    @property
    def bands(self) -> tuple[str, ...]:
        return BAND_COLUMNS[: self.open_band + 1]

    @property
    def counts(self) -> tuple[str, ...]:
        return (*self.bands, *(name for name in COUNTS if name in self.columns))


def is_heading(cells: Sequence[str]) -> bool:
    """Whether a line of cells is the heading of a monthly extract, old or new, whole or not."""
    names = {normalised(cell) for cell in cells}
    return "provider org code" in names and bool(names & {*_HEADINGS["part"], "rtt part description"})


def layout_of(file: str, lines: Sequence[str]) -> Layout:
    """The layout of a file from its first lines. Raises `Refused` naming the headings that are missing."""
    for row, line in enumerate(lines[:_FRONT_MATTER_LINES], start=1):
        for separator in ",;\t|":
            cells = next(csv.reader([line], delimiter=separator), [])
            if is_heading(cells):
                return _layout(file, cells, row, separator)
    raise refuse_whole(
        file, f"None of its first {_FRONT_MATTER_LINES} lines holds the headings of a monthly extract."
    )


def check_headings(file: str, cells: Sequence[str]) -> None:
    """Raise `Refused` if the headings of a file in another form, such as a workbook, are not a whole set."""
    _layout(file, cells, 1, ",")


def normalised(heading: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", heading.lower()))


def _layout(file: str, cells: Sequence[str], row: int, separator: str) -> Layout:
    names = [normalised(cell) for cell in cells]
    _refuse_repeated(file, cells, names, row)
    wanted = {heading: word for word, headings in _HEADINGS.items() for heading in headings}
    if "treatment function code" not in names and "treatment function description" in names:
        # July 2016 alone: the code stands under "Name", the name under "Description".
        wanted["treatment function name"] = "treatment_function"
        wanted["treatment function description"] = "treatment_function_name"
    columns = [wanted.get(name) or _band(name) for name in names]
    # Both headings that a column has had, side by side: which of them to count would be a guess.
    _refuse_repeated(file, cells, columns, row)
    # A file that lacks its open band is one of today's, cut short: only the old heading says otherwise.
    open_band = 52 if any(re.fullmatch(r"gt 52 weeks(?: sum 1)?", name) for name in names) else 104
    _refuse_missing(file, columns, open_band, row)
    is_old = "period name" in names
    own = {word: " ".join(cell.split()) for word, cell in zip(columns, cells, strict=True) if word}
    return Layout(tuple(columns), own, row, separator, open_band, is_old)


def _band(name: str) -> str:
    if match := re.fullmatch(r"gt (\d+) to (\d+) weeks(?: sum 1)?", name):
        first, last = int(match[1]), int(match[2])
        return BAND_COLUMNS[first] if last == first + 1 and last < len(BAND_COLUMNS) else ""
    if (match := re.fullmatch(r"gt (\d+) weeks(?: sum 1)?", name)) and int(match[1]) in OPEN_BANDS:
        return BAND_COLUMNS[int(match[1])]
    return ""


def _refuse_repeated(file: str, cells: Sequence[str], names: Sequence[str], row: int) -> None:
    for cell, name in zip(cells, names, strict=True):
        if name and names.count(name) > 1:
            raise refuse(file, expected="each heading once", value=cell, row=row)


def _refuse_missing(file: str, columns: Sequence[str], open_band: int, row: int) -> None:
    missing = [_HEADINGS[word][0] for word in _HEADINGS if word not in _OPTIONAL and word not in columns]
    bands = [band for band in BAND_COLUMNS[: open_band + 1] if band not in columns]
    said = []
    if bands:
        count = plural(len(bands), "weekly band")
        said.append(f"{count} missing ({_span(bands)}) of 0 to {open_band} weeks and over")
    if missing:
        said.append(f"these headings of the return are missing: {', '.join(missing)}")
    if said:
        whole = "This monthly extract is not whole: {}. Load the csv as published, or its zip."
        raise Refused([refused_whole(file, whole.format(what), row=row, field="heading") for what in said])


def _span(bands: Sequence[str]) -> str:
    weeks = [int(band[1:]) for band in bands]
    if len(weeks) > 1 and weeks[-1] - weeks[0] == len(weeks) - 1:
        return f"weeks {weeks[0]} to {weeks[-1]}"
    return "week " + ", ".join(map(str, weeks[:10]))
