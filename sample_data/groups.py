"""Which groups the invented people belong to: deprivation of their area, ethnic group and sex.

Drawn from random numbers of their own, so that nothing else of the sample depends on them. Shares are
near those of the 2021 census of England; a few are not known, as on a real list.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sample_data import places
from sample_data.pathways import Simulation
from sample_data.profile import FUNCTIONS

Numbers = NDArray[np.int64]

DEPRIVATION, ETHNIC_GROUP, SEX = "IMD_DECILE", "ETHNIC_CATEGORY", "PERSON_STATED_GENDER_CODE"
MAPPING = f"""# The columns of the sample's lists that are kept only if a mapping names them.
[columns]
deprivation = "{DEPRIVATION}"
ethnicity = "{ETHNIC_GROUP}"
sex = "{SEX}"
"""

LONG_DAYS = 126
"""Deprivation leans on whether a pathway waits longer than this: the real gap of the sample."""
WEEKS_AHEAD = LONG_DAYS // 7 + 1
"""How far past its last day a simulation must have been run, for that to be known of every pathway."""
_LONG, _SHORT = 1.3, 0.86
# Above 1: more patients from deprived areas than the trust's usual.
_USUAL = 1.15
_LEANING = {
    "C_110": 1.4,
    "C_140": 1.4,
    "C_100": 1.2,
    "C_120": 1.15,
    "X03": 1.3,
    "C_130": 0.8,
    "C_330": 0.8,
    "C_430": 0.8,
}
_NO_DECILE = 0.015
_ETHNIC_SHARES = dict(
    zip(
        ("A", "B", "C", "D", "E", "F", "G", "H", "J", "K", "L", "M", "N", "P", "R", "S", "Z", "99"),
        (660, 10, 50, 6, 4, 6, 6, 50, 40, 15, 20, 8, 30, 5, 8, 20, 50, 12),
        strict=True,
    )
)
_MALE = {"C_502": 0.0, "C_101": 0.72, "C_410": 0.32}
_MALE_ELSEWHERE = 0.49
_SEX_NOT_KNOWN, _INDETERMINATE = 0.008, 0.002


def groups(ahead: Simulation, number: Numbers, person: Numbers, *, seed: int) -> pl.DataFrame:
    """One row for each numbered pathway (all of one trust's, in order), with the columns named above.

    `ahead` has been run for WEEKS_AHEAD weeks past the last pathway's start that is written: a person's group
    must be the same in every file, whatever day the sample ends on.
    """
    known = int(person.max(initial=-1)) + 1
    deprived, ethnic, sexes, gaps = (
        np.random.default_rng([seed, 6, column]).random(known) for column in range(4)
    )
    first = np.full(known, len(person))
    np.minimum.at(first, person, np.arange(len(person)))
    first = number[first[person]]  # of the same person, for every pathway
    function, stop, start = (
        each[first] for each in (ahead.referrals.function, ahead.stop, ahead.referrals.start)
    )
    long = stop - start > LONG_DAYS
    leaning = _USUAL * _by_function(_LEANING, 1.0)[function] * np.where(long, _LONG, _SHORT)
    decile = 1 + (10 * deprived[person] ** leaning).astype(int)
    # An index of England says nothing of those who live elsewhere.
    abroad = ahead.referrals.commissioner[number] == places.NON_ENGLISH
    codes, shares = list(_ETHNIC_SHARES), np.array(list(_ETHNIC_SHARES.values()))
    ethnic_code = np.array(codes)[np.searchsorted(shares.cumsum() / shares.sum(), ethnic, side="right")]
    return pl.DataFrame(
        {
            DEPRIVATION: np.where(abroad | (gaps[person] < _NO_DECILE), "", decile.astype(str)),
            ETHNIC_GROUP: ethnic_code[person],
            SEX: _sex(ahead, number, person, sexes)[person],
        }
    )


def _sex(
    ahead: Simulation, number: Numbers, person: Numbers, chance: NDArray[np.float64]
) -> NDArray[np.str_]:
    """A code for each person: nobody with a pathway in gynaecology is a man."""
    likely = np.full(len(chance), 1.0)
    np.minimum.at(likely, person, _by_function(_MALE, _MALE_ELSEWHERE)[ahead.referrals.function[number]])
    ends = [likely, np.full(len(chance), 1 - _SEX_NOT_KNOWN - _INDETERMINATE)]
    ends.append(ends[-1] + _INDETERMINATE)
    return np.select([chance < end for end in ends], ["1", "2", "9"], "X")


def _by_function(said: dict[str, float], otherwise: float) -> NDArray[np.float64]:
    return np.array([said.get(function.row, otherwise) for function in FUNCTIONS])
