"""Markdown: a made-up format of packs."""

from dashboard.packs.formats.format import Format

FORMAT = Format("md", "Markdown", "text/markdown", of_cards=True)
