"""One sheet of a published workbook: a table by organisation and treatment function, and its figures.

Columns are found by their headings, since their order changes (78 weeks stand before 65). A figure is a
number, or the text '-' where there are too few pathways to compute (fewer than 20; until 2015 fewer than 50).
The week bands of a row are not kept, but they must add up to its total: columns that slid are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ingest.extracts.published.front import FUNCTION, Front, heading_of, heading_row, text
from ingest.extracts.published.published_measures import is_computed, table_measure
from ingest.extracts.published.sheets import Cell, Grid
from ingest.files.problems import Problem, Refused, note, refuse
from ingest.store.schema import ENGLAND
from rtt.terms.parts import ADMITTED, INCOMPLETE, NON_ADMITTED, PART_NAMES, WITH_DECISION_TO_ADMIT
from rtt.terms.treatment_functions import as_published, return_row
from rtt.terms.waits import OPEN_BAND
from rtt.terms.wording import list_text

Row = tuple[Any, ...]
Printed = Mapping[str, tuple[float | None, str]]  # measure -> number, or the text in its place

# The narrowest organisation named in the headings is whose row it is.
_CODES = (
    ("provider", ("provider code",)),
    (
        "commissioner",
        ("org code", "sub-icb code", "sub icb code", "ccg code", "pct code", "commissioner code"),
    ),
    ("icb", ("icb code", "stp code")),
    ("area_team", ("area team code", "at code")),
    ("region", ("region code",)),
    ("sha", ("sha code",)),
)
_BAND = re.compile(r">\s*(\d+)\s*-\s*\d+")
_LAST_BAND = re.compile(r"(\d+) plus")
# Until 2015 a code said whose table it is too: IP100, AP100 and NP100 are C_100.
_PART_OF_CODES = {"IP": INCOMPLETE, "AP": ADMITTED, "NP": NON_ADMITTED}
_CODE_WITH_PART = re.compile(r"(IP|AP|NP)(X?\d+)")
_EMPTY = ("", "-", "–")
_WITHIN = 18


@dataclass(frozen=True)
class OrganisationTable:
    """One table: its headings, and the figures below them."""

    file: str
    name: str
    grid: Grid
    front: Front
    notes: list[Problem]

    @cached_property
    def level(self) -> str:
        """Whose rows they are: a level of the schema, or that of an organisation of the time."""
        named = [level for level, codes in _CODES if set(codes) & set(self._headings)]
        # "Org Code" heads providers and commissioners alike.
        if named[:1] == ["commissioner"] and "provider" in f"{self.front.basis} {self.name.lower()}":
            return "provider"
        return named[0] if named else "england"

    @property
    def basis(self) -> str:
        """Provider or commissioner."""
        return self.front.basis or ("provider" if self.level == "provider" else "commissioner")

    @cached_property
    def part(self) -> str:
        """What the lines above say, or the codes of the time. Raises `Refused` where they disagree."""
        codes = {found[1] for found in map(_with_part, self._function_codes()) if found}
        # The summary of a list may speak of patients to be admitted.
        is_list = any("incomplete pathways" in each for each in self._headings)
        is_completed = any("completed pathways" in each for each in self._headings)
        front = INCOMPLETE if is_list and self.front.part else self.front.part
        said = {_PART_OF_CODES[each] for each in codes} | ({front} - {""})
        if len(said) != 1 or (is_completed and INCOMPLETE in said):
            raise self._refused(
                None,
                "Summary",
                " and ".join(sorted(codes)) or list_text([PART_NAMES[each] for each in sorted(said)]),
                "completed admitted, completed non-admitted or incomplete pathways, or new RTT periods, and "
                "treatment functions of the same",
            )
        return said.pop()

    @cached_property
    def open_band(self) -> int:
        """Where the last band begins, from which on weeks are off the scale."""
        found = [int(match[1]) for each in self._headings if (match := _LAST_BAND.fullmatch(each))]
        return found[0] if found else OPEN_BAND

    def figures(self) -> Iterator[Row]:
        """Month, level, organisation, function, part, measure, value, text in its place, None."""
        # A subset of the list, in the same workbook.
        with_dta = "dta" in self.name.lower().split() and self.part == INCOMPLETE
        part = WITH_DECISION_TO_ADMIT if with_dta else self.part
        measures, place = self._measures(), self._place()
        self._note_unknown_functions()
        for number, row in enumerate(self.grid[self._head + 1 :], start=self._head + 2):
            function = text(row[self._function])
            if not function:
                self._refuse_figures(number, row, measures)
                continue
            code = self._code(number, row, place)
            printed = {measure: self._printed(number, measure, row[at]) for at, measure in measures.items()}
            self._check_bands(number, row, printed)
            key = (self.front.month, self.level, code, _function_of(function), part)
            for measure, (value, shown) in printed.items():
                if value is not None or shown:
                    yield (*key, measure, value, shown, None)

    def _code(self, number: int, row: Sequence[Cell], place: int | None) -> str:
        if place is None:
            return ENGLAND
        code = text(row[place])
        if not code or isinstance(row[place], int | float):
            # 5E1 is 50 to a spreadsheet that takes it for a number.
            raise self._refused(
                number, text(self.grid[self._head][place]), code or "blank", "a code, as text"
            )
        return code

    def _note_unknown_functions(self) -> None:
        for code in dict.fromkeys(_function_of(each) for each in self._function_codes() if each):
            said = note(
                self.file, "No such treatment function is known: no page shows its figures.", field=code
            )
            if return_row(code) is None and said not in self.notes:
                self.notes.append(said)

    @cached_property
    def _head(self) -> int:
        head = heading_row(self.grid)
        assert head is not None
        return head

    @cached_property
    def _headings(self) -> list[str]:
        return [heading_of(cell) for cell in self.grid[self._head]]

    @cached_property
    def _function(self) -> int:
        return self._headings.index(FUNCTION)

    @cached_property
    def _bands(self) -> dict[int, int]:
        """Column -> the week that its band begins at."""
        found = ((at, _band(each)) for at, each in enumerate(self._headings))
        return {at: int(match[1]) for at, match in found if match}

    def _function_codes(self) -> Iterator[str]:
        for row in self.grid[self._head + 1 :]:
            yield text(row[self._function])

    def _place(self) -> int | None:
        """The column of the organisation's code; None of England, which has none."""
        names = next((codes for level, codes in _CODES if level == self.level), ())
        wanted = (*names, "org code") if self.level == "provider" else names
        return next((at for at, each in enumerate(self._headings) if each in wanted), None)

    def _measures(self) -> dict[int, str]:
        found: dict[int, str] = {}
        for at, heading in enumerate(self._headings):
            measure = table_measure(heading)
            if measure is None:
                if heading and not _band(heading) and not heading.endswith((" code", " name")):
                    self._note_unknown(at, heading)
            elif measure not in found.values():
                found[at] = measure
            elif not (_LAST_BAND.fullmatch(heading) or self._is_last_band(found, measure)):
                # The last band is a count of its own, which a column of totals may repeat.
                raise self._refused(self._head + 1, heading, None, "each heading once")
        if not found:
            raise self._refused(self._head + 1, "headings", None, "headings of figures")
        return found

    def _is_last_band(self, found: Mapping[int, str], measure: str) -> bool:
        return any(_LAST_BAND.fullmatch(self._headings[at]) for at, each in found.items() if each == measure)

    def _note_unknown(self, at: int, heading: str) -> None:
        if heading not in ("treatment function", "treatment function name"):
            words = text(self.grid[self._head][at])
            self.notes.append(
                note(self.file, "This heading is not known, so its column was not read.", field=words)
            )

    def _printed(self, number: int, measure: str, cell: Cell) -> tuple[float | None, str]:
        words = text(cell)
        plain = words.replace(",", "")
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            value = float(cell)
        elif words == "":
            return None, ""
        elif re.fullmatch(r"\d+(\.\d+)?%?", plain):
            value = float(plain[:-1]) / 100 if plain.endswith("%") else float(plain)
        elif words in _EMPTY:
            # Zero stands as '-' too, where a count was saved in its format.
            return (None, "-") if is_computed(measure) else (0.0, "")
        elif re.fullmatch(r"\d+\+", plain):
            return None, plain
        else:
            raise self._refused(number, measure, words[:40], "a number, '-' or the like of '104+'")
        self._check_possible(number, measure, value)
        return value, ""

    def _check_possible(self, number: int, measure: str, value: float) -> None:
        is_count = not is_computed(measure)
        if value < 0 or (is_count and not value.is_integer()):
            expected = "a whole number of pathways, 0 or more" if is_count else "0 or more"
            raise self._refused(number, measure, f"{value:g}", expected)
        if measure.startswith("share") and value > 1:
            raise self._refused(number, measure, f"{value:g}", "a share from 0 to 1, or a number with '%'")

    def _check_bands(self, number: int, row: Sequence[Cell], printed: Printed) -> None:
        """The bands add up to the total, and those below 18 weeks to the count within 18 weeks."""
        if not self._bands:
            return
        counts = {week: self._printed(number, "band", row[at])[0] or 0.0 for at, week in self._bands.items()}
        within = sum(count for week, count in counts.items() if week < _WITHIN)
        total = printed.get("total_known", printed.get("total", (None, "")))[0]
        for told, known, name in (
            (sum(counts.values()), total, "the total"),
            (within, printed.get("within_18", (None, ""))[0], "the pathways within 18 weeks"),
        ):
            if known is not None and told != known:
                expected = f"bands that add up to {name} of {known:,.0f}"
                raise self._refused(number, "week bands", f"{told:,.0f}", expected)

    def _refuse_figures(self, number: int, row: Sequence[Cell], measures: Iterable[int]) -> None:
        # Notes stand below a table; figures without a treatment function would be lost silently.
        if any(isinstance(row[at], int | float) for at in measures):
            raise self._refused(number, "Treatment Function Code", "blank", "a code")

    def _refused(self, row: int | None, field: str, value: str | None, expected: str) -> Refused:
        return refuse(
            self.file, row=row, field=f"{field} on sheet {self.name}", value=value, expected=expected
        )


def _band(heading: str) -> re.Match[str] | None:
    return _BAND.fullmatch(heading) or _LAST_BAND.fullmatch(heading)


def _with_part(function: str) -> re.Match[str] | None:
    return _CODE_WITH_PART.fullmatch(function.upper())


def _function_of(code: str) -> str:
    """ "IP100", "100" and "C_100" are C_100, "IPX01" is X01."""
    found = _with_part(code)
    return as_published(found[2] if found else code)
