"""The trust's own templates: what of them a pack keeps, what it leaves out, and what it adds to them."""

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm, RGBColor
from pptx import Presentation
from pptx.oxml.ns import qn as qn2
from pptx.util import Emu, Inches

from dashboard.packs.contents.page import Page, Table
from dashboard.packs.formats.docx.write import docx_of
from dashboard.packs.formats.made import made
from dashboard.packs.formats.pptx.slides import fitted_title, row_heights, sentences_height, slides_of
from dashboard.packs.formats.pptx.write import pptx_of
from dashboard.packs.office.grid import CONTINUED
from dashboard.packs.office.templates import UnusableTemplate, templates_of
from tests.dashboard.packs import making


@pytest.fixture(scope="module")
def pack(sample):
    return making.contents(sample, draft=("The next list was due on 2 Mar 2026",))


@pytest.fixture
def slides(tmp_path):
    template = Presentation()
    template.slide_width, template.slide_height = Emu(9_000_000), Emu(6_000_000)
    layout = next(each for each in template.slide_layouts if each.name == "Title Only")
    place = layout.placeholders[0]
    place.left, place.top, place.width, place.height = map(Inches, (1.5, 0.2, 7, 0.9))
    example = template.slides.add_slide(template.slide_layouts[0])
    example.shapes.title.text = "Lorem ipsum"
    template.save(tmp_path / "trust.pptx")
    return tmp_path / "trust.pptx"


@pytest.fixture
def document(tmp_path):
    """Landscape, red headings; a cover section owns header and footer, the last takes them over."""
    template = docx.Document()
    template.styles["Heading 1"].font.color.rgb = RGBColor(200, 0, 0)
    first = template.sections[0]
    first.header.paragraphs[0].text = "Tameford Hospitals"
    first.footer.paragraphs[0].text = "Board, in public"
    template.add_paragraph("Lorem ipsum")
    template.add_picture(_picture(), width=Cm(2))
    last = template.add_section()
    last.orientation, last.page_width, last.page_height = WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21)
    last.left_margin = last.right_margin = Cm(3)
    template.add_table(2, 2)
    template.save(tmp_path / "trust.docx")
    return tmp_path / "trust.docx"


def _picture():
    from PIL import Image

    written = io.BytesIO()
    Image.new("RGB", (4, 4)).save(written, "PNG")
    written.seek(0)
    return written


def test_slides_have_the_templates_size_and_titles_in_its_place_and_none_of_its_examples(pack, slides):
    deck = Presentation(io.BytesIO(pptx_of(pack, template=slides)))
    assert deck.slide_width == 9_000_000
    titles = [slide.shapes.title for slide in deck.slides]
    assert titles[0].text.startswith("Referral to treatment")
    assert "Lorem ipsum" not in [title.text for title in titles]
    for slide in deck.slides:
        title = slide.shapes.title
        assert (title.left, title.top) == (Inches(1.5), Inches(0.2))
        for shape in slide.shapes:
            if shape.shape_id != title.shape_id and shape.name not in ("Stamp: draft",):
                assert shape.top >= title.top + title.height, shape.name
            assert shape.top + shape.height <= deck.slide_height + Emu(1), shape.name
            assert shape.left + shape.width <= deck.slide_width + Emu(1), shape.name


def test_the_stamp_of_a_draft_lies_on_no_title_with_a_template_or_without(pack, slides):
    for template in (None, slides):
        for slide in Presentation(io.BytesIO(pptx_of(pack, template=template))).slides:
            (stamp,) = [shape for shape in slide.shapes if shape.name == "Stamp: draft"]
            for shape in slide.shapes:
                apart = (
                    shape.left >= stamp.left + stamp.width
                    or stamp.left >= shape.left + shape.width
                    or shape.top >= stamp.top + stamp.height
                    or stamp.top >= shape.top + shape.height
                )
                assert apart or shape.shape_id == stamp.shape_id, shape.name


def test_a_template_without_a_layout_for_titles_is_refused(pack, tmp_path):
    template = Presentation()
    for layout in list(template.slide_layouts):
        for place in list(layout.placeholders):
            place._element.getparent().remove(place._element)
    template.save(tmp_path / "bare.pptx")
    with pytest.raises(UnusableTemplate, match="no slide layout with a title"):
        pptx_of(pack, template=tmp_path / "bare.pptx")


