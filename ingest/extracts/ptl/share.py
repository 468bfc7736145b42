"""A list of which a large part does not count is refused: its rest would be shown as the whole.

What a mapping may allow is a share of the rows left out (most_left_out). Rows of lists that are not RTT, and
planned admissions, are declared so by whoever made the file, and are not meant.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.extracts.ptl.mapping import TrackingList
from ingest.extracts.ptl.table import Table
from ingest.extracts.ptl.values import LeftOut
from ingest.files.problems import Problem, Refused, refused_whole
from rtt.terms.wording import number_text, plural, share_text

# Of a short list a few rows are a large share: (at least so many rows, above this share) is a large part too.
_LARGE_PARTS = ((10, 0.0), (5, 0.25), (1, 0.5))
FEWEST_ROWS = 5  # taken off by one rule, for a share to say anything
MOST_SET_ASIDE = 0.5  # by a rule that takes off the list what no longer waits, or what repeats a row


def refuse_large_part(table: Table, mapping: TrackingList, left_out: LeftOut) -> None:
    """Raise `Refused`, with the reasons of single rows, where more rows were left out than may be."""
    gone, rows = left_out.total(), table.frame.height
    if gone == rows:
        raise Refused([nobody(table, left_out), *left_out.problems])
    allowed = mapping.most_left_out
    if any(gone >= fewest and gone > max(share, allowed) * rows for fewest, share in _LARGE_PARTS):
        why = "cannot be counted, for the reasons below"
        raise Refused([_whole(table, mapping, gone, why), *left_out.problems])


def nobody(table: Table, left_out: LeftOut) -> Problem:
    """The refusal of a list of which no row counts: it would be shown as an empty one."""
    rows = table.frame.height
    sentence = (
        f"{left_out.total():,} of {plural(rows, 'row')} left out, and none that counts. Mend the rows, or "
        "say in a mapping how the file is written."
    )
    return refused_whole(table.file_name, sentence)


def refuse_set_aside(table: Table, mapping: TrackingList, counts: Sequence[tuple[int, str]]) -> None:
    """Raise `Refused` where one rule takes over half of the rows off the list; `counts`: (rows, why)."""
    limit = max(mapping.most_left_out, MOST_SET_ASIDE)
    for gone, why in counts:
        if gone > limit * table.frame.height and gone >= FEWEST_ROWS:
            raise Refused([_whole(table, mapping, gone, why)])


def _whole(table: Table, mapping: TrackingList, gone: int, why: str) -> Problem:
    rows = table.frame.height
    sentence = (
        f"{number_text(gone)} of {plural(rows, 'row')} ({share_text(gone / rows)}) {why}. What is left would "
        "be shown as the whole list, so the file is refused. Mend the file or the mapping; if it is right "
        f"as it is, raise most_left_out under [list] in the mapping (now {mapping.most_left_out:g})."
    )
    return refused_whole(table.file_name, sentence)
