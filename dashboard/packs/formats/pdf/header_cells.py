"""What WeasyPrint 70 leaves out of the structure of tables and PDF/UA asks for: whether a header cell is that
of its column or of its row, and the tree by which readers find a header cell from the cells that name it.

It runs as WeasyPrint's own finisher, before the file is written.
"""

from typing import Any

ROW, COLUMN = "/Row", "/Column"


def finish(_document: object, pdf: Any) -> None:
    """Give every header cell its scope, and the structure tree its IDTree; `pdf` is a pydyf.PDF."""
    parts = [each for each in pdf.objects if isinstance(each, dict)]
    cells = [each for each in parts if each.get("S") == "/TH"]
    for cell in cells:
        row = _parent(pdf, cell)
        cell["A"]["Scope"] = COLUMN if _parent(pdf, row).get("S") == "/THead" else ROW
    named = sorted((cell["ID"].string, cell) for cell in cells if "ID" in cell)
    if named:
        _add_tree(pdf, next(each for each in parts if each.get("Type") == "/StructTreeRoot"), named)


def _parent(pdf: Any, element: Any) -> Any:
    """The element that holds another: a reference is written "12 0 R"."""
    return pdf.objects[int(bytes(element["P"]).split()[0])]


def _add_tree(pdf: Any, root: Any, named: list[tuple[str, Any]]) -> None:
    """A tree of one leaf: names in order, each with its cell."""
    import pydyf

    names = pydyf.Array(each for name, cell in named for each in (pydyf.String(name), cell.reference))
    tree = pydyf.Dictionary({"Names": names})
    pdf.add_object(tree)
    root["IDTree"] = tree.reference
