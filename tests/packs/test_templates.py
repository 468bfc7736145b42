"""The trust's own templates: what of them a pack keeps, what it leaves out, and what it adds to them."""

import io
import zipfile

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.shared import Cm, RGBColor
from pptx import Presentation
from pptx.util import Emu, Inches

from dashboard.packs.docx import docx_of
from dashboard.packs.page import Page, Table
from dashboard.packs.pptx import pptx_of
from dashboard.packs.slide_pages import row_heights, sentences_height, slides_of, title_size
from dashboard.packs.templates import UnusableTemplate, templates_of
from tests.packs import making


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
    assert len(written.tables) == sum(len(page.tables) for page in pack.pages)
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
    "words", ["Short", "A title of some length that a board reads", "x" * 40 + " " + "y" * 80]
)
def test_a_title_is_as_large_as_its_place_allows_and_no_larger_than_the_templates(words):
    size = title_size(words, width=8.0, height=0.8, own=28.0)
    assert 14 <= size <= 28
    lines = -(-len(words) * size * 0.56 // (8.0 * 72))
    assert lines * size * 1.2 <= 0.8 * 72 or size == 14
    assert (size == 28) is (len(words) <= 36)


def test_a_table_goes_on_where_it_does_not_fit_and_loses_no_row():
    rows = tuple((f"Row {number}", "words " * (number % 30)) for number in range(60))
    page = Page("Name", "Title", ("A sentence.",), tables=(Table("All", ("Row", "Words"), rows, 2),))
    slides = list(slides_of(page, page.tables, charted=False, width=12.0, height=5.5))
    assert [row for _, tables in slides for table in tables for row in table.rows] == list(rows)
    titles = [part.title for part, _ in slides]
    assert len(set(titles)) == len(titles) > 2
    for part, tables in slides:
        for table in tables:
            room = 5.5 - sentences_height(part.paragraphs, 12.0)
            assert sum(row_heights(table, 12.0)) <= room * 1.1
