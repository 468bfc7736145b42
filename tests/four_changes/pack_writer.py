"""A pack in Markdown: its headings."""

from dashboard.packs.contents.pack import Contents
from dashboard.packs.formats.format import Given


def write(pack: Contents, _given: Given) -> bytes:
    """The file."""
    return "\n\n".join([f"# {pack.title}", *(f"## {page.title}" for page in pack.pages)]).encode()
