"""A deck to write in: a plain one, or the trust's own with its master, its size and the place of its titles.

What a template holds as example slides goes. Everything a slide shows lies in the room below its title.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.oxml.ns import qn
from pptx.util import Inches

from dashboard.packs.office.templates import UnusableTemplate, opened

WIDE = (Inches(13.333), Inches(7.5))
MARGIN, FOOT, GAP = Inches(0.5), Inches(0.5), Inches(0.1)
STAMP = (Inches(1.25), Inches(0.4))
LEAST = (Inches(4), Inches(2))
TITLE, PLAIN_TITLE, MOST_TITLE = (Inches(0.3), Inches(0.8)), 26.0, 28.0
Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Room:
    """A deck, the layout of its slides, and where on them things stand: left, top, width, height.

    `plain`: there is no template, so type and colours are a pack's own.
    """

    deck: Any
    layout: Any
    title: Box
    plain: bool

    @property
    def title_points(self) -> float:
        """The size of titles, as the template has it; one for a single word would leave most too long."""
        style = self.layout.slide_master._element.find(
            f".//{qn('p:titleStyle')}/{qn('a:lvl1pPr')}/{qn('a:defRPr')}"
        )
        own = style.get("sz") if style is not None else None
        return PLAIN_TITLE if self.plain or own is None else min(int(own) / 100, MOST_TITLE)

    def head(self, *, stamped: bool) -> tuple[Box, Box]:
        """Where the title of a slide stands, and the stamp: at its right end, clear of it."""
        left, top, width, height = self.title
        taken = STAMP[0] + GAP if stamped else 0
        return (left, top, width - taken, height), (left + width - STAMP[0], top, *STAMP)

    @property
    def foot(self) -> Box:
        """The strip at the foot of a slide."""
        left, _, width, _ = self.title
        return left, self.deck.slide_height - FOOT, width, FOOT

    def body(self, start: float = 0.0, end: float = 1.0) -> Box:
        """The part between title and foot, from `start` to `end` as shares of its width."""
        left, top, width, height = self.title
        below = top + height + GAP
        high = self.deck.slide_height - below - FOOT - GAP
        return left + int(width * start), below, int(width * (end - start)), high


def room_of(template: Path | None) -> Room:
    """An empty deck. Raises `UnusableTemplate`."""
    deck = opened(template) if template else _plain()
    # Its example slides are not part of the pack.
    for listed in list(deck.slides._sldIdLst):
        deck.part.drop_rel(listed.rId)
        deck.slides._sldIdLst.remove(listed)
    _forget_examples(deck)
    layout = _layout(deck, template.name if template else "")
    room = Room(deck, layout, _title(deck, layout, plain=template is None), plain=template is None)
    _, _, width, height = room.body()
    if template and (width < LEAST[0] or height < LEAST[1]):
        raise UnusableTemplate(f"The slides of {template.name} are too small for a chart and its sentences.")
    return room


def _forget_examples(deck: Any) -> None:
    """Sections and custom shows name their slides; PowerPoint repairs a file that names missing ones."""
    root = deck.part._element
    shows = root.find(qn("p:custShowLst"))
    if shows is not None:
        root.remove(shows)
    for each in list(root.iter("{*}sectionLst")):
        extension = each.getparent()
        extension.getparent().remove(extension)


def _plain() -> Any:
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDE
    for part in deck.part.package.iter_parts():
        if "/theme/" in part.partname:
            # Charts and documents of a pack are in Arial; so are its slides.
            part._blob = part.blob.replace(b'typeface="Calibri"', b'typeface="Arial"')
    return deck


def _layout(deck: Any, template: str) -> Any:
    """The layout with a title and the fewest other places to fill, of any master."""
    layouts = [layout for master in deck.slide_masters for layout in master.slide_layouts]
    titled = [each for each in layouts if any(is_title(place) for place in each.placeholders)]
    if not titled:
        raise UnusableTemplate(
            f"{template} has no slide layout with a title. In PowerPoint: View, Slide Master, Insert Layout, "
            "with “Title” ticked."
        )
    # Its kind, for its name is in the language of whoever made the template.
    return min(
        titled,
        key=lambda each: (each._element.get("type") != "titleOnly", each.name != "Title Only", _places(each)),
    )


def _places(layout: Any) -> int:
    return len(list(layout.placeholders))


def is_title(placeholder: Any) -> bool:
    """Whether a place on a layout or slide is that of the title."""
    return placeholder.placeholder_format.type in (1, 3)  # title, centred title


def _title(deck: Any, layout: Any, *, plain: bool) -> Box:
    """Where the template has its titles, if that leaves room for what stands below them."""
    own = next(place for place in layout.placeholders if is_title(place))
    box = (own.left, own.top, own.width, own.height)
    fits = not plain and None not in box and own.top >= 0 and own.top + own.height < deck.slide_height // 3
    if fits and own.width >= deck.slide_width // 2 and own.left + own.width <= deck.slide_width:
        return box
    return MARGIN, TITLE[0], deck.slide_width - 2 * MARGIN, TITLE[1]
