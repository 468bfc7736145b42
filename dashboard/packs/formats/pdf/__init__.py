"""PDF."""

from dashboard.packs.formats.format import Format

FORMAT = Format("pdf", "PDF", "application/pdf")
