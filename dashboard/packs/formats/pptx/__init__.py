"""PowerPoint."""

from dashboard.packs.contents.pack import Contents
from dashboard.packs.formats.format import Format, Given


def _write(pack: Contents, given: Given) -> bytes:
    from dashboard.packs.formats.pptx.write import pptx_of

    return pptx_of(pack, template=given.template)


FORMAT = Format(
    name="pptx",
    title="PowerPoint",
    mime_type="application/vnd.openxmlformats-officedocument.presentationml.presentation",
    write=_write,
    of_cards=True,
)
