"""Text that people and files write, made fit for each place that it goes to: one function a place.

Names of organisations, notes, purposes, file names and words of a mapping may hold anything that Unicode has.
XML 1.0 has no place for most control characters, surrogates and U+FFFE; a spreadsheet takes some cells for
formulas; a log line must stay one line; bidirectional controls make a page read otherwise than it is written.
Nothing here knows what a text means.
"""

import json
import re
import unicodedata
from html import escape

ELLIPSIS = "…"
MOST_OF_PROPERTY = 255
"""Characters of a document property; python-pptx and python-docx refuse more."""
MOST_OF_SHEET_NAME = 31
MOST_OF_CELL = 32_767
MOST_OF_FILE_NAME = 120
"""Characters; file systems hold 255 bytes, and a folder, an ending and a browser's "(2)" need theirs."""

# Every control, line and paragraph separator parts words, as the line break that it stands for does.
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+ *")
# Bidirectional controls, zero-width and other format characters, lone surrogates, noncharacters. The joiners
# U+200C and U+200D stay: scripts and emoji are misread without them.
_UNSEEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\ufffb\ufdd0-\ufdef\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e0fff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]+"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
# Letters and symbols by their category that no font draws: Hangul fillers, the empty braille pattern, a note.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\U0001d159")
# Full-width signs too: Japanese settings of a spreadsheet read them as the plain ones.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_SIGNED_NUMBER = re.compile(r"[-+][0-9][0-9,]*(?:\.[0-9]+)?%?")
_NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\!]")
_NOT_IN_FILE_NAMES = re.compile(r"[^a-z0-9.]+")


def xml_text(text: str) -> str:
    """Text for XML, HTML, JSON and a page: in one line, of characters that all of them hold."""
    return _UNSEEN.sub("", _BREAKS.sub(" ", text))


def one_line(text: str) -> str:
    """A name or a note as it is kept: `xml_text` without the spaces around it."""
    return xml_text(text).strip()


def is_visible(text: str) -> bool:
    """Whether anything of the text is seen: a letter, digit, mark of punctuation or symbol that is drawn."""
    return any(unicodedata.category(each)[0] in "LNPS" and each not in _BLANK for each in xml_text(text))


def name_or(text: str, otherwise: str) -> str:
    """A name as it is kept, or a word in place of one that nobody would see."""
    return one_line(text) if is_visible(text) else otherwise


def file_name(name: str) -> str:
    """The name of a file as it is told and kept: bytes that are no UTF-8 become the sign for that.

    Python has them as lone surrogates.
    """
    return name_or(_SURROGATES.sub("\ufffd", name), "a file without a name")


def html_text(text: str) -> str:
    return escape(xml_text(text))


def csv_cell(text: str) -> str:
    """A cell of CSV or of a sheet: one that would be taken for a formula gets an apostrophe in front.

    A dash alone is no formula: it is the code of those whom NHS England commissions itself. A number with its
    sign calculates nothing either, and as text no spreadsheet could sort by it or add it up.
    """
    plain = xml_text(text)
    begins = plain.lstrip()
    if begins == "-" or _SIGNED_NUMBER.fullmatch(plain):
        return plain
    return f"'{plain}" if begins.startswith(_FORMULA) else plain


def log_text(text: str) -> str:
    """A quoted string of JSON in which every character is seen: it stays one line, read left to right."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(each if each.isprintable() else json.dumps(each)[1:-1] for each in quoted)


def shortened(text: str, most: int) -> str:
    """The text in at most this many UTF-16 units, as offices count: the end gives way to an ellipsis."""
    if _units(text) <= most:
        return text
    kept, used = [], 0
    for each in text:
        used += _units(each)
        if used > most - 1:
            break
        kept.append(each)
    # A mark or joiner at the cut would lie on the ellipsis.
    return "".join(kept).rstrip("\u200c\u200d\ufe0f ") + ELLIPSIS


def shortened_within(text: str, most: int, *, kept: int) -> str:
    """The same with its last `kept` characters whole: what gives way stands before them."""
    if _units(text) <= most:
        return text
    end = text[-kept:] if kept else ""
    return shortened(text[: len(text) - len(end)], most - _units(end) - 1) + f" {end}"


def property_text(text: str) -> str:
    return shortened(one_line(text), MOST_OF_PROPERTY)


def cell_text(text: str) -> str:
    return shortened(xml_text(text), MOST_OF_CELL)


def sheet_name(wanted: str, taken: set[str]) -> str:
    """A name for a sheet, unlike those `taken`, to which it is added: Excel compares them without case."""
    plain = _NOT_IN_SHEET_NAMES.sub("", one_line(wanted)).strip(" '") or "Sheet"
    number, found = 1, shortened(plain, MOST_OF_SHEET_NAME)
    while found.casefold() in taken:
        number += 1
        end = f" {number}"
        found = shortened(plain, MOST_OF_SHEET_NAME - len(end)) + end
    taken.add(found.casefold())
    return found


def file_stem(*parts: str) -> str:
    """A name for a file, without its ending: letters, digits, hyphens; the same on every system."""
    plain = "-".join(
        found
        for part in parts
        if (found := _NOT_IN_FILE_NAMES.sub("-", unicodedata.normalize("NFKD", part).lower()).strip("-."))
    )
    return plain[:MOST_OF_FILE_NAME].strip("-.") or "rtt"


def _units(text: str) -> int:
    return len(text) + sum(each > "\uffff" for each in text)
