"""Every text of a slide fits its place, measured in the font's own metrics and as LibreOffice draws it."""

import io
import re
import shutil
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageFont
from pptx import Presentation
from pptx.util import Inches, Pt

from dashboard.packs.contents.page import Box
from dashboard.packs.formats.pptx.write import pptx_of
from dashboard.packs.office import letters
from tests import allowances
from tests.dashboard.packs import making
from tests.dashboard.packs.test_odd_text import LONG, pages_of

FONT = Path("/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf")
LONGEST_ICB = "NHS BIRMINGHAM, SOLIHULL, STAFFORDSHIRE AND STOKE-ON-TRENT INTEGRATED CARE BOARD"
SCALE = 100


@cache
def font(points: float) -> ImageFont.FreeTypeFont:
    if not FONT.exists():
        allowances.skip_without_package("fonts-liberation")
    return ImageFont.truetype(str(FONT), round(points * SCALE))


def drawn_width(words: str, points: float) -> float:
    """Inches, by the font itself."""
    return font(points).getlength(words) / SCALE / 72


def drawn_lines(words: str, points: float, width: float) -> int:
    """Lines when wrapped at spaces, a word that is too long broken: a second implementation."""
    lines, left = 1, width
    gap = drawn_width(" ", points)
    for word in words.split(" "):
        room = drawn_width(word, points)
        if room > left and left < width:
            lines, left = lines + 1, width
        while room > left:
            lines, room = lines + 1, room - left
        left -= room + gap
    return lines


@pytest.mark.parametrize(
    "letter", [chr(code) for code in (*range(32, 127), 0xA3, 0xE9, 0x2013, 0x2026, 0x2212)]
)
def test_letters_are_as_wide_as_the_font_draws_them(letter):
    assert letters.width_of(letter, 12) >= drawn_width(letter, 12) * 0.995
    assert letters.width_of(letter, 12) <= drawn_width(letter, 12) * 1.01


@given(st.text(st.characters(min_codepoint=32, max_codepoint=0x24F), max_size=200))
def test_room_is_left_for_a_wider_font(words):
    assert letters.width_of(words, 12) * letters.WIDER >= drawn_width(words, 12)


@given(
    st.text(st.sampled_from("abc iWM WWWWWWWW illi ,.-é漢"), max_size=400),
    st.sampled_from([9.0, 14.0, 28.0]),
    st.floats(1.0, 12.0),
)
def test_wrapped_lines_keep_every_letter_and_fit_their_column(words, points, width):
    lines = letters.lines_of(words, points, width)
    assert "".join("".join(lines).split()) == "".join(words.split())
    for line in lines:
        assert letters.width_of(line, points) <= width + 1e-9 or len(line) == 1


@given(st.text(st.sampled_from("abc iWM WWWWWWWW illi ,.-é漢"), max_size=600), st.integers(1, 4))
def test_what_is_cut_fits_and_ends_in_an_ellipsis(words, lines):
    cut = letters.cut(words, 14, 3.0, lines=lines)
    assert len(letters.lines_of(cut, 14, 3.0)) <= lines
    assert cut == words or cut.endswith("…")


NAMES = {"the longest ICB": LONGEST_ICB, "400 letters": LONG, "400 without a space": "Tameford" * 50}


def pack_named(sample, name):
    """A pack whose scope has this name wherever it is said, and people wrote as much as they may."""
    pack = making.contents(sample, "?source=weekly", draft=(f"{name}: the next was due on 2 Mar 2026",))
    was = re.search(r"(.*), all", pack.organisation)[1]
    said = "Theatres were closed for repair. " * 36
    pages = tuple(
        replace(
            page,
            title=page.title.replace(was, name),
            paragraphs=tuple(each.replace(was, name) for each in page.paragraphs),
            boxes=(Box("Why", said), Box("Action", said)) if page.chart else (),
        )
        for page in pack.pages
    )
    return replace(
        pack,
        organisation=pack.organisation.replace(was, name),
        footer=pack.footer.replace(was, name),
        pages=pages,
    )


@pytest.fixture(scope="module")
def small_template(tmp_path_factory):
    """Slides of 4 by 3, with a title of a third of the width."""
    path = tmp_path_factory.mktemp("slides") / "small.pptx"
    template = Presentation()
    template.slide_width, template.slide_height = Inches(8), Inches(6)
    layout = next(each for each in template.slide_layouts if each.name == "Title Only")
    place = layout.placeholders[0]
    place.left, place.top, place.width, place.height = map(Inches, (0.5, 0.2, 7, 0.7))
    template.save(path)
    return path


