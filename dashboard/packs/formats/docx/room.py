"""The room of the page of print that is being written, by which tables are broken and page numbers are known.

Measured with the widths of Arial; of a template's own type it is an estimate, which Word replaces by its own
numbers when the field of the contents is updated.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from docx.document import Document as WordDocument
from docx.shared import Inches

from dashboard.packs.formats.docx.template import text_height, text_width
from dashboard.packs.office import letters
from dashboard.packs.office.letters import LINE, WIDER

TEXT, HEADING, BOX_HEADING = 11.0, 18.0, 13.0
AFTER_TEXT, AROUND_HEADING = 7.0, 20.0
"""Points of type, and of the room around paragraphs."""


@dataclass(slots=True)
class Sheet:
    """Which page is being written, and how much of its height is taken, in inches."""

    document: WordDocument
    number: int
    used: float = 0.0
    turned: bool = False

    @property
    def width(self) -> float:
        """Between the margins."""
        return text_width(self.document) / Inches(1)

    @property
    def height(self) -> float:
        """Between the margins."""
        return text_height(self.document) / Inches(1)

    @property
    def left(self) -> float:
        """What is left of this page."""
        return self.height - self.used

    def turn(self) -> None:
        """Begin a page."""
        self.turned, self.number, self.used = True, self.number + 1, 0.0

    def begin_below_title(self) -> None:
        """Go on below what says what a single chart is."""
        self.turned, self.used = False, self.height / 3

    def take(self, inches: float) -> None:
        """Take room; what does not fit goes on to the next pages, as Word does it."""
        self.used += inches
        while self.used > self.height:
            self.number += 1
            self.used -= self.height

    def fill(self, inches: float) -> None:
        """Take room for what was made to fit this page."""
        self.used = min(self.height, self.used + inches)

    def take_heading(self, words: str) -> None:
        """The room of a heading."""
        self.take(self.heading_height(words))

    def heading_height(self, words: str) -> float:
        """In inches."""
        return _height(words, HEADING, self.width, AROUND_HEADING)

    def texts_height(self, said: Sequence[str]) -> float:
        """Of paragraphs, in inches."""
        return sum(_height(words, TEXT, self.width, AFTER_TEXT) for words in said)

    def take_text(self, words: str) -> None:
        """The room of a paragraph."""
        self.take(_height(words, TEXT, self.width, AFTER_TEXT))


def _height(words: str, points: float, width: float, around: float) -> float:
    return (len(letters.lines_of(words, points * WIDER, width)) * points * LINE + around) / 72
