"""What a format of packs is: a folder that declares one `FORMAT` and has a `write.py`.

`formats` names the folders. A writer is imported when a file is first asked for: office libraries cost a
second.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from dashboard.packs.contents.pack import Contents


class NotHere(RuntimeError):
    """This machine cannot make a file of the format; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a pack is written with: the trust's template; pictures of its charts, drawn when asked for."""

    template: Path | None = None
    pictures: Callable[[], Sequence[bytes]] = tuple


@dataclass(frozen=True, slots=True)
class Format:
    """`name` is the folder and ends the file's name.

    `of_cards`: each chart of a page can be downloaded in it.
    """

    name: str
    title: str
    mime_type: str
    of_cards: bool = False

    def write(self, pack: Contents, given: Given) -> bytes:
        """The file. Raises `NotHere`, and `UnusableTemplate` for a template."""
        return bytes(import_module(f"{__package__}.{self.name}.write").write(pack, given))
