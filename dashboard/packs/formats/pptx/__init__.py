"""PowerPoint."""

from dashboard.packs.formats.format import Format

FORMAT = Format(
    "pptx",
    "PowerPoint",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    of_cards=True,
)
