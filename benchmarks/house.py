"""The size of the house: `python -m benchmarks.house [CHECKOUT ...]` prints a row for each measure.

A room is a folder of a package, and each module that stands beside the folders. Product lines are lines of
Python that are not blank, in `app.py`, `rtt`, `ingest` and `dashboard`. Duplicates are pairs of places with
six equal lines or more, imports and lone brackets left out.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median

PACKAGES = ("rtt", "ingest", "dashboard")
SHARED = 6
Sources = dict[Path, str]


def sources(checkout: Path) -> Sources:
    """The text of every module of the product."""
    found = [checkout / "app.py", *(path for name in PACKAGES for path in (checkout / name).rglob("*.py"))]
    return {path.relative_to(checkout): path.read_text() for path in sorted(found)}


def lines_of(text: str) -> list[str]:
    """Lines that are not blank."""
    return [line for line in text.splitlines() if line.strip()]


def room_of(module: tuple[str, ...]) -> tuple[str, ...]:
    """The first folder of a module in its package; a module beside the folders is a room of its own."""
    return module[:2]


def arrows(texts: Sources) -> set[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Which room imports which."""
    modules = {path.with_suffix("").parts: text for path, text in texts.items()}
    names = {name[:-1] if name[-1] == "__init__" else name for name in modules}
    found = set()
    for name, text in modules.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in PACKAGES:
                for alias in node.names:
                    whole = (*node.module.split("."), alias.name)
                    target = whole if whole in names else tuple(node.module.split("."))
                    found.add((room_of(name), room_of(target)))
    return {(a, b) for a, b in found if a != b}


def functions(texts: Sources) -> list[int]:
    """Lines of each function."""
    nodes = (node for text in texts.values() for node in ast.walk(ast.parse(text)))
    return [
        (node.end_lineno or node.lineno) - node.lineno + 1
        for node in nodes
        if isinstance(node, ast.FunctionDef)
    ]


def duplicates(texts: Sources) -> int:
    """Pairs of places with the same six lines or more; a longer stretch counts once."""
    seen: dict[tuple[str, ...], list[tuple[Path, int]]] = defaultdict(list)
    for path, text in texts.items():
        plain = [line.strip() for line in lines_of(text)]
        plain = [line for line in plain if re.search(r"\w", line) and not re.match(r"from |import ", line)]
        for at in range(len(plain) - SHARED + 1):
            seen[tuple(plain[at : at + SHARED])].append((path, at))
    starts = {
        (a, b)
        for places in seen.values()
        for position, a in enumerate(places)
        for b in places[position + 1 :]
    }
    return sum(((a[0], a[1] - 1), (b[0], b[1] - 1)) not in starts for a, b in starts)


MEASURES: dict[str, Callable[[Sources], object]] = {
    "files": len,
    "product lines": lambda texts: sum(len(lines_of(text)) for text in texts.values()),
    "rooms": lambda texts: len({room for pair in arrows(texts) for room in pair}),
    "arrows between rooms": lambda texts: len(arrows(texts)),
    "lines of the median file": lambda texts: median(len(lines_of(text)) for text in texts.values()),
    "lines of the largest file": lambda texts: max(len(lines_of(text)) for text in texts.values()),
    "most files in one folder": lambda texts: max(
        sum(other.parent == path.parent for other in texts) for path in texts
    ),
    "lines of the median function": lambda texts: median(functions(texts)),
    "duplicates of six lines": duplicates,
    "type: ignore and noqa": lambda texts: sum(
        len(re.findall(r"# (?:type: ignore|noqa)", text)) for text in texts.values()
    ),
}


def main(*checkouts: str) -> None:
    """A row for each measure, a column for each checkout."""
    found = [sources(Path(checkout)) for checkout in checkouts]
    print(f"{'':30}", *(f"{Path(each).resolve().name:>14}" for each in checkouts))
    for name, measure in MEASURES.items():
        print(f"{name:30}", *(f"{measure(texts):>14,}" for texts in found))


if __name__ == "__main__":
    main(*(sys.argv[1:] or ["."]))
