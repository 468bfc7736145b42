"""Small numbers in a table with its totals: whoever subtracts finds no count of 1 to 7."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from rtt.small_tables import withheld_in_columns, withheld_in_table

PARTS = arrays(
    np.int64,
    array_shapes(min_dims=2, max_dims=2, max_side=6),
    elements=st.sampled_from([0, 1, 2, 7, 8, 9, 40, 300]),
)


def with_totals(parts: np.ndarray) -> np.ndarray:
    rows = np.column_stack([parts, parts.sum(axis=1)])
    return np.vstack([rows, rows.sum(axis=0)])


@given(PARTS)
def test_no_line_has_a_single_hidden_cell_that_another_could_join(parts):
    table = with_totals(parts)
    hidden = withheld_in_table(table)

    for values, gone in [*zip(table, hidden, strict=True), *zip(table.T, hidden.T, strict=True)]:
        if gone.sum() == 1:
            # Nobody else is in the line: its total is the hidden count itself, and is hidden with it.
            assert (values[~gone] == 0).all()


@given(PARTS)
def test_small_counts_are_hidden_and_zeros_are_shown(parts):
    table = with_totals(parts)
    hidden = withheld_in_table(table)

    assert hidden[(table > 0) & (table < 8)].all()
    assert not hidden[table == 0].any()


def test_a_table_without_small_numbers_is_shown_whole():
    assert not withheld_in_table(with_totals(np.array([[8, 20], [0, 9]]))).any()


@given(PARTS)
def test_columns_at_once_are_each_judged_by_itself(parts):
    columns = np.vstack([parts, parts.sum(axis=0)])
    one_by_one = [withheld_in_table(column[:, None])[:, 0] for column in columns.T]

    assert withheld_in_columns(columns).T.tolist() == [hidden.tolist() for hidden in one_by_one]


def test_another_reason_hides_a_second_cell_too():
    table = np.array([[20], [30], [50]])
    also = np.array([[True], [False], [False]])

    assert withheld_in_table(table, also).tolist() == [[True], [True], [False]]
