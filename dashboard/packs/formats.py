"""Every format of a pack by name, and which of them this machine can make."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.figures.pictures import NoBrowser, pictures
from dashboard.packs.contents import Contents
from dashboard.packs.docx import docx_of
from dashboard.packs.html import html_of
from dashboard.packs.pdf import NoPango, pdf_of
from dashboard.packs.pptx import pptx_of
from dashboard.packs.templates import Templates
from dashboard.packs.xlsx import xlsx_of

MIME_TYPES = {
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "html": "text/html",
}


def made(
    pack: Contents, formats: Sequence[str], *, templates: Templates | None = None
) -> tuple[dict[str, bytes], list[str]]:
    """Format -> file, and a sentence for each that this machine cannot make.

    Raises `UnusableTemplate`. Charts are drawn once for HTML and PDF.
    """
    own = templates or {}
    files: dict[str, bytes] = {}
    refused: list[str] = []
    drawn: list[bytes] = []
    if {"html", "pdf"} & set(formats):
        try:
            drawn = pictures([(page.chart, page.height) for page in pack.pages if page.chart])
        except NoBrowser as reason:
            refused.append(f"PDF was not made. {reason}.") if "pdf" in formats else None
    for name in formats:
        if name == "pptx":
            files[name] = pptx_of(pack, template=own.get("pptx"))
        elif name == "docx":
            files[name] = docx_of(pack, template=own.get("docx"))
        elif name == "xlsx":
            files[name] = xlsx_of(pack)
        elif name == "html":
            files[name] = html_of(pack, drawn).encode()
        elif name == "pdf" and not refused:
            try:
                files[name] = pdf_of(pack, drawn)
            except NoPango as reason:
                refused.append(f"PDF was not made. {reason}.")
    return files, refused
