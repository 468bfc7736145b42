"""The four rules that find a signal on a process control chart, for many series at once.

Each function takes and gives flags (series, time) for one direction; a gap is a False flag, which breaks
every run, and no window crosses from one phase into the next. Limits and centre lines are made in
`rtt.spc.charts`.

Source: NHS Making Data Count, as NHSRplotthedots 0.2.2 counts; two-in-three as changed in November 2023.
"""

from typing import Literal

import numpy as np

from rtt.terms.arrays import Bools, Ints

Rule = Literal["outside", "trend", "two_in_three", "shift"]
RULES: tuple[Rule, ...] = ("outside", "trend", "two_in_three", "shift")
"""In the order in which one of several signals on a point is named first."""


def shift(side: Bools, phases: Ints, *, length: int) -> Bools:
    """`length` or more points in a row on this side of the centre: all of them are flagged."""
    return _spread(_windows(side, length) & _in_one_phase(phases, length), length, side.shape)


def trend(moved: Bools, *, length: int) -> Bools:
    """`length` or more points in a row, each beyond the one before: all of them, the first too.

    moved: this way since the point before, which is known and in the same phase.
    """
    return _spread(_windows(moved[:, 1:], length - 1), length, moved.shape)


def two_in_three(side: Bools, counted: Bools, phases: Ints) -> Bools:
    """Three in a row on one side, two or three of them counted (beyond two sigma): those are flagged."""
    found = _windows(side, 3) & _in_one_phase(phases, 3)
    tally = np.zeros(found.shape, dtype=np.int8)
    for at in range(3):
        tally += counted[:, at : at + found.shape[1]]
    return _spread(found & (tally >= 2), 3, side.shape) & counted


def _windows(flags: Bools, length: int) -> Bools:
    """(series, windows): every flag of the window that starts here is set. No window fits: no columns."""
    fitting = max(flags.shape[1] - length + 1, 0)
    found = np.ones((flags.shape[0], fitting), dtype=np.bool_)
    for at in range(length):
        found &= flags[:, at : at + fitting]
    return found


def _in_one_phase(phases: Ints, length: int) -> Bools:
    fitting = max(phases.shape[1] - length + 1, 0)
    same: Bools = phases[:, :fitting] == phases[:, length - 1 : length - 1 + fitting]
    return same


def _spread(windows: Bools, length: int, shape: tuple[int, ...]) -> Bools:
    flagged = np.zeros(shape, dtype=np.bool_)
    fitting = windows.shape[1]
    for at in range(length if fitting else 0):
        flagged[:, at : at + fitting] |= windows
    return flagged
