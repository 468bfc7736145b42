"""Draws pages as a browser does, without one: the address in, the callback's answer out, as JSON."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


def draw(client: Any, path: str, search: str = "", **headers: str) -> dict[str, Any]:
    """The outputs of the drawing callback: {"page": ..., "filters": ..., "notices": ...}."""
    dependencies = client.get("/_dash-dependencies", headers=headers).get_json()
    output = next(each["output"] for each in dependencies if "page.children" in each["output"])
    parts = [part.rsplit(".", 1) for part in output.strip(".").split("...")]
    answer = client.post(
        "/_dash-update-component",
        json={
            "output": output,
            "outputs": [{"id": name, "property": what} for name, what in parts],
            "inputs": [
                {"id": "address", "property": "pathname", "value": path},
                {"id": "address", "property": "search", "value": search},
                {"id": "data-version", "property": "data", "value": None},
            ],
            "changedPropIds": ["address.search"],
        },
        headers=headers,
    )
    assert answer.status_code == 200, answer.text[:500]
    drawn = answer.get_json()["response"]
    return {name: drawn[name].get("children", drawn[name].get("data")) for name in drawn}


def elements(component: Any, kind: str = "") -> Iterator[dict[str, Any]]:
    """Every component below this one, itself included; those of one type such as "Td"."""
    if isinstance(component, list):
        for each in component:
            yield from elements(each, kind)
    elif isinstance(component, dict) and "props" in component:
        if kind in ("", component["type"]):
            yield component
        yield from elements(component["props"].get("children"), kind)


def words(component: Any) -> str:
    """The text of a component, in reading order."""
    if isinstance(component, list):
        return " ".join(filter(None, map(words, component)))
    if isinstance(component, dict):
        return words(component["props"].get("children"))
    return "" if component is None else str(component)


def table(component: Any, name: str) -> list[list[str]]:
    """The rows of the first table below the heading `name`, head first."""
    section = next(
        each
        for each in elements(component, "Section")
        if any(name in words(heading) for heading in elements(each, "H2"))
    )
    found = next(elements(section, "Table"))
    return [
        [words(cell) for cell in row["props"]["children"] if cell["type"] in ("Th", "Td")]
        for row in elements(found, "Tr")
    ]


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """The SQL statements sent while inside."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)