def test_a_document_has_the_templates_styles_page_header_and_footer_and_none_of_its_examples(pack, document):
    content = docx_of(pack, template=document)
    written = making.document(content)
    assert written.styles["Heading 1"].font.color.rgb == RGBColor(200, 0, 0)
    (section,) = written.sections
    assert (round(section.page_width.cm, 1), round(section.left_margin.cm, 1)) == (29.7, 3.0)
    assert [each.text for each in section.header.paragraphs] == ["Tameford Hospitals", "DRAFT"]
    assert [each.text for each in section.footer.paragraphs] == ["Board, in public", pack.footer]
    assert "Lorem ipsum" not in [each.text for each in written.paragraphs]
    captions = {table.caption for page in pack.pages for table in page.tables}
    named = [each.text.removesuffix(CONTINUED) for each in written.paragraphs]
    assert captions <= set(named)
    # Besides, the messages of the first page.
    assert len(written.tables) == 1 + sum(name in captions for name in named)
    headings = [each.text for each in written.paragraphs if each.style.name == "Heading 1"]
    assert headings == [page.title for page in pack.pages]
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = package.namelist()
        assert len(names) == len(set(names))
        assert not any("media" in name for name in names)


def test_charts_and_tables_of_a_document_keep_between_its_margins(pack, document):
    written = making.document(docx_of(pack, template=document))
    room = Cm(29.7 - 6)
    for drawing in written.element.iter("{*}extent"):
        assert int(drawing.get("cx")) <= room
        assert int(drawing.get("cy")) < Cm(21 - 4) / 2
    for table in written.tables:
        assert sum(column.width for column in table.columns) <= room + Cm(0.01)


def test_a_first_page_of_its_own_says_the_source_too(pack, document):
    template = docx.Document(document)
    template.sections[-1].different_first_page_header_footer = True
    template.save(document)
    section = making.document(docx_of(pack, template=document)).sections[0]
    for footer in (section.footer, section.first_page_footer):
        assert footer.paragraphs[-1].text == pack.footer


def test_a_template_without_the_usual_styles_gets_them(pack, tmp_path):
    template = docx.Document()
    for name in ("Title", "Heading 1", "Heading 2", "Table Grid"):
        element = template.styles[name].element
        element.getparent().remove(element)
    defaults = template.styles.element.find("{*}docDefaults")
    defaults.getparent().remove(defaults)
    template.save(tmp_path / "bare.docx")
    written = making.document(docx_of(pack, template=tmp_path / "bare.docx"))
    assert {"Title", "Heading 1", "Heading 2", "Table Grid"} <= {style.name for style in written.styles}
    assert written.styles.element.find("{*}docDefaults/{*}rPrDefault/{*}rPr/{*}lang") is not None


def test_the_same_template_gives_the_same_bytes(pack, slides, document):
    assert pptx_of(pack, template=slides) == pptx_of(pack, template=slides)
    assert docx_of(pack, template=document) == docx_of(pack, template=document)


def test_templates_are_told_apart_by_how_their_names_end(slides, document):
    assert templates_of([document, slides]) == {"docx": document, "pptx": slides}
    assert templates_of([]) == {}


@pytest.mark.parametrize(
    "words", ["Short", "A title of some length that a board reads", "x" * 40 + " " + "y" * 80, "z" * 2000]
)
def test_a_title_is_as_large_as_its_place_allows_and_no_larger_than_the_templates(words):
    shown, size = fitted_title(words, 1, width=8.0, height=0.8, own=28.0)
    assert 14 <= size <= 28
    assert (size == 28) is (len(words) <= 41)
    assert shown == words or (size == 14 and shown.endswith("…") and len(shown) > 100)
    again, _ = fitted_title(words, 2, width=8.0, height=0.8, own=28.0)
    assert again.endswith(" (2)"), "continued slides have titles of their own"


def test_a_table_goes_on_where_it_does_not_fit_and_loses_no_row():
    rows = tuple((f"Row {number}", "words " * (number % 30)) for number in range(60))
    page = Page("Name", "Title", ("A sentence.",), tables=(Table("All", ("Row", "Words"), rows, 2),))
    slides = list(slides_of(page, page.tables, charted=False, width=12.0, height=5.5))
    assert [row for part in slides for table in part.tables for row in table.rows] == list(rows)
    assert [part.number for part in slides] == list(range(1, len(slides) + 1))
    for part in slides:
        for table in part.tables:
            assert sum(row_heights(table, 12.0)) <= 5.5 - sentences_height(part.said, 12.0)


