"""What a trust's system holds of every pathway from the day it is registered: who, from where, for what.

Nothing here changes from week to week; what happens to the pathway is in `sample_data.contacts`.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sample_data import places
from sample_data.blemishes import unknown_start
from sample_data.pathways import Simulation
from sample_data.people import people
from sample_data.profile import FUNCTIONS

Numbers = NDArray[np.int64]

# The return says NONC; a trust's own list holds the true code, here that of no real Welsh health board.
_PAYERS = [*(c.code for c in places.COMMISSIONERS[: places.NON_ENGLISH]), "7A9"]
# One pathway in six belongs to somebody referred some days before, one of up to so many pathways ago: England
# has 0.846 patients to an open pathway.
_SECOND_PATHWAY, _EARLIER = 6, 300


def persons(pathways: int) -> Numbers:
    """Whose each pathway of a trust is, in the order they were registered."""
    order = np.arange(pathways)
    second = (order % _SECOND_PATHWAY == 0) & (order > _EARLIER)
    return np.where(second, order - 1 - order * 31 % _EARLIER, order)


def registrations(truth: Simulation, number: Numbers, *, seed: int) -> pl.DataFrame:
    """One row for each numbered pathway (all of one trust's): what never changes in the weekly files."""
    trust = truth.referrals.trust[number]
    electronic = number * 7919 % 10 < 6
    booking = np.char.mod("%012d", 100_000_000_000 + number * 7_919)
    start = pl.Series(truth.referrals.start[number]).cast(pl.Date)
    known = pl.Series(~unknown_start(truth)[number])
    return (
        people(persons(len(number)), seed=seed)
        .with_columns(
            **_received(truth, number),
            REFERRAL_TO_TREATMENT_PERIOD_START_DATE=pl.when(known).then(start),
            Referral_Identifier=pl.Series(np.char.mod("RF%08d", number)),
            PATIENT_PATHWAY_IDENTIFIER=pl.Series(
                np.where(electronic, np.char.zfill(booking, 20), np.char.mod("TH%012d", number * 3 + 1))
            ),
            ORGANISATION_CODE_PATIENT_PATHWAY_IDENTIFIER_ISSUER=pl.Series(
                np.where(electronic, "X09", np.array([t.code for t in truth.trusts])[trust])
            ),
            UNIQUE_BOOKING_REFERENCE_NUMBER=pl.Series(np.where(electronic, booking, "")),
            SOURCE_OF_REFERRAL=pl.Series(
                np.where(electronic, "03", np.array(["05", "92", "97"])[number % 3])
            ),
            PRIORITY_TYPE_CODE=pl.Series(truth.referrals.priority[number].astype(str)),
            **_service(truth, number),
        )
        .with_columns(Source_Of_Referral_For_OutPatients=pl.col("SOURCE_OF_REFERRAL"))
    )


def _received(truth: Simulation, number: Numbers) -> dict[str, pl.Series]:
    """A transferred patient was referred elsewhere first: the request is received after the clock started."""
    transferred = number % 29 == 5
    start = truth.referrals.start[number]
    received = start + np.where(transferred, 5 + number % 60, 0)
    return {
        "REFERRAL_REQUEST_RECEIVED_DATE": pl.Series(received.astype(np.int32)).cast(pl.Date),
        "ORIGINAL_REFERRAL_REQUEST_RECEIVED_DATE": pl.Series(start).cast(pl.Date),
        "ORGANISATION_IDENTIFIER_REFERRING_ORGANISATION": pl.Series(np.where(transferred, "R9B", "")),
    }


def _service(truth: Simulation, number: Numbers) -> dict[str, pl.Series]:
    who = truth.referrals
    trust, function = who.trust[number], who.function[number]
    widest = max(len(f.codes) for f in FUNCTIONS)
    codes = np.array([[*f.codes, *[""] * (widest - len(f.codes))] for f in FUNCTIONS])[
        function, who.variant[number]
    ]
    most = max(len(t.sites) for t in truth.trusts)
    sites = np.array([[*t.sites, *[""] * (most - len(t.sites))] for t in truth.trusts])[
        trust, who.site[number]
    ]
    consultant = 1_000_000 + function * 97 + number % 9
    return {
        "ORGANISATION_IDENTIFIER_CODE_OF_PROVIDER": pl.Series(
            np.array([t.code for t in truth.trusts])[trust]
        ),
        "ORGANISATION_SITE_IDENTIFIER_OF_TREATMENT": pl.Series(sites),
        "MAIN_SPECIALTY_CODE": pl.Series(codes),
        "ACTIVITY_TREATMENT_FUNCTION_CODE": pl.Series(codes),
        "CONSULTANT_CODE": pl.Series(np.char.mod("C%07d", consultant)),
        "ORGANISATION_IDENTIFIER_CODE_OF_COMMISSIONER": pl.Series(
            np.array(_PAYERS)[who.commissioner[number]]
        ),
    }
