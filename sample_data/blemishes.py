"""The faults of real files, planted on purpose, so that a test can say exactly what each one did.

Which pathway or week has which fault depends on its number alone, so every build has the same.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sample_data.pathways import Simulation

Flags = NDArray[np.bool_]

# Extra rows on each open list that are no RTT pathway: other lists, and planned admissions.
NOT_RTT = (("ONON", 14), ("INON", 9))
PLANNED = 12


@dataclass(frozen=True, slots=True)
class Planted:
    """How many rows of one open list carry each fault.

    Only `missing_clock_start` lowers the banded counts; `duplicate`, `not_rtt`, `planned`,
    `already_stopped` and `shifted` are rows too many; the others change no count.
    """

    missing_clock_start: int
    duplicate: int
    not_rtt: int
    planned: int
    already_stopped: int
    shifted: int
    status_99: int
    tci_in_past: int
    not_english: int


def unknown_start(truth: Simulation) -> Flags:
    """Pathways whose clock start nobody recorded: about one in 1,500."""
    return _every(len(truth.stop), 1499)


def status_unknown(truth: Simulation) -> Flags:
    """Pathways whose status stays 99, not yet known: about one in 150."""
    return _every(len(truth.stop), 151)


def stale_admission(truth: Simulation) -> Flags:
    """Pathways whose cancelled admission date is left on the list until a new one is made: about one in 3."""
    return _every(len(truth.stop), 3)


def duplicates(week: int) -> int:
    """How many rows of that week's list stand in it twice."""
    return (0, 2, 0, 0, 1)[week % 5]


def already_stopped(week: int) -> int:
    """How many of the week's reported stops are still on the list, with the status that stopped them."""
    return 3 if week % 4 == 0 else 1


def shifted(week: int) -> int:
    """Rows of that week's list in which every cell slid one column to the right."""
    return int(week % 13 == 0)


@lru_cache(maxsize=16)
def _every(pathways: int, one_in: int) -> Flags:
    numbers = np.arange(pathways, dtype=np.int64)
    flags: Flags = (numbers * 2_654_435_761 % 2**32) % one_in == 0
    flags.flags.writeable = False
    return flags
