"""A list of which a large part does not count is refused: its rest would be shown as the whole.

What a mapping may allow is a share of the rows left out (most_left_out). Rows of lists that are not RTT, and
planned admissions, are declared so by whoever made the file, and are not meant.
"""

from __future__ import annotations

from collections.abc import Sequence

from ingest.extracts.ptl_mapping import TrackingList
from ingest.extracts.ptl_table import Table
from ingest.extracts.ptl_values import LeftOut
from ingest.problems import Problem, Refused, refused_whole
from rtt.wording import number_text, plural, share_text

FEWEST_ROWS = 5  # left out, for a share of a short list to say anything, unless it is more than half
MOST_SET_ASIDE = 0.5  # by a rule that takes off the list what no longer waits, or what repeats a row


def refuse_large_part(table: Table, mapping: TrackingList, left_out: LeftOut) -> None:
    """Raise `Refused`, with the reasons of single rows, where more rows were left out than may be."""
    gone, rows = left_out.total(), table.frame.height
    if gone == rows:
        raise Refused([nobody(table, left_out), *left_out.problems])
    too_many = gone > mapping.most_left_out * rows and gone >= FEWEST_ROWS
    if too_many or gone > max(mapping.most_left_out, 0.5) * rows:
        raise Refused(
            [_whole(table, mapping, gone, "cannot be counted, for the reasons below"), *left_out.problems]
        )


def nobody(table: Table, left_out: LeftOut) -> Problem:
    """The refusal of a list of which no row counts: it would be shown as an empty one."""
    rows = table.frame.height
    sentence = (
        f"{left_out.total():,} of {plural(rows, 'row')} left out, and none that counts. Mend the rows, or "
        "say in a "
        "mapping how the file is written."
    )
    return refused_whole(table.file_name, sentence)


def refuse_set_aside(table: Table, mapping: TrackingList, counts: Sequence[tuple[int, str]]) -> None:
    """Raise `Refused` where one rule takes more than half of the rows off the list: (count, why), in
    words.
    """
    limit = max(mapping.most_left_out, MOST_SET_ASIDE)
    for gone, why in counts:
        if gone > limit * table.frame.height and gone >= FEWEST_ROWS:
            raise Refused([_whole(table, mapping, gone, why)])


def _whole(table: Table, mapping: TrackingList, gone: int, why: str) -> Problem:
    rows = table.frame.height
    sentence = (
        f"{number_text(gone)} of {plural(rows, 'row')} ({share_text(gone / rows)}) {why}. What is left "
        "would be shown "
        "as the whole list, so the file is refused. Mend the file or the mapping; if it is right as it is, "
        "raise "
        f"most_left_out under [list] in the mapping (now {mapping.most_left_out:g})."
    )
    return refused_whole(table.file_name, sentence)
