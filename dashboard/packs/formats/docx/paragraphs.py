"""Headings and paragraphs of a document, written by the ids of its styles."""

from typing import Any

from docx.document import Document as WordDocument
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from dashboard.packs.formats.docx.styles import Styles


def add_heading(document: WordDocument, styles: Styles, words: str, level: int) -> Any:
    """The title (0) or a heading, kept with what follows it."""
    paragraph = document.add_paragraph(words)
    # By its id: python-docx looks styles up by names that not every program writes.
    paragraph._p.style = styles.of_heading(level)
    paragraph.paragraph_format.keep_with_next = level > 0
    return paragraph


def add_text(
    document: WordDocument,
    words: str,
    *,
    heading: str = "",
    bold: bool = False,
    points: float | None = None,
    colour: str = "",
) -> Any:
    """A paragraph, perhaps after a word in bold."""
    paragraph = document.add_paragraph()
    if heading:
        paragraph.add_run(f"{heading}: ").bold = True
    run = paragraph.add_run(words)
    run.bold = bold
    if points:
        run.font.size = Pt(points)
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour.removeprefix("#").upper())
    return paragraph


def bookmark_name(number: int) -> str:
    """What the contents call the heading of a page."""
    return f"_Toc{100_000_000 + number}"


def bookmarked(paragraph: Any, number: int) -> None:
    """Put a bookmark around a heading, to which the contents lead."""
    ends = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for each in ends:
        each.set(qn("w:id"), str(number))
    ends[0].set(qn("w:name"), bookmark_name(number))
    place = paragraph._p.find(qn("w:r"))
    if place is None:
        paragraph._p.append(ends[0])
    else:
        place.addprevious(ends[0])
    paragraph._p.append(ends[1])


def field(kind: str, instruction: str = "") -> Any:
    """A run with a part of a field: its begin, instruction, middle or end."""
    run = OxmlElement("w:r")
    if kind == "instruction":
        part = OxmlElement("w:instrText")
        part.set(qn("xml:space"), "preserve")
        part.text = f" {instruction} "
    else:
        part = OxmlElement("w:fldChar")
        part.set(qn("w:fldCharType"), kind)
    run.append(part)
    return run


def text_run(words: str) -> Any:
    """A run of words, for where python-docx has no way to put one."""
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.set(qn("xml:space"), "preserve")
    text.text = words
    run.append(text)
    return run


def add_field(place: Any, instruction: str, shown: str) -> None:
    """A field at the end of an element, with what it shows until it is updated."""
    place.extend(
        [
            field("begin"),
            field("instruction", instruction),
            field("separate"),
            text_run(shown),
            field("end"),
        ]
    )
