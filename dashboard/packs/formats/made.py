"""A pack made in the formats asked for, as far as this machine can make them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from dashboard.packs.contents.pack import Contents
from dashboard.packs.formats.all import FORMATS
from dashboard.packs.formats.format import Given, NotHere
from dashboard.packs.office.templates import PROGRAMS, Templates, UnusableTemplate


@dataclass(slots=True)
class Made:
    """What came of each format that was asked for: a file, the reason there is none, or a fault of ours."""

    files: dict[str, bytes] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    faults: dict[str, Exception] = field(default_factory=dict)

    @property
    def sentences(self) -> list[str]:
        """What to tell whoever asked of each format that was refused."""
        return [f"{name.upper()} was not made. {reason}." for name, reason in self.refused.items()]


def made(pack: Contents, formats: Sequence[str], *, templates: Templates | None = None) -> Made:
    """The files: one that fails does not stop the others. Raises `UnusableTemplate`.

    Charts are drawn once for all formats in which they are pictures.
    """
    own = templates or {}
    found = Made()
    pictures = cache(lambda: pictures_of(pack))
    for name in formats:
        try:
            found.files[name] = FORMATS[name].write(pack, Given(own.get(name), pictures))
        except UnusableTemplate:
            raise
        except NotHere as reason:
            found.refused[name] = str(reason)
        except Exception as fault:
            if name in own and _can_be_made(pack, name):
                raise UnusableTemplate(_not_writable(own[name], fault)) from fault
            found.faults[name] = fault
    return found


def pictures_of(pack: Contents) -> list[bytes]:
    """An SVG picture of each chart, in order."""
    # Not before they are wanted: what draws them takes half a second to import.
    from dashboard.figures.svg.picture import svg_of

    return [svg_of(page.chart.plot, page.height) for page in pack.pages if page.chart]


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
