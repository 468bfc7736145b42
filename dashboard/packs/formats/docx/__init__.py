"""Word."""

from dashboard.packs.contents.pack import Contents
from dashboard.packs.formats.format import Format, Given


def _write(pack: Contents, given: Given) -> bytes:
    from dashboard.packs.formats.docx.write import docx_of

    return docx_of(pack, template=given.template)


FORMAT = Format(
    name="docx",
    title="Word",
    mime_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    write=_write,
    of_cards=True,
)
