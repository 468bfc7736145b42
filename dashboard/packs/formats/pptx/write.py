"""A pack as PowerPoint: native charts and tables, in the trust's own template if there is one.

Every slide has a title and its number, every shape an alternative text, every run its language; the order of
shapes is the order of reading. What does not fit on a slide goes on to the next, which says so.
"""

import io
from pathlib import Path
from typing import Any

from pptx.oxml.ns import qn

from dashboard import PRODUCT
from dashboard.packs.contents.pack import Contents
from dashboard.packs.contents.page import Page
from dashboard.packs.formats.format import Given
from dashboard.packs.formats.pptx.cover import write_contents, write_cover
from dashboard.packs.formats.pptx.executive import write_executive
from dashboard.packs.formats.pptx.shapes import add_text, describe, titled, write_words
from dashboard.packs.formats.pptx.slides import CHART_ENDS, WORDS_BEGIN, slides_of
from dashboard.packs.formats.pptx.template import Room, room_of
from dashboard.packs.office import look
from dashboard.packs.office.native import add_chart
from dashboard.packs.office.packages import reproducible
from dashboard.packs.office.plot import plot_of, tables_of
from rtt.terms.text_edges import property_text

LANGUAGE = "en-GB"


def write(pack: Contents, given: Given) -> bytes:
    """The file."""
    return pptx_of(pack, template=given.template)


def pptx_of(pack: Contents, *, template: Path | None = None) -> bytes:
    """The file. Raises `UnusableTemplate`."""
    room = room_of(template)
    deck = room.deck
    write_cover(room, pack)
    listed = len(deck.slides)
    first = [_write_page(room, pack, page) for page in pack.pages]
    if pack.organisation:
        write_contents(room, pack, first, at=listed)
    deck.core_properties.title, deck.core_properties.language = property_text(pack.name), LANGUAGE
    deck.core_properties.category = pack.audience.label
    deck.core_properties.author, deck.core_properties.last_modified_by = "RTT dashboard", "RTT dashboard"
    deck.core_properties.revision, deck.core_properties.comments = 1, PRODUCT
    for slide in deck.slides:
        _speak(slide)
    written = io.BytesIO()
    deck.save(written)
    return reproducible(written.getvalue(), pack.moment)


def _write_page(room: Room, pack: Contents, page: Page) -> Any:
    """The slides of a page; the first of them."""
    if page.messages:
        return write_executive(room, pack, page)
    plot = plot_of(page.chart) if page.chart else None
    width, height = room.inches
    slides = []
    for part in slides_of(page, tables_of(page, plot), charted=plot is not None, width=width, height=height):
        slide = titled(room, pack, part.title, part.number)
        slides.append(slide)
        if part.charted and page.chart and plot:
            frame = add_chart(slide.shapes, plot, room.body(0.0, CHART_ENDS))
            describe(frame, "Chart", page.chart.alt)
            beside = room.body(WORDS_BEGIN, 1.0)
            add_text(room, slide, beside, "What the chart says", part.said, part.points, ground=look.PANEL)
        else:
            write_words(room, slide, part)
    return slides[0]


def _speak(slide: Any) -> None:
    """The language of every run and number, so that a screen reader reads it in English."""
    for run in slide._element.iter(qn("a:r"), qn("a:fld")):
        run.get_or_add_rPr().set("lang", LANGUAGE)
