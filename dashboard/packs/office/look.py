"""The look of a pack where the trust gives no template of its own: colours, and how they lie on one another.

NHS blue and its dark blue, pale panels, Arial. Text is at least 4.5 to 1 on its ground; charts have the
colours of `figures.theme`.
"""

from dashboard.figures import theme

BLUE, DARK_BLUE = theme.BLUE, "#003087"
INK, QUIET, PAPER = theme.TEXT, theme.SECONDARY, theme.CARD
PANEL, PALE = theme.PAGE, "#e8f1fa"
STAMP = theme.ORANGE
RULE = theme.GRID
THEME = {
    "dk1": "212B32",
    "lt1": "FFFFFF",
    "dk2": "003087",
    "lt2": "F0F4F5",
    "accent1": "005EB8",
    "accent2": "B35900",
    "accent3": "330072",
    "accent4": "4C6272",
    "accent5": "4A86C5",
    "accent6": "7FA9D6",
    "hlink": "005EB8",
    "folHlink": "330072",
}
"""The colours of an Office theme, by their places in it."""
