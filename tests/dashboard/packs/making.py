"""Packs made from a database for tests: facts, contents, and what stands in the files."""

import io
import re
from datetime import date
from typing import Any

import docx
import openpyxl
from pptx import Presentation
from sqlalchemy import Engine

from dashboard.analysis import pack
from dashboard.analysis.pack import PackFacts
from dashboard.filters import from_query
from dashboard.packs.contents.pack import Contents, contents_of
from dashboard.scope.scope import resolve
from dashboard.store.cache import reading
from tests.dashboard import enquiries

TODAY = date(2026, 3, 2)


_NUMBER = re.compile(r"([+−]?)(\d[\d,]*(?:\.(\d+))?)(%| weeks| points)?")


def number_read(printed: str) -> tuple[float, float] | None:
    """A printed figure read as a person reads it, and how far it may be rounded; None for other words."""
    found = _NUMBER.fullmatch(printed)
    if found is None:
        return None
    sign, digits, decimals, unit = found.groups()
    part = 100 if unit == "%" else 1
    value = float(digits.replace(",", "")) * (-1 if sign == "−" else 1)
    return value / part, 0.5 * 10.0 ** -len(decimals or "") / part + 1e-9


def facts_of(engine: Engine, query: str = "") -> PackFacts:
    with reading(engine) as connection:
        scope = resolve(connection, from_query(query)[0], enquiries.by(today=TODAY))
        found = pack.load(connection, scope, whole=True)
    assert found is not None
    return found


def contents(engine: Engine, query: str = "", *, draft: tuple[str, ...] = ()) -> Contents:
    return contents_of(facts_of(engine, query), draft=draft)


def slides(content: bytes) -> list[Any]:
    return list(Presentation(io.BytesIO(content)).slides)


def slide_tables(content: bytes) -> list[list[list[str]]]:
    return [
        [[cell.text for cell in row.cells] for row in shape.table.rows]
        for slide in slides(content)
        for shape in slide.shapes
        if shape.has_table
    ]


def document(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


def document_tables(content: bytes) -> list[list[list[str]]]:
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in document(content).tables]


def workbook(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))
