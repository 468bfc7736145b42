"""Rows of a list that are no pathway: totals, "Report run at", page numbers, headings repeated on each page.

Whatever names a pathway keeps its row in, though its first cell may read like a total: a line too many is
seen, a patient too few is not.
"""

import re
from collections.abc import Mapping, Sequence

import polars as pl

from ingest.extracts.ptl.date_texts import DATE_FORMATS, dates_of
from ingest.extracts.ptl.fields import FEWEST_KNOWN, FIELDS, IDENTITIES, STATUSES, plain
from ingest.files.problems import Problem, note
from rtt.terms.treatment_functions import return_row
from rtt.terms.wording import list_text, plural

_COUNT = r"[\s:=–-]*[\d,. ]*"
_THING = r"(?:rows?|records?|lines?|results?|patients?|pathways?|referrals?|entries|waiting|waiters)"
_WHAT = rf"(?:list|{_THING}|page|report)"
_TOTAL = re.compile(
    rf"(?:(?:grand|sub|overall|list|report|page|column|running)[ -]?)?(?:total|count)s?{_COUNT}"
    rf"|(?:total )?(?:total|count|number|no\.?)s? (?:of |for |on )?(?:the |this )?{_WHAT}.{{0,30}}?{_COUNT}"
    rf"|[\w&/,. -]{{1,40}} (?:sub-?)?(?:total|count)s?{_COUNT}"
    rf"|{_THING} (?:count|total){_COUNT}"
    rf"|\(?[\d,]+ {_THING}(?: (?:were )?(?:affected|selected|returned|found|exported|listed|in total))?\)?"
)
_REPORT = r"(?:report|list|data|file|extract|query|ptl)"
_MADE = r"(?:run|printed|produced|generated|extracted|exported|created|refreshed|downloaded|prepared)"
_REMARK = (
    r"(?:applied filters?|filters? applied|source|footnotes?|notes?|disclaimer"
    r"|(?:nhs |in )?(?:strictly )?confidential\w*|official[ -]sensitive)"
)
_LINE = re.compile(
    r"page:? ?\d+(?: ?(?:of|/) ?\d+)?"
    rf"|(?:{_REPORT}[ -]?)?(?:was )?{_MADE}(?: (?:at|on|by|from|date|time))+\b.{{0,80}}"
    rf"|(?:{_REPORT}[ -]?)?{_MADE}:.{{0,80}}"
    r"|(?:report|run|print|extract|export|completion|refresh) (?:date|time|run|name|by|parameters?)\b.{0,80}"
    rf"|(?:end|bottom) of (?:the )?(?:{_REPORT}|page)\b.{{0,20}}|eof"
    r"|(?:no )?more (?:rows|records|data)\b.{0,30}"
    rf"|{_REMARK}\b.{{0,400}}"
    r"|[-=_*~+#.]{3,}"
)
# A total that is nothing else.
_BARE = re.compile(r"(?:grand |sub-?)?(?:total|count)s?[\s:=]*[\d,]*")
# As it stands where an identifier should.
_SUM_BEGINS = (
    r"(?i)^[\s*=_#<>\[\]().-]*(?:(?:grand|sub|overall|report|list)[ -]?)?(?:totals?|sum|overall)(?:[^\w-]|$)"
)
_MARKS = " *-=_#<>[]()~."
_SHOWN = 10
_FEW = 10  # rows below a list, of which any list may have more than it has pathways
_PATIENT = ("nhs_number", "local_patient_id")


def no_pathways(
    rows: Mapping[int, Sequence[str]], headings: Sequence[str], positions: Mapping[str, int], *, of: int
) -> list[int]:
    """Which of some rows, whole, by number, are no pathway. `positions`: our field to its place in a row.

    A row with one cell filled says nothing of a pathway, whatever it holds, unless most of the `of` rows of
    the list have no more.
    """
    alone = {number for number, cells in rows.items() if sum(bool(cell.strip()) for cell in cells) == 1}
    if len(alone) > max(of / 2, _FEW):
        alone = set()
    return [
        number for number, cells in rows.items() if number in alone or _is_none(cells, headings, positions)
    ]


