"""Invented people: NHS numbers that pass the check digit, names and birth dates that belong to nobody.

The numbers start with 999, a range not issued to patients. They prove that identifiers stop at the door.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

_FIRST = ("Alma", "Bram", "Cleo", "Dorian", "Edda", "Fenn", "Greta", "Hollis", "Ines", "Jory", "Kezia")
_LAST = ("Ashgrove", "Birkwhistle", "Copperfold", "Dunmallow", "Elverstone", "Fernacre", "Grimsdyke")
_WEIGHTS = np.arange(10, 1, -1)
_FIRST_NUMBER = 999_000_000
_PEOPLE = 900_000


def nhs_numbers(person: NDArray[np.integer]) -> NDArray[np.int64]:
    """A valid ten-digit number for each person, equal persons having equal numbers."""
    valid, check = _valid()
    # A stride prime to the count spreads neighbours over the range.
    place = (person.astype(np.int64) * 104_729) % len(valid)
    return valid[place] * 10 + check[place]


def check_digits(nine: NDArray[np.int64]) -> NDArray[np.int64]:
    """The modulus 11 digit of nine-digit numbers; 10 where no valid number begins so."""
    digits = nine[:, None] // 10 ** np.arange(8, -1, -1) % 10
    return np.asarray((11 - (digits * _WEIGHTS).sum(axis=1) % 11) % 11)


def _valid() -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    nine = np.arange(_FIRST_NUMBER, _FIRST_NUMBER + _PEOPLE)
    check = check_digits(nine)
    return nine[check < 10], check[check < 10]


def people(person: NDArray[np.integer], *, seed: int) -> pl.DataFrame:
    """One row per entry of `person`: the columns of a list that name or describe a patient."""
    ages = np.random.default_rng([seed, 5, 0])
    known = int(person.max(initial=0)) + 1
    age_days = (365.25 * np.clip(ages.normal(56, 21, known), 0.2, 101)).astype(int)
    born = (20_300 - age_days).astype(np.int32)[person]
    first, last = np.array(_FIRST)[person % len(_FIRST)], np.array(_LAST)[person // len(_FIRST) % len(_LAST)]
    return pl.DataFrame(
        {
            "NHS_NUMBER": nhs_numbers(person).astype(str),
            "PATIENT_NAME": np.char.add(np.char.add(first, " "), last),
            "LOCAL_PATIENT_IDENTIFIER": np.char.add("TH", (3_000_000 + person).astype(str)),
            "PERSON_BIRTH_DATE": pl.Series(born).cast(pl.Date),
        }
    )
