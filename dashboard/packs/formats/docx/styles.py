"""Which styles of a template a pack is written in: looked up however they are called, added where missing.

Word writes the English names of its own styles whatever its language, "heading 1" in small letters;
LibreOffice writes "Heading 1", other programs the names of their language. A style is therefore looked for by
name, by its other names, by its id and, a heading, by its outline level.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from docx.document import Document as WordDocument
from docx.oxml.ns import qn

_HEADINGS = (
    *("heading", "überschrift", "titre", "título", "titolo", "kop", "rubrik", "overskrift", "otsikko"),
    *("nagłówek", "nadpis", "címsor", "pennawd", "заголовок", "標題", "标题", "見出し"),
)
_TITLES = (
    *("title", "titel", "titre", "título", "titolo", "tittel", "rubrik", "tytuł", "název", "cím", "teitl"),
    *("pealkiri", "название", "標題", "标题", "表題"),
)
_GRIDS = (
    *("table grid", "tabellenraster", "tabellengitternetz", "grille du tableau", "tabla con cuadrícula"),
    *(
        "griglia tabella",
        "tabelraster",
        "tabellrutnät",
        "tabellrutenett",
        "tabel - gitter",
        "tabela - siatka",
    ),
    *("tabela com grade", "grid tabl", "сетка таблицы", "网格型", "表 (格子)"),
)


@dataclass(frozen=True, slots=True)
class Styles:
    """The ids of the styles that a pack is written with."""

    title: str
    headings: tuple[str, str]
    grid: str

    def of_heading(self, level: int) -> str:
        """Of the title (0) or a heading (1, 2)."""
        return self.title if level == 0 else self.headings[level - 1]


def styles_of(document: WordDocument, plain: WordDocument) -> Styles:
    """The styles of the document, those it lacks added as `plain` has them."""
    return Styles(
        title=_found(document, "paragraph", _TITLES) or _added(document, plain, "Title"),
        headings=(
            _heading(document, 1) or _added(document, plain, "Heading 1"),
            _heading(document, 2) or _added(document, plain, "Heading 2"),
        ),
        grid=_found(document, "table", _GRIDS) or _added(document, plain, "Table Grid"),
    )


def _heading(document: WordDocument, level: int) -> str:
    named = _found(document, "paragraph", tuple(f"{name} {level}" for name in _HEADINGS))
    return named or next(_of_outline(document, level), "")


def _found(document: WordDocument, kind: str, names: tuple[str, ...]) -> str:
    """The id of the first style of a kind with one of these names, other names or ids, or ""."""
    styles = list(_styles(document, kind))
    wanted = [_plain(name) for name in names]
    for told in (_names, _ids):
        for name in wanted:
            for style in styles:
                if name in told(style):
                    return _id(style)
    return ""


def _names(style: Any) -> list[str]:
    name, others = (style.find(qn(tag)) for tag in ("w:name", "w:aliases"))
    told = [] if name is None else [name.get(qn("w:val"))]
    told += [] if others is None else others.get(qn("w:val")).split(",")
    return [_plain(each) for each in told if each]


def _ids(style: Any) -> list[str]:
    own = _plain(_id(style))
    # Word leaves letters that are not English out of ids: "berschrift1".
    return [own, f"ü{own}"]


def _of_outline(document: WordDocument, level: int) -> Iterator[str]:
    for style in _styles(document, "paragraph"):
        outline = style.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        if outline is not None and outline.get(qn("w:val")) == str(level - 1):
            yield _id(style)


def _styles(document: WordDocument, kind: str) -> Iterator[Any]:
    for style in document.styles.element.findall(qn("w:style")):
        if style.get(qn("w:type"), "paragraph") == kind and _id(style):
            yield style


def _added(document: WordDocument, plain: WordDocument, name: str) -> str:
    """The id of a style copied into the document, unlike all that are there."""
    ids = {_id(style) for style in document.styles.element.findall(qn("w:style"))}
    style = deepcopy(plain.styles[name].element)
    number, own = 1, _id(style)
    while (found := own if number == 1 else f"{own}{number}") in ids:
        number += 1
    style.set(qn("w:styleId"), found)
    for tag in ("w:next", "w:link", "w:basedOn"):
        for pointer in style.findall(qn(tag)):
            if tag != "w:basedOn" or pointer.get(qn("w:val")) not in ids:
                style.remove(pointer)
    document.styles.element.append(style)
    return found


def _id(style: Any) -> str:
    return style.get(qn("w:styleId")) or ""


def _plain(name: str) -> str:
    return "".join(name.casefold().split())
