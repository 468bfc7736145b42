"""Excel."""

from dashboard.packs.formats.format import Format

FORMAT = Format(
    "xlsx", "Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", of_cards=True
)
