"""A pack made in the formats asked for, as far as this machine can make them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dashboard.figures.pictures import NoBrowser, NotDrawn, pictures
from dashboard.packs.contents.pack import Contents
from dashboard.packs.formats.all import FORMATS
from dashboard.packs.formats.format import Given, NotHere
from dashboard.packs.office.templates import PROGRAMS, Templates, UnusableTemplate


@dataclass(slots=True)
class Made:
    """What came of each format that was asked for: a file, the reason there is none, or a fault of ours.

    `busy`: what was refused may be made in a minute. `unpictured`: why charts could not be drawn.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    faults: dict[str, Exception] = field(default_factory=dict)
    busy: bool = False
    unpictured: str = ""

    @property
    def sentences(self) -> list[str]:
        """What to tell whoever asked: each format refused, and what one lacks."""
        said = [f"{name.upper()} was not made. {reason}." for name, reason in self.refused.items()]
        if self.unpictured:
            said += [
                f"{FORMATS[name].title} has tables in place of its charts. {self.unpictured}."
                for name in self.files
                if FORMATS[name].pictures == "or tables"
            ]
        return said


def made(pack: Contents, formats: Sequence[str], *, templates: Templates | None = None) -> Made:
    """The files: one that fails does not stop the others. Raises `UnusableTemplate`.

    Charts are drawn once for all formats in which they are pictures.
    """
    own = templates or {}
    found = Made()
    drawn = _pictures(found, pack, formats)
    for name in formats:
        if name in found.refused:
            continue
        try:
            found.files[name] = FORMATS[name].write(pack, Given(own.get(name), drawn, found.unpictured))
        except UnusableTemplate:
            raise
        except NotHere as reason:
            found.refused[name] = str(reason)
        except Exception as fault:
            if name in own and _can_be_made(pack, name):
                raise UnusableTemplate(_not_writable(own[name], fault)) from fault
            found.faults[name] = fault
    return found


def _can_be_made(pack: Contents, name: str) -> bool:
    """Whether a format that failed in a template can be made without it: then the template is at fault."""
    try:
        FORMATS[name].write(pack, Given())
    except Exception:
        return False
    return True


def _not_writable(template: Path, fault: Exception) -> str:
    program = PROGRAMS[template.suffix.lower().removeprefix(".")]
    return (
        f"A pack cannot be written in {template.name} ({type(fault).__name__}), but can without it. Open "
        f"it in {program}, save it again, or use no template."
    )


def _pictures(found: Made, pack: Contents, formats: Sequence[str]) -> list[bytes]:
    """The pictures of all charts; without them, what that means for each format is written down."""
    asked = [name for name in formats if FORMATS[name].pictures != "none"]
    charts = [(page.chart, page.height) for page in pack.pages if page.chart]
    if not asked or not charts:
        return []
    try:
        return pictures(charts)
    except NoBrowser as reason:
        found.unpictured = str(reason)
        needed = [name for name in asked if FORMATS[name].pictures == "or no file"]
        found.refused |= dict.fromkeys(needed, str(reason))
    except NotDrawn as reason:
        found.busy = True
        found.refused |= dict.fromkeys(asked, str(reason))
    return []