def test_sentences_that_do_not_fit_beside_a_chart_go_on_to_the_next_slide_and_none_is_lost():
    said = tuple(f"{number}. " + "Theatres were closed for repair. " * 20 for number in range(6))
    page = Page("Name", "Title", said)
    slides = list(slides_of(page, (), charted=True, width=12.0, height=5.5))
    assert [words for part in slides for _, words in part.said] == list(said)
    assert [part.charted for part in slides] == [True, *[False] * (len(slides) - 1)]
    assert len(slides) > 1


# Templates of other programs and languages, and files that are no template.

LIBREOFFICE = Path(__file__).parent / "cases" / "template-libreoffice.docx"


def headings_of(content):
    """Styles of the title, the headings and the tables of a document, as their elements."""
    written = making.document(content)
    by_id = {style.get(qn("w:styleId")): style for style in written.styles.element.findall(qn("w:style"))}
    used = [paragraph._p.style for paragraph in written.paragraphs if paragraph._p.style]
    return (
        written,
        [by_id[each] for each in dict.fromkeys(used)],
        [by_id[each._tbl.tblStyle_val] for each in written.tables],
    )


def test_a_template_saved_by_libreoffice_keeps_its_styles_header_and_footer(pack):
    """Fault 32: its "Heading 1", with a capital as LibreOffice writes it, ended in a KeyError."""
    written, styles, grids = headings_of(docx_of(pack, template=LIBREOFFICE))
    names = [style.find(qn("w:name")).get(qn("w:val")) for style in styles]
    assert names == ["Title", "Heading 1", "Heading 2"]
    assert (
        len(written.styles.element.findall(qn("w:style")))
        == len(docx.Document(LIBREOFFICE).styles.element.findall(qn("w:style"))) + 1
    ), "the table's style alone was missing"
    assert all(style.find(qn("w:name")).get(qn("w:val")) == "Table Grid" for style in grids)
    titles = [each.text for each in written.paragraphs if each._p.style == styles[1].get(qn("w:styleId"))]
    assert titles == [page.title for page in pack.pages]
    own = docx.Document(LIBREOFFICE)
    first = own.sections[0].header.paragraphs[0].text
    assert first in [each.text for each in written.sections[0].header.paragraphs]


NAMES = {
    "Word in any language": ("title", "heading 1", "heading 2", "table grid"),
    "German names": ("Titel", "Überschrift 1", "Überschrift 2", "Tabellenraster"),
    "French names": ("Titre", "Titre 1", "Titre 2", "Grille du tableau"),
    "Welsh names": ("Teitl", "Pennawd 1", "Pennawd 2", "Grid Tabl"),
    "a name of the trust's own, the outline alone": ("Title", "Board big", "Board small", "Table Grid"),
}


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES.keys())
def test_styles_are_found_by_name_in_other_languages_or_by_outline(pack, tmp_path, names):
    """Fault 32: styles are looked up however they are called, never only by the English name."""
    template = docx.Document()
    for usual, name in zip(("Title", "Heading 1", "Heading 2", "Table Grid"), names, strict=True):
        style = template.styles[usual].element
        style.find(qn("w:name")).set(qn("w:val"), name)
        style.set(qn("w:styleId"), f"own{len(name)}{usual[-1]}")
    template.save(tmp_path / "own.docx")
    _, styles, grids = headings_of(docx_of(pack, template=tmp_path / "own.docx"))
    found = {style.find(qn("w:name")).get(qn("w:val")) for style in (*styles, *grids)}
    assert found == set(names)


def test_a_template_whose_ids_are_taken_by_other_kinds_of_style_gets_styles_of_its_own(pack, tmp_path):
    template = docx.Document()
    for name in ("Heading 1", "Table Grid"):
        element = template.styles[name].element
        element.set(qn("w:type"), "character")
        element.find(qn("w:name")).set(qn("w:val"), f"Other {name}")
    template.save(tmp_path / "own.docx")
    written, styles, _ = headings_of(docx_of(pack, template=tmp_path / "own.docx"))
    ids = [style.get(qn("w:styleId")) for style in written.styles.element.findall(qn("w:style"))]
    assert len(ids) == len(set(ids))
    assert all(style.get(qn("w:type")) == "paragraph" for style in styles)


