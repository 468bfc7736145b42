"""How many cells a workbook of Excel or LibreOffice would have when it is laid out.

The readers lay out every cell up to the last row and the last column with anything in it. One stray cell in
the far corner of a sheet makes seventeen thousand million of them; in LibreOffice's files a row or cell says
how often it is repeated, so that a kilobyte is enough. A process without memory for that ends at once. So the
cells are counted first, in pieces, without laying them out.
"""

import re
import zipfile

MOST_CELLS = 40_000_000  # twice a list of 500,000 rows of forty columns
ODS_MEMBER = "content.xml"

_TAG = re.compile(rb"<(/?)table:(table|table-row|(?:covered-)?table-cell)(?=[\s/>])([^>]*)>")
_ROWS, _COLUMNS = (re.compile(rb'number-%s-repeated="(\d+)"' % name) for name in (b"rows", b"columns"))
_PIECE = 1 << 20  # bytes
_LONGEST_TAG = 65_536  # bytes; a tag of a worksheet has less than a hundred
# A cell that closes itself has a style and no value: it is not laid out.
_PLACED = re.compile(
    rb"""<(?:\w+:)?c\s(?:(?!r\s*=)[^>\s]+\s+)*r\s*=\s*["']([A-Za-z]{1,7})(\d{1,9})["'][^>]*(?<!/)>"""
)
_UNPLACED = re.compile(rb"""<(?:\w+:)?c(?:\s+(?!r\s*=)[^>\s]+)*\s*(?<!/)>""")
_CELL = re.compile(rb"""<(?:\w+:)?c(?:\s[^>]*)?(?<!/)>""")
_XLSX_ROW = re.compile(rb"<(?:\w+:)?row(?=[\s/>])[^>]*>")
_ROW_NUMBER = re.compile(rb"""\br\s*=\s*["'](\d{1,9})["']""")


def cells_of(archive: zipfile.ZipFile, most_bytes: int) -> int:
    """Rows times columns of the largest sheet, of at most `most_bytes` of each; 0 for no worksheet."""
    if ODS_MEMBER in archive.namelist():
        return _ods_cells(archive.read(ODS_MEMBER))
    # Every part in XML is looked at, for a sheet may lie under any name.
    parts = [part for part in archive.infolist() if part.filename.lower().endswith(".xml")]
    return max((_cells_in(archive, part, most_bytes) for part in parts), default=0)


def _ods_cells(content_xml: bytes) -> int:
    """Rows times columns of the largest sheet, up to its last row and its last column with anything in it."""
    largest = height = width = row = column = 0
    repeated, filled = 1, 0
    for closing, name, rest in _TAG.findall(content_xml):
        if name == b"table" and not closing:
            height = width = row = 0
        elif name == b"table-row" and not closing:
            repeated, column, filled = _number(_ROWS, rest), 0, 0
        if name.endswith(b"table-cell") and not closing:
            column += _number(_COLUMNS, rest)
            # A cell without content closes itself and has no value; it takes no room at the end of a row.
            filled = filled if rest.endswith(b"/") and b"office:value" not in rest else column
        if name == b"table-row" and (closing or rest.endswith(b"/")):
            row += repeated
            height, width = (row if filled else height), max(width, filled)
            largest = max(largest, height * width)
    return largest


def _number(pattern: re.Pattern[bytes], rest: bytes) -> int:
    found = pattern.search(rest)
    return int(found[1][:9]) if found else 1


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
            tags = _XLSX_ROW.findall(whole)
            rows += len(tags)
            if _UNPLACED.search(whole):  # cells that say nothing of their place follow each other
                numbers = [int(found[1]) for tag in tags if (found := _ROW_NUMBER.search(tag))]
                height = max([height, rows, *numbers])
                # A row may go on from the piece before.
                each = [len(_CELL.findall(row)) for row in _XLSX_ROW.split(whole)]
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
