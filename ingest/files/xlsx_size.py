"""How many cells a workbook of Excel would have when it is laid out.

The reader lays out every cell up to the last row and the last column with anything in it. One stray cell in
the far corner makes seventeen thousand million of them, and a process without memory for that ends at once.
So the places of the cells are read first, in pieces.
"""

from __future__ import annotations

import re
import zipfile

_PIECE = 1 << 20  # bytes
_LONGEST_TAG = 65_536  # bytes; a tag of a worksheet has less than a hundred
# A cell that closes itself has a style and no value: it is not laid out.
_PLACED = re.compile(
    rb"""<(?:\w+:)?c\s(?:(?!r\s*=)[^>\s]+\s+)*r\s*=\s*["']([A-Za-z]{1,7})(\d{1,9})["'][^>]*(?<!/)>"""
)
_UNPLACED = re.compile(rb"""<(?:\w+:)?c(?:\s+(?!r\s*=)[^>\s]+)*\s*(?<!/)>""")
_CELL = re.compile(rb"""<(?:\w+:)?c(?:\s[^>]*)?(?<!/)>""")
_ROW = re.compile(rb"<(?:\w+:)?row(?=[\s/>])[^>]*>")
_NUMBER = re.compile(rb"""\br\s*=\s*["'](\d{1,9})["']""")


def cells_of(archive: zipfile.ZipFile, most_bytes: int) -> int:
    """Rows times columns of the largest sheet, of at most `most_bytes` of each; 0 for no worksheet.

    Every part in XML is looked at, for a sheet may lie under any name.
    """
    parts = [part for part in archive.infolist() if part.filename.lower().endswith(".xml")]
    return max((_cells_in(archive, part, most_bytes) for part in parts), default=0)


def _cells_in(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most_bytes: int) -> int:
    height = width = rows = unplaced = 0
    rest = b""
    with archive.open(part) as stream:
        for _ in range(0, most_bytes, _PIECE):
            piece = stream.read(_PIECE)
            text = rest + piece
            cut = text.rfind(b"<") if piece else len(text)
            whole, rest = text[: max(cut, 0)], text[max(cut, 0) :][-_LONGEST_TAG:]
            places = set(_PLACED.findall(whole))
            height = max([height, *(int(row) for _, row in places)])
            width = max([width, *map(_column, {column for column, _ in places})])
            tags = _ROW.findall(whole)
            rows += len(tags)
            if _UNPLACED.search(whole):  # cells that say nothing of their place follow each other
                numbers = [int(found[1]) for tag in tags if (found := _NUMBER.search(tag))]
                height = max([height, rows, *numbers])
                # A row may go on from the piece before.
                each = [len(_CELL.findall(row)) for row in _ROW.split(whole)]
                width = max([width, *each, unplaced + each[0]])
                unplaced = each[-1] + (unplaced if len(each) == 1 else 0)
            if not piece:
                break
    return height * width


def _column(letters: bytes) -> int:
    """A is 1, Z 26, AA 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
