"""What makes a monthly extract untrustworthy, and the words with which the whole of it is refused.

Each line: what was done to a sound extract, its bytes afterwards, words of the refusal. FACTS are those of
the extract that they all begin from.
"""

import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import date

from tests import makers

CENSUS = date(2025, 3, 31)
NAME = makers.file_name(CENSUS)
FACTS: makers.Facts = {
    ("RAA", "00R", "1A", "C_100"): {0: 2, 20: 1, 104: 1, "unknown": 3},
    ("RAA", "00R", "1B", "C_110"): {3: 4, "unknown": 0},
    ("RAA", "00R", "2", "C_100"): {0: 5, 17: 6, 18: 7, 52: 8, 65: 9, 78: 1, 104: 2},
    ("RAA", "00R", "2", "C_110"): {1: 3},
    ("RAA", "00R", "2A", "C_100"): {17: 2, 104: 1},
    ("RAA", "00R", "3", "C_100"): 11,
    ("RAA", "NONC", "2", "C_100"): {104: 4},
    ("RBB", "91Q", "2", "X02"): {10: 12, 11: 1292},
    ("RBB", "13Q", "2", "C_100"): {30: 2},
    ("NT447", "13Q", "1A", "C_100"): {"unknown": 1},
}
Rows = list[list[str]]


def rows() -> Rows:
    return makers.table(FACTS, census=CENSUS)


def column(heading: str) -> int:
    return rows()[0].index(heading)


PERIOD, PROVIDER = column("Period"), column("Provider Org Code")
PART, FUNCTION = column("RTT Part Type"), column("Treatment Function Code")
BAND_NAME = "Gt 01 To 02 Weeks SUM 1"
BAND_1, TOTAL, TOTAL_ALL = column(BAND_NAME), column("Total"), column("Total All")
UNKNOWN = column("Patients with unknown clock start date")
LAST_LABELS = "Treatment Function Name,Gt 00 To 01 Weeks SUM 1"
SLID_LABELS = ",".join(reversed(LAST_LABELS.split(",")))
ADMITTED, WAITING, STARTED = 1, 3, 6  # rows of FACTS, the heading being 0


def sound() -> bytes:
    return makers.as_csv(rows()).encode()


def with_cell(row: int, at: int, value: str) -> bytes:
    table = rows()
    table[row][at] = value
    return makers.as_csv(table).encode()


def without(keep: Callable[[list[str]], bool]) -> bytes:
    heading, *below = rows()
    return makers.as_csv([heading, *filter(keep, below)]).encode()


def with_columns(change: Callable[[list[str]], list[str]]) -> bytes:
    return makers.as_csv(change(row) for row in rows()).encode()


def with_row(row: int, change: Callable[[list[str]], list[str]]) -> bytes:
    table = rows()
    table[row] = change(table[row])
    return makers.as_csv(table).encode()


def minus() -> bytes:
    return with_cell(WAITING, BAND_1, "-3")


def renamed(old: str, new: str, data: bytes | None = None) -> bytes:
    return (data or sound()).replace(old.encode(), new.encode(), 1)


