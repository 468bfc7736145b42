#!/bin/sh
# polars 2.1.0: a cell that an expression made null is null to every reader of the Arrow file, and stands in it.
#
# A list is often cleaned with pl.when(rule).then(column), which leaves null where the rule fails: a birth date in the
# column of appointments, a name in the column of sites. write_ipc writes the buffer of values as it is behind
# the nulls, at the newest and at the oldest compatibility level, so the file that is handed on or kept holds what was
# taken out. write_parquet writes the values of cells that are not null alone. fill_null before the column is
# made null again (pl.when(keep).then(column.fill_null(""))) leaves nothing behind.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check polars==2.1.0
"$folder/venv/bin/python" - <<'PYTHON'
import io
import sys

import polars as pl

sites = ["Ward 4, main building", "a patient's name, by mistake", "Outpatients, second floor"]
listed = pl.DataFrame({"site": sites})
keep = pl.Series([True, False, True])


def holds(frame, write):
    file = io.BytesIO()
    write(frame, file)
    return b"by mistake" in file.getvalue()


def arrow(level):
    return lambda frame, file: frame.write_ipc(file, compat_level=level)


cleaned = listed.select(pl.when(keep).then(pl.col("site")))
filled = listed.select(pl.when(keep).then(pl.when(keep).then(pl.col("site")).fill_null("")))
found = {
    "Arrow, newest level": holds(cleaned, arrow(pl.CompatLevel.newest())),
    "Arrow, oldest level": holds(cleaned, arrow(pl.CompatLevel.oldest())),
    "Parquet": holds(cleaned, lambda frame, file: frame.write_parquet(file, compression="uncompressed")),
    "Arrow, filled first": holds(filled, arrow(pl.CompatLevel.oldest())),
}
print(f"polars {pl.__version__}: null to a reader: {cleaned['site'].is_null().to_list()}")
for kind, held in found.items():
    print(f"  the text in the file, {kind}: {held}")
sys.exit(list(found.values()) != [True, True, False, False])
PYTHON