@pytest.mark.parametrize("own", [False, True], ids=["plain", "template"])
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_every_text_box_holds_its_words_and_none_lies_on_another(sample, small_template, name, own):
    """Fault 33: a 77-letter ICB name ran into the date on the title slide."""
    made = pptx_of(pack_named(sample, name), template=small_template if own else None)
    deck = Presentation(io.BytesIO(made))
    for slide in deck.slides:
        shapes = list(slide.shapes)
        for shape in shapes:
            assert shape.top + shape.height <= deck.slide_height + 1, shape.name
            assert shape.left + shape.width <= deck.slide_width + 1, shape.name
            if shape.has_text_frame:
                assert text_height(shape) <= shape.height / Inches(1) + 0.01, (
                    shape.name,
                    shape.text_frame.text,
                )
        for at, one in enumerate(shapes):
            for other in shapes[at + 1 :]:
                assert apart(one, other), (one.name, other.name)
        for shape in shapes:
            if shape.has_table:
                assert table_height(shape.table) <= shape.height / Inches(1) + 0.05, slide.shapes.title.text


def text_height(shape) -> float:
    """Inches that the words of a box take, by the font's metrics: ascent and descent, and space between."""
    high, width = 0.1, shape.width / Inches(1) - 0.2
    for number, paragraph in enumerate(shape.text_frame.paragraphs):
        words = "".join(run.text for run in paragraph.runs)
        if not words:
            continue
        points = paragraph.runs[0].font.size.pt
        high += drawn_lines(words, points, width) * sum(font(points).getmetrics()) / SCALE / 72
        if number < len(shape.text_frame.paragraphs) - 1:
            high += (paragraph.space_after or Pt(0)).pt / 72
    return high


def table_height(table) -> float:
    high = 0.0
    for row in table.rows:
        points = row.cells[0].text_frame.paragraphs[0].runs[0].font.size.pt
        lines = max(
            drawn_lines(cell.text, points, column.width / Inches(1) - 0.16)
            for cell, column in zip(row.cells, table.columns, strict=True)
        )
        high += max(lines * sum(font(points).getmetrics()) / SCALE / 72 + 0.04, row.height / Inches(1))
    return high


def apart(one, other) -> bool:
    return (
        one.left >= other.left + other.width
        or other.left >= one.left + one.width
        or one.top >= other.top + other.height
        or other.top >= one.top + one.height
    )


@pytest.mark.parametrize("name", [LONGEST_ICB, LONG], ids=["the longest ICB", "400 letters"])
def test_no_word_lies_on_another_as_libreoffice_draws_the_slides(sample, tmp_path, name):
    """Fault 33: the same, drawn."""
    if shutil.which("soffice") is None:
        allowances.skip_without_package("libreoffice-impress")
    pack = pack_named(sample, name)
    # Charts draw labels of their own; what stands around them is checked above.
    pages = tuple(replace(page, chart=None) for page in pack.pages)
    (tmp_path / "pack.pptx").write_bytes(pptx_of(replace(pack, pages=pages)))
    assert name.split()[1] in pages_of(tmp_path / "pack.pptx")
    boxes = subprocess.run(
        ["pdftotext", "-bbox", tmp_path / "pack.pdf", "-"], capture_output=True, check=True
    )
    for page in boxes.stdout.decode().split("<page ")[1:]:
        words = [tuple(map(float, each)) for each in WORD.findall(page)]
        assert words
        for at, one in enumerate(words):
            for other in words[at + 1 :]:
                assert overlap(one, other) < 0.3, page[:300]


WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">')


def overlap(one, other) -> float:
    """The share of the smaller of two boxes that lies on the other."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    smaller = min((each[2] - each[0]) * (each[3] - each[1]) for each in (one, other))
    return max(wide, 0.0) * max(high, 0.0) / smaller if smaller else 0.0


def test_reasons_that_the_title_slide_does_not_hold_go_on_to_the_next_and_none_is_lost(sample):
    reasons = tuple(f"{number}. {LONG} was refused" for number in range(12))
    pack = replace(making.contents(sample, "?source=weekly"), draft=reasons)
    said = " ".join(
        shape.text_frame.text
        for slide in list(making.slides(pptx_of(pack)))[:4]
        for shape in slide.shapes
        if shape.has_text_frame
    )
    assert all(f"DRAFT: {reason}." in said for reason in reasons)
