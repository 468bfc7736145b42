"""What is wrong with a file, said so that the person who made it can mend it.

A problem names file, row, field, value, what was expected and what happened. Of patient-level rows only the
shape of a value is ever kept: a column that slipped may hold an NHS number or a name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Severity = Literal["refusal", "left out", "note"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a file. `row` counts the file's own lines from 1, heading included; None: all of it."""

    file: str
    severity: Severity
    expected: str
    outcome: str
    row: int | None = None
    field: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row:,}"
        if self.field is not None:
            place += f", {self.field}"
        found = "" if self.value is None else f" found {self.value!r};"
        return f"{place}:{found} expected {self.expected}; {self.outcome}"


class Refused(Exception):
    """A file cannot be loaded at all; nothing of it was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


def refuse(
    file: str, *, expected: str, value: str | None = None, row: int | None = None, field: str | None = None
) -> Refused:
    """The exception for a single fault that stops a whole file."""
    return Refused(
        [Problem(file, "refusal", expected, "the file was refused", row=row, field=field, value=value)]
    )


def shape(text: str) -> str:
    """The shape of a value: digits as 9, letters as A, so that no identifier can be read from a message."""
    return re.sub(r"[^\W\d_]", "A", re.sub(r"\d", "9", text))[:40]
