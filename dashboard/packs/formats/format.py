"""What a format of packs is: its folder declares one `FORMAT`, and `formats.all` names the folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from dashboard.packs.contents.pack import Contents


class NotHere(RuntimeError):
    """This machine cannot make a file of the format; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a pack is written with: the trust's template; a picture of every chart, or why there is none."""

    template: Path | None = None
    pictures: Sequence[bytes] = ()
    unpictured: str = ""


@dataclass(frozen=True, slots=True)
class Format:
    """`name` ends the file's name. `write` raises `NotHere`; it imports its library when first called, for
    office libraries cost a second to load.

    `pictures`: whether charts are pictures, and the file has tables in place of those that cannot be drawn or
    is not made. `of_cards`: each chart of a page can be downloaded in it.
    """

    name: str
    title: str
    mime_type: str
    write: Callable[[Contents, Given], bytes]
    pictures: Literal["none", "or tables", "or no file"] = "none"
    of_cards: bool = False
