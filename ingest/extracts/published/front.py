"""What the lines above a published table say, in the layouts of 2009 until today.

Lines have a label, "Period: March 2025", in one cell or two; the oldest books have a title and a month alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ingest.extracts.published.sheets import Cell, Grid
from ingest.extracts.published.timeseries import month_end
from ingest.files.problems import refuse
from rtt.terms.parts import ADMITTED, INCOMPLETE, NEW_PERIODS, NON_ADMITTED

FRONT_ROWS = 20
"""The headings stand in row 14 today, in row 6 or 7 in 2009."""
FUNCTION = "treatment function code"

_LABELS = ("title", "summary", "period", "source", "basis", "published", "revised", "status", "contact")
# What the summary says of the table; the narrower words first.
_PARTS = (
    ("non-admitted", NON_ADMITTED),
    ("non admitted", NON_ADMITTED),
    ("new referral to treatment", NEW_PERIODS),
    ("new rtt", NEW_PERIODS),
    ("new monthly referral", NEW_PERIODS),
    ("admitted", ADMITTED),
    ("incomplete", INCOMPLETE),
)
_SUBJECT = re.compile(r"referral to treatment|rtt|18[ -]weeks?")
_ADJUSTED = re.compile(r"(?<!un)(?<!non-)(?<!non )adjusted")
_MONTH = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december) 20\d\d\b"
)


@dataclass(frozen=True, slots=True)
class Front:
    """What the lines above a table say: part, month, basis, and when it was published or last revised.

    `part` and `basis` are "" where nothing says them: then the codes of the table do.
    """

    part: str
    month: date
    basis: str
    is_revised: bool
    vintage: str
    is_adjusted: bool  # for pauses of the clock, which ended in 2015


def front_of(file: str, sheet: str, grid: Grid) -> Front:
    """The lines above the headings. Raises `Refused` without a month."""
    said, plain = _said(grid)
    summary = f"{said.get('title', '')} {said.get('summary', '')}".lower()
    if not _part_in(summary):
        summary = " ".join(plain).lower()
    revised = said.get("revised", "")
    is_revised = bool(re.search(r"\d{4}", revised))
    published = said.get("published", "")
    vintage = f"revised {revised}" if is_revised else f"published {published}" if published else "undated"
    return Front(
        _part_in(summary),
        _month(file, sheet, said, plain),
        said.get("basis", "").lower()[:12],
        is_revised,
        vintage,
        is_adjusted=bool(_ADJUSTED.search(f"{summary} {sheet.lower()}")),
    )


def heading_row(grid: Grid) -> int | None:
    """The index of the row of headings, in whichever row it stands; None where there is no table."""
    for index, row in enumerate(grid[:FRONT_ROWS]):
        if any(heading_of(cell) == FUNCTION for cell in row):
            return index
    return None


def speaks_of_waits(grid: Grid, head: int) -> bool:
    """Whether the lines above the headings speak of referral to treatment."""
    return bool(_SUBJECT.search(" ".join(text(cell) for row in grid[:head] for cell in row).lower()))


def heading_of(cell: Cell) -> str:
    """The words of a heading, which may stand in several lines."""
    return " ".join(text(cell).lower().split())


def text(cell: Cell) -> str:
    """A cell as it would be typed."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return f"{cell:%B %Y}" if isinstance(cell, date) else str(cell).strip()


def _said(grid: Grid) -> tuple[dict[str, str], list[str]]:
    """Label -> its words, and the lines that have no label."""
    said: dict[str, str] = {}
    plain: list[str] = []
    for words in _lines(grid):
        label, _, rest = words[0].partition(":")
        if label.strip().lower() in _LABELS:
            said.setdefault(label.strip().lower(), " ".join([rest.strip(), *words[1:]]).strip())
        else:
            plain.append(" ".join(words))
    return said, plain


def _lines(grid: Grid) -> Iterator[list[str]]:
    for row in grid[: heading_row(grid)]:
        if words := [text(cell) for cell in row if text(cell)]:
            yield words


def _part_in(words: str) -> str:
    return next((part for said, part in _PARTS if said in words), "")


def _month(file: str, sheet: str, said: dict[str, str], plain: list[str]) -> date:
    """That of "Period:", or the one month that the title names."""
    words = said.get("period", "")
    named = {found for line in [said.get("title", ""), *plain] for found in _MONTH.findall(line.lower())}
    if not words and len(named) == 1:
        words = named.pop()
    month = month_end(words)
    if month is None:
        raise refuse(
            file,
            field=f"Period on sheet {sheet}",
            value=words[:40],
            expected="a month such as December 2024",
        )
    return month
