"""Every format of a pack, by name."""

from importlib import import_module

from dashboard.packs.formats import NAMES
from dashboard.packs.formats.format import Format

FORMATS: dict[str, Format] = {name: import_module(f"dashboard.packs.formats.{name}").FORMAT for name in NAMES}
