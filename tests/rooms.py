"""The rooms and the arrows between them, from the import graph: `python -m tests.rooms` writes the picture of
docs/architecture.md anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import grimp

from tests.servers import ROOT

DOCUMENT = ROOT / "docs" / "architecture.md"
PICTURE = re.compile(r"(?<=<!-- rooms -->\n).*?(?=<!-- /rooms -->)", re.DOTALL)
PACKAGES = ("rtt", "ingest", "dashboard")


@cache
def graph() -> grimp.ImportGraph:
    """Which module imports which; libraries left out."""
    return grimp.build_graph(*PACKAGES, cache_dir=None)


def room_of(module: str) -> str:
    """The room of a module: the first folder, or file, in its package."""
    return ".".join(module.split(".")[:2])


def arrows() -> set[tuple[str, str]]:
    """Which room imports which."""
    pairs = {
        (room_of(importer), room_of(imported))
        for importer in graph().modules
        for imported in graph().find_modules_directly_imported_by(importer)
    }
    return {(a, b) for a, b in pairs if a != b}


def needed() -> set[tuple[str, str]]:
    """The arrows that no longer way replaces: what a picture can hold. The rooms have no circle."""
    every = arrows()
    below: dict[str, set[str]] = {}
    for importer, imported in every:
        below.setdefault(importer, set()).add(imported)

    def reached(room: str) -> set[str]:
        found = set(below.get(room, ()))
        return found.union(*(reached(each) for each in found)) if found else found

    return {(a, b) for a, b in every if not any(b in reached(c) for c in below[a] - {b})}


def picture() -> str:
    """The rooms as a diagram of Mermaid, each package a box."""
    return "```mermaid\n" + "\n".join(_lines()) + "\n```\n"


def _lines() -> Iterator[str]:
    yield "flowchart TD"
    rooms = sorted({room_of(module) for module in graph().modules if "." in module})
    for package in reversed(PACKAGES):
        yield f"  subgraph {package}"
        yield from (
            f"    {room}[{room.partition('.')[2]}]" for room in rooms if room.startswith(f"{package}.")
        )
        yield "  end"
    yield from (f"  {a} --> {b}" for a, b in sorted(needed()))


if __name__ == "__main__":
    DOCUMENT.write_text(PICTURE.sub(lambda _: picture(), DOCUMENT.read_text()))
