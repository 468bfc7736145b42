"""Word."""

from dashboard.packs.formats.format import Format

FORMAT = Format(
    "docx", "Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", of_cards=True
)
