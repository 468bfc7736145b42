"""Lists and their rates as they are kept beside a plan, and figures of plans as rows: shapes in, plain values
out.
"""

from collections.abc import Sequence

import numpy as np

from rtt.planning.needs import HALF_LIVES, Lists
from rtt.planning.rates import Rates
from rtt.terms.arrays import Floats
from rtt.terms.waits import BANDS

_OF_A_HALF_LIFE = 2 * BANDS + 2


def packed(waiting: Floats, rates: Sequence[Rates]) -> list[bytes]:
    """Each list (units, 105) and its rates, as one value of the column `flows`."""
    parts = [waiting]
    for of in rates:
        parts += [of.treated, of.removed, of.starts[:, None], of.stops[:, None]]
    together = np.concatenate(parts, axis=1)
    return [row.astype("<f8").tobytes() for row in together]


def unpacked(kept: Sequence[bytes]) -> Lists:
    """Lists as they were packed, in their order."""
    width = BANDS + len(HALF_LIVES) * _OF_A_HALF_LIFE
    together = np.frombuffer(b"".join(kept), dtype="<f8").reshape(len(kept), width)
    rates = []
    for at in range(len(HALF_LIVES)):
        own = together[:, BANDS + at * _OF_A_HALF_LIFE :][:, :_OF_A_HALF_LIFE]
        rates.append(Rates(own[:, :BANDS], own[:, BANDS : 2 * BANDS], own[:, -2], own[:, -1]))
    return Lists(together[:, :BANDS], tuple(rates))


def plain(values: Floats) -> list[float | None]:
    """Numbers as a database takes them: nan and infinity are none."""
    return [float(each) if np.isfinite(each) else None for each in values]
