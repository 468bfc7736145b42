"""PDF."""

from dashboard.packs.contents.pack import Contents
from dashboard.packs.formats.format import Format, Given


def _write(pack: Contents, given: Given) -> bytes:
    from dashboard.packs.formats.pdf.write import pdf_of

    return pdf_of(pack, given.pictures)


FORMAT = Format(name="pdf", title="PDF", mime_type="application/pdf", write=_write, pictures="or no file")
