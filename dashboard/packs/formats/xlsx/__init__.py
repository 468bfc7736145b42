"""Excel."""

from dashboard.packs.contents.pack import Contents
from dashboard.packs.formats.format import Format, Given


def _write(pack: Contents, _given: Given) -> bytes:
    from dashboard.packs.formats.xlsx.write import xlsx_of

    return xlsx_of(pack)


FORMAT = Format(
    name="xlsx",
    title="Excel",
    mime_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    write=_write,
    of_cards=True,
)
