"""One HTML file."""

from dashboard.packs.formats.format import Format

FORMAT = Format("html", "HTML", "text/html")
