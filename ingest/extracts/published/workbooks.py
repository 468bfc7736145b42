"""Published files that are not read, recognised so that a refusal can say what they are.

The summaries of the Waiting List Minimum Data Set, demographics, and workbooks by provider or commissioner in
a layout that `tables` does not know. The full extract holds their sums by row.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence

from ingest.files.archives import Content

_SHEETS_LOOKED_AT, _ROWS_LOOKED_AT = 6, 20
# Words of the publisher: of a trust's own workbook nothing is ever repeated.
_PUBLISHER = re.compile(
    r"england\.rtt@nhs\.net|unify2@|rtt data collection|nhs england|department of health|nhs commissioning "
    r"board"
)
_SUBJECT = re.compile(r"referral to treatment|\brtt\b|18 weeks|waiting list minimum data ?set|\bwlmds\b")
_LABELS = ("title", "period", "basis")


def what_it_is(content: Content) -> str | None:
    """The sentence that names a published file that is not read; None for anything else."""
    rows = [[_text(cell) for cell in row] for row in _rows(content)]
    words = " ".join(cell for row in rows for cell in row).lower()
    if not (_PUBLISHER.search(words) and _SUBJECT.search(words)):
        return None
    said = dict(_labelled(rows))
    title = said.get("title", "Referral to Treatment (RTT) waiting times")
    details = [said[label] for label in ("period", "basis") if label in said]
    details[1:] = [f"by {basis.lower()}" for basis in details[1:]] if "basis" in said else details[1:]
    more = f" ({', '.join(details)})" if details else ""
    # Saved as csv a table has lost its sheets and the numbers behind its formats.
    way = "" if content.is_workbook else "the workbook as it was downloaded, or "
    return (
        f"This is a published file of sums, “{title}”{more}, which is not read: load {way}the monthly full "
        "extract of the same month, where there is one: it holds the same figures by provider, commissioner "
        "and treatment function."
    )


def _labelled(rows: Sequence[Sequence[str]]) -> Iterator[tuple[str, str]]:
    """ "Title:" with its text in the same cell or the next."""
    for row in reversed(rows):
        filled = [cell for cell in row if cell]
        label, mark, rest = filled[0].partition(":") if filled else ("", "", "")
        text = rest.strip() or (filled[1] if len(filled) > 1 else "")
        if mark and label.strip().lower() in _LABELS and text:
            yield label.strip().lower(), text[:100]


def _rows(content: Content) -> Iterator[Sequence[object]]:
    if not content.is_workbook:
        yield from csv.reader(io.StringIO("\n".join(content.head().splitlines()[:_ROWS_LOOKED_AT])))
        return
    from python_calamine import CalamineError, load_workbook

    try:
        workbook = load_workbook(io.BytesIO(content.data))
        for name in workbook.sheet_names[:_SHEETS_LOOKED_AT]:
            yield from workbook.get_sheet_by_name(name).to_python(nrows=_ROWS_LOOKED_AT)
    except (CalamineError, OSError, ValueError, IndexError):
        return


def _text(cell: object) -> str:
    return " ".join(str(cell).split())
