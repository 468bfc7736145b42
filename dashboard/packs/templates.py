"""The trust's own templates: one PowerPoint file, one Word file, told apart by how their names end.

A template is opened before anything is made from it, so that a broken one is refused by its name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

PROGRAMS = {"pptx": "PowerPoint", "docx": "Word"}
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
                f"{path.name} is no template for a pack: expected .pptx or .docx. A .potx or .dotx can be "
                "saved as one of them."
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
    try:
        if kind == "pptx":
            from pptx import Presentation

            return Presentation(str(path))
        from docx import Document

        return Document(str(path))
    except Exception as error:
        raise UnusableTemplate(f"{path.name} is not a {PROGRAMS[kind]} template: expected .{kind}") from error
