"""Every format of a pack by name, and which of them this machine can make."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dashboard.figures.pictures import NoBrowser, NotDrawn, pictures
from dashboard.packs.contents.pack import Contents
from dashboard.packs.formats.docx.write import docx_of
from dashboard.packs.formats.html.write import html_of
from dashboard.packs.formats.pdf.write import NoPango, pdf_of
from dashboard.packs.formats.pptx.write import pptx_of
from dashboard.packs.formats.xlsx.write import xlsx_of
from dashboard.packs.office.templates import PROGRAMS, Templates, UnusableTemplate

MIME_TYPES = {
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "html": "text/html",
}


PICTURED = ("html", "pdf")
"""Formats in which charts are pictures."""


@dataclass(slots=True)
class Made:
    """What came of each format that was asked for: a file, the reason there is none, or a fault of ours.

    `busy`: what was refused may be made in a minute. `unpictured`: why charts of the HTML are tables.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    faults: dict[str, Exception] = field(default_factory=dict)
    busy: bool = False
    unpictured: str = ""

    @property
    def sentences(self) -> list[str]:
        """What to tell whoever asked: each format refused, and what one lacks."""
        said = [f"{name.upper()} was not made. {reason}." for name, reason in self.refused.items()]
        if self.unpictured and "html" in self.files:
            said.append(f"HTML has tables in place of its charts. {self.unpictured}.")
        return said


def made(pack: Contents, formats: Sequence[str], *, templates: Templates | None = None) -> Made:
    """The files: one that fails does not stop the others. Raises `UnusableTemplate`.

    Charts are drawn once for HTML and PDF.
    """
    own = templates or {}
    found = Made()
    drawn = _pictures(found, pack, formats)
    writers: dict[str, Callable[[], bytes]] = {
        "pptx": lambda: pptx_of(pack, template=own.get("pptx")),
        "docx": lambda: docx_of(pack, template=own.get("docx")),
        "xlsx": lambda: xlsx_of(pack),
        "html": lambda: html_of(pack, drawn, unpictured=found.unpictured).encode(),
        "pdf": lambda: pdf_of(pack, drawn),
    }
    for name in formats:
        if name in found.refused:
            continue
        try:
            found.files[name] = writers[name]()
        except UnusableTemplate:
            raise
        except NoPango as reason:
            found.refused[name] = str(reason)
        except Exception as fault:
            if name in own and _can_be_made(pack, name):
                raise UnusableTemplate(_not_writable(own[name], fault)) from fault
            found.faults[name] = fault
    return found


def _can_be_made(pack: Contents, name: str) -> bool:
    """Whether a format that failed in a template can be made without it: then the template is at fault."""
    try:
        {"pptx": pptx_of, "docx": docx_of}[name](pack)
    except Exception:
        return False
    return True


def _not_writable(template: Path, fault: Exception) -> str:
    program = PROGRAMS[template.suffix.lower().removeprefix(".")]
    return (
        f"A pack cannot be written in {template.name} ({type(fault).__name__}), but can without it. "
        f"Open it in {program}, save it anew, or name no template."
    )


def _pictures(found: Made, pack: Contents, formats: Sequence[str]) -> list[bytes]:
    """The pictures of all charts; without them, what that means for each format is written down."""
    asked = [name for name in formats if name in PICTURED]
    charts = [(page.chart, page.height) for page in pack.pages if page.chart]
    if not asked or not charts:
        return []
    try:
        return pictures(charts)
    except NoBrowser as reason:
        found.unpictured = str(reason)
        if "pdf" in asked:
            found.refused["pdf"] = str(reason)
    except NotDrawn as reason:
        found.busy = True
        found.refused |= dict.fromkeys(asked, str(reason))
    return []
