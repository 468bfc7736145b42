"""What identifies a pathway from week to week, and the token made of it.

The issuer with the pathway identifier, for validation corrects clock starts and referral numbers but not
these; without one the referral; without that the patient with specialty and clock start. A second open period
of one pathway takes its referral and clock start in as well. The identities exist in memory only.
"""

import polars as pl

from ingest.extracts.ptl.fields import IDENTITIES
from ingest.extracts.ptl.tokens import tokens_of

# A character that no identifier holds keeps "AB" + "C" from "A" + "BC".
_BETWEEN = "\x1f"


def with_tokens(rows: pl.DataFrame, key: bytes, *, census_date: object) -> pl.DataFrame:
    """The rows with `token` and `no_identity`, and without the identifiers.

    A row that nothing identifies gets a token of its own, good for this snapshot alone.
    """
    rows = with_identity(rows)
    identity = pl.col("identity")
    # Status 11 and 12 open a new period on the same pathway identifier while the old one may still stand.
    again = pl.lit(False)
    # To number the rows of each identity takes as long as all the rest, and few lists have one twice.
    if rows["identity"].drop_nulls().is_duplicated().any():
        again = pl.int_range(pl.len()).over("identity", order_by=["clock_start", "referral", "row"]) > 0
    full = pl.concat_str(
        [identity, pl.col("referral"), pl.col("clock_start").cast(pl.String).fill_null("")],
        separator=_BETWEEN,
    )
    alone = pl.concat_str([pl.lit(f"row{_BETWEEN}{census_date}"), pl.col("row")], separator=_BETWEEN)
    known = rows.with_columns(
        no_identity=identity.is_null(),
        identity=pl.when(identity.is_null()).then(alone).when(again).then(full).otherwise(identity),
    )
    tokens = pl.Series("token", tokens_of(known["identity"], key), dtype=pl.String)
    return known.with_columns(tokens).drop("identity", "referral", *_present(rows, IDENTITIES))


def with_identity(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with `identity` (null: nothing identifies it) and `referral` ("" for none)."""
    issuer = _text(rows, "issuer").fill_null("")
    patient = pl.coalesce(_text(rows, "nhs_number"), _text(rows, "local_patient_id"))
    identity = pl.coalesce(
        _joined("pathway", issuer, _text(rows, "pathway_id")),
        _joined("referral", issuer, _text(rows, "referral_id")),
        _joined("patient", patient, pl.col("treatment_function"), pl.col("clock_start").cast(pl.String)),
    )
    return rows.with_columns(identity=identity, referral=_text(rows, "referral_id").fill_null(""))


def _joined(kind: str, *parts: pl.Expr) -> pl.Expr:
    # Null as soon as one part is missing, so that the next way of identifying is tried.
    return pl.concat_str([pl.lit(kind), *parts], separator=_BETWEEN)


def _text(rows: pl.DataFrame, field: str) -> pl.Expr:
    return pl.col(field) if field in rows.columns else pl.lit(None, dtype=pl.String)


def _present(rows: pl.DataFrame, fields: tuple[str, ...]) -> list[str]:
    return [field for field in fields if field in rows.columns]
