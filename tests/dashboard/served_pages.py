"""Pages as a browser gets them: the answer of the one callback that draws, and what stands in it."""

import itertools
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Engine

from dashboard.application import create_app
from dashboard.settings.settings import Settings

OUTPUTS = (
    ("navigation", "children"),
    ("place", "children"),
    ("status-line", "children"),
    ("breadcrumb", "children"),
    ("filters", "children"),
    ("notices", "children"),
    ("page", "children"),
    ("document-title", "data"),
    ("drawn", "data"),
)
NUMBER = re.compile(r"\d(?:[\d,]*\d)?(?:\.\d+)?")


def client_of(engine: Engine, home, *, today=date(2026, 3, 4), access="single-user"):
    """A client of the application, which may see everything unless `access` says otherwise."""
    settings = Settings(home=home, access=access)
    return create_app(engine, settings, today=lambda: today).server.test_client()


def ask(client, path: str, query: str = ""):
    """The raw answer for an address."""
    body = {
        "output": f"..{'...'.join('.'.join(output) for output in OUTPUTS)}..",
        "outputs": [{"id": name, "property": item} for name, item in OUTPUTS],
        "inputs": [
            {"id": "address", "property": "pathname", "value": path},
            {"id": "address", "property": "search", "value": query},
            {"id": "data-version", "property": "data", "value": None},
        ],
        "changedPropIds": ["address.pathname"],
    }
    return client.post("/_dash-update-component", json=body)


def drawn(client, path: str, query: str = "") -> dict[str, Any]:
    """What each output of the callback holds, by its id."""
    answer = ask(client, path, query)
    assert answer.status_code == 200, answer.text[:500]
    response = answer.json["response"]
    assert "page" in response, response  # an error leaves the page as it was
    return {name: response[name][item] for name, item in OUTPUTS}


BREACHES_TABS = ("who", "expected", "since", "projection", "record")


def breaches(client, query: str = "") -> list[Any]:
    """The page of Breaches at each of its tabs; one that a scope does not have is left out."""
    pages = {}
    for tab in BREACHES_TABS:
        page = drawn(client, "/breaches", f"{query}{'&' if query else '?'}show={tab}")["page"]
        here = [link for link in of_type(page, "A") if link["props"].get("aria-current") == "page"]
        pages.setdefault(words(here[0]), page)
    return list(pages.values())


def parts(node: Any) -> Iterator[dict[str, Any]]:
    """Every component under and including this one."""
    if isinstance(node, list):
        for child in node:
            yield from parts(child)
    elif isinstance(node, dict) and "props" in node:
        yield node
        yield from parts(node["props"].get("children"))


def of_type(node: Any, kind: str) -> list[dict[str, Any]]:
    return [part for part in parts(node) if part["type"] == kind]


def words(node: Any) -> str:
    """The text of a component."""
    if isinstance(node, list):
        return "".join(words(child) for child in node)
    if isinstance(node, dict):
        return words(node["props"].get("children")) if "props" in node else ""
    return "" if node is None else str(node)


def cards(page: Any) -> dict[str, dict[str, Any]]:
    """The cards of a page by name."""
    return {
        part["props"]["data-card"]: part for part in of_type(page, "Section") if "data-card" in part["props"]
    }


def table_of(node: Any) -> list[list[str]]:
    """Heading and rows of the first table."""
    return [[words(cell) for cell in as_list(row)] for row in of_type(of_type(node, "Table")[0], "Tr")]


def whole_table_of(node: Any) -> list[list[str]]:
    """Heading and rows of the first table, those behind its fold too, a total last.

    The mark at the name of a row of few pathways is left out: files have the number itself.
    """
    tables = of_type(node, "Table")
    caption = words(of_type(tables[0], "Caption"))
    rows = [row for each in tables if words(of_type(each, "Caption")) == caption for row in table_of(each)]
    marks = {words(part) for part in parts(node) if part["props"].get("className") == "rtt-few"}
    for row, mark in itertools.product(rows, marks):
        row[0] = row[0].removesuffix(mark)
    body = [row for row in rows if row != rows[0]]
    return [rows[0], *sorted(body, key=lambda row: row[0].startswith("All "))]


def column_sum(node: Any, at: int) -> int:
    """The sum of a column of counts of the first table."""
    return sum(int(row[at].replace(",", "")) for row in table_of(node)[1:])


def as_list(node: dict[str, Any]) -> list[Any]:
    children = node["props"].get("children")
    return children if isinstance(children, list) else [children]


def tile_number(page: Any, name: str) -> str:
    """The number of the tile of this name."""
    for item in of_type(page, "Li"):
        heading = of_type(item, "H3")
        if heading and words(heading[0]) == name:
            return words(of_type(item, "P")[0])
    raise AssertionError(f"no tile {name!r}")


def numbers(text: str) -> set[str]:
    """The numbers in a text, as printed."""
    return set(NUMBER.findall(text))


_LISTS_OF_PLACES = (
    "SELECT pathway_counts.level, pathway_counts.organisation_code, pathway_counts.census_date, "
    "pathway_counts.treatment_function, pathway_counts.total FROM"
)


def each_time(statements):
    """The statements without the one that a page asks only where a provider was once absent: the lists of
    every place that had patients there, read once for all scopes and kept until the next load.
    """
    of_places = [each for each in statements if " ".join(each.split()).startswith(_LISTS_OF_PLACES)]
    assert len(of_places) <= 1, of_places
    return [each for each in statements if each not in of_places]
