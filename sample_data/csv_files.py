"""How the csv files of the sample are written: as the publishers do, CRLF and quotes only where needed."""

from pathlib import Path

import polars as pl


def write_csv(frame: pl.DataFrame, path: Path) -> None:
    """Write the frame; nulls are empty cells, dates CCYY-MM-DD."""
    frame.write_csv(path, line_terminator="\r\n", quote_style="necessary")


def in_order(frame: pl.DataFrame, order: tuple[str, ...]) -> pl.DataFrame:
    """The columns of the data set in its order; those the trust does not fill are empty."""
    texts = [name for name in frame.columns if frame.schema[name] == pl.String]
    filled = frame.with_columns(pl.col(name).replace("", None) for name in texts)
    missing = [pl.lit(None, pl.String).alias(name) for name in order if name not in frame.columns]
    return filled.with_columns(missing).select(order)
