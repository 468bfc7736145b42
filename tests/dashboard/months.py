"""Months of one small trust in a database of their own, and what a reader finds on a page drawn from them.

A month is stated as {treatment function: (list bands, admitted stops, non-admitted stops, starts)}.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from dashboard.filters import from_query
from dashboard.pages import BY_PATH
from dashboard.scope.scope import Scope, resolve
from dashboard.store.cache import reading
from ingest.extracts import LoadOptions
from ingest.loading.load import load_path
from ingest.store.database import make_engine, migrate
from rtt.terms.calendar import add_months
from tests import makers
from tests.dashboard import enquiries

Month = Mapping[str, tuple[Mapping[int, int], int, int, int]]
TRUST = "RTD"


def months_from(first: date, count: int) -> list[date]:
    return [add_months(first, ahead) for ahead in range(count)]


def database(folder: Path, months: Mapping[date, Month]) -> Engine:
    """An engine on a new database that holds these months."""
    return load_months(folder, {census: _facts(month) for census, month in months.items()})


def load_months(folder: Path, months: Mapping[date, makers.Facts]) -> Engine:
    """An engine on a new database that holds months of these facts, in the bands of their times."""
    engine = make_engine(f"sqlite:///{folder / 'rtt.db'}")
    migrate(engine)
    for census, facts in months.items():
        path = folder / makers.file_name(census)
        open_band = 52 if census < date(2021, 4, 1) else 104
        path.write_bytes(makers.as_csv(makers.table(facts, census=census, open_band=open_band)).encode())
        (result,) = load_path(engine, path, options=LoadOptions(), report=lambda *_: None)
        assert result.state == "loaded", result
    return engine


def _facts(month: Month) -> dict[makers.Key, Any]:
    facts: dict[makers.Key, Any] = {}
    for function, (bands, admitted, non_admitted, starts) in month.items():
        for part, value in (("2", bands), ("1A", {5: admitted}), ("1B", {5: non_admitted}), ("3", starts)):
            facts[TRUST, "00R", part, function] = value
    return facts


def drawn(engine: Engine, address: str) -> tuple[Scope, Any, Any]:
    """The choice, what the page loaded, and its components."""
    path, _, query = address.partition("?")
    page = BY_PATH[path]
    with reading(engine) as connection:
        scope = resolve(connection, from_query(query)[0], enquiries.by())
        found = page.load(connection, scope)
    return scope, found, page.draw(scope, found)


def prop(component: Any, name: str) -> Any:
    """A property of a component, whether it is an object or, as the cells of tables are, plain JSON."""
    if isinstance(component, dict):
        return component.get("props", {}).get(name)
    return getattr(component, name, None)


def kind(component: Any) -> str:
    """The name of a component: Table, Graph, Form."""
    return component.get("type", "") if isinstance(component, dict) else type(component).__name__


def parts_of(component: Any) -> Iterator[Any]:
    """Every component under and including this one; text as it is."""
    if isinstance(component, list | tuple):
        for each in component:
            yield from parts_of(each)
    elif component is not None:
        yield component
        yield from parts_of(prop(component, "children"))


def text_of(component: Any) -> str:
    """The text of a component, piece by piece."""
    return " ".join(str(each) for each in parts_of(component) if isinstance(each, str | int | float))


def looks(component: Any) -> list[str]:
    """The classes of all marks of variation, such as "rtt-mark--square"."""
    classes = (str(prop(each, "className") or "") for each in parts_of(component))
    return [name for each in classes for name in each.split() if name.startswith("rtt-mark--")]


def table_rows(component: Any, caption: str) -> list[list[str]]:
    """The body of the table with this caption, as text."""
    tables = [each for each in parts_of(component) if kind(each) == "Table"]
    table = next(each for each in tables if text_of(prop(each, "children")[0]) == caption)
    body = next(each for each in prop(table, "children") if kind(each) == "Tbody")
    return [[text_of(cell) for cell in prop(row, "children")] for row in prop(body, "children")]


def graph(component: Any) -> dict[str, Any]:
    """The figure of the page's first chart."""
    return prop(next(each for each in parts_of(component) if kind(each) == "Graph"), "figure")
