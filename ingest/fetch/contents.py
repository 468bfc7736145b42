"""Whether a download is what its link says: the right kind of file, whole, and of the right month.

It is looked at before it is loaded, so that a refusal can name the link, what it led one to expect and what
was found. The rest of the checks are those of every load.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from ingest.extracts.monthly.format import recognises as is_extract
from ingest.extracts.monthly.layout import layout_of
from ingest.extracts.monthly.period import month_end_of_period
from ingest.extracts.published.timeseries import recognises as is_time_series
from ingest.fetch.publisher import NotFetched
from ingest.files.archives import HEAD_BYTES, Content, encoding_of, unpack
from ingest.files.problems import Refused

_PACKED = b"PK\x03\x04"


def extract_inside(path: Path, month: date) -> Content:
    """The one csv of a zip, if it is the full extract of `month`. Raises `NotFetched`."""
    expected = f"the zip of the full extract of {month:%B %Y}"
    data = path.read_bytes()
    if not data.startswith(_PACKED):
        raise _other(expected, "a web page" if _is_page(data) else "a file that is no zip")
    content = _unpacked(path, data, expected)
    if content.is_workbook or not content.name.lower().endswith(".csv"):
        raise _other(expected, f"a zip without a csv ({content.name})")
    if not is_extract(content):
        raise _other(expected, f"a csv with other headings ({content.name})")
    if (found := _first_month(content, expected)) != month:
        raise _other(expected, f"that of {found:%B %Y}")
    return content


def series_inside(path: Path) -> Content:
    """The workbook of the overview time series. Raises `NotFetched`."""
    expected, data = "the workbook of the overview time series", path.read_bytes()
    if _is_page(data):
        raise _other(expected, "a web page")
    content = _unpacked(path, data, expected)
    try:
        known = is_time_series(content)
    except Refused as refusal:
        raise _other(expected, _reason(refusal)) from None
    if not known:
        raise _other(expected, "a file without its headings")
    return content


def _unpacked(path: Path, data: bytes, expected: str) -> Content:
    try:
        return unpack(path.name, data)
    except Refused as refusal:
        raise _other(expected, _reason(refusal)) from None


def _first_month(content: Content, expected: str) -> date:
    """The month of the first row; that all the others are of it is checked when it is loaded."""
    start = content.data[:HEAD_BYTES]
    lines = start.decode(encoding_of(start), errors="replace").lstrip("\ufeff").splitlines()
    try:
        layout = layout_of(content.file_name, lines)
        for cells in csv.reader(lines[layout.heading_row :], delimiter=layout.separator):
            if len(cells) != len(layout.columns):
                break
            row = dict(zip(layout.columns, cells, strict=True))
            return month_end_of_period(content.file_name, row["period"], row.get("year", ""))
    except Refused as refusal:
        raise _other(expected, _reason(refusal)) from None
    raise _other(expected, "a csv without a row")


def _is_page(data: bytes) -> bool:
    return data[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _reason(refusal: Refused) -> str:
    """The first reason without the name of the file, which the link is told with."""
    first = refusal.problems[0]
    return f"this: {str(first).removeprefix(f'{first.file}: ')}"


def _other(expected: str, found: str) -> NotFetched:
    return NotFetched(f"Expected {expected}, found {found}{'' if found.endswith('.') else '.'}")
