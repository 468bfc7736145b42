"""A deck to write in: a plain one, or the trust's own with its master, its size and the place of its titles.

What a template holds as example slides goes. Everything a slide shows lies in the room below its title.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Inches

from dashboard.figures import theme
from dashboard.packs.office import look
from dashboard.packs.office.templates import UnusableTemplate, opened

WIDE = (Inches(13.333), Inches(7.5))
MARGIN, FOOT, GAP = Inches(0.6), Inches(0.5), Inches(0.15)
STAMP = (Inches(1.25), Inches(0.4))
NUMBER = Inches(0.7)
LEAST = (Inches(4), Inches(2))
TITLE, PLAIN_TITLE, MOST_TITLE = (Inches(0.32), Inches(0.92)), 26.0, 28.0
BAR = Inches(0.12)
"""A band of the colour of the product along the top of a slide, where no template has its own."""
Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Room:
    """A deck, the layout of its slides, and where on them things stand: left, top, width, height.

    `plain`: there is no template, so type and colours are a pack's own. `foot_shapes`: the foot of slides,
    once one has it.
    """

    deck: Any
    layout: Any
    title: Box
    plain: bool
    foot_shapes: list[Any] = field(default_factory=list)

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
        """The strip at the foot of a slide, left of its number."""
        left, _, width, _ = self.title
        return left, self.deck.slide_height - FOOT, width - NUMBER, FOOT

    @property
    def number(self) -> Box:
        """The place of a slide's number, right of the foot."""
        left, top, width, height = self.foot
        return left + width, top, NUMBER, height

    @property
    def inches(self) -> tuple[float, float]:
        """Width and height of the room below a title."""
        _, _, width, height = self.body()
        return width / Inches(1), height / Inches(1)

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
    """A deck of the product's own look: its colours and Arial as the theme, a band and a rule on slides."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDE
    for part in deck.part.package.iter_parts():
        if "/theme/" in part.partname:
            part._blob = _themed(part.blob)
    layout = _layout(deck, "")
    for name, box, colour in (
        ("Band", (0, 0, WIDE[0], BAR), look.BLUE),
        ("Rule", (MARGIN, WIDE[1] - FOOT, WIDE[0] - 2 * MARGIN, 9525), theme.GRID),
    ):
        layout.shapes._spTree.append(parse_xml(_drawn(name, box, colour)))
    return deck


def _themed(content: bytes) -> bytes:
    """The theme with our colours, and with Arial, in which charts and documents of a pack are too."""
    for was, now in look.THEME.items():
        content = re.sub(
            rb"(<a:" + was.encode() + rb">)<a:\w+ [^>]*/>",
            rb'\g<1><a:srgbClr val="' + now.encode() + rb'"/>',
            content,
        )
    return content.replace(b'typeface="Calibri"', b'typeface="Arial"')


def _drawn(name: str, box: Box, colour: str) -> str:
    left, top, width, height = box
    return _FILLED.format(
        name=name,
        number=900 + len(name),
        left=left,
        top=top,
        width=width,
        height=height,
        colour=colour.removeprefix("#"),
    )


_FILLED = """
<p:sp xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">
 <p:nvSpPr><p:cNvPr id="{number}" name="{name}"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr>
 <p:spPr><a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>
 <a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill>
 <a:ln><a:noFill/></a:ln></p:spPr></p:sp>
"""


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
