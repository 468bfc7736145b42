"""Workbooks by provider or commissioner in the layouts that NHS England published, as the tests fill them.

Two real ones are at hand; the other layouts are made as `docs/operations.md` describes them.
"""

import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

Table = tuple[Sequence[str], Mapping[int, int], Sequence[Any]]  # identifiers, {band: pathways}, figures

FRONT = (
    ("Title:", "Referral to Treatment (RTT) Waiting Times"),
    ("Summary:", "Monthly Referral to Treatment (RTT) waiting times for incomplete pathways."),
    (),
    ("Period:", "March 2025"),
    ("Source:", "NHS England: monthly RTT data collection"),
    ("Basis:", "Provider"),
    ("Published:", "15th May 2025"),
    ("Revised:", "N/A"),
    ("Status:", "Published"),
    ("Contact:", "somebody@example.org"),
)
FUNCTION = ("Treatment Function Code", "Treatment Function")
PROVIDER = ("Region Code", "Provider Code", "Provider Name", *FUNCTION)
ICB = ("ICB Code", "ICB Name", *FUNCTION)
# 78 weeks stand before 65 in the published files.
INCOMPLETE = (
    "Total number of incomplete pathways", "Total within 18 weeks", "% within 18 weeks",
    "Average (median) waiting time (in weeks)", "92nd percentile waiting time (in weeks)",
    "Total 52 plus weeks", "Total 78 plus weeks", "Total 65 plus weeks", "% 52 plus weeks",
)  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """Where the headings stand (a row from 1), and at which week the last band begins."""

    head: int = 14
    last_band: int = 104

    @property
    def bands(self) -> list[str]:
        return [*(f">{week}-{week + 1}" for week in range(self.last_band)), f"{self.last_band} plus"]


TODAY, UNTIL_2021 = Layout(), Layout(last_band=52)


def front(**said: str) -> list[Sequence[str]]:
    """The lines above a table of today, with other words after some labels."""
    return [(words[0], said.get(words[0].rstrip(":").lower(), words[1])) if words else () for words in FRONT]


def save(
    path: Path,
    sheets: Mapping[str, Sequence[Table]],
    *,
    names: Sequence[str] | Mapping[str, Sequence[str]] = PROVIDER,
    headings: Sequence[str] = INCOMPLETE,
    front: Sequence[Sequence[Any]] = FRONT,
    layout: Layout = TODAY,
    others: Mapping[str, Sequence[Sequence[Any]]] | None = None,
) -> Path:
    """A workbook of tables, and `others` that are none; `names` of every sheet, or of each by its name."""
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            _write(sheet, 1, front)
            own = names[name] if isinstance(names, Mapping) else names
            if layout.head > len(front) + 2:
                _write(sheet, layout.head - 2, [["Provider Level Data"]])
            _write(sheet, layout.head - 1, [[*own, *layout.bands, *headings]])
            _write(sheet, layout.head, (_cells(row, layout) for row in rows))
        for name, lines in {"Notes": [["Figures are as submitted."]], **(others or {})}.items():
            _write(book.add_worksheet(name), 1, lines)
    return path


def _cells(row: Table, layout: Layout) -> list[Any]:
    identifiers, bands, figures = row
    return [*identifiers, *(bands.get(band, 0) for band in range(layout.last_band + 1)), *figures]


def _write(sheet: Any, first: int, lines: Iterable[Sequence[Any]]) -> None:
    for at, cells in enumerate(lines, start=first):
        sheet.write_row(at, 1, cells)


def as_xls(folder: Path, *paths: Path) -> list[Path]:
    """The same workbooks as Excel kept them until 2007, which LibreOffice writes."""
    profile = f"-env:UserInstallation=file://{folder}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "xls", "--outdir", folder, *paths],
        check=True,
        capture_output=True,
        timeout=240,
    )
    return [folder / f"{path.stem}.xls" for path in paths]