def may_be_totals(texts: pl.Expr) -> pl.Expr:
    """Which cells of a column of identifiers begin as the line of a total does."""
    return texts.str.contains(_SUM_BEGINS).fill_null(False)


def note_of(file: str, rows: Sequence[int]) -> Problem:
    where = list_text([f"{row:,}" for row in rows[:_SHOWN]])
    more = f" and {len(rows) - _SHOWN:,} more" if len(rows) > _SHOWN else ""
    one = len(rows) == 1
    what = "it is a total, a heading or a line" if one else "they are totals, headings or lines"
    return note(
        file,
        f"{plural(len(rows), 'row')} left out (row{'' if one else 's'} {where}{more}): {what} of the "
        f"report, not {'a pathway' if one else 'pathways'}.",
    )


def _is_none(cells: Sequence[str], headings: Sequence[str], positions: Mapping[str, int]) -> bool:
    filled = [" ".join(cell.split()) for cell in cells if cell.strip()]
    if not filled:
        return False
    if _is_heading(cells, headings, positions) or all(_LINE.fullmatch(cell) for cell in filled):
        return True
    if _is_sum(cells, positions):
        return True
    first = filled[0].lower()
    bare = first.strip(_MARKS)
    if not (_TOTAL.fullmatch(bare) or _LINE.fullmatch(bare) or _LINE.fullmatch(first)):
        return False
    if len(filled) == 1 or (_BARE.fullmatch(bare) and _are_counts(filled[1:])):
        return True
    return not _names_a_pathway(cells, positions, filled[0])


def _is_sum(cells: Sequence[str], positions: Mapping[str, int]) -> bool:
    """A total where an identifier should stand, beside counts alone: no clock start, specialty or status."""
    own = {key: cells[at].strip() for key, at in positions.items() if at < len(cells) and cells[at].strip()}
    identities = [own[key] for key in ("pathway_id", "referral_id", *_PATIENT) if key in own]
    if not any(re.match(_SUM_BEGINS, cell) for cell in identities):
        return False
    if not all(re.match(_SUM_BEGINS, cell) or _are_counts([cell]) for cell in identities):
        return False
    known = return_row(own.get("treatment_function", "").upper()) is not None
    return not (
        known or own.get("rtt_status", "").upper() in STATUSES or _is_date(own.get("clock_start", ""))
    )


def _is_heading(cells: Sequence[str], headings: Sequence[str], positions: Mapping[str, int]) -> bool:
    pairs = [(cells[at], headings[at]) for at in positions.values() if at < len(cells) and cells[at].strip()]
    return len(pairs) >= FEWEST_KNOWN and all(plain(cell) == plain(heading) for cell, heading in pairs)


def _are_counts(cells: Sequence[str]) -> bool:
    return all(re.fullmatch(r"[\d,.]+ ?%?", cell) and len(cell) < 8 for cell in cells)


def _names_a_pathway(cells: Sequence[str], positions: Mapping[str, int], first: str) -> bool:
    """Whether an identifier, a date or a specialty of the return stands in its column."""
    own = {key: cells[at].strip() for key, at in positions.items() if at < len(cells)}
    own = {key: cell for key, cell in own.items() if cell and " ".join(cell.split()) != first}
    if any(key in IDENTITIES for key in own):
        return True
    if "treatment_function" in own and return_row(own["treatment_function"].upper()) is not None:
        return True
    return any(FIELDS[key].kind == "date" and key != "week_ending" and _is_date(own[key]) for key in own)


def _is_date(cell: str) -> bool:
    return dates_of(pl.Series([cell]), DATE_FORMATS).null_count() == 0
