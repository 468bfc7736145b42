"""One HTML file."""

from dashboard.packs.contents.pack import Contents
from dashboard.packs.formats.format import Format, Given


def _write(pack: Contents, given: Given) -> bytes:
    from dashboard.packs.formats.html.write import html_of

    return html_of(pack, given.pictures, unpictured=given.unpictured).encode()


FORMAT = Format(name="html", title="HTML", mime_type="text/html", write=_write, pictures="or tables")
