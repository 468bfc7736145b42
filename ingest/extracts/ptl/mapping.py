"""How a trust writes its list: headings, date formats and codes; without a mapping, as the data set has them.

A mapping says how to read a column; it never changes a rule of RTT.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ingest.extracts.ptl.date_texts import DATE_FORMATS
from ingest.extracts.ptl.fields import WLMDS
from rtt.terms.calendar import SUNDAY

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class TrackingList:
    """How a trust writes its list. `columns`: plain heading to field; `codes`: field, theirs to ours."""

    columns: Mapping[str, str] = field(default_factory=WLMDS.copy)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)  # section -> pattern of a file name
    sites: Mapping[str, str] = field(default_factory=dict)  # code -> name
    provider: str | None = None
    provider_name: str | None = None
    date_formats: Sequence[str] = DATE_FORMATS
    # Welsh health boards, Scottish boards, Northern Irish boards, and the return's own word for them all.
    non_english: Sequence[str] = ("NONC", "7A*", "S*", "ZC*")
    week_ending: date | None = None
    sheet: str | None = None
    weekday: int = SUNDAY  # on which the list's week ends, Monday = 0
    no_date: Sequence[str] = ()  # words that stand for no date
    # Share of the rows above which the list is refused: ten times the 1 % from which a pack is stamped DRAFT
    # would move a share by points.
    most_left_out: float = 0.05


def read_mapping(path: Path | None) -> TrackingList:
    """The mapping in a TOML file; the data set's own names without one. Raises `Refused` for a faulty one."""
    if path is None:
        return TrackingList()
    from ingest.extracts.ptl.mapping_file import mapping_in  # its library takes long to import

    return mapping_in(path)
