"""The trust's own templates: one PowerPoint file, one Word file, told apart by how their names end.

A template is opened before anything is made from it, so that a broken one is refused by its name.
"""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

PROGRAMS = {"pptx": "PowerPoint", "docx": "Word"}
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_TYPES, _WAYS = "[Content_Types].xml", "_rels/.rels"
_OTHERS = {
    "wordprocessingml.template": "a Word template (.dotx)",
    "presentationml.template": "a PowerPoint template (.potx)",
    "presentationml.slideshow": "a PowerPoint show (.ppsx)",
    "spreadsheetml.sheet": "an Excel workbook",
}
"""The main part of a package that is no document or presentation -> what it is."""
Templates = Mapping[str, Path]
"""Format -> template; a format without one has the looks of its own."""


class UnusableTemplate(ValueError):
    """A template cannot be used; the message names it and says what was expected."""


def templates_of(paths: Sequence[Path]) -> Templates:
    """The templates by format, each opened once. Raises `UnusableTemplate`."""
    found: dict[str, Path] = {}
    for path in paths:
        kind = path.suffix.lower().removeprefix(".")
        if kind not in PROGRAMS:
            raise UnusableTemplate(
                f"{path.name} is no template for a pack: expected .pptx or .docx. A .potx, .dotx, .odp or "
                ".odt can be saved as one of them; one with macros (.pptm, .docm) without them."
            )
        if kind in found:
            raise UnusableTemplate(
                f"{found[kind].name} and {path.name} are both for {PROGRAMS[kind]}: expected one of each."
            )
        opened(path)
        found[kind] = path
    return found


def opened(path: Path) -> Any:
    """The presentation or document. Raises `UnusableTemplate`."""
    kind = path.suffix.lower().removeprefix(".")
    if reason := _other_kind(path, kind):
        raise UnusableTemplate(f"{path.name} {reason} Expected a {PROGRAMS[kind]} file saved as .{kind}.")
    try:
        if kind == "pptx":
            from pptx import Presentation

            return Presentation(str(path))
        from docx import Document

        return Document(str(path))
    except Exception as error:
        raise UnusableTemplate(f"{path.name} is not a {PROGRAMS[kind]} template: expected .{kind}") from error


def _other_kind(path: Path, kind: str) -> str:
    """What the file is instead of a template of this kind, as the end of a sentence; '' if it may be one."""
    try:
        with path.open("rb") as file:
            begins = file.read(8)
        if begins == _OLE:
            return "is protected by a password, or saved in the format of 1997 to 2003."
        with zipfile.ZipFile(path) as package:
            names = package.namelist()
            types = package.read("[Content_Types].xml").decode("utf-8", "replace") if _TYPES in names else ""
            ways = package.read(_WAYS).decode("utf-8", "replace") if _WAYS in names else ""
    except OSError as fault:
        return f"cannot be read: {fault.strerror}."
    except (zipfile.BadZipFile, KeyError):
        return f"is not a {PROGRAMS[kind]} template, or damaged."
    if "mimetype" in names:
        return "is an OpenDocument file under another name."
    if "macroEnabled" in types or any(name.endswith("vbaProject.bin") for name in names):
        return "holds macros, which a pack is not made with."
    if "purl.oclc.org/ooxml" in ways:
        return "is saved as “Strict Open XML”, which cannot be written in."
    for mark, what in _OTHERS.items():
        if f"{mark}.main+xml" in types:
            return f"is {what} under another name."
    return ""
