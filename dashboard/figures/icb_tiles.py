"""Where the square of each ICB stands on a tile map, by the census: a dated table, and a rule for the rest.

Two arrangements are known: the 42 ICBs from July 2022 to March 2026 (the systems before them had nearly the
same codes), and the 36 since twelve closed and six opened on 1 April 2026 (Organisation Data Service, June
2026). An ICB that an arrangement does not have, one of a later merger or of made-up data, stands in rows of
its own below it, by name: no ICB is left out, and no place is invented for it.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from rtt.terms.organisation_names import short_label

WIDTH = 7
LONGEST = 8


@dataclass(frozen=True, slots=True)
class Tile:
    """The square of an ICB: its place counted from the upper left, and a name that fits in it."""

    code: str
    column: int
    row: int
    name: str


def tiles(names: Mapping[str, str], on: date) -> list[Tile]:
    """A tile for each ICB of a census, by code and full name; from north to south."""
    known = _arrangement(on)
    placed = [known[code] for code in names if code in known]
    first = 1 + max((tile.row for tile in placed), default=-1)
    rest = sorted((name, code) for code, name in names.items() if code not in known)
    # A gap tells a row of its own from the map.
    first += bool(placed and rest)
    placed += [
        Tile(code, at % WIDTH, first + at // WIDTH, _short(name)) for at, (name, code) in enumerate(rest)
    ]
    return sorted(placed, key=lambda tile: (tile.row, tile.column))


def _short(name: str) -> str:
    short = short_label(name)
    return short if len(short) <= LONGEST else f"{short[: LONGEST - 1].rstrip()}…"


def _arrangement(on: date) -> Mapping[str, Tile]:
    """The newest arrangement that began by a day."""
    return _arrangements()[max(start for start in _arrangements() if start <= on)]


@cache
def _arrangements() -> dict[date, dict[str, Tile]]:
    text = resources.files("dashboard").joinpath("figures", "icb_tiles.csv").read_text(encoding="utf-8")
    found: dict[date, dict[str, Tile]] = {}
    for row in csv.DictReader(text.splitlines()):
        start = date.fromisoformat(row["valid_from"] or "0001-01-01")
        tile = Tile(row["icb_code"], int(row["column"]), int(row["row"]), row["short_name"])
        found.setdefault(start, {})[tile.code] = tile
    return found
