"""How the csv files of the sample are written: as the publishers do, CRLF and quotes only where needed."""

from pathlib import Path

import polars as pl


def write_csv(frame: pl.DataFrame, path: Path) -> None:
    """Write the frame; nulls and empty texts are empty cells, dates CCYY-MM-DD."""
    filled = frame.with_columns(pl.col(pl.String).replace("", None))
    filled.write_csv(path, line_terminator="\r\n", quote_style="necessary")


def in_order(frame: pl.DataFrame, order: tuple[str, ...]) -> pl.DataFrame:
    """The columns of the data set in its order; those the trust does not fill are empty."""
    return frame.select(
        name if name in frame.columns else pl.lit(None, pl.String).alias(name) for name in order
    )
