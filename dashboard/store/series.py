"""What people's notes, rebases and groups belong to: the names that reading and writing share."""

from dataclasses import dataclass
from typing import Literal

BOARD_ASK = "board_ask"
"""What a board is asked to do is kept beside the commentary on measures, under this name in place of one."""
LINE_BREAK = " \N{BULLET} "
"""Between two of its lines: a text is kept in one line."""
NAME_LENGTH, MOST_MEMBERS = 80, 300  # of a saved group

GroupKind = Literal["trusts", "specialties"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What a note or a rebase belongs to: one scope's figures over time.

    `measure` is an indicator's key, '' for every measure of the scope. Several specialties are one scope:
    their codes, comma separated.
    """

    source: str
    level: str
    organisation_code: str
    treatment_function: str
    measure: str = ""
