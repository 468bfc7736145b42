"""A pack as PDF/UA: tagged, with language, title and alternative texts, from the pack's own HTML.

WeasyPrint needs Pango, a library of the system. Where it is missing `NotHere` names the packages.
"""

from collections.abc import Sequence

from dashboard.packs.contents.pack import Contents
from dashboard.packs.formats.format import Given, NotHere
from dashboard.packs.formats.html.write import html_of
from dashboard.packs.formats.pdf.header_cells import finish

VARIANT = "pdf/ua-1"


def write(pack: Contents, given: Given) -> bytes:
    """The file."""
    return pdf_of(pack, given.pictures())


def pdf_of(pack: Contents, pictures: Sequence[bytes]) -> bytes:
    """The file, from pictures of every chart. Raises `NotHere`."""
    try:
        # Importing it loads Pango.
        import weasyprint
        from weasyprint.urls import URLFetcher
    except OSError as error:
        raise NotHere(
            "PDF needs Pango, which is not installed: packages libpango-1.0-0 and libpangoft2-1.0-0"
        ) from error
    # Pictures stand in the document; nothing else is ever asked for.
    fetcher = URLFetcher(allowed_protocols={"data"}, fail_on_errors=True)
    document = weasyprint.HTML(string=html_of(pack, pictures, printed=True), url_fetcher=fetcher)
    return bytes(document.write_pdf(pdf_variant=VARIANT, finisher=finish))
