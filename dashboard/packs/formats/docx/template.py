"""A document to write in: a plain one, or the trust's own with its styles, page set-up, header and footer.

What a template holds as an example goes; what stands on every page stays, and so does the last page set-up.
"""

from copy import deepcopy
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt, RGBColor

from dashboard.packs.formats.docx.styles import Styles, styles_of
from dashboard.packs.office import look
from dashboard.packs.office.series import Plot
from dashboard.packs.office.templates import opened

LANGUAGE = "en-GB"
EXAMPLES = ("chart", "chartEx", "diagramData", "hyperlink", "image", "oleObject", "package")
LOOK = (
    ("Normal", 11.0, look.INK, 0.0, 6.0),
    ("Title", 30.0, look.DARK_BLUE, 120.0, 12.0),
    ("Heading 1", 18.0, look.DARK_BLUE, 14.0, 6.0),
    ("Heading 2", 13.0, look.BLUE, 10.0, 3.0),
)
"""Style, points, colour, points before and after: where no template has its own."""
WIDEST, SHAPE, MOST_OF_PAGE = Cm(25), 0.42, 0.5
BAR, AROUND_BARS = Cm(0.68), Cm(2.3)
"""Height of a horizontal bar with its name in one line, without which Word leaves every second name out."""
IN_LEGEND, LEGEND_ENTRY = 4, Cm(0.25)
"""Entries of a legend that a chart has room for, and what each further one takes: three stand in a line."""


def document_of(template: Path | None) -> tuple[WordDocument, Styles]:
    """An empty document, and the styles to write it in. Raises `UnusableTemplate`."""
    document = opened(template) if template else _plain()
    if template:
        _set_up_pages(document)
        _keep_margins(document)
        _empty(document)
    _set_language(document)
    return document, styles_of(document, _plain() if template else document)


def chart_size(document: WordDocument, plot: Plot) -> tuple[int, int]:
    """Width and height of a chart: the width between the margins, room for the name of each horizontal bar,
    and at most half a page.
    """
    most = int(text_height(document) * MOST_OF_PAGE)
    wide = min(text_width(document), WIDEST, int(most / SHAPE))
    bars = len(plot.categories) * BAR + AROUND_BARS if plot.kind == "bars" else 0
    legend = max(0, sum(each.in_legend for each in plot.series) - IN_LEGEND) * LEGEND_ENTRY
    return Emu(wide), Emu(min(max(int(wide * SHAPE) + legend, bars), most))


def text_width(document: WordDocument) -> int:
    """The width between the margins."""
    section = document.sections[-1]
    return _between(section.page_width, section.left_margin, section.right_margin)


def text_height(document: WordDocument) -> int:
    """The height between the margins."""
    section = document.sections[-1]
    return _between(section.page_height, section.top_margin, section.bottom_margin)


def _between(size: int | None, *margins: int | None) -> int:
    # A section without a size of its own has none: no chart has room there.
    return (size or 0) - sum(margin or 0 for margin in margins)


def _plain() -> WordDocument:
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin, section.bottom_margin = Cm(2), Cm(2.2)
    for name, points, colour, before, after in LOOK:
        style = document.styles[name]
        style.font.name, style.font.size = "Arial", Pt(points)
        style.font.color.rgb = RGBColor.from_string(colour.removeprefix("#").upper())
        style.font.bold = name != "Normal"
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        style.paragraph_format.line_spacing = 1.1
        for line in style.element.xpath("w:pPr/w:pBdr"):
            line.getparent().remove(line)
        # A font of the theme would go before the one named.
        fonts = style.element.rPr.rFonts
        for own in [each for each in fonts.attrib if each.endswith("Theme")]:
            del fonts.attrib[own]
    return document


def _set_up_pages(document: WordDocument) -> None:
    """A page set-up where the template says none of it: A4."""
    if not len(document.sections):
        document.element.body.append(OxmlElement("w:sectPr"))
    usual = (
        ("page_width", Cm(21)),
        ("page_height", Cm(29.7)),
        *((f"{side}_margin", Cm(2)) for side in ("left", "right", "top", "bottom")),
    )
    for section in document.sections:
        for name, length in usual:
            if getattr(section, name) is None:
                setattr(section, name, length)


def _keep_margins(document: WordDocument) -> None:
    """Headers and footers that the last section takes over from those before it become its own."""
    kept: dict[tuple[str, str], Any] = {}
    for section in document.sections:
        for each in section._sectPr:
            if each.tag in (qn("w:headerReference"), qn("w:footerReference")):
                kept[each.tag, each.get(qn("w:type"))] = each
    last = document.sections[-1]._sectPr
    own = {(each.tag, each.get(qn("w:type"))) for each in last}
    for place, each in enumerate(each for key, each in kept.items() if key not in own):
        last.insert(place, deepcopy(each))


def _empty(document: WordDocument) -> None:
    body = document.element.body
    for part in list(body):
        if part.tag != qn("w:sectPr"):
            body.remove(part)
    # Pictures and charts of the example would stay in the file, under names that new ones want.
    for number, relation in list(document.part.rels.items()):
        if relation.reltype.rsplit("/", 1)[-1] in EXAMPLES:
            del document.part.rels[number]


def _set_language(document: WordDocument) -> None:
    """The language of all that says no other: of every run."""
    styles = document.styles.element
    place = styles
    for tag in ("w:docDefaults", "w:rPrDefault", "w:rPr", "w:lang"):
        found = place.find(qn(tag))
        if found is None:
            found = OxmlElement(tag)
            place.insert(0, found) if tag != "w:lang" else place.append(found)
        place = found
    for language in styles.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