def test_a_template_that_says_nothing_of_its_pages_gets_a4(pack, tmp_path):
    template = docx.Document()
    body = template.element.body
    body.remove(body.find(qn("w:sectPr")))
    template.save(tmp_path / "own.docx")
    (section,) = making.document(docx_of(pack, template=tmp_path / "own.docx")).sections
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)


def test_slides_find_the_layout_of_a_title_alone_by_its_kind_in_any_master(pack, tmp_path):
    """Fault 32: a layout is known by its kind; its name is in the language of who made the template."""
    template = Presentation()
    for layout in template.slide_layouts:
        layout._element.find(qn2("p:cSld")).set("name", f"Folie {layout.name[::-1]}")
    # One with fewer places, which is a title slide all the same.
    first = template.slide_layouts[0]
    for place in list(first.placeholders)[1:]:
        place._element.getparent().remove(place._element)
    template.save(tmp_path / "own.pptx")
    deck = Presentation(io.BytesIO(pptx_of(pack, template=tmp_path / "own.pptx")))
    assert {slide.slide_layout._element.get("type") for slide in deck.slides} == {"titleOnly"}


def test_sections_and_shows_of_a_template_go_with_its_examples(pack, tmp_path):
    template = Presentation()
    slide = template.slides.add_slide(template.slide_layouts[0])
    root = template.part._element
    shows = root.makeelement(qn2("p:custShowLst"), {})
    root.find(qn2("p:notesSz")).addnext(shows)
    section = parse_xml(
        '<p:extLst xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"><p:ext uri="x">'
        '<p14:sectionLst xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main">'
        f'<p14:section name="a"><p14:sldIdLst><p14:sldId id="{slide.slide_id}"/></p14:sldIdLst></p14:section>'
        "</p14:sectionLst></p:ext></p:extLst>"
    )
    root.append(section)
    template.save(tmp_path / "own.pptx")
    written = Presentation(io.BytesIO(pptx_of(pack, template=tmp_path / "own.pptx"))).part._element
    assert not list(written.iter("{*}sectionLst"))
    assert written.find(qn2("p:custShowLst")) is None


def repacked(source, target, *, types=("", ""), more=()):
    """A copy of an office file with other words in its list of parts, and further parts."""
    with zipfile.ZipFile(source) as read, zipfile.ZipFile(target, "w") as out:
        for name in read.namelist():
            content = read.read(name)
            out.writestr(name, content.replace(types[0].encode(), types[1].encode()) if types[0] else content)
        for name in more:
            out.writestr(name, b"x")
    return target


MAIN = "wordprocessingml.document.main+xml"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda at, t: repacked(t, at / "own.docx", more=["word/vbaProject.bin"]), "holds macros"),
        (
            lambda at, t: repacked(
                t, at / "own.docx", types=(MAIN, "ms-word.document.macroEnabled.main+xml")
            ),
            "macros",
        ),
        (
            lambda at, t: repacked(t, at / "own.docx", types=(MAIN, "wordprocessingml.template.main+xml")),
            ".dotx",
        ),
        (lambda at, t: repacked(t, at / "own.docx", more=["mimetype"]), "OpenDocument"),
        (lambda at, t: _written(at / "own.docx", bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 600), "password"),
        (lambda at, t: _written(at / "own.docx", b"%PDF-1.7"), "is not a Word template"),
        (lambda at, t: at / "none.docx", "cannot be read"),
        (lambda at, t: _written(at / "own.docm", b"x"), "expected .pptx or .docx"),
        (lambda at, t: repacked(t, at / "own.pptx"), "is not a PowerPoint template"),
    ],
)
def test_what_is_no_template_is_refused_by_name_and_kind(document, tmp_path, make, said):
    """Fault 32: a file of another kind, with macros or a password is named before a pack is made."""
    path = make(tmp_path, document)
    with pytest.raises(UnusableTemplate, match=said) as refused:
        templates_of([path])
    assert path.name in str(refused.value)


def _written(path, content):
    path.write_bytes(content)
    return path


def test_a_template_that_opens_but_cannot_be_written_in_is_named_and_no_fault_of_the_dashboard(
    pack, tmp_path
):
    template = docx.Document()
    template.element.remove(template.element.body)
    template.save(tmp_path / "own.docx")
    with pytest.raises(UnusableTemplate, match=r"own\.docx"):
        made(pack, ("docx",), templates={"docx": tmp_path / "own.docx"})
