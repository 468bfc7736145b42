"""Markdown: a made-up format of packs."""

from dashboard.packs.contents.pack import Contents
from dashboard.packs.formats.format import Format, Given


def _write(pack: Contents, _given: Given) -> bytes:
    return "\n\n".join([f"# {pack.title}", *(f"## {page.title}" for page in pack.pages)]).encode()


FORMAT = Format(name="md", title="Markdown", mime_type="text/markdown", write=_write, of_cards=True)
