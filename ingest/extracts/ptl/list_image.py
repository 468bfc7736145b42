"""The pathways of an open list as the next list's movement needs them: one image, kept beside their rows.

The image holds some columns of the rows, in Arrow's format and compressed, and nothing that the rows do not
hold; it is read in a fiftieth of their time. One that is missing, damaged or of a library that wrote
otherwise is as good as none: then the rows are read. A list that is older than those of which pathways are
kept has its image alone, until its movements are counted (`ingest.extracts.ptl.retention`).
"""

from __future__ import annotations

import hashlib
import io
from typing import Any

import polars as pl
from sqlalchemy import Connection, select

from ingest.extracts import Facts
from ingest.store.frames import frame
from ingest.store.schema import columns_of, list_image, pathway

LISTED: dict[str, Any] = {
    "token": pl.String,
    "site_code": pl.String,
    "treatment_function": pl.String,
    "stage": pl.String,
    "priority": pl.String,
    "basis": pl.String,
    "clock_start": pl.Date,
    "days_waited": pl.Int32,
    "week_band": pl.Int32,
    "booking_state": pl.String,
    "tci_date": pl.Date,
    "next_appointment": pl.Date,
}
_UNREADABLE = (pl.exceptions.PolarsError, pl.exceptions.PanicException)


def image_of(pathways: pl.DataFrame) -> Facts:
    """The row that keeps the image of these pathways, which have the columns of LISTED."""
    stream = io.BytesIO()
    listed = pathways.select(_values_alone(name, kind) for name, kind in LISTED.items())
    # The newest level writes texts as places in a buffer, and with them whatever else the buffer holds: cells
    # of the file that are kept nowhere.
    listed.write_ipc(stream, compression="zstd", compat_level=pl.CompatLevel.oldest())
    image = stream.getvalue()
    return Facts(columns_of(list_image), [(image, hashlib.sha256(image).hexdigest())])


def _values_alone(name: str, kind: Any) -> pl.Expr:
    """A column with nothing behind its blanks: a cell that was made null is written with what it held."""
    column = pl.col(name).cast(kind)
    nothing = pl.lit("" if kind == pl.String else 0).cast(kind)
    return pl.when(column.is_not_null()).then(column.fill_null(nothing)).alias(name)


def kept_list(connection: Connection, extract_id: int) -> pl.DataFrame | None:
    """The pathways of a list, by LISTED and in any order; None where they are held no longer."""
    found = _from_image(connection, extract_id)
    if found is None:
        chosen = select(*(pathway.c[name] for name in LISTED)).where(pathway.c.extract_id == extract_id)
        found = frame(connection, chosen, LISTED)
    return None if found.is_empty() else found


def _from_image(connection: Connection, extract_id: int) -> pl.DataFrame | None:
    c = list_image.c
    held = connection.execute(select(c.image, c.sha256).where(c.extract_id == extract_id)).first()
    # A reader takes a changed byte for another value: the image is believed only as it was written.
    if held is None or hashlib.sha256(held.image).hexdigest() != held.sha256:
        return None
    try:
        found = pl.read_ipc(held.image)
    except _UNREADABLE:
        return None
    return found if dict(found.schema) == LISTED else None