def zipped(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return packed.getvalue()


def claiming(size: int) -> bytes:
    """A zip whose directory says that its csv unpacks to `size` bytes."""
    packed = bytearray(zipped(**{NAME: sound()}))
    at = packed.rindex(b"PK\x01\x02") + 24
    packed[at : at + 4] = size.to_bytes(4, "little")
    return bytes(packed)


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


TABLE = [
    # what was done                        the bytes afterwards                      words of the refusal
    ("nothing in it", b"", "The file is empty"),
    ("only a byte order mark", b"\xef\xbb\xbf\r\n", "The file is empty"),
    ("a web page", b"<!DOCTYPE html><html><title>Just a moment</title>", "a web page"),
    ("another csv", b"a,b\r\n1,2\r\n", "none of its headings is known"),
    ("a heading without rows", makers.as_csv(rows()[:1]).encode(), "headings and no rows"),
    ("bands 0 to 51 deleted", with_columns(lambda row: row[:13] + row[65:]), "missing (weeks 0 to 51)"),
    ("one band deleted", with_columns(lambda row: row[:20] + row[21:]), "1 weekly band missing (week 7)"),
    ("the open band deleted", with_columns(lambda row: row[:117] + row[118:]), "week 104"),
    ("no Total All", with_columns(lambda row: row[:-1]), "Total All is missing"),
    ("both headings of a column", renamed("Provider Parent Name", "Period Name"), "each heading once"),
    ("a heading twice", renamed("Gt 01 To 02 Weeks", "Gt 00 To 01 Weeks"), "each heading once"),
    ("labels slid by one", renamed(LAST_LABELS, SLID_LABELS), "a whole number"),
    ("a cell too few", with_row(WAITING, lambda row: row[:40] + row[41:]), "row 4: found '120 cells'"),
    ("a cell too many", with_row(WAITING, lambda row: [*row, "1"]), "row 4: found '122 cells'"),
    ("a blank cell too many", with_row(WAITING, lambda row: [*row, ""]), "row 4: found '122 cells'"),
    ("two cells too many", with_row(WAITING, lambda row: [*row, "", ""]), "row 4: found '123 cells'"),
    ("a cell too many at the top", with_row(1, lambda row: [*row, "1"]), "row 2: found '122 cells'"),
    ("cut off in mid-row", half(sound()), "cells'"),
    ("cut off in its last cell", sound()[:-3], "unknown clock starts, 1"),
    ("cut off between rows", makers.as_csv(rows()[:-1]).encode(), "C_999 equal to the sum"),
    ("a count below zero", minus(), f"row 4, {BAND_NAME}: found '-3'; expected"),
    ("a fraction", with_cell(WAITING, BAND_1, "2.5"), f"row 4, {BAND_NAME}: found '2.5'; expected a whole"),
    ("a word for a count", with_cell(WAITING, BAND_1, "many"), f"row 4, {BAND_NAME}: found 'many'"),
    ("that by another name", renamed(BAND_NAME, "GT  1 to 2 WEEKS", minus()), "row 4, GT 1 to 2 WEEKS:"),
    ("a total all of the list that is wrong", with_cell(WAITING, TOTAL_ALL, "39"), "the bands, 38"),
    ("a total of the treated that is wrong", with_cell(ADMITTED, TOTAL, "5"), "the sum of the bands, 4"),
    ("a blank total of the treated", with_cell(ADMITTED, TOTAL, ""), "the sum of the bands, 4"),
    ("unknown starts not in the total", with_cell(ADMITTED, UNKNOWN, "2"), "unknown clock starts, 6"),
    ("unknown starts on the list", with_cell(WAITING, UNKNOWN, "1"), "incomplete pathways"),
    ("bands for new periods", with_cell(STARTED, BAND_1, "1"), f"row 7, {BAND_NAME}: found '1'; expected"),
    ("a total for new periods", with_cell(STARTED, TOTAL, "1"), "blank or the number of new periods, 11"),
    ("unknown starts of new periods", with_cell(STARTED, UNKNOWN, "1"), "row 7, Patients with unknown clock"),
    ("a row twice", makers.as_csv([*rows(), rows()[WAITING]]).encode(), "RAA 00R 2 C_100"),
    ("two months", with_cell(WAITING, PERIOD, "RTT-April-2025"), "one month"),
    ("a Period that is no month", sound().replace(b"RTT-March-2025", b"RTT-Q4-2025"), "a month as RTT-"),
    ("another month than the name's", sound().replace(b"RTT-March-2025", b"RTT-April-2025"), "March 2025"),
    ("only C_999 rows", without(lambda row: row[FUNCTION] == "C_999"), "C_999 (total) rows alone"),
    ("C_999 doubled", with_cell(-1, TOTAL_ALL, "4"), "the sum of the bands"),
    ("C_999 of other parts", without(lambda row: row != rows()[WAITING]), "C_999 equal to the sum"),
    ("an unknown part", with_cell(WAITING, PART, "Part_4"), "found 'Part_4'; expected a part of the return"),
    ("a row without a provider", with_cell(WAITING, PROVIDER, ""), "row 4, Provider Org Code: found 'blank'"),
]  # fmt: skip

ARCHIVES = [
    # what was done                file name      the bytes                          words of the refusal
    ("no archive at all", "a.zip", b"nothing of the kind", "it is neither"),
    ("a web page saved as zip", "a.zip", b"<html>challenge</html>", "a web page"),
    ("a zip cut off", "a.zip", half(zipped(**{NAME: sound()})), "The zip file"),
    ("a gz cut off", "a.csv.gz", half(gzip.compress(sound())), "damaged, cut off or locked"),
    ("more than one csv", "a.zip", zipped(**{"a.csv": sound(), "b.csv": sound()}), "one csv or workbook"),
    ("no csv", "a.zip", zipped(**{"readme.md": b"x", "b.pdf": b"y"}), "one csv or workbook"),
    ("a path outside itself", "a.zip", zipped(**{"../a.csv": sound()}), "a folder outside itself"),
    ("a path from the root", "a.zip", zipped(**{"/etc/a.csv": sound()}), "a folder outside itself"),
    ("a path on a drive", "a.zip", zipped(**{"C:\\a.csv": sound()}), "a folder outside itself"),
    ("a path outside, beside a csv", "a.zip", zipped(**{NAME: sound(), "..\\x.txt": b""}), "a folder"),
    ("unpacks to more than 1 GB", "a.zip", claiming(1_000_000_001), "Accepted are 1 GB unpacked"),
    ("unpacks 200 to 1", "a.zip", zipped(**{NAME: bytes(2_000_000)}), "200 times the size"),
    ("a gz that unpacks 200 to 1", "a.csv.gz", gzip.compress(bytes(5_000_000)), "200 times the size"),
    ("says less than it holds", "a.zip", claiming(100), "The zip file"),
]  # fmt: skip
