"""NHS England's workbooks of one month by provider or commissioner: published figures, to reconcile with.

Every sheet with a table is read: England, region, ICB and commissioner, or providers. Columns are found by
their headings, since their order changes (78 weeks stand before 65). Figures are kept as printed: a number,
or the text '-' where fewer than 20 pathways are too few to compute. The week bands of a row are not kept, but
they must add up to its total: a workbook whose columns slid is refused.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from ingest.extracts import Facts, Format, LoadOptions, Parsed
from ingest.extracts.published.published_measures import is_computed, table_measure
from ingest.extracts.published.sheets import Cell, Grid, sheets
from ingest.extracts.published.timeseries import month_end
from ingest.files.archives import Content
from ingest.files.problems import Problem, note, refuse
from ingest.files.revisions import revision_of
from ingest.store.schema import ENGLAND, PUBLISHED
from rtt.terms.parts import ADMITTED, INCOMPLETE, NEW_PERIODS, NON_ADMITTED, WITH_DECISION_TO_ADMIT
from rtt.terms.treatment_functions import as_published
from rtt.terms.wording import list_text, plural

COLUMNS = (
    "month",
    "level",
    "organisation_code",
    "treatment_function",
    "part",
    "measure",
    "value",
    "shown",
    "decimals",
)

Row = tuple[Any, ...]

_FUNCTION = "treatment function code"
# The narrowest organisation named in the headings is whose row it is.
_CODES = (
    ("provider", ("provider code",)),
    ("commissioner", ("org code", "sub-icb code", "sub icb code", "ccg code", "commissioner code")),
    ("icb", ("icb code", "stp code")),
    ("region", ("region code",)),
)
# What the summary says of the table; the narrower words first.
_PARTS = (
    ("non-admitted", NON_ADMITTED),
    ("new referral to treatment", NEW_PERIODS),
    ("new rtt", NEW_PERIODS),
    ("new monthly referral", NEW_PERIODS),
    ("admitted", ADMITTED),
    ("incomplete", INCOMPLETE),
)
_BAND = re.compile(r">\s*\d+\s*-\s*\d+|(?:52|104) plus")
_FRONT_ROWS = 20  # the headings stand in row 14 today, in row 6 or 7 in 2009
_EMPTY = ("", "-", "–")


@dataclass(frozen=True, slots=True)
class Front:
    """What the lines above a table say: part, month, basis, and when it was published or last revised."""

    part: str
    month: date
    basis: str
    is_revised: bool
    vintage: str


def recognises(content: Content) -> bool:
    """Whether a sheet has the headings of such a table below lines that speak of referral to treatment."""
    if not content.is_workbook:
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content.data)) as archive:
            names = {name for name in archive.namelist() if name.startswith("xl/")}
            texts = {"xl/sharedStrings.xml"} & names or {name for name in names if "/worksheets/" in name}
            # Looking for the words costs a thousandth of reading the cells of a large tracking list.
            if not any(b"Treatment Function Code" in archive.read(name) for name in texts):
                return False
    except zipfile.BadZipFile:
        pass  # a workbook of the older kind, which has to be opened to see its words
    return any(_is_table(grid) for _, grid in sheets(content, rows=_FRONT_ROWS))


def read(content: Content, options: LoadOptions) -> Parsed:
    """Every figure of every table. Raises `Refused` where one is not understood."""
    file = content.file_name
    found = [(name, grid) for name, grid in sheets(content) if _is_table(grid)]
    front = _front(file, found[0][1])
    rows: list[Row] = []
    levels: list[str] = []
    notes: list[Problem] = []
    for name, grid in found:
        sheet = Sheet(file, name, grid, front, notes)
        levels.append(sheet.level)
        rows += sheet.figures()
    _refuse_twice(file, rows)
    revision = max(revision_of([file]), int(front.is_revised))
    return Parsed(
        source=PUBLISHED,
        census_date=front.month,
        section=f"{front.part} {front.basis}",
        revision=revision if options.revision is None else options.revision,
        rows_read=len({row[1:5] for row in rows}),
        tables={"published_figure": Facts(COLUMNS, rows)},
        providers=len({row[1:3] for row in rows}),
        problems=notes,
        message=f"{plural(len(rows), 'published figure')} of {front.month:%B %Y}, {front.vintage}, by "
        f"{list_text(list(dict.fromkeys(levels)))}",
    )


@dataclass(frozen=True)
class Sheet:
    """One table: its headings, and the figures below them."""

    file: str
    name: str
    grid: Grid
    front: Front
    notes: list[Problem]

    @cached_property
    def head(self) -> int:
        head = _heading_row(self.grid)
        assert head is not None
        return head

    @cached_property
    def headings(self) -> list[str]:
        return [" ".join(_text(cell).lower().split()) for cell in self.grid[self.head]]

    @cached_property
    def level(self) -> str:
        named = [level for level, codes in _CODES if set(codes) & set(self.headings)]
        return named[0] if named else "england"

    @property
    def part(self) -> str:
        with_dta = "dta" in self.name.lower().split()
        return WITH_DECISION_TO_ADMIT if with_dta and self.front.part == INCOMPLETE else self.front.part

    def figures(self) -> Iterator[Row]:
        codes = {code for level, names in _CODES if level == self.level for code in names}
        code = next((at for at, heading in enumerate(self.headings) if heading in codes), None)
        function = self.headings.index(_FUNCTION)
        measures, part = self._measures(), self.part
        bands = [at for at, heading in enumerate(self.headings) if _BAND.fullmatch(heading)]
        for number, row in enumerate(self.grid[self.head + 1 :], start=self.head + 2):
            function_code = _text(row[function])
            if not function_code:
                self._refuse_figures(number, row, measures)
                continue
            place = ENGLAND if code is None else _text(row[code])
            key = (self.front.month, self.level, place, as_published(function_code), part)
            printed = {measure: self._printed(number, measure, row[at]) for at, measure in measures.items()}
            self._check_bands(number, row, bands, printed)
            for measure, (value, shown) in printed.items():
                if value is not None or shown:
                    yield (*key, measure, value, shown, None)

    def _measures(self) -> Mapping[int, str]:
        found: dict[int, str] = {}
        for at, heading in enumerate(self.headings):
            measure = table_measure(heading)
            if measure is None:
                if heading and not _BAND.fullmatch(heading) and not heading.endswith((" code", " name")):
                    self._note_unknown(at, heading)
            elif measure in found.values():
                raise refuse(self.file, row=self.head + 1, field=heading, expected="each heading once")
            else:
                found[at] = measure
        if not found:
            raise refuse(self.file, row=self.head + 1, field=self.name, expected="headings of figures")
        return found

    def _note_unknown(self, at: int, heading: str) -> None:
        if heading != "treatment function":
            words = _text(self.grid[self.head][at])
            self.notes.append(
                note(self.file, "This heading is not known, so its column was not read.", field=words)
            )

    def _printed(self, number: int, measure: str, cell: Cell) -> tuple[float | None, str]:
        text = _text(cell)
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return float(cell), ""
        if text == "":
            return None, ""
        plain = text.replace(",", "")
        if re.fullmatch(r"\d+(\.\d+)?%?", plain):
            return (float(plain[:-1]) / 100 if plain.endswith("%") else float(plain)), ""
        # Zero stands as '-' too, where a count was saved in its format.
        if text in _EMPTY:
            return (None, "-") if is_computed(measure) else (0.0, "")
        if re.fullmatch(r"\d+\+", plain):
            return None, plain
        raise refuse(
            self.file,
            row=number,
            field=f"{measure} on sheet {self.name}",
            value=text[:40],
            expected="a number, '-' or the like of '104+'",
        )

    def _check_bands(
        self,
        number: int,
        row: Sequence[Cell],
        bands: Sequence[int],
        printed: Mapping[str, tuple[float | None, str]],
    ) -> None:
        known = printed.get("total_known", printed.get("total", (None, "")))[0]
        if not bands or known is None:
            return
        cells = [row[at] for at in bands]
        if not all(isinstance(cell, float) for cell in cells):
            cells = [self._printed(number, "band", cell)[0] or 0.0 for cell in cells]
        together = sum(cells)
        if together != known:
            raise refuse(
                self.file,
                row=number,
                field=f"week bands on sheet {self.name}",
                value=f"{together:,.0f}",
                expected=f"bands that add up to the total of {known:,.0f}",
            )

    def _refuse_figures(self, number: int, row: Sequence[Cell], measures: Iterable[int]) -> None:
        # Notes stand below a table; figures without a treatment function would be lost silently.
        if any(isinstance(row[at], int | float) for at in measures):
            raise refuse(
                self.file, row=number, field="Treatment Function Code", value="blank", expected="a code"
            )


def _refuse_twice(file: str, rows: Sequence[Row]) -> None:
    seen: set[Row] = set()
    for row in rows:
        if row[:6] in seen:
            raise refuse(
                file, value=" ".join(map(str, row[1:6])), expected="each organisation and function once"
            )
        seen.add(row[:6])


def _front(file: str, grid: Grid) -> Front:
    said: dict[str, str] = {}
    for row in grid[: _heading_row(grid)]:
        words = [_text(cell) for cell in row if _text(cell)]
        if words and ":" in words[0]:
            key, _, rest = words[0].partition(":")
            said.setdefault(key.strip().lower(), " ".join([rest.strip(), *words[1:]]).strip())
    summary = f"{said.get('title', '')} {said.get('summary', '')}".lower()
    part = next((part for words, part in _PARTS if words in summary), None)
    if part is None:
        raise refuse(
            file,
            field="Summary",
            value=summary[:60],
            expected="completed admitted, completed non-admitted or incomplete pathways, or new RTT periods",
        )
    month = month_end(said.get("period", ""))
    if month is None:
        raise refuse(
            file, field="Period", value=said.get("period", "")[:40], expected="a month such as December 2024"
        )
    revised = said.get("revised", "")
    is_revised = bool(re.search(r"\d{4}", revised))
    published = said.get("published", "")
    vintage = f"revised {revised}" if is_revised else f"published {published}" if published else "undated"
    return Front(part, month, said.get("basis", "").lower()[:12] or "table", is_revised, vintage)


def _is_table(grid: Grid) -> bool:
    head = _heading_row(grid)
    if head is None:
        return False
    # A tracking list may have a title and the treatment function code of a patient: it has no figures.
    if not any(table_measure(_text(cell)) for cell in grid[head]):
        return False
    front = " ".join(_text(cell) for row in grid[:head] for cell in row).lower()
    return "referral to treatment" in front or "rtt" in front


def _heading_row(grid: Grid) -> int | None:
    for index, row in enumerate(grid[:_FRONT_ROWS]):
        if any(_text(cell).lower() == _FUNCTION for cell in row):
            return index
    return None


def _text(cell: Cell) -> str:
    return repr(cell) if isinstance(cell, float) else str(cell).strip()


FORMAT = Format(
    name="published",
    title="NHS England's tables of a month by provider or commissioner",
    accepted="workbook",
    recognises=recognises,
    read=read,
)
