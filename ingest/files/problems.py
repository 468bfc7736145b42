"""What is wrong with a file, said so that whoever made it can mend it; and what is worth knowing of it.

A problem has one of two shapes. A refusal, of a file or of a row, names file, row, field, value, what was
expected and what happened. A note, and a refusal of a file as a whole, is a sentence of its own: nothing
failed in a note, so it never says what was "expected". Of patient-level rows only the shape of a value is
ever kept: a column that slipped may hold an NHS number or a name.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Severity = Literal["refusal", "left out", "note"]
THE_FILE, THE_ROW = "the file was refused", "the row was left out"


@dataclass(frozen=True, slots=True)
class Problem:
    """One remark on a file: `sentence`, or `expected` and `outcome`.

    `row` counts the file's own lines from 1, heading included; None: all of it.
    """

    file: str
    severity: Severity
    expected: str = ""
    outcome: str = ""
    row: int | None = None
    field: str | None = None
    value: str | None = None
    sentence: str = ""

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row:,}"
        if self.field is not None:
            place += f", {self.field}"
        if self.sentence:
            return f"{place}: {self.sentence}"
        found = "" if self.value is None else f" found {self.value!r};"
        return f"{place}:{found} expected {self.expected}; {self.outcome}."


class Refused(Exception):
    """A file cannot be loaded at all; nothing of it was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


def note(file: str, sentence: str, *, row: int | None = None, field: str | None = None) -> Problem:
    """What a reader of the figures should know: a whole sentence, with its full stop."""
    return Problem(file, "note", row=row, field=field, sentence=sentence)


def refusal(
    file: str, *, expected: str, value: str | None = None, row: int | None = None, field: str | None = None
) -> Problem:
    """A fault at a place of the file, for which the whole file is refused. `value` is what stands there."""
    return Problem(file, "refusal", expected, THE_FILE, row=row, field=field, value=value)


def refused_whole(file: str, sentence: str, *, row: int | None = None, field: str | None = None) -> Problem:
    """Why a file as a whole cannot be taken and what to do, in sentences."""
    return Problem(file, "refusal", row=row, field=field, sentence=sentence)


def refuse(
    file: str, *, expected: str, value: str | None = None, row: int | None = None, field: str | None = None
) -> Refused:
    """The exception for a single fault at a place of the file."""
    return Refused([refusal(file, expected=expected, value=value, row=row, field=field)])


def refuse_whole(file: str, sentence: str, *, row: int | None = None, field: str | None = None) -> Refused:
    """The exception for a file that cannot be taken as a whole."""
    return Refused([refused_whole(file, sentence, row=row, field=field)])


def shape(text: str) -> str:
    """The shape of a value: digits as 9, letters as A, so that no identifier can be read from a message."""
    return re.sub(r"[^\W\d_]", "A", re.sub(r"\d", "9", text))[:40]
