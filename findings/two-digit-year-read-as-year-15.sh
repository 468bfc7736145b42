#!/bin/sh
# polars 2.1.0: the format %Y-%m-%d reads "15-11-26", the 15th of November 2026 of many hospital systems, as the
# 26th of November of the year 15, and strict=False does not make it null; "%d-%b-%Y" reads "15-NOV-26" as a day
# of the year 26. A column tried format after format, with coalesce, therefore never reaches the format that
# fits (%d-%m-%y), and every wait of the list becomes two thousand years.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check polars==2.1.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import polars as pl

told = []
for text, first, fits in (("15-11-26", "%Y-%m-%d", "%d-%m-%y"), ("15-NOV-26", "%d-%b-%Y", "%d-%b-%y")):
    column = pl.Series("date", [text])
    read = pl.DataFrame(column).select(
        pl.coalesce(pl.col("date").str.to_date(each, strict=False) for each in (first, fits)).dt.to_string("%Y-%m-%d")
    )
    told.append(read.item())
    print(f"polars {pl.__version__}: {text} by {first}, then {fits}: {told[-1]}")
sys.exit(told != ["0015-11-26", "0026-11-15"])
PYTHON
