"""Small workbooks by provider or commissioner in the layout NHS England publishes: invented figures."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

BANDS = [*(f">{week}-{week + 1}" for week in range(104)), "104 plus"]
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
PROVIDER = ("Region Code", "Provider Code", "Provider Name", "Treatment Function Code", "Treatment Function")
# 78 weeks stand before 65 in the published files.
INCOMPLETE = (
    "Total number of incomplete pathways", "Total within 18 weeks", "% within 18 weeks",
    "Average (median) waiting time (in weeks)", "92nd percentile waiting time (in weeks)",
    "Total 52 plus weeks", "Total 78 plus weeks", "Total 65 plus weeks", "% 52 plus weeks",
)  # fmt: skip


def save(
    path: Path,
    sheets: Mapping[str, Sequence[tuple[Sequence[str], Mapping[int, int], Sequence[Any]]]],
    *,
    names: Sequence[str] = PROVIDER,
    headings: Sequence[str] = INCOMPLETE,
    front: Sequence[Sequence[str]] = FRONT,
) -> Path:
    """A workbook of sheets, each of rows (identifiers, {band: pathways}, figures); headings in row 14."""
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, words in enumerate(front, start=1):
                sheet.write_row(at, 1, words)
            sheet.write_row(12, 1, ["Provider Level Data"])
            sheet.write_row(13, 1, [*names, *BANDS, *headings])
            for at, (identifiers, bands, figures) in enumerate(rows, start=14):
                counts = [bands.get(band, 0) for band in range(105)]
                sheet.write_row(at, 1, [*identifiers, *counts, *figures])
        book.add_worksheet("Notes").write(1, 1, "Figures are as submitted.")
    return path
