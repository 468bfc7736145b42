"""How large type must be on a screen of so many inches that is read from so many metres.

Sizes are in hundredths of the screen's width, so that they hold whatever its resolution. What is written in
them, and whether it fits, is not known here.
"""

from dataclasses import dataclass
from math import hypot, radians, tan

# The height of a digit as an angle: figures at 20 minutes of arc, no text at all under 16.
FIGURE_MINUTES, LEAST_MINUTES = 20, 16
# Digits and capitals of Arial, and of Liberation Sans, which has its measures, as a part of the font size.
DIGIT_HEIGHT = 0.716
MILLIMETRES_PER_INCH = 25.4
WIDTH_OF_DIAGONAL = 16 / hypot(16, 9)

# What a page of three figures, two lines of words and the footer leave room for.
LARGEST_LEAST = 2.75
USUAL = 2.0  # where the distance asks for less, the page is filled all the same

SMALLEST_INCHES, LARGEST_INCHES = 15, 120
NEAREST_METRES, FARTHEST_METRES = 0.5, 12.0


@dataclass(frozen=True, slots=True)
class Sizes:
    """Font sizes in hundredths of the screen's width (vw)."""

    least: float
    figure: float


def sizes(*, inches: float, metres: float) -> Sizes:
    """The smallest font sizes for text and for figures: 2.7 and 3.4 for 43 inches at 4 metres."""
    return Sizes(_font_size(LEAST_MINUTES, inches, metres), _font_size(FIGURE_MINUTES, inches, metres))


def farthest(inches: float) -> float:
    """From how many metres a screen can be read whose page must still fit."""
    return LARGEST_LEAST / _font_size(LEAST_MINUTES, inches, 1.0)


def _font_size(minutes: float, inches: float, metres: float) -> float:
    height = metres * 1000 * tan(radians(minutes / 60))
    width = inches * MILLIMETRES_PER_INCH * WIDTH_OF_DIAGONAL
    return 100 * height / DIGIT_HEIGHT / width
