"""The executive slide: three messages side by side, and below them what the board is asked to do."""

from typing import Any

from pptx.enum.text import MSO_AUTO_SIZE
from pptx.util import Emu, Inches, Pt

from dashboard.packs.contents.pack import Contents
from dashboard.packs.contents.page import ASKED, Message, Page
from dashboard.packs.formats.pptx.shapes import add_run, add_text, colour_of, describe, titled, write_words
from dashboard.packs.formats.pptx.slides import sentences_height, slides_of
from dashboard.packs.formats.pptx.template import Box, Room
from dashboard.packs.office import letters, look
from dashboard.packs.office.letters import INSET, LINE, WIDER

HEADING, FIGURES, TEXTS = 14.0, (40.0, 32.0, 26.0, 20.0, 16.0, 14.0), (16.0, 14.0, 12.0, 11.0, 10.0)
ASKS = (16.0, 14.0, 12.0, 11.0, 10.0)
BETWEEN, CARDS = 0.015, 0.52
"""Between two cards, a share of the width; how much of the height cards take."""


def write_executive(room: Room, pack: Contents, page: Page) -> Any:
    """The slide; what its foot does not hold goes on to others. The first of them."""
    slide = titled(room, pack, page.title)
    left, top, width, height = room.body()
    if page.paragraphs:
        said = [("", words) for words in page.paragraphs]
        high = min(int(Inches(sentences_height(said, width / Inches(1)))), height // 3)
        fit = letters.fitting(said, 14, width=width / Inches(1), height=high / Inches(1))
        add_text(room, slide, (left, top, width, high), "What is missing", said[:fit], 14)
        top, height = top + high, height - high
    wide = (1 - BETWEEN * (len(page.messages) - 1)) / len(page.messages)
    cards = int(height * CARDS)
    for at, message in enumerate(page.messages):
        begins = left + int(width * at * (wide + BETWEEN))
        _add_card(slide, (begins, top, int(width * wide), cards), message)
    gap = int(width * BETWEEN)
    _add_asks(room, pack, slide, (left, top + cards + gap, width, height - cards - gap), page)
    return slide


def _add_card(slide: Any, place: Box, message: Message) -> None:
    """Heading, figure, text, in the largest type that fits."""
    box = slide.shapes.add_textbox(*map(Emu, place))
    frame = box.text_frame
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    width, height = (each / Inches(1) for each in place[2:])
    figure = next((size for size in FIGURES if _lines(message.figure, size, width) == 1), FIGURES[-1])
    text = next((size for size in TEXTS if _height(message, figure, size, width) <= height), TEXTS[-1])
    for number, (words, size, colour, bold) in enumerate(
        (
            (message.heading, HEADING, look.BLUE, True),
            (message.figure, figure, look.DARK_BLUE, True),
            (message.text, text, look.INK, False),
        )
    ):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.space_after, paragraph.line_spacing = Pt(6 if number < 2 else 0), 1.0
        add_run(paragraph, words, size, colour, bold=bold)
    box.fill.solid()
    box.fill.fore_color.rgb = colour_of(look.PALE)
    describe(box, message.heading, message.heading)


def _lines(words: str, points: float, width: float) -> int:
    return len(letters.lines_of(words, points * WIDER, width - 2 * INSET[0]))


def _height(message: Message, figure: float, text: float, width: float) -> float:
    parts = ((message.heading, HEADING), (message.figure, figure), (message.text, text))
    return (
        sum(_lines(words, size, width) * size * LINE for words, size in parts) / 72 + 12 / 72 + 2 * INSET[1]
    )


def _add_asks(room: Room, pack: Contents, slide: Any, place: Box, page: Page) -> None:
    width, height = (each / Inches(1) for each in place[2:])
    said = [(ASKED, ""), *(("", f"\N{BULLET} {words}") for words in page.asks)]
    points = letters.largest(said, ASKS, width=width, height=height)
    fit = letters.fitting(said, points, width=width, height=height)
    add_text(room, slide, place, ASKED, said[:fit], points, colour=look.PAPER, ground=look.DARK_BLUE)
    rest = tuple(words for _, words in said[fit:])
    if rest:
        whole, high = room.inches
        for part in slides_of(Page(page.name, page.title, rest), (), charted=False, width=whole, height=high):
            write_words(room, titled(room, pack, part.title, part.number + 1), part)
