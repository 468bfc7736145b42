"""How much room words take on a slide: widths of Arial's letters, lines when wrapped, words cut to fit.

The widths are those of Helvetica's published metrics, which Arial and Liberation Sans share; no font needs to
be there. A template's own font is not known: room is left for one a tenth wider (`WIDER`), as bold is.
"""

import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

from rtt.terms.text_edges import ELLIPSIS

LINE = 1.2
"""The height of a line in heights of its type."""
INSET = (0.1, 0.05)
"""Inches that a text box keeps free at each side, and above and below."""
WIDER = 1.1
_WIDE, _OTHER = 1000, 800

_BY_WIDTH = {
    191: "'",
    222: "ijl‘’‚",
    260: "|",
    278: " !,./:;I[\\]ft",
    333: "()-`r“”„",
    334: "{}",
    355: '"',
    389: "*",
    469: "^",
    500: "Jckvsxyz",
    556: "#$?L_abdeghnopqu0123456789£–",
    584: "+<=>~−",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1000: "…—",
    1015: "@",
}
_WIDTHS = {letter: width for width, letters in _BY_WIDTH.items() for letter in letters}
Said = Sequence[tuple[str, str]]
"""Paragraphs: a heading, or '', and words, or ''."""


@cache
def _width(letter: str) -> int:
    """In thousandths of the size of the type."""
    if letter in _WIDTHS:
        return _WIDTHS[letter]
    if unicodedata.combining(letter) or letter in "\u200c\u200d\ufe0f":
        return 0
    base = unicodedata.normalize("NFD", letter)[0]
    if base in _WIDTHS:
        return _WIDTHS[base]
    is_wide = unicodedata.east_asian_width(letter) in "WF" or unicodedata.category(letter).startswith("S")
    return _WIDE if is_wide else _OTHER


def width_of(words: str, points: float) -> float:
    """Inches that words take in one line."""
    return _whole(words) * points / 72_000


@lru_cache(maxsize=20_000)
def _whole(words: str) -> int:
    return sum(map(_width, words))


def lines_of(words: str, points: float, width: float) -> list[str]:
    """The lines of a paragraph in a column of this many inches; a word that is too long is broken."""
    lines, line, used, gap = [], "", 0.0, width_of(" ", points)
    for word in words.split(" "):
        room = width_of(word, points)
        if line and used + gap + room <= width:
            line, used = f"{line} {word}", used + gap + room
            continue
        if line:
            lines.append(line)
        *full, line = _broken(word, points, width) if room > width else (word,)
        lines += full
        used = width_of(line, points)
    return [*lines, line]


def _broken(word: str, points: float, width: float) -> list[str]:
    parts, part, used = [], "", 0.0
    for letter in word:
        room = width_of(letter, points)
        if part and used + room > width:
            parts.append(part)
            part, used = "", 0.0
        part, used = part + letter, used + room
    return [*parts, part]


def height_of(said: Said, points: float, width: float) -> float:
    """Inches that paragraphs take in a text box of this width, its edges included."""
    inside = width - 2 * INSET[0]
    lines = sum(len(lines_of(_together(each), points * WIDER, inside)) for each in said)
    return (lines * LINE + len(said) / 2) * points / 72 + 2 * INSET[1]


def _together(paragraph: tuple[str, str]) -> str:
    heading, words = paragraph
    return f"{heading}: {words}" if heading and words else heading or words


def cut(words: str, points: float, width: float, *, lines: int) -> str:
    """The words in at most so many lines of a column; what is too much gives way to an ellipsis."""
    found = lines_of(words, points, width)
    if len(found) <= lines:
        return words
    kept = " ".join(found[:lines])
    while len(lines_of(kept + ELLIPSIS, points, width)) > lines:
        kept = kept[:-1].rstrip()
    return kept + ELLIPSIS


def largest(said: Said, sizes: Sequence[float], *, width: float, height: float) -> float:
    """The first of the sizes, largest first, in which all fits; the last where none does."""
    return next((size for size in sizes if height_of(said, size, width) <= height), sizes[-1])


def fitting(said: Said, points: float, *, width: float, height: float) -> int:
    """How many of the paragraphs fit from the first on."""
    number = len(said)
    while number and height_of(said[:number], points, width) > height:
        number -= 1
    return number


def cut_to_fit(paragraph: tuple[str, str], points: float, *, width: float, height: float) -> tuple[str, str]:
    """A paragraph alone in its box, its end cut where it is too long for it."""
    heading, words = paragraph
    inside = width - 2 * INSET[0]
    most = int((height - 2 * INSET[1] - points / 144) / (points * LINE / 72))
    whole = cut(_together(paragraph), points * WIDER, inside, lines=max(most, 1))
    return (heading, whole.removeprefix(f"{heading}: ")) if heading and words else ("", whole)
