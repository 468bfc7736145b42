"""Text at the edges: whatever people and files write stays in one line, in its place, and readable."""

import csv
import io
import json
import re
import unicodedata
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rtt.terms import text_edges as edges

BREAKERS = (
    "\x00\x01\x08\t\n\r\x0b\x0c\x1b\x1f\x7f\x85\x9f\xa0\xad\u034f\u061c\u115f\u1160\u180e\u200b\u200c\u200d\u200e"
    "\u200f\u2028\u2029\u202a\u202e\u2060\u2066\u2069\u206f\u2800\u3000\u3164\ufdd0\ufe0f\ufeff\uffa0\ufff9\ufffb"
    "\ufffe\uffff\ud800\udfff\U0001f600\U0001fffe\U0010ffff\U000e0001\U000e007f=+-@＝\"'<>&;,|_[]:*?/\\é漢ע"
)
ANYTHING = st.text(st.one_of(st.sampled_from(BREAKERS), st.characters(exclude_categories=())), max_size=60)
INVISIBLE = [
    *(
        "",
        " ",
        "\t\n",
        "\u200b\u200c\u200d",
        "\u3164",
        "\u115f\u1160",
        "\uffa0",
        "\u2800",
        "\u00ad",
        "\u2028",
    ),
    *(
        "\u202e\u202c",
        "\ufeff",
        "\U000e0041\U000e007f",
        "\ufe0f",
        "\u034f",
        "\u3000\u00a0",
        "\x00\x07",
        "\ud800",
    ),
    *("\uffff", "\U0001d159", "\u180e", "\u2063", "\u0301"),
]


@given(ANYTHING)
def test_text_for_xml_is_one_line_that_xml_html_and_utf_8_hold(text):
    """Fault 7: control characters, surrogates and noncharacters of a name broke or damaged office files."""
    plain = edges.xml_text(text)
    plain.encode("utf-8")
    root = ElementTree.fromstring(f'<a b="{edges.html_text(text)}">{edges.html_text(text)}</a>')
    assert root.text in (plain, None if plain == "" else plain)
    assert len(plain.splitlines()) <= 1
    assert not any(unicodedata.bidirectional(each) in ("RLO", "LRO", "RLE", "LRE", "PDF") for each in plain)
    assert edges.xml_text(plain) == plain


@given(ANYTHING)
def test_only_what_nobody_sees_is_lost(text):
    kept = [
        each for each in text if unicodedata.category(each)[0] in "LNPSM" and ord(each) % 0x10000 < 0xFFFE
    ]
    assert [each for each in edges.xml_text(text) if unicodedata.category(each)[0] in "LNPSM"] == kept


@pytest.mark.parametrize("text", INVISIBLE)
def test_text_without_a_character_that_is_drawn_is_not_visible(text):
    """Fault 21: an export purpose or a note made of invisible characters was accepted."""
    assert not edges.is_visible(text)
    assert edges.is_visible(f"{text}a")
    assert edges.name_or(text, "R9A") == "R9A"


@given(st.lists(st.lists(ANYTHING, min_size=1, max_size=4), min_size=1, max_size=4))
def test_a_csv_reads_back_row_by_row_and_no_cell_begins_as_a_formula(rows):
    written = io.StringIO()
    csv.writer(written).writerows([[edges.csv_cell(cell) for cell in row] for row in rows])
    read = list(csv.reader(io.StringIO(written.getvalue())))
    expected = [[edges.csv_cell(cell) for cell in row] for row in rows]
    assert [row or [""] for row in read] == expected
    for row in read:
        for cell in row:
            harmless = cell.strip() == "-" or re.fullmatch(r"[-+]\d[\d,]*(\.\d+)?%?", cell, re.ASCII)
            assert harmless or cell.lstrip()[:1] not in tuple("=+-@＝＋－＠")


@given(ANYTHING)
@example("a\u2028b\x85c\ud800\u202ed")
def test_a_line_of_the_log_stays_one_line_and_says_what_was_written(text):
    quoted = edges.log_text(text)
    assert len(quoted.splitlines()) == 1
    assert quoted.isprintable()
    quoted.encode("utf-8")
    assert json.loads(quoted) == text


@given(ANYTHING, st.integers(1, 40))
def test_what_is_cut_ends_in_an_ellipsis_and_fits_as_offices_count(text, most):
    cut = edges.shortened(text, most)
    assert len(cut.encode("utf-16-le", "surrogatepass")) // 2 <= most
    assert cut == text or (cut.endswith("…") and text.startswith(cut[:-1]))


@given(st.lists(ANYTHING, max_size=12))
def test_sheets_have_names_that_excel_takes_each_its_own(names):
    taken: set[str] = {"about"}
    made = [edges.sheet_name(name, taken) for name in [*names, *["x" * 40] * 11]]
    assert len({name.casefold() for name in made} | {"about"}) == len(made) + 1
    for name in made:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\")
        assert not name.startswith("'")
        assert not name.endswith("'")


@given(ANYTHING, ANYTHING)
def test_a_file_has_a_name_that_every_system_and_every_header_takes(first, second):
    stem = edges.file_stem(first, second)
    assert stem
    assert stem.isascii()
    assert set(stem) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-")
    assert stem[0] not in ".-"
    assert stem[-1] not in ".-"
    assert len(stem) <= edges.MOST_OF_FILE_NAME


def test_a_long_footer_keeps_its_end():
    words = f"{'Name ' * 90}Data 0123456789ab. RTT dashboard 0.1.0."
    cut = edges.shortened_within(words, 200, kept=45)
    assert len(cut) <= 200
    assert cut.endswith(words[-45:])
    assert "…" in cut
