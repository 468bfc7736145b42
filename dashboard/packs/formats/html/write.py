"""A pack as one HTML file: nothing in it is fetched from anywhere, and nothing in it runs.

Its charts are pictures whose words are words and whose lines stay sharp at any size. The same text, without
what only a screen can fold away, is what the PDF is made from.
"""

from base64 import b64encode
from collections.abc import Sequence

from dashboard import PRODUCT
from dashboard.packs.contents.pack import Contents
from dashboard.packs.contents.page import ASKED, Table
from dashboard.packs.formats.format import Given
from dashboard.packs.office import grid
from dashboard.server.html import filled
from rtt.terms.text_edges import shortened_within

WIDE, HIGH, POINTS = 7.0, 8.6, 8.5
"""Inches of a printed page that a table has, and the points by which it is measured: its own are 8."""
MOST_OF_FOOT, KEPT_OF_FOOT = 500, 80
"""Characters of the footer of a printed page: four lines, the data and the version whole at its end."""


def write(pack: Contents, given: Given) -> bytes:
    """The file."""
    return html_of(pack, given.pictures()).encode()


def html_of(pack: Contents, pictures: Sequence[bytes], *, printed: bool = False) -> str:
    """The document. `pictures` are those of `pack.charts` in order. `printed`: nothing is folded."""
    left = iter(pictures)
    document = filled(
        "packs/formats/html/pack.html.jinja",
        pack=pack,
        product=PRODUCT,
        pages=[
            (
                page,
                b64encode(next(left)).decode() if page.chart else "",
                _parts(page.tables) if printed else page.tables,
            )
            for page in pack.pages
        ],
        asked=ASKED,
        moment=f"{pack.moment:%Y-%m-%dT%H:%M:%SZ}",
        foot=_foot(pack.footer),
        printed=printed,
    )
    return document + "\n"


def _parts(tables: Sequence[Table]) -> list[Table]:
    """Tables as they are printed: in parts that pages hold, for one that goes on would lose its caption."""
    found: list[Table] = []
    for table in tables:
        whole = sum(grid.row_heights(table, WIDE, POINTS))
        found += [table] if whole < HIGH else grid.pieces(table, WIDE, HIGH, POINTS)
    return found


def _foot(words: str) -> str:
    """The footer of every printed page, as a string of the style sheet."""
    return "".join(
        letter if letter.isalnum() or letter in " .,:()-" else f"\\{ord(letter):x} "
        for letter in shortened_within(words, MOST_OF_FOOT, kept=KEPT_OF_FOOT)
    )
